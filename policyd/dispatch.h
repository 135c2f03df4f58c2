/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permit table: which message may come on which socket in which state,
 * and who handles it. Whatever is not in the table is refused.
 */
#ifndef FG_DISPATCH_H
#define FG_DISPATCH_H

#include "policyd/conn.h"

/*
 * A handler may close the connection, and then must not touch it again.
 */
typedef void (*dispatch_fn)(struct conn *conn, size_t len);

struct dispatch_entry {
	enum fg_msg_type type;
	enum listen_role role;
	enum conn_state	 state;
	dispatch_fn	 handle;
};

/* Ends with an entry of type FG_MSG_NONE. */
extern const struct dispatch_entry dispatch_table[];

/* Handle the datagram of len bytes in conn->data. */
void	dispatch(struct conn *conn, size_t len);

/* All that a request waits for is there, or will not come: go on with it. */
void	dispatch_ready(struct conn *conn);

/* The deadline of the connection passed. */
void	dispatch_deadline(struct conn *conn);

#endif
