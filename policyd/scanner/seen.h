/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who asked PAM, as the scanner itself saw them then: of a leader that has
 * ended nothing else can be told but what the decider says.
 */
#ifndef FG_SEEN_H
#define FG_SEEN_H

#include <stdint.h>

#include "policyd/facts.h"

#define SEEN_SLOTS 16384u /* a power of two */
#define SEEN_WAYS  8u	  /* places that a process may have */

struct seen_process {
	struct fact_process process; /* .pid 0: empty */
	uint64_t	 order;		/* the lowest was seen first */
	uint32_t	 audit_session;
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

/* Zeroed is empty. */
struct seen {
	struct seen_process slot[SEEN_SLOTS];
	uint64_t	 order;
};

/* As it is now; one of FACT_KNOWN. Where there is no room, the oldest goes. */
void	seen_add(struct seen *seen, const struct fact_peer *peer);

/* Borrowed until the next seen_add(); NULL: it was not seen, or long ago. */
const struct seen_process *seen_find(const struct seen *seen,
    const struct fact_process *who);

#endif
