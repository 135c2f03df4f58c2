/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.tool: a remote-control tool, or a process that hides what it is.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_remote_tool(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_REMOTE_TOOL, findings);
}
