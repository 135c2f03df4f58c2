/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Revocations. What was acknowledged is on the disk, and that there was one is
 * known beside the database as well.
 */
#include "policyd/store/store_revocation.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* In the order of REVOCATION in store_sql.c. */
static void
read_revocation(struct store_query *q, struct store_revocation *r)
{
	memset(r, 0, sizeof(*r));
	STORE_COLUMN(q, 0, r->user);
	r->at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 2, r->reason);
	r->by_uid = (uint32_t)store_column_int(q, 3, 0, UINT32_MAX);
	r->by_loginuid = (uint32_t)store_column_int(q, 4, 0, UINT32_MAX);
	r->made_s = store_column_int(q, 5, INT64_MIN, INT64_MAX);
	r->bundled = store_column_int(q, 6, 0, 1) != 0;
	if (r->user[0] == '\0')
		store_query_fail(q, FG_ERR_FORMAT);
}

bool
store_revocation_is_whole(const struct store_revocation *r)
{
	return r->user[0] != '\0' && STORE_ENDS(r->user) &&
	    STORE_ENDS(r->reason);
}

/* ---- whose access was given back --------------------------------------- */

int
store_give_back(struct store_db *db, const char *name, int64_t at_s)
{
	struct store_query *q = store_query(db, STORE_SQL_GIVEN_BACK_PUT);

	store_bind_text(q, 1, name);
	store_bind_int(q, 2, at_s);
	return store_query_run(q);
}

int
store_given_back_forget(struct store_db *db, int64_t now_s)
{
	struct store_query *q = store_query(db, STORE_SQL_GIVEN_BACK_FORGET);

	store_bind_int(q, 1, now_s - STORE_GIVEN_BACK_KEPT_S);
	return store_query_run(q);
}

static int
take_again(struct store *store, const char *name)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_GIVEN_BACK_REMOVE);

	store_bind_text(q, 1, name);
	return store_query_run(q);
}

/* One that would have begun before: until the new one does, access is back. */
static int
is_postponed(struct store *store, const struct store_revocation *r,
    bool *ret_is)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_REVOCATION_OWN);
	int found, e;

	*ret_is = false;
	store_bind_text(q, 1, r->user);
	if ((found = store_query_next(q)) == 0)
		*ret_is = r->at_s > r->made_s &&
		    store_column_int(q, 1, INT64_MIN, INT64_MAX) < r->at_s;
	if ((e = store_query_end(q)) != 0)
		*ret_is = false;
	return e != 0 || found == FG_ERR_NOT_FOUND ? e : found;
}

/* Until one that is to come begins, what was given back before it is back. */
static int
note(struct store *store, const struct store_revocation *r, bool postponed)
{
	if (postponed)
		return store_give_back(store->synced, r->user, r->made_s);
	return r->at_s > r->made_s ? 0 : take_again(store, r->user);
}

/* ---- to change them ---------------------------------------------------- */

static int
put(struct store *store, const struct store_revocation *r)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_REVOCATION_PUT);

	store_bind_text(q, 1, r->user);
	store_bind_int(q, 2, r->at_s);
	store_bind_text(q, 3, r->reason);
	store_bind_int(q, 4, r->by_uid);
	store_bind_int(q, 5, r->by_loginuid);
	store_bind_int(q, 6, r->made_s);
	return store_query_run(q);
}

int
store_revocation_put(struct store *store, const struct store_revocation *r)
{
	bool postponed;
	int error;

	if (!store_revocation_is_whole(r))
		return FG_ERR_FORMAT;
	if ((error = store_remember(store)) != 0)
		return error;
	if ((error = store_db_begin(store->synced)) != 0)
		return error;
	if ((error = is_postponed(store, r, &postponed)) == 0 &&
	    (error = put(store, r)) == 0 &&
	    (error = store_proofs_drop(store->synced, r->user)) == 0)
		error = note(store, r, postponed);
	return store_change_end(store, error);
}

static int
remove_row(struct store *store, const char *user,
    struct store_revocation *ret_removed)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_REVOCATION_REMOVE);
	int found;

	store_bind_text(q, 1, user);
	if ((found = store_query_next(q)) == 0) {
		read_revocation(q, ret_removed);
		(void)store_query_next(q); /* to its end, which it keeps */
	}
	return store_query_found(q, found);
}

int
store_revocation_remove(struct store *store, const char *user, int64_t now_s,
    struct store_revocation *ret_removed)
{
	int r;

	memset(ret_removed, 0, sizeof(*ret_removed));
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = remove_row(store, user, ret_removed)) == 0)
		r = store_give_back(store->synced, user, now_s);
	if ((r = store_change_end(store, r)) != 0)
		memset(ret_removed, 0, sizeof(*ret_removed));
	return r;
}

int
store_revocation_none(struct store *store, const char *user, int64_t now_s)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store,
	    store_give_back(store->synced, user, now_s));
}

/* ---- to read them ------------------------------------------------------ */

static int
find(struct store *store, enum store_sql sql, const char *user,
    struct store_revocation *ret_r)
{
	struct store_query *q = store_query(store->db, sql);
	int r, found;

	memset(ret_r, 0, sizeof(*ret_r));
	store_bind_text(q, 1, user);
	if ((found = store_query_next(q)) == 0)
		read_revocation(q, ret_r);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_r, 0, sizeof(*ret_r));
	return r;
}

int
store_revocation_of(struct store *store, const char *user,
    struct store_revocation *ret_r)
{
	return find(store, STORE_SQL_REVOCATION_OF, user, ret_r);
}

int
store_revocation_own(struct store *store, const char *user,
    struct store_revocation *ret_r)
{
	return find(store, STORE_SQL_REVOCATION_OWN, user, ret_r);
}

int
store_revocation_bundled(struct store *store, const char *user,
    struct store_revocation *ret_r)
{
	return find(store, STORE_SQL_REVOCATION_BUNDLED, user, ret_r);
}

int
store_revocations_each(struct store *store, store_revocation_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_REVOCATIONS);
	struct store_revocation r;

	while (store_query_next(q) == 0) {
		read_revocation(q, &r);
		if (store_query_failed(q) || fn(&r, arg) != 0)
			break;
	}
	return store_query_end(q);
}
