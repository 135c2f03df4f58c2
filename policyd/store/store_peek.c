/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a store that is somebody else's to keep: a daemon's that runs, or
 * one that was stopped. Nothing of it is made, mended, written or locked
 * against others, and no damage is marked: that is for those who own it.
 */
#include "policyd/store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* Each byte of the path may become three, and the questions come behind. */
#define URI_SIZE (3 * PATH_MAX + 64)

/*
 * SQLite makes the index of its log where it is missing, and the log itself,
 * unless it is told that it may not, or that nobody writes.
 */
static void
make_uri(const struct store_files *f, char buf[URI_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	const char *p;
	char *to = buf;

	to = stpcpy(to, "file:");
	for (p = f->path; *p != '\0'; p++) {
		if (strchr("%?#", *p) == NULL) {
			*to++ = *p;
			continue;
		}
		*to++ = '%';
		*to++ = digits[*p >> 4];
		*to++ = digits[*p & 0xf];
	}
	(void)stpcpy(to, f->still ? "?immutable=1" : "?readonly_shm=1");
}

static int
check(struct store *st)
{
	uint64_t version;
	char text[16];
	int r;

	if ((r = store_read_version(st->db, &version)) != 0)
		return r;
	if (version > (uint64_t)store_sql_version)
		return store_newer_why(&st->files, version);
	if (version != (uint64_t)store_sql_version)
		return store_file_why(&st->files, FG_ERR_FORMAT,
		    "was written by another version of Farmgate");
	/* As the daemon does that starts: it would not take a damaged one. */
	if (st->files.alone) {
		r = store_db_first(st->db, store_sql_check, text, sizeof(text));
		if (r == 0 && strcmp(text, "ok") != 0)
			r = FG_ERR_FORMAT;
		if (r != 0)
			return r;
	}
	return store_db_prepare(st->db);
}

static int
peek(struct store *st)
{
	char uri[URI_SIZE];
	int r;

	make_uri(&st->files, uri);
	r = store_db_open(uri, -1, STORE_USE_READ, &st->db);
	if (r == 0)
		r = check(st);
	if (r == FG_ERR_FORMAT && st->files.why[0] == '\0')
		r = store_file_why(&st->files, r, "is damaged");
	/* The log has to be put in order first, which needs a writer. */
	return r == FG_ERR_SYSTEM && errno == EROFS ? FG_ERR_BUSY : r;
}

/* As in store.c: whatever state a newer one is in, it is told by its header. */
static int
find(struct store *st, const char *folder)
{
	uint64_t version;
	int r = store_file_peek(folder, &st->files);

	if ((r == 0 || r == FG_ERR_FORMAT) && st->files.alone &&
	    store_newer_look(&st->files, &version))
		return store_newer_why(&st->files, version);
	return r;
}

int
store_peek(const char *folder, struct store **ret_store, const char **ret_why)
{
	struct store *st;
	int r;

	*ret_store = NULL;
	*ret_why = NULL;
	if ((st = calloc(1, sizeof(*st))) == NULL)
		return FG_ERR_NOMEM;
	if ((r = find(st, folder)) == 0 && (r = peek(st)) == 0) {
		store_changes_look(st);
		*ret_store = st;
		return 0;
	}
	*ret_why = store_file_said(&st->files);
	store_close(st);
	return r;
}
