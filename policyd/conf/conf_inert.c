/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses what could be evaluated and never has an effect. Whoever wrote such
 * a line believes in a protection that is not there.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

/* A list in order, so that two of them are compared in one walk. */
struct sorted {
	const char **v; /* borrowed strings */
	size_t n;
};

/* What a policy matches. */
struct match {
	struct sorted users;
	struct sorted services;
	struct sorted networks;
};

static int
compare_strings(const void *a, const void *b)
{
	const char *const *sa = a, *const *sb = b;

	return strcmp(*sa, *sb);
}

static int
sort_list(const struct conf_strings *list, struct sorted *ret_sorted)
{
	size_t i;

	ret_sorted->n = list->n;
	ret_sorted->v = NULL;
	if (list->n == 0)
		return 0;
	ret_sorted->v = reallocarray(NULL, list->n, sizeof(*ret_sorted->v));
	if (ret_sorted->v == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < list->n; i++)
		ret_sorted->v[i] = list->v[i];
	qsort(ret_sorted->v, list->n, sizeof(*ret_sorted->v), compare_strings);
	return 0;
}

/* True if everything that later matches in this respect, earlier does too. */
static bool
covers_list(const struct sorted *earlier, const struct sorted *later)
{
	size_t i, k = 0;
	int order;

	if (earlier->n == 0)
		return true;
	if (later->n == 0 || later->n > earlier->n)
		return false;
	for (i = 0; i < later->n; i++, k++) {
		order = -1;
		for (; k < earlier->n; k++) {
			order = strcmp(earlier->v[k], later->v[i]);
			if (order >= 0)
				break;
		}
		if (order != 0)
			return false;
	}
	return true;
}

static bool
covers(const struct match *earlier, const struct match *later)
{
	return covers_list(&earlier->services, &later->services) &&
	    covers_list(&earlier->networks, &later->networks) &&
	    covers_list(&earlier->users, &later->users);
}

static void
check_order(const struct conf *conf, const struct match *matches, size_t k,
    struct conf_errors *errors)
{
	const struct conf_policy *later = &conf->policies[k];
	size_t i;

	for (i = 0; i < k; i++)
		if (covers(&matches[i], &matches[k]))
			break;
	if (i < k)
		conf_errors_add(errors, conf->path, later->line,
		    "policy %s is never used, because policy %s in line %u "
		    "matches everything that it does; put it above that one",
		    later->name, conf->policies[i].name,
		    conf->policies[i].line);
}

static void
check_orders(const struct conf *conf, struct conf_errors *errors)
{
	const struct conf_policy *p;
	struct match *matches;
	size_t i;

	if (conf->npolicies == 0)
		return;
	if ((matches = calloc(conf->npolicies, sizeof(*matches))) == NULL) {
		errors->lost = true;
		return;
	}
	for (i = 0; i < conf->npolicies && !errors->lost; i++) {
		p = &conf->policies[i];
		if (sort_list(&p->users, &matches[i].users) != 0 ||
		    sort_list(&p->services, &matches[i].services) != 0 ||
		    sort_list(&p->networks, &matches[i].networks) != 0)
			errors->lost = true;
	}
	for (i = 0; i < conf->npolicies && !errors->lost; i++)
		check_order(conf, matches, i, errors);
	for (i = 0; i < conf->npolicies; i++) {
		free(matches[i].users.v);
		free(matches[i].services.v);
		free(matches[i].networks.v);
	}
	free(matches);
}

/* The mildest action for the finding, over all grades that rule stands for. */
static enum action
least_action(const struct conf *conf, const struct conf_policy *policy,
    const struct conf_rule *rule)
{
	const struct finding_info *info = finding_info(rule->code);
	enum action least = ACTION_DENY, action;
	const char *label;
	unsigned int line;
	size_t i;

	if (rule->grade != NULL || (info->grades == NULL && !info->labelled))
		return conf_action(conf, policy, rule->code, rule->grade,
		    &line);
	for (i = 0; info->grades != NULL && info->grades[i] != NULL; i++) {
		action = conf_action(conf, policy, rule->code, info->grades[i],
		    &line);
		least = action < least ? action : least;
	}
	for (i = 0; info->labelled && i < conf->nnetworks; i++) {
		label = conf->networks[i].label;
		if (label == NULL)
			continue;
		action = conf_action(conf, policy, rule->code, label, &line);
		least = action < least ? action : least;
	}
	return least;
}

static void
check_combination(const struct conf *conf, const struct conf_policy *policy,
    const struct conf_combination *comb, struct conf_errors *errors)
{
	enum action action = conf_combination_action(conf, policy, comb), least;
	const struct conf_rule *rule;
	char name[FINDING_NAME_SIZE];
	size_t i;

	if (action < ACTION_LOG || action != comb->action)
		return; /* reported already */
	for (i = 0; i < comb->nfindings; i++) {
		rule = &comb->findings[i];
		if (finding_info(rule->code) == NULL)
			continue;
		least = least_action(conf, policy, rule);
		/* A challenge may ask for more than that of one of them. */
		if (least < action ||
		    (least == action && action == ACTION_CHALLENGE))
			continue;
		conf_errors_add(errors, conf->path, comb->line,
		    "combination %s changes nothing, because %s alone is "
		    "%s; set that to something milder, or remove the "
		    "combination",
		    comb->name, finding_name(rule->code, rule->grade, name),
		    action_name(least));
		return;
	}
}

bool
conf_inert_combines(const struct conf_policy *policy, enum finding_code code)
{
	size_t i, k;

	for (i = 0; i < policy->ncombinations; i++)
		for (k = 0; k < policy->combinations[i].nfindings; k++)
			if (policy->combinations[i].findings[k].code == code)
				return true;
	return false;
}

static void
check_countries(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	unsigned int line, at = policy->countries.lines[0];

	if (!conf_knows_countries(conf))
		conf_errors_add(errors, conf->path, at,
		    "nothing tells the country of an address; add database "
		    "country { files = ... }, or a network with a place");
	if (conf_action(conf, policy, FINDING_GEO_COUNTRY, NULL, &line) ==
		ACTION_IGNORE &&
	    !conf_inert_combines(policy, FINDING_GEO_COUNTRY))
		conf_errors_add(errors, conf->path, at,
		    "countries of policy %s have no effect, because line %u "
		    "ignores geo.country; remove one of them",
		    policy->name, line);
}

/* A rule for labels, where no network has one. */
static void
check_labels(const struct conf *conf, const struct conf_rule *rules, size_t n,
    struct conf_errors *errors)
{
	size_t i;

	if (conf_has_label(conf, NULL))
		return;
	for (i = 0; i < n; i++)
		if (rules[i].code == FINDING_NET_LISTED &&
		    rules[i].grade == NULL)
			conf_errors_add(errors, conf->path, rules[i].line,
			    "no network has a label, so net.listed is never "
			    "found; give one to a network, or remove this");
}

static void
check_policy(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	const struct conf_combination *comb;
	size_t i;

	if (policy->countries.n > 0)
		check_countries(conf, policy, errors);
	conf_inert_sources(conf, policy, errors);
	conf_inert_sessions(conf, policy, errors);
	check_labels(conf, policy->rules, policy->nrules, errors);
	for (i = 0; i < policy->ncombinations; i++) {
		comb = &policy->combinations[i];
		check_labels(conf, comb->findings, comb->nfindings, errors);
		check_combination(conf, policy, comb, errors);
	}
}

void
conf_inert_check(const struct conf *conf, struct conf_errors *errors)
{
	size_t i;

	conf_inert_networks(conf, errors);
	conf_inert_sources(conf, NULL, errors);
	check_labels(conf, conf->rules, conf->nrules, errors);
	for (i = 0; i < conf->npolicies; i++)
		check_policy(conf, &conf->policies[i], errors);
	check_orders(conf, errors);
}
