/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Forgetting somebody, in one transaction.
 */
#include "policyd/store/store_person.h"

#include <stddef.h>
#include <string.h>

#include "policyd/store/store_parts.h"

static const struct {
	enum store_sql sql;
	size_t count; /* where in struct store_forgotten */
} steps[] = {
	{ STORE_SQL_FORGET_HISTORY, offsetof(struct store_forgotten, history) },
	{ STORE_SQL_FORGET_SITES, offsetof(struct store_forgotten, sites) },
	{ STORE_SQL_FORGET_EXCEPTIONS,
	    offsetof(struct store_forgotten, exceptions) },
	{ STORE_SQL_TOTP_REMOVE, offsetof(struct store_forgotten, totp) },
	{ STORE_SQL_RECOVERY_REMOVE,
	    offsetof(struct store_forgotten, recovery) },
	{ STORE_SQL_FORGET_BACKOFF, offsetof(struct store_forgotten, backoff) },
	{ STORE_SQL_PROOFS_REMOVE, offsetof(struct store_forgotten, proofs) },
	{ STORE_SQL_VERIFIED_REMOVE,
	    offsetof(struct store_forgotten, verified) },
	{ STORE_SQL_FORGET_REASON, offsetof(struct store_forgotten, reasons) },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static int
forget(struct store_db *db, const char *person, struct store_forgotten *f)
{
	struct store_query *q;
	int64_t n;
	int r = 0;

	for (size_t i = 0; r == 0 && i < STEPS; i++) {
		q = store_query(db, steps[i].sql);
		store_bind_text(q, 1, person);
		if ((r = store_query_run(q)) == 0) {
			n = store_db_changes(db);
			memcpy((char *)f + steps[i].count, &n, sizeof(n));
		}
	}
	return r;
}

uint64_t
store_forgotten_rows(const struct store_forgotten *f)
{
	return f->history + f->sites + f->exceptions + f->totp + f->recovery +
	    f->backoff + f->proofs + f->verified + f->reasons;
}

static int
forget_now(struct store *store, const char *person, store_forgotten_fn record,
    void *arg, struct store_forgotten *f)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	r = forget(store->synced, person, f);
	if (r == 0 && store_forgotten_rows(f) > 0 && (r = record(f, arg)) == 0)
		return store_change_end(store, 0);
	store_db_rollback(store->synced);
	return r;
}

int
store_person_forget(struct store *store, const char *person,
    store_forgotten_fn record, void *arg, struct store_forgotten *ret_forgotten)
{
	struct store_db *db = store->synced;
	int r;

	memset(ret_forgotten, 0, sizeof(*ret_forgotten));
	if ((r = store_db_run(db, store_sql_overwrite)) != 0)
		return r;
	r = forget_now(store, person, record, arg, ret_forgotten);
	/* What follows is to be done, and right if it is not. */
	(void)store_db_run(db, store_sql_leave);
	if (r != 0)
		memset(ret_forgotten, 0, sizeof(*ret_forgotten));
	else
		(void)store_db_run(db, store_sql_empty_log);
	return r;
}
