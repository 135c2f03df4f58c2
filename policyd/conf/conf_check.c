/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses what cannot be evaluated. Challenges are for conf_check_methods.c;
 * what can be evaluated but never has an effect, for conf_inert.c.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

#define CHECK_LIST_SIZE 160u

struct check {
	const struct conf *conf;
	const struct conf_policy *policy; /* NULL: the rules of the file */
	struct conf_errors *errors;
};

static bool
same_grade(const struct conf_rule *a, const struct conf_rule *b)
{
	if (a->grade == NULL || b->grade == NULL)
		return a->grade == b->grade;
	return strcmp(a->grade, b->grade) == 0;
}

static void
report_grade(const struct check *c, const struct conf_rule *rule)
{
	const struct finding_info *info = finding_info(rule->code);
	struct conf_near near = { .word = rule->grade };
	char buf[CONF_NEAR_SIZE], all[CHECK_LIST_SIZE];
	size_t i, n;

	(void)snprintf(all, sizeof(all), "it has");
	for (i = 0; info->grades[i] != NULL; i++) {
		conf_near_offer(&near, info->grades[i]);
		n = strlen(all);
		(void)snprintf(all + n, sizeof(all) - n, "%s %s",
		    i == 0 ? "" : ",", info->grades[i]);
	}
	conf_errors_add(c->errors, c->conf->path, rule->line,
	    "%s has no grade \"%s\"; %s", info->name, rule->grade,
	    conf_near_text(&near, all, buf));
}

static void
report_label(const struct check *c, const struct conf_rule *rule)
{
	struct conf_near near = { .word = rule->grade };
	char buf[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; i < c->conf->nnetworks; i++)
		if (c->conf->networks[i].label != NULL)
			conf_near_offer(&near, c->conf->networks[i].label);
	conf_errors_add(c->errors, c->conf->path, rule->line,
	    "no network has the label \"%s\"; %s", rule->grade,
	    conf_near_text(&near, "give it to one with label = \"...\"", buf));
}

static void
check_grade(const struct check *c, const struct conf_rule *rule)
{
	const struct finding_info *info = finding_info(rule->code);
	size_t i;

	if (info->labelled) {
		if (rule->grade != NULL &&
		    !conf_has_label(c->conf, rule->grade))
			report_label(c, rule);
		return;
	}
	if (rule->grade == NULL)
		return;
	if (info->grades == NULL) {
		conf_errors_add(c->errors, c->conf->path, rule->line,
		    "%s has no grades; write it without \":%s\"", info->name,
		    rule->grade);
		return;
	}
	for (i = 0; info->grades[i] != NULL; i++)
		if (strcmp(info->grades[i], rule->grade) == 0)
			return;
	report_grade(c, rule);
}

/* A finding, wherever one is named. False if there is no more to say. */
static bool
check_finding(const struct check *c, const struct conf_rule *rule)
{
	if (rule->code == FINDING_NONE)
		return false; /* reported where it was read */
	check_grade(c, rule);
	return true;
}

static void
check_rules(const struct check *c, const struct conf_rule *rules, size_t n)
{
	char name[FINDING_NAME_SIZE];
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (!check_finding(c, &rules[i]))
			continue;
		for (k = 0; k < i; k++)
			if (rules[k].code == rules[i].code &&
			    same_grade(&rules[k], &rules[i]))
				break;
		if (k < i)
			conf_errors_add(c->errors, c->conf->path, rules[i].line,
			    "%s has an action in line %u already; keep "
			    "one of them",
			    finding_name(rules[i].code, rules[i].grade, name),
			    rules[k].line);
	}
}

static void
check_failures(const struct check *c, const struct conf_failure_rule *rules,
    size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (rules[i].failure == FAILURE_NONE)
			continue;
		if (c->policy != NULL && rules[i].failure == FAILURE_NO_POLICY)
			conf_errors_add(c->errors, c->conf->path, rules[i].line,
			    "no_policy inside of a policy can never be used; "
			    "write it outside of all policies");
		if (c->policy != NULL && rules[i].failure == FAILURE_GROUPS)
			conf_errors_add(c->errors, c->conf->path, rules[i].line,
			    "groups_unknown inside of a policy would let a "
			    "policy decide that may not be the user's; write "
			    "it outside of all policies");
		for (k = 0; k < i; k++)
			if (rules[k].failure == rules[i].failure)
				break;
		if (k < i)
			conf_errors_add(c->errors, c->conf->path, rules[i].line,
			    "%s has an action in line %u already; keep one of "
			    "them",
			    failure_info(rules[i].failure)->name,
			    rules[k].line);
	}
}

/* What is said of open sessions is a rule like the others, by its finding. */
static void
check_live(const struct check *c, const struct conf_live_rule *rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct conf_rule rule = { .code = rules[i].code,
			.grade = rules[i].grade,
			.line = rules[i].line };

		(void)check_finding(c, &rule);
	}
}

/* A finding that is there whenever the other one is counts for nothing. */
static size_t
count_different(const struct conf_combination *comb)
{
	const struct conf_rule *a, *b;
	size_t i, k, n = 0;

	for (i = 0; i < comb->nfindings; i++) {
		a = &comb->findings[i];
		for (k = 0; k < comb->nfindings; k++) {
			b = &comb->findings[k];
			if (k == i || a->code != b->code)
				continue;
			if (same_grade(a, b) ? k < i : a->grade == NULL)
				break;
		}
		if (k == comb->nfindings)
			n++;
	}
	return n;
}

static void
check_combination(const struct check *c, const struct conf_combination *comb)
{
	size_t i;

	for (i = 0; i < comb->nfindings; i++)
		(void)check_finding(c, &comb->findings[i]);
	if (comb->action == ACTION_IGNORE)
		conf_errors_add(c->errors, c->conf->path, comb->line,
		    "combination %s with ignore changes nothing; use deny, "
		    "challenge or log, or remove it",
		    comb->name);
	if (count_different(comb) < comb->nfindings || comb->nfindings < 2)
		conf_errors_add(c->errors, c->conf->path, comb->line,
		    "combination %s needs two or more different findings; add "
		    "one that the others do not include",
		    comb->name);
}

static void
check_services(const struct check *c)
{
	const struct conf_strings *services = &c->policy->services;
	size_t i;

	for (i = 0; i < services->n; i++)
		if (conf_service_kind(c->conf, services->v[i]) ==
		    SERVICE_EXEMPT)
			conf_errors_add(c->errors, c->conf->path,
			    services->lines[i],
			    "service \"%s\" is exempt, no policy is asked for "
			    "it; name it in another list of services",
			    services->v[i]);
}

static void
check_policy(const struct check *c)
{
	size_t i;

	check_services(c);
	check_rules(c, c->policy->rules, c->policy->nrules);
	check_failures(c, c->policy->failures, c->policy->nfailures);
	check_live(c, c->policy->live, c->policy->nlive);
	for (i = 0; i < c->policy->ncombinations; i++)
		check_combination(c, &c->policy->combinations[i]);
}

int
conf_check(const struct conf *conf, struct conf_errors *errors)
{
	struct check c = { .conf = conf, .errors = errors };
	size_t i, before = errors->count;

	conf_services_check(conf, errors);
	conf_groups_check(conf, errors);
	check_rules(&c, conf->rules, conf->nrules);
	check_failures(&c, conf->failures, conf->nfailures);
	check_live(&c, conf->live, conf->nlive);
	for (i = 0; i < conf->npolicies; i++) {
		c.policy = &conf->policies[i];
		check_policy(&c);
	}
	conf_machine_check(conf, errors);
	conf_jumphost_check(conf, errors);
	conf_check_methods(conf, errors);
	conf_inert_check(conf, errors);
	return errors->count == before && !errors->lost ? 0 : FG_ERR_CONFIG;
}
