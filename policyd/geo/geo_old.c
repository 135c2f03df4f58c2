/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Databases that are older than the administrator wants them to be. They stay
 * in use, and a decision by one of them says geo.stale.
 */
#include "policyd/geo/geo.h"
#include "policyd/people/civil.h"

static void
warn(const struct geo_info *info, int64_t age_s, struct conf_errors *warnings)
{
	char day[CIVIL_DAY_SIZE];

	/* As far away as that it is old all the same. */
	(void)civil_day((int64_t)info->build_s, day);
	conf_errors_add(warnings, info->path, 0,
	    "warning: the %s database is of %s and %s; it stays in use, update "
	    "it, for example with farmgate-geodata",
	    conf_database_kind_name(info->kind),
	    day[0] != '\0' ? day : "no day that could be",
	    age_s < 0 ? "so of the future" : "older than its max_age");
}

void
geo_warn_old(const struct geo *geo, const struct conf *conf, int64_t now_s,
    struct conf_errors *warnings)
{
	const struct geo_info *info;
	int64_t age_s, max_age_s;
	size_t i;

	for (i = 0; i < geo_count(geo); i++) {
		info = geo_info(geo, i);
		max_age_s = conf->databases[info->index].max_age_s;
		age_s = now_s - (int64_t)info->build_s;
		/* As check_geo_stale.c has it. */
		if (max_age_s > 0 &&
		    (age_s < -CIVIL_DAY_S || age_s > max_age_s))
			warn(info, age_s, warnings);
	}
}
