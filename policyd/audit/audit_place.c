/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of the audit log: opening, locking and letting it go, whether it is
 * still what its readers find, and where the chain goes on. It is read only to
 * take up one again that failed or is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/audit/audit_parts.h"
#include "proto/result.h"

#define LOOK_NS	 INT64_C(1000000000) /* between looks at the path */
#define RETRY_NS INT64_C(1000000000) /* between failures to reopen */

static int64_t
monotonic_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What has happened to the file comes before anything new. */
static int
append_recovered(struct audit *audit)
{
	struct timespec now;
	struct json *record;
	int64_t at_ns;
	int r;

	if (!audit_news_any(&audit->news))
		return 0;
	if (clock_gettime(CLOCK_REALTIME, &now) == -1)
		return audit_fail(audit);
	at_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	record = audit_news_only_renamed(&audit->news) ?
	    audit_record(audit, AUDIT_ROTATED, at_ns) :
	    audit_record(audit, AUDIT_RECOVERED, at_ns);
	audit_news_set(record, &audit->news);
	if ((r = audit_append(audit, record, true)) != 0)
		return r;
	audit->renamed = audit_news_only_renamed(&audit->news);
	audit->whole = audit_news_whole(&audit->news);
	memset(&audit->news, 0, sizeof(audit->news));
	audit->recovered = audit->last.seq;
	return 0;
}

/* Close what is open. Its records are to be on the disk all the same. */
void
audit_let_go(struct audit *audit)
{
	if (audit->fd == -1)
		return;
	if (audit->sync_error == 0)
		(void)audit_sync_file(audit); /* it is told as news */
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
	audit->first.seq = 0;
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
			audit->news.replaced = audit->news.broken = true;
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

	audit_let_go(
	    audit); /* and of its lock, or the new one would be refused */
	if ((r = take_file(audit, &found)) == 0) {
		choose_link(audit, &found);
		return 0;
	}
	saved = errno;
	if (audit->fd != -1)
		close(audit->fd);
	audit->fd = -1;
	errno = r == FG_ERR_SYSTEM ? saved : errno_of(r);
	(void)audit_fail(audit);
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

/* One that is empty is no file that anything was in. */
static void
remember_renamed(struct audit *audit)
{
	if (audit_first(audit) != 0) {
		audit->news.renamed = false;
		return;
	}
	audit->news.first = audit->first.seq;
	audit->news.last = audit->last.seq;
}

static bool
is_usable(struct audit *audit)
{
	if (audit->fd == -1)
		return false;
	if (is_in_place(audit))
		return audit->sync_error == 0;
	audit->news.replaced = true;
	if (audit->news.renamed)
		remember_renamed(audit);
	audit_let_go(audit); /* also if it is too early to open it again */
	errno = ENOENT;
	(void)audit_fail(audit);
	return false;
}

/*
 * Before each record. A failed sync is never tried again on the same
 * descriptor: the kernel has forgotten what it lost, so only reading it back
 * tells.
 */
int
audit_put_right(struct audit *audit)
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

int
audit_take_up(struct audit *audit)
{
	int r;

	if ((r = audit_rotate_settle(audit->path)) != 0 ||
	    (r = take_file(audit, &audit->last)) != 0)
		return r;
	audit_rotate_clear(audit->path);
	audit->synced = audit->last;
	audit->opened_s = audit->last.at_s;
	audit->dirty = false;
	audit->news.damaged = audit->last.intact ? 0 : audit->last.seq;
	audit->changes = audit->last.intact ? audit->last.changes : 0;
	/* If the disk is full now, audit_write() tries it again. */
	r = append_recovered(audit);
	return r == FG_ERR_NOMEM ? r : 0;
}
