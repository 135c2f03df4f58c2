/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.listed: the origin is in a network that carries a label. One finding a
 * label, naming the first network that has it.
 */
#include "policyd/check/check.h"

#include <string.h>

#include "policyd/check/check_source.h"

static bool
label_seen(const struct facts *facts, const struct conf *conf, size_t upto)
{
	const char *label = conf->networks[facts->networks.index[upto]].label;
	size_t i;

	for (i = 0; i < upto; i++) {
		const struct conf_network *net =
		    &conf->networks[facts->networks.index[i]];

		if (net->label != NULL && strcmp(net->label, label) == 0)
			return true;
	}
	return false;
}

void
check_net_listed(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct conf_network *net;
	char dated[CHECK_DATED_SIZE];
	size_t i;

	(void)policy; /* a list is a list under every policy */
	for (i = 0; i < facts->networks.count; i++) {
		net = &conf->networks[facts->networks.index[i]];
		if (net->label != NULL && !label_seen(facts, conf, i))
			finding_add(findings, FINDING_NET_LISTED, net->label,
			    "in network %s%s", net->name,
			    check_source_dated(net->listed_at_s, net->max_age_s,
				facts->at_s, dated));
	}
}
