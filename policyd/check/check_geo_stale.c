/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.stale: the database that answered is older than its max_age.
 */
#include "policyd/check/check.h"

#define DAY_S INT64_C(86400)

void
check_geo_stale(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_place *place = &facts->place;
	int64_t age_s, max_s;

	(void)policy; /* age is age under every policy */
	if (place->state != FACT_KNOWN ||
	    place->source != PLACE_FROM_DATABASE ||
	    place->index >= conf->ndatabases ||
	    !check_geography_counts(facts, conf))
		return;
	max_s = conf->databases[place->index].max_age_s;
	age_s = facts->at_s - place->build_s;
	if (max_s <= 0 || age_s <= max_s)
		return;
	finding_add(findings, FINDING_GEO_STALE, "",
	    "the database that knows the place is %lld days old, and may be "
	    "%lld",
	    (long long)(age_s / DAY_S), (long long)(max_s / DAY_S));
}
