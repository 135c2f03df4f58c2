/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decision in words: the line that decided, the codes behind it, and what
 * would help. Reads decisions, makes none.
 */
#include "policyd/decide/decide.h"

#include <string.h>

#include "policyd/text.h"
#include "proto/failing.h"

#define WHERE_SIZE 128u
#define RULE_SIZE  128u

/* "farmgate.conf:41", or "shipped default" for line 0. */
static const char *
where(const struct conf *conf, unsigned int line, char buf[WHERE_SIZE])
{
	const char *path = conf->path != NULL ? conf->path : CONF_FILE;
	const char *slash = strrchr(path, '/');
	char name[WHERE_SIZE - 16];

	if (line == 0) {
		(void)text_format(buf, WHERE_SIZE, "shipped default");
		return buf;
	}
	(void)text_escape(name, sizeof(name), slash != NULL ? slash + 1 : path);
	(void)text_format(buf, WHERE_SIZE, "%s:%u", name, line);
	return buf;
}

static const struct conf_rule *
rule_in(const struct conf_rule *rules, size_t n, unsigned int line,
    const struct finding *f)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rules[i].line == line && rules[i].code == f->code &&
		    (rules[i].grade == NULL ||
			strcmp(rules[i].grade, f->grade) == 0))
			return &rules[i];
	return NULL;
}

/* The rule as it is written, which may name no grade, and what it comes to. */
static void
describe_finding(const struct decision *d, const struct conf *conf,
    char buf[RULE_SIZE])
{
	const struct finding *f = &d->findings.list[d->index];
	const struct conf_rule *rule = NULL;
	const char *grade = f->grade;
	char name[FINDING_NAME_SIZE];

	if (d->line != 0 && d->policy != NULL)
		rule = rule_in(d->policy->rules, d->policy->nrules, d->line, f);
	if (d->line != 0 && rule == NULL)
		rule = rule_in(conf->rules, conf->nrules, d->line, f);
	if (rule != NULL)
		grade = rule->grade;
	(void)text_format(buf, RULE_SIZE, "%s = %s",
	    finding_name(f->code, grade, name),
	    action_name(d->applied[d->index].action));
}

/* How a failure's action is written: something is let through, or not. */
static const char *
failure_action(const struct decision *d)
{
	return d->would == FG_VERDICT_ALLOW ? "allow" : "deny";
}

const char *
decide_why(const struct decision *d, const struct conf *conf,
    char buf[DECIDE_WHY_SIZE])
{
	char at[WHERE_SIZE], rule[RULE_SIZE];

	(void)where(conf, d->line, at);
	switch (d->by) {
	case DECIDED_NONE:
		(void)text_format(buf, DECIDE_WHY_SIZE, "nothing decided");
		break;
	case DECIDED_BY_FINDING:
		describe_finding(d, conf, rule);
		(void)text_format(buf, DECIDE_WHY_SIZE, "%s: %s", at, rule);
		break;
	case DECIDED_BY_COMBINATION:
		(void)text_format(buf, DECIDE_WHY_SIZE,
		    "%s: combination %s = %s", at,
		    d->policy->combinations[d->index].name,
		    action_name(d->policy->combinations[d->index].action));
		break;
	case DECIDED_BY_FAILURE:
		(void)text_format(buf, DECIDE_WHY_SIZE, "%s: %s = %s", at,
		    failure_info(d->failure)->name, failure_action(d));
		break;
	case DECIDED_BY_POLICY:
		(void)text_format(buf, DECIDE_WHY_SIZE,
		    "%s: policy %s, nothing in it denies", at, d->policy->name);
		break;
	case DECIDED_BY_EXEMPTION:
		(void)text_format(buf, DECIDE_WHY_SIZE,
		    "services: listed as exempt");
		break;
	}
	return buf;
}

/* Append one code, or "..." where it would not fit. False if it did not. */
static bool
append_code(char buf[FG_REASON_MAX + 1], const char *name, const char *grade)
{
	static const char dots[] = ",...";
	size_t used = strlen(buf);
	size_t room = FG_REASON_MAX + 1 - used;
	char code[2 * FG_REASON_MAX];

	if (text_format(code, sizeof(code), "%s%s%s%s", used > 0 ? "," : "",
		name, grade[0] != '\0' ? ":" : "", grade) != 0 ||
	    strlen(code) + sizeof(dots) > room) {
		(void)text_copy(buf + used, room, used > 0 ? dots : dots + 1);
		return false;
	}
	memcpy(buf + used, code, strlen(code) + 1);
	return true;
}

const char *
decide_reason(const struct decision *d, char buf[FG_REASON_MAX + 1])
{
	size_t i;

	buf[0] = '\0';
	if (d->by == DECIDED_BY_FAILURE)
		(void)append_code(buf, failure_info(d->failure)->name, "");
	if (d->alone)
		return buf;
	for (i = 0; i < d->findings.count; i++) {
		const struct finding *f = &d->findings.list[i];

		if (d->applied[i].action > ACTION_IGNORE &&
		    !append_code(buf, finding_info(f->code)->name, f->grade))
			break;
	}
	if (buf[0] == '\0')
		(void)text_format(buf, FG_REASON_MAX + 1, "none");
	/* What denies besides is not to be named, and still is there. */
	else if (d->would == FG_VERDICT_DENY && fg_failing(buf))
		(void)append_code(buf, "...", "");
	return buf;
}

const char *
decide_next(const struct decision *d)
{
	if (d->would == FG_VERDICT_DELEGATE)
		return "the module behind the gate asked for it: what it said "
		       "is in the system log; whether the stack hands over as "
		       "it should says farmgatectl check-pam";
	switch (d->by) {
	case DECIDED_NONE:
		return "nothing was decided: see farmgatectl status and the "
		       "log";
	case DECIDED_BY_FINDING:
		if (d->would == FG_VERDICT_ALLOW)
			break;
		return finding_next(&d->findings.list[d->index]);
	case DECIDED_BY_COMBINATION:
		if (d->would == FG_VERDICT_ALLOW)
			break;
		return "if these findings together are right here, change the "
		       "combination's action; then run farmgatectl reload";
	case DECIDED_BY_FAILURE:
		return failure_info(d->failure)->next;
	case DECIDED_BY_POLICY:
		break;
	case DECIDED_BY_EXEMPTION:
		return "nothing to fix: the service is exempt";
	}
	return "nothing to fix: the login is allowed";
}
