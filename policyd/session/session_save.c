/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of sessions outlives the daemon: their rows in the store, and in the
 * history. A session's row is there before it is answered, for who is killed
 * writes nothing more; the history, which has its place in five trees, is left
 * until the login goes on. A store that somebody has locked, or whose disk is
 * full, changes nothing for those who log in: what it is to have waits here
 * until it can be written.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/log.h"
#include "policyd/session/session_parts.h"
#include "policyd/store/store_history.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SAVE_AGAIN_MS 1000u
#define SAVE_OVER_MAX 4096u /* sessions that ended meanwhile */

/* It may pass, and says nothing of this one session. */
static bool
may_pass(int r)
{
	return r == FG_ERR_BUSY || r == FG_ERR_SYSTEM || r == FG_ERR_NOMEM;
}

/* ---- one session ------------------------------------------------------- */

/* The machine itself is no place to come from, unless somebody named it one. */
static bool
is_from_here(const struct store_session *s)
{
	return s->origin.cls == ADDR_LOOPBACK && s->where.network[0] == '\0';
}

/* Its login, as the history has it; false if that is to have none. */
static bool
make_login(const struct store_session *s, struct store_login *ret_login)
{
	struct store_login *l = ret_login;

	memset(l, 0, sizeof(*l));
	if (s->origin.kind != ORIGIN_ADDRESS || is_from_here(s))
		return false;
	l->addr = s->origin.addr;
	l->asn = s->where.asn;
	l->at_s = s->opened_s;
	l->boot_s = s->opened_boot_s;
	memcpy(l->person, s->person, sizeof(l->person));
	memcpy(l->ref, s->ref, sizeof(l->ref));
	memcpy(l->service, s->service, sizeof(l->service));
	memcpy(l->country, s->where.country, sizeof(l->country));
	memcpy(l->boot_id, s->boot_id, sizeof(l->boot_id));
	return true;
}

/* Its row, as it is now. */
static int
save_row(struct session *session)
{
	struct store *store = session->home->store;
	int r = 0;

	if (session->is_current)
		return 0;
	if (!session->is_over)
		r = store_session_put(store, &session->s);
	else if (session->is_kept)
		r = store_session_remove(store, session->s.ref);
	if (r != 0)
		return r;
	session->is_kept = !session->is_over;
	session->is_current = true;
	return 0;
}

/* What is not done yet of it. */
static int
save_one(struct session *session)
{
	struct store_login login;
	int r;

	if ((r = save_row(session)) != 0 || !session->is_new)
		return r;
	if (make_login(&session->s, &login) &&
	    (r = store_history_add(session->home->store, &login)) != 0)
		return r;
	session->is_new = false;
	return 0;
}

/* It is as it should be in the store, or never will be. */
static void
save_end(struct session *session)
{
	struct sessions *home = session->home;

	TAILQ_REMOVE(&home->unsaved, session, unsaved);
	session->is_unsaved = session->is_new = false;
	if (!session->is_over)
		return;
	home->nover--;
	session_free(session);
}

/* ---- all of them ------------------------------------------------------- */

static void
save_wait(struct sessions *sessions, int r)
{
	if (!sessions->save_failing)
		log_err("store: sessions and logins are kept in memory until "
			"they can be written: %s",
		    text_error(r));
	sessions->save_failing = sessions->save_waits = true;
	loop_timer_set(sessions->save_timer, SAVE_AGAIN_MS);
}

static void
save_all(struct sessions *sessions)
{
	struct session *session;
	int r;

	while ((session = TAILQ_FIRST(&sessions->unsaved)) != NULL) {
		r = sessions->store == NULL ? 0 : save_one(session);
		if (may_pass(r)) {
			save_wait(sessions, r);
			return;
		}
		if (r != 0)
			log_client("session %s: it is missing in the store: %s",
			    session->s.ref, text_error(r));
		save_end(session);
	}
	if (sessions->save_failing)
		log_info("store: what was kept in memory is written");
	sessions->save_failing = false;
}

void
sessions_keep(struct sessions *sessions)
{
	struct session *session;
	int r;

	if (sessions->save_waits || sessions->store == NULL)
		return;
	TAILQ_FOREACH(session, &sessions->unsaved, unsaved) {
		r = save_row(session);
		if (may_pass(r)) {
			save_wait(sessions, r);
			return;
		}
		/* Of any other error sessions_flush() hears as well. */
	}
}

static void
save_on_timer(void *arg)
{
	struct sessions *sessions = arg;

	sessions->save_waits = false;
	save_all(sessions);
}

void
sessions_flush(struct sessions *sessions)
{
	if (!sessions->save_waits)
		save_all(sessions);
}

size_t
sessions_unsaved(const struct sessions *sessions)
{
	const struct session *session;
	size_t n = 0;

	TAILQ_FOREACH(session, &sessions->unsaved, unsaved)
		n++;
	return n;
}

/* Who has ended is no reason to run out of memory. */
static void
save_forget(struct sessions *sessions)
{
	struct session *session;

	TAILQ_FOREACH(session, &sessions->unsaved, unsaved) {
		if (session->is_over)
			break;
	}
	if (session == NULL)
		return;
	log_client("session %s: it could not be written", session->s.ref);
	save_end(session);
}

void
session_save(struct session *session)
{
	struct sessions *home = session->home;

	session->is_current = false;
	if (!session->is_unsaved) {
		TAILQ_INSERT_TAIL(&home->unsaved, session, unsaved);
		session->is_unsaved = true;
	}
	if (home->nover > SAVE_OVER_MAX)
		save_forget(home);
	sessions_flush(home);
}

/* What cannot be found out now is left as it is: it is one login at most. */
void
session_save_missed(struct session *session)
{
	struct store_login login;
	bool has;

	if (!make_login(&session->s, &login) ||
	    store_history_has(session->home->store, &login, &has) != 0 || has)
		return;
	session->is_new = true;
	session_save(session);
}

int
session_save_start(struct sessions *sessions)
{
	return loop_timer(sessions->loop, save_on_timer, sessions,
	    &sessions->save_timer);
}

/* What could not be written is lost; open ones are freed with their tables. */
void
session_save_done(struct sessions *sessions)
{
	struct session *session, *next;

	save_all(sessions);
	for (session = TAILQ_FIRST(&sessions->unsaved); session != NULL;
	     session = next) {
		next = TAILQ_NEXT(session, unsaved);
		save_end(session);
	}
	loop_timer_free(sessions->save_timer);
	sessions->save_timer = NULL;
}
