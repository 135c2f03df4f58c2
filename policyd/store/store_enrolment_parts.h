/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the store of enrolments share, for policyd/store alone.
 */
#ifndef FG_STORE_ENROLMENT_PARTS_H
#define FG_STORE_ENROLMENT_PARTS_H

#include "policyd/store/store_enrolment.h"
#include "policyd/store/store_parts.h"

/* ---- store_enrolment.c ---- */

/* Sets .enrolments and .enrolments_lost; .older is set. */
int	store_enrolments_look(struct store *store,
	    struct store_outline *outline);
/* A column of digests. */
void	store_column_digests(struct store_query *q, int n,
	    struct hwid_digests *ret_digests);

/* ---- store_seen.c: within a transaction of store->synced ---- */

/* All that a key was seen with, instead of what there was. */
int	store_seen_put(struct store *store, const char *key,
	    const struct clone *clone);

#endif
