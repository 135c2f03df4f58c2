/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening files that decide about logins. Every check is made on an open
 * descriptor, of each folder on the way (safewalk.c) and of the file; the one
 * look before opening only keeps devices and FIFOs from being opened at all.
 * Nothing here parses, and nothing here logs.
 */
#include "policyd/privilege/safeopen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/privilege/safewalk.h"
#include "proto/result.h"

#define SAFEOPEN_TRIES 3 /* reads of a file that is being rewritten */
#define NS_PER_MS      INT64_C(1000000)

struct safeopen_want {
	size_t max;
	int any_owner;
};

static int
check_type(const struct stat *st, const char **ret_why)
{
	if (S_ISLNK(st->st_mode)) {
		*ret_why = "is a symbolic link; name the file itself";
		return FG_ERR_UNSAFE;
	}
	if (!S_ISREG(st->st_mode)) {
		*ret_why = "is no regular file; name a regular file";
		return FG_ERR_UNSAFE;
	}
	return 0;
}

static int
check_file(const struct safewalk *w, const struct stat *st, size_t max,
    const char **ret_why)
{
	int r;

	if ((r = check_type(st, ret_why)) != 0)
		return r;
	if (!w->any_owner && !safewalk_owner_is_safe(st->st_uid)) {
		*ret_why = "belongs to another user; give it to root with "
			   "chown root";
		return FG_ERR_UNSAFE;
	}
	if ((r = safewalk_check_owner(w, st->st_uid, ret_why)) != 0)
		return r;
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		*ret_why = "can be written by others; take the right away "
			   "with chmod go-w";
		return FG_ERR_UNSAFE;
	}
	if (st->st_size < 0 || (uintmax_t)st->st_size > max) {
		*ret_why = "is larger than this kind of file may be";
		return FG_ERR_LIMIT;
	}
	return 0;
}

/* Open name below the folder; *ret_fd may be open on error, too. */
static int
open_below(int folder, const char *name, int *ret_fd, const char **ret_why)
{
	struct stat st;
	int r;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return FG_ERR_SYSTEM;
	if ((r = check_type(&st, ret_why)) != 0)
		return r;
	*ret_fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*ret_fd >= 0)
		return 0;
	if (errno == ELOOP) {
		*ret_why = "is a symbolic link; name the file itself";
		return FG_ERR_UNSAFE;
	}
	return FG_ERR_SYSTEM;
}

int
safeopen(const char *path, size_t max, int any_owner, int *ret_fd,
    size_t *ret_size, const char **ret_why)
{
	struct safewalk w = { .dir = -1, .any_owner = any_owner };
	const char *slash = strrchr(path, '/');
	struct stat st;
	int fd = -1, r, saved;

	*ret_fd = -1;
	*ret_size = 0;
	*ret_why = "cannot be used";
	if ((r = safewalk_to_folder(&w, path, ret_why)) != 0 ||
	    (r = open_below(w.dir, slash == NULL ? path : slash + 1, &fd,
		 ret_why)) != 0)
		goto out;
	if (fstat(fd, &st) != 0) {
		r = FG_ERR_SYSTEM;
		goto out;
	}
	if ((r = check_file(&w, &st, max, ret_why)) != 0)
		goto out;
	*ret_fd = fd;
	*ret_size = (size_t)st.st_size;
	fd = -1;
out:
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* read only: nothing can be lost */
	if (w.dir != -1)
		(void)close(w.dir);
	errno = saved;
	return r;
}

static int
read_all(int fd, char *data, size_t size, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	*ret_len = 0;
	while (len < size) {
		n = pread(fd, data + len, size - len, (off_t)len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return 0;
}

static bool
same_state(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

void
safeopen_settle(const struct stat *st, unsigned int settle_ms)
{
	const int64_t settle_ns = (int64_t)settle_ms * NS_PER_MS;
	struct timespec now, wait = { 0 };
	int64_t age_ns;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	age_ns = (int64_t)(now.tv_sec - st->st_ctim.tv_sec) * 1000 * NS_PER_MS +
	    now.tv_nsec - st->st_ctim.tv_nsec;
	/* Truncation shows (ext4) before its time does. */
	if (st->st_size == 0)
		age_ns = 0;
	/* From the future, by a clock that was set back: nobody knows. */
	if (age_ns < 0 || age_ns >= settle_ns)
		return;
	wait.tv_nsec = (long)(settle_ns - age_ns);
	while (nanosleep(&wait, &wait) != 0 && errno == EINTR)
		; /* the rest of it */
}

/*
 * Read what fd holds now. *ret_whole is false if the file changed meanwhile,
 * so that the bytes may be of two versions.
 */
static int
read_once(int fd, size_t max, char **ret_data, size_t *ret_len, bool *ret_whole)
{
	struct stat before, after;
	char *data;
	size_t size;
	int r;

	*ret_whole = false;
	if (fstat(fd, &before) != 0)
		return FG_ERR_SYSTEM;
	if (before.st_size < 0 || (uintmax_t)before.st_size > max)
		return FG_ERR_LIMIT;
	safeopen_settle(&before, SAFEOPEN_SETTLE_MS);
	size = (size_t)before.st_size;
	if ((data = malloc(size + 1)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = read_all(fd, data, size, ret_len)) != 0 ||
	    (r = fstat(fd, &after) == 0 ? 0 : FG_ERR_SYSTEM) != 0) {
		free(data);
		return r;
	}
	data[*ret_len] = '\0';
	*ret_data = data;
	*ret_whole = *ret_len == size && same_state(&before, &after);
	return 0;
}

/* The whole of what fd holds, in one state. */
static int
read_whole(int fd, size_t max, char **ret_data, size_t *ret_len,
    const char **ret_why)
{
	bool whole = false;
	int r, try;

	for (try = 0; try < SAFEOPEN_TRIES && !whole; try++) {
		free(*ret_data);
		*ret_data = NULL;
		r = read_once(fd, max, ret_data, ret_len, &whole);
		if (r == FG_ERR_LIMIT)
			*ret_why = "is larger than this kind of file may be";
		if (r != 0)
			return r;
	}
	if (whole)
		return 0;
	*ret_why = "changed while it was read; try again";
	return FG_ERR_UNSAFE;
}

static int
read_file(const char *path, struct safeopen_want want, char **ret_data,
    size_t *ret_len, const char **ret_why)
{
	size_t size;
	int fd = -1, r, saved;

	*ret_data = NULL;
	*ret_len = 0;
	r = safeopen(path, want.max, want.any_owner, &fd, &size, ret_why);
	if (r == 0)
		r = read_whole(fd, want.max, ret_data, ret_len, ret_why);
	saved = errno;
	if (fd != -1)
		(void)close(fd);
	if (r != 0) {
		free(*ret_data);
		*ret_data = NULL;
		*ret_len = 0;
	}
	errno = saved;
	return r;
}

int
safeopen_read(const char *path, size_t max, char **ret_data, size_t *ret_len,
    const char **ret_why)
{
	struct safeopen_want want = { max, 0 };

	return read_file(path, want, ret_data, ret_len, ret_why);
}

int
safeopen_read_any(const char *path, size_t max, char **ret_data,
    size_t *ret_len, const char **ret_why)
{
	struct safeopen_want want = { max, 1 };

	return read_file(path, want, ret_data, ret_len, ret_why);
}
