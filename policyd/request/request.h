/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The login request: gather, decide, record, answer.
 */
#ifndef FG_REQUEST_H
#define FG_REQUEST_H

#include "policyd/conn.h"

/* Handlers for the permit table. */
void	request_login(struct conn *conn, size_t len);
void	request_groups(struct conn *conn, size_t len);
void	request_close(struct conn *conn, size_t len);

/* The groups did not come in time. */
void	request_groups_late(struct conn *conn);

/* Gather what is not there yet, as of now, with the rules of the request. */
void	request_gather(struct conn *conn, const struct gather_parent *parent);

/* Every fact is there, or its state says why not: decide and answer. */
void	request_finish(struct conn *conn);

/*
 * Send a verdict, or hold it: a denial until it is on the disk. Returns true if
 * it went out; the caller closes the connection then, which otherwise is gone,
 * or will be.
 */
bool	request_send(struct conn *conn, const struct fg_verdict_msg *m);

/* Tell the system's log of a decision; nothing is waited for. */
void	request_log(const struct conn *conn, const struct decision *decision,
	    const char *ref);

/* The administrator's help, behind how if that is not NULL. */
const char	*request_help(const struct conn *conn, const char *how,
		    char buf[FG_TEXT_MAX + 1]);

/* Answer, when it is recorded: a denial once that is on the disk. The
 * connection is gone then, or will be. */
void	request_answer(struct conn *conn, const struct decision *decision,
	    const char *ref);

#endif
