/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups that were passed. Findings are stored by their names, as those of
 * exceptions are, and for the same reason.
 */
#include "policyd/store/store_proof.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* In the order of PROOF in store_sql.c. */
static void
read_proof(struct store_query *q, struct store_proof *p)
{
	char finding[STORE_FINDING_MAX + 1];

	memset(p, 0, sizeof(*p));
	p->id = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
	STORE_COLUMN(q, 1, p->person);
	STORE_COLUMN(q, 2, finding);
	STORE_COLUMN(q, 3, p->grade);
	STORE_COLUMN(q, 4, p->device);
	STORE_COLUMN(q, 5, p->source);
	p->methods = (uint32_t)store_column_int(q, 6, 1, UINT32_MAX);
	p->made_s = store_column_int(q, 7, INT64_MIN, INT64_MAX);
	p->until_s = store_column_int(q, 8, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 9, p->ref);
	p->code = finding_by_name(finding);
}

static bool
is_whole(const struct store_proof *p)
{
	return p->person[0] != '\0' && STORE_ENDS(p->person) &&
	    p->code > FINDING_NONE && p->code < FINDING_COUNT &&
	    STORE_ENDS(p->grade) && STORE_ENDS(p->device) &&
	    p->source[0] != '\0' && STORE_ENDS(p->source) && p->methods != 0 &&
	    p->made_s < p->until_s && STORE_ENDS(p->ref);
}

int
store_proof_put(struct store *store, struct store_proof *p)
{
	struct store_query *q;
	int r;

	p->id = 0;
	if (!is_whole(p))
		return FG_ERR_FORMAT;
	q = store_query(store->synced, STORE_SQL_PROOF_PUT);
	store_bind_text(q, 1, p->person);
	store_bind_text(q, 2, finding_info(p->code)->name);
	store_bind_text(q, 3, p->grade);
	store_bind_text(q, 4, p->device);
	store_bind_text(q, 5, p->source);
	store_bind_int(q, 6, p->methods);
	store_bind_int(q, 7, p->made_s);
	store_bind_int(q, 8, p->until_s);
	store_bind_text(q, 9, p->ref);
	if ((r = store_query_run(q)) == 0)
		p->id = (uint64_t)store_db_last_id(store->synced);
	return r;
}

int
store_proofs_of(struct store *store, const struct store_proof *like,
    int64_t at_s, struct store_proof *ret_list, size_t max, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_PROOFS_OF);
	struct store_proof p;
	size_t n = 0;
	int r;

	*ret_n = 0;
	store_bind_text(q, 1, like->person);
	store_bind_text(q, 2, like->device);
	store_bind_text(q, 3, like->source);
	store_bind_int(q, 4, at_s);
	while (n < max && store_query_next(q) == 0) {
		read_proof(q, &p);
		if (p.code != FINDING_NONE)
			ret_list[n++] = p;
	}
	if ((r = store_query_end(q)) == 0)
		*ret_n = n;
	return r;
}

int
store_proofs_each(struct store *store, const char *person, int64_t at_s,
    store_proof_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db,
	    person != NULL ? STORE_SQL_PROOFS_WHO : STORE_SQL_PROOFS);
	struct store_proof p;

	store_bind_int(q, 1, at_s);
	if (person != NULL)
		store_bind_text(q, 2, person);
	while (store_query_next(q) == 0) {
		read_proof(q, &p);
		if (store_query_failed(q) || fn(&p, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_proofs_drop(struct store_db *db, const char *person)
{
	struct store_query *q = store_query(db, STORE_SQL_PROOFS_REMOVE);

	store_bind_text(q, 1, person);
	return store_query_run(q);
}

int
store_proofs_remove(struct store *store, const char *person)
{
	return store_proofs_drop(store->synced, person);
}

int
store_proofs_forget(struct store *store, int64_t before_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_PROOFS_FORGET);

	store_bind_int(q, 1, before_s);
	return store_query_run(q);
}
