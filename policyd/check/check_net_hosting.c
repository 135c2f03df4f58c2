/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.hosting: the origin is in a data centre, by an administrator's network,
 * by the organisation that announces its address, or by a database. Whoever
 * announces an address is context only, so that a list of VPN providers'
 * autonomous systems makes this finding and not net.anonymizer.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_source.h"

static void
add_lists(struct check_source *source, const struct facts *facts,
    const struct conf *conf)
{
	char dated[CHECK_DATED_SIZE], asn[CHECK_ASN_SIZE];
	const struct conf_asns *list;
	size_t i;

	if (facts->asn.state != FACT_KNOWN)
		return;
	for (i = 0; i < facts->asn.nlists; i++) {
		list = &conf->asns[facts->asn.list[i]];
		if (list->kind != CONF_NET_HOSTING &&
		    list->kind != CONF_NET_VPN)
			continue;
		check_source_add(source, "%s is on asn %s%s",
		    check_source_asn(&facts->asn, asn), list->name,
		    check_source_dated(list->listed_at_s, list->max_age_s,
			facts->at_s, dated));
	}
}

void
check_net_hosting(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	struct check_source source = { 0 };

	(void)policy; /* a data centre is one under every policy */
	if (check_place_trusted(facts, conf))
		return;
	check_source_networks(&source, facts, conf, CONF_NET_HOSTING);
	add_lists(&source, facts, conf);
	check_source_anonymous(&source, facts, conf, FACT_ANON_HOSTING,
	    "a data centre");
	if (source.len > 0)
		finding_add(findings, FINDING_NET_HOSTING, "", "%s",
		    source.text);
}
