/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long decisions took: percentiles of the last hour within an eighth, and
 * what is counted since the start exactly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/stats.h"

#define SECOND_NS INT64_C(1000000000)

static void
nothing_took_no_time(void **state)
{
	static struct stats stats;

	(void)state;
	assert_int_equal(stats_percentile(&stats, SECOND_NS, 50), 0);
	assert_int_equal(stats_recent(&stats, SECOND_NS), 0);
}

/* Never less than it was, and at most an eighth more. */
static void
one_is_told_within_an_eighth(void **state)
{
	static struct stats stats;
	uint32_t us, told;

	(void)state;
	for (us = 0; us < 60000000; us = us < 100 ? us + 1 : us + us / 37) {
		memset(&stats, 0, sizeof(stats));
		stats_latency(&stats, SECOND_NS, us);
		told = stats_percentile(&stats, SECOND_NS, 99);
		assert_true(told >= us);
		assert_true(told - us <= us / 8);
	}
}

static void
the_longest_and_the_odd_are_kept_in_bounds(void **state)
{
	static struct stats stats;

	(void)state;
	stats_latency(&stats, SECOND_NS, -5);
	assert_int_equal(stats_percentile(&stats, SECOND_NS, 100), 0);
	stats_latency(&stats, SECOND_NS, INT64_MAX);
	assert_true(stats_percentile(&stats, SECOND_NS, 100) >= 60000000);
	assert_int_equal(stats.within[0], 1);
	assert_int_equal(stats.within[STATS_BOUNDS], 1);
	assert_int_equal(stats.latencies, 2);
}

static int
compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Beside the same numbers, sorted. */
static void
percentiles_are_those_of_all(void **state)
{
	static const unsigned int ps[] = { 1, 50, 90, 99, 100 };
	static uint32_t all[10000];
	static struct stats stats;
	uint32_t exact, told, x = 1;
	size_t i;

	(void)state;
	memset(&stats, 0, sizeof(stats));
	for (i = 0; i < 10000; i++) {
		x = x * 1103515245u + 12345u;
		all[i] = 200 + (x >> 16) % (i % 100 == 0 ? 60000 : 1500);
		stats_latency(&stats, SECOND_NS, all[i]);
	}
	qsort(all, 10000, sizeof(all[0]), compare);
	for (i = 0; i < sizeof(ps) / sizeof(ps[0]); i++) {
		exact = all[(10000 - 1) * ps[i] / 100];
		told = stats_percentile(&stats, SECOND_NS, ps[i]);
		assert_true(told >= exact && told - exact <= exact / 8);
	}
	assert_int_equal(stats_recent(&stats, SECOND_NS), 10000);
}

static void
what_is_an_hour_old_is_forgotten(void **state)
{
	static struct stats stats;
	int64_t at = 100 * SECOND_NS, later;

	(void)state;
	memset(&stats, 0, sizeof(stats));
	stats_latency(&stats, at, 2000000);
	later = at + 3000 * SECOND_NS;
	stats_latency(&stats, later, 100);
	assert_true(stats_percentile(&stats, later, 100) >= 2000000);
	later = at + 3700 * SECOND_NS;
	assert_true(stats_percentile(&stats, later, 100) < 200);
	stats_latency(&stats, later, 100);
	assert_int_equal(stats_recent(&stats, later), 2);
	later += 7200 * SECOND_NS;
	assert_int_equal(stats_recent(&stats, later), 0);
	assert_int_equal(stats_percentile(&stats, later, 50), 0);
	/* But not since the start. */
	assert_int_equal(stats.latencies, 3);
	assert_int_equal(stats.latency_sum_us, 2000200);
}

static void
a_bound_is_the_last_that_is_within(void **state)
{
	static struct stats stats;
	uint64_t n = 0;
	size_t i;

	(void)state;
	memset(&stats, 0, sizeof(stats));
	for (i = 0; i < STATS_BOUNDS; i++) {
		stats_latency(&stats, SECOND_NS, stats_bound_us[i]);
		stats_latency(&stats, SECOND_NS, stats_bound_us[i] + 1);
	}
	assert_int_equal(stats.within[0], 1);
	for (i = 1; i < STATS_BOUNDS; i++)
		assert_int_equal(stats.within[i], 2);
	assert_int_equal(stats.within[STATS_BOUNDS], 1);
	for (i = 0; i <= STATS_BOUNDS; i++)
		n += stats.within[i];
	assert_int_equal(n, stats.latencies);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_took_no_time),
		cmocka_unit_test(one_is_told_within_an_eighth),
		cmocka_unit_test(the_longest_and_the_odd_are_kept_in_bounds),
		cmocka_unit_test(percentiles_are_those_of_all),
		cmocka_unit_test(what_is_an_hour_old_is_forgotten),
		cmocka_unit_test(a_bound_is_the_last_that_is_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
