/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where addresses are by one ruleset: most logins come from a few of them, so
 * that what was looked up is kept for a while.
 */
#ifndef FG_CTL_REPLAY_PLACES_H
#define FG_CTL_REPLAY_PLACES_H

#include "policyd/facts.h"
#include "policyd/ruleset.h"

/* As the gather_* of the same names have it. */
struct place_known {
	struct addr	 addr;
	bool		 used;
	enum addr_class	 cls;
	struct fact_networks networks;
	struct fact_place place;
	struct fact_asn	 asn;
	struct fact_anonymous anonymous;
	struct fact_where where;
};

struct places;

/* The ruleset is borrowed. NULL: no memory. */
struct places	*places_new(const struct ruleset *ruleset);
void		 places_free(struct places *places);	/* NULL is fine */

/* Of facts with an origin: networks, place, asn, anonymous and where. */
void		 places_gather(const struct ruleset *ruleset,
		    struct facts *facts);

/* Valid until another one is asked for. */
const struct place_known *places_find(struct places *places,
		    const struct addr *addr);

#endif
