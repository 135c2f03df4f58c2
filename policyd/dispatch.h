/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permit table: which message may come on which socket in which state,
 * and who handles it. Whatever is not in the table is refused.
 */
#ifndef FG_DISPATCH_H
#define FG_DISPATCH_H

#include "policyd/conn.h"

/* Handle the datagram of len bytes in conn->data. */
void	dispatch(struct conn *conn, size_t len);

/* All that a request waits for is there, or will not come: go on with it. */
void	dispatch_ready(struct conn *conn);

/* The deadline of the connection passed. */
void	dispatch_deadline(struct conn *conn);

#endif
