/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far it is between two points of the earth.
 */
#ifndef FG_DISTANCE_H
#define FG_DISTANCE_H

/*
 * Kilometres on a great circle, from degrees north and east: the haversine on
 * a sphere of 6371.0088 km, the mean radius of GRS 80 (IUGG), which is right
 * to about half a percent. Not a number in, not a number out.
 */
double	geo_distance_km(double latitude_a, double longitude_a,
	    double latitude_b, double longitude_b);

#endif
