/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a decision to the members of its record. This is in the path of every
 * login: members are set once, in order, and nothing is looked up. What other
 * people wrote goes through json_set_untrusted() and no other way. What is
 * known of the login beside what it said itself is for record_facts.c.
 */
#include "policyd/record/record.h"

#include "policyd/record/record_parts.h"
#include "policyd/session/session.h"
#include "policyd/stepup/stepup.h"
#include "policyd/text.h"

static const char *
decided_by_name(enum decided_by by)
{
	switch (by) {
	case DECIDED_NONE:
		break;
	case DECIDED_BY_FINDING:
		return "finding";
	case DECIDED_BY_COMBINATION:
		return "combination";
	case DECIDED_BY_FAILURE:
		return "failure";
	case DECIDED_BY_POLICY:
		return "policy";
	case DECIDED_BY_EXEMPTION:
		return "exemption";
	}
	return "none";
}

static void
set_line(struct json *json, unsigned int line)
{
	if (line > 0)
		json_set_int(json, "line", line);
}

/*
 * Names that are no users' are left out: people type passwords at the wrong
 * prompt.
 */
static void
add_user(struct json *json, const struct fact_login *login)
{
	if ((login->flags & FG_LOGIN_INVALID_USER) != 0) {
		json_set_null(json, "user");
		json_set_bool(json, "invalid_user", true);
	} else {
		json_set_untrusted(json, "user", login->user);
		json_set_id(json, "uid", login->uid);
	}
}

static void
set_key(struct json *json, const struct ssh_key *key)
{
	json_set_string(json, "fingerprint", key->fingerprint);
	json_set_given(json, "id", key->id);
}

/* How sshd knew the user; there at the session's open for keys alone. */
static void
add_keys(struct json *json, const struct ssh_keys *keys)
{
	struct json *o, *also;

	if (keys->n == 0)
		return;
	o = json_set_object(json, "key");
	set_key(o, &keys->list[0]);
	if (keys->n > 1) {
		also = json_set_array(o, "also");
		for (size_t i = 1; i < keys->n; i++)
			set_key(json_add_object(also), &keys->list[i]);
	}
	if (keys->more > 0)
		json_set_int(o, "more", keys->more);
}

static void
add_login(struct json *json, const struct facts *facts)
{
	const struct fact_login *login = &facts->login;

	add_user(json, login);
	json_set_given(json, "ruser", login->ruser);
	json_set_untrusted(json, "service", login->service);
	json_set_string(json, "kind", service_kind_name(facts->kind));
	json_set_given(json, "tty", login->tty);
	if ((login->flags & FG_LOGIN_CUT) != 0)
		json_set_bool(json, "cut", true);
	if ((login->flags & FG_LOGIN_OBSERVE) != 0)
		json_set_bool(json, "observe_argument", true);
	if ((login->flags & FG_LOGIN_NOGROUPS) != 0)
		json_set_bool(json, "nogroups", true);
	add_keys(json, &login->keys);
}

static void
add_policy(struct json *json, const struct conf_policy *policy)
{
	struct json *o;

	if (policy == NULL) {
		json_set_null(json, "policy");
		return;
	}
	o = json_set_object(json, "policy");
	json_set_string(o, "name", policy->name);
	set_line(o, policy->line);
}

static void
add_findings(struct json *json, const struct decision *decision)
{
	struct json *list = json_set_array(json, "findings"), *o;
	const struct finding *finding;

	for (size_t i = 0; i < decision->findings.count; i++) {
		finding = &decision->findings.list[i];
		o = json_add_object(list);
		json_set_string(o, "code", finding_info(finding->code)->name);
		json_set_given(o, "grade", finding->grade);
		json_set_untrusted(o, "text", finding->text);
		json_set_string(o, "action",
		    action_name(decision->applied[i].action));
		set_line(o, decision->applied[i].line);
		if (finding->minor)
			json_set_bool(o, "minor", true);
		if (decision->applied[i].proved)
			json_set_bool(o, "proved", true);
		if (decision->applied[i].remembered != 0)
			json_set_int(o, "remembered",
			    (int64_t)decision->applied[i].remembered);
		if (decision->applied[i].exception != 0)
			json_set_int(o, "exception",
			    (int64_t)decision->applied[i].exception);
	}
}

static void
set_finding(struct json *json, const struct finding *finding)
{
	char name[FINDING_NAME_SIZE];

	json_set_untrusted(json, "finding",
	    finding_name(finding->code, finding->grade, name));
}

static void
add_decided(struct json *json, const struct decision *d,
    const struct conf *conf)
{
	struct json *o = json_set_object(json, "decided");
	char why[DECIDE_WHY_SIZE];

	json_set_string(o, "by", decided_by_name(d->by));
	json_set_untrusted(o, "why", decide_why(d, conf, why));
	switch (d->by) {
	case DECIDED_BY_FINDING:
		if (d->index < d->findings.count)
			set_finding(o, &d->findings.list[d->index]);
		break;
	case DECIDED_BY_COMBINATION:
		if (d->policy != NULL && d->index < d->policy->ncombinations)
			json_set_string(o, "combination",
			    d->policy->combinations[d->index].name);
		break;
	case DECIDED_BY_FAILURE:
		json_set_string(o, "failure", failure_info(d->failure)->name);
		break;
	case DECIDED_NONE:
	case DECIDED_BY_POLICY:
	case DECIDED_BY_EXEMPTION:
		break;
	}
	set_line(o, d->line);
}

static void
add_peer(struct json *json, const struct facts *facts)
{
	const struct fact_peer *peer = &facts->peer;
	struct json *o = json_set_object(json, "peer"), *parents;

	json_set_string(o, "state", fact_state_name(peer->state));
	json_set_int(o, "pid", peer->pid);
	json_set_int(o, "uid", peer->uid);
	if ((int64_t)facts->login.pid != peer->pid)
		json_set_int(o, "claimed_pid", facts->login.pid);
	if (peer->state != FACT_KNOWN)
		return;
	json_set_int(o, "start", (int64_t)peer->start);
	json_set_id(o, "loginuid", peer->loginuid);
	json_set_id(o, "audit_session", peer->audit_session);
	json_set_untrusted(o, "comm", peer->comm);
	json_set_untrusted(o, "cgroup", peer->cgroup);
	parents = json_set_array(o, "parents");
	for (size_t i = 0; i < peer->ancestors; i++)
		json_add_int(parents, peer->ancestor[i].pid);
}

/* The versions of everything that the decision was made from. */
static void
add_versions(struct json *json, const struct ruleset *ruleset)
{
	struct json *o = json_set_object(json, "config"), *list;
	const struct geo_info *info;

	json_set_untrusted(o, "file", ruleset->conf->path);
	json_set_string(o, "sha256", ruleset->conf->hash);
	list = json_set_array(json, "databases");
	for (size_t i = 0; i < geo_count(ruleset->geo); i++) {
		info = geo_info(ruleset->geo, i);
		o = json_add_object(list);
		json_set_untrusted(o, "path", info->path);
		json_set_untrusted(o, "type", info->type);
		json_set_int(o, "build", (int64_t)info->build_s);
		json_set_string(o, "sha256", info->hash);
	}
}

/* By whose word, and as of which record of theirs. */
static void
add_stepup_by(struct json *step, const struct stepup_by *by)
{
	struct json *o;

	json_set_given(step, "request", by->ref);
	if (!by->known)
		return;
	o = json_set_object(step, "by");
	json_set_id(o, "uid", by->uid);
	json_set_id(o, "loginuid", by->loginuid);
}

/* What was asked for in this phase, and what came of it. */
static void
add_stepup(struct json *json, const struct stepup *s)
{
	struct json *list, *o;

	if (s == NULL || s->n == 0)
		return;
	list = json_set_array(json, "step_up");
	for (size_t i = 0; i < s->n; i++) {
		o = json_add_object(list);
		json_set_string(o, "method", method_name(s->steps[i].method));
		json_set_string(o, "result", stepup_step_name(s, i));
		if (s->steps[i].why != NULL)
			json_set_string(o, "why", s->steps[i].why);
		if (s->steps[i].tries > 1)
			json_set_int(o, "tries", s->steps[i].tries);
		add_stepup_by(o, &s->steps[i].by);
	}
}

static void
add_methods(struct json *json, const struct methods *methods)
{
	struct json *list = json_set_array(json, "methods");

	for (size_t i = 0; i < methods->n; i++)
		json_add_string(list, method_name(methods->list[i]));
	json_set_bool(json, "all", methods->all);
}

/* Who would be asked, what they have of it, and what would come of it. */
static void
add_outlook(struct json *json, const struct outlook *outlook)
{
	struct json *list = json_set_array(json, "asked"), *o;
	enum method method;

	for (size_t i = 0; i < outlook->plan.n; i++) {
		method = outlook->plan.steps[i].method;
		o = json_add_object(list);
		json_set_string(o, "method", method_name(method));
		if (outlook_is_own(method))
			json_set_bool(o, "has", outlook->has[method]);
	}
	if (outlook->held)
		json_set_bool(json, "held", true);
	json_set_string(json, "passed", fg_verdict_name(outlook->passed));
	json_set_string(json, "failed", fg_verdict_name(outlook->failed));
	json_set_string(json, "unasked", fg_verdict_name(outlook->unasked));
}

/* What enforcing would ask for: of one that is observed, or only thought of. */
static void
add_challenge(struct json *json, const struct record_decision *r)
{
	const struct decision *d = r->decision;
	struct json *o, *list;

	if (!d->challenge ||
	    (d->mode != CONF_MODE_OBSERVE && r->outlook == NULL))
		return;
	o = json_set_object(json, "challenge");
	list = json_set_array(o, "needs");
	for (size_t i = 0; i < d->nneeds; i++)
		add_methods(json_add_object(list), &d->needs[i]);
	if (r->outlook != NULL)
		add_outlook(o, r->outlook);
}

/* What an earlier phase of the same login has proved. */
static void
add_proof(struct json *json, const struct fact_proof *proof)
{
	struct json *o, *list;
	enum method m;

	if (proof->state != FACT_KNOWN || proof->ref[0] == '\0')
		return;
	o = json_set_object(json, "proof");
	json_set_untrusted(o, "ref", proof->ref);
	list = json_set_array(o, "methods");
	for (m = METHOD_NONE + 1; m < METHOD_COUNT; m++)
		if ((proof->methods & 1u << m) != 0)
			json_add_string(list, method_name(m));
}

void
record_decision(struct json *json, const struct record_decision *r)
{
	const struct facts *facts = r->facts;
	const struct decision *decision = r->decision;
	const struct conf *conf = r->ruleset->conf;
	char reason[FG_REASON_MAX + 1], next[DECIDE_NEXT_SIZE];

	json_set_untrusted(json, "ref", r->ref);
	json_set_string(json, "phase", fg_phase_name(facts->login.phase));
	json_set_string(json, "verdict", fg_verdict_name(decision->verdict));
	json_set_string(json, "would", fg_verdict_name(decision->would));
	json_set_string(json, "mode", conf_mode_name(decision->mode));
	add_login(json, facts);
	record_add_facts(json, facts, conf);
	json_set_string(json, "groups", fact_state_name(facts->groups.state));
	add_policy(json, decision->policy);
	add_findings(json, decision);
	add_challenge(json, r);
	add_stepup(json, r->stepup);
	add_proof(json, &facts->proof);
	add_decided(json, decision, conf);
	json_set_untrusted(json, "reason", decide_reason(decision, reason));
	json_set_untrusted(json, "next",
	    decide_next_of(decision, facts, outlook_next(r->outlook), next));
	add_peer(json, facts);
	add_versions(json, r->ruleset);
	json_set_int(json, "latency_us", r->latency_us);
}

void
record_open(struct json *json, const struct facts *facts,
    const struct decision *decision, const char *ref)
{
	json_set_untrusted(json, "ref", ref);
	add_login(json, facts);
	record_add_person(json, &facts->person);
	record_add_bound(json, &facts->bound);
	add_findings(json, decision);
	add_peer(json, facts);
}

void
record_by(struct json *by, const struct fact_peer *peer)
{
	json_set_int(by, "uid", peer->uid);
	json_set_id(by, "loginuid", peer->loginuid);
	json_set_int(by, "pid", peer->pid);
}

/* Whose it was. */
static void
add_session(struct json *json, const struct store_session *s)
{
	json_set_untrusted(json, "ref", s->ref);
	json_set_untrusted(json, "user", s->user);
	json_set_untrusted(json, "person", s->person);
}

void
record_close(struct json *json, const struct store_session *s, int64_t open_s,
    const char *how)
{
	add_session(json, s);
	json_set_int(json, "open_s", open_s);
	json_set_string(json, "how", how);
}

void
record_left(struct json *json, const struct store_session *s, uint32_t remains)
{
	add_session(json, s);
	json_set_string(json, "state", session_state_name(s->state));
	json_set_int(json, "processes", remains);
}

/* The module's words have their own escapes, which stay. */
void
record_breakglass(struct json *json, const struct json *note, const char *line)
{
	if (note == NULL) {
		json_set_untrusted(json, "line", line);
		return;
	}
	json_set_untrusted(json, "ref", json_get_string(note, "ref", "-"));
	json_set_untrusted(json, "phase", json_get_string(note, "phase", "-"));
	json_set_untrusted(json, "user", json_get_string(note, "user", "-"));
	json_set_untrusted(json, "target",
	    json_get_string(note, "target", "-"));
	json_set_untrusted(json, "service",
	    json_get_string(note, "service", "-"));
	json_set_untrusted(json, "from", json_get_string(note, "from", "-"));
	json_set_untrusted(json, "reason",
	    json_get_string(note, "reason", "-"));
	json_set_untrusted(json, "entry", json_get_string(note, "entry", "-"));
	json_set_int(json, "at", json_get_int(note, "at", 0));
}
