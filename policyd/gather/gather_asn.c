/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The autonomous system that announces a public origin, and the lists of the
 * configuration that have it. Named networks do not matter here: whose address
 * it is does not change by giving it a name.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

void
gather_asn(const struct conf *conf, const struct geo *geo,
    const struct fact_origin *origin, struct fact_place *place,
    struct fact_asn *ret_asn)
{
	struct fact_asn *asn = ret_asn;
	struct addr addr;
	size_t i;

	memset(asn, 0, sizeof(*asn));
	if (origin->kind != ORIGIN_ADDRESS ||
	    !geo_address(&origin->addr, &addr))
		return;
	geo_asn(geo, &addr, asn);
	if (asn->state != FACT_KNOWN)
		return;
	for (i = 0; i < conf->nasns; i++) {
		if (!conf_asns_has(&conf->asns[i], asn->number))
			continue;
		if (asn->nlists < N_ELEMENTS(asn->list))
			asn->list[asn->nlists++] = i;
		/* Its addresses wander all over the country. */
		if (conf_kind_is_gateway(conf->asns[i].kind))
			place->country_only = true;
	}
}
