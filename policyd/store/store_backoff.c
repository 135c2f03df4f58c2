/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who failed to prove a login, and how long nothing of theirs is accepted.
 * Synced: neither a restart nor a crash gives the next tries back.
 */
#include <string.h>

#include "policyd/store/store_factor.h"
#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* In the order of BACKOFF in store_sql.c. */
static void
read_backoff(struct store_query *q, struct store_backoff *b)
{
	memset(b, 0, sizeof(*b));
	b->kind = (enum store_backoff_kind)store_column_int(q, 0,
	    STORE_BACKOFF_PERSON, STORE_BACKOFF_SOURCE);
	STORE_COLUMN(q, 1, b->name);
	b->failures = (uint32_t)store_column_int(q, 2, 0, UINT32_MAX);
	b->last_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	b->until_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
}

static bool
is_whole(const struct store_backoff *b)
{
	return (b->kind == STORE_BACKOFF_PERSON ||
		   b->kind == STORE_BACKOFF_SOURCE) &&
	    b->name[0] != '\0' && STORE_ENDS(b->name);
}

int
store_backoff_get(struct store *store, enum store_backoff_kind kind,
    const char *name, struct store_backoff *ret_b)
{
	struct store_query *q = store_query(store->db, STORE_SQL_BACKOFF_OF);
	int found, r;

	memset(ret_b, 0, sizeof(*ret_b));
	store_bind_int(q, 1, kind);
	store_bind_text(q, 2, name);
	if ((found = store_query_next(q)) == 0)
		read_backoff(q, ret_b);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_b, 0, sizeof(*ret_b));
	return r;
}

int
store_backoff_put(struct store *store, const struct store_backoff *b)
{
	struct store_query *q;

	if (!is_whole(b))
		return FG_ERR_FORMAT;
	q = store_query(store->synced, STORE_SQL_BACKOFF_PUT);
	store_bind_int(q, 1, b->kind);
	store_bind_text(q, 2, b->name);
	store_bind_int(q, 3, b->failures);
	store_bind_int(q, 4, b->last_s);
	store_bind_int(q, 5, b->until_s);
	return store_query_run(q);
}

int
store_backoff_remove(struct store *store, enum store_backoff_kind kind,
    const char *name)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_BACKOFF_REMOVE);

	store_bind_int(q, 1, kind);
	store_bind_text(q, 2, name);
	return store_query_run(q);
}

int
store_backoff_forget(struct store *store, int64_t before_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_BACKOFF_FORGET);

	store_bind_int(q, 1, before_s);
	return store_query_run(q);
}

int
store_backoff_each(struct store *store, store_backoff_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_BACKOFFS);
	struct store_backoff b;

	while (store_query_next(q) == 0) {
		read_backoff(q, &b);
		if (store_query_failed(q) || fn(&b, arg) != 0)
			break;
	}
	return store_query_end(q);
}
