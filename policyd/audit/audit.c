/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one writer of the audit log: file, lock, sequence and head of the chain.
 * It reads what it wrote only to take up a file again that failed or is gone,
 * never logs, and never decides what a failure to write means for a login.
 */
#include "policyd/audit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/audit/audit_chain.h"
#include "proto/result.h"

#define LOOK_NS	 INT64_C(1000000000) /* between looks at the path */
#define RETRY_NS INT64_C(1000000000) /* between failures to reopen */

struct audit {
	char *path;
	int fd; /* -1: the file has to be opened again */
	struct audit_link last;
	struct audit_link synced; /* the last one known to be on the disk */
	struct audit_news news;
	off_t size; /* after the last record */
	off_t cut_to; /* a failed write left bytes behind; or -1 */
	bool dirty;
	int error; /* errno of the last failure; 0 once it is over */
	int sync_error; /* the same for fd's sync: it is of no more use */
	int64_t looked_ns; /* at the path */
	int64_t failed_ns; /* to reopen, ... */
	int failed; /* ... and how; or 0 */
	uint64_t changes; /* of the store, as each record has it */
	uint64_t recovered; /* sequence of the last such record */
	bool renamed; /* is all that it tells of */
};

static int64_t
monotonic_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
fail(struct audit *audit)
{
	audit->error = errno;
	return FG_ERR_SYSTEM;
}

/* Remove what a failed write left behind, so that the next line is one. */
static int
cut_back(struct audit *audit)
{
	if (audit->cut_to == -1)
		return 0;
	if (ftruncate(audit->fd, audit->cut_to) == -1)
		return FG_ERR_SYSTEM;
	audit->cut_to = -1;
	return 0;
}

static int
write_line(struct audit *audit, const char *line, size_t len)
{
	struct stat st;
	ssize_t n;
	int saved;

	if (cut_back(audit) != 0 || fstat(audit->fd, &st) == -1)
		return fail(audit);
	do
		n = write(audit->fd, line, len);
	while (n == -1 && errno == EINTR);
	if (n == (ssize_t)len) {
		audit->size = st.st_size + (off_t)n;
		return 0;
	}
	if (n >= 0)
		errno = ENOSPC; /* a short write has no errno of its own */
	saved = errno;
	if (n > 0) {
		audit->cut_to = st.st_size;
		(void)cut_back(audit); /* else before the next line */
	}
	errno = saved;
	return fail(audit);
}

static int
sync_file(struct audit *audit)
{
	if (audit->sync_error != 0 || audit->fd == -1) {
		errno =
		    audit->sync_error != 0 ? audit->sync_error : audit->error;
		return fail(audit);
	}
	if (!audit->dirty)
		return 0;
	/*
	 * The kernel reports a lost page once and then forgets it: a second
	 * fdatasync(2) that succeeds would prove nothing.
	 */
	if (fdatasync(audit->fd) == -1) {
		audit->sync_error = errno;
		audit->news.sync_errno = errno;
		return fail(audit);
	}
	audit->dirty = false;
	audit->synced = audit->last;
	return 0;
}

/* Write a record, which is freed, as the next link. */
static int
append(struct audit *audit, struct json *record, bool sync)
{
	char *line = NULL, *text, hash[CRYPTO_HEX_SIZE];
	size_t len;
	int r = FG_ERR_NOMEM;

	if (audit->last.seq >= INT64_MAX) {
		r = FG_ERR_LIMIT;
		goto out;
	}
	json_set_int(record, "seq", (int64_t)(audit->last.seq + 1));
	if (audit->changes > 0)
		json_set_int(record, "changes", (int64_t)audit->changes);
	json_set_string(record, "prev", audit->last.hash);
	if ((text = json_text(record)) == NULL ||
	    (line = audit_line_seal(text, hash, &len)) == NULL)
		goto out;
	if (len > AUDIT_LINE_MAX) {
		r = FG_ERR_LIMIT;
		goto out;
	}
	if ((r = write_line(audit, line, len)) != 0)
		goto out;
	audit->last.seq++;
	memcpy(audit->last.hash, hash, sizeof(hash));
	audit->dirty = true;
	audit->error = 0;
	if (sync)
		r = sync_file(audit);
out:
	free(line);
	json_free(record);
	return r;
}

/* What has happened to the file comes before anything new. */
static int
append_recovered(struct audit *audit)
{
	struct timespec now;
	struct json *record;
	int r;

	if (!audit_news_any(&audit->news))
		return 0;
	if (clock_gettime(CLOCK_REALTIME, &now) == -1)
		return fail(audit);
	record = audit_record(audit, "recovered",
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	audit_news_set(record, &audit->news);
	if ((r = append(audit, record, true)) != 0)
		return r;
	audit->renamed = audit_news_only_renamed(&audit->news);
	memset(&audit->news, 0, sizeof(audit->news));
	audit->recovered = audit->last.seq;
	return 0;
}

/* Close what is open. Its records are to be on the disk all the same. */
static void
let_go(struct audit *audit)
{
	if (audit->fd == -1)
		return;
	if (audit->sync_error == 0)
		(void)sync_file(audit); /* it is told as news */
	close(audit->fd);
	audit->fd = -1;
}

/*
 * Open, lock and read the end. What a failed sync left in memory is dropped
 * first, as it may look written and never have reached the disk.
 */
static int
take_file(struct audit *audit, struct audit_link *ret_found)
{
	struct audit_torn torn;
	struct stat st;
	int r;

	if ((r = audit_file_open(audit->path, &audit->fd)) != 0 ||
	    (r = audit_file_lock(audit->fd)) != 0)
		return r;
	if (audit->news.sync_errno != 0)
		(void)posix_fadvise(audit->fd, 0, 0, POSIX_FADV_DONTNEED);
	if ((r = audit_tail_read(audit->fd, audit->path, ret_found, &torn)) !=
	    0)
		return r;
	if (torn.len > 0)
		audit->news.torn = torn;
	if (fstat(audit->fd, &st) == -1)
		return FG_ERR_SYSTEM;
	audit->size = st.st_size;
	audit->cut_to = -1;
	audit->sync_error = 0;
	audit->dirty = true; /* nothing was synced by this descriptor */
	return 0;
}

/*
 * Where the chain goes on: at the file's end, if that is what was written, or
 * as much of it as the disk kept. In any other file it goes on from memory, so
 * that the break can be seen.
 */
static void
choose_link(struct audit *audit, const struct audit_link *found)
{
	if (found->seq != 0)
		audit->news.renamed = false;
	if (!audit_link_same(found, &audit->last)) {
		if (audit->news.replaced || found->seq >= audit->last.seq ||
		    found->seq < audit->synced.seq ||
		    (found->seq == audit->synced.seq &&
			!audit_link_same(found, &audit->synced))) {
			audit->news.replaced = true;
			return;
		}
		audit->news.lost += audit->last.seq - found->seq;
		audit->last = *found;
	}
	if (!found->intact)
		audit->news.damaged = found->seq;
}

/* For a file that may not be used, as status has no other words. */
static int
errno_of(int r)
{
	if (r == FG_ERR_BUSY)
		return EBUSY;
	if (r == FG_ERR_NOMEM)
		return ENOMEM;
	return r == FG_ERR_FORMAT ? EBADMSG : EPERM;
}

static int
reopen(struct audit *audit)
{
	struct audit_link found;
	int r, saved;

	let_go(audit); /* and of its lock, or the new one would be refused */
	if ((r = take_file(audit, &found)) == 0) {
		choose_link(audit, &found);
		return 0;
	}
	saved = errno;
	if (audit->fd != -1)
		close(audit->fd);
	audit->fd = -1;
	errno = r == FG_ERR_SYSTEM ? saved : errno_of(r);
	(void)fail(audit);
	return r;
}

/* By whoever rotates the log, and may have put a new one there. */
static bool
was_renamed(const struct audit *audit, const struct stat *st, int there)
{
	return st->st_nlink == 1 && st->st_size == audit->size &&
	    audit->sync_error == 0 && (there == 0 || errno == ENOENT);
}

/*
 * Is the open file still what its readers find? It may be shorter only where
 * the disk has failed.
 */
static bool
is_in_place(struct audit *audit)
{
	bool failed = audit->sync_error != 0;
	int64_t now = monotonic_ns();
	struct stat st, there;
	int r;

	if (fstat(audit->fd, &st) == -1)
		return true; /* the write will say so */
	if (st.st_nlink == 0 || (!failed && st.st_size < audit->size)) {
		audit->news.renamed = false;
		return false;
	}
	if (!failed && audit->looked_ns != 0 &&
	    now - audit->looked_ns < LOOK_NS)
		return true;
	audit->looked_ns = now;
	r = fstatat(AT_FDCWD, audit->path, &there, AT_SYMLINK_NOFOLLOW);
	if (r == -1 && errno != ENOENT && errno != ENOTDIR)
		return true;
	if (r == 0 && there.st_dev == st.st_dev && there.st_ino == st.st_ino)
		return true;
	/* Unless something else is still to be told. */
	audit->news.renamed = was_renamed(audit, &st, r) &&
	    (audit->news.renamed || !audit_news_any(&audit->news));
	return false;
}

static bool
is_usable(struct audit *audit)
{
	if (audit->fd == -1)
		return false;
	if (is_in_place(audit))
		return audit->sync_error == 0;
	audit->news.replaced = true;
	let_go(audit); /* also if it is too early to open it again */
	errno = ENOENT;
	(void)fail(audit);
	return false;
}

/*
 * Before each record. A failed sync is never tried again on the same
 * descriptor: the kernel has forgotten what it lost, so only reading it back
 * tells.
 */
static int
put_right(struct audit *audit)
{
	int64_t now;
	int r;

	if (is_usable(audit))
		return append_recovered(audit);
	now = monotonic_ns();
	if (audit->failed != 0 && now - audit->failed_ns < RETRY_NS) {
		errno = audit->error;
		return audit->failed;
	}
	if ((r = reopen(audit)) == 0)
		r = append_recovered(audit);
	audit->failed = r;
	audit->failed_ns = now;
	return r;
}

static int
take_up_chain(struct audit *audit)
{
	int r;

	if ((r = take_file(audit, &audit->last)) != 0)
		return r;
	audit->synced = audit->last;
	audit->dirty = false;
	audit->news.damaged = audit->last.intact ? 0 : audit->last.seq;
	audit->changes = audit->last.intact ? audit->last.changes : 0;
	/* If the disk is full now, audit_write() tries it again. */
	r = append_recovered(audit);
	return r == FG_ERR_NOMEM ? r : 0;
}

int
audit_open(const char *path, struct audit **ret_audit)
{
	char now[AUDIT_TIME_SIZE];
	struct audit *audit;
	int r;

	*ret_audit = NULL;
	json_init();
	audit_time(0, now); /* the C library reads its time zone once */
	if ((audit = calloc(1, sizeof(*audit))) == NULL)
		return FG_ERR_NOMEM;
	audit->fd = -1;
	audit->cut_to = -1;
	if ((audit->path = strdup(path)) == NULL) {
		r = FG_ERR_NOMEM;
		goto out;
	}
	if ((r = take_up_chain(audit)) != 0)
		goto out;
	*ret_audit = audit;
	audit = NULL;
out:
	audit_free(audit);
	return r;
}

void
audit_free(struct audit *audit)
{
	int saved = errno;

	if (audit == NULL)
		return;
	let_go(audit); /* nobody is left to be told */
	free(audit->path);
	free(audit);
	errno = saved;
}

struct json *
audit_record(struct audit *audit, const char *event, int64_t at_ns)
{
	int64_t at_s = at_ns / 1000000000;
	char ts[AUDIT_TIME_SIZE];
	struct json *record;

	if ((record = json_new()) == NULL)
		return NULL;
	audit_time(at_ns, ts);
	json_set_int(record, "v", AUDIT_SCHEMA);
	json_set_int(record, "seq", (int64_t)(audit->last.seq + 1));
	json_set_string(record, "ts", ts);
	json_set_string(record, "event", event);
	if (audit->last.at_s != INT64_MIN && at_s < audit->last.at_s - 1)
		json_set_bool(record, "clock_back", true);
	audit->last.at_s = at_s;
	return record;
}

int
audit_write(struct audit *audit, struct json *record, bool sync)
{
	int r;

	if (record == NULL)
		return FG_ERR_NOMEM;
	if ((r = put_right(audit)) != 0) {
		json_free(record);
		return r;
	}
	return append(audit, record, sync);
}

int
audit_sync(struct audit *audit)
{
	return sync_file(audit);
}

void
audit_set_changes(struct audit *audit, uint64_t n)
{
	if (n > audit->changes && n <= INT64_MAX)
		audit->changes = n;
}

uint64_t
audit_changes(const struct audit *audit)
{
	return audit->changes;
}

uint64_t
audit_sequence(const struct audit *audit)
{
	return audit->last.seq;
}

const char *
audit_head(const struct audit *audit)
{
	return audit->last.hash;
}

int
audit_error(const struct audit *audit)
{
	return audit->error;
}

bool
audit_renamed(const struct audit *audit)
{
	return audit->renamed;
}

uint64_t
audit_recovered(const struct audit *audit)
{
	return audit->recovered;
}
