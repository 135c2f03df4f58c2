/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters and histograms of a fixed size; adding up happens only when somebody
 * asks.
 */
#include "policyd/stats.h"

#include <string.h>

#define WINDOW_NS (STATS_WINDOW_S * INT64_C(1000000000))

/* 250 us to 2.5 s: that is all that a decision may take. */
const uint32_t stats_bound_us[STATS_BOUNDS] = { 250, 500, 1000, 2000, 5000,
	10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000 };

/* The first eight are exact; then three bits follow the highest one. */
static size_t
bin_of(uint32_t us)
{
	unsigned int shift = 0;
	size_t bin;

	while ((us >> shift) >= 2 * STATS_PARTS)
		shift++;
	if (us < STATS_PARTS)
		return us;
	bin = shift * STATS_PARTS + (us >> shift);
	return bin < STATS_BINS ? bin : STATS_BINS - 1;
}

/* The last microsecond that is in it. */
static uint32_t
end_of(size_t bin)
{
	size_t shift;

	if (bin < 2 * STATS_PARTS)
		return (uint32_t)bin;
	shift = bin / STATS_PARTS - 1;
	return (uint32_t)(((bin - shift * STATS_PARTS + 1) << shift) - 1);
}

static uint32_t
clip(int64_t latency_us)
{
	if (latency_us < 0)
		return 0;
	return latency_us < (int64_t)UINT32_MAX ? (uint32_t)latency_us :
						  UINT32_MAX;
}

void
stats_latency(struct stats *stats, int64_t now_ns, int64_t latency_us)
{
	int64_t number = now_ns / WINDOW_NS;
	struct stats_window *w = &stats->window[number % STATS_WINDOWS];
	uint32_t us = clip(latency_us);
	size_t i;

	for (i = 0; i < STATS_BOUNDS && us > stats_bound_us[i]; i++)
		continue;
	stats->within[i]++;
	stats->latencies++;
	stats->latency_sum_us += us;
	if (w->number != number) {
		memset(w, 0, sizeof(*w));
		w->number = number;
	}
	w->bin[bin_of(us)]++;
}

/* Into bins, those of the last hour. Returns how many there are. */
static uint64_t
add_up(const struct stats *stats, int64_t now_ns, uint64_t bins[STATS_BINS])
{
	int64_t number = now_ns / WINDOW_NS;
	const struct stats_window *w;
	uint64_t n = 0;
	size_t i, k;

	memset(bins, 0, STATS_BINS * sizeof(bins[0]));
	for (i = 0; i < STATS_WINDOWS; i++) {
		w = &stats->window[i];
		if (w->number <= number - (int64_t)STATS_WINDOWS)
			continue;
		for (k = 0; k < STATS_BINS; k++) {
			bins[k] += w->bin[k];
			n += w->bin[k];
		}
	}
	return n;
}

uint32_t
stats_percentile(const struct stats *stats, int64_t now_ns, unsigned int p)
{
	uint64_t bins[STATS_BINS], n, rank, seen = 0;
	size_t i;

	if ((n = add_up(stats, now_ns, bins)) == 0)
		return 0;
	rank = (n - 1) * p / 100;
	for (i = 0; i + 1 < STATS_BINS; i++) {
		seen += bins[i];
		if (seen > rank)
			break;
	}
	return end_of(i);
}

uint64_t
stats_recent(const struct stats *stats, int64_t now_ns)
{
	uint64_t bins[STATS_BINS];

	return add_up(stats, now_ns, bins);
}
