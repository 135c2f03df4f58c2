/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The history is kept as long as the configuration says. What is older goes a
 * little at a time, so that no login waits for it, and by no clock that is in
 * doubt: what is gone does not come back when it is set right.
 */
#ifndef FG_RETENTION_H
#define FG_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/store/store.h"

struct daemon;

#define RETENTION_FIRST_MS 1000u  /* after the start */
#define RETENTION_MS	   60000u /* nothing is left to remove */
#define RETENTION_MORE_MS  1000u
#define RETENTION_ROWS	   100u /* of a turn */

#define RETENTION_DAY_S	   INT64_C(86400)
#define RETENTION_PROOF_S  (7 * RETENTION_DAY_S)
/* Somebody's laptop may lie in a drawer for half a year. */
#define RETENTION_GAP_S	   (200 * RETENTION_DAY_S)

struct retention {
	struct store	*store;
	const char	*boot_id;	/* the machine's */
	const char	*what;		/* is kept, for the log */
	uint64_t	 removed;	/* since it was told */
	int64_t		 told_s;	/* CLOCK_BOOTTIME; -1: never */
	bool		 doubted;	/* the clock has leapt, as was told */
};

/*
 * Remove some of the logins that are older than keep_s, and of what laptops
 * have said of where they were. None if the wall clock (now_s) stands a day or
 * more before the newest of these logins: it is wrong, or was. And none if it
 * has leapt since the latest login that a clock that runs rightly would have
 * left behind for a week (RETENTION_PROOF_S, or half of keep_s if that is
 * less): a day ahead of boot_s, which nobody sets, if that login was in this
 * boot; else if more time than RETENTION_GAP_S has gone by for which nothing
 * speaks. So a clock that leaps is right once there was a login by it and it
 * went on for a week. None while there is a hold, see store_hold.h.
 * Returns after how many milliseconds the next turn is due.
 */
unsigned int retention_turn(struct retention *retention, int64_t keep_s,
    int64_t now_s, int64_t boot_s);

/* Whether the clock is one by which none are removed, as above: the same for
 * whatever else is kept for keep_s. Returns 0 or an error of the store. */
int	retention_clock_is_wrong(struct retention *retention, int64_t keep_s,
	    int64_t now_s, int64_t boot_s, bool *ret_wrong);

/* Turns for as long as the daemon runs; it needs a store. 0 or FG_ERR_NOMEM. */
int	retention_start(struct daemon *daemon);
void	retention_stop(struct daemon *daemon);

#endif
