/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is no error, and may still not be what was meant: gates that stand
 * open, and a step_up for nothing. farmgatectl check tells of them; the daemon
 * does not care.
 */

#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"

static void
warn_exempt(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_strings *exempt = &conf->services[SERVICE_EXEMPT];
	size_t i;

	for (i = 0; i < exempt->n; i++)
		if (conf_services_shipped(exempt->v[i]) == SERVICE_REMOTE)
			conf_errors_add(warnings, conf->path, exempt->lines[i],
			    "warning: \"%s\" is exempt, which switches the "
			    "gate off for it; take it off the list, or write "
			    "a policy with mode = \"observe\"",
			    exempt->v[i]);
}

/* True if other decides wherever policy decides for service, and elsewhere. */
static bool
decides_elsewhere(const struct conf_policy *other,
    const struct conf_policy *policy, const char *service)
{
	size_t i;

	if (other->networks.n > 0 ||
	    (other->services.n > 0 &&
		!conf_strings_has(&other->services, service)))
		return false;
	if (other->users.n == 0)
		return true;
	for (i = 0; i < policy->users.n; i++)
		if (!conf_strings_has(&other->users, policy->users.v[i]))
			return false;
	return policy->users.n > 0;
}

static void
warn_service(const struct conf *conf, const struct conf_policy *policy,
    size_t service, struct conf_errors *warnings)
{
	const char *name = policy->services.v[service];
	enum service_kind kind = conf_service_kind(conf, name);
	unsigned int line;
	size_t i;

	if ((kind != SERVICE_NESTED && kind != SERVICE_CONSOLE) ||
	    conf_failure_action(conf, NULL, FAILURE_NO_POLICY, kind, &line) ==
		ACTION_DENY)
		return;
	for (i = 0; i < conf->npolicies; i++)
		if (decides_elsewhere(&conf->policies[i], policy, name))
			return;
	conf_errors_add(warnings, conf->path, policy->services.lines[service],
	    "warning: policy %s decides about \"%s\" from its networks only, "
	    "and no_policy allows it from elsewhere; add on_failure = "
	    "{\"no_policy = deny\"} outside of all policies, or a policy "
	    "without networks below",
	    policy->name, name);
}

static bool
is_named(const struct conf *conf, const char *network)
{
	size_t i;

	for (i = 0; i < conf->npolicies; i++)
		if (conf_strings_has(&conf->policies[i].networks, network))
			return true;
	return false;
}

static void
warn_no_countries(const struct conf *conf, const struct conf_policy *policy,
    unsigned int line, struct conf_errors *warnings)
{
	conf_errors_add(warnings, conf->path, line,
	    "warning: policy %s has no countries, so geo.country is found for "
	    "people of the inventory only; add countries = {...}, or remove "
	    "this",
	    policy->name);
}

/* What the inventory says of people is not known here. */
static void
warn_countries(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *warnings)
{
	const struct conf_combination *comb;
	size_t i, k;

	if (policy->countries.n > 0)
		return;
	for (i = 0; i < policy->nrules; i++)
		if (policy->rules[i].code == FINDING_GEO_COUNTRY)
			warn_no_countries(conf, policy, policy->rules[i].line,
			    warnings);
	for (i = 0; i < policy->ncombinations; i++) {
		comb = &policy->combinations[i];
		for (k = 0; k < comb->nfindings; k++)
			if (comb->findings[k].code == FINDING_GEO_COUNTRY)
				warn_no_countries(conf, policy,
				    comb->findings[k].line, warnings);
	}
}

/* Neither is what it says of service accounts. */
static void
warn_network(const struct conf *conf, const struct conf_network *net,
    struct conf_errors *warnings)
{
	if (net->label == NULL && net->country[0] == '\0' &&
	    net->kind == CONF_NET_NONE && net->trust == CONF_TRUST_NONE &&
	    net->shared == NULL && !is_named(conf, net->name))
		conf_errors_add(warnings, conf->path, net->line,
		    "warning: network %s only counts for service accounts of "
		    "the inventory; name it in a policy, or give it a kind, a "
		    "label, a place, trust or shared",
		    net->name);
}

/* Whoever writes 0.0.0.0/0 here has switched the gate off. */
static void
warn_wide(const struct conf *conf, const struct conf_network *net,
    struct conf_errors *warnings)
{
	bool trusted = net->trust != CONF_TRUST_NONE;

	if ((trusted || net->country[0] != '\0') && netset_is_wide(net->set))
		conf_errors_add(warnings, conf->path, net->line,
		    "warning: network %s is wider than an IPv4 /8 or an IPv6 "
		    "/16, and %s; name the networks that are meant",
		    net->name,
		    trusted ? "trust makes no geo.* or net.* finding there" :
			      "place is believed of all of it");
}

/* True if step_up says who answers for that finding. */
static bool
asks_by_step_up(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, const char *grade)
{
	const struct conf_rule *rule = conf_rule_of(conf, policy, code, grade);
	unsigned int line;

	return (rule == NULL || rule->methods.n == 0) &&
	    conf_action(conf, policy, code, grade, &line) == ACTION_CHALLENGE &&
	    conf_machine_finds(conf, code, grade);
}

static bool
finding_uses_step_up(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code)
{
	const struct finding_info *info = finding_info(code);
	size_t i;

	for (i = 0; info->grades != NULL && info->grades[i] != NULL; i++)
		if (asks_by_step_up(conf, policy, code, info->grades[i]))
			return true;
	for (i = 0; info->labelled && i < conf->nnetworks; i++)
		if (conf->networks[i].label != NULL &&
		    asks_by_step_up(conf, policy, code,
			conf->networks[i].label))
			return true;
	return info->grades == NULL && !info->labelled &&
	    asks_by_step_up(conf, policy, code, NULL);
}

static bool
policy_uses_step_up(const struct conf *conf, const struct conf_policy *policy)
{
	enum finding_code code;
	size_t i;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		if (finding_uses_step_up(conf, policy, code))
			return true;
	for (i = 0; policy != NULL && i < policy->ncombinations; i++)
		if (policy->combinations[i].action == ACTION_CHALLENGE &&
		    policy->combinations[i].methods.n == 0)
			return true;
	return false;
}

static void
warn_step_up(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_policy *p;
	bool used = policy_uses_step_up(conf, NULL), uses;
	size_t i;

	for (i = 0; i < conf->npolicies; i++) {
		p = &conf->policies[i];
		uses = policy_uses_step_up(conf, p);
		used = used || (uses && p->step_up_line == 0);
		if (p->step_up_line != 0 && !uses)
			conf_errors_add(warnings, conf->path, p->step_up_line,
			    "warning: no challenge of policy %s uses its "
			    "step_up; remove it, or challenge a finding",
			    p->name);
	}
	if (conf->step_up_line != 0 && !used)
		conf_errors_add(warnings, conf->path, conf->step_up_line,
		    "warning: no challenge uses step_up; remove it, or "
		    "challenge a finding");
}

/* Nobody is asked for what is refused outright. */
static void
warn_unasked(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *warnings)
{
	unsigned int line;

	if (conf_has_method(conf, METHOD_DEVICE) &&
	    conf_action(conf, policy, FINDING_DEVICE_UNENROLLED, "unattested",
		&line) == ACTION_DENY &&
	    line != 0)
		conf_errors_add(warnings, conf->path, line,
		    "warning: device.unenrolled:unattested = deny refuses "
		    "everybody, as no laptop is asked then; write \"challenge "
		    "device\" in the place of deny");
}

static void
warn_all_unasked(const struct conf *conf, struct conf_errors *warnings)
{
	warn_unasked(conf, NULL, warnings);
	for (size_t i = 0; i < conf->npolicies; i++)
		if (conf_rule_of(conf, &conf->policies[i],
			FINDING_DEVICE_UNENROLLED, "unattested") !=
		    conf_rule_of(conf, NULL, FINDING_DEVICE_UNENROLLED,
			"unattested"))
			warn_unasked(conf, &conf->policies[i], warnings);
}

/* The line of the first challenge that names its methods, or 0. */
static unsigned int
first_with_methods(const struct conf_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].methods.n > 0)
			return rules[i].line;
	return 0;
}

static void
warn_no_decoy(const struct conf *conf, unsigned int line,
    struct conf_errors *warnings)
{
	if (line != 0)
		conf_errors_add(warnings, conf->path, line,
		    "warning: challenges that name their methods are asked, "
		    "and who is refused in any case is not, who sees the "
		    "difference; write a step_up as well");
}

/* Who is refused is asked by step_up, so that they learn nothing. */
static void
warn_no_step_up(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_policy *p;
	unsigned int line;

	if (conf->step_up.n > 0)
		return;
	warn_no_decoy(conf, first_with_methods(conf->rules, conf->nrules),
	    warnings);
	for (size_t i = 0; i < conf->npolicies; i++) {
		p = &conf->policies[i];
		line = first_with_methods(p->rules, p->nrules);
		for (size_t k = 0; line == 0 && k < p->ncombinations; k++)
			if (p->combinations[k].methods.n > 0)
				line = p->combinations[k].line;
		if (p->step_up.n == 0)
			warn_no_decoy(conf, line, warnings);
	}
}

/* A machine that runs very many processes is not looked at as a whole. */
static void
warn_unseen(const struct conf *conf, const struct conf_rule *rules, size_t n,
    struct conf_errors *warnings)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rules[i].code == FINDING_REMOTE_UNKNOWN &&
		    rules[i].action == ACTION_DENY &&
		    (rules[i].grade == NULL ||
			strcmp(rules[i].grade, "blind") != 0))
			conf_errors_add(warnings, conf->path, rules[i].line,
			    "warning: by this any user who runs very many "
			    "processes keeps everybody out; write "
			    "\"remote.unknown:blind = deny\"");
}

static void
warn_idle(const struct conf *conf, const char *key, unsigned int line,
    struct conf_errors *warnings)
{
	if (line != 0)
		conf_errors_add(warnings, conf->path, line,
		    "warning: %s is of no use, because nothing answers a "
		    "challenge; write a step_up, or remove it",
		    key);
}

/* What somebody else renames is not the daemon's to remove. */
static void
warn_keep(const struct conf *conf, struct conf_errors *warnings)
{
	if (conf->audit_keep_s != 0 && conf->audit_rotate_size == 0 &&
	    conf->audit_rotate_age_s == 0)
		conf_errors_add(warnings, conf->path, conf->audit_keep_line,
		    "warning: audit_keep is of no use, because the daemon "
		    "removes nothing but what it has rotated itself; write an "
		    "audit_rotate_age, or have whoever rotates the log remove "
		    "old files, and write audit_keep = \"off\"");
}

void
conf_warn(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_policy *p;
	size_t i, k;

	warn_exempt(conf, warnings);
	warn_keep(conf, warnings);
	warn_step_up(conf, warnings);
	warn_all_unasked(conf, warnings);
	warn_no_step_up(conf, warnings);
	if (!conf_has_methods(conf)) {
		warn_idle(conf, "step_up_time", conf->step_up_time_line,
		    warnings);
		warn_idle(conf, "remember", conf->remember_line, warnings);
	}
	conf_warn_blind(conf, warnings);
	warn_unseen(conf, conf->rules, conf->nrules, warnings);
	for (i = 0; i < conf->nnetworks; i++) {
		warn_network(conf, &conf->networks[i], warnings);
		warn_wide(conf, &conf->networks[i], warnings);
	}
	for (i = 0; i < conf->npolicies; i++) {
		p = &conf->policies[i];
		warn_countries(conf, p, warnings);
		warn_unseen(conf, p->rules, p->nrules, warnings);
		for (k = 0; p->networks.n > 0 && k < p->services.n; k++)
			warn_service(conf, p, k, warnings);
	}
	conf_errors_sort(warnings, conf->path);
}

/* What conf_network and conf_asns have alike. */
struct old_list {
	const char *kind;
	const char *name;
	unsigned int line;
	int64_t listed_at_s;
	int64_t max_age_s;
};

static void
warn_list(const struct conf *conf, const struct old_list *list, int64_t now_s,
    struct conf_errors *warnings)
{
	char day[CIVIL_DAY_SIZE];

	if (list->listed_at_s == 0 || list->max_age_s == 0 ||
	    now_s - list->listed_at_s <= list->max_age_s)
		return;
	conf_errors_add(warnings, conf->path, list->line,
	    "warning: %s %s is of %s and older than its max_age; it stays in "
	    "use, update its files",
	    list->kind, list->name, civil_day(list->listed_at_s, day));
}

/* The last day is told, as it was written. */
static void
warn_shared(const struct conf *conf, const struct conf_network *net,
    int64_t now_s, struct conf_errors *warnings)
{
	char day[CIVIL_DAY_SIZE];

	if (net->shared == NULL || now_s < net->shared_until_s)
		return;
	conf_errors_add(warnings, conf->path, net->line,
	    "warning: network %s was shared until %s, and people behind one "
	    "address of it count again; set another shared_until, or remove "
	    "shared",
	    net->name, civil_day(net->shared_until_s - 1, day));
}

void
conf_warn_old(const struct conf *conf, int64_t now_s,
    struct conf_errors *warnings)
{
	size_t i;

	for (i = 0; i < conf->nnetworks; i++) {
		const struct conf_network *net = &conf->networks[i];
		const struct old_list list = { "network", net->name, net->line,
			net->listed_at_s, net->max_age_s };

		warn_list(conf, &list, now_s, warnings);
		warn_shared(conf, net, now_s, warnings);
	}
	for (i = 0; i < conf->nasns; i++) {
		const struct conf_asns *asns = &conf->asns[i];
		const struct old_list list = { "asn", asns->name, asns->line,
			asns->listed_at_s, asns->max_age_s };

		warn_list(conf, &list, now_s, warnings);
	}
}
