/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAM closes a session: nothing is decided and nothing is answered.
 */
#include "policyd/log.h"
#include "policyd/request.h"
#include "policyd/session/session.h"
#include "proto/result.h"

void
request_close(struct conn *conn, size_t len)
{
	struct fg_close m;
	int r;

	if ((r = fg_msg_get_close(conn->data, len, &m)) != 0) {
		log_client("request: pid %d: %s", conn->facts.peer.pid,
		    fg_strerror(r));
		conn_fail(conn, FG_FAIL_MALFORMED);
		return;
	}
	session_closing(conn->daemon->sessions, conn->facts.peer.pid, m.ref);
	conn_close(conn);
}
