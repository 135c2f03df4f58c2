/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login: copy what the module said, wait for the facts that others bring,
 * decide, write the record, and only then answer.
 */
#include "policyd/request/request.h"

#include <string.h>
#include <unistd.h>

#include "policyd/alerts.h"
#include "policyd/crypto.h"
#include "policyd/live/live.h"
#include "policyd/log.h"
#include "policyd/machine/machine.h"
#include "policyd/machine/scanlink.h"
#include "policyd/record/record.h"
#include "policyd/request/request_prove.h"
#include "policyd/stepup/proofs.h"
#include "policyd/text.h"
#include "proto/result.h"

/* The decoder has bounded each string by its destination's size. */
static void
request_copy(struct fact_login *login, const struct fg_login *m)
{
	login->phase = (enum fg_phase)m->phase;
	login->flags = m->flags;
	login->pid = m->pid;
	login->uid = m->uid;
	(void)text_copy(login->service, sizeof(login->service), m->service);
	(void)text_copy(login->user, sizeof(login->user), m->user);
	(void)text_copy(login->ruser, sizeof(login->ruser), m->ruser);
	(void)text_copy(login->tty, sizeof(login->tty), m->tty);
	(void)text_copy(login->rhost, sizeof(login->rhost), m->rhost);
	(void)text_copy(login->ssh_connection, sizeof(login->ssh_connection),
	    m->ssh_connection);
	(void)text_copy(login->ref, sizeof(login->ref), m->ref);
}

/*
 * Which keys sshd has taken. Like SSH_CONNECTION they are believed of listed
 * remote services only, and not without that one, which is sshd's as well and
 * always there; and the names in a certificate only if one of the configured
 * authorities has signed it.
 */
static void
request_copy_keys(const struct conf *conf, const struct fg_login *m,
    struct fact_login *login)
{
	struct ssh_key *key;
	int r;

	login->key_state = FACT_NONE;
	if (conf_service_kind(conf, login->service) != SERVICE_REMOTE ||
	    login->ssh_connection[0] == '\0')
		return;
	r = ssh_keys_of(m->ssh_auth, &login->keys);
	if (r == 0)
		login->key_state = FACT_KNOWN;
	else if (r != FG_ERR_NOT_FOUND ||
	    (login->flags & FG_LOGIN_AUTH_CUT) != 0)
		login->key_state = FACT_ERROR;
	for (size_t i = 0; i < login->keys.n; i++) {
		key = &login->keys.list[i];
		if (conf_trusts_authority(conf, key->authority))
			continue;
		key->id[0] = '\0';
		key->nprincipals = 0;
	}
}

/* Groups are asked for only if they can change the answer. */
static bool
request_needs_groups(const struct conn *conn)
{
	const struct conf *conf = conn->rules->conf;
	const struct fact_login *login = &conn->facts.login;

	return conf_wants_groups(conf) &&
	    (login->flags & (FG_LOGIN_NOGROUPS | FG_LOGIN_INVALID_USER)) == 0 &&
	    conf_service_kind(conf, login->service) != SERVICE_EXEMPT;
}

static void
request_ask_groups(struct conn *conn)
{
	const struct conf_strings *groups = &conn->rules->conf->groups;
	struct fg_need m = { .what = FG_NEED_GROUPS };
	size_t len;

	for (size_t i = 0; i < groups->n && i < FG_NEED_GROUPS_MAX; i++)
		m.groups[m.count++] = groups->v[i];
	if (fg_msg_put_need(conn->data, FG_MSG_MAX, conn_next(conn), &m,
		&len) != 0 ||
	    !conn_wait(conn) || conn_send(conn, conn->data, len) != 0) {
		conn->daemon->stats.aborted++;
		conn_close(conn);
		return;
	}
	conn->state = CONN_WANT_GROUPS;
}

/*
 * An answer does not wait for facts that cannot change it: if a remote login
 * is allowed even were the scanner unable to look at its process, it is
 * allowed. What the scanner says afterwards ties the login to its session.
 */
static bool
request_needs_peer(struct conn *conn)
{
	static const struct gather_parent none;
	struct decision decision;

	if (conn->facts.login.phase == FG_PHASE_SESSION)
		return true;
	request_gather(conn, &none);
	/* Only a nested one has an origin that the scanner could tell. */
	if (conn->facts.kind != SERVICE_REMOTE &&
	    conn->facts.kind != SERVICE_EXEMPT)
		return true;
	conn->gathered = true;
	conn->facts.peer.state = FACT_ERROR;
	decide(&conn->facts, conn->rules->conf, &decision);
	conn->facts.peer.state = FACT_NONE;
	return decision.would == FG_VERDICT_DENY;
}

/* Addresses come and go seldom: the last picture knows, however old it is. */
static bool
request_is_here(const struct daemon *daemon, const struct gather_ends *ends)
{
	const struct picture *picture = scanlink_picture(daemon->scanlink);

	return memcmp(ends->client.b, ends->server.b, ADDR_SIZE) == 0 ||
	    picture == NULL || picture_may_own(picture, ends->client.b);
}

/* Who is at the other end can be told only if that is this machine. */
static bool
request_ends(const struct conn *conn, struct look_ends *ret_ends)
{
	const struct facts *facts = &conn->facts;
	struct gather_ends ends;

	if (facts->kind != SERVICE_REMOTE ||
	    facts->origin.kind != ORIGIN_ADDRESS ||
	    !gather_ends(&facts->login, &ends) ||
	    (facts->origin.cls != ADDR_LOOPBACK &&
		!request_is_here(conn->daemon, &ends)))
		return false;
	memset(ret_ends, 0, sizeof(*ret_ends));
	memcpy(ret_ends->client, ends.client.b, ADDR_SIZE);
	memcpy(ret_ends->server, ends.server.b, ADDR_SIZE);
	ret_ends->client_port = ends.client_port;
	ret_ends->server_port = ends.server_port;
	return true;
}

/*
 * Ask for what is missing; where anything has to be waited for, the peer is
 * asked for as well. It comes before the look, which takes longer.
 */
static void
request_ask(struct conn *conn)
{
	static const struct gather_parent none;
	const struct conf_machine *machine = &conn->rules->conf->machine;
	bool stale, looped;
	struct look_ends ends;

	gather_origin(conn->rules->conf, &none, &conn->facts);
	stale = conn->facts.kind != SERVICE_EXEMPT &&
	    !machine_is_fresh(conn->daemon, machine);
	looped = request_ends(conn, &ends);
	if (stale || looped || request_needs_peer(conn))
		(void)conn_ask_peer(conn);
	if (looped)
		(void)conn_ask_client(conn, &ends);
	if (stale)
		(void)conn_ask_look(conn, (uint32_t)machine->max_age_s * 1000);
}

static void
request_work(struct conn *conn)
{
	conn->state = CONN_WORKING;
	conn->asked_ns = machine_now_ns();
	if (scanlink_is_running(conn->daemon->scanlink))
		request_ask(conn);
	else
		conn->facts.peer.state = FACT_ERROR;
	if (conn->pending == 0)
		request_finish(conn);
}

void
request_login(struct conn *conn, size_t len)
{
	struct fg_login m;
	int r;

	if ((r = fg_msg_get_login(conn->data, len, &m)) != 0) {
		conn_malformed(conn, "request", r);
		return;
	}
	request_copy(&conn->facts.login, &m);
	conn->rules = conn->daemon->rules;
	ruleset_hold(conn->rules);
	request_copy_keys(conn->rules->conf, &m, &conn->facts.login);
	if (request_needs_groups(conn))
		request_ask_groups(conn);
	else
		request_work(conn);
}

void
request_groups(struct conn *conn, size_t len)
{
	const struct conf_strings *asked = &conn->rules->conf->groups;
	struct fact_groups *groups = &conn->facts.groups;
	struct fg_groups m;
	int r;

	r = fg_msg_get_groups(conn->data, len, &m);
	if (r == 0 && !m.failed && m.count != asked->n)
		r = FG_ERR_FORMAT;
	if (r != 0) {
		conn_malformed(conn, "request", r);
		return;
	}
	groups->state = m.failed ? FACT_ERROR : FACT_KNOWN;
	groups->names = conn->groups;
	for (size_t i = 0; i < m.count; i++) {
		if (m.member[i])
			conn->groups[groups->count++] = asked->v[i];
	}
	request_work(conn);
}

/* They may still come, and cross the answer: nobody listens any more. */
void
request_groups_late(struct conn *conn)
{
	loop_pause(conn->watch);
	conn->facts.groups.state = FACT_ERROR;
	request_work(conn);
}

static void
request_count(struct conn *conn, const struct decision *decision)
{
	struct stats *stats = &conn->daemon->stats;
	int64_t now_ns = loop_now_ns();

	stats->verdict[decision->verdict]++;
	if (decision->verdict != decision->would)
		stats->observed++;
	counters_decided(conn->rules->counters, conn->rules->conf, &conn->facts,
	    decision);
	stats_latency(stats, now_ns, (now_ns - conn->accepted_ns) / 1000);
}

/* The record is written before the answer goes out. */
static void
request_record(struct conn *conn, struct decision *decision, const char *ref)
{
	struct daemon *daemon = conn->daemon;
	const struct record_decision r = { .facts = &conn->facts,
		.ruleset = conn->rules,
		.decision = decision,
		.ref = ref,
		.latency_us = (loop_now_ns() - conn->accepted_ns) / 1000 };
	struct json *record;

	record = daemon_record(daemon, AUDIT_DECISION);
	record_decision(record, &r);
	if (daemon_audit(daemon, record, false) != 0)
		decide_failed(&conn->facts, conn->rules->conf, FAILURE_AUDIT,
		    decision);
	alerts_decision(daemon, &conn->facts, decision, ref);
}

/* What the peer's pidfd is taken along by lives as long as its process. */
static int
request_take_pidfd(struct conn *conn)
{
	int pidfd = conn->pidfd;

	conn->pidfd = -1;
	return pidfd;
}

/*
 * The session that the login is to have, if it has one. Also of one whose
 * process nobody has seen yet: what is held of it is enough to count it, and
 * the scanner is asked once more.
 */
static int
request_prepare(struct conn *conn, const struct decision *decision,
    const char *ref, struct session **ret_session)
{
	*ret_session = NULL;
	if (conn->facts.login.phase != FG_PHASE_SESSION ||
	    decision->verdict != FG_VERDICT_ALLOW ||
	    !service_has_sessions(conn->facts.kind))
		return 0;
	conn_hold_peer(conn);
	return session_prepare(conn->daemon->sessions, &conn->facts,
	    decision->policy == NULL ? "" : decision->policy->name, ref,
	    request_take_pidfd(conn), ret_session);
}

static void
request_open(struct conn *conn, const struct decision *decision,
    const char *ref, struct session *session)
{
	struct daemon *daemon = conn->daemon;
	struct json *record;

	if (session != NULL) {
		session_open(session);
		(void)text_copy(conn->opened, sizeof(conn->opened), ref);
	}
	record = daemon_record(daemon, AUDIT_OPEN);
	record_open(record, &conn->facts, decision, ref);
	(void)daemon_audit(daemon, record, false); /* reported there */
	sessions_keep(daemon->sessions);
}

/*
 * The session of a login that account has allowed goes on under its reference.
 * What is decided now has the last word: account may only have observed, and
 * the policy may have changed in between.
 */
static bool
request_is_linked(struct conn *conn, const struct decision *decision)
{
	return conn->facts.login.phase == FG_PHASE_SESSION &&
	    decision->verdict == FG_VERDICT_ALLOW &&
	    session_claim(conn->daemon->sessions, &conn->facts) == 0;
}

/*
 * Decide, under account's reference or a new one. That the session cannot be
 * kept is known before anything is recorded, and is no more what account has
 * decided. Returns whether the decision is account's.
 */
static bool
request_decide(struct conn *conn, struct decision *decision,
    char ref[CRYPTO_REF_SIZE], struct session **ret_session)
{
	bool linked;

	decide(&conn->facts, conn->rules->conf, decision);
	crypto_reference(ref);
	if ((linked = request_is_linked(conn, decision)))
		(void)text_copy(ref, CRYPTO_REF_SIZE, conn->facts.login.ref);
	if (request_prepare(conn, decision, ref, ret_session) == 0)
		return linked;
	if (linked)
		crypto_reference(ref);
	decide_failed(&conn->facts, conn->rules->conf, FAILURE_SESSION,
	    decision);
	log_err("session %s: not kept among those that are open", ref);
	return false;
}

/* An exempt login is recorded once, not again at its open. */
static void
request_decided(struct conn *conn, struct decision *decision, const char *ref)
{
	if (decision->verdict != FG_VERDICT_EXEMPT ||
	    conn->facts.login.phase == FG_PHASE_ACCOUNT)
		request_record(conn, decision, ref);
	request_count(conn, decision);
}

static void
request_allowed(struct conn *conn, const struct decision *decision,
    const char *ref, struct session *session)
{
	struct session_seat seat = { .ref = ref,
		.query = conn->id,
		.refused = decision->would == FG_VERDICT_DENY };

	if (conn->facts.login.phase == FG_PHASE_SESSION) {
		request_open(conn, decision, ref, session);
		return;
	}
	conn_hold_peer(conn);
	seat.pidfd = request_take_pidfd(conn);
	if (session_reserve(conn->daemon->sessions, &conn->facts, &seat) != 0)
		log_warn("request: out of memory: %s is decided again at open",
		    ref);
}

/* What account allowed comes to nothing: nobody sits there. */
static void
request_denied(struct conn *conn, struct session *session)
{
	session_free(session);
	if (conn->facts.login.phase == FG_PHASE_SESSION)
		(void)session_claim(conn->daemon->sessions, &conn->facts);
}

void
request_finish(struct conn *conn)
{
	struct gather_parent parent;
	struct decision decision;
	char ref[CRYPTO_REF_SIZE];
	struct sessions *sessions = conn->daemon->sessions;
	struct scanlink *scanlink = conn->daemon->scanlink;
	struct session *session;
	uint64_t id = conn->id;
	int32_t pid = conn->facts.peer.pid;
	bool ask, refused;

	if (!conn->gathered) {
		session_parent(sessions, &conn->facts.peer, &parent);
		request_gather(conn, &parent);
	} else {
		/* Others may have come while this one waited. */
		gather_session(sessions, &conn->facts);
	}
	if (conn->facts.login.phase == FG_PHASE_AUTH) {
		request_prove(conn);
		return;
	}
	refused = conn->facts.login.phase == FG_PHASE_SESSION &&
	    session_was_refused(sessions, &conn->facts);
	if (!request_decide(conn, &decision, ref, &session)) {
		request_decided(conn, &decision, ref);
	} else {
		conn->daemon->stats.linked++;
		/* What account did not know, as the SSH key, is told now. */
		if (decision.would == FG_VERDICT_DENY && !refused)
			request_record(conn, &decision, ref);
	}
	if (decision.verdict == FG_VERDICT_ALLOW)
		request_allowed(conn, &decision, ref, session);
	else
		request_denied(conn, session);
	ask = conn->facts.peer.state == FACT_NONE &&
	    decision.verdict == FG_VERDICT_ALLOW;
	request_answer(conn, &decision, ref);
	sessions_flush(sessions); /* the login goes on meanwhile */
	/* Without its answer the session's open is decided anew. */
	if (ask)
		(void)scanlink_parent(scanlink, id, pid);
}
