/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a challenge asks for: by its action's own methods, or those of step_up
 * of the policy, or of the file.
 */
#include <string.h>

#include "ctl/readiness/readiness_parts.h"

/* One that has gone since, or had none, leaves what stands outside of all. */
static const struct conf_policy *
find_policy(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->npolicies; i++)
		if (strcmp(conf->policies[i].name, name) == 0)
			return &conf->policies[i];
	return NULL;
}

static const struct conf_combination *
find_combination(const struct conf_policy *policy, const char *name)
{
	for (size_t i = 0; policy != NULL && i < policy->ncombinations; i++)
		if (strcmp(policy->combinations[i].name, name) == 0)
			return &policy->combinations[i];
	return NULL;
}

static void
add_need(struct refused_row *row, const struct methods *methods)
{
	if (methods->n > 0)
		row->needs[row->nneeds++] = *methods;
}

/* False where that denies. */
static bool
ask_for_findings(struct refused_row *row, const struct conf *conf,
    const struct conf_policy *policy)
{
	const struct refused_finding *f;
	struct methods methods;
	unsigned int line;

	for (size_t i = 0; i < row->nagainst; i++) {
		f = &row->against[i];
		if (conf_action(conf, policy, f->code, f->grade, &line) ==
		    ACTION_DENY)
			return false;
		conf_methods(conf, policy, f->code, f->grade, &methods);
		add_need(row, &methods);
	}
	return true;
}

static bool
ask_for_combination(struct refused_row *row, const struct conf *conf,
    const struct conf_policy *policy)
{
	const struct conf_combination *c;
	struct methods methods;

	c = find_combination(policy, row->combination);
	if (c == NULL)
		return true;
	if (conf_combination_action(conf, policy, c) == ACTION_DENY)
		return false;
	conf_combination_methods(conf, policy, c, &methods);
	add_need(row, &methods);
	return true;
}

void
readiness_ask(struct refused *refused, const struct conf *conf)
{
	const struct conf_policy *policy;
	struct refused_row *row;

	for (size_t i = 0; i < refused->n; i++) {
		row = refused->rows[i];
		policy = find_policy(conf, row->policy);
		if (row->enforced || row->settled || row->more_against)
			continue;
		if (!ask_for_findings(row, conf, policy) ||
		    !ask_for_combination(row, conf, policy))
			row->nneeds = 0;
	}
}
