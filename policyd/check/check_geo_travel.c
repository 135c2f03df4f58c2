/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.travel: too far from the last login for the time in between, even if
 * the databases are as wrong about both ends as they say they may be. Where
 * somebody seems to move who did not (an address of the other family, another
 * exit of one network, a mobile gateway), and where one end or the time is not
 * known, there is no journey to judge.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"
#include "policyd/geo/distance.h"

#include <string.h>

struct journey {
	double km;
	double doubt_km[2]; /* of the last login's place, and of this one's */
	double left_km; /* without the doubt */
	double seconds;
	double kmh;
};

static bool
shares_network(const struct fact_networks *a, const struct fact_networks *b)
{
	size_t i, k;

	for (i = 0; i < a->count; i++)
		for (k = 0; k < b->count; k++)
			if (a->index[i] == b->index[k])
				return true;
	return false;
}

static bool
is_judged(const struct facts *facts, const struct conf *conf)
{
	const struct fact_last *last = &facts->history.last;

	return facts_clock_is_set(facts) && last->state == FACT_KNOWN &&
	    last->ago_known && last->ago_s >= 0 &&
	    facts->origin.kind == ORIGIN_ADDRESS &&
	    last->origin.kind == ORIGIN_ADDRESS &&
	    check_has_point(&facts->place) &&
	    check_last_says_where(facts, conf) &&
	    check_geography_counts(facts, conf) &&
	    memcmp(facts->origin.addr.b, last->origin.addr.b, ADDR_SIZE) != 0 &&
	    !shares_network(&facts->networks, &last->networks);
}

static void
measure(const struct facts *facts, const struct conf *conf, struct journey *j)
{
	const struct fact_last *last = &facts->history.last;

	j->km = geo_distance_km(last->place.latitude, last->place.longitude,
	    facts->place.latitude, facts->place.longitude);
	j->doubt_km[0] = check_doubt_km(&last->place, conf);
	j->doubt_km[1] = check_doubt_km(&facts->place, conf);
	j->left_km = j->km - j->doubt_km[0] - j->doubt_km[1];
	/* Clocks tell whole seconds. */
	j->seconds = last->ago_s > 0 ? (double)last->ago_s : 1;
	j->kmh = j->left_km * 3600 / j->seconds;
}

static const char *
end_of(const struct fact_origin *origin, const struct fact_place *place,
    const struct fact_asn *asn, char buf[CHECK_END_SIZE])
{
	struct fact_where where = { .asn = asn->number };

	memcpy(where.country, place->country, sizeof(where.country));
	return check_end_text(origin, &where, buf);
}

static void
found(const struct facts *facts, const struct conf *conf,
    const struct journey *j, struct finding_list *findings)
{
	const struct fact_last *last = &facts->history.last;
	const char *city = last->place.city, *now = facts->place.city;
	bool named = city[0] != '\0' && now[0] != '\0';
	char from[CHECK_END_SIZE], to[CHECK_END_SIZE], span[CHECK_SPAN_SIZE];

	finding_add(findings, FINDING_GEO_TRAVEL, "",
	    "%.0f km in %s, %.0f km/h where %.0f is possible (%.0f km less "
	    "%.0f%s and %.0f%s of doubt): from %s in %s to %s%s%s%s%s",
	    j->left_km, check_span_text((int64_t)j->seconds, span), j->kmh,
	    conf->max_speed_kmh, j->km, j->doubt_km[0],
	    last->place.accuracy_km < 0 ? " (assumed)" : "", j->doubt_km[1],
	    facts->place.accuracy_km < 0 ? " (assumed)" : "",
	    end_of(&last->origin, &last->place, &last->asn, from), last->ref,
	    end_of(&facts->origin, &facts->place, &facts->asn, to),
	    named ? "; " : "", named ? city : "", named ? " to " : "",
	    named ? now : "");
}

void
check_geo_travel(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	struct journey j;

	(void)policy; /* nobody flies faster under another policy */
	if (!is_judged(facts, conf))
		return;
	measure(facts, conf, &j);
	/* Written so that what is no number is a finding. */
	if (j.left_km <= conf->travel_floor_km || j.kmh <= conf->max_speed_kmh)
		return;
	found(facts, conf, &j, findings);
}
