/* SPDX-License-Identifier: BSD-2-Clause */
/* One row for each rule that may give a finding its action. */
#include "policyd/counters.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/check/check_blind.h"
#include "policyd/decide/decide_combination.h"
#include "proto/result.h"

/* ---- the rows ----------------------------------------------------------- */

static void
add_rules(struct counters_policy *p, const struct conf_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p->rules[p->nrules++] =
		    (struct counters_rule){ .code = rules[i].code,
			    .grade = rules[i].grade,
			    .line = rules[i].line,
			    .action = rules[i].action };
}

static void
add_combinations(struct counters_policy *p, const struct conf_combination *c,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		p->rules[p->nrules++] = (struct counters_rule){
			.name = c[i].name,
			.line = c[i].line,
			.action = c[i].action,
		};
}

static void
add_shipped(struct counters_policy *p)
{
	enum finding_code code;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		p->rules[p->nrules++] = (struct counters_rule){ .code = code,
			.action = finding_info(code)->shipped };
}

/* policy is NULL for logins that have none. */
static int
fill(struct counters_policy *p, const struct conf *conf,
    const struct conf_policy *policy)
{
	size_t n = conf->nrules + FINDING_COUNT;

	if (policy != NULL)
		n += policy->nrules + policy->ncombinations;
	if ((p->rules = calloc(n, sizeof(*p->rules))) == NULL)
		return FG_ERR_NOMEM;
	p->mode = conf->mode;
	if (policy != NULL) {
		p->name = policy->name;
		p->line = policy->line;
		if (policy->mode != CONF_MODE_NONE)
			p->mode = policy->mode;
		add_rules(p, policy->rules, policy->nrules);
		add_combinations(p, policy->combinations,
		    policy->ncombinations);
	}
	add_rules(p, conf->rules, conf->nrules);
	add_shipped(p);
	return 0;
}

int
counters_new(const struct conf *conf, struct counters **ret_counters)
{
	struct counters *counters;
	size_t i;
	int r = FG_ERR_NOMEM;

	*ret_counters = NULL;
	if ((counters = calloc(1, sizeof(*counters))) == NULL)
		return FG_ERR_NOMEM;
	counters->npolicies = conf->npolicies + 1;
	counters->policies =
	    calloc(counters->npolicies, sizeof(*counters->policies));
	if (counters->policies == NULL)
		goto out;
	for (i = 0; i < counters->npolicies; i++)
		if ((r = fill(&counters->policies[i], conf,
			 i < conf->npolicies ? &conf->policies[i] : NULL)) != 0)
			goto out;
	*ret_counters = counters;
	counters = NULL;
	r = 0;
out:
	counters_free(counters);
	return r;
}

void
counters_free(struct counters *counters)
{
	if (counters == NULL)
		return;
	for (size_t i = 0;
	     counters->policies != NULL && i < counters->npolicies; i++)
		free(counters->policies[i].rules);
	free(counters->policies);
	free(counters);
}

/* ---- counting ----------------------------------------------------------- */

/* The rule that has given the finding its action, by its line; of two in one
 * line the one that names the grade. */
static struct counters_rule *
rule_of(const struct counters_policy *p, const struct finding *f,
    unsigned int line)
{
	struct counters_rule *rule, *found = NULL;

	for (size_t i = 0; i < p->nrules; i++) {
		rule = &p->rules[i];
		if (rule->code != f->code || rule->line != line)
			continue;
		if (rule->grade == NULL)
			found = found == NULL ? rule : found;
		else if (strcmp(rule->grade, f->grade) == 0)
			return rule;
	}
	return found;
}

static void
count_findings(struct counters_policy *p, const struct decision *d)
{
	struct counters_rule *rule;

	for (size_t i = 0; i < d->findings.count; i++) {
		rule = rule_of(p, &d->findings.list[i], d->applied[i].line);
		if (rule == NULL)
			continue;
		rule->fired++;
		if (d->applied[i].action >= ACTION_CHALLENGE &&
		    !d->applied[i].proved && d->applied[i].remembered == 0)
			rule->against++;
	}
}

static bool
is_combination_blind(const bool *blind, const struct conf_combination *c)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (blind[c->findings[i].code])
			return true;
	return false;
}

/* The rows of combinations are in their order. */
static void
count_combinations(struct counters_policy *p, const bool *blind,
    const struct decision *d)
{
	const struct conf_combination *c = d->policy->combinations;
	struct counters_rule *rule = p->rules + d->policy->nrules;

	for (size_t i = 0; i < d->policy->ncombinations; i++, c++, rule++) {
		if (decide_combination_holds(c, d)) {
			rule->fired++;
			if (d->by == DECIDED_BY_COMBINATION && d->index == i &&
			    d->would == FG_VERDICT_DENY)
				rule->against++;
		} else if (is_combination_blind(blind, c)) {
			rule->blind++;
		}
	}
}

static void
count_blind(struct counters_policy *p, const bool *blind)
{
	for (size_t i = 0; i < p->nrules; i++)
		if (blind[p->rules[i].code])
			p->rules[i].blind++;
}

/* Of what was found all the same it does not matter what was not seen. */
static void
look(const struct facts *facts, const struct decision *d,
    bool blind[FINDING_COUNT])
{
	check_blind(facts, blind);
	for (size_t i = 0; i < d->findings.count; i++)
		blind[d->findings.list[i].code] = false;
}

void
counters_decided(struct counters *counters, const struct conf *conf,
    const struct facts *facts, const struct decision *d)
{
	size_t i = counters->npolicies - 1;
	struct counters_policy *p;
	bool blind[FINDING_COUNT];

	if (d->verdict == FG_VERDICT_EXEMPT)
		return;
	if (d->policy != NULL)
		i = (size_t)(d->policy - conf->policies);
	p = &counters->policies[i];
	p->logins++;
	p->denied += d->verdict == FG_VERDICT_DENY;
	p->observed += d->verdict != d->would;
	count_findings(p, d);
	look(facts, d, blind);
	count_blind(p, blind);
	if (d->policy != NULL)
		count_combinations(p, blind, d);
}
