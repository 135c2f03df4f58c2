/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the reader was waiting for when it was killed: it is not asked again
 * for a while. Who has several such processes pays with all of theirs, so that
 * nobody can spend the time of the others.
 */
#ifndef FG_SLOW_H
#define FG_SLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOW_MAX	256u
#define SLOW_NOBODY	((uint32_t)-1)	/* owner of a device */
#define SLOW_OF_OWNER	3u	/* then all of theirs are slow */

struct slow_thing {
	uint64_t	 key;
	int64_t		 until_ns;	/* walk_now_ns()'s clock */
	uint32_t	 times;		/* it was waited for in vain */
	uint32_t	 owner;
};

/* Zeroed is empty. */
struct slow {
	size_t		 n;
	struct slow_thing thing[SLOW_MAX];
};

uint64_t slow_key(const void *bytes, size_t len);

/* Twice, and not so long ago. */
bool	slow_has(const struct slow *slow, uint64_t key);
/* One that is somebody's has been met within that time. */
bool	slow_is_anybodys(const struct slow *slow);
/* How many of one owner have been. */
size_t	slow_of(const struct slow *slow, uint32_t owner);
/* Once more. Returns how many times it was. */
uint32_t slow_add(struct slow *slow, uint64_t key, uint32_t owner);
/* It has answered. */
void	slow_remove(struct slow *slow, uint64_t key);

#endif
