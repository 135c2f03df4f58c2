/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tools that the help desk may use for a time. Each is a change that others are
 * told of: an older copy of the database has one that was taken back.
 */
#include "policyd/store/store_support.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

static bool
is_whole(const struct store_support *s)
{
	return s->asset[0] != '\0' && STORE_ENDS(s->asset) &&
	    s->tool[0] != '\0' && STORE_ENDS(s->tool) &&
	    s->from_s < s->until_s && STORE_ENDS(s->reason);
}

/* In the order of SUPPORT in store_sql.c. */
static void
read_support(struct store_query *q, struct store_support *s)
{
	memset(s, 0, sizeof(*s));
	s->id = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
	STORE_COLUMN(q, 1, s->asset);
	STORE_COLUMN(q, 2, s->tool);
	s->from_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	s->until_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 5, s->reason);
	s->by_uid = (uint32_t)store_column_int(q, 6, 0, UINT32_MAX);
	s->by_loginuid = (uint32_t)store_column_int(q, 7, 0, UINT32_MAX);
	s->at_s = store_column_int(q, 8, INT64_MIN, INT64_MAX);
	if (!is_whole(s))
		store_query_fail(q, FG_ERR_FORMAT);
}

/* ---- changes ------------------------------------------------------------ */

/* What ended so long ago is in the audit log alone. */
static int
forget_old(struct store *store, int64_t at_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_SUPPORTS_FORGET);

	store_bind_int(q, 1, at_s - STORE_EXCEPTION_KEPT_S);
	return store_query_run(q);
}

/* More than a decision looks at would be an error in each login. */
static int
check_room(struct store *store, int64_t at_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_SUPPORTS_COUNT);
	int64_t n = 0;
	int r;

	store_bind_int(q, 1, at_s);
	if (store_query_next(q) == 0)
		n = store_column_int(q, 0, 0, INT32_MAX);
	if ((r = store_query_end(q)) != 0)
		return r;
	return n < STORE_SUPPORTS_MAX ? 0 : FG_ERR_LIMIT;
}

static int
insert(struct store *store, struct store_support *s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_SUPPORT_ADD);
	int r;

	store_bind_text(q, 1, s->asset);
	store_bind_text(q, 2, s->tool);
	store_bind_int(q, 3, s->from_s);
	store_bind_int(q, 4, s->until_s);
	store_bind_text(q, 5, s->reason);
	store_bind_int(q, 6, s->by_uid);
	store_bind_int(q, 7, s->by_loginuid);
	store_bind_int(q, 8, s->at_s);
	if ((r = store_query_run(q)) == 0)
		s->id = (uint64_t)store_db_last_id(store->synced);
	return r;
}

int
store_support_add(struct store *store, struct store_support *s)
{
	int r;

	s->id = 0;
	if (!is_whole(s))
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = forget_old(store, s->at_s)) == 0 &&
	    (r = check_room(store, s->at_s)) == 0)
		r = insert(store, s);
	if ((r = store_change_end(store, r)) != 0)
		s->id = 0;
	return r;
}

static int
remove_row(struct store *store, uint64_t id, struct store_support *ret_removed)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_SUPPORT_REMOVE);
	int found;

	store_bind_int(q, 1, (int64_t)id);
	if ((found = store_query_next(q)) == 0) {
		read_support(q, ret_removed);
		(void)store_query_next(q); /* to its end, which it keeps */
	}
	return store_query_found(q, found);
}

int
store_support_remove(struct store *store, uint64_t id,
    struct store_support *ret_removed)
{
	int r;

	memset(ret_removed, 0, sizeof(*ret_removed));
	if (id > INT64_MAX)
		return FG_ERR_NOT_FOUND;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	r = store_change_end(store, remove_row(store, id, ret_removed));
	if (r != 0)
		memset(ret_removed, 0, sizeof(*ret_removed));
	return r;
}

/* ---- reading ------------------------------------------------------------ */

int
store_supports_each(struct store *store, bool expired, int64_t at_s,
    store_support_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SUPPORTS);
	struct store_support s;

	store_bind_int(q, 1, expired ? INT64_MIN : at_s);
	while (store_query_next(q) == 0) {
		read_support(q, &s);
		if (store_query_failed(q) || fn(&s, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_support_find(struct store *store, const char *asset, int64_t at_s,
    struct store_supported *ret_s)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_SUPPORTS_IN_FORCE);
	struct store_support s;
	int r;

	memset(ret_s, 0, sizeof(*ret_s));
	store_bind_int(q, 1, at_s);
	if (asset != NULL)
		store_bind_text(q, 2, asset); /* else it stays NULL */
	while (store_query_next(q) == 0) {
		read_support(q, &s);
		if (store_query_failed(q))
			break;
		if (ret_s->n == STORE_SUPPORTS_MAX) {
			store_query_fail(q, FG_ERR_LIMIT);
			break;
		}
		ret_s->by[ret_s->n].id = s.id;
		memcpy(ret_s->by[ret_s->n++].tool, s.tool, sizeof(s.tool));
	}
	r = store_query_end(q);
	if (r != 0 && r != FG_ERR_LIMIT)
		memset(ret_s, 0, sizeof(*ret_s));
	return r;
}

uint64_t
store_supported_id(const struct store_supported *s, const char *tool)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->by[i].tool, tool) == 0)
			return s->by[i].id;
	return 0;
}
