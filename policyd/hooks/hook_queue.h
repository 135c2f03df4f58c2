/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of one class that wait for its program, and how often that one
 * may be run: whoever can cause events cannot make more of them than people
 * read, nor keep those of others from them. Each class has its own queue and
 * its own number of runs, so that none starves another.
 *
 * Of a class that gathers, one event of a source waits and stands for all of
 * it; where there are more sources than find room, one stands for several, and
 * of the lowest rank for all of them where there are more than may be told now.
 * Nothing is left out.
 *
 * Of others one of a person waits, the newest, or of a session that is open,
 * and one whose time is over is not told. Where there is no room, those of a
 * person who has several go first. What is left out is counted, but for an
 * anchor that a later one covers.
 */
#ifndef FG_HOOK_QUEUE_H
#define FG_HOOK_QUEUE_H

#include <stdint.h>
#include <sys/queue.h>

#include "policyd/hooks/hook_event.h"

#define HOOK_WAITING_MAX  32u	/* then two become one, or one is left out */
#define HOOK_A_MINUTE	  10u	/* runs, where nothing else is said */
#define HOOK_A_MINUTE_MAX 600u

TAILQ_HEAD(hook_list, hook_event);

struct hook_queue {
	struct hook_list waiting;	/* the oldest first */
	unsigned int	 n;
	unsigned int	 lost;		/* since the last that was taken */
	unsigned int	 burst;		/* runs one after the other, ... */
	int64_t		 every_ms;	/* ... and then one each so long */
	unsigned int	 runs;		/* that may be had now */
	int64_t		 counted_ms;	/* when .runs was right */
};

/*
 * So that there are never more than a_minute runs, 1 to HOOK_A_MINUTE_MAX, in
 * any 60 seconds. All times are CLOCK_MONOTONIC, in milliseconds.
 */
void	hook_queue_init(struct hook_queue *queue, unsigned int a_minute,
	    int64_t now_ms);
void	hook_queue_done(struct hook_queue *queue);

/* How many events those that wait stand for. */
uint64_t hook_queue_events(const struct hook_queue *queue);

/* Takes the event. */
void	hook_queue_put(struct hook_queue *queue, struct hook_event *event);

/*
 * The oldest that is worth telling, which is the caller's then, and how many
 * were left out before it; NULL if none waits or none may be run yet.
 * hook_queue_wait_ms() tells when it may: 0 now, -1 with nothing that waits.
 */
struct hook_event *hook_queue_take(struct hook_queue *queue, int64_t now_ms,
	    unsigned int *ret_lost);
int64_t	hook_queue_wait_ms(struct hook_queue *queue, int64_t now_ms);

#endif
