/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a connection, from accept to close. Knows datagrams, headers,
 * credentials and deadlines; knows no message's meaning.
 */
#include "policyd/conn.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policyd/control/control.h"
#include "policyd/dispatch.h"
#include "policyd/listen.h"
#include "policyd/log.h"
#include "policyd/request/request_prove.h"
#include "proto/client.h"
#include "proto/result.h"

#define CONN_PEER_GROUPS_MAX 1024u

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* since Linux 6.5 */
#endif

static void
conn_free(struct conn *conn)
{
	if (conn->job != NULL)
		control_closed(conn);
	proving_free(conn->proving);
	free(conn->witnessing);
	loop_unwatch(conn->watch);
	loop_timer_free(conn->timer);
	ruleset_release(conn->rules);
	if (conn->pidfd >= 0)
		(void)close(conn->pidfd); /* nothing to lose */
	if (conn->fd >= 0)
		(void)close(conn->fd); /* the answer is out or void */
	free(conn);
}

void
conn_close(struct conn *conn)
{
	struct daemon *daemon = conn->daemon;

	LIST_REMOVE(conn, entry);
	conn_free(conn);
	if (daemon->stopping && LIST_EMPTY(&daemon->conns))
		loop_stop(daemon->loop);
}

struct conn *
conn_by_id(const struct daemon *daemon, uint64_t id)
{
	struct conn *conn;

	LIST_FOREACH(conn, &daemon->conns, entry) {
		if (conn->id == id)
			break;
	}
	return conn;
}

size_t
conn_count(const struct daemon *daemon, enum listen_role role)
{
	const struct conn *conn;
	size_t n = 0;

	LIST_FOREACH(conn, &daemon->conns, entry)
		n += conn->role == role && conn->proving == NULL;
	return n;
}

static size_t
conn_count_uid(const struct daemon *daemon, enum listen_role role, uint32_t uid)
{
	const struct conn *conn;
	size_t n = 0;

	LIST_FOREACH(conn, &daemon->conns, entry)
		n += conn->role == role && conn->facts.peer.uid == uid;
	return n;
}

/* Who is closed for being slow has to know that the fault was their own. */
_Static_assert(CONN_REQUEST_MS > FG_CLIENT_PROMPT_MS,
    "a module that was stopped would blame the daemon");

/*
 * Who may connect is root, but that is no reason to trust a peer's patience: a
 * user can stop the su that he has started wherever he likes, and a hundred of
 * them would keep all others out for as long as the deadline is. A program that
 * runs sends its request at once and its groups as soon as it knows them.
 */
static bool
conn_is_slow(const struct conn *conn)
{
	int64_t waited_ms = (loop_now_ns() - conn->accepted_ns) / 1000000;

	switch (conn->state) {
	case CONN_WANT_REQUEST:
		return waited_ms >= CONN_REQUEST_MS;
	case CONN_WANT_GROUPS:
		return waited_ms >= CONN_GROUPS_MS;
	case CONN_WANT_ANSWER:
	case CONN_WANT_DATA:
	case CONN_WORKING:
	case CONN_PAUSED:
	case CONN_STREAMING:
	case CONN_HELD:
	case CONN_CLOSED:
		break;
	}
	return false;
}

void
conn_hurry(struct daemon *daemon, enum listen_role role)
{
	struct conn *conn, *next;
	size_t n = 0;

	for (conn = LIST_FIRST(&daemon->conns); conn != NULL; conn = next) {
		next = LIST_NEXT(conn, entry);
		if (conn->role != role || !conn_is_slow(conn))
			continue;
		n++;
		dispatch_deadline(conn);
	}
	if (n > 0)
		conn_log(role)("%s.sock: no place left: %zu slow connections "
			       "cut short",
		    listen_role_name(role), n);
}

static bool
conn_peer_has_group(int fd, gid_t primary, gid_t wanted)
{
	gid_t gids[CONN_PEER_GROUPS_MAX];
	socklen_t i, len = sizeof(gids);

	if (wanted == (gid_t)-1)
		return false;
	if (primary == wanted)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, gids, &len) != 0)
		return false;
	for (i = 0; i < len / sizeof(gids[0]); i++) {
		if (gids[i] == wanted)
			return true;
	}
	return false;
}

log_fn
conn_log(enum listen_role role)
{
	return role == LISTEN_WITNESS ? log_anybody : log_client;
}

/* The modes of the sockets say the same; this holds when they are wrong. */
static bool
conn_permits(const struct daemon *daemon, enum listen_role role, int fd,
    const struct ucred *cred)
{
	switch (role) {
	case LISTEN_POLICY:
		return cred->uid == 0;
	case LISTEN_CONTROL:
		return cred->uid == 0 ||
		    (conn_peer_has_group(fd, cred->gid, daemon->admin_gid) &&
			conn_count_uid(daemon, role, cred->uid) <
			    CONN_CONTROL_UID_MAX);
	case LISTEN_AUDIT:
		return conn_peer_has_group(fd, cred->gid, daemon->audit_gid) &&
		    conn_count_uid(daemon, role, cred->uid) <
		    CONN_AUDIT_UID_MAX;
	case LISTEN_WITNESS:
		return conn_count_uid(daemon, role, cred->uid) <
		    CONN_WITNESS_UID_MAX;
	case LISTEN_NONE:
	case LISTEN_COUNT:
		break;
	}
	return false;
}

static void
conn_on_deadline(void *arg)
{
	dispatch_deadline(arg);
}

static void conn_on_readable(void *arg);

/* Most logins are answered in the turn that accepts them, without all this. */
bool
conn_wait(struct conn *conn)
{
	struct loop *loop = conn->daemon->loop;

	if (conn->watch != NULL)
		return true;
	if (loop_timer(loop, conn_on_deadline, conn, &conn->timer) != 0 ||
	    loop_watch(loop, conn->fd, conn_on_readable, conn, &conn->watch) !=
		0) {
		log_err("conn: out of memory");
		return false;
	}
	loop_timer_set(conn->timer, CONN_DEADLINE_MS);
	return true;
}

void
conn_gone(struct conn *conn, bool stopped)
{
	if (conn->proving != NULL &&
	    (conn->state == CONN_WANT_ANSWER || conn->state == CONN_PAUSED))
		request_prove_gone(conn, stopped);
}

/*
 * One datagram, read without a control buffer, so that descriptors somebody
 * attaches are discarded by the kernel. A zero-length one looks like the end.
 */
static void
conn_on_readable(void *arg)
{
	struct conn *conn = arg;
	ssize_t n;

	n = recv(conn->fd, conn->data, sizeof(conn->data), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		if (!conn_wait(conn))
			conn_close(conn);
		return;
	}
	if (n <= 0 || n > (ssize_t)FG_MSG_MAX) {
		conn_count_aborted(conn);
		log_debug("conn: pid %d: %s", conn->facts.peer.pid,
		    n > 0 ? "oversize message" : "gone before the answer");
		conn_gone(conn, false);
		conn_close(conn);
		return;
	}
	if (conn->state == CONN_WORKING || conn->state == CONN_PAUSED ||
	    conn->state == CONN_STREAMING) {
		conn_log(conn->role)("conn: pid %d sent more than one request",
		    conn->facts.peer.pid);
		conn_fail(conn, FG_FAIL_MALFORMED);
		return;
	}
	dispatch(conn, (size_t)n);
}

static void
conn_identify(struct conn *conn, const struct ucred *cred)
{
	struct fact_peer *peer = &conn->facts.peer;

	peer->uid = cred->uid;
	peer->pid = cred->pid;
	peer->loginuid = (uint32_t)-1;
	peer->audit_session = (uint32_t)-1;
}

void
conn_hold_peer(struct conn *conn)
{
	socklen_t len = sizeof(conn->pidfd);

	if (conn->pidfd >= 0 ||
	    getsockopt(conn->fd, SOL_SOCKET, SO_PEERPIDFD, &conn->pidfd,
		&len) == 0)
		return;
	conn->pidfd = -1;
	if (errno == ENOPROTOOPT)
		conn->pidfd =
		    (int)syscall(SYS_pidfd_open, conn->facts.peer.pid, 0);
}

void
conn_accept(struct daemon *daemon, enum listen_role role, int fd)
{
	static uint64_t last_id;
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred);
	struct conn *conn;

	/* Everything but .data, which is always written before it is read. */
	if ((conn = malloc(sizeof(*conn))) == NULL) {
		(void)close(fd); /* the module takes that for a failure */
		return;
	}
	memset(conn, 0, offsetof(struct conn, data));
	conn->daemon = daemon;
	conn->role = role;
	conn->fd = fd;
	conn->pidfd = -1;
	conn->id = ++last_id;
	conn->accepted_ns = loop_now_ns();
	conn->state = CONN_WANT_REQUEST;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0 ||
	    !conn_permits(daemon, role, fd, &cred)) {
		conn_log(role)("conn: uid %u is not permitted on %s.sock",
		    cred.uid, listen_role_name(role));
		conn_free(conn);
		return;
	}
	conn_identify(conn, &cred);
	LIST_INSERT_HEAD(&daemon->conns, conn, entry);
	/*
	 * Whoever connects says at once what it wants. Where it shares this
	 * processor it has to run for that, and to wait here is cheaper than
	 * to be woken twice. Nobody waits so for who may be anybody; such a
	 * process is held while its number is its own.
	 */
	if (role != LISTEN_WITNESS)
		(void)sched_yield();
	else
		conn_hold_peer(conn);
	conn_on_readable(conn);
}

const struct fg_header *
conn_next(struct conn *conn)
{
	conn->hdr.sequence++;
	return &conn->hdr;
}

int
conn_send(struct conn *conn, const void *data, size_t len)
{
	ssize_t n;

	n = send(conn->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n == (ssize_t)len)
		return 0;
	return n < 0 && errno == EAGAIN ? FG_ERR_BUSY : FG_ERR_CLOSED;
}

void
conn_count_aborted(struct conn *conn)
{
	struct stats *stats = &conn->daemon->stats;

	if (conn->role == LISTEN_WITNESS)
		stats->unstated++;
	else
		stats->aborted++;
}

void
conn_count_failed(struct conn *conn)
{
	struct stats *stats = &conn->daemon->stats;

	if (conn->role == LISTEN_WITNESS)
		stats->unstated++;
	else
		stats->failed++;
}

void
conn_unanswered(struct conn *conn)
{
	conn_count_aborted(conn);
	if (conn->opened[0] != '\0')
		session_unopen(conn->daemon->sessions, conn->opened);
}

void
conn_fail(struct conn *conn, enum fg_fail fail)
{
	const struct fg_fail_msg m = { .fail = (uint8_t)fail,
		.version = FG_VERSION };
	uint8_t data[FG_HEADER_SIZE + 16];
	size_t len;

	conn_count_failed(conn);
	conn_gone(conn, fail == FG_FAIL_STOPPING);
	if (fg_msg_put_fail(data, sizeof(data), conn_next(conn), &m, &len) == 0)
		(void)conn_send(conn, data, len); /* it may be gone */
	conn_close(conn);
}

void
conn_malformed(struct conn *conn, const char *what, int r)
{
	conn_log(conn->role)("%s: pid %d: %s", what, conn->facts.peer.pid,
	    fg_strerror(r));
	conn_fail(conn, FG_FAIL_MALFORMED);
}

void
conn_hold(struct conn *conn, size_t len)
{
	struct daemon *daemon = conn->daemon;

	conn->state = CONN_HELD;
	conn->held = len;
	loop_pause(conn->watch); /* what comes now changes nothing */
	loop_timer_clear(conn->timer);
	if (!daemon->flush_wanted) {
		loop_timer_set(daemon->flush_timer, 0);
		loop_timer_set(daemon->flush_late, CONN_HELD_MS);
	}
	daemon->flush_wanted = true;
}

void
conn_flush(void *arg)
{
	struct daemon *daemon = arg;
	struct conn *conn, *next;

	daemon->flush_wanted = false;
	loop_timer_clear(daemon->flush_timer);
	loop_timer_clear(daemon->flush_late);
	(void)daemon_sync(daemon); /* it reports; no denial turns by it */
	for (conn = LIST_FIRST(&daemon->conns); conn != NULL; conn = next) {
		next = LIST_NEXT(conn, entry);
		if (conn->state != CONN_HELD)
			continue;
		if (conn_send(conn, conn->data, conn->held) != 0)
			conn_unanswered(conn);
		conn_close(conn);
	}
}
