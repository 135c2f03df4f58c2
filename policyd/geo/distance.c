/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The haversine; it is exact for near points, where the law of cosines is not.
 */
#include "policyd/geo/distance.h"

#include <math.h>

#define EARTH_KM 6371.0088
#define RADIANS	 (3.14159265358979323846 / 180.0)

double
geo_distance_km(double latitude_a, double longitude_a, double latitude_b,
    double longitude_b)
{
	double dlat = sin((latitude_b - latitude_a) * RADIANS / 2);
	double dlon = sin((longitude_b - longitude_a) * RADIANS / 2);
	double h = dlat * dlat +
	    cos(latitude_a * RADIANS) * cos(latitude_b * RADIANS) * dlon * dlon;

	/* Rounding may carry antipodes a little over one. */
	return 2 * EARTH_KM * asin(h > 1 ? 1 : sqrt(h));
}
