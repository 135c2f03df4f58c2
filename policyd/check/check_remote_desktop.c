/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.desktop: a desktop of this machine that others can look at, or do.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_remote_desktop(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_REMOTE_DESKTOP, findings);
}
