/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the origin is: what the administrator says of a network comes first,
 * then what the class of the address says, and only a public address is asked
 * for in the databases. A private address is not "abroad": it has no place.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/net/addr.h"

static bool
place_from_network(const struct conf *conf, const struct fact_networks *nets,
    struct fact_place *ret_place)
{
	const struct conf_network *net;
	size_t i;

	for (i = 0; i < nets->count; i++) {
		net = &conf->networks[nets->index[i]];
		if (net->country[0] == '\0')
			continue;
		ret_place->state = FACT_KNOWN;
		ret_place->source = PLACE_FROM_NETWORK;
		ret_place->index = nets->index[i];
		memcpy(ret_place->country, net->country,
		    sizeof(ret_place->country));
		return true;
	}
	return false;
}

static void
set_unknown(struct fact_place *place, const char *problem)
{
	place->state = FACT_UNKNOWN;
	place->problem = problem;
}

static void
place_of(const struct geo *geo, const struct addr *addr, struct fact_place *p)
{
	struct addr inner;

	switch (addr_classify(addr)) {
	case ADDR_PRIVATE:
	case ADDR_LOOPBACK:
	case ADDR_CGNAT:
	case ADDR_LINK_LOCAL:
		break;
	case ADDR_DOCUMENTATION:
		set_unknown(p, "a documentation address has no place");
		break;
	case ADDR_MULTICAST:
		set_unknown(p, "a multicast address has no place");
		break;
	case ADDR_NONE:
	case ADDR_RESERVED:
		set_unknown(p, "a reserved address has no place");
		break;
	case ADDR_TEREDO:
		set_unknown(p, "a Teredo address says nothing about a place");
		break;
	case ADDR_NAT64:
	case ADDR_6TO4:
	case ADDR_PUBLIC:
		if (geo_address(addr, &inner))
			geo_place(geo, &inner, p);
		else
			set_unknown(p, "it embeds an address without a place");
		break;
	}
}

void
gather_place(const struct conf *conf, const struct geo *geo,
    const struct fact_origin *origin, const struct fact_networks *networks,
    struct fact_place *ret_place)
{
	memset(ret_place, 0, sizeof(*ret_place));
	ret_place->accuracy_km = -1;
	if (origin->kind != ORIGIN_ADDRESS ||
	    place_from_network(conf, networks, ret_place))
		return;
	place_of(geo, &origin->addr, ret_place);
}
