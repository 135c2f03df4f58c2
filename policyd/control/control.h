/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What farmgatectl may ask of the running daemon: its state, a reload, and the
 * commands of control_command.c's table.
 */
#ifndef FG_CONTROL_H
#define FG_CONTROL_H

#include "policyd/conn.h"

/* Handlers for the permit table. */
void	control_status(struct conn *conn, size_t len);
void	control_reload(struct conn *conn, size_t len);
void	control_command(struct conn *conn, size_t len);
void	control_data(struct conn *conn, size_t len);

/* The peer is known now: begin what it asked for. */
void	control_finish(struct conn *conn);

/* A reload's result, for reload_start(): a reload_done_fn. */
void	control_reloaded(struct daemon *daemon, uint64_t id, int r,
	    const struct conf_errors *errors);

/* It sends nothing, or takes nothing. Closes the connection. */
void	control_late(struct conn *conn);

/* The connection of conn->job is about to be freed. */
void	control_closed(struct conn *conn);

/* End what goes on without its client, and record how it ended. */
void	control_stop(struct daemon *daemon);

#endif
