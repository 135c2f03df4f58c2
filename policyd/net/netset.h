/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of addresses, built once and then only asked: sorted, merged
 * ranges, one binary search a question. 100,000 entries cost 17 comparisons.
 */
#ifndef FG_NETSET_H
#define FG_NETSET_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/net/addr.h"

struct netset;

/* Returns NULL when out of memory. */
struct netset	*netset_new(void);
void		 netset_free(struct netset *set);

/* Returns 0 or FG_ERR_NOMEM. Not after netset_seal(). */
int		 netset_add(struct netset *set, const struct addr_prefix *p);

/*
 * All addresses from first to last, of one family. Returns 0, FG_ERR_NOMEM, or
 * FG_ERR_FORMAT if the families differ or last comes before first.
 */
int		 netset_add_range(struct netset *set, const struct addr *first,
		    const struct addr *last);

/* Sort and merge. netset_contains() is only for sealed sets. */
void		 netset_seal(struct netset *set);

/* Prefixes and ranges that were added, before merging. */
size_t		 netset_count(const struct netset *set);
/* One of the ranges is more than an IPv4 /8 or an IPv6 /16, and not within
 * fc00::/7 or fe80::/10, which are local. For sealed sets. */
bool		 netset_is_wide(const struct netset *set);
bool		 netset_contains(const struct netset *set,
		    const struct addr *addr);

#endif
