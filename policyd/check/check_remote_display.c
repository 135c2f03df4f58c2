/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.display: what the machine shows goes into a capture device, or to
 * nobody.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_remote_display(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_REMOTE_DISPLAY, findings);
}
