/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pending logins and open sessions, in memory. Both are found by process, so
 * that a value which a user can set (FARMGATE_REF in a PAM environment) never
 * counts alone.
 */
#include "policyd/session/session.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "proto/result.h"

#define SESSION_BUCKETS 1024u /* a power of two */

struct pending {
	TAILQ_ENTRY(pending) entry;
	char ref[FG_REF_MAX + 1];
	char user[FG_USER_MAX + 1];
	char service[FG_SERVICE_MAX + 1];
	enum service_kind kind;
	struct fact_origin origin;
	struct fact_process peer;
	struct fact_process parent; /* .pid 0: unknown */
	uint64_t query; /* awaited from the scanner, or 0 */
	int64_t until_s;
};

struct session {
	LIST_ENTRY(session) entry;
	struct sessions *home;
	char ref[FG_REF_MAX + 1];
	char user[FG_USER_MAX + 1];
	struct fact_origin origin;
	struct fact_process process;
	uint32_t audit_session;
	int64_t since_s;
	int pidfd;
	struct loop_watch *watch;
};

LIST_HEAD(session_list, session);
TAILQ_HEAD(pending_list, pending);

struct sessions {
	struct loop *loop;
	session_closed_fn fn;
	void *arg;
	struct session_list bucket[SESSION_BUCKETS]; /* by pid */
	size_t count;
	struct pending_list pending; /* oldest first */
	size_t npending;
};

/* Keeps counting while the machine sleeps, never goes back. */
static int64_t
session_now_s(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* cannot fail */
	return ts.tv_sec;
}

static struct session_list *
session_bucket(const struct sessions *sessions, int32_t pid)
{
	const struct session_list *list;

	list = &sessions->bucket[(uint32_t)pid & (SESSION_BUCKETS - 1)];
	return (struct session_list *)(uintptr_t)list;
}

static bool
session_same_process(const struct fact_process *a, const struct fact_process *b)
{
	return a->pid > 0 && a->pid == b->pid && a->start == b->start;
}

static bool
session_same_origin(const struct fact_origin *a, const struct fact_origin *b)
{
	return a->kind == b->kind &&
	    memcmp(a->addr.b, b->addr.b, sizeof(a->addr.b)) == 0 &&
	    strcmp(a->inherited, b->inherited) == 0;
}

struct sessions *
sessions_new(struct loop *loop, session_closed_fn fn, void *arg)
{
	struct sessions *sessions;
	size_t i;

	if ((sessions = calloc(1, sizeof(*sessions))) == NULL)
		return NULL;
	sessions->loop = loop;
	sessions->fn = fn;
	sessions->arg = arg;
	TAILQ_INIT(&sessions->pending);
	for (i = 0; i < SESSION_BUCKETS; i++)
		LIST_INIT(&sessions->bucket[i]);
	return sessions;
}

static void
session_free(struct session *session)
{
	if (session == NULL)
		return;
	loop_unwatch(session->watch);
	if (session->pidfd >= 0)
		(void)close(session->pidfd); /* nothing to lose */
	free(session);
}

static void
session_drop_pending(struct sessions *sessions, struct pending *p)
{
	TAILQ_REMOVE(&sessions->pending, p, entry);
	sessions->npending--;
	free(p);
}

void
sessions_free(struct sessions *sessions)
{
	struct session *session;
	struct pending *p;
	size_t i;

	if (sessions == NULL)
		return;
	while ((p = TAILQ_FIRST(&sessions->pending)) != NULL)
		session_drop_pending(sessions, p);
	for (i = 0; i < SESSION_BUCKETS; i++) {
		while ((session = LIST_FIRST(&sessions->bucket[i])) != NULL) {
			LIST_REMOVE(session, entry);
			session_free(session);
		}
	}
	free(sessions);
}

/* Entries are in the order of their expiry: all wait equally long. */
static void
session_expire(struct sessions *sessions)
{
	struct pending *p;
	int64_t now_s = session_now_s();

	while ((p = TAILQ_FIRST(&sessions->pending)) != NULL &&
	    (p->until_s <= now_s || sessions->npending > SESSION_PENDING_MAX))
		session_drop_pending(sessions, p);
}

static void
session_tie(struct pending *p, const struct fact_peer *peer)
{
	p->query = 0;
	p->peer.pid = peer->pid;
	p->peer.start = peer->start;
	if (peer->ancestors > 0)
		p->parent = peer->ancestor[0];
}

int
session_expect(struct sessions *sessions, const struct facts *facts,
    const char *ref, uint64_t query)
{
	struct pending *p;

	if (facts->peer.state != FACT_KNOWN && facts->peer.state != FACT_NONE)
		return 0; /* nothing to tie it to: decided again */
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return FG_ERR_NOMEM;
	(void)strncpy(p->ref, ref, sizeof(p->ref) - 1);
	memcpy(p->user, facts->login.user, sizeof(p->user));
	memcpy(p->service, facts->login.service, sizeof(p->service));
	p->kind = facts->kind;
	p->origin = facts->origin;
	if (facts->peer.state == FACT_KNOWN)
		session_tie(p, &facts->peer);
	else
		p->query = query;
	p->until_s = session_now_s() + SESSION_PENDING_S;
	TAILQ_INSERT_TAIL(&sessions->pending, p, entry);
	sessions->npending++;
	session_expire(sessions);
	return 0;
}

void
session_learn(struct sessions *sessions, uint64_t query,
    const struct fact_peer *peer)
{
	struct pending *p;

	/* The one that waits is among the newest. */
	TAILQ_FOREACH_REVERSE(p, &sessions->pending, pending_list, entry) {
		if (p->query == query)
			break;
	}
	if (p == NULL)
		return;
	/* The child that sshd asks from may have ended by now: see below. */
	p->query = 0;
	if (peer->state == FACT_KNOWN)
		session_tie(p, peer);
}

/*
 * By the process, where the scanner still found the one that asked. Where it
 * had ended already, whoever knows the reference has to come from the same
 * place: then nothing is to be won by knowing it.
 */
static bool
session_is_claimed_by(const struct pending *p, const struct facts *facts)
{
	struct fact_process peer = { .pid = facts->peer.pid,
		.start = facts->peer.start };

	if (p->query != 0 || strcmp(p->ref, facts->login.ref) != 0 ||
	    strcmp(p->service, facts->login.service) != 0 ||
	    p->kind != facts->kind)
		return false;
	if (p->kind != SERVICE_NESTED &&
	    strcmp(p->user, facts->login.user) != 0)
		return false;
	if (p->peer.pid == 0)
		return session_same_origin(&p->origin, &facts->origin);
	return session_same_process(&p->peer, &peer) ||
	    session_same_process(&p->parent, &peer);
}

int
session_claim(struct sessions *sessions, struct facts *facts)
{
	struct pending *p;

	session_expire(sessions);
	if (facts->peer.state != FACT_KNOWN || facts->login.ref[0] == '\0')
		return FG_ERR_NOT_FOUND;
	TAILQ_FOREACH(p, &sessions->pending, entry) {
		if (session_is_claimed_by(p, facts)) {
			facts->origin = p->origin;
			session_drop_pending(sessions, p);
			return 0;
		}
	}
	return FG_ERR_NOT_FOUND;
}

static void
session_end(struct session *session)
{
	struct sessions *home = session->home;

	LIST_REMOVE(session, entry);
	home->count--;
	home->fn(session->ref, session_now_s() - session->since_s, home->arg);
	session_free(session);
}

/* A pidfd becomes readable when its process has ended. */
static void
session_on_exit(void *arg)
{
	session_end(arg);
}

/* The same user again in the same process: a session that was not closed. */
static void
session_replace(struct sessions *sessions, const struct session *new)
{
	struct session *old;

	LIST_FOREACH(old, session_bucket(sessions, new->process.pid), entry) {
		if (session_same_process(&old->process, &new->process) &&
		    strcmp(old->user, new->user) == 0)
			break;
	}
	if (old == NULL)
		return;
	session_end(old);
}

int
session_open(struct sessions *sessions, const struct facts *facts,
    const char *ref, int pidfd)
{
	struct session *session = NULL;
	int r = FG_ERR_LIMIT;

	if (pidfd < 0 || sessions->count >= SESSION_OPEN_MAX)
		goto out;
	r = FG_ERR_NOMEM;
	if ((session = calloc(1, sizeof(*session))) == NULL)
		goto out;
	session->pidfd = -1;
	session->home = sessions;
	(void)strncpy(session->ref, ref, sizeof(session->ref) - 1);
	memcpy(session->user, facts->login.user, sizeof(session->user));
	session->origin = facts->origin;
	session->process.pid = facts->peer.pid;
	session->process.start = facts->peer.start;
	session->audit_session = facts->peer.audit_session;
	session->since_s = session_now_s();
	if ((r = loop_watch(sessions->loop, pidfd, session_on_exit, session,
		 &session->watch)) != 0)
		goto out;
	session->pidfd = pidfd;
	pidfd = -1;
	session_replace(sessions, session);
	LIST_INSERT_HEAD(session_bucket(sessions, session->process.pid),
	    session, entry);
	sessions->count++;
	session = NULL;
out:
	if (pidfd >= 0)
		(void)close(pidfd); /* nothing to lose */
	session_free(session);
	return r;
}

/* Sessions of one process from different places: nobody knows whose it is. */
static bool
session_by_process(const struct sessions *sessions,
    const struct fact_process *process, const struct session **ret_session)
{
	const struct session *session;
	bool found = false;

	*ret_session = NULL;
	LIST_FOREACH(session, session_bucket(sessions, process->pid), entry) {
		if (!session_same_process(&session->process, process))
			continue;
		if (found &&
		    (*ret_session == NULL ||
			!session_same_origin(&(*ret_session)->origin,
			    &session->origin)))
			*ret_session = NULL;
		else
			*ret_session = session;
		found = true;
	}
	return found;
}

static const struct session *
session_by_audit_session(const struct sessions *sessions, uint32_t id)
{
	const struct session *session;
	size_t i;

	if (id == (uint32_t)-1)
		return NULL;
	for (i = 0; i < SESSION_BUCKETS; i++) {
		LIST_FOREACH(session, &sessions->bucket[i], entry) {
			if (session->audit_session == id)
				return session;
		}
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
		found =
		    session_by_process(sessions, &peer->ancestor[i], &session);
	if (!found)
		session =
		    session_by_audit_session(sessions, peer->audit_session);
	if (session == NULL)
		return;
	ret_parent->origin = &session->origin;
	ret_parent->ref = session->ref;
}

size_t
session_count(const struct sessions *sessions)
{
	return sessions->count;
}
