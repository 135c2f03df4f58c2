/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who asked PAM, as the scanner itself saw them then: of a leader that has
 * ended nothing else can be told but what the decider says.
 */
#ifndef FG_SEEN_H
#define FG_SEEN_H

#include <stdint.h>

#include "policyd/facts.h"

#define SEEN_MAX     16384u
#define SEEN_BUCKETS 16384u /* a power of two */

/* Places are told by their number, from 1 on; 0 is none. */
struct seen_process {
	struct fact_process process;
	uint32_t	 audit_session;
	uint32_t	 next;		/* of its bucket */
	uint32_t	 older;
	uint32_t	 younger;
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

/* Zeroed is empty. */
struct seen {
	struct seen_process slot[SEEN_MAX];
	uint32_t	 bucket[SEEN_BUCKETS];
	uint32_t	 n;
	uint32_t	 oldest;
	uint32_t	 youngest;
};

/*
 * As it is now; one of FACT_KNOWN. Where there is no room, of those that have
 * ended that one goes which was added or asked for longest ago.
 */
void	seen_add(struct seen *seen, const struct fact_peer *peer);

/* Somebody asks for its session. */
void	seen_keep(struct seen *seen, const struct fact_process *who);

/* Borrowed until the next seen_add(); NULL: it was not seen, or long ago. */
const struct seen_process *seen_find(const struct seen *seen,
    const struct fact_process *who);

#endif
