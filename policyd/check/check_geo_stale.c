/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.stale: a database that answered is older than its max_age. The country
 * and the point may be of two databases.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_source.h"
#include "policyd/people/civil.h"

/* What was built tomorrow has no age that could be believed. */
static bool
add_if_stale(const struct conf_database *db, int64_t build_s, int64_t now_s,
    const char *what, struct finding_list *findings)
{
	const char *name = check_source_file(db->path);
	int64_t age_s = now_s - build_s;
	char dated[CHECK_DATED_SIZE];

	(void)check_source_dated(build_s, 0, now_s, dated);
	if (db->max_age_s <= 0 ||
	    (age_s >= -CIVIL_DAY_S && age_s <= db->max_age_s))
		return false;
	if (age_s < 0)
		finding_add(findings, FINDING_GEO_STALE, "",
		    "%s, which knows the %s, says that it was built in the "
		    "future",
		    name, what);
	else
		finding_add(findings, FINDING_GEO_STALE, "",
		    "%s, which knows the %s, is%s, and may be %lld", name, what,
		    dated[0] != '\0' ? dated : " of no day that could be",
		    (long long)(db->max_age_s / CIVIL_DAY_S));
	return true;
}

void
check_geo_stale(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_place *place = &facts->place;

	(void)policy; /* age is age under every policy */
	if (!facts_clock_is_set(facts) || place->state != FACT_KNOWN ||
	    place->source != PLACE_FROM_DATABASE ||
	    place->index >= conf->ndatabases ||
	    !check_geography_counts(facts, conf) ||
	    add_if_stale(&conf->databases[place->index], place->build_s,
		facts->at_s, "country", findings))
		return;
	if (place->has_point && place->point_index < conf->ndatabases)
		(void)add_if_stale(&conf->databases[place->point_index],
		    place->point_build_s, facts->at_s, "point", findings);
}
