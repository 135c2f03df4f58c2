/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of a fixed number of slots has a key: what the counters of a report
 * look their rows up by. The keys may be anybody's; they are looked up by a
 * hash that nobody can foresee.
 */
#ifndef FG_CTL_REPORT_SLOTS_H
#define FG_CTL_REPORT_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#define SLOTS_NONE	((size_t)-1)

/* FNV-1a from a random start: of a key, for a table. */
uint64_t	 slots_hash(uint64_t start, const char *key);

struct slots;

/* Of max slots, 0 to max - 1. NULL: no memory. */
struct slots	*slots_new(size_t max);
void		 slots_free(struct slots *slots);	/* NULL is fine */

/* The slot, or SLOTS_NONE. */
size_t		 slots_find(const struct slots *slots, const char *key);

/*
 * Give a slot this key, which no other one has, in place of what it had; a copy
 * is taken. Returns 0 or FG_ERR_NOMEM, and nothing has changed then.
 */
int		 slots_put(struct slots *slots, size_t slot, const char *key);
/* It has no key any more. */
void		 slots_drop(struct slots *slots, size_t slot);
/* The key of from is that of to, which has none, from now on. */
void		 slots_move(struct slots *slots, size_t from, size_t to);

/* Until it has another one; NULL if it has none. */
const char	*slots_key(const struct slots *slots, size_t slot);

#endif
