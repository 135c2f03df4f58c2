/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table in which each address has one place, and whoever comes there next
 * takes it over.
 */
#include "ctl/replay/places.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/gather/gather.h"

#define PLACES 65536u /* of 600 bytes or so, as far as they are used */

struct places {
	const struct ruleset *ruleset;
	struct facts facts; /* to ask with */
	struct place_known list[PLACES];
};

struct places *
places_new(const struct ruleset *ruleset)
{
	struct places *places = calloc(1, sizeof(*places));

	if (places != NULL)
		places->ruleset = ruleset;
	return places;
}

void
places_free(struct places *places)
{
	free(places);
}

static size_t
slot_of(const struct addr *addr)
{
	uint64_t a, b;

	memcpy(&a, addr->b, sizeof(a));
	memcpy(&b, addr->b + sizeof(a), sizeof(b));
	a = (a * UINT64_C(0x9e3779b97f4a7c15)) ^ b;
	a *= UINT64_C(0xff51afd7ed558ccd);
	return (size_t)(a >> 40) % PLACES;
}

void
places_gather(const struct ruleset *ruleset, struct facts *facts)
{
	gather_net(ruleset->conf, &facts->origin, &facts->networks);
	gather_place(ruleset->conf, ruleset->geo, &facts->origin,
	    &facts->networks, &facts->place);
	gather_asn(ruleset->conf, ruleset->geo, &facts->origin, &facts->place,
	    &facts->asn);
	gather_anonymous(ruleset->geo, facts);
	gather_where(ruleset->conf, facts);
}

static void
look_up(struct places *places, const struct addr *addr,
    struct place_known *known)
{
	struct facts *facts = &places->facts;

	facts->origin.kind = ORIGIN_ADDRESS;
	facts->origin.addr = *addr;
	facts->origin.cls = addr_classify(addr);
	places_gather(places->ruleset, facts);
	known->addr = *addr;
	known->cls = facts->origin.cls;
	known->networks = facts->networks;
	known->place = facts->place;
	known->asn = facts->asn;
	known->anonymous = facts->anonymous;
	known->where = facts->where;
	known->used = true;
}

const struct place_known *
places_find(struct places *places, const struct addr *addr)
{
	struct place_known *known = &places->list[slot_of(addr)];

	if (!known->used || memcmp(known->addr.b, addr->b, ADDR_SIZE) != 0)
		look_up(places, addr, known);
	return known;
}
