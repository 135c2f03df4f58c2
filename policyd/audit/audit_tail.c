/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening an audit file and reading its end: where a chain is taken up, and
 * what a crash in the middle of a write left behind. Bytes are moved aside
 * here, never thrown away.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/audit/audit.h"
#include "policyd/audit/audit_chain.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FILE_MODE 0640
#define OPEN_FLAGS \
	(O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)
#define PATH_SIZE 4096u

/* How every record begins, for a file that holds less than one. */
static const char record_start[] = "{\"v\":1,\"seq\":";

static int
keep_or_close(int fd, bool good, int *ret_fd)
{
	int saved = errno;

	if (good) {
		*ret_fd = fd;
		return 0;
	}
	close(fd);
	errno = saved;
	return FG_ERR_SYSTEM;
}

static int
create_file(const char *path, int *ret_fd)
{
	int fd;

	if ((fd = open(path, OPEN_FLAGS | O_CREAT | O_EXCL, FILE_MODE)) == -1)
		return FG_ERR_SYSTEM;
	/* Whatever the umask says. */
	return keep_or_close(fd,
	    fchmod(fd, FILE_MODE) == 0 && disk_sync_folder_of(path) == 0,
	    ret_fd);
}

/*
 * The folder may belong to the daemon's own user while root opens the file:
 * neither a symbolic nor a hard link may lead to somebody else's.
 */
int
audit_file_open(const char *path, int *ret_fd)
{
	struct stat st;
	int fd;

	*ret_fd = -1;
	if ((fd = open(path, OPEN_FLAGS)) == -1) {
		if (errno == ENOENT)
			return create_file(path, ret_fd);
		return errno == ELOOP || errno == ENXIO || errno == EISDIR ?
		    FG_ERR_UNSAFE :
		    FG_ERR_SYSTEM;
	}
	if (fstat(fd, &st) == -1) {
		close(fd);
		return FG_ERR_SYSTEM;
	}
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		close(fd);
		return FG_ERR_UNSAFE;
	}
	/* Empty and of nobody else, it may be one that was not finished. */
	return keep_or_close(fd,
	    st.st_size > 0 ||
		((st.st_uid != geteuid() || fchmod(fd, FILE_MODE) == 0) &&
		    disk_sync_folder_of(path) == 0),
	    ret_fd);
}

/*
 * An open file description lock: unlike a classic one it is not lost when
 * some other part of the process closes the same file.
 */
int
audit_file_lock(int fd)
{
	struct flock lock;

	memset(&lock, 0, sizeof(lock));
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? FG_ERR_BUSY : FG_ERR_SYSTEM;
}

/* Append the torn bytes to PATH.torn. */
static int
keep_torn(const char *path, const char *data, size_t len)
{
	char name[PATH_SIZE];
	int fd, r;

	if (text_format(name, sizeof(name), "%s.torn", path) != 0) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	if ((r = audit_file_open(name, &fd)) != 0)
		return r;
	if (disk_write(fd, data, len) != 0 || fsync(fd) == -1)
		r = FG_ERR_SYSTEM;
	close(fd);
	return r;
}

static int
read_end(int fd, off_t size, char **ret_data, size_t *ret_len)
{
	size_t len = 2 * AUDIT_LINE_MAX, at = 0;
	ssize_t n;
	char *data;

	if (size < (off_t)len)
		len = (size_t)size;
	if ((data = malloc(len + 1)) == NULL)
		return FG_ERR_NOMEM;
	while (at < len) {
		n = pread(fd, data + at, len - at,
		    size - (off_t)len + (off_t)at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = EIO; /* it shrank under our lock */
			free(data);
			return FG_ERR_SYSTEM;
		}
		at += (size_t)n;
	}
	*ret_data = data;
	*ret_len = len;
	return 0;
}

/* Could these bytes be the start of the first record of all? */
static bool
starts_record(const char *data, size_t len)
{
	size_t n = sizeof(record_start) - 1;

	return memcmp(data, record_start, len < n ? len : n) == 0;
}

/* The bytes behind the last newline, and the line in front of it. */
static int
split_end(const char *data, size_t len, bool whole_file,
    struct audit_link *ret_link, size_t *ret_torn)
{
	const char *newline, *before;
	size_t start;

	newline = memrchr(data, '\n', len);
	*ret_torn = newline == NULL ? len : len - (size_t)(newline - data) - 1;
	if (*ret_torn >= AUDIT_LINE_MAX)
		return FG_ERR_FORMAT;
	if (newline == NULL)
		return starts_record(data, len) ? 0 : FG_ERR_FORMAT;
	before = memrchr(data, '\n', (size_t)(newline - data));
	if (before == NULL && !whole_file)
		return FG_ERR_FORMAT; /* longer than any record */
	start = before == NULL ? 0 : (size_t)(before - data) + 1;
	return audit_link_read(data + start, (size_t)(newline - data) - start,
	    ret_link);
}

int
audit_tail_read(int fd, const char *path, struct audit_link *ret_link,
    struct audit_torn *ret_torn)
{
	char *data = NULL;
	struct stat st;
	size_t len, torn;
	int r;

	audit_link_first(ret_link);
	memset(ret_torn, 0, sizeof(*ret_torn));
	if (fstat(fd, &st) == -1)
		return FG_ERR_SYSTEM;
	if (st.st_size == 0)
		return 0;
	if ((r = read_end(fd, st.st_size, &data, &len)) != 0 ||
	    (r = split_end(data, len, (off_t)len == st.st_size, ret_link,
		 &torn)) != 0 ||
	    torn == 0)
		goto out;
	if ((r = keep_torn(path, data + len - torn, torn)) != 0)
		goto out;
	if (ftruncate(fd, st.st_size - (off_t)torn) == -1) {
		r = FG_ERR_SYSTEM;
		goto out;
	}
	crypto_sha256_hex(data + len - torn, torn, ret_torn->hash);
	ret_torn->len = torn;
out:
	free(data);
	return r;
}
