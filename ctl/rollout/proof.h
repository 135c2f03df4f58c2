/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether people still pass a service's stack when its file is changed: libpam
 * runs it, from a private folder, before anything is written. Of
 * the phases that one which decides is run: account. Nobody is asked anything.
 */
#ifndef FG_CTL_ROLLOUT_PROOF_H
#define FG_CTL_ROLLOUT_PROOF_H

#include "ctl/rollout/plan.h"
#include "policyd/facts.h"

/*
 * Prove a plan for user; from is the address for remote services, or "". Says
 * what came of it on standard output.
 * Returns CTL_OK, CTL_NO (the change keeps this user out) or CTL_ERROR: it
 * cannot be told, as when the user does not pass the stack as it is now.
 */
int	proof_run(const struct plan *plan, enum service_kind kind,
	    const char *from, const char *user);

#endif
