/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.distance: further from the person's home than their radius, even if the
 * database is as wrong as it says it may be. Where the AS is a mobile network's
 * or one behind gateways, or no point is known, there is nothing to measure.
 */
#include "policyd/check/check.h"
#include "policyd/geo/distance.h"

void
check_geo_distance(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_place *place = &facts->place;
	const struct person *person = &facts->person.person;
	double accuracy_km, km;

	(void)policy; /* a home is one under every policy */
	if (facts->person.state != FACT_KNOWN || !person->has_point ||
	    person->radius_km <= 0 || !check_has_point(place) ||
	    !check_geography_counts(facts, conf))
		return;
	accuracy_km = check_doubt_km(place, conf);
	km = geo_distance_km(person->latitude, person->longitude,
	    place->latitude, place->longitude);
	/* Written so that what is no number is a finding. */
	if (km <= person->radius_km + accuracy_km)
		return;
	finding_add(findings, FINDING_GEO_DISTANCE, "",
	    "%.0f km from home; the radius is %.0f km, and the place is known "
	    "to %.0f km%s",
	    km, person->radius_km, accuracy_km,
	    place->accuracy_km < 0 ? " (assumed)" : "");
}
