/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a connection asks the scanner, and its answers. A connection that waits
 * for several goes on with the last of them, or at its deadline.
 */
#include "policyd/conn.h"

#include <poll.h>

#include "policyd/dispatch.h"
#include "policyd/machine/scanlink.h"

/* If it has not ended after somebody looked, it was the one that was seen. */
static bool
conn_peer_ended(const struct conn *conn)
{
	struct pollfd pfd = { .fd = conn->pidfd, .events = POLLIN };

	return conn->pidfd >= 0 && poll(&pfd, 1, 0) > 0;
}

/* Nothing of a conn that is WORKING comes by itself: the deadline is set. */
static bool
conn_asked(struct conn *conn, unsigned int what, int r, unsigned int ms)
{
	if (r != 0)
		return false;
	conn->pending |= what;
	/* A look takes longer than all else. */
	if ((conn->pending & CONN_ASKED_LOOK) != 0)
		ms = CONN_LOOK_MS;
	loop_timer_set(conn->timer, ms);
	return true;
}

bool
conn_ask_peer(struct conn *conn)
{
	conn->facts.peer.state = FACT_ERROR; /* until it is known */
	conn_hold_peer(conn);
	return conn_wait(conn) &&
	    conn_asked(conn, CONN_ASKED_PEER,
		scanlink_peer(conn->daemon->scanlink, conn->id,
		    conn->facts.peer.pid),
		CONN_PEER_MS);
}

bool
conn_ask_look(struct conn *conn, uint32_t max_age_ms)
{
	return conn_wait(conn) &&
	    conn_asked(conn, CONN_ASKED_LOOK,
		scanlink_look(conn->daemon->scanlink, conn->id, max_age_ms),
		CONN_LOOK_MS);
}

bool
conn_ask_client(struct conn *conn, const struct look_ends *ends)
{
	conn->facts.client.state = FACT_ERROR; /* until it is known */
	return conn_wait(conn) &&
	    conn_asked(conn, CONN_ASKED_CLIENT,
		scanlink_client(conn->daemon->scanlink, conn->id, ends),
		CONN_PEER_MS);
}

/* One answer less to wait for; with the last one it goes on. */
static void
conn_answered(struct conn *conn, unsigned int what)
{
	conn->pending &= ~what;
	if (conn->pending == 0)
		dispatch_ready(conn);
}

void
conn_peer_known(struct daemon *daemon, uint64_t id,
    const struct fact_peer *peer)
{
	struct conn *conn = conn_by_id(daemon, id);
	struct fact_peer *own;
	uint32_t uid;
	int32_t pid;

	if (conn == NULL || (conn->pending & CONN_ASKED_PEER) == 0) {
		session_learn(daemon->sessions, id, peer);
		return;
	}
	if (conn_peer_ended(conn)) {
		conn_count_aborted(conn);
		conn_close(conn);
		return;
	}
	/* Who connected is the socket's word, and stays. */
	if (conn->pidfd >= 0) {
		own = &conn->facts.peer;
		uid = own->uid;
		pid = own->pid;
		*own = *peer;
		own->uid = uid;
		own->pid = pid;
	}
	conn_answered(conn, CONN_ASKED_PEER);
}

void
conn_looked(struct daemon *daemon, uint64_t id)
{
	struct conn *conn = conn_by_id(daemon, id);

	if (conn != NULL && (conn->pending & CONN_ASKED_LOOK) != 0)
		conn_answered(conn, CONN_ASKED_LOOK);
}

void
conn_client_known(struct daemon *daemon, uint64_t id,
    const struct fact_client *client)
{
	struct conn *conn = conn_by_id(daemon, id);

	if (conn == NULL || (conn->pending & CONN_ASKED_CLIENT) == 0)
		return;
	conn->facts.client = *client;
	conn_answered(conn, CONN_ASKED_CLIENT);
}

void
conn_peer_lost(struct daemon *daemon)
{
	struct conn *conn, *next;

	for (conn = LIST_FIRST(&daemon->conns); conn != NULL; conn = next) {
		next = LIST_NEXT(conn, entry);
		if (conn->pending == 0)
			continue;
		conn->pending = 0;
		dispatch_ready(conn);
	}
}
