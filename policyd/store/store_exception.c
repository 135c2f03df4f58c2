/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions. Findings are stored by their names, which are the registry's
 * word to the world; numbers may change from version to version. A name of
 * another version is no damage, and never holds.
 */
#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* In the order of EXCEPTION in store_sql.c. */
static void
read_exception(struct store_query *q, struct store_exception *e)
{
	memset(e, 0, sizeof(*e));
	e->id = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
	STORE_COLUMN(q, 1, e->user);
	STORE_COLUMN(q, 2, e->finding);
	STORE_COLUMN(q, 3, e->grade);
	STORE_COLUMN(q, 4, e->country);
	e->from_s = store_column_int(q, 5, INT64_MIN, INT64_MAX);
	e->until_s = store_column_int(q, 6, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 7, e->reason);
	e->by_uid = (uint32_t)store_column_int(q, 8, 0, UINT32_MAX);
	e->by_loginuid = (uint32_t)store_column_int(q, 9, 0, UINT32_MAX);
	e->at_s = store_column_int(q, 10, INT64_MIN, INT64_MAX);
	e->kind = (enum store_exception_kind)store_column_int(q, 11,
	    STORE_EXCEPTION_GRANT, STORE_EXCEPTION_BYPASS);
	if ((e->code = finding_by_name(e->finding)) != FINDING_NONE)
		memset(e->finding, 0, sizeof(e->finding));
	if (e->user[0] == '\0')
		store_query_fail(q, FG_ERR_FORMAT);
}

const char *
store_exception_finding(const struct store_exception *e)
{
	const struct finding_info *info = finding_info(e->code);

	return info == NULL ? e->finding : info->name;
}

static bool
is_complete(const struct store_exception *e)
{
	return e->user[0] != '\0' && STORE_ENDS(e->user) &&
	    STORE_ENDS(e->grade) && STORE_ENDS(e->country) &&
	    STORE_ENDS(e->reason) && e->code > FINDING_NONE &&
	    e->code < FINDING_COUNT && e->from_s < e->until_s &&
	    (e->kind == STORE_EXCEPTION_GRANT ||
		e->kind == STORE_EXCEPTION_BYPASS);
}

/* What ended so long ago is in the audit log alone. */
static int
forget_old(struct store *store, int64_t at_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_EXCEPTIONS_FORGET);

	store_bind_int(q, 1, at_s - STORE_EXCEPTION_KEPT_S);
	return store_query_run(q);
}

static int
insert(struct store *store, struct store_exception *e)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_EXCEPTION_ADD);
	int r;

	store_bind_text(q, 1, e->user);
	store_bind_text(q, 2, finding_info(e->code)->name);
	store_bind_text(q, 3, e->grade);
	store_bind_text(q, 4, e->country);
	store_bind_int(q, 5, e->from_s);
	store_bind_int(q, 6, e->until_s);
	store_bind_text(q, 7, e->reason);
	store_bind_int(q, 8, e->by_uid);
	store_bind_int(q, 9, e->by_loginuid);
	store_bind_int(q, 10, e->at_s);
	store_bind_int(q, 11, e->kind);
	if ((r = store_query_run(q)) == 0)
		e->id = (uint64_t)store_db_last_id(store->synced);
	return r;
}

int
store_exception_add(struct store *store, struct store_exception *e)
{
	int r;

	e->id = 0;
	if (e->kind == STORE_EXCEPTION_NONE)
		e->kind = STORE_EXCEPTION_GRANT;
	if (!is_complete(e))
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = forget_old(store, e->at_s)) == 0)
		r = insert(store, e);
	if ((r = store_change_end(store, r)) != 0)
		e->id = 0;
	return r;
}

static int
remove_row(struct store *store, uint64_t id,
    struct store_exception *ret_removed)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_EXCEPTION_REMOVE);
	int found;

	store_bind_int(q, 1, (int64_t)id);
	if ((found = store_query_next(q)) == 0) {
		read_exception(q, ret_removed);
		(void)store_query_next(q); /* to its end, which it keeps */
	}
	return store_query_found(q, found);
}

int
store_exception_remove(struct store *store, uint64_t id,
    struct store_exception *ret_removed)
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

int
store_exceptions_of(struct store *store, const char *user, int64_t at_s,
    struct store_exception *ret_list, size_t max, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_EXCEPTIONS_OF);
	struct store_exception e;
	size_t n = 0;
	int r;

	*ret_n = 0;
	store_bind_text(q, 1, user);
	store_bind_int(q, 2, at_s);
	while (store_query_next(q) == 0) {
		read_exception(q, &e);
		if (e.code == FINDING_NONE)
			continue;
		if (n == max)
			store_query_fail(q, FG_ERR_LIMIT);
		else
			ret_list[n++] = e;
	}
	r = store_query_end(q);
	if (r == 0 || r == FG_ERR_LIMIT)
		*ret_n = n;
	return r;
}

/* all: the statement without a user. */
static struct store_query *
query_after(struct store *store, enum store_sql of_user, enum store_sql all,
    const char *user, int64_t after_s)
{
	struct store_query *q =
	    store_query(store->db, user != NULL ? of_user : all);

	store_bind_int(q, 1, after_s);
	if (user != NULL)
		store_bind_text(q, 2, user);
	return q;
}

int
store_exceptions_each(struct store *store, const char *user, bool expired,
    int64_t at_s, store_exception_fn fn, void *arg)
{
	struct store_query *q = query_after(store, STORE_SQL_EXCEPTIONS_USER,
	    STORE_SQL_EXCEPTIONS_ALL, user, expired ? INT64_MIN : at_s);
	struct store_exception e;

	while (store_query_next(q) == 0) {
		read_exception(q, &e);
		if (store_query_failed(q) || fn(&e, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_exceptions_count(struct store *store, const char *user, int64_t at_s,
    size_t *ret_n)
{
	struct store_query *q =
	    query_after(store, STORE_SQL_EXCEPTIONS_COUNT_USER,
		STORE_SQL_EXCEPTIONS_COUNT_ALL, user, at_s);

	*ret_n = 0;
	if (store_query_next(q) == 0)
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
	return store_query_end(q);
}
