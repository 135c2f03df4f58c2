/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sockets showed to be in use, from one scan to the next: who fills the
 * machine with sockets, so that a scan does not see them all, ends by that no
 * session of others.
 */
#ifndef FG_CARRY_H
#define FG_CARRY_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/scanner/look/tools.h"
#include "policyd/scanner/picture.h"

#define CARRY_MAX	32u

/* Zeroed has nothing. */
struct carry {
	bool		 missing;	/* of this scan: not all were seen */
	size_t		 n;
	struct sign	 sign[CARRY_MAX];	/* of the last scan */
	size_t		 nnow;
	struct sign	 now[CARRY_MAX];	/* of this one */
};

/* A scan begins; what it sees in use by a socket is noted. */
void	carry_begin(struct carry *carry);
void	carry_note(struct carry *carry, const struct sign *sign);

/*
 * Its sockets are told. If some are .missing, what the last one has noted and
 * this one has not is added to the picture as it was, unless its process has
 * ended. Users' signs are not carried.
 */
void	carry_end(struct carry *carry, struct tools *tools,
	    struct picture *picture);

#endif
