/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the module is told of a decision.
 */
#include <sched.h>

#include "policyd/log.h"
#include "policyd/request/request.h"
#include "policyd/text.h"

/* What the user can do about it, where nothing but being asked was missing. */
static const char *
request_how(const struct conn *conn, const struct decision *decision)
{
	if (!decision->challenge || decision->verdict != FG_VERDICT_DENY)
		return NULL;
	return conn->facts.kind == SERVICE_REMOTE ?
	    "A proof is wanted: log in with keyboard-interactive "
	    "authentication." :
	    "A proof is wanted, and nobody was asked for it: run it where you "
	    "can answer, with your password.";
}

const char *
request_help(const struct conn *conn, const char *how,
    char buf[FG_TEXT_MAX + 1])
{
	const char *help = conn->rules->conf->help;

	if (how == NULL)
		return help;
	if (text_format(buf, FG_TEXT_MAX + 1, "%s%s%s", how,
		help[0] != '\0' ? " " : "", help) != 0)
		(void)text_copy(buf, FG_TEXT_MAX + 1, how);
	return buf;
}

/* Denials, and what would be one, are on the disk before they are known. */
bool
request_send(struct conn *conn, const struct fg_verdict_msg *m)
{
	size_t len;

	if (fg_msg_put_verdict(conn->data, FG_MSG_MAX, conn_next(conn), m,
		&len) != 0) {
		log_err("request: cannot encode the verdict %s", m->ref);
		conn_close(conn);
		return false;
	}
	if (m->would == FG_VERDICT_DENY) {
		conn_hold(conn, len);
		return false;
	}
	if (conn_send(conn, conn->data, len) == 0)
		return true;
	conn_unanswered(conn);
	conn_close(conn);
	return false;
}

void
request_answer(struct conn *conn, const struct decision *decision,
    const char *ref)
{
	char reason[FG_REASON_MAX + 1], help[FG_TEXT_MAX + 1];
	const struct fg_verdict_msg m = { .verdict = (uint8_t)decision->verdict,
		.would = (uint8_t)decision->would,
		.ref = ref,
		.reason = decide_reason(decision, reason),
		.help = request_help(conn, request_how(conn, decision), help) };

	/* A denial waits for the disk; the others go on first, on this
	 * processor, if that is where they wait. */
	if (m.would == FG_VERDICT_DENY)
		request_log(conn, decision, ref);
	if (!request_send(conn, &m))
		return;
	(void)sched_yield(); /* cannot fail */
	request_log(conn, decision, ref);
	conn_close(conn);
}
