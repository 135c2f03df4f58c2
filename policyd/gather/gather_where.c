/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The place in the form that is kept with a session and compared with others':
 * short, and by name where the configuration may change. Where a network is
 * trusted, what databases say of it does not count here either.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/check/check.h"
#include "policyd/text.h"

void
gather_where(const struct conf *conf, struct facts *facts)
{
	bool trusted = check_place_trusted(facts, conf);
	const struct fact_place *place = &facts->place;
	struct fact_where *where = &facts->where;

	memset(where, 0, sizeof(*where));
	if (place->state == FACT_KNOWN &&
	    (!trusted || place->source == PLACE_FROM_NETWORK))
		memcpy(where->country, place->country, sizeof(where->country));
	if (facts->asn.state == FACT_KNOWN && !trusted)
		where->asn = facts->asn.number;
	if (facts->networks.count > 0)
		(void)text_copy(where->network, sizeof(where->network),
		    conf->networks[facts->networks.index[0]].name);
}
