/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enrolments for one-time codes, and recovery codes. What administrators do is
 * a change that others are told of; a login that spends a code is none.
 */
#include "policyd/store/store_factor.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* In the order of TOTP in store_sql.c. */
static void
read_totp(struct store_query *q, struct store_totp *t)
{
	memset(t, 0, sizeof(*t));
	STORE_COLUMN(q, 0, t->person);
	STORE_COLUMN(q, 1, t->sealed);
	t->algorithm = (enum totp_algorithm)store_column_int(q, 2, TOTP_SHA1,
	    TOTP_COUNT - 1);
	t->digits = (unsigned int)store_column_int(q, 3, 6, 8);
	t->last_step = store_column_int(q, 4, -1, INT64_MAX);
	t->active = store_column_int(q, 5, 0, 1) != 0;
	t->made_s = store_column_int(q, 6, INT64_MIN, INT64_MAX);
	t->by_uid = (uint32_t)store_column_int(q, 7, 0, UINT32_MAX);
	t->by_loginuid = (uint32_t)store_column_int(q, 8, 0, UINT32_MAX);
	if (t->person[0] == '\0' || !totp_is_digits(t->digits))
		store_query_fail(q, FG_ERR_FORMAT);
}

static bool
is_whole(const struct store_totp *t)
{
	return t->person[0] != '\0' && STORE_ENDS(t->person) &&
	    t->sealed[0] != '\0' && STORE_ENDS(t->sealed) &&
	    t->algorithm > TOTP_NONE && t->algorithm < TOTP_COUNT &&
	    totp_is_digits(t->digits) && t->last_step >= -1;
}

/* A statement about one person, and whether it has found anything. */
static int
run_of(struct store *store, enum store_sql sql, const char *person,
    int64_t *ret_rows)
{
	struct store_query *q = store_query(store->synced, sql);
	int r;

	store_bind_text(q, 1, person);
	r = store_query_run(q);
	*ret_rows = r == 0 ? store_db_changes(store->synced) : 0;
	return r;
}

/* The same with a number, which has to find a row. */
static int
run_with(struct store *store, enum store_sql sql, const char *person, int64_t v)
{
	struct store_query *q = store_query(store->synced, sql);
	int r;

	store_bind_text(q, 1, person);
	store_bind_int(q, 2, v);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(store->synced) == 1 ? 0 : FG_ERR_NOT_FOUND;
}

/* What was proved with what they had before is nothing of theirs any more. */
static int
drop_proofs(struct store *store, const char *person, int r)
{
	return r == 0 ? store_proofs_drop(store->synced, person) : r;
}

/* ---- one-time codes ----------------------------------------------------- */

static int
put(struct store *store, const struct store_totp *t)
{
	struct store_query *q = store_query(store->synced, STORE_SQL_TOTP_PUT);

	store_bind_text(q, 1, t->person);
	store_bind_text(q, 2, t->sealed);
	store_bind_int(q, 3, t->algorithm);
	store_bind_int(q, 4, t->digits);
	store_bind_int(q, 5, t->last_step);
	store_bind_int(q, 6, t->active);
	store_bind_int(q, 7, t->made_s);
	store_bind_int(q, 8, t->by_uid);
	store_bind_int(q, 9, t->by_loginuid);
	return store_query_run(q);
}

int
store_totp_put(struct store *store, const struct store_totp *t)
{
	int r;

	if (!is_whole(t))
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, put(store, t));
}

int
store_totp_get(struct store *store, const char *person, bool active,
    struct store_totp *ret_t)
{
	struct store_query *q = store_query(store->db, STORE_SQL_TOTP_OF);
	int found, r;

	memset(ret_t, 0, sizeof(*ret_t));
	store_bind_text(q, 1, person);
	store_bind_int(q, 2, active);
	if ((found = store_query_next(q)) == 0)
		read_totp(q, ret_t);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_t, 0, sizeof(*ret_t));
	return r;
}

int
store_totp_remove(struct store *store, const char *person)
{
	int64_t rows, codes;
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = run_of(store, STORE_SQL_TOTP_REMOVE, person, &rows)) == 0 &&
	    (r = run_of(store, STORE_SQL_RECOVERY_REMOVE, person, &codes)) ==
		0 &&
	    rows + codes == 0)
		r = FG_ERR_NOT_FOUND;
	return store_change_end(store, drop_proofs(store, person, r));
}

int
store_totp_withdraw(struct store *store, const char *person)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store,
	    run_with(store, STORE_SQL_TOTP_REMOVE_ONE, person, 0));
}

int
store_totp_each(struct store *store, store_totp_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_TOTPS);
	struct store_totp t;

	while (store_query_next(q) == 0) {
		read_totp(q, &t);
		if (store_query_failed(q) || fn(&t, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_totp_any(struct store *store, bool *ret_any)
{
	return store_query_any(store_query(store->db, STORE_SQL_TOTP_ANY),
	    ret_any);
}

int
store_totp_advance(struct store *store, const char *person, int64_t step)
{
	return run_with(store, STORE_SQL_TOTP_ADVANCE, person, step);
}

int
store_totp_reset(struct store *store, const char *person, int64_t step)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	r = run_with(store, STORE_SQL_TOTP_RESET, person, step);
	return store_change_end(store, drop_proofs(store, person, r));
}

/* ---- recovery codes ----------------------------------------------------- */

static int
add_code(struct store *store, const char *person, const char *hash)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_RECOVERY_ADD);

	store_bind_text(q, 1, person);
	store_bind_text(q, 2, hash);
	return store_query_run(q);
}

static int
replace_codes(struct store *store, const char *person,
    const struct store_recovery *codes)
{
	int64_t rows;
	size_t i;
	int r;

	r = run_of(store, STORE_SQL_RECOVERY_REMOVE, person, &rows);
	for (i = 0; r == 0 && i < codes->n; i++)
		r = add_code(store, person, codes->hash[i]);
	return r;
}

int
store_totp_activate(struct store *store, const char *person, int64_t step,
    const struct store_recovery *codes)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	r = run_with(store, STORE_SQL_TOTP_REMOVE_ONE, person, 1);
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		r = run_with(store, STORE_SQL_TOTP_ACTIVATE, person, step);
	if (r == 0)
		r = replace_codes(store, person, codes);
	return store_change_end(store, drop_proofs(store, person, r));
}

int
store_recovery_replace(struct store *store, const char *person,
    const struct store_recovery *codes)
{
	struct store_totp t;
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = store_totp_get(store, person, true, &t)) == 0)
		r = replace_codes(store, person, codes);
	return store_change_end(store, r);
}

int
store_recovery_take(struct store *store, const char *person, const char *hash)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_RECOVERY_TAKE);
	int r;

	store_bind_text(q, 1, person);
	store_bind_text(q, 2, hash);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(store->synced) == 1 ? 0 : FG_ERR_NOT_FOUND;
}

int
store_recovery_count(struct store *store, const char *person, size_t *ret_n)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_RECOVERY_COUNT);

	*ret_n = 0;
	store_bind_text(q, 1, person);
	if (store_query_next(q) == 0)
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
	return store_query_end(q);
}
