/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * After a restart: which of the sessions that the store has still are there.
 * A process number may be another process's by now, so that the scanner is
 * asked about each, a few at a time. Until it has answered a session counts:
 * a restart must not make room.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/machine/scanlink.h"
#include "policyd/session/session_parts.h"
#include "proto/result.h"

#define ATTACH_AT_ONCE 16u /* queries on their way */

/* What is read, before anything is written. */
struct attach_list {
	struct sessions *sessions;
	struct session_queue queue;
	int r;
};

static int
attach_read(const struct store_session *s, void *arg)
{
	struct attach_list *list = arg;
	struct session *session;

	if ((session = calloc(1, sizeof(*session))) == NULL) {
		list->r = FG_ERR_NOMEM;
		return 1;
	}
	session->s = *s;
	session->is_kept = session->is_current = true;
	session->pidfd = -1;
	TAILQ_INSERT_TAIL(&list->queue, session, unsaved);
	return 0;
}

void
session_attach_forget(struct session *session)
{
	struct sessions *home = session->home;

	TAILQ_REMOVE(&home->attaching, session, attaching);
	if (session->query != SESSION_QUERY)
		home->attach_asked--;
	session->query = 0;
}

static void
attach_lost(struct session *session)
{
	session->lost = session->s.state == STORE_SESSION_OPEN;
	session->closing = session->s.state == STORE_SESSION_DETACHED;
	session_leave(session);
}

/* Those that were not asked about yet have a query without a number. */
void
session_attach_more(struct sessions *sessions)
{
	struct session *session, *next;
	int r;

	for (session = TAILQ_FIRST(&sessions->attaching);
	     session != NULL && sessions->attach_asked < ATTACH_AT_ONCE;
	     session = next) {
		next = TAILQ_NEXT(session, attaching);
		if (session->query != SESSION_QUERY)
			continue;
		r = FG_ERR_CLOSED;
		if (sessions->scanlink != NULL)
			r = scanlink_peer(sessions->scanlink,
			    SESSION_QUERY | ++sessions->last_query,
			    session->s.process.pid);
		if (r == FG_ERR_BUSY) {
			session_later(sessions);
			return;
		}
		session->query = SESSION_QUERY | sessions->last_query;
		sessions->attach_asked++;
		if (r != 0)
			session_attach_forget(session); /* by its number */
	}
}

void
session_attach(struct session *session)
{
	session->query = SESSION_QUERY;
	TAILQ_INSERT_TAIL(&session->home->attaching, session, attaching);
	session_attach_more(session->home);
}

/* Watched by its number first: the scanner's word then is of this process. */
static void
attach_one(struct sessions *sessions, struct session *session)
{
	int pidfd;

	session_link(sessions, session);
	session_save_missed(session);
	if (strcmp(session->s.boot_id, sessions->boot_id) != 0) {
		session_finish(session, SESSION_ENDED_REBOOT);
		return;
	}
	pidfd = session->s.state == STORE_SESSION_OPEN ?
	    (int)syscall(SYS_pidfd_open, session->s.process.pid, 0) :
	    -1;
	if (pidfd < 0 || session_watch(session, pidfd) != 0) {
		attach_lost(session);
		return;
	}
	session_attach(session);
}

int
sessions_attach(struct sessions *sessions)
{
	struct attach_list list = { .sessions = sessions };
	struct session *session;
	size_t n = 0;
	int r;

	if (sessions->store == NULL)
		return 0;
	TAILQ_INIT(&list.queue);
	if ((r = store_sessions_each(sessions->store, attach_read, &list)) == 0)
		r = list.r;
	while ((session = TAILQ_FIRST(&list.queue)) != NULL) {
		TAILQ_REMOVE(&list.queue, session, unsaved);
		attach_one(sessions, session);
		n++;
	}
	if (n > 0)
		log_info("sessions: %zu on record, %zu still there", n,
		    sessions->count);
	return r;
}

/* Nobody had looked at it when it was opened. */
static void
attach_fill(struct session *session, const struct fact_peer *peer)
{
	struct store_session *s = &session->s;

	s->process.start = peer->start;
	s->audit_session = peer->audit_session;
	memcpy(s->cgroup, peer->cgroup, sizeof(s->cgroup));
	session_link_audit(session);
	session_save(session);
}

/* It began after the session: the number was given to somebody else. */
static bool
is_younger(const struct store_session *s, const struct fact_peer *peer)
{
	long ticks = sysconf(_SC_CLK_TCK);

	return ticks > 0 &&
	    peer->start / (uint64_t)ticks > (uint64_t)s->opened_boot_s;
}

static void
attach_settle(struct session *session, const struct fact_peer *peer)
{
	session_attach_forget(session);
	if (session->s.process.start == 0) {
		/*
		 * Whoever ended meanwhile shows by the pidfd; but not after a
		 * restart, where that is of whoever has the number by then.
		 */
		if (peer->state == FACT_KNOWN && is_younger(&session->s, peer))
			attach_lost(session);
		else if (peer->state == FACT_KNOWN)
			attach_fill(session, peer);
	} else if (peer->state != FACT_KNOWN ||
	    peer->start != session->s.process.start) {
		attach_lost(session);
	}
}

bool
session_attached(struct sessions *sessions, uint64_t query,
    const struct fact_peer *peer)
{
	struct session *session;

	if ((query & SESSION_QUERY) == 0)
		return false;
	TAILQ_FOREACH(session, &sessions->attaching, attaching) {
		if (session->query == query)
			break;
	}
	if (session != NULL)
		attach_settle(session, peer);
	session_attach_more(sessions);
	return true;
}
