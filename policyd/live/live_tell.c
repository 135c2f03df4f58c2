/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One session, and what was found while it is open: which of it counts for
 * that session, what its policy says, and then record, log, hook, end.
 */
#include <string.h>

#include "policyd/check/check_sign.h"
#include "policyd/decide/decide_exception.h"
#include "policyd/decide/decide_policy.h"
#include "policyd/gather/gather.h"
#include "policyd/hooklink.h"
#include "policyd/live/live_parts.h"
#include "policyd/log.h"
#include "policyd/machine/machine.h"
#include "policyd/text.h"
#include "policyd/told.h"

/* What is found on one session, and the strictest that becomes of it. */
struct found {
	struct finding_list findings;
	enum live_action action[FINDING_LIST_MAX];
	enum live_action strictest;
	enum live_action would; /* were it not only observed */
	bool more; /* than find room */
};

/* As far as a session's own words reach. */
static void
facts_of(const struct live *live, const struct store_session *s,
    struct facts *facts)
{
	const struct daemon *daemon = live->daemon;

	memset(facts, 0, sizeof(*facts));
	facts->at_s = daemon_wall_s();
	facts->kind = s->kind;
	facts->origin = s->origin;
	facts->where = s->where;
	facts->login.phase = FG_PHASE_SESSION;
	facts->login.uid = s->uid;
	(void)text_copy(facts->login.user, sizeof(facts->login.user), s->user);
	(void)text_copy(facts->login.service, sizeof(facts->login.service),
	    s->service);
	facts->groups.state = FACT_ERROR; /* nobody is asked for them now */
	if (daemon->store != NULL)
		gather_person(daemon->store, facts);
	gather_net(daemon->rules->conf, &facts->origin, &facts->networks);
}

/* *ret_sure is false where only a group could tell. */
static const struct conf_policy *
policy_of(const struct live *live, const struct store_session *s,
    const struct facts *facts, bool *ret_sure)
{
	const struct conf *conf = live->daemon->rules->conf;
	const struct conf_policy *policy;
	enum decide_match match;
	size_t i;

	*ret_sure = true;
	for (i = 0; s->policy[0] != '\0' && i < conf->npolicies; i++)
		if (strcmp(conf->policies[i].name, s->policy) == 0)
			return &conf->policies[i];
	policy = decide_policy(facts, conf, 0, &match);
	*ret_sure = match != DECIDE_MATCH_UNSURE;
	return match == DECIDE_MATCH_YES ? policy : NULL;
}

/*
 * Observed is what the PAM line, the policy or the file only observes; and what
 * is there when the daemon starts may have been there when the session was
 * opened.
 */
static bool
is_observed(const struct live *live, const struct store_session *s,
    const struct conf_policy *policy)
{
	enum conf_mode mode = live->daemon->rules->conf->mode;

	if (policy != NULL && policy->mode != CONF_MODE_NONE)
		mode = policy->mode;
	return s->observed || mode != CONF_MODE_ENFORCE || live->memory.first;
}

/*
 * It was there before the session was, and was overlooked. A process that is
 * older is no word of that by itself: it may have become the tool since. What
 * is only installed says nothing of now, and is looked for bit by bit.
 */
static bool
may_be_older(const struct live_fresh *fresh, const struct store_session *s)
{
	return fresh->sign.grade == SIGN_INSTALLED ||
	    (fresh->sign.grade == SIGN_RUNNING && fresh->missed &&
		fresh->since_boot_s < s->opened_boot_s);
}

/* Who it is looked at for. */
struct whom {
	const struct live *live;
	const struct store_session *s;
	const struct facts *facts;
	const struct conf_policy *policy;
};

static void
add(const struct whom *whom, const struct live_fresh *fresh,
    const struct fact_sign *s, struct found *found)
{
	enum finding_code code = check_sign_code(s->sign.kind);
	struct finding_list *list = &found->findings;
	enum live_action action;

	action = conf_live_action(whom->live->daemon->rules->conf, whom->policy,
	    code, check_sign_grade(&s->sign));
	if (action == LIVE_IGNORE)
		return;
	if (action > LIVE_ALERT && may_be_older(fresh, whom->s))
		action = LIVE_ALERT;
	if (!check_sign_add(s, list)) {
		found->more = true;
	} else {
		if (action > LIVE_ALERT &&
		    (list->list[list->count - 1].minor ||
			decide_exception(whom->facts,
			    &list->list[list->count - 1], ACTION_DENY) != NULL))
			action = LIVE_ALERT;
		found->action[list->count - 1] = action;
	}
	if (action > found->would)
		found->would = action;
}

static void
look_at(const struct live *live, const struct store_session *s, uint64_t number,
    struct found *found)
{
	static struct facts facts;
	const struct conf *conf = live->daemon->rules->conf;
	struct whom whom = { .live = live, .s = s, .facts = &facts };
	const struct live_fresh *fresh = live->memory.fresh;
	struct gather_machine machine;
	struct fact_sign sign;
	bool sure;
	size_t i;

	memset(found, 0, sizeof(*found));
	facts_of(live, s, &facts);
	whom.policy = policy_of(live, s, &facts, &sure);
	machine_known(live->daemon, conf, &machine);
	for (i = 0; i < live->memory.nfresh; i++)
		/* Somebody else's, or a mere name, is not this session's. */
		if (number > fresh[i].told &&
		    gather_sign(conf, &machine, &facts, &fresh[i].sign,
			&sign) &&
		    sign.counts)
			add(&whom, &fresh[i], &sign, found);
	found->strictest = found->would;
	if (found->strictest > LIVE_ALERT &&
	    (!sure || is_observed(live, s, whom.policy)))
		found->strictest = LIVE_ALERT;
}

void
live_set_session(struct json *json, const struct store_session *s)
{
	json_set_untrusted(json, "ref", s->ref);
	json_set_untrusted(json, "person", s->person);
	json_set_untrusted(json, "user", s->user);
	json_set_untrusted(json, "service", s->service);
}

static void
set_findings(struct json *json, const struct found *found)
{
	struct json *list = json_set_array(json, "findings"), *o;
	const struct finding *f;
	size_t i;

	for (i = 0; i < found->findings.count; i++) {
		f = &found->findings.list[i];
		o = json_add_object(list);
		json_set_string(o, "code", finding_info(f->code)->name);
		json_set_given(o, "grade", f->grade);
		json_set_string(o, "action",
		    live_action_name(found->action[i]));
		json_set_string(o, "text", f->text);
	}
}

/* What somebody is told of is on the disk by the end of this turn. */
static void
record(struct live *live, const struct store_session *s,
    const struct found *found)
{
	struct json *json = daemon_record(live->daemon, AUDIT_LIVE);

	live_set_session(json, s);
	json_set_string(json, "action", live_action_name(found->strictest));
	if (found->would != found->strictest)
		json_set_string(json, "would", live_action_name(found->would));
	set_findings(json, found);
	if (found->more)
		json_set_bool(json, "more", true);
	(void)daemon_audit(live->daemon, json, false); /* reported there */
	live->unsynced |= found->strictest > LIVE_ALERT;
}

static void
log_first(const struct store_session *s, const struct found *found)
{
	const struct finding *f = &found->findings.list[0];
	char name[FINDING_NAME_SIZE];

	log_warn("session %s: %s while it is open: %s; %s", s->ref,
	    finding_name(f->code, f->grade, name), f->text,
	    live_action_name(found->strictest));
}

static void
run_hook(struct daemon *daemon, const struct store_session *s,
    const struct found *found)
{
	struct json *event = hooklink_event(HOOK_LIVE);

	live_set_session(event, s);
	told_origin(event, &s->origin, &s->where);
	json_set_int(event, "since", s->opened_s);
	json_set_string(event, "action", live_action_name(found->strictest));
	json_set_string(event, "seen", found->findings.list[0].text);
	set_findings(event, found);
	hooklink_tell(daemon->hooks, event);
}

void
live_tell(struct live *live, const struct store_session *s, uint64_t number)
{
	static struct found found;
	struct daemon *daemon = live->daemon;

	look_at(live, s, number, &found);
	if (found.would == LIVE_NONE)
		return;
	record(live, s, &found);
	log_first(s, &found);
	if (found.strictest >= LIVE_HOOK)
		run_hook(daemon, s, &found);
	if (found.strictest == LIVE_TERMINATE)
		live_end(live, s);
}
