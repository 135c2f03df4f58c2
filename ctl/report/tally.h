/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often each of many keys came, in memory that is bounded: the algorithm
 * Space-Saving (Metwally, Agrawal and El Abbadi, 2005). While there are no more
 * keys than rows, every number is exact. Then a new key takes the row of the
 * one that came least. What is counted of a key is never more than it was, and
 * less by no more than its row says; a key that came more often than all
 * divided by the rows is there.
 */
#ifndef FG_CTL_REPORT_TALLY_H
#define FG_CTL_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/report/outcome.h"

#define TALLY_KEY_MAX	255u	/* bytes; what is longer is cut */

struct tally;

struct tally_row {
	const char	*key;		/* until the next tally_add() */
	uint64_t	 n[OUTCOME_ODD]; /* at least */
	uint64_t	 all;		/* of these */
	uint64_t	 missed;	/* so many more it may be */
	int64_t		 last_s;	/* the latest */
	uint64_t	 most;		/* the largest value that was given */
};

struct tally	*tally_new(size_t max_rows);	/* NULL: no memory */
void		 tally_free(struct tally *tally);	/* NULL is fine */

/*
 * It came once more, with a value that only the largest is kept of. A control
 * character in the key is not expected. Returns 0 or FG_ERR_NOMEM.
 */
int		 tally_add(struct tally *tally, const char *key,
		    enum outcome outcome, int64_t at_s, uint64_t value);

/* The first max rows, those with the most first; equal ones by their keys. */
size_t		 tally_top(const struct tally *tally, size_t max,
		    struct tally_row *ret_rows);

/* How many keys have a row, and whether others have had one before. */
size_t		 tally_rows(const struct tally *tally);
bool		 tally_is_cut(const struct tally *tally);

#endif
