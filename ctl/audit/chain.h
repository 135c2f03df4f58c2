/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log's chain, a line after the other: which of them is not what, or
 * not where, the daemon has written it. After one that is wrong it goes on from
 * there, so that each fault counts once.
 */
#ifndef FG_CTL_AUDIT_CHAIN_H
#define FG_CTL_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl/audit/line.h"
#include "ctl/audit/source.h"
#include "policyd/crypto.h"

enum chain_fault {
	CHAIN_RIGHT,
	CHAIN_CUT,	/* longer than a record may be */
	CHAIN_TORN,	/* no newline behind it */
	CHAIN_FOREIGN,	/* no record */
	CHAIN_CHANGED,	/* its hash is wrong */
	CHAIN_BEGINNING, /* the first one, and those before it are missing */
	CHAIN_MISSING,	/* some are missing before it */
	CHAIN_AGAIN,	/* the number was there before */
	CHAIN_LINK,	/* it does not follow the one before */
	CHAIN_SIGNATURE, /* a tombstone, and its signature is wrong, ... */
	CHAIN_KEY	/* ... or of another key; both found by verify_gap.c */
};

struct chain;

struct chain	*chain_new(void);	/* NULL: no memory */
void		 chain_free(struct chain *chain);	/* NULL is fine */

/*
 * The next line. *ret_parts is zero if it is no record. Returns 0 or
 * FG_ERR_NOMEM.
 */
int		 chain_take(struct chain *chain, const struct source_line *line,
		    struct line_parts *ret_parts, enum chain_fault *ret_fault);

/* Some lines could not be read: what follows is not held against them. */
void		 chain_skip(struct chain *chain);

/* Of the records so far: how many, the lowest number and the highest. */
uint64_t	 chain_records(const struct chain *chain);
uint64_t	 chain_first(const struct chain *chain);
uint64_t	 chain_last(const struct chain *chain);
/* What the last one says its hash is; "" if there is none. */
const char	*chain_head(const struct chain *chain);
/* The number that the next one has to have. */
uint64_t	 chain_next(const struct chain *chain);

/* "its hash is wrong: it was changed" */
const char	*chain_fault_text(enum chain_fault fault);
/* "changed": for programs. */
const char	*chain_fault_word(enum chain_fault fault);

#endif
