/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What several checks have to know of a login before they look.
 */
#include "policyd/check/check.h"

#include <string.h>

static bool
are_trusted(const struct fact_networks *networks, const struct conf *conf)
{
	enum conf_trust trust;
	size_t i;

	for (i = 0; i < networks->count; i++) {
		trust = conf->networks[networks->index[i]].trust;
		if (trust == CONF_TRUST_PLACE || trust == CONF_TRUST_BASTION)
			return true;
	}
	return false;
}

bool
check_place_trusted(const struct facts *facts, const struct conf *conf)
{
	return are_trusted(&facts->networks, conf);
}

bool
check_is_service_account(const struct facts *facts)
{
	return facts->person.state == FACT_KNOWN &&
	    facts->person.person.kind == PERSON_KIND_SERVICE;
}

bool
check_geography_counts(const struct facts *facts, const struct conf *conf)
{
	return !check_is_service_account(facts) &&
	    !check_place_trusted(facts, conf);
}

bool
check_same_source(const struct addr *a, const struct addr *b)
{
	return addr_is_v4(a) == addr_is_v4(b) &&
	    memcmp(a->b, b->b, addr_is_v4(a) ? ADDR_SIZE : 8) == 0;
}

bool
check_has_point(const struct fact_place *place)
{
	return place->state == FACT_KNOWN && place->has_point &&
	    !place->country_only;
}

double
check_doubt_km(const struct fact_place *place, const struct conf *conf)
{
	return place->accuracy_km < 0 ? conf->missing_accuracy_km :
					place->accuracy_km;
}

/* One line with two families, of which databases know two places. */
static bool
is_dual_stack(const struct facts *facts, const struct fact_last *last)
{
	return facts->asn.state == FACT_KNOWN &&
	    last->asn.state == FACT_KNOWN &&
	    facts->asn.number == last->asn.number &&
	    addr_is_v4(&facts->origin.addr) != addr_is_v4(&last->origin.addr);
}

bool
check_last_says_where(const struct facts *facts, const struct conf *conf)
{
	const struct fact_last *last = &facts->history.last;

	return check_has_point(&last->place) &&
	    !are_trusted(&last->networks, conf) && !is_dual_stack(facts, last);
}

const char *
check_network_excuse(const struct conf_network *net, int64_t at_s)
{
	if (net->trust == CONF_TRUST_BASTION)
		return "bastion";
	return at_s < net->shared_until_s ? net->shared : NULL;
}

/* Nobody can say which network it is that is behind a bastion; what stands on a
 * desk there is another matter. */
const char *
check_site_excuse(const struct conf_network *net, bool beside, int64_t at_s)
{
	return beside && net->trust == CONF_TRUST_BASTION ?
	    NULL :
	    check_network_excuse(net, at_s);
}

const char *
check_laptop_name(const struct fact_attested *attested)
{
	return attested->asset.tag[0] == '\0' ? "an enrolled laptop" :
						attested->asset.tag;
}
