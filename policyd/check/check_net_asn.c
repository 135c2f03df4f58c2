/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.asn: the origin's autonomous system is one that the policy denies, by
 * its number or by a list that has it; or it is new for this person, the first
 * one of all included, which is not trusted either; or it could not be looked
 * up, which is not the same as none of them.
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

static void
check_denied(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	size_t i;

	for (i = 0; policy != NULL && i < policy->deny_asns.n; i++)
		if (matches(conf, &policy->asn_rules[i], facts->asn.number)) {
			found(facts, conf, policy, i, findings);
			return;
		}
}

static void
check_new(const struct facts *facts, const struct conf *conf,
    struct finding_list *findings)
{
	const struct fact_history *h = &facts->history;
	char asn[CHECK_ASN_SIZE];

	if (h->asn_state != FACT_KNOWN || check_is_service_account(facts) ||
	    h->asn_days >= conf->asn_learning)
		return;
	finding_add(findings, FINDING_NET_ASN, "new",
	    "%s is new for %s: %lu day%s with logins from there before, %lu "
	    "make it known",
	    check_source_asn(&facts->asn, asn), fact_who(facts),
	    (unsigned long)h->asn_days, h->asn_days == 1 ? "" : "s",
	    (unsigned long)conf->asn_learning);
}

/* Of all others nothing is asked, so that nothing is missed. */
static bool
is_asked(const struct facts *facts, const struct conf_policy *policy)
{
	return (policy != NULL && policy->deny_asns.n > 0) ||
	    (facts->kind == SERVICE_REMOTE && !check_is_service_account(facts));
}

void
check_net_asn(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	if (check_place_trusted(facts, conf))
		return;
	if (facts->asn.state == FACT_ERROR && is_asked(facts, policy))
		finding_add(findings, FINDING_NET_ASN, "unknown",
		    "the databases of autonomous systems cannot be used");
	if (facts->asn.state != FACT_KNOWN)
		return;
	check_denied(facts, conf, policy, findings);
	check_new(facts, conf, findings);
}
