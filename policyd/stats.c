/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters and a ring of latencies; sorting happens only when somebody asks.
 */
#include "policyd/stats.h"

#include <stdlib.h>
#include <string.h>

void
stats_latency(struct stats *stats, int64_t latency_us)
{
	uint32_t us = UINT32_MAX;

	if (latency_us < 0)
		us = 0;
	else if (latency_us < (int64_t)UINT32_MAX)
		us = (uint32_t)latency_us;
	stats->latency_us[stats->latencies++ % STATS_LATENCIES] = us;
}

static int
stats_compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint32_t
stats_percentile(const struct stats *stats, unsigned int p)
{
	uint32_t sorted[STATS_LATENCIES];
	size_t n = stats->latencies;

	if (n > STATS_LATENCIES)
		n = STATS_LATENCIES;
	if (n == 0)
		return 0;
	memcpy(sorted, stats->latency_us, n * sizeof(sorted[0]));
	qsort(sorted, n, sizeof(sorted[0]), stats_compare);
	return sorted[(n - 1) * p / 100];
}
