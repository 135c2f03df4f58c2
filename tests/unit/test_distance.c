/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Distances between places whose distance anybody can look up.
 */
#include "policyd/geo/distance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

static bool
is_near(double km, double want, double slack)
{
	return km >= want - slack && km <= want + slack;
}

static void
known_distances_are_right_to_half_a_percent(void **state)
{
	(void)state;
	/* Oslo to Stockholm, London to New York, Sydney to Buenos Aires */
	assert_true(is_near(geo_distance_km(59.9139, 10.7522, 59.3293, 18.0686),
	    417, 3));
	assert_true(is_near(geo_distance_km(51.5074, -0.1278, 40.7128,
				-74.0060),
	    5570, 28));
	assert_true(is_near(geo_distance_km(-33.8688, 151.2093, -34.6037,
				-58.3816),
	    11800, 60));
}

static void
the_way_back_is_as_far(void **state)
{
	(void)state;
	assert_true(geo_distance_km(1, 2, 3, 4) == geo_distance_km(3, 4, 1, 2));
	assert_true(geo_distance_km(59.9, 10.7, 59.9, 10.7) == 0);
}

static void
the_date_line_and_the_poles_are_no_edges(void **state)
{
	(void)state;
	assert_true(is_near(geo_distance_km(0, 179.5, 0, -179.5), 111.2, 0.5));
	assert_true(is_near(geo_distance_km(90, 0, 90, 123), 0, 0.001));
	assert_true(is_near(geo_distance_km(90, 0, -90, 0), 20015, 10));
	assert_true(is_near(geo_distance_km(0, 0, 0, 180), 20015, 10));
	/* Antipodes that rounding could carry out of asin(3)'s range. */
	for (int i = -90; i <= 90; i++)
		assert_true(0 <=
		    (geo_distance_km(i + 0.1, 13.37, -(i + 0.1), -166.63)));
}

static void
what_is_no_number_stays_none(void **state)
{
	(void)state;
	assert_true(isnan(geo_distance_km(NAN, 0, 0, 0)));
	assert_true(isnan(geo_distance_km(0, 0, 0, NAN)));
	assert_true(isnan(geo_distance_km(INFINITY, 0, 0, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_distances_are_right_to_half_a_percent),
		cmocka_unit_test(the_way_back_is_as_far),
		cmocka_unit_test(the_date_line_and_the_poles_are_no_edges),
		cmocka_unit_test(what_is_no_number_stays_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
