/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening and closing the store: which of its file's states is whole, which is
 * moved aside, and what becomes of one of an older version.
 */
#include "policyd/store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- the schema -------------------------------------------------------- */

int
store_migrate(struct store_db *db, int version)
{
	int r;

	if ((r = store_db_begin(db)) != 0)
		return r;
	for (; version < store_sql_version; version++)
		if ((r = store_db_run(db, store_sql_steps[version])) != 0) {
			store_db_rollback(db);
			return r;
		}
	return store_db_commit(db);
}

/* A whole one comes to its place at once; before that nothing is there. */
static int
create(struct store_files *files)
{
	struct store_db *db = NULL;
	int r, saved;

	if ((r = store_file_begin(files)) != 0 ||
	    (r = store_db_open(files->fresh, -1, STORE_USE_SYNCED, &db)) != 0)
		return r;
	if ((r = store_db_run(db, store_sql_create)) == 0 &&
	    (r = store_migrate(db, 0)) == 0)
		r = store_changes_begin(db, files);
	saved = errno;
	store_db_close(db);
	errno = saved;
	return r != 0 ? r : store_file_finish(files);
}

int
store_read_version(struct store_db *db, uint64_t *ret_version)
{
	char id[24], version[24];
	uint64_t v;
	int r;

	*ret_version = 0;
	if ((r = store_db_first(db, store_sql_application, id, sizeof(id))) !=
		0 ||
	    (r = store_db_first(db, store_sql_user_version, version,
		 sizeof(version))) != 0)
		return r;
	if (text_parse_uint(id, 0, UINT32_MAX, &v) != 0 ||
	    v != STORE_APPLICATION_ID ||
	    text_parse_uint(version, 1, INT32_MAX, &v) != 0)
		return FG_ERR_FORMAT;
	*ret_version = v;
	return 0;
}

/* ---- whole or not ------------------------------------------------------ */

/* Pages of a file that is small enough to be read while logins wait. */
#define CHECK_PAGES 4096u

/* What a check has said. */
static int
result_of(int r, const char *text)
{
	return r == 0 && strcmp(text, "ok") != 0 ? FG_ERR_FORMAT : r;
}

/*
 * A long history would take seconds, in which nobody gets in. Its damage is
 * found where it is read, and moved aside at the next start.
 */
static int
check_whole(struct store *st, uint64_t version)
{
	uint64_t pages;
	char text[24];
	size_t i;
	int r;

	if ((r = store_db_first(st->synced, store_sql_pages, text,
		 sizeof(text))) != 0)
		return r;
	if (text_parse_uint(text, 0, UINT32_MAX, &pages) != 0)
		return FG_ERR_FORMAT;
	if (pages <= CHECK_PAGES || version < (uint64_t)store_sql_version) {
		r = store_db_first(st->synced, store_sql_check, text,
		    sizeof(text));
		return result_of(r, text);
	}
	for (i = 0; r == 0 && store_sql_checks[i] != NULL; i++) {
		r = store_db_first(st->synced, store_sql_checks[i], text,
		    sizeof(text));
		r = result_of(r, text);
	}
	return r;
}

/* What one may do who has the database alone. */
static int
check_alone(struct store *st, uint64_t version)
{
	char text[16];
	int r;

	if ((r = check_whole(st, version)) != 0)
		return r;
	if (version < (uint64_t)store_sql_version &&
	    (r = store_migrate(st->synced, (int)version)) != 0)
		return r;
	if ((r = store_db_first(st->synced, store_sql_wal, text,
		 sizeof(text))) != 0)
		return r;
	return strcmp(text, "wal") == 0 ? 0 : FG_ERR_BUSY;
}

/* FG_ERR_FORMAT: it is to be moved aside; FG_ERR_VERSION: it is not. */
static int
use(struct store *st)
{
	uint64_t version;
	int r;

	if ((r = store_db_open(st->files.path, st->files.dir, STORE_USE_SYNCED,
		 &st->synced)) != 0 ||
	    (r = store_read_version(st->synced, &version)) != 0)
		return r;
	/* Its log can be newer than its header. */
	if (version > (uint64_t)store_sql_version)
		return store_newer_why(&st->files, version);
	if (st->files.alone && (r = check_alone(st, version)) != 0)
		return r;
	if ((r = store_db_prepare(st->synced)) != 0)
		return r;
	return store_db_open(st->files.path, st->files.dir, STORE_USE_WRITE,
	    &st->db);
}

static void
disconnect(struct store *st)
{
	int saved = errno;

	store_db_close(st->db);
	store_db_close(st->synced);
	st->db = st->synced = NULL;
	errno = saved;
}

/* Another one has it open: it is theirs to move aside, when they start anew. */
static int
use_shared(struct store *st)
{
	int r = st->files.exists ? use(st) : FG_ERR_FORMAT;

	if (r == FG_ERR_FORMAT)
		(void)text_format(st->files.why, sizeof(st->files.why),
		    STORE_FILE " is damaged, and another process has it open; "
			       "restart the daemon");
	return r;
}

static int
use_alone(struct store *st, int state)
{
	const char *what = state == 0 ? "is damaged" : st->files.why;
	uint64_t version;
	int r = state;

	if (store_newer_look(&st->files, &version))
		return store_newer_why(&st->files, version);
	if (r == 0 && st->files.exists)
		r = use(st);
	if (r == FG_ERR_FORMAT) {
		disconnect(st);
		if ((r = store_file_set_aside(&st->files, what)) != 0)
			return r;
	}
	if (r != 0)
		return r;
	store_file_unstage(&st->files);
	if (!st->files.exists &&
	    ((r = create(&st->files)) != 0 || (r = use(st)) != 0))
		return r;
	return store_file_share(&st->files);
}

int
store_open(const char *folder, struct store **ret_store, const char **ret_why)
{
	struct store *st;
	int r;

	*ret_store = NULL;
	*ret_why = NULL;
	if ((st = calloc(1, sizeof(*st))) == NULL)
		return FG_ERR_NOMEM;
	r = store_file_open(folder, &st->files);
	if (r == 0 || r == FG_ERR_FORMAT)
		r = st->files.alone ? use_alone(st, r) : use_shared(st);
	*ret_why = store_file_said(&st->files);
	if (r != 0) {
		store_close(st);
		return r;
	}
	store_changes_look(st);
	*ret_store = st;
	return 0;
}

int
store_read_begin(struct store *store)
{
	return store_query_run(store_query(store->db, STORE_SQL_BEGIN_READ));
}

int
store_read_end(struct store *store)
{
	return store_db_commit(store->db);
}

void
store_close(struct store *store)
{
	int saved = errno;

	if (store == NULL)
		return;
	disconnect(store);
	store_file_close(&store->files);
	free(store->baseline);
	free(store);
	errno = saved;
}
