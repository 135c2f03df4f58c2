/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A jump host asks, through a user's ssh, how this laptop is: who asks for it
 * is looked at, then the machine, and the answer is for the jump host alone.
 * Whoever carries it learns nothing of what was seen, not by its length and
 * not by how long it took.
 */
#ifndef FG_REQUEST_WITNESS_H
#define FG_REQUEST_WITNESS_H

#include "policyd/conn.h"

/* From the question to its answer, whatever is seen. */
#define WITNESS_FLOOR_MS	(CONN_LOOK_MS + 100u)
/* So many are worked at; the others try again after a while, and not for
 * longer than this. */
#define WITNESS_WORKING_MAX	2u
#define WITNESS_TURN_MS		20u
#define WITNESS_QUEUE_MS	3000

/* Handler for the permit table. */
void	request_witness(struct conn *conn, size_t len);

/* Every fact is there, or its state says why not: state it. */
void	request_witness_finish(struct conn *conn);

/* It is its turn, or time for the answer. */
void	request_witness_on(struct conn *conn);

#endif
