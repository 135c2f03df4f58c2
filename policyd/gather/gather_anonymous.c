/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the anonymous-IP databases say of a public origin, whatever network the
 * administrator counts it to.
 */
#include "policyd/gather/gather.h"

#include <string.h>

void
gather_anonymous(const struct geo *geo, struct facts *facts)
{
	struct addr addr;

	memset(&facts->anonymous, 0, sizeof(facts->anonymous));
	if (facts->origin.kind == ORIGIN_ADDRESS &&
	    geo_address(&facts->origin.addr, &addr))
		geo_anonymous(geo, &addr, &facts->anonymous);
}
