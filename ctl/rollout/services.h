/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What enable and disable have in common: several services, changed together
 * or not at all.
 */
#ifndef FG_CTL_ROLLOUT_SERVICES_H
#define FG_CTL_ROLLOUT_SERVICES_H

#include <stdbool.h>

#include "ctl/rollout/pending.h"
#include "ctl/rollout/plan.h"

struct services {
	struct plan	 plans[PENDING_SERVICES_MAX]; /* that change a file */
	size_t		 n;
};

/* Take a plan in, which is then its; or drop one that changes nothing. */
int	services_add(struct services *services, struct plan *plan);

/* The diffs, and then, on a terminal and without yes, the question. Returns
 * CTL_OK, CTL_NO (it is not to be done) or CTL_ERROR after a complaint. */
int	services_show(const struct services *services);
int	services_ask(bool yes);

/* Each file that can be is written. Returns CTL_OK or CTL_ERROR. */
int	services_carry_out(const struct services *services);
void	services_done(struct services *services);

/* Only root changes stacks. Complains. */
bool	services_may_change(const char *command);

#endif
