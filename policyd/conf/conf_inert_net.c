/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses networks, lists of autonomous systems and rules about them that
 * could be evaluated and never have an effect.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"

static void
check_age(const struct conf *conf, const char *kind, const char *name,
    unsigned int line, struct conf_errors *errors)
{
	conf_errors_add(errors, conf->path, line,
	    "max_age of %s %s has no effect without files; remove it, or "
	    "move what may grow old to a file",
	    kind, name);
}

static void
check_network(const struct conf *conf, const struct conf_network *net,
    struct conf_errors *errors)
{
	if (net->cidrs.n == 0 && net->files.n == 0)
		conf_errors_add(errors, conf->path, net->line,
		    "network %s has no address; add cidr = {...} or "
		    "files = {...}",
		    net->name);
	if (net->max_age_s != 0 && net->files.n == 0)
		check_age(conf, "network", net->name, net->line, errors);
	if (net->kind != CONF_NET_NONE && net->trust != CONF_TRUST_NONE)
		conf_errors_add(errors, conf->path, net->line,
		    "kind of network %s has no effect, because nothing is "
		    "made of it in a network with trust; remove one of them",
		    net->name);
	conf_inert_shared(conf, net, errors);
}

/* True if a policy denies the list's numbers. */
static bool
is_denied(const struct conf *conf, const char *list)
{
	size_t i;

	for (i = 0; i < conf->npolicies; i++)
		if (conf_strings_has(&conf->policies[i].deny_asns, list))
			return true;
	return false;
}

static void
check_asns(const struct conf *conf, const struct conf_asns *asns,
    struct conf_errors *errors)
{
	if (asns->numbers.n == 0 && asns->files.n == 0)
		conf_errors_add(errors, conf->path, asns->line,
		    "asn %s has no number; add numbers = {...} or "
		    "files = {...}",
		    asns->name);
	if (asns->max_age_s != 0 && asns->files.n == 0)
		check_age(conf, "asn", asns->name, asns->line, errors);
	if (asns->kind == CONF_NET_NONE && !is_denied(conf, asns->name))
		conf_errors_add(errors, conf->path, asns->line,
		    "asn %s has no effect; name it in deny_asns of a policy, "
		    "or give it a kind",
		    asns->name);
	if (!conf_has_database(conf, CONF_DATABASE_ASN))
		conf_errors_add(errors, conf->path, asns->line,
		    "nothing tells the autonomous system of an address, so "
		    "asn %s has no effect; add database asn { files = {...} }",
		    asns->name);
}

void
conf_inert_networks(const struct conf *conf, struct conf_errors *errors)
{
	size_t i;

	for (i = 0; i < conf->nnetworks; i++)
		check_network(conf, &conf->networks[i], errors);
	for (i = 0; i < conf->nasns; i++)
		check_asns(conf, &conf->asns[i], errors);
}

/* True if net.anonymizer can be found, with this grade (NULL: with any). */
static bool
finds_anonymizer(const struct conf *conf, const char *grade)
{
	enum conf_net_kind kind;
	size_t i;

	if (conf_has_database(conf, CONF_DATABASE_ANONYMOUS))
		return true;
	for (i = 0; i < conf->nnetworks; i++) {
		kind = conf->networks[i].kind;
		if (conf_kind_is_anonymizer(kind) &&
		    (grade == NULL ||
			strcmp(conf_net_kind_name(kind), grade) == 0))
			return true;
	}
	return false;
}

static bool
finds_hosting(const struct conf *conf)
{
	size_t i;

	if (conf_has_database(conf, CONF_DATABASE_ANONYMOUS))
		return true;
	for (i = 0; i < conf->nnetworks; i++)
		if (conf->networks[i].kind == CONF_NET_HOSTING)
			return true;
	for (i = 0; i < conf->nasns; i++)
		if (conf->asns[i].kind == CONF_NET_HOSTING ||
		    conf->asns[i].kind == CONF_NET_VPN)
			return true;
	return false;
}

/* By this policy, or with NULL by any of them. */
static bool
denies_asns(const struct conf *conf, const struct conf_policy *policy)
{
	size_t i;

	if (policy != NULL)
		return policy->deny_asns.n > 0;
	for (i = 0; i < conf->npolicies; i++)
		if (conf->policies[i].deny_asns.n > 0)
			return true;
	return false;
}

/* Any system may be new for somebody, once it is known at all. */
static const char *
missing_asn(const struct conf *conf, const struct conf_policy *policy,
    const char *grade)
{
	if (grade == NULL || strcmp(grade, "denied") != 0)
		return conf_has_database(conf, CONF_DATABASE_ASN) ?
		    NULL :
		    "add database asn { files = {...} }";
	if (denies_asns(conf, policy))
		return NULL;
	return policy != NULL ? "add deny_asns = {...} to the policy" :
				"add deny_asns = {...} to a policy";
}

/* What a rule's finding needs and is not there; NULL if it can be found. */
static const char *
missing_source(const struct conf *conf, const struct conf_policy *policy,
    const struct conf_rule *rule)
{
	if (rule->code == FINDING_NET_ANONYMIZER &&
	    !finds_anonymizer(conf, rule->grade))
		return "add database anonymous { files = {...} }, or for vpn, "
		       "proxy and tor a network of that kind";
	if (rule->code == FINDING_NET_HOSTING && !finds_hosting(conf))
		return "add a network or a list of autonomous systems with "
		       "kind = \"hosting\", or database anonymous";
	if (rule->code == FINDING_GEO_TRAVEL &&
	    !conf_has_database(conf, CONF_DATABASE_CITY))
		return "add database city { files = {...} }";
	if (rule->code == FINDING_SESSION_LIMIT ||
	    rule->code == FINDING_SESSION_PLACES ||
	    rule->code == FINDING_SESSION_SHARED_DEVICE ||
	    rule->code == FINDING_SESSION_SHARED_SITE)
		return conf_inert_missing(conf, policy, rule->code);
	if (rule->code == FINDING_NET_ASN)
		return missing_asn(conf, policy, rule->grade);
	return NULL;
}

static void
check_rules(const struct conf *conf, const struct conf_policy *policy,
    const struct conf_rule *rules, size_t n, struct conf_errors *errors)
{
	char name[FINDING_NAME_SIZE];
	const char *missing;
	size_t i;

	for (i = 0; i < n; i++) {
		missing = missing_source(conf, policy, &rules[i]);
		if (missing == NULL)
			continue;
		conf_errors_add(errors, conf->path, rules[i].line,
		    "%s is never found; %s, or remove this",
		    finding_name(rules[i].code, rules[i].grade, name), missing);
	}
}

static void
check_deny_asns(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	unsigned int line, at = policy->deny_asns.lines[0];

	if (!conf_has_database(conf, CONF_DATABASE_ASN))
		conf_errors_add(errors, conf->path, at,
		    "nothing tells the autonomous system of an address; add "
		    "database asn { files = {...} }");
	if (conf_action(conf, policy, FINDING_NET_ASN, "denied", &line) ==
		ACTION_IGNORE &&
	    !conf_inert_combines(policy, FINDING_NET_ASN))
		conf_errors_add(errors, conf->path, at,
		    "deny_asns of policy %s have no effect, because line %u "
		    "ignores net.asn; remove one of them",
		    policy->name, line);
}

void
conf_inert_sources(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	const struct conf_combination *comb;
	size_t i;

	if (policy == NULL) {
		check_rules(conf, NULL, conf->rules, conf->nrules, errors);
		return;
	}
	check_rules(conf, policy, policy->rules, policy->nrules, errors);
	for (i = 0; i < policy->ncombinations; i++) {
		comb = &policy->combinations[i];
		check_rules(conf, policy, comb->findings, comb->nfindings,
		    errors);
	}
	if (policy->deny_asns.n > 0)
		check_deny_asns(conf, policy, errors);
}
