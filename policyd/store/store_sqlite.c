/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections, kept statements and the checks of what is read; the only file
 * that knows SQLite. It holds no SQL (store_sql.c) and knows no person. It
 * treats the file as the administrator's enemy may have left it: no schema of
 * it is trusted, no type of a value is taken for granted.
 */
#include "policyd/store/store_sql.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "policyd/store/store.h"
#include "policyd/store/store_file.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STORE_HEAP (32 * 1024 * 1024) /* bytes of all connections' caches */

struct store_query {
	struct store_db *db;
	sqlite3_stmt *stmt;
	int error;
};

struct store_db {
	sqlite3 *handle;
	int dir;
	int64_t busy_since_ms;
	struct store_query kept[STORE_SQL_COUNT];
};

/* ---- a process of its own --------------------------------------------- */

/*
 * SQLite keeps a table of the files that this process has open, with their
 * locks. A forked child inherits it, and would take its parent's locks and
 * descriptors for its own when it opens the same file, whatever it does with
 * the parent's connections. Files are told apart by device and inode: with the
 * process in the device, the child finds nothing in the table but its own.
 */
static int
keep_processes_apart(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find("unix");

	if (vfs == NULL || vfs->iVersion < 3 || vfs->xSetSystemCall == NULL ||
	    vfs->xSetSystemCall(vfs, "stat",
		(sqlite3_syscall_ptr)store_file_stat) != SQLITE_OK ||
	    vfs->xSetSystemCall(vfs, "fstat",
		(sqlite3_syscall_ptr)store_file_fstat) != SQLITE_OK) {
		errno = ENOTSUP;
		return FG_ERR_SYSTEM;
	}
	return 0;
}

/* ---- results ----------------------------------------------------------- */

static int
system_error(struct store_db *db, int otherwise)
{
	int error = db->handle == NULL ? 0 : sqlite3_system_errno(db->handle);

	errno = error != 0 ? error : otherwise;
	return FG_ERR_SYSTEM;
}

/* The next one that opens the file alone moves it aside; see store_file.c. */
static int
damaged(struct store_db *db)
{
	if (db->dir != -1)
		store_file_mark(db->dir);
	return FG_ERR_FORMAT;
}

/* SQLite's result as one of ours. A new one of theirs is an error. */
static int
result_of(struct store_db *db, int code)
{
	if (code == SQLITE_IOERR_NOMEM)
		return FG_ERR_NOMEM;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return FG_ERR_BUSY;
	case SQLITE_NOMEM:
		return FG_ERR_NOMEM;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(db);
	case SQLITE_ERROR: /* a schema that is not its version's */
	case SQLITE_MISMATCH:
		return FG_ERR_FORMAT;
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
		return FG_ERR_LIMIT;
	case SQLITE_FULL:
		return system_error(db, ENOSPC);
	case SQLITE_READONLY:
		return system_error(db, EROFS);
	default:
		return system_error(db, EIO);
	}
}

/* ---- connections ------------------------------------------------------- */

static int
on_busy(void *arg, int count)
{
	struct store_db *db = arg;

	return store_file_wait(&db->busy_since_ms, count == 0);
}

static void
set_limits(sqlite3 *handle)
{
	static const int limits[][2] = {
		{ SQLITE_LIMIT_LENGTH, 65536 },
		{ SQLITE_LIMIT_SQL_LENGTH, 16384 },
		{ SQLITE_LIMIT_COLUMN, 64 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 8 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 64 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(handle, limits[i][0], limits[i][1]);
}

/* What a file says of itself must not make anything happen. */
static int
set_defences(sqlite3 *handle)
{
	static const int switches[][2] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
	};
	int rc = SQLITE_OK;
	size_t i;

	for (i = 0; i < sizeof(switches) / sizeof(switches[0]) && rc == 0; i++)
		rc = sqlite3_db_config(handle, switches[i][0], switches[i][1],
		    (int *)NULL);
	return rc;
}

static int
connect_to(struct store_db *db, const char *path, enum store_use use)
{
	int access = use == STORE_USE_READ ?
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI :
	    SQLITE_OPEN_READWRITE;
	int keep = 1, rc;

	rc = sqlite3_open_v2(path, &db->handle,
	    access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
		SQLITE_OPEN_NOFOLLOW,
	    NULL);
	if (db->handle == NULL)
		return FG_ERR_NOMEM;
	(void)sqlite3_extended_result_codes(db->handle, 1);
	if (rc != SQLITE_OK)
		return result_of(db, rc);
	set_limits(db->handle);
	if ((rc = sqlite3_busy_handler(db->handle, on_busy, db)) != SQLITE_OK ||
	    (rc = set_defences(db->handle)) != SQLITE_OK)
		return result_of(db, rc);
	/* The log stays when the last one closes: nobody needs unlink(2). */
	(void)sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL,
	    &keep);
	return 0;
}

int
store_db_open(const char *path, int dir, enum store_use use,
    struct store_db **ret_db)
{
	struct store_db *db = NULL;
	int r, saved;

	*ret_db = NULL;
	if ((r = keep_processes_apart()) != 0)
		return r;
	(void)sqlite3_soft_heap_limit64(STORE_HEAP);
	if ((db = calloc(1, sizeof(*db))) == NULL)
		return FG_ERR_NOMEM;
	db->dir = dir;
	if ((r = connect_to(db, path, use)) != 0 ||
	    (r = store_db_run(db, store_sql_settings)) != 0 ||
	    (use == STORE_USE_SYNCED &&
		(r = store_db_run(db, store_sql_synced)) != 0)) {
		saved = errno;
		store_db_close(db);
		errno = saved;
		return r;
	}
	*ret_db = db;
	return 0;
}

void
store_db_close(struct store_db *db)
{
	size_t i;

	if (db == NULL)
		return;
	for (i = 0; i < STORE_SQL_COUNT; i++)
		(void)sqlite3_finalize(db->kept[i].stmt); /* told already */
	(void)sqlite3_close(db->handle); /* nothing is left open in it */
	free(db);
}

void
store_db_on_commit(struct store_db *db, store_commit_fn fn, void *arg)
{
	(void)sqlite3_wal_hook(db->handle, fn, arg); /* was SQLite's own */
}

/* ---- constant texts ---------------------------------------------------- */

static int
run_one(struct store_db *db, const char **text)
{
	sqlite3_stmt *stmt;
	int rc;

	rc = sqlite3_prepare_v3(db->handle, *text, -1, 0, &stmt, text);
	if (rc != SQLITE_OK || stmt == NULL)
		return result_of(db, rc);
	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	rc = result_of(db, rc);
	(void)sqlite3_finalize(stmt); /* says what step said */
	return rc;
}

int
store_db_run(struct store_db *db, const char *constant)
{
	int r = 0;

	while (r == 0 && *constant != '\0')
		r = run_one(db, &constant);
	return r;
}

int
store_db_first(struct store_db *db, const char *constant, char *buf,
    size_t size)
{
	const char *text = NULL;
	sqlite3_stmt *stmt = NULL;
	int r, rc;

	rc = sqlite3_prepare_v3(db->handle, constant, -1, 0, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(stmt, 0);
	if ((r = result_of(db, rc)) == 0 &&
	    (text == NULL || text_copy(buf, size, text) != 0))
		r = FG_ERR_FORMAT;
	(void)sqlite3_finalize(stmt);
	return r;
}

/* ---- transactions ------------------------------------------------------ */

int
store_db_begin(struct store_db *db)
{
	return store_query_run(store_query(db, STORE_SQL_BEGIN));
}

int
store_db_commit(struct store_db *db)
{
	int r = store_query_run(store_query(db, STORE_SQL_COMMIT));

	if (r != 0)
		store_db_rollback(db);
	return r;
}

void
store_db_rollback(struct store_db *db)
{
	int saved = errno;

	/* Some errors have rolled back already. */
	if (sqlite3_get_autocommit(db->handle) == 0)
		(void)store_query_run(store_query(db, STORE_SQL_ROLLBACK));
	errno = saved;
}

int64_t
store_db_changes(const struct store_db *db)
{
	return sqlite3_changes(db->handle);
}

int64_t
store_db_last_id(const struct store_db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

/* ---- kept statements --------------------------------------------------- */

struct store_query *
store_query(struct store_db *db, enum store_sql sql)
{
	struct store_query *q = &db->kept[sql];

	q->db = db;
	q->error = 0;
	if (q->stmt == NULL)
		q->error = result_of(db,
		    sqlite3_prepare_v3(db->handle, store_sql_text(sql), -1,
			SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL));
	return q;
}

int
store_db_prepare(struct store_db *db)
{
	int i, r;

	for (i = 0; i < STORE_SQL_COUNT; i++)
		if ((r = store_query(db, (enum store_sql)i)->error) != 0)
			return r;
	return 0;
}

void
store_query_fail(struct store_query *q, int error)
{
	if (q->error == 0)
		q->error = error;
}

bool
store_query_failed(const struct store_query *q)
{
	return q->error != 0;
}

void
store_query_pass(struct store_query *q)
{
	if (q->error == FG_ERR_FORMAT)
		q->error = 0;
}

/* What a binding says; the first error stays. */
static void
bound(struct store_query *q, int rc)
{
	q->error = result_of(q->db, rc);
}

void
store_bind_int(struct store_query *q, int n, int64_t v)
{
	if (q->error == 0)
		bound(q, sqlite3_bind_int64(q->stmt, n, v));
}

void
store_bind_real(struct store_query *q, int n, double v)
{
	if (q->error == 0)
		bound(q, sqlite3_bind_double(q->stmt, n, v));
}

void
store_bind_text(struct store_query *q, int n, const char *text)
{
	if (q->error == 0)
		bound(q,
		    sqlite3_bind_text(q->stmt, n, text, -1, SQLITE_STATIC));
}

int
store_query_next(struct store_query *q)
{
	int rc;

	if (q->error != 0)
		return q->error;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_DONE)
		return FG_ERR_NOT_FOUND;
	return q->error = result_of(q->db, rc);
}

int
store_query_end(struct store_query *q)
{
	int rc, saved = errno;

	if (q->stmt != NULL) {
		/* A write may fail only here; else step has said it. */
		rc = sqlite3_reset(q->stmt);
		(void)sqlite3_clear_bindings(q->stmt); /* cannot fail */
		if (q->error == 0 && rc != SQLITE_OK)
			return q->error = result_of(q->db, rc);
	}
	errno = saved;
	return q->error;
}

int
store_query_run(struct store_query *q)
{
	(void)store_query_next(q); /* the end says it as well */
	return store_query_end(q);
}

/* ---- columns ----------------------------------------------------------- */

static bool
has_type(struct store_query *q, int n, int type)
{
	if (q->error == 0 && sqlite3_column_type(q->stmt, n) != type)
		q->error = FG_ERR_FORMAT;
	return q->error == 0;
}

int64_t
store_column_int(struct store_query *q, int n, int64_t min, int64_t max)
{
	int64_t v;

	if (!has_type(q, n, SQLITE_INTEGER))
		return 0;
	v = sqlite3_column_int64(q->stmt, n);
	if (v < min || v > max)
		q->error = FG_ERR_FORMAT;
	return q->error == 0 ? v : 0;
}

double
store_column_real(struct store_query *q, int n)
{
	double v;

	if (!has_type(q, n, SQLITE_FLOAT))
		return 0;
	v = sqlite3_column_double(q->stmt, n);
	if (!isfinite(v))
		q->error = FG_ERR_FORMAT;
	return q->error == 0 ? v : 0;
}

bool
store_column_is_null(struct store_query *q, int n)
{
	return q->error == 0 && sqlite3_column_type(q->stmt, n) == SQLITE_NULL;
}

const char *
store_column_text_direct(struct store_query *q, int n)
{
	const char *text;
	int len;

	if (!has_type(q, n, SQLITE_TEXT))
		return "";
	text = (const char *)sqlite3_column_text(q->stmt, n);
	len = sqlite3_column_bytes(q->stmt, n);
	if (text == NULL)
		q->error = FG_ERR_NOMEM;
	else if (strlen(text) != (size_t)len)
		q->error = FG_ERR_FORMAT;
	return q->error == 0 ? text : "";
}
