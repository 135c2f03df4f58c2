/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses challenges that nobody can answer, and those that would be answered
 * by somebody who proves nothing by it.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"

struct check {
	const struct conf *conf;
	const struct conf_policy *policy; /* NULL: the rules of the file */
	struct conf_errors *errors;
};

/* What a rule and a combination have alike. */
struct challenge {
	const struct conf_rule *findings;
	size_t n;
	const struct methods *methods; /* its own */
	unsigned int line;
};

static const char *
name_of(const struct conf_rule *finding)
{
	const struct finding_info *info = finding_info(finding->code);

	return info == NULL ? "none" : info->name;
}

/* The first of its findings that these do not answer together, or NULL. */
static const struct conf_rule *
find_unanswered(const struct challenge *ch, const struct methods *methods)
{
	size_t i;

	for (i = 0; i < ch->n; i++)
		if (!methods_answer(methods, ch->findings[i].code))
			return &ch->findings[i];
	return NULL;
}

static const char *
name_weak(const struct methods *methods, const struct conf_rule *finding)
{
	size_t i;

	for (i = 0; i < methods->n; i++)
		if (methods->list[i] != METHOD_SERIAL &&
		    !method_answers(methods->list[i], finding->code))
			return method_name(methods->list[i]);
	return method_name(METHOD_NONE);
}

static void
check_own(const struct check *c, const struct challenge *ch)
{
	const struct methods *m = ch->methods;
	const struct conf_rule *finding;

	if (methods_have(m, METHOD_SERIAL) && !m->all) {
		conf_errors_add(c->errors, c->conf->path, ch->line,
		    "serial proves nothing alone; write all and another "
		    "method, as in \"challenge all totp serial\"");
		return;
	}
	if ((finding = find_unanswered(ch, m)) != NULL)
		conf_errors_add(c->errors, c->conf->path, ch->line,
		    "%s is too weak for %s: whoever sits behind a farm holds "
		    "it; use approval",
		    name_weak(m, finding), name_of(finding));
}

/* Those of step_up that answer each of the findings. */
static bool
is_answered(const struct challenge *ch, const struct methods *step_up)
{
	size_t i;

	for (i = 0; i < step_up->n; i++) {
		const struct methods one = { false, 1, { step_up->list[i] } };

		if (find_unanswered(ch, &one) == NULL)
			return true;
	}
	return false;
}

/* By the list of the policy, or else of the file. */
static void
check_default(const struct check *c, const struct challenge *ch)
{
	const struct conf_policy *p = c->policy;
	bool own = p != NULL && p->step_up_line != 0;
	const struct methods *list = own ? &p->step_up : &c->conf->step_up;
	unsigned int at = own ? p->step_up_line : c->conf->step_up_line;
	const struct conf_rule *finding;

	if (at == 0) {
		conf_errors_add(c->errors, c->conf->path, ch->line,
		    "this challenge has no method; write step_up = {\"totp\", "
		    "\"approval\"}, or name them here, as in \"challenge "
		    "approval\"");
		return;
	}
	if (list->n == 0 || is_answered(ch, list))
		return; /* an empty one is reported already */
	if ((finding = find_unanswered(ch, list)) == NULL)
		return;
	conf_errors_add(c->errors, c->conf->path, ch->line,
	    "%s of step_up in line %u is too weak for %s: whoever sits behind "
	    "a farm holds it; add approval there, or name it here",
	    name_weak(list, finding), at, name_of(finding));
}

/* Whether its findings are any; else that is reported. */
static bool
is_known(const struct challenge *ch)
{
	size_t i;

	for (i = 0; i < ch->n; i++)
		if (ch->findings[i].code == FINDING_NONE)
			return false;
	return true;
}

static void
check_challenge(const struct check *c, const struct challenge *ch)
{
	if (!is_known(ch))
		return;
	if (ch->methods->n > 0)
		check_own(c, ch);
	else
		check_default(c, ch);
}

/* Who fails a challenge, or cannot be asked, is not to get in by that. */
static bool
ends_challenge(const struct conf_rule *rule)
{
	return rule->code == FINDING_CHALLENGE_FAILED ||
	    rule->code == FINDING_CHALLENGE_IMPOSSIBLE;
}

static void
check_rule(const struct check *c, const struct conf_rule *rule)
{
	const struct challenge ch = { rule, 1, &rule->methods, rule->line };

	if (ends_challenge(rule) && rule->action != ACTION_NONE &&
	    rule->action != ACTION_DENY)
		conf_errors_add(c->errors, c->conf->path, rule->line,
		    "%s = %s would let in who proves nothing; remove it",
		    name_of(rule), action_name(rule->action));
	else if (rule->action == ACTION_CHALLENGE)
		check_challenge(c, &ch);
}

/* A rule of the file, under a policy that has another step_up. */
static void
check_inherited(const struct check *c, const struct conf_rule *rule)
{
	const struct challenge ch = { rule, 1, &rule->methods, rule->line };

	if (rule->action != ACTION_CHALLENGE || rule->methods.n > 0 ||
	    c->policy->step_up.n == 0 || !is_known(&ch) ||
	    conf_rule_of(c->conf, c->policy, rule->code, rule->grade) != rule ||
	    is_answered(&ch, &c->policy->step_up))
		return;
	conf_errors_add(c->errors, c->conf->path, c->policy->step_up_line,
	    "step_up of policy %s is too weak for the challenge of %s in line "
	    "%u; add approval to it, or a rule for %s to the policy",
	    c->policy->name, name_of(rule), rule->line, name_of(rule));
}

static void
check_combination(const struct check *c, const struct conf_combination *comb)
{
	const struct challenge ch = { comb->findings, comb->nfindings,
		&comb->methods, comb->line };

	if (comb->action == ACTION_CHALLENGE)
		check_challenge(c, &ch);
}

static void
check_policy(const struct check *c)
{
	size_t i;

	for (i = 0; i < c->policy->nrules; i++)
		check_rule(c, &c->policy->rules[i]);
	for (i = 0; i < c->policy->ncombinations; i++)
		check_combination(c, &c->policy->combinations[i]);
	for (i = 0; i < c->conf->nrules; i++)
		check_inherited(c, &c->conf->rules[i]);
}

void
conf_check_methods(const struct conf *conf, struct conf_errors *errors)
{
	struct check c = { .conf = conf, .errors = errors };
	size_t i;

	for (i = 0; i < conf->nrules; i++)
		check_rule(&c, &conf->rules[i]);
	for (i = 0; i < conf->npolicies; i++) {
		c.policy = &conf->policies[i];
		check_policy(&c);
	}
}
