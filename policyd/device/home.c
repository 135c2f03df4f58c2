/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home is a point of the inventory's, and so are the places.
 */
#include "policyd/device/home.h"
#include "policyd/geo/distance.h"

#define ASSUMED_RADIUS_KM 200.0

double
home_reach_km(const struct person *person)
{
	return person->radius_km > 0 ? person->radius_km : ASSUMED_RADIUS_KM;
}

bool
home_is_far(const struct person *person, const struct asset_place *place,
    double doubt_km, double *ret_km)
{
	double km;

	if (!person->has_point || !place->has_point)
		return false;
	km = geo_distance_km(person->latitude, person->longitude,
	    place->latitude, place->longitude);
	/* Written so that what is no number is far. */
	if (km <= home_reach_km(person) + doubt_km)
		return false;
	*ret_km = km;
	return true;
}
