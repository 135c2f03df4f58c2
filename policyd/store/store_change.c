/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many changes administrators have made, which is told to others: a file
 * beside the database, and the audit log by way of the daemon. A database that
 * has had fewer than they know of is an older copy that somebody has put back,
 * with access in it that was taken back since. It says so itself from then on,
 * whatever becomes of the others, until an administrator has settled it.
 *
 * Others are told when a change is on the disk and never before: whatever a
 * crash leaves undone, they know of no change that the database has not had.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define CHANGES_FILE STORE_FILE ".changes"
#define CHANGES_SIZE 24u /* digits and a newline */

/* ---- beside the database ----------------------------------------------- */

/*
 * Of one size, and so in place: a sector is written or not. What cannot be
 * written is found by the audit log as well.
 */
static void
put_file(const struct store_files *f, uint64_t n)
{
	char text[CHANGES_SIZE + 1];
	int fd, saved = errno;

	(void)text_format(text, sizeof(text), "%0*llu\n", (int)CHANGES_SIZE - 1,
	    (unsigned long long)n);
	fd = openat(f->dir, CHANGES_FILE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	    0600);
	if (fd != -1) {
		if (pwrite(fd, text, CHANGES_SIZE, 0) == (ssize_t)CHANGES_SIZE)
			(void)fdatasync(fd); /* likewise */
		(void)close(fd); /* likewise */
	}
	errno = saved;
}

/* 0 if it does not say: then the others may. */
static uint64_t
get_file(const struct store_files *f)
{
	char text[CHANGES_SIZE + 1];
	uint64_t n;
	ssize_t len;
	int fd, saved = errno;

	fd = openat(f->dir, CHANGES_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	errno = saved;
	if (fd == -1)
		return 0;
	len = read(fd, text, sizeof(text));
	(void)close(fd); /* read only */
	errno = saved;
	if (len != (ssize_t)CHANGES_SIZE || text[CHANGES_SIZE - 1] != '\n')
		return 0;
	text[CHANGES_SIZE - 1] = '\0';
	return text_parse_uint(text, 0, STORE_CHANGES_MAX, &n) == 0 ? n : 0;
}

/* ---- in the database --------------------------------------------------- */

static int
get_row(struct store_db *db, struct store_changes *ret_changes)
{
	struct store_query *q = store_query(db, STORE_SQL_CHANGES);
	int r, found;

	memset(ret_changes, 0, sizeof(*ret_changes));
	if ((found = store_query_next(q)) == 0) {
		ret_changes->own =
		    (uint64_t)store_column_int(q, 0, 0, INT64_MAX);
		ret_changes->known =
		    (uint64_t)store_column_int(q, 1, 0, INT64_MAX);
	}
	if ((r = store_query_end(q)) == 0)
		r = found == FG_ERR_NOT_FOUND ? FG_ERR_FORMAT : found;
	if (r != 0)
		memset(ret_changes, 0, sizeof(*ret_changes));
	return r;
}

/* Of the one row that there is. */
static int
update(struct store_db *db, enum store_sql sql, uint64_t n)
{
	struct store_query *q = store_query(db, sql);
	int r;

	store_bind_int(q, 1, (int64_t)n);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(db) == 1 ? 0 : FG_ERR_FORMAT;
}

int
store_changes_begin(struct store_db *db, const struct store_files *f)
{
	uint64_t n = get_file(f);

	return n == 0 ? 0 : update(db, STORE_SQL_CHANGES_BEGIN, n);
}

/* ---- one more ---------------------------------------------------------- */

static void
tell(struct store *store)
{
	struct store_changes changes;

	if (get_row(store->synced, &changes) != 0)
		return; /* the next one tells */
	if (changes.known > store->changes_known)
		store->changes_known = changes.known;
	put_file(&store->files, changes.known);
}

static int
commit(struct store *store, int r)
{
	if (r != 0) {
		store_db_rollback(store->synced);
		return r;
	}
	if ((r = store_db_commit(store->synced)) == 0)
		tell(store);
	return r;
}

int
store_change_end(struct store *store, int r)
{
	if (r == 0)
		r = update(store->synced, STORE_SQL_CHANGE,
		    store->changes_known);
	return commit(store, r);
}

int
store_settle_commit(struct store *store)
{
	return commit(store,
	    update(store->synced, STORE_SQL_CHANGE_SETTLE,
		store->changes_known));
}

/* ---- who knows of how many --------------------------------------------- */

int
store_changes(struct store *store, struct store_changes *ret_changes)
{
	int r;

	if ((r = get_row(store->db, ret_changes)) != 0)
		return r;
	if (ret_changes->known < ret_changes->own)
		ret_changes->known = ret_changes->own;
	if (ret_changes->known < store->changes_known)
		ret_changes->known = store->changes_known;
	return 0;
}

/* What cannot be written is known to this process, and to the next by them. */
void
store_changes_known(struct store *store, uint64_t n)
{
	struct store_changes changes;
	int saved = errno;

	if (n > STORE_CHANGES_MAX || n <= store->changes_known)
		return;
	store->changes_known = n;
	store->outlined = false;
	if (store->synced != NULL && get_row(store->db, &changes) == 0 &&
	    changes.own < n && changes.known < n)
		(void)update(store->synced, STORE_SQL_CHANGES_KNOWN, n);
	errno = saved;
}

void
store_changes_look(struct store *store)
{
	store_changes_known(store, get_file(&store->files));
}

int
store_accept(struct store *store)
{
	struct store_db *db = store->synced;
	int r;

	if ((r = store_db_begin(db)) != 0)
		return r;
	if ((r = store_query_run(store_query(db, STORE_SQL_FORGET))) != 0 ||
	    (r = store_query_run(store_query(db, STORE_SQL_REMEMBER))) != 0 ||
	    (r = store_query_run(store_query(db, STORE_SQL_ASSETS_REMEMBER))) !=
		0 ||
	    (r = store_query_run(store_query(db,
		 STORE_SQL_ENROLMENTS_REMEMBER))) != 0) {
		store_db_rollback(db);
		return r;
	}
	return store_settle_commit(store);
}
