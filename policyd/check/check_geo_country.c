/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.country: the origin's country is known and is none of the policy's.
 * Without a list there is no rule, without a country there is geo.unknown.
 */
#include "policyd/check/check.h"

#include <string.h>

void
check_geo_country(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	size_t i;

	if (policy == NULL || policy->countries.n == 0 ||
	    facts->place.state != FACT_KNOWN ||
	    check_place_trusted(facts, conf))
		return;
	for (i = 0; i < policy->countries.n; i++)
		if (strcmp(policy->countries.v[i], facts->place.country) == 0)
			return;
	finding_add(findings, FINDING_GEO_COUNTRY, "",
	    "%s is not among the countries of policy %s", facts->place.country,
	    policy->name);
}
