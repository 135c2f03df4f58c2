/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the next anchor is due. Pure: who asks says what time it is, in
 * nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef FG_ANCHOR_DUE_H
#define FG_ANCHOR_DUE_H

#include <stdbool.h>
#include <stdint.h>

#define ANCHOR_RECORDS	64u	/* without: then soon, ... */
#define ANCHOR_SOON_MS	100	/* ... when their logins are answered, ... */
#define ANCHOR_GAP_MS	1000	/* ... not more often than this, */
#define ANCHOR_MS	60000	/* and anyway after this */
#define ANCHOR_LATE_MS	300000	/* something is wrong */

/* All zero at the start. */
struct anchor_due {
	uint64_t	 head;		/* the last record */
	uint64_t	 made;		/* the last that had an anchor ... */
	uint64_t	 kept;		/* ... which is where it should be */
	int64_t		 new_ns;	/* the first record after .made, ... */
	int64_t		 many_ns;	/* ... the last that soon takes, ... */
	int64_t		 unkept_ns;	/* ... after .kept; 0: none */
	int64_t		 tried_ns;	/* 0: never */
	bool		 failing;	/* none could be made then */
};

/* Record seq was written. */
void	anchor_due_record(struct anchor_due *due, uint64_t seq, int64_t now_ns);

/*
 * One was tried: of record seq, or of none (0) if none could be made; kept if
 * it is everywhere where it should be.
 */
void	anchor_due_tried(struct anchor_due *due, uint64_t seq, bool kept,
	    int64_t now_ns);

/* In how many milliseconds the next one is due; -1: when there is a record. */
int64_t	anchor_due_ms(const struct anchor_due *due, int64_t now_ns);

/* Is there a record that should have had one long since? */
bool	anchor_due_late(const struct anchor_due *due, int64_t now_ns);

#endif
