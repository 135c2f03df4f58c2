/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Would this person get in now from here? Decided with the rules and the store
 * that live logins are decided with; nothing of it is recorded, and nothing is
 * known of a calling process.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/record/record.h"
#include "policyd/request/request.h"
#include "policyd/text.h"

bool
control_person_check(struct control_job *job)
{
	const char *from;
	struct addr addr;

	if (control_text(job, "user", FG_USER_MAX) == NULL ||
	    control_text(job, "service", FG_SERVICE_MAX) == NULL ||
	    (from = control_text(job, "from", FG_RHOST_MAX)) == NULL)
		return false;
	if (addr_parse(from, &addr) != 0) {
		control_problem(job,
		    "%s is no address; give one in numbers, such as 192.0.2.7",
		    from);
		return false;
	}
	return true;
}

/* Those of the configuration's groups that farmgatectl has found. */
static void
person_set_groups(struct control_job *job, struct conn *conn)
{
	const struct conf_strings *asked = &conn->rules->conf->groups;
	const struct json *list = json_get(job->args, "groups");
	struct fact_groups *groups = &conn->facts.groups;
	size_t i, n;

	groups->state =
	    list == NULL || json_get_bool(job->args, "groups_failed", false) ?
	    FACT_ERROR :
	    FACT_KNOWN;
	groups->names = conn->groups;
	groups->count = 0;
	for (i = 0; i < asked->n && i < FG_NEED_GROUPS_MAX; i++)
		for (n = 0; n < json_length(list); n++)
			if (strcmp(asked->v[i], json_string_at(list, n, "")) ==
			    0) {
				conn->groups[groups->count++] = asked->v[i];
				break;
			}
}

static void
person_set_login(struct control_job *job, struct fact_login *login)
{
	int64_t uid = json_get_int(job->args, "uid", -1);

	memset(login, 0, sizeof(*login));
	login->phase = FG_PHASE_ACCOUNT;
	login->uid =
	    uid >= 0 && uid < UINT32_MAX ? (uint32_t)uid : (uint32_t)-1;
	(void)text_copy(login->user, sizeof(login->user),
	    json_get_string(job->args, "user", ""));
	(void)text_copy(login->service, sizeof(login->service),
	    json_get_string(job->args, "service", ""));
	(void)text_copy(login->rhost, sizeof(login->rhost),
	    json_get_string(job->args, "from", ""));
}

/* The origin of a session that a nested login would inherit. */
static void
person_set_parent(const struct facts *facts, struct fact_origin *parent)
{
	memset(parent, 0, sizeof(*parent));
	parent->kind = ORIGIN_ADDRESS;
	parent->source = ORIGIN_FROM_RHOST;
	if (addr_parse(facts->login.rhost, &parent->addr) == 0)
		parent->cls = addr_classify(&parent->addr);
}

void
control_person(struct control_job *job)
{
	struct conn *conn = job->conn;
	struct facts *facts = &conn->facts;
	struct fact_origin inherited;
	const struct gather_parent parent = { .origin = &inherited, .ref = "" };
	struct decision decision;
	struct outlook outlook;
	struct record_decision r = {
		.facts = facts,
		.decision = &decision,
		.ref = "" /* nothing of this is on record */
	};
	struct json *json = json_new();

	conn->rules = job->daemon->rules;
	ruleset_hold(conn->rules);
	r.ruleset = conn->rules;
	person_set_login(job, &facts->login);
	person_set_groups(job, conn);
	memset(&facts->peer, 0, sizeof(facts->peer)); /* not the asking one */
	person_set_parent(facts, &inherited);
	request_gather(conn, &parent);
	memset(&facts->proof, 0, sizeof(facts->proof)); /* it is to come */
	decide(facts, conn->rules->conf, &decision);
	if (decision.challenge) {
		outlook_take(facts, conn->rules->conf, &decision,
		    job->daemon->store, &outlook);
		r.outlook = &outlook;
	}
	record_decision(json_set_object(json, "decision"), &r);
	control_factors_add(json, job->daemon->store, facts);
	control_remembered_add(json, job->daemon->store, fact_who(facts));
	control_answer(job, json,
	    decision.verdict == FG_VERDICT_ALLOW ||
		    decision.verdict == FG_VERDICT_EXEMPT ?
		CONTROL_OK :
		CONTROL_NO);
}
