/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.jiggler: something plays the person who is not there.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_remote_jiggler(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_REMOTE_JIGGLER, findings);
}
