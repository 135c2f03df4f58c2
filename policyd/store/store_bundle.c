/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle that is in force, the end of it, and what an import gathers of
 * another one. How that comes into force is store_copy.c's business.
 */
#include "policyd/store/store_bundle.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/store/store_piece.h"
#include "policyd/text.h"
#include "proto/result.h"

/* In the order of STORE_SQL_BUNDLE. */
static void
read_bundle(struct store_query *q, struct store_bundle *b)
{
	memset(b, 0, sizeof(*b));
	b->serial = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
	b->made_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
	b->at_s = store_column_int(q, 2, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 3, b->key);
	STORE_COLUMN(q, 4, b->sha256);
	b->revocations = (size_t)store_column_int(q, 5, 0, UINT32_MAX);
	b->people = store_column_int(q, 6, 0, 1) != 0;
}

int
store_bundle(struct store *store, struct store_bundle *ret_bundle)
{
	struct store_query *q = store_query(store->db, STORE_SQL_BUNDLE);
	int r, found;

	memset(ret_bundle, 0, sizeof(*ret_bundle));
	if ((found = store_query_next(q)) == 0)
		read_bundle(q, ret_bundle);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_bundle, 0, sizeof(*ret_bundle));
	return r;
}

/* Its rows go with the next import. */
int
store_bundle_forget(struct store *store, int64_t now_s)
{
	struct store_db *db = store->synced;
	bool changed = false;
	int r;

	if ((r = store_db_begin(db)) != 0)
		return r;
	if ((r = store_query_run(store_query(db, STORE_SQL_BUNDLE_RETIRE))) ==
	    0)
		changed = store_db_changes(db) > 0;
	if (r == 0)
		r = store_serial_cut(store, now_s, &changed);
	if (r == 0 && !changed)
		r = FG_ERR_NOT_FOUND;
	return store_change_end(store, r);
}

/* ---- to sign ----------------------------------------------------------- */

int
store_given_back_each(struct store *store, store_given_back_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_GIVEN_BACK);
	const char *name;
	int64_t at_s;

	while (store_query_next(q) == 0) {
		name = store_column_text_direct(q, 0);
		at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
		if (store_query_failed(q) || fn(name, at_s, arg) != 0)
			break;
	}
	return store_query_end(q);
}

/* ---- to import --------------------------------------------------------- */

int
store_import_bundle(struct store_import *import,
    const struct store_bundle *bundle)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	import->bundle = *bundle;
	/* In force, as far as this file goes. */
	if ((r = store_bundle_add(import->stage, bundle, true)) != 0)
		import->failed = r;
	return r;
}

int
store_bundle_add(struct store_db *db, const struct store_bundle *bundle,
    bool in_force)
{
	struct store_query *q = store_query(db, STORE_SQL_BUNDLE_ADD);

	store_bind_int(q, 1, in_force);
	store_bind_int(q, 2, (int64_t)bundle->serial);
	store_bind_int(q, 3, bundle->made_s);
	store_bind_text(q, 4, bundle->key);
	store_bind_text(q, 5, bundle->sha256);
	store_bind_int(q, 6, (int64_t)bundle->revocations);
	return store_query_run(q);
}

int
store_bundled_put(struct store_db *db, enum store_sql sql, int64_t bundle,
    const struct store_revocation *r)
{
	struct store_query *q = store_query(db, sql);

	store_bind_int(q, 1, bundle);
	store_bind_text(q, 2, r->user);
	store_bind_int(q, 3, r->at_s);
	store_bind_text(q, 4, r->reason);
	store_bind_int(q, 5, r->made_s);
	return store_query_run(q);
}

int
store_import_add_revocation(struct store_import *import,
    const struct store_revocation *r)
{
	int error;

	if (import->failed != 0)
		return import->failed;
	if (!store_revocation_is_whole(r))
		return FG_ERR_FORMAT;
	error = store_bundled_put(import->stage, STORE_SQL_BUNDLED_ADD,
	    STORE_STAGED, r);
	if (error != 0 && error != FG_ERR_LIMIT)
		import->failed = error;
	return error;
}

int
store_bundled_read(struct store_query *q, struct store_revocation *ret_r)
{
	memset(ret_r, 0, sizeof(*ret_r));
	ret_r->bundled = true;
	STORE_COLUMN(q, 0, ret_r->user);
	ret_r->at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 2, ret_r->reason);
	ret_r->made_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	return store_query_failed(q) ? FG_ERR_FORMAT : 0;
}

static int
is_new(struct store_import *import, const struct store_revocation *r,
    int64_t at_s, bool *ret_new)
{
	struct store_revocation old;
	int e;

	e = store_revocation_of(import->store, r->user, &old);
	*ret_new = e == FG_ERR_NOT_FOUND ||
	    (e == 0 && store_revocation_since(&old, at_s) > at_s &&
		old.at_s > r->at_s);
	return e == FG_ERR_NOT_FOUND ? 0 : e;
}

int
store_import_revoked(struct store_import *import, int64_t at_s,
    store_revoked_fn fn, void *arg)
{
	struct store_revocation r;
	struct store_query *q;
	int e = 0, s, stop = 0;
	bool new;

	if (import->failed != 0)
		return import->failed;
	q = store_query(import->stage, STORE_SQL_ALL_BUNDLED);
	while (e == 0 && stop == 0 && store_query_next(q) == 0)
		if ((e = store_bundled_read(q, &r)) == 0 &&
		    (e = is_new(import, &r, at_s, &new)) == 0 && new)
			stop = fn(&r, arg);
	s = store_query_end(q);
	return e != 0 ? e : s;
}

int
store_import_keep_out(struct store_import *import, const char *name,
    int64_t now_s)
{
	struct store_revocation r = { .at_s = now_s,
		.made_s = now_s,
		.reason = "kept out: no bundle has given access back" };
	int error;

	if (import->failed != 0)
		return import->failed;
	if (text_copy(r.user, sizeof(r.user), name) != 0)
		return FG_ERR_FORMAT;
	error = store_bundled_put(import->stage, STORE_SQL_BUNDLED_KEEP,
	    STORE_STAGED, &r);
	if (error != 0)
		import->failed = error;
	return error;
}
