/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters since the start and the latencies of the last decisions, for
 * status. Nothing here takes part in a decision.
 */
#ifndef FG_STATS_H
#define FG_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "proto/msg.h"

#define STATS_LATENCIES	1024u

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
	uint32_t	 latency_us[STATS_LATENCIES];	/* a ring */
	size_t		 latencies;			/* ever recorded */
};

void	stats_latency(struct stats *stats, int64_t latency_us);

/* The p-th percentile (1..100) of the last ones, 0 if there are none. */
uint32_t stats_percentile(const struct stats *stats, unsigned int p);

#endif
