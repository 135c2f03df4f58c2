/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Since when a thing is there: when its process began, or when a scan first
 * met it.
 */
#ifndef FG_SINCE_H
#define FG_SINCE_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/picture.h"

#define SINCE_MAX	256u

struct since_thing {
	uint64_t	 key;
	int64_t		 since_s;
	uint64_t	 round;		/* of the scan that last met it */
};

/* Zeroed is empty. */
struct since {
	struct since_thing thing[SINCE_MAX];
	size_t		 n;
};

/* Wall clock of a process's start, which is in ticks since the boot. */
int64_t	since_start(uint64_t start);

/* The other way round: what a process has that began so long ago. */
uint64_t since_ago(unsigned int seconds);

/* When such a sign was first met: in this round, or before. */
int64_t	since_met(struct since *since, const struct sign *sign,
	    uint64_t round);

/* Forget what the last rounds did not meet. */
void	since_forget(struct since *since, uint64_t round);

#endif
