/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decision's record of the audit log as the facts that it was made from, as
 * far as it says them, and what came of it.
 */
#ifndef FG_CTL_REPLAY_RECORDED_H
#define FG_CTL_REPLAY_RECORDED_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/facts.h"
#include "policyd/finding.h"

struct recorded {
	/* .login but for its groups, .kind as it was, .origin, .place without
	 * indexes, .asn without lists, .anonymous, .person without what the
	 * inventory says, .exceptions, .revocation, .bundle, .sessions and
	 * .history: .last without its networks. */
	struct facts	 facts;
	/* Of those that cannot be found again. */
	struct finding_list findings;
	bool		 has_asn, has_anonymous, has_person; /* they are said */
	bool		 from_network;	/* the place was a network's */
	bool		 proved;	/* a step-up: passed, or remembered */
	bool		 unproved;	/* one was wanted, and not passed */
	bool		 left;		/* no access, by then's inventory */
	char		 why[256];	/* which line decided */
};

/* Returns 0 or FG_ERR_FORMAT. Of .facts only what is named above is set. */
int	recorded_read(const char *text, size_t len,
	    struct recorded *ret_recorded);

/* Whether a finding is one that a record alone tells of. */
bool	recorded_keeps(enum finding_code code);

#endif
