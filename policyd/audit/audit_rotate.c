/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one file of the audit log to the next. The new one is whole, with the
 * record that ties it to the old one, before any name changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/audit/audit_parts.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

/* The new file, before it has its name. */
static int
name_of_new(const char *path, char ret_name[AUDIT_NAME_SIZE])
{
	if (text_format(ret_name, AUDIT_NAME_SIZE, "%s.new", path) == 0)
		return 0;
	errno = ENAMETOOLONG;
	return FG_ERR_SYSTEM;
}

/* ---- the first record --------------------------------------------------- */

static int
read_first(int fd, char *data, struct audit_link *ret_first)
{
	const char *newline;
	ssize_t n;

	do
		n = pread(fd, data, AUDIT_LINE_MAX, 0);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return FG_ERR_SYSTEM;
	if (n == 0)
		return FG_ERR_NOT_FOUND;
	if ((newline = memchr(data, '\n', (size_t)n)) == NULL)
		return FG_ERR_FORMAT;
	return audit_link_read(data, (size_t)(newline - data), ret_first);
}

int
audit_first(struct audit *audit)
{
	char *data;
	int r;

	if (audit->first.seq != 0)
		return 0;
	if ((data = malloc(AUDIT_LINE_MAX)) == NULL)
		return FG_ERR_NOMEM;
	r = read_first(audit->fd, data, &audit->first);
	free(data);
	if (r != 0)
		audit->first.seq = 0;
	return r;
}

/* ---- rotating ----------------------------------------------------------- */

/*
 * To a name that nothing has. Not every file system can be told so; there is
 * nobody else who makes these names.
 */
static int
rename_to_free(const char *from, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return FG_ERR_SYSTEM;
	if (lstat(to, &st) == 0) {
		errno = EEXIST;
		return FG_ERR_SYSTEM;
	}
	return errno == ENOENT && rename(from, to) == 0 ? 0 : FG_ERR_SYSTEM;
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static struct json *
new_record(struct audit *audit, int64_t at_ns, const char *name)
{
	struct json *record = audit_record(audit, AUDIT_ROTATED, at_ns);

	json_set_string(record, "by", "daemon");
	json_set_string(record, "file", last_part(name));
	json_set_int(record, "first", (int64_t)audit->first.seq);
	json_set_int(record, "last", (int64_t)audit->last.seq);
	return record;
}

/* Its first record is on the disk when this returns. */
static int
begin_new(struct audit *audit, const char *fresh, struct json *record)
{
	int r;

	audit->fd = -1;
	audit->size = 0;
	audit->cut_to = -1;
	audit->first.seq = 0;
	if (unlink(fresh) == -1 && errno != ENOENT)
		r = FG_ERR_SYSTEM;
	else if ((r = audit_file_open(fresh, &audit->fd)) == 0 &&
	    (r = audit_file_lock(audit->fd)) == 0)
		return audit_append(audit, record, true);
	json_free(record);
	return r;
}

/* A name counts when it is on the disk: no rename may overtake another. */
static int
change_names(const char *path, const char *name, const char *fresh)
{
	int r, saved;

	if ((r = rename_to_free(path, name)) != 0)
		return r;
	if ((r = disk_sync_folder_of(path)) == 0)
		r = rename_to_free(fresh, path);
	saved = errno;
	if (r != 0)
		(void)rename_to_free(name, path); /* else it was renamed */
	errno = saved;
	return r;
}

/* Back to the old file, whatever its name is by now. */
static void
give_up(struct audit *audit, const struct audit *old, const char *fresh)
{
	int saved = errno;

	if (audit->fd != -1)
		(void)close(audit->fd); /* nothing in it counts */
	(void)unlink(fresh);
	*audit = *old;
	errno = saved;
}

int
audit_rotate(struct audit *audit, int64_t at_ns, char *ret_name)
{
	char fresh[AUDIT_NAME_SIZE];
	struct json *record;
	struct audit old;
	int r;

	ret_name[0] = '\0';
	if ((r = audit_put_right(audit)) != 0 ||
	    (r = audit_sync_file(audit)) != 0 ||
	    (r = audit_first(audit)) != 0 ||
	    (r = name_of_new(audit->path, fresh)) != 0)
		return r;
	if (text_format(ret_name, AUDIT_NAME_SIZE, "%s.%llu-%llu", audit->path,
		(unsigned long long)audit->first.seq,
		(unsigned long long)audit->last.seq) != 0)
		return FG_ERR_LIMIT;
	old = *audit;
	if ((record = new_record(audit, at_ns, ret_name)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = begin_new(audit, fresh, record)) != 0 ||
	    (r = change_names(audit->path, ret_name, fresh)) != 0) {
		give_up(audit, &old, fresh);
		return r;
	}
	(void)disk_sync_folder_of(audit->path); /* else at the next start */
	(void)close(old.fd); /* it was synced */
	return 0;
}

/* ---- at the start ------------------------------------------------------- */

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

/* Does it begin with the record of a rotation, whose old file is there? */
static bool
goes_on(const char *path, int fd)
{
	const char *file, *last = last_part(path), *newline;
	char name[AUDIT_NAME_SIZE] = "", *data;
	struct audit_link first;
	struct json *record;

	if ((data = malloc(AUDIT_LINE_MAX)) == NULL)
		return false;
	if (read_first(fd, data, &first) == 0 && first.intact &&
	    (newline = memchr(data, '\n', AUDIT_LINE_MAX)) != NULL) {
		record = json_parse(data, (size_t)(newline - data));
		file = json_get_string(record, "file", "");
		if (file[0] != '\0' && strchr(file, '/') == NULL)
			(void)text_format(name, sizeof(name), "%.*s%s",
			    (int)(last - path), path, file);
		json_free(record);
	}
	free(data);
	return name[0] != '\0' && is_there(name);
}

/* Between its two renames: then the new one is whole. */
int
audit_rotate_settle(const char *path)
{
	char fresh[AUDIT_NAME_SIZE];
	int fd = -1, r;

	if (is_there(path) || name_of_new(path, fresh) != 0 ||
	    !is_there(fresh) || audit_file_open(fresh, &fd) != 0)
		return 0;
	r = audit_file_lock(fd); /* it may be another daemon's work */
	if (r == 0 && goes_on(path, fd))
		(void)rename_to_free(fresh, path);
	(void)close(fd); /* only read */
	return r == FG_ERR_BUSY ? r : 0;
}

void
audit_rotate_clear(const char *path)
{
	char fresh[AUDIT_NAME_SIZE];

	if (name_of_new(path, fresh) == 0)
		(void)unlink(fresh); /* else before the next rotation */
}
