/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration says about one thing. Pure look-ups: they serve the
 * decision, and the checks and the dump that must agree with it.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"

/* The first of n rules for code and exactly this grade (NULL: none). */
static const struct conf_rule *
find_rule(const struct conf_rule *rules, size_t n, enum finding_code code,
    const char *grade)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (rules[i].code != code)
			continue;
		if (grade == NULL ? rules[i].grade == NULL :
				    rules[i].grade != NULL &&
			    strcmp(rules[i].grade, grade) == 0)
			return &rules[i];
	}
	return NULL;
}

/*
 * A grade that is shipped stricter than its code is not made milder by a rule
 * for the code: whoever writes that may not know of the grade.
 */
static bool
lowers_grade(const struct conf_rule *rule, const char *grade)
{
	enum action shipped = finding_shipped(rule->code, grade);

	return shipped > finding_shipped(rule->code, "") &&
	    rule->action < shipped;
}

/* The rule for the grade, else the one for the code as a whole. */
static const struct conf_rule *
pick_rule(const struct conf_rule *rules, size_t n, enum finding_code code,
    const char *grade)
{
	const struct conf_rule *rule;

	if (grade == NULL)
		return find_rule(rules, n, code, NULL);
	if ((rule = find_rule(rules, n, code, grade)) != NULL)
		return rule;
	rule = find_rule(rules, n, code, NULL);
	return rule == NULL || lowers_grade(rule, grade) ? NULL : rule;
}

const struct conf_rule *
conf_rule_of(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, const char *grade)
{
	const struct conf_rule *rule = NULL;

	if (grade != NULL && grade[0] == '\0')
		grade = NULL;
	if (policy != NULL)
		rule = pick_rule(policy->rules, policy->nrules, code, grade);
	if (rule == NULL)
		rule = pick_rule(conf->rules, conf->nrules, code, grade);
	return rule;
}

/* As it is written, whether anything answers a challenge or not. */
static enum action
written_action(const struct conf_rule *rule, enum finding_code code,
    const char *grade)
{
	return rule != NULL ? rule->action :
			      finding_shipped(code, grade == NULL ? "" : grade);
}

/* Without those that cannot stand alone against the finding. */
static void
keep_answering(struct methods *methods, enum finding_code code)
{
	size_t i, n = 0;

	for (i = 0; i < methods->n; i++)
		if (method_answers(methods->list[i], code))
			methods->list[n++] = methods->list[i];
	methods->n = n;
}

static const struct methods *
step_up_of(const struct conf *conf, const struct conf_policy *policy)
{
	return policy != NULL && policy->step_up.n > 0 ? &policy->step_up :
							 &conf->step_up;
}

void
conf_methods(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, const char *grade, struct methods *ret_methods)
{
	const struct conf_rule *rule = conf_rule_of(conf, policy, code, grade);

	memset(ret_methods, 0, sizeof(*ret_methods));
	if (written_action(rule, code, grade) != ACTION_CHALLENGE)
		return;
	if (rule != NULL && rule->methods.n > 0) {
		*ret_methods = rule->methods;
		return;
	}
	*ret_methods = *step_up_of(conf, policy);
	keep_answering(ret_methods, code);
}

/* Whom nobody can ask for a proof is refused. */
static enum action
without_methods(enum action action, const struct methods *methods)
{
	return action == ACTION_CHALLENGE && methods->n == 0 ? ACTION_DENY :
							       action;
}

enum action
conf_action(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, const char *grade, unsigned int *ret_line)
{
	const struct conf_rule *rule = conf_rule_of(conf, policy, code, grade);
	struct methods methods;

	*ret_line = rule == NULL ? 0 : rule->line;
	conf_methods(conf, policy, code, grade, &methods);
	return without_methods(written_action(rule, code, grade), &methods);
}

void
conf_combination_methods(const struct conf *conf,
    const struct conf_policy *policy,
    const struct conf_combination *combination, struct methods *ret_methods)
{
	size_t i;

	memset(ret_methods, 0, sizeof(*ret_methods));
	if (combination->action != ACTION_CHALLENGE)
		return;
	if (combination->methods.n > 0) {
		*ret_methods = combination->methods;
		return;
	}
	*ret_methods = *step_up_of(conf, policy);
	for (i = 0; i < combination->nfindings; i++)
		keep_answering(ret_methods, combination->findings[i].code);
}

enum action
conf_combination_action(const struct conf *conf,
    const struct conf_policy *policy,
    const struct conf_combination *combination)
{
	struct methods methods;

	conf_combination_methods(conf, policy, combination, &methods);
	return without_methods(combination->action, &methods);
}

static bool
rules_name(const struct conf_rule *rules, size_t n, enum finding_code code)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rules[i].code == code)
			return true;
	return false;
}

static bool
combination_names(const struct conf_combination *c, enum finding_code code)
{
	size_t i;

	for (i = 0; i < c->nfindings; i++)
		if (c->findings[i].code == code)
			return true;
	return false;
}

bool
conf_names(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code)
{
	size_t i;

	for (i = 0; policy != NULL && i < policy->ncombinations; i++)
		if (combination_names(&policy->combinations[i], code))
			return true;
	return rules_name(conf->rules, conf->nrules, code) ||
	    (policy != NULL && rules_name(policy->rules, policy->nrules, code));
}

/* METHOD_NONE: any of them. */
static bool
have_method(const struct methods *methods, enum method method)
{
	return method == METHOD_NONE ? methods->n > 0 :
				       methods_have(methods, method);
}

static bool
rules_have_method(const struct conf_rule *rules, size_t n, enum method method)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (have_method(&rules[i].methods, method))
			return true;
	return false;
}

static bool
policy_has_method(const struct conf_policy *policy, enum method method)
{
	size_t i;

	for (i = 0; i < policy->ncombinations; i++)
		if (have_method(&policy->combinations[i].methods, method))
			return true;
	return have_method(&policy->step_up, method) ||
	    rules_have_method(policy->rules, policy->nrules, method);
}

/* service: NULL for every one. */
static bool
has_method(const struct conf *conf, enum method method, const char *service)
{
	const struct conf_policy *p;
	size_t i;

	for (i = 0; i < conf->npolicies; i++) {
		p = &conf->policies[i];
		if ((service == NULL || p->services.n == 0 ||
			conf_strings_has(&p->services, service)) &&
		    policy_has_method(p, method))
			return true;
	}
	return have_method(&conf->step_up, method) ||
	    rules_have_method(conf->rules, conf->nrules, method);
}

bool
conf_has_methods(const struct conf *conf)
{
	return has_method(conf, METHOD_NONE, NULL);
}

bool
conf_has_method(const struct conf *conf, enum method method)
{
	return has_method(conf, method, NULL);
}

bool
conf_delegates(const struct conf *conf, const char *service)
{
	return has_method(conf, METHOD_DELEGATE, service);
}

static const struct conf_failure_rule *
find_failure(const struct conf_failure_rule *rules, size_t n,
    enum failure failure)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rules[i].failure == failure)
			return &rules[i];
	return NULL;
}

enum action
conf_failure_action(const struct conf *conf, const struct conf_policy *policy,
    enum failure failure, enum service_kind kind, unsigned int *ret_line)
{
	const struct conf_failure_rule *rule = NULL;

	*ret_line = 0;
	if (policy != NULL)
		rule =
		    find_failure(policy->failures, policy->nfailures, failure);
	if (rule == NULL)
		rule = find_failure(conf->failures, conf->nfailures, failure);
	if (rule == NULL)
		return failure_shipped(failure, kind);
	*ret_line = rule->line;
	return rule->action;
}

enum service_kind
conf_service_kind(const struct conf *conf, const char *service)
{
	enum service_kind kind;

	for (kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++)
		if (conf_strings_has(&conf->services[kind], service))
			return kind;
	return SERVICE_NONE;
}

bool
conf_wants_groups(const struct conf *conf)
{
	return conf->groups.n > 0;
}

bool
conf_has_label(const struct conf *conf, const char *label)
{
	const char *has;
	size_t i;

	for (i = 0; i < conf->nnetworks; i++) {
		has = conf->networks[i].label;
		if (has != NULL && (label == NULL || strcmp(has, label) == 0))
			return true;
	}
	return false;
}

bool
conf_has_database(const struct conf *conf, enum conf_database_kind kind)
{
	size_t i;

	for (i = 0; i < conf->ndatabases; i++)
		if (conf->databases[i].kind == kind)
			return true;
	return false;
}

bool
conf_knows_countries(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->nnetworks; i++)
		if (conf->networks[i].country[0] != '\0')
			return true;
	return conf_has_database(conf, CONF_DATABASE_COUNTRY) ||
	    conf_has_database(conf, CONF_DATABASE_CITY);
}

bool
conf_kind_is_anonymizer(enum conf_net_kind kind)
{
	switch (kind) {
	case CONF_NET_VPN:
	case CONF_NET_PROXY:
	case CONF_NET_TOR:
		return true;
	case CONF_NET_NONE:
	case CONF_NET_HOSTING:
	case CONF_NET_MOBILE:
	case CONF_NET_CGNAT:
		break;
	}
	return false;
}

bool
conf_kind_is_gateway(enum conf_net_kind kind)
{
	return kind == CONF_NET_MOBILE || kind == CONF_NET_CGNAT;
}

const char *
conf_net_kind_name(enum conf_net_kind kind)
{
	switch (kind) {
	case CONF_NET_NONE:
		break;
	case CONF_NET_VPN:
		return "vpn";
	case CONF_NET_PROXY:
		return "proxy";
	case CONF_NET_TOR:
		return "tor";
	case CONF_NET_HOSTING:
		return "hosting";
	case CONF_NET_MOBILE:
		return "mobile";
	case CONF_NET_CGNAT:
		return "cgnat";
	}
	return "none";
}

const char *
conf_database_kind_name(enum conf_database_kind kind)
{
	switch (kind) {
	case CONF_DATABASE_NONE:
		break;
	case CONF_DATABASE_COUNTRY:
		return "country";
	case CONF_DATABASE_CITY:
		return "city";
	case CONF_DATABASE_ASN:
		return "asn";
	case CONF_DATABASE_ANONYMOUS:
		return "anonymous";
	}
	return "none";
}

const char *
conf_place_name(uint32_t place)
{
	switch (place) {
	case CONF_PLACE_COUNTRY:
		return "country";
	case CONF_PLACE_ASN:
		return "asn";
	case CONF_PLACE_NETWORK:
		return "network";
	case CONF_PLACE_DEVICE:
		return "device";
	default: /* several of them, or none */
		return "none";
	}
}

const char *
conf_mode_name(enum conf_mode mode)
{
	switch (mode) {
	case CONF_MODE_NONE:
		break;
	case CONF_MODE_ENFORCE:
		return "enforce";
	case CONF_MODE_OBSERVE:
		return "observe";
	}
	return "none";
}

bool
conf_bundle_is_stale(const struct conf *conf, int64_t made_s, int64_t now_s)
{
	return now_s > made_s ? now_s - made_s > conf->bundle_max_age_s :
				made_s - now_s > CIVIL_DAY_S;
}

bool
conf_trusts_bundle_key(const struct conf *conf, const char *key)
{
	return conf_strings_has(&conf->bundle_keys, key);
}

bool
conf_trusts_authority(const struct conf *conf, const char *fingerprint)
{
	return conf_strings_has(&conf->authorities, fingerprint);
}
