/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what has happened to an event for the hook service. A login makes one at
 * most: of the class that says most about it.
 */
#include "policyd/alerts.h"

#include "policyd/hooklink.h"
#include "policyd/record/record.h"
#include "policyd/text.h"
#include "policyd/told.h"

/* ---- logins ------------------------------------------------------------- */

/*
 * What a finding tells, where it is one that a proof is wanted for, or more. Of
 * several the last of enum hook_class says most.
 */
static const enum hook_class tells[FINDING_COUNT] = {
	[FINDING_DEVICE_MISMATCH] = HOOK_NEW_DEVICE,
	[FINDING_DEVICE_UNISSUED] = HOOK_NEW_DEVICE,
	[FINDING_DEVICE_KEY] = HOOK_NEW_DEVICE,
	[FINDING_DEVICE_CLONE] = HOOK_NEW_DEVICE,
	[FINDING_DEVICE_NEW_INPUT] = HOOK_NEW_DEVICE,
	[FINDING_REMOTE_TOOL] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_DESKTOP] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_TUNNEL] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_KVM] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_DISPLAY] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_JIGGLER] = HOOK_REMOTE_CONTROL,
	[FINDING_REMOTE_SESSION] = HOOK_REMOTE_CONTROL,
	[FINDING_PERSON_REVOKED] = HOOK_REVOKED_LOGIN,
};

enum hook_class
alerts_class(const struct facts *facts, const struct decision *decision)
{
	enum hook_class cls, found = HOOK_NONE;

	if (decision->verdict == FG_VERDICT_DENY)
		found = HOOK_DENIED;
	else if (facts->login.phase == FG_PHASE_AUTH)
		return HOOK_NONE; /* account tells it */
	for (size_t i = 0; i < decision->findings.count; i++) {
		if (decision->applied[i].action < ACTION_CHALLENGE ||
		    decision->applied[i].proved ||
		    decision->applied[i].remembered != 0)
			continue;
		cls = tells[decision->findings.list[i].code];
		if (cls > found)
			found = cls;
	}
	return found;
}

/* Names that are no users' may be passwords. */
static void
set_login(struct json *event, const struct facts *facts)
{
	const struct fact_login *login = &facts->login;

	if ((login->flags & FG_LOGIN_INVALID_USER) == 0)
		json_set_untrusted(event, "user", login->user);
	if (facts->person.state == FACT_KNOWN)
		json_set_untrusted(event, "person", facts->person.person.user);
	json_set_given(event, "ruser", login->ruser);
	json_set_untrusted(event, "service", login->service);
	json_set_string(event, "kind", service_kind_name(facts->kind));
	told_origin(event, &facts->origin, &facts->where);
	json_set_given(event, "city", facts->place.city);
}

static void
set_decision(struct json *event, const struct decision *decision)
{
	char reason[FG_REASON_MAX + 1];

	json_set_string(event, "verdict", fg_verdict_name(decision->verdict));
	json_set_string(event, "would", fg_verdict_name(decision->would));
	json_set_untrusted(event, "reason", decide_reason(decision, reason));
	told_findings(event, &decision->findings);
	if (decision->findings.count > 0)
		json_set_untrusted(event, "seen",
		    decision->findings
			.list[decision->by == DECIDED_BY_FINDING ?
				decision->index :
				0]
			.text);
}

static struct json *
new_event(enum hook_class cls)
{
	struct json *event = hooklink_event(cls);

	json_set_int(event, "at", daemon_wall_s());
	return event;
}

void
alerts_decision(struct daemon *daemon, const struct facts *facts,
    const struct decision *decision, const char *ref)
{
	enum hook_class cls = alerts_class(facts, decision);
	struct json *event;

	if (cls == HOOK_NONE)
		return;
	event = new_event(cls);
	json_set_string(event, "ref", ref);
	set_login(event, facts);
	set_decision(event, decision);
	hooklink_offer(daemon->hooks, event);
}

/* ---- others ------------------------------------------------------------- */

void
alerts_breakglass(struct daemon *daemon, const struct json *note,
    const char *line)
{
	struct json *event = hooklink_event(HOOK_BREAKGLASS);

	record_breakglass(event, note, line);
	hooklink_offer(daemon->hooks, event);
}

void
alerts_enrolled(struct daemon *daemon, const char *key, const char *asset,
    uint32_t uid)
{
	struct json *event = new_event(HOOK_NEW_DEVICE);

	json_set_string(event, "action", "enrolled");
	json_set_string(event, "key", key);
	json_set_given(event, "asset", asset);
	json_set_id(event, "by_uid", uid);
	hooklink_offer(daemon->hooks, event);
}

void
alerts_chain_broken(struct daemon *daemon, uint64_t seq)
{
	struct json *event = new_event(HOOK_CHAIN_BROKEN);

	json_set_int(event, "seq", (int64_t)seq);
	json_set_untrusted(event, "file", daemon->rules->conf->audit);
	json_set_string(event, "problem",
	    "the audit log was damaged, replaced or not brought to the disk");
	hooklink_offer(daemon->hooks, event);
}

void
alerts_unwritable(struct daemon *daemon, const char *why)
{
	struct json *event = new_event(HOOK_AUDIT_UNWRITABLE);

	json_set_untrusted(event, "file", daemon->rules->conf->audit);
	json_set_string(event, "problem", why);
	json_set_int(event, "seq", (int64_t)audit_sequence(daemon->audit));
	hooklink_offer(daemon->hooks, event);
}
