/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.vpn_client: a VPN client that nobody has approved.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_net_vpn_client(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_NET_VPN_CLIENT, findings);
}
