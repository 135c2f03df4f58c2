/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether people still pass a service's stack when its file is changed: libpam
 * runs it, from a private copy of /etc/pam.d, before anything is written. Of
 * the phases that one which decides is run: account. Nobody is asked anything.
 */
#ifndef FG_CTL_ROLLOUT_PROOF_H
#define FG_CTL_ROLLOUT_PROOF_H

#include <stdbool.h>

#include "ctl/rollout/plan.h"
#include "policyd/facts.h"

struct proof {
	const struct plan *plans;	/* all of a change */
	size_t		 n;
	const char	*from;	/* the address for remote services, or "" */
};

/*
 * Prove plan i of them for user. Says what came of it on standard output.
 * Returns CTL_OK, CTL_NO (the change keeps this user out) or CTL_ERROR: it
 * cannot be told, as when the user does not pass the stack as it is now.
 */
int	proof_run(const struct proof *proof, size_t i, enum service_kind kind,
	    const char *user);

#endif
