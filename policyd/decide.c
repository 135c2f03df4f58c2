/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision. A pure function: no clock, no file, no memory of earlier
 * decisions, no logging. What is missing, unknown or broken is a failure with
 * an action of its own, and never the absence of a reason to deny.
 */
#include "policyd/decide.h"

#include <stdio.h>
#include <string.h>

#include "policyd/text.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

enum match {
	MATCH_NO = 0,
	MATCH_YES,
	MATCH_UNSURE /* only a group decides, and the groups are not known */
};

/* What was found so far; the strictest one that came first. */
struct verdict {
	enum action action;
	enum decided_by by;
	size_t index;
	enum failure failure;
	unsigned int line;
};

static const check_fn checks[] = {
	check_person_revoked,
	check_person_unknown,
	check_geo_country,
	check_geo_distance,
	check_geo_stale,
	check_geo_travel,
	check_geo_unknown,
	check_net_anonymizer,
	check_net_asn,
	check_net_hosting,
	check_net_listed,
	check_remote_unknown,
	check_session_limit,
	check_session_places,
	check_session_shared_source,
	check_time_hours,
};

static bool
has_string(const struct conf_strings *list, const char *s)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i], s) == 0)
			return true;
	return false;
}

static bool
in_group(const struct fact_groups *groups, const char *name)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (strcmp(groups->names[i], name) == 0)
			return true;
	return false;
}

/*
 * In su the person is the one who asks, and the account somebody else's. A
 * shared account's entry stands for those who share it, and for nobody else.
 */
static bool
is_own_account(const struct facts *facts)
{
	return facts->person.state == FACT_KNOWN && !facts->person.nobody &&
	    (facts->kind != SERVICE_NESTED ||
		person_has_account(&facts->person.person, facts->login.user));
}

/* Who logs in, by the names that a policy may have for them. */
struct names {
	const char *account;
	const char *person; /* whose own account it is; else as above */
};

static struct names
names_of(const struct facts *facts)
{
	struct names names = { facts->login.user, facts->login.user };

	if (is_own_account(facts) &&
	    strcmp(facts->person.person.user, names.account) != 0)
		names.person = facts->person.person.user;
	return names;
}

/* An entry that begins with @ is a group, even if a user is called so. */
static bool
is_named(const struct names *names, const char *name)
{
	return name[0] != '@' &&
	    (strcmp(name, names->account) == 0 ||
		(names->person != names->account &&
		    strcmp(name, names->person) == 0));
}

static enum match
match_group(const struct facts *facts, const char *group)
{
	if (is_own_account(facts) &&
	    person_has_group(&facts->person.person, group))
		return MATCH_YES;
	switch (facts->groups.state) {
	case FACT_KNOWN:
		return in_group(&facts->groups, group) ? MATCH_YES : MATCH_NO;
	case FACT_UNKNOWN: /* looked for: the user has none */
		break;
	case FACT_NONE:
	case FACT_ERROR:
		return MATCH_UNSURE;
	}
	return MATCH_NO;
}

/*
 * A name that matches settles it, whatever is known of the groups; and so does
 * a group that the inventory has the person in.
 */
static enum match
match_users(const struct conf_policy *policy, const struct facts *facts,
    const struct names *names)
{
	enum match match = MATCH_NO, of_group;
	size_t i;

	if (policy->users.n == 0)
		return MATCH_YES;
	for (i = 0; i < policy->users.n; i++) {
		const char *name = policy->users.v[i];

		if (is_named(names, name))
			return MATCH_YES;
		if (name[0] != '@')
			continue;
		of_group = match_group(facts, name + 1);
		if (of_group == MATCH_YES)
			return MATCH_YES;
		if (of_group == MATCH_UNSURE)
			match = MATCH_UNSURE;
	}
	return match;
}

static bool
match_networks(const struct conf_policy *policy, const struct facts *facts)
{
	size_t i, k;

	if (policy->networks.n == 0)
		return true;
	for (i = 0; i < policy->networks.n; i++)
		for (k = 0; k < facts->networks.count; k++)
			if (policy->network_index[i] ==
			    facts->networks.index[k])
				return true;
	return false;
}

/* The first policy, from one on, that is not known to be somebody else's. */
static const struct conf_policy *
find_policy(const struct facts *facts, const struct conf *conf, size_t from,
    enum match *ret_match)
{
	struct names names = names_of(facts);
	size_t i;

	for (i = from; i < conf->npolicies; i++) {
		const struct conf_policy *p = &conf->policies[i];

		if ((p->services.n > 0 &&
			!has_string(&p->services, facts->login.service)) ||
		    !match_networks(p, facts))
			continue;
		if ((*ret_match = match_users(p, facts, &names)) != MATCH_NO)
			return p;
	}
	*ret_match = MATCH_NO;
	return NULL;
}

/*
 * An action that is left over from a step-up that does not exist, or that is
 * none at all, is a deny.
 */
static enum action
settle(enum action action)
{
	switch (action) {
	case ACTION_IGNORE:
	case ACTION_LOG:
		return action;
	case ACTION_NONE:
	case ACTION_CHALLENGE:
	case ACTION_DENY:
		break;
	}
	return ACTION_DENY;
}

static void
consider(struct verdict *v, const struct verdict *reason)
{
	struct verdict r = *reason;

	r.action = settle(r.action);
	if (r.action > v->action)
		*v = r;
}

static void
consider_failure(struct verdict *v, const struct facts *facts,
    const struct conf *conf, const struct conf_policy *policy,
    enum failure failure)
{
	struct verdict r = { .by = DECIDED_BY_FAILURE, .failure = failure };

	r.action =
	    conf_failure_action(conf, policy, failure, facts->kind, &r.line);
	consider(v, &r);
}

/* A name that was cut is somebody else's name. */
static bool
user_is_valid(const struct fact_login *login)
{
	if (login->user[0] == '\0' ||
	    (login->flags & FG_LOGIN_INVALID_USER) != 0)
		return false;
	return (login->flags & FG_LOGIN_CUT) == 0 ||
	    strlen(login->user) < FG_USER_MAX;
}

/* Unknown is an answer, and an error is none. */
static bool
is_history_unknown(const struct facts *facts)
{
	const struct fact_history *h = &facts->history;

	return facts->sessions.state == FACT_ERROR ||
	    h->last.state == FACT_ERROR || h->asn_state == FACT_ERROR ||
	    h->sharers_state == FACT_ERROR;
}

static void
consider_failures(struct verdict *v, const struct facts *facts,
    const struct conf *conf, const struct decision *d, enum match match)
{
	/* Facts that nobody gathered; no configuration may allow that. */
	if (facts->kind == SERVICE_NONE || facts->origin.kind == ORIGIN_NONE) {
		const struct verdict r = { .action = ACTION_DENY };

		consider(v, &r);
	}
	if (!user_is_valid(&facts->login))
		consider_failure(v, facts, conf, d->policy, FAILURE_USER);
	switch (match) {
	case MATCH_NO:
		consider_failure(v, facts, conf, NULL, FAILURE_NO_POLICY);
		break;
	case MATCH_UNSURE:
		/* Not by a policy that may be somebody else's. */
		consider_failure(v, facts, conf, NULL, FAILURE_GROUPS);
		break;
	case MATCH_YES:
		break;
	}
	if (facts->person.state == FACT_ERROR ||
	    facts->exceptions.state == FACT_ERROR ||
	    facts->revocation.state == FACT_ERROR)
		consider_failure(v, facts, conf, d->policy, FAILURE_STORE);
	if (facts->bundle.stale)
		consider_failure(v, facts, conf, d->policy, FAILURE_BUNDLE);
	if (is_history_unknown(facts))
		consider_failure(v, facts, conf, d->policy, FAILURE_HISTORY);
	if (facts->networks.overflow || d->findings.overflow)
		consider_failure(v, facts, conf, d->policy, FAILURE_OVERFLOW);
}

/* Granted to this person, for what was found and where. 0: by none. */
static uint64_t
find_exception(const struct facts *facts, const struct finding *f)
{
	const struct fact_exception *e;
	size_t i;

	/* Whoever was dismissed is let in by nothing but the inventory. */
	if (f->code == FINDING_PERSON_REVOKED)
		return 0;
	for (i = 0; i < facts->exceptions.count; i++) {
		e = &facts->exceptions.list[i];
		if (e->code == (int)f->code && facts->at_s < e->until_s &&
		    (e->grade[0] == '\0' || strcmp(e->grade, f->grade) == 0) &&
		    (e->country[0] == '\0' ||
			(facts->place.state == FACT_KNOWN &&
			    strcmp(e->country, facts->place.country) == 0)))
			return e->id;
	}
	return 0;
}

/* What is excepted is still found and logged, and no reason for more. */
static void
consider_findings(struct verdict *v, const struct facts *facts,
    const struct conf *conf, struct decision *d)
{
	size_t i;

	for (i = 0; i < d->findings.count; i++) {
		struct finding *f = &d->findings.list[i];
		struct verdict r = { .by = DECIDED_BY_FINDING, .index = i };

		r.action =
		    conf_action(conf, d->policy, f->code, f->grade, &r.line);
		r.action = settle(r.action);
		d->applied[i].exception = find_exception(facts, f);
		if (d->applied[i].exception != 0 && r.action > ACTION_LOG)
			r.action = ACTION_LOG;
		d->applied[i].action = r.action;
		d->applied[i].line = r.line;
		consider(v, &r);
	}
}

static bool
was_found(const struct decision *d, const struct conf_rule *want)
{
	const struct finding *f;
	size_t i;

	for (i = 0; i < d->findings.count; i++) {
		f = &d->findings.list[i];
		if (f->code == want->code && d->applied[i].exception == 0 &&
		    (want->grade == NULL || strcmp(f->grade, want->grade) == 0))
			return true;
	}
	return false;
}

static bool
combination_holds(const struct conf_combination *c, const struct decision *d)
{
	size_t i;

	for (i = 0; i < c->nfindings; i++)
		if (!was_found(d, &c->findings[i]))
			return false;
	return c->nfindings > 0;
}

static void
consider_combinations(struct verdict *v, const struct decision *d)
{
	size_t i;

	for (i = 0; d->policy != NULL && i < d->policy->ncombinations; i++) {
		const struct conf_combination *c = &d->policy->combinations[i];
		const struct verdict r = { .action = c->action,
			.by = DECIDED_BY_COMBINATION,
			.index = i,
			.line = c->line };

		if (combination_holds(c, d))
			consider(v, &r);
	}
}

/*
 * Whether denials are only observed. Where it is not known whether the policy
 * is this login's, both it and the file have to say so: breaking the group
 * look-up must not open the gate.
 */
static enum conf_mode
find_mode(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, enum match match)
{
	enum conf_mode mode = conf->mode;

	if ((facts->login.flags & FG_LOGIN_OBSERVE) != 0)
		return CONF_MODE_OBSERVE;
	if (policy != NULL && policy->mode != CONF_MODE_NONE &&
	    (match == MATCH_YES || mode == CONF_MODE_OBSERVE))
		mode = policy->mode;
	return mode == CONF_MODE_OBSERVE ? mode : CONF_MODE_ENFORCE;
}

static void
apply(const struct verdict *v, struct decision *d)
{
	d->by = v->by;
	d->index = v->index;
	d->failure = v->failure;
	d->line = v->line;
	d->would = v->action == ACTION_LOG || v->action == ACTION_IGNORE ?
	    FG_VERDICT_ALLOW :
	    FG_VERDICT_DENY;
	d->verdict = d->mode == CONF_MODE_OBSERVE ? FG_VERDICT_ALLOW : d->would;
}

static void
decide_exempt(const struct facts *facts, const struct conf *conf,
    struct decision *d)
{
	d->verdict = d->would = FG_VERDICT_EXEMPT;
	d->mode = find_mode(facts, conf, NULL, MATCH_NO);
	d->by = DECIDED_BY_EXEMPTION;
}

/* Under this policy, or none; d->policy is all that is set in it. */
static void
decide_under(const struct facts *facts, const struct conf *conf,
    enum match match, struct decision *d)
{
	struct verdict v = { 0 };
	size_t i;

	d->mode = find_mode(facts, conf, d->policy, match);
	for (i = 0; i < N_ELEMENTS(checks); i++)
		checks[i](facts, conf, d->policy, &d->findings);

	/* In this order: of equally strict reasons the first one explains. */
	if (match == MATCH_YES) {
		v.action = ACTION_LOG;
		v.by = DECIDED_BY_POLICY;
		v.line = d->policy->line;
	}
	consider_failures(&v, facts, conf, d, match);
	consider_findings(&v, facts, conf, d);
	consider_combinations(&v, d);
	apply(&v, d);
}

/*
 * The policy may not be this login's, and what it says was an allow: then each
 * further one up to the first that surely is has to allow it as well.
 */
static void
decide_unsure(const struct facts *facts, const struct conf *conf,
    struct decision *d)
{
	const struct conf_policy *policy = d->policy;
	enum match match = MATCH_UNSURE;

	while (match == MATCH_UNSURE && d->would == FG_VERDICT_ALLOW) {
		policy = find_policy(facts, conf,
		    (size_t)(policy - conf->policies) + 1, &match);
		memset(d, 0, sizeof(*d));
		d->policy = policy;
		decide_under(facts, conf, match, d);
	}
}

void
decide(const struct facts *facts, const struct conf *conf,
    struct decision *ret_decision)
{
	struct decision *d = ret_decision;
	enum match match = MATCH_NO;

	memset(d, 0, sizeof(*d));
	if (facts->kind == SERVICE_EXEMPT) {
		decide_exempt(facts, conf, d);
		return;
	}
	/* Nobody's policy is that of a user who is not there. */
	if (user_is_valid(&facts->login))
		d->policy = find_policy(facts, conf, 0, &match);
	decide_under(facts, conf, match, d);
	if (match == MATCH_UNSURE && d->would == FG_VERDICT_ALLOW)
		decide_unsure(facts, conf, d);
}

void
decide_failed(const struct facts *facts, const struct conf *conf,
    enum failure failure, struct decision *decision)
{
	struct verdict v = { .by = DECIDED_BY_FAILURE, .failure = failure };

	/* What is exempt does not depend on whether the gate works. */
	if (decision->verdict == FG_VERDICT_EXEMPT ||
	    decision->would == FG_VERDICT_DENY)
		return;
	v.action = conf_failure_action(conf, decision->policy, failure,
	    facts->kind, &v.line);
	/* A decision that was never made cannot become an allow here. */
	v.action = decision->would == FG_VERDICT_ALLOW ? settle(v.action) :
							 ACTION_DENY;
	apply(&v, decision);
}
