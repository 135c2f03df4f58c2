/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open sessions, in memory and, as they outlive the daemon, in the store. All
 * of them are found by process, so that a value which a user can set
 * (FARMGATE_REF in a PAM environment) never counts alone.
 */
#include "policyd/session/session.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/session/session_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/* ---- what all of the room uses ----------------------------------------- */

int64_t
session_now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
session_now_s(void)
{
	return session_now_ms() / 1000;
}

unsigned int
session_bucket(uint64_t n)
{
	return (unsigned int)(n & (SESSION_BUCKETS - 1));
}

/* FNV-1a, 64 bits; names are the administrator's, not an attacker's. */
unsigned int
session_bucket_of(const char *who)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *who != '\0'; who++)
		hash = (hash ^ (unsigned char)*who) * UINT64_C(1099511628211);
	return session_bucket(hash ^ hash >> 32);
}

bool
session_same_process(const struct fact_process *a, const struct fact_process *b)
{
	return a->pid > 0 && a->pid == b->pid && a->start == b->start;
}

bool
session_same_origin(const struct fact_origin *a, const struct fact_origin *b)
{
	return a->kind == b->kind &&
	    memcmp(a->addr.b, b->addr.b, sizeof(a->addr.b)) == 0 &&
	    strcmp(a->inherited, b->inherited) == 0;
}

void
session_describe(const struct sessions *sessions, const struct facts *facts,
    struct store_session *ret_s)
{
	const struct fact_login *login = &facts->login;
	struct store_session *s = ret_s;

	memset(s, 0, sizeof(*s));
	(void)text_copy(s->person, sizeof(s->person), fact_who(facts));
	memcpy(s->user, login->user, sizeof(s->user));
	memcpy(s->service, login->service, sizeof(s->service));
	s->kind = facts->kind;
	s->origin = facts->origin;
	s->where = facts->where;
	(void)text_copy(s->device, sizeof(s->device), fact_device(facts));
	s->keys = login->keys;
	s->uid = login->uid;
	s->audit_session = facts->peer.audit_session;
	memcpy(s->cgroup, facts->peer.cgroup, sizeof(s->cgroup));
	memcpy(s->boot_id, sessions->boot_id, sizeof(s->boot_id));
	s->opened_s = facts->at_s;
	s->opened_boot_s = session_now_s();
}

/* ---- the table --------------------------------------------------------- */

int
session_read_boot_id(char boot_id[STORE_BOOT_ID_SIZE])
{
	ssize_t n;
	int fd;

	boot_id[0] = '\0';
	if ((fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC)) < 0)
		return FG_ERR_SYSTEM;
	n = read(fd, boot_id, STORE_BOOT_ID_SIZE - 1);
	(void)close(fd); /* was only read */
	boot_id[n < 0 ? 0 : n] = '\0';
	return n == STORE_BOOT_ID_SIZE - 1 ? 0 : FG_ERR_FORMAT;
}

struct sessions *
sessions_new(struct loop *loop, struct store *store, const char *boot_id,
    const struct session_calls *calls)
{
	struct sessions *sessions;

	if ((sessions = calloc(1, sizeof(*sessions))) == NULL)
		return NULL;
	sessions->loop = loop;
	sessions->store = store;
	sessions->calls = *calls;
	(void)text_copy(sessions->boot_id, sizeof(sessions->boot_id), boot_id);
	TAILQ_INIT(&sessions->unsaved);
	TAILQ_INIT(&sessions->seats);
	TAILQ_INIT(&sessions->fading);
	TAILQ_INIT(&sessions->left_new);
	TAILQ_INIT(&sessions->left_known);
	TAILQ_INIT(&sessions->attaching);
	TAILQ_INIT(&sessions->endings);
	if (session_save_start(sessions) != 0 ||
	    session_left_start(sessions) != 0 ||
	    session_terminate_start(sessions) != 0) {
		sessions_free(sessions);
		return NULL;
	}
	return sessions;
}

void
sessions_set_scanlink(struct sessions *sessions, struct scanlink *scanlink)
{
	sessions->scanlink = scanlink;
}

void
session_unwatch(struct session *session)
{
	loop_unwatch(session->watch);
	if (session->pidfd >= 0)
		(void)close(session->pidfd); /* nothing to lose */
	session->watch = NULL;
	session->pidfd = -1;
}

void
session_free(struct session *session)
{
	if (session == NULL)
		return;
	session_unwatch(session);
	free(session);
}

static void
session_unlink(struct session *session)
{
	struct sessions *home = session->home;

	LIST_REMOVE(session, of_pid);
	LIST_REMOVE(session, of_who);
	if (session->s.audit_session != (uint32_t)-1)
		LIST_REMOVE(session, of_audit);
	if (session->is_left)
		session_unleave(session);
	if (session->query != 0)
		session_attach_forget(session);
	home->count--;
}

void
session_link_audit(struct session *session)
{
	uint32_t id = session->s.audit_session;

	if (id != (uint32_t)-1)
		LIST_INSERT_HEAD(&session->home->audits[session_bucket(id)],
		    session, of_audit);
}

void
session_link(struct sessions *sessions, struct session *session)
{
	const struct store_session *s = &session->s;

	session->home = sessions;
	session->serial = ++sessions->last_serial;
	LIST_INSERT_HEAD(&sessions
			      ->pids[session_bucket((uint32_t)s->process.pid)],
	    session, of_pid);
	LIST_INSERT_HEAD(&sessions->whos[session_bucket_of(s->person)], session,
	    of_who);
	session_link_audit(session);
	sessions->count++;
}

/* What is kept in the store stays there: they go on without the daemon. */
void
sessions_free(struct sessions *sessions)
{
	struct session *session;
	struct seat *seat;
	size_t i;

	if (sessions == NULL)
		return;
	session_save_done(sessions);
	while ((seat = TAILQ_FIRST(&sessions->seats)) != NULL ||
	    (seat = TAILQ_FIRST(&sessions->fading)) != NULL)
		seat_drop(seat);
	for (i = 0; i < SESSION_BUCKETS; i++) {
		while ((session = LIST_FIRST(&sessions->pids[i])) != NULL) {
			session_unlink(session);
			session_free(session);
		}
	}
	session_terminate_done(sessions);
	loop_timer_free(sessions->left_timer);
	free(sessions);
}

struct session *
session_by_ref(const struct sessions *sessions, const char *ref)
{
	struct session *session;
	size_t i;

	for (i = 0; i < SESSION_BUCKETS; i++) {
		LIST_FOREACH(session, &sessions->pids[i], of_pid) {
			if (strcmp(session->s.ref, ref) == 0)
				return session;
		}
	}
	return NULL;
}

/* ---- opening and closing ----------------------------------------------- */

void
session_finish(struct session *session, enum session_end how)
{
	struct sessions *home = session->home;
	int64_t open_s = session_now_s() - session->s.opened_boot_s;

	if (how == SESSION_ENDED_REBOOT || open_s < 0)
		open_s = 0; /* nobody knows */
	session_unlink(session);
	session_unwatch(session);
	home->calls.ended(&session->s, open_s, how, home->calls.arg);
	session->is_over = true;
	home->nover++;
	session_save(session);
}

enum session_end
session_how(const struct session *session)
{
	if (session->terminated)
		return SESSION_ENDED_TERMINATED;
	if (session->closing)
		return SESSION_ENDED_CLOSED;
	return session->lost ? SESSION_ENDED_LOST : SESSION_ENDED_GONE;
}

/* A pidfd becomes readable when its process has ended. */
static void
session_on_exit(void *arg)
{
	session_leave(arg);
}

int
session_watch(struct session *session, int pidfd)
{
	int r;

	if ((r = loop_watch(session->home->loop, pidfd, session_on_exit,
		 session, &session->watch)) == 0)
		session->pidfd = pidfd;
	else
		(void)close(pidfd); /* nothing to lose */
	return r;
}

/* The same user again in the same process: a session that was not closed. */
static void
session_replace(struct sessions *sessions, const struct store_session *new)
{
	struct session *old;

	LIST_FOREACH(old,
	    &sessions->pids[session_bucket((uint32_t) new->process.pid)],
	    of_pid) {
		if (session_same_process(&old->s.process, &new->process) &&
		    strcmp(old->s.user, new->user) == 0)
			break;
	}
	if (old != NULL)
		session_finish(old, SESSION_ENDED_REPLACED);
}

static void
session_fill(struct session *session, const struct facts *facts,
    const char *policy, const char *ref)
{
	session_describe(session->home, facts, &session->s);
	session->s.state = STORE_SESSION_OPEN;
	session->s.observed = (facts->login.flags & FG_LOGIN_OBSERVE) != 0;
	(void)text_copy(session->s.ref, sizeof(session->s.ref), ref);
	(void)text_copy(session->s.policy, sizeof(session->s.policy), policy);
	session->s.process.pid = facts->peer.pid;
	session->s.process.start = facts->peer.start;
}

int
session_prepare(struct sessions *sessions, const struct facts *facts,
    const char *policy, const char *ref, int pidfd,
    struct session **ret_session)
{
	struct session *session = NULL;
	int r = FG_ERR_LIMIT;

	*ret_session = NULL;
	if (pidfd < 0 || sessions->count >= SESSION_OPEN_MAX)
		goto out;
	r = FG_ERR_NOMEM;
	if ((session = calloc(1, sizeof(*session))) == NULL)
		goto out;
	session->pidfd = -1;
	session->home = sessions;
	r = session_watch(session, pidfd);
	pidfd = -1; /* taken */
	if (r != 0)
		goto out;
	session_fill(session, facts, policy, ref);
	*ret_session = session;
	session = NULL;
out:
	if (pidfd >= 0)
		(void)close(pidfd); /* nothing to lose */
	session_free(session);
	return r;
}

void
session_open(struct session *session)
{
	struct sessions *sessions = session->home;

	session_replace(sessions, &session->s);
	session_link(sessions, session);
	TAILQ_INSERT_TAIL(&sessions->unsaved, session, unsaved);
	session->is_unsaved = session->is_new = true;
	if (session->s.process.start == 0)
		session_attach(session);
}

void
session_unopen(struct sessions *sessions, const char *ref)
{
	struct session *session = session_by_ref(sessions, ref);

	if (session == NULL)
		return;
	session->is_new = false; /* not for the history */
	session_finish(session, SESSION_ENDED_GONE);
}

void
session_closing(struct sessions *sessions, int32_t pid, const char *ref)
{
	struct session *session;

	LIST_FOREACH(session, &sessions->pids[session_bucket((uint32_t)pid)],
	    of_pid) {
		/* One whose leader lives, which therefore is who asks. */
		if (session->s.process.pid == pid && session->pidfd >= 0 &&
		    strcmp(session->s.ref, ref) == 0)
			session->closing = true;
	}
}
