/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What farmgatectl may ask of the running daemon: its state, and a reload.
 */
#ifndef FG_CONTROL_H
#define FG_CONTROL_H

#include "policyd/conn.h"

/* Handlers for the permit table. */
void	control_status(struct conn *conn, size_t len);
void	control_reload(struct conn *conn, size_t len);

/* The peer is known now: begin the reload that it asked for. */
void	control_finish(struct conn *conn);

/* Its result, for reload_start(): a reload_done_fn. */
void	control_reloaded(struct daemon *daemon, uint64_t id, int r,
	    const struct conf_errors *errors);

#endif
