/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision. A pure function: no clock, no file, no memory of earlier
 * decisions, no logging. What is missing, unknown or broken is a failure with
 * an action of its own, and never the absence of a reason to deny.
 */
#include "policyd/decide/decide.h"

#include <stdio.h>
#include <string.h>

#include "policyd/decide/decide_combination.h"
#include "policyd/decide/decide_exception.h"
#include "policyd/decide/decide_policy.h"
#include "policyd/decide/decide_proof.h"
#include "proto/failing.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

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
	check_person_unverified,
	check_geo_country,
	check_geo_distance,
	check_geo_stale,
	check_geo_travel,
	check_geo_unknown,
	check_net_anonymizer,
	check_net_asn,
	check_net_hosting,
	check_net_listed,
	check_net_vpn_client,
	check_remote_desktop,
	check_remote_display,
	check_remote_jiggler,
	check_remote_kvm,
	check_remote_session,
	check_remote_tool,
	check_remote_tunnel,
	check_remote_unknown,
	check_device_clone,
	check_device_key,
	check_device_mismatch,
	check_device_new_input,
	check_device_place,
	check_device_unenrolled,
	check_device_unissued,
	check_device_virtual,
	check_session_limit,
	check_session_places,
	check_session_shared_device,
	check_session_shared_site,
	check_session_shared_source,
	check_time_hours,
	check_recorded,
};

/* An action that is none at all is a deny. */
static enum action
settle(enum action action)
{
	return action == ACTION_NONE ? ACTION_DENY : action;
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
	    h->sharers_state == FACT_ERROR ||
	    facts->proof.attested.company_state == FACT_ERROR;
}

static void
consider_failures(struct verdict *v, const struct facts *facts,
    const struct conf *conf, const struct decision *d, enum decide_match match)
{
	/* Facts that nobody gathered; no configuration may allow that. */
	if (facts->kind == SERVICE_NONE || facts->origin.kind == ORIGIN_NONE) {
		const struct verdict r = { .action = ACTION_DENY };

		consider(v, &r);
	}
	if (!user_is_valid(&facts->login))
		consider_failure(v, facts, conf, d->policy, FAILURE_USER);
	switch (match) {
	case DECIDE_MATCH_NO:
		consider_failure(v, facts, conf, NULL, FAILURE_NO_POLICY);
		break;
	case DECIDE_MATCH_UNSURE:
		/* Not by a policy that may be somebody else's. */
		consider_failure(v, facts, conf, NULL, FAILURE_GROUPS);
		break;
	case DECIDE_MATCH_YES:
		break;
	}
	if (facts->person.state == FACT_ERROR ||
	    facts->exceptions.state == FACT_ERROR ||
	    facts->revocation.state == FACT_ERROR ||
	    facts->verified.state == FACT_ERROR ||
	    facts->bundle.state == FACT_ERROR ||
	    facts->device.state == FACT_ERROR ||
	    facts->bound.state == FACT_ERROR)
		consider_failure(v, facts, conf, d->policy, FAILURE_STORE);
	if (!facts_clock_is_set(facts))
		consider_failure(v, facts, conf, d->policy, FAILURE_CLOCK);
	else if (facts->bundle.stale)
		consider_failure(v, facts, conf, d->policy, FAILURE_BUNDLE);
	if (is_history_unknown(facts))
		consider_failure(v, facts, conf, d->policy, FAILURE_HISTORY);
	if (facts->networks.overflow || d->findings.overflow)
		consider_failure(v, facts, conf, d->policy, FAILURE_OVERFLOW);
}

/* What a challenge comes to: a proof is wanted, or it is there. */
static enum action
consider_proofs(const struct facts *facts, const struct conf *conf,
    struct decision *d, size_t i)
{
	const struct finding *f = &d->findings.list[i];
	struct methods methods;
	enum action action;

	conf_methods(conf, d->policy, f->code, f->grade, &methods);
	d->applied[i].remembered = decide_remembered(facts, conf, f, &methods);
	if (d->applied[i].remembered != 0)
		return ACTION_LOG;
	action =
	    decide_challenge(facts, &methods, decide_was_seen(facts, f), d);
	d->applied[i].proved = action == ACTION_LOG;
	return action;
}

/* What is excepted or proved is still found and logged, and no reason for
 * more. */
static void
consider_finding(struct verdict *v, const struct facts *facts,
    const struct conf *conf, struct decision *d, size_t i)
{
	struct finding *f = &d->findings.list[i];
	struct verdict r = { .by = DECIDED_BY_FINDING, .index = i };
	const struct fact_exception *e;

	r.action =
	    settle(conf_action(conf, d->policy, f->code, f->grade, &r.line));
	if ((e = decide_exception(facts, f, r.action)) != NULL) {
		d->applied[i].exception = e->id;
		d->applied[i].bypass = e->bypass;
		if (r.action > ACTION_LOG)
			r.action = ACTION_LOG;
	}
	if (f->minor && r.action > ACTION_LOG)
		r.action = ACTION_LOG;
	if (r.action == ACTION_CHALLENGE)
		r.action = consider_proofs(facts, conf, d, i);
	d->applied[i].action = r.action;
	d->applied[i].line = r.line;
	consider(v, &r);
}

static void
consider_findings(struct verdict *v, const struct facts *facts,
    const struct conf *conf, struct decision *d)
{
	size_t i;

	for (i = 0; i < d->findings.count; i++)
		consider_finding(v, facts, conf, d, i);
}

static void
consider_combinations(struct verdict *v, const struct facts *facts,
    const struct conf *conf, struct decision *d)
{
	const struct conf_combination *c;
	size_t i;

	for (i = 0; d->policy != NULL && i < d->policy->ncombinations; i++) {
		struct verdict r = { .by = DECIDED_BY_COMBINATION, .index = i };

		c = &d->policy->combinations[i];
		r.line = c->line;
		if (decide_combination(facts, conf, c, d, &r.action))
			consider(v, &r);
	}
}

/* A step-up that failed, or that it is too late for, denies. */
static void
consider_challenge(struct verdict *v, const struct facts *facts,
    const struct conf *conf, struct decision *d)
{
	size_t n = d->findings.count;

	d->challenge = v->action == ACTION_CHALLENGE;
	if (!d->challenge || d->mode == CONF_MODE_OBSERVE)
		return;
	switch (facts->proof.state) {
	case FACT_NONE: /* it is to come, or is only thought of */
		return;
	case FACT_ERROR:
		finding_add(&d->findings, FINDING_CHALLENGE_FAILED, "", "%s",
		    facts->proof.why);
		break;
	case FACT_KNOWN:
		if (d->unseen) {
			finding_add(&d->findings, FINDING_CHALLENGE_FAILED, "",
			    "approval: more was found than was approved");
			break;
		}
		if (facts->proof.attested.pending) {
			finding_add(&d->findings, FINDING_CHALLENGE_FAILED, "",
			    "device: the laptop does not count yet");
			break;
		}
		/* FALLTHROUGH */
	case FACT_UNKNOWN:
		finding_add(&d->findings, FINDING_CHALLENGE_IMPOSSIBLE, "",
		    "a proof is wanted, and nobody was asked for it");
		break;
	}
	if (d->findings.count > n)
		consider_finding(v, facts, conf, d, n);
}

/*
 * Whether denials are only observed. Where it is not known whether the policy
 * is this login's, both it and the file have to say so: breaking the group
 * look-up must not open the gate.
 */
static enum conf_mode
find_mode(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, enum decide_match match)
{
	enum conf_mode mode = conf->mode;

	if ((facts->login.flags & FG_LOGIN_OBSERVE) != 0)
		return CONF_MODE_OBSERVE;
	if (policy != NULL && policy->mode != CONF_MODE_NONE &&
	    (match == DECIDE_MATCH_YES || mode == CONF_MODE_OBSERVE))
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
	d->mode = find_mode(facts, conf, NULL, DECIDE_MATCH_NO);
	d->by = DECIDED_BY_EXEMPTION;
}

/* Under this policy, or none; d->policy is all that is set in it. */
static void
decide_under(const struct facts *facts, const struct conf *conf,
    enum decide_match match, struct decision *d)
{
	struct verdict v = { 0 };
	size_t i;

	d->mode = find_mode(facts, conf, d->policy, match);
	for (i = 0; i < N_ELEMENTS(checks); i++)
		checks[i](facts, conf, d->policy, &d->findings);

	/* In this order: of equally strict reasons the first one explains. */
	if (match == DECIDE_MATCH_YES) {
		v.action = ACTION_LOG;
		v.by = DECIDED_BY_POLICY;
		v.line = d->policy->line;
	}
	consider_failures(&v, facts, conf, d, match);
	consider_findings(&v, facts, conf, d);
	consider_combinations(&v, facts, conf, d);
	consider_challenge(&v, facts, conf, d);
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
	enum decide_match match = DECIDE_MATCH_UNSURE;

	while (match == DECIDE_MATCH_UNSURE && d->would == FG_VERDICT_ALLOW) {
		policy = decide_policy(facts, conf,
		    (size_t)(policy - conf->policies) + 1, &match);
		memset(d, 0, sizeof(*d));
		d->policy = policy;
		decide_under(facts, conf, match, d);
	}
}

static bool
is_failing(const struct decision *d)
{
	return d->by == DECIDED_BY_FAILURE && d->would == FG_VERDICT_DENY &&
	    fg_failing(failure_info(d->failure)->name);
}

/* Whether something was found that denies under this policy. */
static bool
finds_denial(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy)
{
	struct decision d = { .policy = policy };
	struct verdict v = { 0 };
	size_t i;

	for (i = 0; i < N_ELEMENTS(checks); i++)
		checks[i](facts, conf, policy, &d.findings);
	consider_findings(&v, facts, conf, &d);
	consider_combinations(&v, facts, conf, &d);
	return d.findings.overflow || v.action > ACTION_LOG;
}

/*
 * Whether nothing but failures keeps this login out: under the policy that is
 * surely its own, and under each one above that may be.
 */
static bool
is_alone(const struct facts *facts, const struct conf *conf)
{
	enum decide_match match = DECIDE_MATCH_UNSURE;
	const struct conf_policy *policy;
	size_t from = 0;

	while (match == DECIDE_MATCH_UNSURE) {
		policy = decide_policy(facts, conf, from, &match);
		if (finds_denial(facts, conf, policy))
			return false;
		if (policy != NULL)
			from = (size_t)(policy - conf->policies) + 1;
	}
	return true;
}

void
decide(const struct facts *facts, const struct conf *conf,
    struct decision *ret_decision)
{
	struct decision *d = ret_decision;
	enum decide_match match = DECIDE_MATCH_NO;

	memset(d, 0, sizeof(*d));
	if (facts->kind == SERVICE_EXEMPT) {
		decide_exempt(facts, conf, d);
		return;
	}
	/* Nobody's policy is that of a user who is not there. */
	if (user_is_valid(&facts->login))
		d->policy = decide_policy(facts, conf, 0, &match);
	decide_under(facts, conf, match, d);
	if (match == DECIDE_MATCH_UNSURE && d->would == FG_VERDICT_ALLOW)
		decide_unsure(facts, conf, d);
	d->alone = is_failing(d) && is_alone(facts, conf);
}

void
decide_failed(const struct facts *facts, const struct conf *conf,
    enum failure failure, struct decision *decision)
{
	struct verdict v = { .by = DECIDED_BY_FAILURE, .failure = failure };
	bool allowed;

	/* What is exempt does not depend on whether the gate works. */
	if (decision->verdict == FG_VERDICT_EXEMPT ||
	    decision->would == FG_VERDICT_DENY)
		return;
	v.action = conf_failure_action(conf, decision->policy, failure,
	    facts->kind, &v.line);
	/* A decision that was never made cannot become an allow here. */
	allowed = decision->would == FG_VERDICT_ALLOW;
	v.action = allowed ? settle(v.action) : ACTION_DENY;
	apply(&v, decision);
	decision->alone = allowed && is_failing(decision);
}

static bool
is_denied(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, const struct finding *f)
{
	enum action action;
	unsigned int line;

	action = settle(conf_action(conf, policy, f->code, f->grade, &line));
	if (action == ACTION_DENY && decide_exception(facts, f, action) == NULL)
		return true;
	if (policy != NULL)
		return false;
	action = conf_failure_action(conf, NULL, FAILURE_NO_POLICY, facts->kind,
	    &line);
	return settle(action) == ACTION_DENY;
}

bool
decide_keeps_out(const struct facts *facts, const struct conf *conf,
    const struct finding *unknown)
{
	enum decide_match match = DECIDE_MATCH_UNSURE;
	const struct conf_policy *policy;
	size_t from = 0;

	if (facts->kind == SERVICE_EXEMPT)
		return false;
	while (match == DECIDE_MATCH_UNSURE) {
		policy = decide_policy(facts, conf, from, &match);
		/* If it is its policy, that one's mode is its mode. */
		if (find_mode(facts, conf, policy, DECIDE_MATCH_YES) ==
			CONF_MODE_OBSERVE ||
		    !is_denied(facts, conf, policy, unknown))
			return false;
		if (policy != NULL)
			from = (size_t)(policy - conf->policies) + 1;
	}
	return true;
}
