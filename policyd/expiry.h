/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log is kept as long as the configuration says: when all records of
 * the oldest file that it was rotated into are older, a signed tombstone takes
 * the file's place in the log, and then the file is removed. A worker reads it.
 * Nothing expires by a clock that is in doubt, while there is a hold, or while
 * it cannot be known whether there is one.
 */
#ifndef FG_EXPIRY_H
#define FG_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/daemon.h"

struct expiry;

/*
 * Whether the wall clock has gone with the one that nobody sets. The history
 * is its other witness, see retention.h; a machine may have none.
 */
struct expiry_clock {
	int64_t		 wall_s, boot_s;	/* that belong together */
	bool		 doubted;
};

/* opened_s: the last record of an earlier daemon, or INT64_MIN. A clock that is
 * RETENTION_GAP_S ahead of it is doubted. */
void	expiry_clock_start(struct expiry_clock *clock, int64_t opened_s,
	    int64_t now_s, int64_t boot_s);
/* After a leap of a day it is not right until it has gone on for a week. */
bool	expiry_clock_is_right(struct expiry_clock *clock, int64_t now_s,
	    int64_t boot_s);

/* Turns for as long as the daemon runs. Returns 0 or FG_ERR_NOMEM. */
int	expiry_start(struct daemon *daemon);
void	expiry_stop(struct daemon *daemon);

/* The log can be written again: what kept files may be over as well. */
void	expiry_again(struct daemon *daemon);

/* For the part "audit" of the status. */
void	expiry_status(const struct daemon *daemon, struct json *audit);
/* Is there a file that should have expired and cannot? */
bool	expiry_is_stuck(const struct daemon *daemon);

#endif
