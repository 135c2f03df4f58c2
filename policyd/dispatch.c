/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permit table and its one reader. A message that the table does not list
 * for this socket and state ends the connection.
 */
#include "policyd/dispatch.h"

#include <string.h>

#include "policyd/control/control.h"
#include "policyd/log.h"
#include "policyd/request/request.h"
#include "policyd/request/request_prove.h"
#include "policyd/request/request_witness.h"
#include "proto/result.h"

/*
 * A handler may close the connection, and then must not touch it again.
 */
typedef void (*dispatch_fn)(struct conn *conn, size_t len);

struct dispatch_entry {
	enum fg_msg_type type;
	enum listen_role role;
	enum conn_state state;
	dispatch_fn handle;
};

/* Ends with an entry of type FG_MSG_NONE. */
static const struct dispatch_entry dispatch_table[] = {
	{ FG_MSG_LOGIN, LISTEN_POLICY, CONN_WANT_REQUEST, request_login },
	{ FG_MSG_GROUPS, LISTEN_POLICY, CONN_WANT_GROUPS, request_groups },
	{ FG_MSG_ANSWER, LISTEN_POLICY, CONN_WANT_ANSWER,
	    request_answered_prompt },
	{ FG_MSG_CLOSE, LISTEN_POLICY, CONN_WANT_REQUEST, request_close },
	{ FG_MSG_STATUS, LISTEN_CONTROL, CONN_WANT_REQUEST, control_status },
	{ FG_MSG_RELOAD, LISTEN_CONTROL, CONN_WANT_REQUEST, control_reload },
	{ FG_MSG_COMMAND, LISTEN_CONTROL, CONN_WANT_REQUEST, control_command },
	{ FG_MSG_DATA, LISTEN_CONTROL, CONN_WANT_DATA, control_data },
	{ FG_MSG_STATUS, LISTEN_AUDIT, CONN_WANT_REQUEST, control_status },
	{ FG_MSG_COMMAND, LISTEN_AUDIT, CONN_WANT_REQUEST, control_command },
	{ FG_MSG_WITNESS, LISTEN_WITNESS, CONN_WANT_REQUEST, request_witness },
	{ FG_MSG_NONE, LISTEN_NONE, CONN_CLOSED, NULL }
};

static const struct dispatch_entry *
dispatch_find(const struct conn *conn, uint8_t type)
{
	const struct dispatch_entry *e;

	for (e = dispatch_table; e->type != FG_MSG_NONE; e++) {
		if (e->type == type && e->role == conn->role &&
		    e->state == conn->state)
			return e;
	}
	return NULL;
}

/* The first message sets the connection's id, the others must carry it. */
static bool
dispatch_follows(struct conn *conn, const struct fg_header *hdr)
{
	uint16_t expected = (uint16_t)(conn->hdr.sequence + 1);

	if (conn->state == CONN_WANT_REQUEST)
		memcpy(conn->hdr.id, hdr->id, sizeof(hdr->id));
	conn->hdr.sequence = hdr->sequence;
	return memcmp(conn->hdr.id, hdr->id, sizeof(hdr->id)) == 0 &&
	    hdr->sequence == expected;
}

/* Whichever of the two is older has to be started anew. */
static void
dispatch_refuse_version(struct conn *conn, uint8_t version)
{
	conn_log(conn->role)(
	    "conn: pid %d speaks protocol version %u, this daemon %u: %s",
	    conn->facts.peer.pid, version, FG_VERSION,
	    version > FG_VERSION ?
		"it is newer; restart the daemon: systemctl restart "
		"farmgate-policyd.service" :
		"it is older; log in again, and if that does not help, install "
		"module and daemon of one version");
	conn_fail(conn, FG_FAIL_VERSION);
}

void
dispatch(struct conn *conn, size_t len)
{
	const struct dispatch_entry *e;
	struct fg_header hdr;
	int r;

	r = fg_msg_get_header(conn->data, len, &hdr);
	if (r != 0 && r != FG_ERR_VERSION) {
		/* No id and no sequence that an answer could carry. */
		conn_log(conn->role)("conn: pid %d: bad header: %s",
		    conn->facts.peer.pid, fg_strerror(r));
		conn_count_failed(conn);
		conn_gone(conn, false);
		conn_close(conn);
		return;
	}
	if (!dispatch_follows(conn, &hdr) && r == 0) {
		conn_malformed(conn, "conn", FG_ERR_FORMAT);
		return;
	}
	if (r != 0) {
		dispatch_refuse_version(conn, hdr.version);
		return;
	}
	if ((e = dispatch_find(conn, hdr.type)) == NULL) {
		conn_log(conn->role)("conn: pid %d: %s is not permitted here",
		    conn->facts.peer.pid, fg_msg_type_name(hdr.type));
		conn_fail(conn, FG_FAIL_NOT_PERMITTED);
		return;
	}
	e->handle(conn, len);
}

void
dispatch_ready(struct conn *conn)
{
	switch (conn->role) {
	case LISTEN_POLICY:
		request_finish(conn);
		break;
	case LISTEN_CONTROL:
	case LISTEN_AUDIT:
		control_finish(conn);
		break;
	case LISTEN_WITNESS:
		request_witness_finish(conn);
		break;
	case LISTEN_NONE:
	case LISTEN_COUNT:
		break;
	}
}

/* What is missing by now is an error, not an absence; policy decides. */
void
dispatch_deadline(struct conn *conn)
{
	conn->pending = 0;
	switch (conn->state) {
	case CONN_WANT_GROUPS:
		request_groups_late(conn);
		return;
	case CONN_WORKING:
		dispatch_ready(conn);
		return;
	case CONN_WANT_ANSWER:
		request_prove_late(conn);
		return;
	case CONN_PAUSED:
		if (conn->role == LISTEN_WITNESS)
			request_witness_on(conn);
		else
			request_prove_on(conn);
		return;
	case CONN_WANT_DATA:
	case CONN_STREAMING:
		control_late(conn);
		return;
	case CONN_WANT_REQUEST:
	case CONN_HELD:
	case CONN_CLOSED:
		break;
	}
	conn_log(conn->role)("conn: pid %d connected and said nothing",
	    conn->facts.peer.pid);
	conn_close(conn);
}
