/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A question at witness.sock. Anybody may ask it, and asking costs the scanner
 * a look: there are few at once, and each user has only so many.
 */
#include "policyd/request/request_witness.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/log.h"
#include "policyd/machine/machine.h"
#include "policyd/machine/scanlink.h"
#include "policyd/record/record_witness.h"
#include "policyd/text.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/device_key.h"
#include "policyd/witness/witness.h"
#include "proto/result.h"

#define MS INT64_C(1000000) /* in nanoseconds */

/* Who has to wait for a look that takes as long as it may is not told apart. */
_Static_assert(WITNESS_FLOOR_MS > CONN_LOOK_MS, "no look takes longer");

struct witnessing {
	const struct conf_jumphost *host; /* borrowed from the rules */
	struct fg_token token;
	char user[FG_USER_MAX + 1];
	int64_t asked_ns; /* loop_now_ns(); 0: not yet */
	size_t len; /* of the answer in .data; 0: there is none yet */
};

/* ---- may it be answered? ------------------------------------------------ */

static bool
is_nobodys(const struct fg_token *token)
{
	static const struct fg_token nobodys;

	return memcmp(token, &nobodys, sizeof(nobodys)) == 0;
}

/* Nobody has drawn it, and farmgate-attest check wants to know whether a jump
 * host would be answered by that name. */
static enum fg_fail
judge_name(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->njumphosts; i++)
		if (conf_jumphost_has_name(&conf->jumphosts[i], name))
			return FG_FAIL_UNKNOWN_HOST;
	return FG_FAIL_OTHER_NAME;
}

/* FG_FAIL_NONE: it may. */
static enum fg_fail
judge(struct conn *conn, const struct fg_witness *m, struct witnessing *w)
{
	if (conn->daemon->device_key == NULL)
		return FG_FAIL_NOT_ENROLLED;
	if (fg_token_parse(m->token, &w->token) != 0)
		return FG_FAIL_MALFORMED;
	if (is_nobodys(&w->token))
		return judge_name(conn->rules->conf, m->host);
	w->host = conf_jumphost_by_id(conn->rules->conf, w->token.host_id);
	if (w->host == NULL)
		return FG_FAIL_UNKNOWN_HOST;
	if (!conf_jumphost_has_name(w->host, m->host)) {
		/* Somebody was lured to it, or it has a new name. */
		conn_log(conn->role)("witness: uid %u: the challenge of "
				     "jumphost %s has come from %.80s",
		    conn->facts.peer.uid, w->host->name, m->host);
		return FG_FAIL_OTHER_NAME;
	}
	if (!pace_take(&conn->daemon->witness_pace, conn->facts.peer.uid,
		loop_now_ns() / MS))
		return FG_FAIL_BUSY;
	(void)text_copy(w->user, sizeof(w->user), m->user); /* as long */
	return FG_FAIL_NONE;
}

/* ---- its turn ----------------------------------------------------------- */

static size_t
count_working(const struct daemon *daemon)
{
	const struct conn *conn;
	size_t n = 0;

	LIST_FOREACH(conn, &daemon->conns, entry)
		n += conn->role == LISTEN_WITNESS && conn->pending != 0;
	return n;
}

static void
work(struct conn *conn)
{
	conn->state = CONN_WORKING;
	loop_pause(conn->watch); /* who goes away has yet cost the scanner */
	conn->asked_ns = machine_now_ns();
	conn->witnessing->asked_ns = loop_now_ns();
	if (scanlink_is_running(conn->daemon->scanlink)) {
		(void)conn_ask_peer(conn);
		if (!machine_is_fresh(conn->daemon,
			&conn->rules->conf->machine))
			(void)conn_ask_look(conn,
			    (uint32_t)conn->rules->conf->machine.max_age_s *
				1000);
	} else {
		conn->facts.peer.state = FACT_ERROR;
	}
	if (conn->pending == 0)
		request_witness_finish(conn);
}

static void
wait_for_turn(struct conn *conn)
{
	if (loop_now_ns() - conn->accepted_ns > WITNESS_QUEUE_MS * MS) {
		conn_fail(conn, FG_FAIL_BUSY);
		return;
	}
	conn->state = CONN_PAUSED;
	loop_timer_set(conn->timer, WITNESS_TURN_MS);
}

static void
take_turn(struct conn *conn)
{
	if (count_working(conn->daemon) < WITNESS_WORKING_MAX)
		work(conn);
	else
		wait_for_turn(conn);
}

void
request_witness(struct conn *conn, size_t len)
{
	struct fg_witness m;
	struct witnessing *w;
	enum fg_fail fail;
	int r;

	if ((r = fg_msg_get_witness(conn->data, len, &m)) != 0) {
		conn_malformed(conn, "witness", r);
		return;
	}
	conn->rules = conn->daemon->rules;
	ruleset_hold(conn->rules);
	if ((w = calloc(1, sizeof(*w))) == NULL || !conn_wait(conn)) {
		free(w);
		conn_fail(conn, FG_FAIL_INTERNAL);
		return;
	}
	conn->witnessing = w;
	if ((fail = judge(conn, &m, w)) != FG_FAIL_NONE)
		conn_fail(conn, fail);
	else
		take_turn(conn);
}

/* ---- the answer --------------------------------------------------------- */

static void
record(struct conn *conn, const struct finding_list *findings,
    const struct statement *st)
{
	const struct record_witness r = { .host = conn->witnessing->host->name,
		.user = conn->witnessing->user,
		.facts = &conn->facts,
		.findings = findings,
		.flags = st->flags };
	struct json *json = daemon_record(conn->daemon, AUDIT_WITNESS);

	record_witness(json, &r);
	(void)daemon_audit(conn->daemon, json, false); /* reported there */
}

static void
state(struct conn *conn, struct finding_list *ret_findings,
    struct statement *ret_statement)
{
	struct daemon *daemon = conn->daemon;
	struct gather_machine machine;
	const struct ruleset_sources from = { .store = daemon->store,
		.machine = &machine,
		.identity = &daemon->identity };
	const struct witness_of of = { .conf = conn->rules->conf,
		.facts = &conn->facts,
		.picture = scanlink_picture(daemon->scanlink),
		.identity = &daemon->identity,
		.host = conn->witnessing->host,
		.token = &conn->witnessing->token,
		.user = conn->witnessing->user };

	machine_known_since(daemon, conn->rules->conf, conn->asked_ns,
	    &machine);
	conn->facts.at_s = daemon_wall_s();
	witness_gather(conn->rules->conf, &from, &conn->facts);
	witness_state(&of, ret_findings, ret_statement);
}

static int
seal(struct conn *conn, const struct statement *st, const char **ret_why)
{
	const struct witnessing *w = conn->witnessing;
	char text[ANSWER_SIZE];
	const struct fg_statement m = { .answer = text };
	int r;

	r = answer_seal(st, device_key_secret(conn->daemon->device_key),
	    w->host->key, text, ret_why);
	crypto_wipe_registers();
	if (r == 0 &&
	    (r = fg_msg_put_statement(conn->data, FG_MSG_MAX, conn_next(conn),
		 &m, &conn->witnessing->len)) != 0)
		*ret_why = fg_strerror(r);
	return r;
}

void
request_witness_finish(struct conn *conn)
{
	struct finding_list findings;
	struct statement st;
	const char *why = NULL;
	int64_t left_ms;

	state(conn, &findings, &st);
	if (seal(conn, &st, &why) != 0) {
		log_err("witness: no statement for jumphost %s: %s",
		    conn->witnessing->host->name, why);
		conn_fail(conn, FG_FAIL_INTERNAL);
		return;
	}
	record(conn, &findings, &st);
	left_ms = WITNESS_FLOOR_MS -
	    (loop_now_ns() - conn->witnessing->asked_ns) / MS;
	conn->state = CONN_PAUSED;
	loop_timer_set(conn->timer, left_ms > 0 ? (unsigned int)left_ms : 0);
}

void
request_witness_on(struct conn *conn)
{
	if (conn->witnessing->len == 0) {
		take_turn(conn);
		return;
	}
	if (conn_send(conn, conn->data, conn->witnessing->len) == 0)
		conn->daemon->stats.stated++;
	else
		conn_unanswered(conn);
	conn_close(conn);
}
