/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.unknown: the scanner could not look at the calling process. That is
 * an error and not the absence of remote control.
 */
#include "policyd/check/check.h"

void
check_remote_unknown(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	if (facts->peer.state == FACT_ERROR)
		finding_add(findings, FINDING_REMOTE_UNKNOWN, "",
		    "nothing is known of the calling process");
}
