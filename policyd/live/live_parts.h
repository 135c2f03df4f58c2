/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of policyd/live share; nobody else includes this.
 */
#ifndef FG_LIVE_PARTS_H
#define FG_LIVE_PARTS_H

#include <stdbool.h>
#include <sys/queue.h>

#include "policyd/live/live.h"
#include "policyd/live/live_known.h"

LIST_HEAD(live_ending_list, live_ending);

#define LIVE_SECOND_MS	1000

struct live {
	struct daemon	*daemon;
	int64_t		 second_ms;	/* shorter in tests: all waits are */
	struct loop_timer *tick;	/* the next look */
	int64_t		 tick_ns;	/* when, by loop_now_ns() */
	struct loop_timer *step;	/* the next sessions to be told of it */
	bool		 soon;		/* .tick does not wait: a device came */
	uint64_t	 came;		/* the last picture; 0: none came */
	uint64_t	 came_opened;	/* the last session by then */
	struct live_memory memory;	/* up to the one that is told of */
	uint64_t	 opened;	/* the last session when that came */
	struct session_cursor cursor;
	bool		 walking;
	bool		 unsynced;	/* a record has to be on the disk */
	struct live_ending_list endings;
	struct loop_timer *end;		/* the next try of those that wait */
	bool		 end_waits;	/* and it is set */
};

/* live_tell.c: what is fresh, as far as this session does not know of it. */
void		 live_tell(struct live *live, const struct store_session *s,
		    uint64_t number);
/* Whose record or event it is. */
void		 live_set_session(struct json *json,
		    const struct store_session *s);

/* live_end.c: end this session, in turns of the loop to come. */
void		 live_end(struct live *live, const struct store_session *s);
/* The timer's .end; arg is the live. */
void		 live_end_again(void *arg);
/* All of them stay as they are. */
void		 live_end_forget(struct live *live);

#endif
