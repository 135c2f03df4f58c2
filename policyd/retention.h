/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The history is kept as long as the configuration says. What is older goes a
 * little at a time, so that no login waits for it.
 */
#ifndef FG_RETENTION_H
#define FG_RETENTION_H

#include <stdint.h>

#include "policyd/store/store.h"

struct daemon;

#define RETENTION_FIRST_MS 1000u  /* after the start */
#define RETENTION_MS	   60000u /* nothing is left to remove */
#define RETENTION_MORE_MS  1000u
#define RETENTION_ROWS	   100u /* of a turn */

struct retention {
	struct store	*store;
	uint64_t	 removed;	/* since it was told */
	int64_t		 told_s;	/* CLOCK_BOOTTIME; -1: never */
};

/*
 * Remove some of the logins that are older than keep_s. None if the wall clock
 * (now_s) stands a day or more before the newest of them: it is wrong, or was.
 * Returns after how many milliseconds the next turn is due.
 */
unsigned int retention_turn(struct retention *retention, int64_t keep_s,
    int64_t now_s, int64_t boot_s);

/* Turns for as long as the daemon runs; it needs a store. 0 or FG_ERR_NOMEM. */
int	retention_start(struct daemon *daemon);
void	retention_stop(struct daemon *daemon);

#endif
