/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds. Each is a change that others are told of: an older copy of the
 * database may lack one that was added since.
 */
#include "policyd/store/store_hold.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

bool
store_hold_is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= STORE_HOLD_NAME_MAX &&
	    strspn(name, LETTERS DIGITS) > 0 &&
	    strspn(name, LETTERS DIGITS "._-") == len;
}

bool
store_hold_is_over(const struct store_hold *hold, int64_t now_s)
{
	return hold->until_s != 0 && now_s >= hold->until_s;
}

/* In the order of HOLD in store_sql_person.c. */
static void
read_hold(struct store_query *q, struct store_hold *hold)
{
	memset(hold, 0, sizeof(*hold));
	STORE_COLUMN(q, 0, hold->name);
	STORE_COLUMN(q, 1, hold->reason);
	hold->until_s = store_column_int(q, 2, 0, INT64_MAX);
	hold->by_uid = (uint32_t)store_column_int(q, 3, 0, UINT32_MAX);
	hold->by_loginuid = (uint32_t)store_column_int(q, 4, 0, UINT32_MAX);
	hold->at_s = store_column_int(q, 5, INT64_MIN, INT64_MAX);
}

static int
insert(struct store *store, const struct store_hold *hold)
{
	struct store_query *q = store_query(store->synced, STORE_SQL_HOLD_ADD);
	int r;

	store_bind_text(q, 1, hold->name);
	store_bind_text(q, 2, hold->reason);
	store_bind_int(q, 3, hold->until_s);
	store_bind_int(q, 4, hold->by_uid);
	store_bind_int(q, 5, hold->by_loginuid);
	store_bind_int(q, 6, hold->at_s);
	store_bind_int(q, 7, STORE_HOLDS_MAX);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(store->synced) == 1 ? 0 : FG_ERR_LIMIT;
}

int
store_hold_add(struct store *store, const struct store_hold *hold)
{
	struct store_hold other;
	int r;

	if (!STORE_ENDS(hold->name) || !store_hold_is_name(hold->name) ||
	    !STORE_ENDS(hold->reason) || hold->until_s < 0)
		return FG_ERR_FORMAT;
	if ((r = store_hold_get(store, hold->name, &other)) != FG_ERR_NOT_FOUND)
		return r == 0 ? FG_ERR_TRAILING : r;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, insert(store, hold));
}

int
store_hold_get(struct store *store, const char *name,
    struct store_hold *ret_hold)
{
	struct store_query *q = store_query(store->db, STORE_SQL_HOLD_OF);
	int found;

	memset(ret_hold, 0, sizeof(*ret_hold));
	store_bind_text(q, 1, name);
	if ((found = store_query_next(q)) == 0)
		read_hold(q, ret_hold);
	return store_query_found(q, found);
}

int
store_hold_remove(struct store *store, const char *name)
{
	struct store_query *q;
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	q = store_query(store->synced, STORE_SQL_HOLD_REMOVE);
	store_bind_text(q, 1, name);
	if ((r = store_query_run(q)) == 0 &&
	    store_db_changes(store->synced) != 1)
		r = FG_ERR_NOT_FOUND;
	return store_change_end(store, r);
}

int
store_holds_each(struct store *store, store_hold_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_HOLDS);
	struct store_hold hold;

	while (store_query_next(q) == 0) {
		read_hold(q, &hold);
		if (store_query_failed(q) || fn(&hold, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_holds_any(struct store *store, int64_t now_s, bool *ret_any)
{
	struct store_query *q = store_query(store->db, STORE_SQL_HOLDS_ANY);

	store_bind_int(q, 1, now_s);
	return store_query_any(q, ret_any);
}
