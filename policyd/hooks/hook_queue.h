/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of one class that wait for its program, and how often that one
 * may be run: whoever can cause events cannot make more of them than people
 * read, nor keep those of others from them. One of a person waits, the newest;
 * one whose time is over is not told. What is left out is counted, but for an
 * anchor that a later one covers.
 */
#ifndef FG_HOOK_QUEUE_H
#define FG_HOOK_QUEUE_H

#include <stdint.h>
#include <sys/queue.h>

#include "policyd/hooks/hook_event.h"

#define HOOK_WAITING_MAX 32u	/* then the oldest is left out */
#define HOOK_BURST	 10u	/* runs one after the other, ... */
#define HOOK_EVERY_MS	 6000	/* ... and then one each so long */

TAILQ_HEAD(hook_list, hook_event);

struct hook_queue {
	struct hook_list waiting;	/* the oldest first */
	unsigned int	 n;
	unsigned int	 lost;		/* since the last that was taken */
	unsigned int	 runs;		/* that may be had now */
	int64_t		 counted_ms;	/* when .runs was right */
};

/* All times are CLOCK_MONOTONIC, in milliseconds. */
void	hook_queue_init(struct hook_queue *queue, int64_t now_ms);
void	hook_queue_done(struct hook_queue *queue);

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
