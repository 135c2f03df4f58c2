/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What imports of every kind have in common. In a file of its own a million
 * rows cost nobody else a lock, the disk a sync or the store its room, and one
 * that is given up leaves nothing. From there to the store everything happens
 * in small transactions that need no sync, for nobody reads the new generation
 * before the one that switches, and that one's sync takes them along. Between
 * two of them the lock is left free long enough for whoever waits for it.
 */
#include "policyd/store/store_piece.h"

#include <errno.h>
#include <time.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

#define PIECE_ROWS 5000 /* of one transaction, at most */
#define PIECE_NS   20000000 /* how long one holds the lock, about */
#define PIECE_REST 3000000 /* nanoseconds between two; see store_file_wait() */

#define PATIENCE 100 /* times STORE_BUSY_MS */

/* The transaction that is being filled. */
struct piece {
	struct store_db *db;
	bool open;
	unsigned int rows;
	int64_t began_ns;
};

/* ---- a file of its own ------------------------------------------------- */

static int
fill_stage(struct store_db *stage, enum store_sql add)
{
	struct store_query *q;
	int r;

	if ((r = store_db_run(stage, store_sql_stage)) != 0 ||
	    (r = store_migrate(stage, 0)) != 0 ||
	    (r = store_db_begin(stage)) != 0)
		return r;
	q = store_query(stage, add);
	store_bind_int(q, 1, 1); /* in force, as far as this file goes */
	return store_query_run(q);
}

int
store_piece_stage(struct store_files *files, enum store_sql add,
    struct store_db **ret_stage)
{
	struct store_db *stage = NULL;
	int r;

	*ret_stage = NULL;
	if ((r = store_file_stage(files)) != 0 ||
	    (r = store_db_open(files->stage, -1, STORE_USE_WRITE, &stage)) !=
		0 ||
	    (r = fill_stage(stage, add)) != 0) {
		store_piece_unstage(files, stage);
		return r;
	}
	*ret_stage = stage;
	return 0;
}

void
store_piece_unstage(struct store_files *files, struct store_db *stage)
{
	int saved = errno;

	if (stage != NULL)
		store_db_rollback(stage);
	store_db_close(stage);
	store_file_unstage(files);
	errno = saved;
}

/* ---- small transactions ------------------------------------------------ */

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
	const struct timespec nap = { .tv_nsec = PIECE_REST };

	(void)nanosleep(&nap, NULL); /* shorter does no harm */
}

int
store_piece_begin(struct store_db *db)
{
	unsigned int i;
	int r;

	for (i = 0; i < PATIENCE; i++)
		if ((r = store_db_begin(db)) != FG_ERR_BUSY)
			return r;
	return FG_ERR_BUSY;
}

static int
begin(struct piece *p)
{
	int r;

	if (p->open)
		return 0;
	if ((r = store_piece_begin(p->db)) != 0)
		return r;
	p->open = true;
	p->rows = 0;
	p->began_ns = now_ns();
	return 0;
}

static int
flush(struct piece *p)
{
	if (!p->open)
		return 0;
	p->open = false;
	return store_db_commit(p->db);
}

/* Enough for one transaction: let others in. */
static int
breathe(struct piece *p)
{
	int r;

	if (++p->rows < PIECE_ROWS && now_ns() - p->began_ns < PIECE_NS)
		return 0;
	if ((r = flush(p)) == 0)
		rest();
	return r;
}

static void
give_up(struct piece *p)
{
	if (p->open)
		store_db_rollback(p->db);
	p->open = false;
}

/* ---- copying ----------------------------------------------------------- */

int
store_piece_add(struct store_db *db, enum store_sql add, int64_t *ret_id)
{
	struct store_query *q;
	int64_t id;
	int r;

	*ret_id = 0;
	if ((r = store_piece_begin(db)) != 0)
		return r;
	q = store_query(db, add);
	store_bind_int(q, 1, 0); /* not in force */
	if ((r = store_query_run(q)) != 0) {
		store_db_rollback(db);
		return r;
	}
	id = store_db_last_id(db);
	if ((r = store_db_commit(db)) == 0)
		*ret_id = id;
	return r;
}

int64_t
store_piece_id(int64_t generation, int64_t staged)
{
	return generation * (INT64_C(1) << 32) + staged;
}

int
store_piece_copy(struct store_query *from, struct store_db *db,
    store_piece_fn fn, void *arg)
{
	struct piece p = { .db = db };
	int r = 0, s;

	while (r == 0 && store_query_next(from) == 0)
		if ((r = begin(&p)) == 0 && (r = fn(from, arg)) == 0)
			r = breathe(&p);
	s = store_query_end(from);
	r = r != 0 ? r : s;
	if (r == 0)
		r = flush(&p);
	give_up(&p);
	return r;
}

int
store_piece_remember(struct store_db *synced, enum store_sql remember,
    struct store_files *files, const char *mark)
{
	int r;

	if ((r = store_piece_begin(synced)) != 0)
		return r;
	if ((r = store_query_run(store_query(synced, remember))) != 0) {
		store_db_rollback(synced);
		return r;
	}
	if ((r = store_db_commit(synced)) != 0)
		return r;
	return store_file_remember(files, mark);
}

/* ---- removing ---------------------------------------------------------- */

/* A small piece of a part; *ret_more if there may be more of it. */
static int
remove_some(struct store_db *db, const struct store_part *part, int64_t id,
    bool *ret_more)
{
	struct store_query *q;
	int r;

	*ret_more = false;
	if ((r = store_piece_begin(db)) != 0)
		return r;
	q = store_query(db, part->sql);
	store_bind_int(q, 1, id);
	if (part->kind != 0)
		store_bind_int(q, 2, part->kind);
	if ((r = store_query_run(q)) != 0) {
		store_db_rollback(db);
		return r;
	}
	*ret_more = store_db_changes(db) > 0;
	return store_db_commit(db);
}

static int
remove_parts(struct store_db *db, const struct store_part *part, int64_t id)
{
	bool more;
	int r;

	for (; part->sql != STORE_SQL_COUNT; part++)
		do {
			if ((r = remove_some(db, part, id, &more)) != 0)
				return r;
			if (more)
				rest();
		} while (more);
	return 0;
}

static int
next_left(struct store_db *db, enum store_sql sql, int64_t *ret_id)
{
	struct store_query *q = store_query(db, sql);
	int found;

	*ret_id = 0;
	if ((found = store_query_next(q)) == 0)
		*ret_id = store_column_int(q, 0, 1, INT32_MAX);
	return store_query_found(q, found);
}

int
store_piece_remove(struct store_db *db, enum store_sql left,
    const struct store_part *parts)
{
	int64_t id;
	int r;

	while ((r = next_left(db, left, &id)) == 0)
		if ((r = remove_parts(db, parts, id)) != 0)
			return r;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}
