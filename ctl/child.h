/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What farmgatectl does not do itself, because it may be root: read what
 * another user can have prepared. A child does, as that user.
 */
#ifndef FG_CTL_CHILD_H
#define FG_CTL_CHILD_H

#include <stddef.h>
#include <stdio.h>

#include "policyd/privilege/priv.h"

#define CHILD_OUTPUT_MAX (256u * 1024u)
#define CHILD_MS	 10000

struct child {
	const struct priv_ids *ids; /* whom root becomes; NULL: nobody else */
	/* In the child, with no descriptor but out's that leads anywhere.
	 * Returns CTL_OK, CTL_NO or CTL_ERROR. */
	int (*run)(FILE *out, void *arg);
	void *arg;
	size_t max; /* bytes that it may write; 0: CHILD_OUTPUT_MAX */
};

/*
 * Run it and wait, at most CHILD_MS. What it writes is whoever's can make it
 * write so: *ret_text, of *ret_len bytes and a NUL, is the caller's to free.
 * Returns what .run has, or with no text FG_ERR_SYSTEM, FG_ERR_NOMEM,
 * FG_ERR_TIMEOUT, FG_ERR_LIMIT (more than .max) or FG_ERR_CLOSED:
 * it did not come to its end.
 */
int child_run(const struct child *child, char **ret_text, size_t *ret_len);

/* Wait for a child that the caller has made. Returns its exit status, or
 * CTL_ERROR: it has none. */
int child_wait(pid_t pid);

#endif
