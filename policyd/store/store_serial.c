/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The serials of bundles: of the last one that was signed here, and of the
 * last one that was imported. That one is written beside the database as well,
 * before it comes into force there: of the two the higher one counts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policyd/store/store_bundle.h"
#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SERIAL_FILE STORE_FILE ".serial"
#define SERIAL_NEW  SERIAL_FILE ".new"
#define SERIAL_SIZE 96u /* "SERIAL SHA256\n" */

/* Of the rows; the numbers are in the file. */
enum store_serial_kind {
	STORE_SERIAL_SIGNED = 1,
	STORE_SERIAL_IMPORTED = 2
};

/* ---- beside the database ----------------------------------------------- */

static int
write_file(int fd, const struct store_serial *s)
{
	char text[SERIAL_SIZE];
	size_t len;

	(void)text_format(text, sizeof(text), "%llu %s\n",
	    (unsigned long long)s->serial, s->sha256);
	len = strlen(text);
	errno = ENOSPC; /* of a short write */
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

static int
file_put(struct store_files *f, const struct store_serial *s)
{
	int fd, r;

	fd = openat(f->dir, SERIAL_NEW,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK |
		O_CLOEXEC,
	    0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	r = write_file(fd, s);
	(void)close(fd); /* it was synced */
	if (r == 0 && renameat(f->dir, SERIAL_NEW, f->dir, SERIAL_FILE) != 0)
		r = FG_ERR_SYSTEM;
	return r != 0 ? r : store_file_sync(f);
}

static int
parse_file(char *text, struct store_serial *ret_s)
{
	char *blank = strchr(text, ' '), *end = strchr(text, '\n');

	if (blank == NULL || end == NULL || end[1] != '\0' ||
	    end - blank != CRYPTO_HEX_SIZE)
		return FG_ERR_FORMAT;
	*blank = *end = '\0';
	if (text_parse_uint(text, 1, INT64_MAX, &ret_s->serial) != 0 ||
	    strspn(blank + 1, "0123456789abcdef") != CRYPTO_HEX_SIZE - 1)
		return FG_ERR_FORMAT;
	memcpy(ret_s->sha256, blank + 1, CRYPTO_HEX_SIZE);
	return 0;
}

/* What is there and cannot be read is no absence. */
static int
file_get(const struct store_files *f, struct store_serial *ret_s)
{
	char text[SERIAL_SIZE + 1];
	ssize_t n;
	int fd, r;

	memset(ret_s, 0, sizeof(*ret_s));
	fd = openat(f->dir, SERIAL_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	n = read(fd, text, SERIAL_SIZE);
	(void)close(fd); /* read only */
	if (n < 0)
		return FG_ERR_SYSTEM;
	text[n] = '\0';
	if ((r = parse_file(text, ret_s)) != 0)
		memset(ret_s, 0, sizeof(*ret_s));
	return r;
}

/* ---- in the database --------------------------------------------------- */

static int
row_get(struct store_db *db, enum store_serial_kind kind,
    struct store_serial *ret_s)
{
	struct store_query *q = store_query(db, STORE_SQL_SERIAL_OF);
	int r;

	memset(ret_s, 0, sizeof(*ret_s));
	store_bind_int(q, 1, kind);
	if (store_query_next(q) == 0) {
		ret_s->serial = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
		STORE_COLUMN(q, 1, ret_s->sha256);
	}
	if ((r = store_query_end(q)) != 0)
		memset(ret_s, 0, sizeof(*ret_s));
	return r;
}

static int
row_put(struct store_db *db, enum store_serial_kind kind,
    const struct store_serial *s)
{
	struct store_query *q = store_query(db, STORE_SQL_SERIAL_PUT);

	store_bind_int(q, 1, kind);
	store_bind_int(q, 2, (int64_t)s->serial);
	store_bind_text(q, 3, s->sha256);
	return store_query_run(q);
}

/* ---- of both ----------------------------------------------------------- */

int
store_serial_last(struct store *store, struct store_serial *ret_last)
{
	struct store_serial beside;
	int r;

	if ((r = row_get(store->db, STORE_SERIAL_IMPORTED, ret_last)) != 0)
		return r;
	if ((r = file_get(&store->files, &beside)) != 0) {
		memset(ret_last, 0, sizeof(*ret_last));
		return r;
	}
	if (beside.serial > ret_last->serial)
		*ret_last = beside;
	return 0;
}

static struct store_serial
serial_of(const struct store_bundle *bundle)
{
	struct store_serial s = { .serial = bundle->serial };

	memcpy(s.sha256, bundle->sha256, sizeof(s.sha256));
	return s;
}

int
store_serial_remember(struct store *store, const struct store_bundle *bundle)
{
	struct store_serial s = serial_of(bundle);

	return file_put(&store->files, &s);
}

int
store_serial_switch(struct store_db *db, const struct store_bundle *bundle)
{
	struct store_serial s = serial_of(bundle);

	return row_put(db, STORE_SERIAL_IMPORTED, &s);
}

/* Whoever may sign gets no serial that would hold up the next one. */
int
store_serial_next(struct store *store, int64_t now_s, uint64_t *ret_serial)
{
	struct store_db *db = store->synced;
	struct store_serial s;
	int r;

	*ret_serial = 0;
	if (now_s < 1)
		return FG_ERR_LIMIT;
	if ((r = store_db_begin(db)) != 0)
		return r;
	if ((r = row_get(db, STORE_SERIAL_SIGNED, &s)) == 0) {
		if (s.serial > (uint64_t)now_s + STORE_SERIAL_AHEAD_S)
			r = FG_ERR_LIMIT;
		else if (s.serial < (uint64_t)now_s)
			s.serial = (uint64_t)now_s;
		else
			s.serial++;
	}
	if (r == 0 && (r = row_put(db, STORE_SERIAL_SIGNED, &s)) == 0 &&
	    (r = store_given_back_forget(db, now_s)) == 0) {
		if ((r = store_db_commit(db)) == 0)
			*ret_serial = s.serial;
		return r;
	}
	store_db_rollback(db);
	return r;
}

int
store_has_signed(struct store *store, bool *ret_has)
{
	struct store_serial s;
	int r = row_get(store->db, STORE_SERIAL_SIGNED, &s);

	*ret_has = r == 0 && s.serial != 0;
	return r;
}

/* ---- forgetting -------------------------------------------------------- */

static uint64_t
most_at(int64_t now_s)
{
	return now_s < 1 ? 1 : (uint64_t)now_s;
}

int
store_serial_ahead(struct store *store, int64_t now_s, uint64_t *ret_serial)
{
	struct store_serial own, last;
	int r;

	*ret_serial = 0;
	if ((r = row_get(store->db, STORE_SERIAL_SIGNED, &own)) != 0 ||
	    (r = store_serial_last(store, &last)) != 0)
		return r;
	if (last.serial < own.serial)
		last = own;
	if (last.serial <= most_at(now_s))
		return FG_ERR_NOT_FOUND;
	*ret_serial = last.serial;
	return 0;
}

static int
cut_row(struct store_db *db, enum store_serial_kind kind, uint64_t most,
    bool *changed)
{
	struct store_serial s;
	int r;

	if ((r = row_get(db, kind, &s)) != 0 || s.serial <= most)
		return r;
	s.serial = most;
	s.sha256[0] = '\0';
	*changed = true;
	return row_put(db, kind, &s);
}

/* A damaged one is written anew: nothing that is ahead can be in it. */
static int
cut_file(struct store_files *f, uint64_t most, bool *changed)
{
	struct store_serial s;
	int r = file_get(f, &s);

	if (r == FG_ERR_SYSTEM || (r == 0 && s.serial <= most))
		return r;
	s.serial = most;
	memset(s.sha256, '0', sizeof(s.sha256) - 1);
	*changed = true;
	return file_put(f, &s);
}

int
store_serial_cut(struct store *store, int64_t now_s, bool *changed)
{
	uint64_t most = most_at(now_s);
	int r;

	if ((r = cut_row(store->synced, STORE_SERIAL_SIGNED, most, changed)) !=
		0 ||
	    (r = cut_row(store->synced, STORE_SERIAL_IMPORTED, most,
		 changed)) != 0)
		return r;
	return cut_file(&store->files, most, changed);
}
