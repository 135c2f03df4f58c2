/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one writer of the audit log: file, lock, sequence and head of the chain.
 * It never reads what it wrote while running, never logs, and never decides
 * what a failure to write means for a login.
 */
#include "policyd/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/audit_chain.h"
#include "proto/result.h"

struct audit {
	char *path;
	int fd;
	struct audit_link last;
	struct audit_torn torn; /* not yet told */
	uint64_t damaged; /* a record whose hash is wrong; not yet told */
	off_t cut_to; /* a failed write left bytes behind; or -1 */
	bool dirty;
	int error; /* errno of the last failure; 0 once it is over */
	int sync_error;
};

/*
 * An open file description lock: unlike a classic one it is not lost when
 * some other part of the process closes the same file.
 */
static int
lock_file(int fd)
{
	struct flock lock;

	memset(&lock, 0, sizeof(lock));
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? FG_ERR_BUSY : FG_ERR_SYSTEM;
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
	if (n == (ssize_t)len)
		return 0;
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
	if (audit->sync_error != 0) {
		errno = audit->sync_error;
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
		return fail(audit);
	}
	audit->dirty = false;
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

/* What was found at the file's end comes before anything new. */
static int
append_recovered(struct audit *audit)
{
	struct timespec now;
	struct json *record, *torn;
	int r;

	if (audit->torn.len == 0 && audit->damaged == 0)
		return 0;
	if (clock_gettime(CLOCK_REALTIME, &now) == -1)
		return fail(audit);
	record = audit_record(audit, "recovered",
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	if (audit->torn.len > 0) {
		torn = json_set_object(record, "torn");
		json_set_int(torn, "bytes", (int64_t)audit->torn.len);
		json_set_string(torn, "sha256", audit->torn.hash);
	}
	if (audit->damaged > 0)
		json_set_int(record, "damaged", (int64_t)audit->damaged);
	if ((r = append(audit, record, true)) != 0)
		return r;
	audit->torn.len = 0;
	audit->damaged = 0;
	return 0;
}

static int
take_up_chain(struct audit *audit)
{
	int r;

	if ((r = audit_tail_read(audit->fd, audit->path, &audit->last,
		 &audit->torn)) != 0)
		return r;
	audit->damaged = audit->last.intact ? 0 : audit->last.seq;
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
	if ((r = audit_file_open(path, &audit->fd)) != 0 ||
	    (r = lock_file(audit->fd)) != 0 || (r = take_up_chain(audit)) != 0)
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
	if (audit->fd != -1) {
		(void)sync_file(audit); /* nobody is left to be told */
		close(audit->fd);
	}
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
	if (audit->sync_error != 0)
		r = sync_file(audit);
	else
		r = append_recovered(audit);
	if (r != 0) {
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
