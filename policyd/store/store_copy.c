/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an import's file to a new generation of the store, with the bundle that
 * it came by, and what becomes of the old ones; in pieces, as store_piece.h has
 * it.
 */
#include <time.h>

#include "policyd/store/store_parts.h"
#include "policyd/store/store_piece.h"
#include "proto/result.h"

/* ---- removing ---------------------------------------------------------- */

/* The parts of each; what hangs on one comes before it. */
static const struct store_part of_generation[] = {
	{ STORE_SQL_REMOVE_NAMES, STORE_NAME_USER },
	{ STORE_SQL_REMOVE_NAMES, STORE_NAME_ACCOUNT },
	{ STORE_SQL_REMOVE_NAMES, STORE_NAME_KEY },
	{ STORE_SQL_REMOVE_PEOPLE, 0 },
	{ STORE_SQL_GENERATION_REMOVE, 0 },
	{ STORE_SQL_COUNT, 0 },
};
static const struct store_part of_bundle[] = {
	{ STORE_SQL_REMOVE_BUNDLED, 0 },
	{ STORE_SQL_BUNDLE_REMOVE, 0 },
	{ STORE_SQL_COUNT, 0 },
};

int
store_copy_remove(struct store_db *db)
{
	int r;

	if ((r = store_piece_remove(db, STORE_SQL_GENERATION_LEFT,
		 of_generation)) != 0)
		return r;
	return store_piece_remove(db, STORE_SQL_BUNDLE_LEFT, of_bundle);
}

/* ---- copying ----------------------------------------------------------- */

static int
count_revocations(struct store_import *import)
{
	struct store_query *q =
	    store_query(import->stage, STORE_SQL_BUNDLED_COUNT);

	if (store_query_next(q) == 0)
		import->bundle.revocations =
		    (size_t)store_column_int(q, 0, 0, UINT32_MAX);
	return store_query_end(q);
}

static int
add_bundle(struct store_import *import)
{
	struct store_db *db = import->store->db;
	int r;

	if ((r = count_revocations(import)) != 0 ||
	    (r = store_piece_begin(db)) != 0)
		return r;
	if ((r = store_bundle_add(db, &import->bundle, false)) != 0) {
		store_db_rollback(db);
		return r;
	}
	import->bundle_id = store_db_last_id(db);
	if ((r = store_db_commit(db)) != 0)
		import->bundle_id = 0;
	return r;
}

static int
copy_person(struct store_query *from, void *arg)
{
	struct store_import *import = arg;
	struct person person;
	struct store_query *q;
	int64_t id;
	int r;

	store_row_read(from, &person);
	id = store_column_int(from, STORE_ROW_COLUMNS, 1, UINT32_MAX);
	if (store_query_failed(from))
		return FG_ERR_FORMAT;
	if ((r = store_row_make(&person, &import->row)) != 0)
		return r;
	q = store_query(import->store->db, STORE_SQL_PERSON_ADD);
	store_row_bind(q, &person, &import->row);
	store_bind_int(q, STORE_ROW_COLUMNS + 1,
	    store_piece_id(import->generation, id));
	return store_query_run(q);
}

static int
copy_name(struct store_query *from, void *arg)
{
	struct store_import *import = arg;
	int64_t kind =
	    store_column_int(from, 0, STORE_NAME_USER, STORE_NAME_KEY);
	const char *name = store_column_text_direct(from, 1);
	int64_t id = store_column_int(from, 2, 1, UINT32_MAX);
	struct store_query *q;

	if (store_query_failed(from))
		return FG_ERR_FORMAT;
	q = store_query(import->store->db, STORE_SQL_NAME_ADD);
	store_bind_int(q, 1, import->generation);
	store_bind_int(q, 2, kind);
	store_bind_text(q, 3, name);
	store_bind_int(q, 4, store_piece_id(import->generation, id));
	return store_query_run(q);
}

static int
copy_revocation(struct store_query *from, void *arg)
{
	struct store_import *import = arg;
	struct store_revocation r;
	int e;

	if ((e = store_bundled_read(from, &r)) != 0)
		return e;
	return store_bundled_put(import->store->db, STORE_SQL_BUNDLED_ADD,
	    import->bundle_id, &r);
}

static int
copy_given_back(struct store_query *from, void *arg)
{
	struct store_import *import = arg;
	const char *name = store_column_text_direct(from, 0);

	if (store_query_failed(from))
		return FG_ERR_FORMAT;
	return store_give_back(import->store->db, name, (int64_t)time(NULL));
}

static int
copy_all(struct store_import *import, enum store_sql sql, store_piece_fn fn)
{
	return store_piece_copy(store_query(import->stage, sql),
	    import->store->db, fn, import);
}

/*
 * What a bundle says is given back holds for its import alone. Behind the
 * switch: nothing is said of what did not come into force.
 */
int
store_copy_given_back(struct store_import *import)
{
	return import->bundle.serial != 0 ?
	    0 :
	    copy_all(import, STORE_SQL_GIVEN_BACK, copy_given_back);
}

int
store_copy(struct store_import *import)
{
	int r;

	if ((r = store_piece_add(import->store->db, STORE_SQL_GENERATION_ADD,
		 &import->generation)) != 0 ||
	    (r = copy_all(import, STORE_SQL_ALL_PEOPLE, copy_person)) != 0 ||
	    (r = copy_all(import, STORE_SQL_ALL_NAMES, copy_name)) != 0)
		return r;
	if (import->bundle.serial == 0)
		return 0;
	if ((r = add_bundle(import)) != 0)
		return r;
	return copy_all(import, STORE_SQL_ALL_BUNDLED, copy_revocation);
}

/*
 * As store_remember(), but it rather waits. Between the memory and the switch
 * this database must not look as if it had lost an inventory: logins go on.
 */
int
store_copy_remember(struct store_import *import)
{
	struct store *store = import->store;
	bool lost;
	int r;

	if ((r = store_has_lost(store, &lost)) != 0)
		return r;
	if (lost)
		return 0; /* it is there, and until the switch it holds */
	return store_piece_remember(store->synced, STORE_SQL_REMEMBER,
	    &store->files, STORE_HAD_PEOPLE);
}

/* Whoever has left must not come back by what they were granted. */
static int
end_exceptions(struct store_import *import, int64_t now_s)
{
	struct store_query *q =
	    store_query(import->store->synced, STORE_SQL_EXCEPTIONS_END);

	store_bind_int(q, 1, import->generation);
	store_bind_int(q, 2, now_s);
	return store_query_run(q);
}

/* Nor by what they had proved before they left. Behind the switch. */
static int
end_proofs(struct store_import *import, int64_t now_s)
{
	struct store_query *q =
	    store_query(import->store->synced, STORE_SQL_PROOFS_END);

	store_bind_int(q, 1, PERSON_STATUS_ACTIVE);
	store_bind_int(q, 2, now_s);
	return store_query_run(q);
}

static int
switch_generation(struct store_import *import, int64_t now_s)
{
	struct store_query *q =
	    store_query(import->store->synced, STORE_SQL_GENERATION_SWITCH);

	store_bind_int(q, 1, import->generation);
	store_bind_int(q, 2, import->people);
	store_bind_int(q, 3, now_s);
	return store_query_run(q);
}

static int
switch_bundle(struct store_import *import, int64_t now_s)
{
	struct store_db *db = import->store->synced;
	struct store_query *q;
	int r;

	if (import->bundle.serial == 0)
		return 0;
	if ((r = store_query_run(store_query(db, STORE_SQL_BUNDLE_RETIRE))) !=
	    0)
		return r;
	q = store_query(db, STORE_SQL_BUNDLE_SWITCH);
	store_bind_int(q, 1, import->bundle_id);
	store_bind_int(q, 2, import->generation);
	store_bind_int(q, 3, now_s);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_serial_switch(db, &import->bundle);
}

/*
 * What this host itself had revoked is in no bundle: that it was lost, or that
 * this is an older copy, an administrator settles. And an inventory of people
 * says nothing of laptops that were lost or revoked since.
 */
static bool
is_settled_by(const struct store_import *import,
    const struct store_outline *before)
{
	return import->bundle.serial == 0 &&
	    !(before->older && (before->assets || before->enrolments));
}

int
store_copy_switch(struct store_import *import)
{
	struct store_db *db = import->store->synced;
	int64_t now_s = (int64_t)time(NULL);
	struct store_outline before;
	bool lost;
	int r;

	if ((r = store_outline(import->store, &before)) != 0 ||
	    (r = store_has_lost(import->store, &lost)) != 0 ||
	    (r = store_piece_begin(db)) != 0)
		return r;
	if ((r = end_exceptions(import, now_s)) != 0 ||
	    (r = store_query_run(store_query(db,
		 STORE_SQL_GENERATION_RETIRE))) != 0 ||
	    (r = switch_generation(import, now_s)) != 0 ||
	    (r = switch_bundle(import, now_s)) != 0 ||
	    (r = end_proofs(import, now_s)) != 0 ||
	    /* From here on, without an inventory it has lost one. */
	    (r = store_query_run(store_query(db, STORE_SQL_FORGET))) != 0 ||
	    (lost && import->bundle.serial != 0 &&
		(r = store_query_run(store_query(db, STORE_SQL_LOST_STILL))) !=
		    0)) {
		store_db_rollback(db);
		return r;
	}
	return is_settled_by(import, &before) ?
	    store_settle_commit(import->store) :
	    store_change_end(import->store, 0);
}
