/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions about what there is: in which session a process runs, who else of
 * a person is in, and all of it for farmgatectl.
 */
#include <string.h>

#include "policyd/session/session_parts.h"
#include "policyd/text.h"

/* ---- the session around a process -------------------------------------- */

/* Sessions of one process from different places: nobody knows whose it is. */
static bool
by_process(const struct sessions *sessions, const struct fact_process *process,
    const struct session **ret_session)
{
	const struct session *session;
	bool found = false;

	*ret_session = NULL;
	LIST_FOREACH(session,
	    &sessions->pids[session_bucket((uint32_t)process->pid)], of_pid) {
		if (session->pidfd < 0 ||
		    !session_same_process(&session->s.process, process))
			continue;
		if (found &&
		    (*ret_session == NULL ||
			!session_same_origin(&(*ret_session)->s.origin,
			    &session->s.origin)))
			*ret_session = NULL;
		else
			*ret_session = session;
		found = true;
	}
	return found;
}

/* Also one whose leader has gone: a terminal that was detached from it. */
static const struct session *
by_audit_session(const struct sessions *sessions, uint32_t id)
{
	const struct session *session;

	if (id == (uint32_t)-1)
		return NULL;
	LIST_FOREACH(session, &sessions->audits[session_bucket(id)], of_audit) {
		if (session->s.audit_session == id)
			return session;
	}
	return NULL;
}

void
session_parent(const struct sessions *sessions, const struct fact_peer *peer,
    struct gather_parent *ret_parent)
{
	const struct session *session = NULL;
	bool found = false;
	size_t i;

	memset(ret_parent, 0, sizeof(*ret_parent));
	if (peer->state != FACT_KNOWN)
		return;
	for (i = 0; i < peer->ancestors && !found; i++)
		found = by_process(sessions, &peer->ancestor[i], &session);
	if (!found)
		session = by_audit_session(sessions, peer->audit_session);
	if (session == NULL)
		return;
	ret_parent->origin = &session->s.origin;
	ret_parent->ref = session->s.ref;
	ret_parent->person = session->s.person;
	if (session->s.keys.n > 0)
		ret_parent->device = session->s.keys.list[0].fingerprint;
}

/* ---- the others of a person -------------------------------------------- */

static bool
same_where(const struct fact_other *a, const struct store_session *b)
{
	return session_same_origin(&a->origin, &b->origin) &&
	    a->where.asn == b->where.asn &&
	    strcmp(a->where.country, b->where.country) == 0 &&
	    strcmp(a->where.network, b->where.network) == 0 &&
	    strcmp(a->device, b->device) == 0;
}

static void
set_other(struct fact_other *other, const struct store_session *s,
    bool reserved)
{
	memset(other, 0, sizeof(*other));
	memcpy(other->ref, s->ref, sizeof(other->ref));
	memcpy(other->service, s->service, sizeof(other->service));
	other->reserved = reserved;
	other->since_s = s->opened_s;
	other->origin = s->origin;
	other->where = s->where;
	memcpy(other->device, s->device, sizeof(other->device));
	if (s->keys.n > 0)
		(void)text_copy(other->key, sizeof(other->key),
		    s->keys.list[0].fingerprint);
}

/* The tables have the newest first. */
static void
add_other(struct fact_sessions *others, const struct store_session *s,
    bool reserved)
{
	size_t i;

	others->count++;
	for (i = 0; i < others->nlisted; i++)
		if (same_where(&others->list[i], s))
			return;
	if (others->nlisted == FACT_OTHERS_MAX)
		others->overflow = true;
	else
		set_other(&others->list[others->nlisted++], s, reserved);
}

/* It is going to be replaced by the one that is decided. */
static bool
is_own_session(const struct session *session, const struct facts *facts)
{
	const struct fact_process peer = { .pid = facts->peer.pid,
		.start = facts->peer.start };

	return facts->peer.state == FACT_KNOWN &&
	    session_same_process(&session->s.process, &peer) &&
	    strcmp(session->s.user, facts->login.user) == 0;
}

/* One that this login has reserved, or would reserve once more. */
static bool
is_own_seat(const struct seat *seat, const struct seat *claimable,
    const struct facts *facts)
{
	return seat == claimable ||
	    (!seat->fading && seat->pidfd >= 0 &&
		seat->peer.pid == facts->peer.pid &&
		strcmp(seat->s.user, facts->login.user) == 0);
}

void
session_others(const struct sessions *sessions, const struct facts *facts,
    struct fact_sessions *ret_others)
{
	const struct seat *seat, *own = NULL;
	const char *who = fact_who(facts);
	unsigned int bucket = session_bucket_of(who);
	/* Who opens a session has proven more than one that may fail yet. */
	bool opens = facts->login.phase == FG_PHASE_SESSION;
	int64_t now_s = session_now_s();
	const struct session *session;

	if (opens)
		own = seat_find(sessions, facts);
	memset(ret_others, 0, sizeof(*ret_others));
	ret_others->state = FACT_KNOWN;
	LIST_FOREACH(seat, &sessions->seat_whos[bucket], of_who) {
		if (seat->until_s > now_s && strcmp(seat->s.person, who) == 0 &&
		    !(seat->fading && opens) && !is_own_seat(seat, own, facts))
			add_other(ret_others, &seat->s, true);
	}
	LIST_FOREACH(session, &sessions->whos[bucket], of_who) {
		if (strcmp(session->s.person, who) == 0 &&
		    !is_own_session(session, facts))
			add_other(ret_others, &session->s, false);
	}
}

/* ---- all of them ------------------------------------------------------- */

void
sessions_each(const struct sessions *sessions, session_fn fn, void *arg)
{
	int64_t now_s = session_now_s();
	const struct session *session;
	const struct seat *seat;
	size_t i;

	for (i = 0; i < SESSION_BUCKETS; i++) {
		LIST_FOREACH(session, &sessions->whos[i], of_who) {
			if (fn(&session->s, false, arg) != 0)
				return;
		}
		LIST_FOREACH(seat, &sessions->seat_whos[i], of_who) {
			if (seat->until_s > now_s && fn(&seat->s, true, arg))
				return;
		}
	}
}

bool
sessions_some(const struct sessions *sessions, struct session_cursor *cursor,
    size_t max, session_fn fn, void *arg)
{
	const struct session *session;

	for (; cursor->bucket < SESSION_BUCKETS; cursor->bucket++) {
		LIST_FOREACH(session, &sessions->whos[cursor->bucket], of_who) {
			if (cursor->number != 0 &&
			    session->serial >= cursor->number)
				continue;
			if (max-- == 0)
				return true;
			cursor->number = session->serial;
			if (fn(&session->s, false, arg) != 0)
				return true;
		}
		cursor->number = 0;
	}
	return false;
}

uint64_t
sessions_last(const struct sessions *sessions)
{
	return sessions->last_serial;
}

size_t
session_count(const struct sessions *sessions)
{
	return sessions->count;
}

const char *
session_end_name(enum session_end how)
{
	switch (how) {
	case SESSION_END_NONE:
		break;
	case SESSION_ENDED_CLOSED:
		return "closed";
	case SESSION_ENDED_GONE:
		return "gone";
	case SESSION_ENDED_REPLACED:
		return "replaced";
	case SESSION_ENDED_LOST:
		return "lost_during_restart";
	case SESSION_ENDED_REBOOT:
		return "reboot";
	case SESSION_ENDED_TERMINATED:
		return "terminated";
	}
	return "none";
}

const char *
session_state_name(enum store_session_state state)
{
	switch (state) {
	case STORE_SESSION_NONE:
		break;
	case STORE_SESSION_OPEN:
		return "open";
	case STORE_SESSION_ORPHAN:
		return "orphan";
	case STORE_SESSION_DETACHED:
		return "detached";
	}
	return "none";
}
