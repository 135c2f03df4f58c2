/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.country: the origin's country is known and is none of the person's, or
 * where the person has no list, none of the policy's. Without a list there is
 * no rule, without a country there is geo.unknown.
 */
#include "policyd/check/check.h"

#include <string.h>

static bool
is_persons(const struct person *person, const char *country)
{
	size_t i;

	for (i = 0; i < person->ncountries; i++)
		if (strcmp(person->country[i], country) == 0)
			return true;
	return false;
}

void
check_geo_country(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const char *country = facts->place.country;

	if (facts->place.state != FACT_KNOWN ||
	    !check_geography_counts(facts, conf))
		return;
	if (facts->person.state == FACT_KNOWN &&
	    facts->person.person.ncountries > 0) {
		if (is_persons(&facts->person.person, country))
			return;
		finding_add(findings, FINDING_GEO_COUNTRY, "",
		    "%s is not among the countries of %s", country,
		    facts->person.person.user);
		finding_by_entry(findings, FINDING_GEO_COUNTRY);
	} else if (policy != NULL && policy->countries.n > 0 &&
	    !conf_strings_has(&policy->countries, country)) {
		finding_add(findings, FINDING_GEO_COUNTRY, "",
		    "%s is not among the countries of policy %s", country,
		    policy->name);
	}
}
