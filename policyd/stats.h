/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters since the start and how long decisions took, for status. Nothing
 * here takes part in a decision.
 */
#ifndef FG_STATS_H
#define FG_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "proto/msg.h"

/*
 * Each power of two of microseconds in eight parts, so that what a percentile
 * says is at most an eighth too much; what takes longer than a minute is in the
 * last one.
 */
#define STATS_PARTS	8u
#define STATS_BINS	(STATS_PARTS * 24u)

/* An hour, of which the oldest part is forgotten at a time. */
#define STATS_WINDOWS	6u
#define STATS_WINDOW_S	600

struct stats_window {
	int64_t		 number;	/* of the window, since the clock's 0 */
	uint32_t	 bin[STATS_BINS];
};

/* Upper bounds of what is counted since the start; behind them there is one
 * more, without an end. */
#define STATS_BOUNDS	13u
extern const uint32_t	 stats_bound_us[STATS_BOUNDS];

struct stats {
	uint64_t	 verdict[FG_VERDICT_EXEMPT + 1];
	uint64_t	 observed;	/* allowed, would have been denied */
	uint64_t	 linked;	/* sessions of an earlier decision */
	uint64_t	 aborted;	/* the asking process went away */
	uint64_t	 failed;	/* refused requests: malformed, ... */
	/* At witness.sock, where anybody can bring about the second. */
	uint64_t	 stated;
	uint64_t	 unstated;	/* refused, or the asker went away */
	uint64_t	 audit_errors;
	int64_t		 audit_warned_ns;
	uint64_t	 audit_recovered;	/* the record, once reported */
	uint64_t	 audit_damaged;		/* likewise; no renaming */
	uint64_t	 audit_broken;		/* and it is not whole */
	/* How long decisions took: since the start, and within the hour. */
	uint64_t	 within[STATS_BOUNDS + 1]; /* each its own, no sum */
	uint64_t	 latencies;
	uint64_t	 latency_sum_us;
	struct stats_window window[STATS_WINDOWS];
};

/* now_ns is of CLOCK_MONOTONIC in both. */
void	stats_latency(struct stats *stats, int64_t now_ns, int64_t latency_us);

/*
 * The p-th percentile (1..100) of the last hour, the upper end of its bin, and
 * of how many; 0 if there are none.
 */
uint32_t stats_percentile(const struct stats *stats, int64_t now_ns,
	    unsigned int p);
uint64_t stats_recent(const struct stats *stats, int64_t now_ns);

#endif
