/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root of everything that the scanner reads, kept open, and how its small
 * files are read: never one that has to be waited for, as a pipe.
 */
#include "policyd/scanner/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "proto/result.h"

#define PLACE_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

static const char *place_root = "/";

void
place_set(const char *root)
{
	place_root = root;
}

int
place_folder(void)
{
	static int fd = -1;

	if (fd == -1)
		fd = open(place_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

int
place_open(const char *path)
{
	return openat(place_folder(), path, PLACE_FLAGS);
}

/* A C library may need another call for a descriptor than for a name. */
DIR *
place_opendir(const char *path)
{
	int fd, saved;
	DIR *dir;

	if ((fd = openat(place_folder(), path, PLACE_FLAGS | O_DIRECTORY)) ==
	    -1)
		return NULL;
	if ((dir = fdopendir(fd)) == NULL) {
		saved = errno;
		(void)close(fd); /* was only opened */
		errno = saved;
	}
	return dir;
}

/* One byte more than fits tells that there was more. */
static int
read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;
	char more;

	while (n > 0 && len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n == -1 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	buf[len] = '\0';
	if (n == -1)
		return FG_ERR_SYSTEM;
	if (strlen(buf) != len)
		return FG_ERR_FORMAT;
	return n > 0 && read(fd, &more, 1) == 1 ? FG_ERR_LIMIT : 0;
}

int
place_read(const char *path, char *buf, size_t size)
{
	struct stat st;
	int fd, r, saved;

	*buf = '\0';
	if ((fd = place_open(path)) == -1)
		return FG_ERR_SYSTEM;
	if (fstat(fd, &st) == -1)
		r = FG_ERR_SYSTEM;
	else if (!S_ISREG(st.st_mode))
		r = FG_ERR_UNSAFE;
	else
		r = read_all(fd, buf, size);
	saved = errno;
	(void)close(fd); /* was only read */
	errno = saved;
	return r;
}

bool
place_stat(const char *path, struct stat *ret_st)
{
	return fstatat(place_folder(), path, ret_st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A group that may write was let by root. */
static bool
is_roots_folder(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == 0 &&
	    (st.st_mode & S_IWOTH) == 0;
}

static bool
is_roots_file(int fd, dev_t *ret_dev)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != 0)
		return false;
	if (ret_dev != NULL)
		*ret_dev = st.st_dev;
	return true;
}

/* The first name of path; -1: there is none, or it is no name. */
static int
open_first(int folder, const char *path, size_t len)
{
	char name[NAME_MAX + 1];

	if (len == 0 || len > NAME_MAX)
		return -1;
	memcpy(name, path, len);
	name[len] = '\0';
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -1;
	return openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

bool
place_is_roots(int folder, const char *path, dev_t *ret_dev)
{
	int fd = folder, next = folder;
	bool is = false;

	while (next != -1 && is_roots_folder(next)) {
		if (fd != folder)
			(void)close(fd); /* an O_PATH descriptor */
		fd = next;
		path += *path == '/';
		next = open_first(fd, path, strcspn(path, "/"));
		path += strcspn(path, "/");
		if (*path == '\0')
			break;
	}
	if (next != -1 && next != fd) {
		is = *path == '\0' && is_roots_file(next, ret_dev);
		(void)close(next); /* the same */
	}
	if (fd != folder)
		(void)close(fd); /* the same */
	return is;
}

int
place_parse_hex(const char *s, uint32_t *ret_v)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;
	uint32_t v = 0;
	size_t n;

	*ret_v = 0;
	if (strncmp(s, "0x", 2) == 0)
		s += 2;
	for (n = 0; s[n] != '\0' && s[n] != '\n'; n++) {
		digit = strchr(digits, s[n] | 0x20);
		if (digit == NULL || s[n] < '0')
			return FG_ERR_FORMAT;
		if (n == 8)
			return FG_ERR_LIMIT;
		v = v << 4 | (uint32_t)(digit - digits);
	}
	*ret_v = v;
	return n > 0 ? 0 : FG_ERR_FORMAT;
}

/* The kernel's word as it stands: a server of files may not answer. */
static bool
look_up(int folder, const char *path, int flags, struct statx *ret_st)
{
	return statx(folder, path, flags | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		   STATX_TYPE | STATX_INO, ret_st) == 0 &&
	    (ret_st->stx_mask & STATX_INO) != 0 && S_ISREG(ret_st->stx_mode);
}

bool
place_is_program(int folder, const char *path)
{
	struct statx runs, here;

	return path[0] == '/' &&
	    look_up(place_folder(), path + 1, AT_SYMLINK_NOFOLLOW, &here) &&
	    look_up(folder, "exe", 0, &runs) && runs.stx_ino == here.stx_ino &&
	    runs.stx_dev_major == here.stx_dev_major &&
	    runs.stx_dev_minor == here.stx_dev_minor;
}
