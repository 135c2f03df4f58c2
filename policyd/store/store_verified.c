/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verified people. Each is a change that others are told of: an older copy of
 * the database has somebody whose verification was taken back.
 */
#include "policyd/store/store_verified.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

static bool
is_whole(const struct store_verified *v)
{
	return v->person[0] != '\0' && STORE_ENDS(v->person) &&
	    v->asset[0] != '\0' && STORE_ENDS(v->asset) &&
	    STORE_ENDS(v->salt) && STORE_ENDS(v->hash) &&
	    (v->hash[0] == '\0' || strlen(v->hash) == CRYPTO_HEX_SIZE - 1) &&
	    (v->salt[0] == '\0') == (v->hash[0] == '\0') &&
	    v->made_s < v->until_s;
}

/* In the order of VERIFIED in store_sql.c. */
static void
read_verified(struct store_query *q, struct store_verified *v)
{
	memset(v, 0, sizeof(*v));
	STORE_COLUMN(q, 0, v->person);
	STORE_COLUMN(q, 1, v->asset);
	STORE_COLUMN(q, 2, v->salt);
	STORE_COLUMN(q, 3, v->hash);
	v->made_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
	v->until_s = store_column_int(q, 5, INT64_MIN, INT64_MAX);
	v->by_uid = (uint32_t)store_column_int(q, 6, 0, UINT32_MAX);
	v->by_loginuid = (uint32_t)store_column_int(q, 7, 0, UINT32_MAX);
	if (!is_whole(v))
		store_query_fail(q, FG_ERR_FORMAT);
}

static int
put(struct store *store, const struct store_verified *v)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_VERIFIED_PUT);

	store_bind_text(q, 1, v->person);
	store_bind_text(q, 2, v->asset);
	store_bind_text(q, 3, v->salt);
	store_bind_text(q, 4, v->hash);
	store_bind_int(q, 5, v->made_s);
	store_bind_int(q, 6, v->until_s);
	store_bind_int(q, 7, v->by_uid);
	store_bind_int(q, 8, v->by_loginuid);
	return store_query_run(q);
}

int
store_verified_put(struct store *store, const struct store_verified *v)
{
	int r;

	if (!is_whole(v))
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, put(store, v));
}

int
store_verified_get(struct store *store, const char *person,
    struct store_verified *ret_v)
{
	struct store_query *q = store_query(store->db, STORE_SQL_VERIFIED_OF);
	int found, r;

	memset(ret_v, 0, sizeof(*ret_v));
	store_bind_text(q, 1, person);
	if ((found = store_query_next(q)) == 0)
		read_verified(q, ret_v);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_v, 0, sizeof(*ret_v));
	return r;
}

static int
take_out(struct store *store, const char *person)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_VERIFIED_REMOVE);
	int r;

	store_bind_text(q, 1, person);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(store->synced) == 1 ? 0 : FG_ERR_NOT_FOUND;
}

int
store_verified_remove(struct store *store, const char *person)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, take_out(store, person));
}

int
store_verified_each(struct store *store, store_verified_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_VERIFIEDS);
	struct store_verified v;

	while (store_query_next(q) == 0) {
		read_verified(q, &v);
		if (store_query_failed(q) || fn(&v, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_verified_any(struct store *store, bool *ret_any)
{
	return store_query_any(store_query(store->db, STORE_SQL_VERIFIED_ANY),
	    ret_any);
}
