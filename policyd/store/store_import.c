/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A new generation of people beside the one in force. It is filled in small
 * transactions that need no sync, for nobody reads it before the one that
 * switches, and that one's sync takes them along. Between two of them the lock
 * is left free long enough for whoever waits for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

#define IMPORT_ROWS 5000 /* people of one transaction, at most */
#define IMPORT_NS   20000000 /* how long one holds the lock, about */
#define IMPORT_REST 3000000 /* nanoseconds between two; see store_file_wait() */

#define IMPORT_PATIENCE 50 /* times STORE_BUSY_MS */

struct store_import {
	struct store *store;
	int64_t generation;
	int64_t people;
	bool open; /* a transaction is */
	unsigned int rows; /* of it */
	int64_t began_ns;
	bool committed;
	int failed; /* an error after which it cannot be whole */
	struct store_row row;
};

static int64_t
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
rest(void)
{
	const struct timespec nap = { .tv_nsec = IMPORT_REST };

	(void)nanosleep(&nap, NULL); /* shorter does no harm */
}

/*
 * Once it has begun, an import rather waits than loses its work; it is a
 * process of its own, for which no login waits.
 */
static int
begin_patiently(struct store_db *db)
{
	unsigned int i;
	int r;

	for (i = 0; i < IMPORT_PATIENCE; i++)
		if ((r = store_db_begin(db)) != FG_ERR_BUSY)
			return r;
	return FG_ERR_BUSY;
}

/* ---- removing ---------------------------------------------------------- */

/* A small part of a generation; *ret_more if there may be more of it. */
static int
remove_some(struct store_db *db, int64_t generation, bool *ret_more)
{
	static const enum store_sql parts[] = { STORE_SQL_REMOVE_ACCOUNTS,
		STORE_SQL_REMOVE_KEYS, STORE_SQL_REMOVE_PEOPLE,
		STORE_SQL_GENERATION_REMOVE };
	struct store_query *q;
	size_t i;
	int r;

	*ret_more = false;
	if ((r = begin_patiently(db)) != 0)
		return r;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		q = store_query(db, parts[i]);
		store_bind_int(q, 1, generation);
		if ((r = store_query_run(q)) != 0) {
			store_db_rollback(db);
			return r;
		}
		/* What hangs on what is left stays with it. */
		*ret_more = store_db_changes(db) > 0 &&
		    parts[i] != STORE_SQL_GENERATION_REMOVE;
		if (*ret_more)
			break;
	}
	return store_db_commit(db);
}

static int
next_left(struct store_db *db, int64_t *ret_generation)
{
	struct store_query *q = store_query(db, STORE_SQL_GENERATION_LEFT);
	int found, r;

	*ret_generation = 0;
	if ((found = store_query_next(q)) == 0)
		*ret_generation = store_column_int(q, 0, 1, INT64_MAX);
	r = store_query_end(q);
	return r != 0 ? r : found;
}

/* Every generation that is not in force. Only under the import's lock. */
static int
remove_left(struct store_db *db)
{
	int64_t generation;
	bool more;
	int r;

	while ((r = next_left(db, &generation)) == 0) {
		do {
			if ((r = remove_some(db, generation, &more)) != 0)
				return r;
			rest();
		} while (more);
	}
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* ---- transactions ------------------------------------------------------ */

static int
begin(struct store_import *import)
{
	int r;

	if (import->open)
		return 0;
	if ((r = begin_patiently(import->store->db)) != 0)
		return r;
	import->open = true;
	import->rows = 0;
	import->began_ns = now_ns();
	return 0;
}

static int
flush(struct store_import *import)
{
	int r;

	if (!import->open)
		return 0;
	import->open = false;
	if ((r = store_db_commit(import->store->db)) != 0)
		import->failed = r; /* rolled back: people are missing */
	return r;
}

/* Enough for one transaction: let others in. */
static int
breathe(struct store_import *import)
{
	int r;

	if (++import->rows < IMPORT_ROWS &&
	    now_ns() - import->began_ns < IMPORT_NS)
		return 0;
	if ((r = flush(import)) == 0)
		rest();
	return r;
}

static int
add_generation(struct store_import *import)
{
	struct store_db *db = import->store->db;
	int r;

	r = store_query_run(store_query(db, STORE_SQL_GENERATION_ADD));
	if (r == 0)
		import->generation = store_db_last_id(db);
	return r;
}

int
store_import_begin(struct store *store, struct store_import **ret_import)
{
	struct store_import *import;
	int r, saved;

	*ret_import = NULL;
	if ((r = store_file_import_lock(&store->files)) != 0)
		return r;
	if ((import = calloc(1, sizeof(*import))) == NULL) {
		store_file_import_unlock(&store->files);
		return FG_ERR_NOMEM;
	}
	import->store = store;
	if ((r = store_db_run(store->db, store_sql_fill)) != 0 ||
	    (r = remove_left(store->db)) != 0 ||
	    (r = add_generation(import)) != 0) {
		saved = errno;
		store_import_free(import);
		errno = saved;
		return r;
	}
	*ret_import = import;
	return 0;
}

/* ---- people ------------------------------------------------------------ */

/* Whose is it in this import? FG_ERR_NOT_FOUND: nobody's. */
static int
whose(struct store_import *import, enum store_sql sql, const char *name,
    char ret_user[FG_USER_MAX + 1])
{
	struct store_query *q = store_query(import->store->db, sql);
	int found, r;

	store_bind_int(q, 1, import->generation);
	store_bind_text(q, 2, name);
	if ((found = store_query_next(q)) == 0)
		store_column_text(q, 0, ret_user, FG_USER_MAX + 1);
	r = store_query_end(q);
	return r != 0 ? r : found;
}

/* Returns 0 if all of a person's names are free, FG_ERR_LIMIT if one is not. */
static int
check_free(struct store_import *import, const struct person *person,
    char ret_other[FG_USER_MAX + 1])
{
	size_t i;
	int r;

	r = whose(import, STORE_SQL_USER_IN, person->user, ret_other);
	for (i = 0; r == FG_ERR_NOT_FOUND && i < person->naccounts; i++)
		r = whose(import, STORE_SQL_ACCOUNT_IN, person->account[i],
		    ret_other);
	for (i = 0; r == FG_ERR_NOT_FOUND && i < person->nkeys; i++)
		r = whose(import, STORE_SQL_KEY_IN, person->key[i], ret_other);
	if (r == 0)
		return FG_ERR_LIMIT;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
add_name(struct store_import *import, enum store_sql sql, const char *name,
    int64_t id)
{
	struct store_query *q = store_query(import->store->db, sql);

	store_bind_int(q, 1, import->generation);
	store_bind_text(q, 2, name);
	store_bind_int(q, 3, id);
	return store_query_run(q);
}

static int
add_rows(struct store_import *import, const struct person *person)
{
	struct store_db *db = import->store->db;
	struct store_query *q = store_query(db, STORE_SQL_PERSON_ADD);
	int64_t id;
	size_t i;
	int r;

	store_row_bind(q, person, &import->row);
	store_bind_int(q, STORE_ROW_COLUMNS + 1, import->generation);
	if ((r = store_query_run(q)) != 0)
		return r;
	id = store_db_last_id(db);
	for (i = 0; r == 0 && i < person->naccounts; i++)
		r = add_name(import, STORE_SQL_ACCOUNT_ADD, person->account[i],
		    id);
	for (i = 0; r == 0 && i < person->nkeys; i++)
		r = add_name(import, STORE_SQL_KEY_ADD, person->key[i], id);
	return r;
}

int
store_import_add(struct store_import *import, const struct person *person,
    char ret_other[FG_USER_MAX + 1])
{
	int r;

	ret_other[0] = '\0';
	if (import->failed != 0)
		return import->failed;
	/* What is wrong with the person leaves the import as it was. */
	if ((r = store_row_make(person, &import->row)) != 0 ||
	    (r = begin(import)) != 0 ||
	    (r = check_free(import, person, ret_other)) != 0)
		return r;
	if ((r = add_rows(import, person)) != 0) {
		import->failed = r;
		return r;
	}
	import->people++;
	return breathe(import);
}

/* ---- what it would change ---------------------------------------------- */

static int
each_change(struct store_import *import, enum store_sql sql, store_change_fn fn,
    void *arg)
{
	struct store_query *q = store_query(import->store->db, sql);
	bool added = false, gone = sql == STORE_SQL_GONE;
	char user[FG_USER_MAX + 1];
	int r, stop = 0;

	store_bind_int(q, 1, import->generation);
	while (stop == 0 && store_query_next(q) == 0) {
		store_column_text(q, 0, user, sizeof(user));
		if (!gone)
			added = store_column_int(q, 1, 0, 1) != 0;
		if (store_query_failed(q))
			break;
		stop = fn(gone ? 'R' : added ? 'A' : 'C', user, arg);
	}
	if ((r = store_query_end(q)) != 0)
		return r;
	return stop != 0 ? FG_ERR_LIMIT : 0;
}

int
store_import_changes(struct store_import *import, store_change_fn fn, void *arg)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	if ((r = flush(import)) == 0 &&
	    (r = each_change(import, STORE_SQL_CHANGED, fn, arg)) == 0)
		r = each_change(import, STORE_SQL_GONE, fn, arg);
	return r == FG_ERR_LIMIT ? 0 : r; /* it was told to stop */
}

/* ---- in force ---------------------------------------------------------- */

static int
switch_to(struct store_import *import)
{
	struct store_db *db = import->store->synced;
	struct store_query *q;
	int r;

	if ((r = begin_patiently(db)) != 0)
		return r;
	r = store_query_run(store_query(db, STORE_SQL_GENERATION_RETIRE));
	if (r == 0) {
		q = store_query(db, STORE_SQL_GENERATION_SWITCH);
		store_bind_int(q, 1, import->generation);
		store_bind_int(q, 2, import->people);
		store_bind_int(q, 3, (int64_t)time(NULL));
		r = store_query_run(q);
	}
	if (r != 0) {
		store_db_rollback(db);
		return r;
	}
	return store_db_commit(db);
}

int
store_import_commit(struct store_import *import)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	if ((r = flush(import)) != 0 || (r = switch_to(import)) != 0)
		return r;
	import->committed = true;
	/* It is in force whatever becomes of the old one: the next tries. */
	(void)remove_left(import->store->db);
	return 0;
}

void
store_import_free(struct store_import *import)
{
	int saved = errno;

	if (import == NULL)
		return;
	if (import->open)
		store_db_rollback(import->store->db);
	if (!import->committed && import->generation != 0)
		(void)remove_left(import->store->db); /* or the next does */
	store_file_import_unlock(&import->store->files);
	free(import);
	errno = saved;
}
