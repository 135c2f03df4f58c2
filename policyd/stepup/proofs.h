/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups that have passed and wait for their login's account phase, which
 * the same process asks for. They are in memory alone: who has restarted the
 * daemon in between is asked again.
 */
#ifndef FG_PROOFS_H
#define FG_PROOFS_H

#include "policyd/facts.h"

#define PROOFS_MAX	256u	/* the oldest makes room, ... */
#define PROOFS_USER_MAX	16u	/* ... and of one user that one's oldest */
#define PROOF_S		120	/* seconds, CLOCK_BOOTTIME */

struct proofs;

/* NULL when out of memory. */
struct proofs	*proofs_new(void);
void		 proofs_free(struct proofs *proofs);

/*
 * The login's own step-up: what facts->proof says has passed under ref, and if
 * it is delegated, the next module is asked now. Whatever the process
 * has proved before is void. pidfd is the process's; it is taken over. Without
 * one there is no proof.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM (no pidfd).
 */
int		 proofs_add(struct proofs *proofs, const struct facts *facts,
		    const char *ref, bool delegated, int pidfd);

/* Whatever the process of these facts has proved is void. */
void		 proofs_drop(struct proofs *proofs, const struct facts *facts);

/*
 * What the process of facts has proved for this user, service and reference,
 * if it has not ended since.
 */
void		 proofs_find(struct proofs *proofs, const struct facts *facts,
		    struct fact_proof *ret_proof);

/* The same of one that was delegated, which has then served. */
void		 proofs_take_delegated(struct proofs *proofs,
		    const struct facts *facts, struct fact_proof *ret_proof);

#endif
