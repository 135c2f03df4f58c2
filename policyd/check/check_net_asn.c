/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.asn: the origin's autonomous system is one that the policy denies, by
 * its number or by a list that has it; or it could not be looked up, which is
 * not the same as none of them.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_source.h"

static bool
matches(const struct conf *conf, const struct conf_asn_rule *rule,
    uint32_t number)
{
	if (rule->number != 0)
		return rule->number == number;
	return conf_asns_has(&conf->asns[rule->list], number);
}

static void
found(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, size_t which,
    struct finding_list *findings)
{
	const struct conf_asn_rule *rule = &policy->asn_rules[which];
	char dated[CHECK_DATED_SIZE] = "", asn[CHECK_ASN_SIZE];
	const struct conf_asns *list;

	if (rule->number == 0) {
		list = &conf->asns[rule->list];
		(void)check_source_dated(list->listed_at_s, list->max_age_s,
		    facts->at_s, dated);
	}
	finding_add(findings, FINDING_NET_ASN, "denied",
	    "%s is among deny_asns of policy %s%s%s%s",
	    check_source_asn(&facts->asn, asn), policy->name,
	    rule->number != 0 ? "" : ", by asn ",
	    rule->number != 0 ? "" : policy->deny_asns.v[which], dated);
}

void
check_net_asn(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	size_t i;

	if (policy == NULL || policy->deny_asns.n == 0 ||
	    check_place_trusted(facts, conf))
		return;
	if (facts->asn.state == FACT_ERROR)
		finding_add(findings, FINDING_NET_ASN, "unknown",
		    "the databases of autonomous systems cannot be used");
	if (facts->asn.state != FACT_KNOWN)
		return;
	for (i = 0; i < policy->deny_asns.n; i++)
		if (matches(conf, &policy->asn_rules[i], facts->asn.number)) {
			found(facts, conf, policy, i, findings);
			return;
		}
}
