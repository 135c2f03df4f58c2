/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was found when the login took place, and is nothing that can be found
 * again: a tool that ran then, a device that was there. Which of it that is, is
 * for whoever decides it again.
 */
#include "policyd/check/check.h"

void
check_recorded(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct finding_list *recorded = facts->recorded;

	(void)conf;
	(void)policy;
	for (size_t i = 0; recorded != NULL && i < recorded->count; i++) {
		if (findings->count == FINDING_LIST_MAX) {
			findings->overflow = true;
			return;
		}
		findings->list[findings->count++] = recorded->list[i];
	}
}
