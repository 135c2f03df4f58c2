/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plans for several services.
 */
#include "ctl/rollout/services.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"

int
services_add(struct services *services, struct plan *plan)
{
	for (size_t i = 0; i < services->n; i++)
		if (strcmp(services->plans[i].service, plan->service) == 0) {
			ctl_complain("%s is named twice", plan->service);
			return CTL_ERROR;
		}
	if (!plan_changes(plan)) {
		plan_done(plan);
		return CTL_OK;
	}
	if (services->n == PENDING_SERVICES_MAX) {
		ctl_complain("more than %u services at once",
		    PENDING_SERVICES_MAX);
		return CTL_ERROR;
	}
	services->plans[services->n++] = *plan;
	memset(plan, 0, sizeof(*plan));
	return CTL_OK;
}

int
services_show(const struct services *services)
{
	int status = CTL_OK;

	for (size_t i = 0; i < services->n && status == CTL_OK; i++)
		status = plan_print(&services->plans[i]);
	return status;
}

int
services_ask(bool yes)
{
	return yes ? CTL_OK : ctl_ask("", "Write this?", "nothing was written");
}

int
services_carry_out(const struct services *services)
{
	int status = CTL_OK;

	for (size_t i = 0; i < services->n; i++)
		if (plan_carry_out(&services->plans[i]) != CTL_OK)
			status = CTL_ERROR;
	return status;
}

void
services_done(struct services *services)
{
	while (services->n > 0)
		plan_done(&services->plans[--services->n]);
}

bool
services_may_change(const char *command)
{
	if (geteuid() == 0)
		return true;
	ctl_complain("%s: only root changes PAM stacks; use sudo", command);
	return false;
}
