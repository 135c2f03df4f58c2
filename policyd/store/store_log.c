/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long the store's log is, and moving it into the database.
 */
#include "policyd/store/store_log.h"

#include "policyd/store/store_parts.h"
#include "proto/result.h"

#define LOG_PAGE 4096u /* bytes; SQLite's default, which create() leaves */

/* Within the commit: it cannot fail any more. */
static int
on_commit(void *arg, struct sqlite3 *handle, const char *name, int pages)
{
	const struct store *store = arg;

	(void)handle;
	(void)name;
	if (store->on_log != NULL)
		store->on_log((uint64_t)pages * LOG_PAGE, store->on_log_arg);
	return 0;
}

void
store_log_watch(struct store *store, store_log_fn fn, void *arg)
{
	store->on_log = fn;
	store->on_log_arg = arg;
	store_db_on_commit(store->db, on_commit, store);
	store_db_on_commit(store->synced, on_commit, store);
}

int
store_log_move(struct store *store, uint64_t *ret_bytes, uint64_t *ret_left)
{
	struct store_query *q = store_query(store->db, STORE_SQL_LOG_MOVE);
	int64_t busy = 0, pages = 0, moved = 0;
	int r;

	*ret_bytes = *ret_left = 0;
	if (store_query_next(q) == 0) {
		busy = store_column_int(q, 0, 0, 1);
		pages = store_column_int(q, 1, -1, INT32_MAX);
		moved = store_column_int(q, 2, -1, pages);
	}
	if ((r = store_query_end(q)) != 0)
		return r;
	if (busy != 0 || pages < 0)
		return FG_ERR_BUSY;
	*ret_bytes = (uint64_t)pages * LOG_PAGE;
	*ret_left = (uint64_t)(pages - moved) * LOG_PAGE;
	return 0;
}
