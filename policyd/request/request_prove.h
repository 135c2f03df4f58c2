/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The auth phase of a login: what has to be proved is asked for, round by
 * round, and what passed waits for the account phase.
 */
#ifndef FG_REQUEST_PROVE_H
#define FG_REQUEST_PROVE_H

#include "policyd/conn.h"

#define PROVE_PENDING_MAX	 64u	/* step-ups at once, all together, */
#define PROVE_PENDING_SOURCE_MAX 8u	/* from one address, */
#define PROVE_PENDING_PERSON_MAX 4u	/* and of one person */
/* From an answer to what it leads to, whatever that is: looking at it takes a
 * fraction of this, and its time says nothing. */
#define PROVE_FLOOR_MS		 200u
/* Who waits for somebody else's word and asks how it is. */
#define PROVE_WAIT_MS		 1000u
/* So long nobody is called to approve it: programs that can ask nobody are gone
 * by then. */
#define PROVE_QUIET_MS		 1000u

/* All facts are there: ask, or say that nothing is to be proved. */
void	request_prove(struct conn *conn);

/* Handler for the permit table. */
void	request_answered_prompt(struct conn *conn, size_t len);

/* What was held back by these is due. */
void	request_prove_on(struct conn *conn);

/* Nobody has answered in time, or has answered for PROVE_QUIET_MS. */
void	request_prove_late(struct conn *conn);

/* Whoever was asked has gone, or the daemon is stopped: it is recorded, and the
 * caller closes the connection. */
void	request_prove_gone(struct conn *conn, bool stopped);

/* How many people are asked for a proof now. */
size_t	request_prove_pending(const struct daemon *daemon);

void	proving_free(struct proving *proving);	/* NULL is fine */

#endif
