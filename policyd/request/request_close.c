/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAM closes a session: nothing is decided and nothing is answered.
 */
#include "policyd/log.h"
#include "policyd/request/request.h"
#include "policyd/session/session.h"

void
request_close(struct conn *conn, size_t len)
{
	struct fg_close m;
	int r;

	if ((r = fg_msg_get_close(conn->data, len, &m)) != 0) {
		conn_malformed(conn, "request", r);
		return;
	}
	session_closing(conn->daemon->sessions, conn->facts.peer.pid, m.ref);
	conn_close(conn);
}
