/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often something was: by its name, in the order in which names came.
 */
#ifndef FG_CTL_TALLY_H
#define FG_CTL_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

#define TALLY_NAMES_MAX	1000u
#define TALLY_NAME_SIZE	256u

struct tally_row {
	char		 name[TALLY_NAME_SIZE];
	uint64_t	 in, refused;
	char		 first[32], last[32];	/* times of records */
};

struct tally {
	struct tally_row *rows;
	size_t		 n;
	uint64_t	 others;	/* of names that found no place */
};

void	tally_done(struct tally *tally);

/* Once more, of a record of that time. Returns 0 or FG_ERR_NOMEM. */
int	tally_count(struct tally *tally, const char *name, bool refused,
	    const char *ts);

/* As an array under key: name, in, refused, first, last. */
void	tally_set(const struct tally *tally, struct json *json,
	    const char *key);

#endif
