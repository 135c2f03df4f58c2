/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one writer of the audit log: sequence, head of the chain, and bytes. It
 * never logs, and never decides what a failure to write means for a login.
 */
#include "policyd/audit/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/audit/audit_parts.h"
#include "proto/result.h"

#define WAS_CUT ESTALE /* as .error: the file has to be opened again */

int
audit_fail(struct audit *audit)
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
		return audit_fail(audit);
	/*
	 * Cut since it was looked at: a line that went on with nothing would
	 * tell nobody why.
	 */
	if (st.st_size < audit->size) {
		errno = WAS_CUT;
		return audit_fail(audit);
	}
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
	return audit_fail(audit);
}

int
audit_sync_file(struct audit *audit)
{
	if (audit->sync_error != 0 || audit->fd == -1) {
		errno =
		    audit->sync_error != 0 ? audit->sync_error : audit->error;
		return audit_fail(audit);
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
		return audit_fail(audit);
	}
	audit->dirty = false;
	audit->synced = audit->last;
	return 0;
}

/* The record can be given again. */
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
		r = audit_sync_file(audit);
out:
	free(line);
	return r;
}

int
audit_append(struct audit *audit, struct json *record, bool sync)
{
	int r = append(audit, record, sync);

	json_free(record);
	return r;
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
	if ((r = audit_take_up(audit)) != 0)
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
	audit_let_go(audit); /* nobody is left to be told */
	free(audit->path);
	free(audit);
	errno = saved;
}

struct json *
audit_record(struct audit *audit, enum audit_event event, int64_t at_ns)
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
	json_set_string(record, "event", audit_event_name(event));
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
	if ((r = audit_put_right(audit)) == 0)
		r = append(audit, record, sync);
	if (r == FG_ERR_SYSTEM && audit->error == WAS_CUT &&
	    (r = audit_put_right(audit)) == 0)
		r = append(audit, record, sync);
	json_free(record);
	return r;
}

int
audit_sync(struct audit *audit)
{
	return audit_sync_file(audit);
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

bool
audit_whole(const struct audit *audit)
{
	return audit->whole;
}

uint64_t
audit_size(const struct audit *audit)
{
	return (uint64_t)audit->size;
}

int64_t
audit_began_s(struct audit *audit)
{
	if (audit->fd == -1 || audit_first(audit) != 0 ||
	    audit->first.at_s == INT64_MIN)
		return INT64_MAX;
	return audit->first.at_s;
}

int64_t
audit_opened_s(const struct audit *audit)
{
	return audit->opened_s;
}

uint64_t
audit_recovered(const struct audit *audit)
{
	return audit->recovered;
}
