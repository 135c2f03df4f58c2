/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of sessions outlives the daemon: their rows in the store, and in the
 * history. A store that somebody has locked, or whose disk is full, changes
 * nothing for those who log in: what it is to have waits here until it can be
 * written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/log.h"
#include "policyd/session/session_parts.h"
#include "policyd/store/store_history.h"
#include "proto/result.h"

#define SAVE_AGAIN_MS 1000u
#define SAVE_OVER_MAX 4096u /* sessions that ended meanwhile */

static const char *
error_text(int r)
{
	return r == FG_ERR_SYSTEM ? strerror(errno) : fg_strerror(r);
}

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

static int
save_history(const struct session *session)
{
	const struct store_session *s = &session->s;
	struct store_login l = { .addr = s->origin.addr,
		.asn = s->where.asn,
		.at_s = s->opened_s,
		.boot_s = s->opened_boot_s };

	if (s->origin.kind != ORIGIN_ADDRESS || is_from_here(s))
		return 0;
	memcpy(l.person, s->person, sizeof(l.person));
	memcpy(l.ref, s->ref, sizeof(l.ref));
	memcpy(l.service, s->service, sizeof(l.service));
	memcpy(l.country, s->where.country, sizeof(l.country));
	memcpy(l.boot_id, s->boot_id, sizeof(l.boot_id));
	return store_history_add(session->home->store, &l);
}

/* What is not done yet of it. */
static int
save_one(struct session *session)
{
	struct store *store = session->home->store;
	int r = 0;

	if (!session->is_over)
		r = store_session_put(store, &session->s);
	else if (session->is_kept)
		r = store_session_remove(store, session->s.ref);
	if (r != 0)
		return r;
	session->is_kept = !session->is_over;
	if (session->is_new && (r = save_history(session)) == 0)
		session->is_new = false;
	return r;
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
		    error_text(r));
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
			    session->s.ref, error_text(r));
		save_end(session);
	}
	if (sessions->save_failing)
		log_info("store: what was kept in memory is written");
	sessions->save_failing = false;
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

	if (!session->is_unsaved) {
		TAILQ_INSERT_TAIL(&home->unsaved, session, unsaved);
		session->is_unsaved = true;
	}
	if (home->nover > SAVE_OVER_MAX)
		save_forget(home);
	sessions_flush(home);
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
