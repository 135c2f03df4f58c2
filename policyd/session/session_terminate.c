/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ending sessions, which the scanner does: it decides by itself whether the
 * process is a login's leader. One at a time; a leader that does not go is
 * killed at the second try. Of one with many processes the scanner does a part
 * at a time, and answers logins in between.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/machine/scanlink.h"
#include "policyd/session/session_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TERMINATE_AGAIN_MS 3000
#define TERMINATE_TRIES	   6 /* of a part each */

static struct ending *
ending_new(const char *ref, const char *person, const char *user)
{
	struct ending *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	(void)text_copy(e->ref, sizeof(e->ref), ref);
	(void)text_copy(e->person, sizeof(e->person), person);
	(void)text_copy(e->user, sizeof(e->user), user);
	return e;
}

/* The first that is due; else *ret_wait_ms until one is, 0: there is none. */
static struct ending *
ending_due(const struct sessions *sessions, unsigned int *ret_wait_ms)
{
	int64_t now_ms = session_now_ms(), wait_ms;
	struct ending *e;

	*ret_wait_ms = 0;
	TAILQ_FOREACH(e, &sessions->endings, entry) {
		if ((wait_ms = e->at_ms - now_ms) <= 0)
			return e;
		if (*ret_wait_ms == 0 || wait_ms < (int64_t)*ret_wait_ms)
			*ret_wait_ms = (unsigned int)wait_ms;
	}
	return NULL;
}

static void
ending_finish(struct sessions *sessions, struct ending *e,
    const struct store_session *s, enum scanner_refusal refusal,
    uint32_t signalled)
{
	struct store_session gone;

	memset(&gone, 0, sizeof(gone));
	memcpy(gone.ref, e->ref, sizeof(gone.ref));
	memcpy(gone.person, e->person, sizeof(gone.person));
	memcpy(gone.user, e->user, sizeof(gone.user));
	if (e->fn != NULL)
		e->fn(s != NULL ? s : &gone, refusal, signalled, e->arg);
	if (sessions->ending_now == e)
		sessions->ending_now = NULL;
	free(e);
}

/* Returns false if it is finished already, and not .ending_now any more. */
static bool
ending_ask(struct sessions *sessions, struct ending *e)
{
	const struct session *session = session_by_ref(sessions, e->ref);

	if (session == NULL && e->tries == 0) {
		ending_finish(sessions, e, NULL, SCANNER_REFUSED_GONE, 0);
		return false;
	}
	/* Nobody has seen its process yet: that is no word of its end. */
	if (e->tries == 0 && session->s.process.start == 0) {
		ending_finish(sessions, e, &session->s, SCANNER_REFUSED_ERROR,
		    0);
		return false;
	}
	if (e->tries == 0)
		session_name(&session->s, &e->name);
	sessions->ending_query = SESSION_QUERY | ++sessions->last_query;
	if (sessions->scanlink != NULL &&
	    scanlink_terminate(sessions->scanlink, sessions->ending_query,
		&e->name, e->force) == 0)
		return true;
	ending_finish(sessions, e, session == NULL ? NULL : &session->s,
	    SCANNER_REFUSED_ERROR, e->signalled);
	return false;
}

static void
ending_next(struct sessions *sessions)
{
	unsigned int wait_ms = 0;
	struct ending *e;

	while (sessions->ending_now == NULL &&
	    (e = ending_due(sessions, &wait_ms)) != NULL) {
		TAILQ_REMOVE(&sessions->endings, e, entry);
		sessions->ending_now = e;
		(void)ending_ask(sessions, e);
	}
	if (wait_ms > 0)
		loop_timer_set(sessions->ending_timer, wait_ms);
}

static void
ending_on_timer(void *arg)
{
	ending_next(arg);
}

int
session_terminate_start(struct sessions *sessions)
{
	return loop_timer(sessions->loop, ending_on_timer, sessions,
	    &sessions->ending_timer);
}

void
session_terminate_done(struct sessions *sessions)
{
	struct ending *e;

	while ((e = TAILQ_FIRST(&sessions->endings)) != NULL) {
		TAILQ_REMOVE(&sessions->endings, e, entry);
		free(e);
	}
	free(sessions->ending_now);
	loop_timer_free(sessions->ending_timer);
}

void
session_terminate_forget(struct sessions *sessions, void *arg)
{
	struct ending *e;

	TAILQ_FOREACH(e, &sessions->endings, entry) {
		if (e->arg == arg)
			e->fn = NULL;
	}
	if (sessions->ending_now != NULL && sessions->ending_now->arg == arg)
		sessions->ending_now->fn = NULL;
}

/* One that does not go by itself; nobody waits for that. */
static void
ending_again(struct sessions *sessions, const struct ending *first)
{
	struct ending *e;

	if ((e = ending_new(first->ref, first->person, first->user)) == NULL)
		return; /* its processes are gone, and its leader was told */
	e->force = true;
	e->at_ms = session_now_ms() + TERMINATE_AGAIN_MS;
	TAILQ_INSERT_TAIL(&sessions->endings, e, entry);
}

/* The next part, at once; false: it was tried often enough. */
static bool
ending_goes_on(struct sessions *sessions, struct ending *e)
{
	if (++e->tries >= TERMINATE_TRIES)
		return false;
	if (!ending_ask(sessions, e))
		ending_next(sessions);
	return true;
}

void
session_terminated(struct sessions *sessions, uint64_t query,
    enum scanner_refusal refusal, uint32_t signalled)
{
	struct ending *e = sessions->ending_now;
	bool sent =
	    refusal == SCANNER_REFUSED_NOT || refusal == SCANNER_REFUSED_PARTLY;
	struct session *session;

	if (e == NULL || query != sessions->ending_query)
		return;
	e->signalled += signalled;
	session = session_by_ref(sessions, e->ref);
	if (session != NULL && sent)
		session->terminated = true;
	if (refusal == SCANNER_REFUSED_PARTLY && ending_goes_on(sessions, e))
		return;
	if (session != NULL && sent && !e->force)
		ending_again(sessions, e);
	ending_finish(sessions, e, session == NULL ? NULL : &session->s,
	    refusal, e->signalled);
	ending_next(sessions);
}

/* One that was opened before the inventory had the person is of an account. */
bool
session_is_of(const struct store_session *s, const struct person *person)
{
	size_t i;

	if (strcmp(s->person, person->user) == 0)
		return true;
	for (i = 0; i < person->naccounts; i++)
		if (strcmp(s->user, person->account[i]) == 0)
			return true;
	return false;
}

/* Whose session is not open yet is decided anew when it opens. */
static void
drop_seats(struct seat_queue *queue, const struct person *person)
{
	struct seat *seat, *next;

	for (seat = TAILQ_FIRST(queue); seat != NULL; seat = next) {
		next = TAILQ_NEXT(seat, entry);
		if (session_is_of(&seat->s, person))
			seat_drop(seat);
	}
}

void
session_unreserve(struct sessions *sessions, const struct person *person)
{
	drop_seats(&sessions->seats, person);
	drop_seats(&sessions->fading, person);
}

int
session_terminate(struct sessions *sessions, const struct store_session *s,
    session_terminated_fn fn, void *arg)
{
	struct ending *e;

	if ((e = ending_new(s->ref, s->person, s->user)) == NULL)
		return FG_ERR_NOMEM;
	e->fn = fn;
	e->arg = arg;
	TAILQ_INSERT_TAIL(&sessions->endings, e, entry);
	/* Told in turns of the loop to come, never from in here. */
	loop_timer_set(sessions->ending_timer, 0);
	return 0;
}
