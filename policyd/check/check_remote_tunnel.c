/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.tunnel: a way in past the network's edge, or a shared terminal.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_remote_tunnel(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_REMOTE_TUNNEL, findings);
}
