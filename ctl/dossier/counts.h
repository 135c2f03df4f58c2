/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often something was: by its name, in the order in which names came.
 */
#ifndef FG_CTL_COUNTS_H
#define FG_CTL_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

#define COUNTS_NAMES_MAX	1000u
#define COUNTS_NAME_SIZE	256u

struct counts_row {
	char		 name[COUNTS_NAME_SIZE];
	uint64_t	 in, refused;
	char		 first[32], last[32];	/* times of records */
};

struct counts {
	struct counts_row *rows;
	size_t		 n;
	uint64_t	 others;	/* of names that found no place */
};

void	counts_done(struct counts *counts);

/* Once more, of a record of that time. Returns 0 or FG_ERR_NOMEM. */
int	counts_add(struct counts *counts, const char *name, bool refused,
	    const char *ts);

/* As an array under key: name, in, refused, first, last. */
void	counts_set(const struct counts *counts, struct json *json,
	    const char *key);

#endif
