/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions whose leader has gone. Of most of them nothing is left a moment
 * later; where processes live on (the monitor was killed, or a terminal was
 * detached) the session stays until they are gone. The scanner is asked about
 * several at once, and never twice at a time: it has logins to look at.
 */
#include <string.h>

#include "policyd/machine/scanlink.h"
#include "policyd/session/session_parts.h"
#include "proto/result.h"

#define LEFT_CHECK_MS 2000u /* those of which something is left, again */

void
session_name(const struct store_session *s, struct scanner_session *ret_name)
{
	memset(ret_name, 0, sizeof(*ret_name));
	ret_name->leader = s->process;
	ret_name->uid = s->uid;
	ret_name->audit_session = s->audit_session;
	memcpy(ret_name->cgroup, s->cgroup, sizeof(ret_name->cgroup));
}

/* Without a scanner nobody can say that something is left. */
static void
left_end_all(struct sessions *sessions)
{
	struct session *session;

	while ((session = TAILQ_FIRST(&sessions->left_new)) != NULL ||
	    (session = TAILQ_FIRST(&sessions->left_known)) != NULL)
		session_finish(session, session_how(session));
}

/* Those that stay are asked about again after a while. */
void
session_later(struct sessions *sessions)
{
	if (sessions->left_waits)
		return;
	sessions->left_waits = true;
	loop_timer_set(sessions->left_timer, LEFT_CHECK_MS);
}

static size_t
left_names(struct sessions *sessions, const struct session_queue *queue,
    struct scanner_session names[SCANNER_SESSIONS_MAX])
{
	struct session *session;
	size_t n = 0;

	TAILQ_FOREACH(session, queue, left) {
		if (n == SCANNER_SESSIONS_MAX)
			break;
		session_name(&session->s, &names[n]);
		sessions->left_asked[n++] = session;
	}
	return n;
}

static void
left_ask(struct sessions *sessions, const struct session_queue *queue)
{
	struct scanner_session names[SCANNER_SESSIONS_MAX];
	int r = FG_ERR_CLOSED;
	size_t n;

	if (sessions->left_query != 0 || TAILQ_EMPTY(queue))
		return;
	memset(sessions->left_asked, 0, sizeof(sessions->left_asked));
	n = left_names(sessions, queue, names);
	sessions->left_query = SESSION_QUERY | ++sessions->last_query;
	if (sessions->scanlink != NULL)
		r = scanlink_remains(sessions->scanlink, sessions->left_query,
		    names, n);
	if (r == 0)
		return;
	sessions->left_query = 0;
	memset(sessions->left_asked, 0, sizeof(sessions->left_asked));
	if (r == FG_ERR_BUSY) /* too much at once, and no more than that */
		session_later(sessions);
	else
		left_end_all(sessions);
}

/* New ones first; of the others each once in a round. */
static void
left_go_on(struct sessions *sessions)
{
	if (!TAILQ_EMPTY(&sessions->left_new))
		left_ask(sessions, &sessions->left_new);
	else if (sessions->left_round > 0)
		left_ask(sessions, &sessions->left_known);
	if (!TAILQ_EMPTY(&sessions->left_known))
		session_later(sessions);
}

static void
left_on_timer(void *arg)
{
	struct sessions *sessions = arg;
	struct session *session;

	sessions->left_waits = false;
	sessions->left_round = 0;
	TAILQ_FOREACH(session, &sessions->left_known, left)
		sessions->left_round++;
	left_go_on(sessions);
	session_attach_more(sessions);
}

int
session_left_start(struct sessions *sessions)
{
	return loop_timer(sessions->loop, left_on_timer, sessions,
	    &sessions->left_timer);
}

void
session_leave(struct session *session)
{
	struct sessions *home = session->home;

	session_unwatch(session);
	if (session->query != 0)
		session_attach_forget(session);
	session->is_left = true;
	TAILQ_INSERT_TAIL(&home->left_new, session, left);
	left_go_on(home);
}

void
session_unleave(struct session *session)
{
	struct sessions *home = session->home;
	size_t i;

	for (i = 0; i < SCANNER_SESSIONS_MAX; i++)
		if (home->left_asked[i] == session)
			home->left_asked[i] = NULL;
	TAILQ_REMOVE(session->is_known ? &home->left_known : &home->left_new,
	    session, left);
	session->is_left = false;
}

/* Something may be left: it stays, and is asked about after the others. */
static void
left_keep(struct session *session, uint32_t remains)
{
	struct sessions *home = session->home;

	TAILQ_REMOVE(session->is_known ? &home->left_known : &home->left_new,
	    session, left);
	TAILQ_INSERT_TAIL(&home->left_known, session, left);
	session->is_known = true;
	/* Nobody got to the end: it may be something or nothing. */
	if (session->s.state != STORE_SESSION_OPEN ||
	    remains == SCANNER_REMAINS_CUT)
		return;
	session->s.state =
	    session->closing ? STORE_SESSION_DETACHED : STORE_SESSION_ORPHAN;
	session_save(session);
	home->calls.left(&session->s, remains, home->calls.arg);
}

void
session_remains(struct sessions *sessions, uint64_t query,
    const uint32_t *remains)
{
	struct session *session;
	size_t i;

	if (query != sessions->left_query)
		return;
	sessions->left_query = 0;
	for (i = 0; i < SCANNER_SESSIONS_MAX; i++) {
		if ((session = sessions->left_asked[i]) == NULL)
			continue;
		if (session->is_known && sessions->left_round > 0)
			sessions->left_round--;
		if (remains[i] == 0 || remains[i] == SCANNER_REMAINS_UNKNOWN)
			session_finish(session, session_how(session));
		else
			left_keep(session, remains[i]);
	}
	memset(sessions->left_asked, 0, sizeof(sessions->left_asked));
	left_go_on(sessions);
}
