/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What several checks have to know of a login before they look.
 */
#include "policyd/check/check.h"

bool
check_place_trusted(const struct facts *facts, const struct conf *conf)
{
	enum conf_trust trust;
	size_t i;

	for (i = 0; i < facts->networks.count; i++) {
		trust = conf->networks[facts->networks.index[i]].trust;
		if (trust == CONF_TRUST_PLACE || trust == CONF_TRUST_BASTION)
			return true;
	}
	return false;
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
