/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass: its file, opened so that nobody but root has a say in it, and
 * read line by line through a small buffer.
 */
#include "proto/glass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/result.h"

#define GLASS_NAME_MAX 255u

static const char too_long[] = "it is longer than 65536 bytes";

static bool
is_safe(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int
missing_or_system(void)
{
	return errno == ENOENT ? FG_ERR_NOT_FOUND : FG_ERR_SYSTEM;
}

/* The folder that fd is; whose files only their owner can exchange. */
static int
check_folder(struct fg_glass *glass, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return FG_ERR_SYSTEM;
	if (is_safe(&st) || (st.st_uid == 0 && (st.st_mode & S_ISVTX) != 0))
		return 0;
	glass->why = "a folder on its path is not root's, or others may "
		     "write it; chown root and chmod go-w it";
	return FG_ERR_UNSAFE;
}

/*
 * The next name of *path, which moves behind it. False if it is too long; an
 * empty name is the end.
 */
static bool
next_name(const char **path, char name[GLASS_NAME_MAX + 1])
{
	const char *p = *path;
	size_t n = 0;

	while (*p == '/')
		p++;
	while (*p != '\0' && *p != '/' && n < GLASS_NAME_MAX)
		name[n++] = *p++;
	name[n] = '\0';
	*path = p;
	return *p == '\0' || *p == '/';
}

/* From dir, which is closed, to a folder in it. */
static int
step(struct fg_glass *glass, int *dir, const char *name)
{
	int fd, r;

	fd = openat(*dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd != -1) {
		r = check_folder(glass, fd);
	} else if (errno == ENOTDIR) {
		glass->why = "a folder on its path is a symbolic link, or no "
			     "folder; put a folder there";
		r = FG_ERR_UNSAFE;
	} else {
		r = missing_or_system();
	}
	(void)close(*dir); /* only looked through */
	*dir = fd;
	return r;
}

/*
 * The folder that holds the last name of path, and that name. *ret_dir is -1
 * or the caller's, also after an error.
 */
static int
find_folder(struct fg_glass *glass, const char *path, int *ret_dir,
    char name[GLASS_NAME_MAX + 1])
{
	int r;

	*ret_dir = -1;
	if (path[0] != '/' || !next_name(&path, name) || name[0] == '\0')
		return FG_ERR_FORMAT;
	*ret_dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_dir == -1)
		return FG_ERR_SYSTEM;
	if ((r = check_folder(glass, *ret_dir)) != 0)
		return r;
	while (*path != '\0') {
		if ((r = step(glass, ret_dir, name)) != 0)
			return r;
		if (!next_name(&path, name) || name[0] == '\0')
			return FG_ERR_FORMAT;
	}
	return 0;
}

static int
check_file(struct fg_glass *glass)
{
	struct stat st;

	if (fstat(glass->fd, &st) != 0)
		return FG_ERR_SYSTEM;
	if (!S_ISREG(st.st_mode)) {
		glass->why = "it is no regular file";
		return FG_ERR_UNSAFE;
	}
	if (!is_safe(&st)) {
		glass->why = "it is not root's, or others may write it; chown "
			     "root and chmod 0600 it";
		return FG_ERR_UNSAFE;
	}
	if (st.st_size > (off_t)FG_GLASS_FILE_MAX) {
		glass->why = too_long;
		return FG_ERR_LIMIT;
	}
	return 0;
}

int
fg_glass_open(struct fg_glass *glass, const char *path)
{
	char name[GLASS_NAME_MAX + 1];
	int dir, r;

	memset(glass, 0, sizeof(*glass));
	glass->fd = -1;
	if ((r = find_folder(glass, path, &dir, name)) != 0)
		goto out;
	glass->fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (glass->fd != -1) {
		r = check_file(glass);
	} else if (errno == ELOOP) {
		glass->why = "it is a symbolic link";
		r = FG_ERR_UNSAFE;
	} else {
		r = missing_or_system();
	}
out:
	if (dir != -1)
		(void)close(dir); /* only looked through */
	if (r != 0)
		fg_glass_close(glass);
	return r;
}

void
fg_glass_close(struct fg_glass *glass)
{
	int saved = errno;

	if (glass->fd != -1)
		(void)close(glass->fd); /* it was only read */
	glass->fd = -1;
	errno = saved;
}

/* More bytes, behind those that are still to be taken. 0 of them is the end. */
static int
fill(struct fg_glass *glass, size_t *ret_n)
{
	ssize_t n;

	memmove(glass->buf, glass->buf + glass->at, glass->used - glass->at);
	glass->used -= glass->at;
	glass->at = 0;
	*ret_n = 0;
	do
		n = read(glass->fd, glass->buf + glass->used,
		    sizeof(glass->buf) - glass->used);
	while (n == -1 && errno == EINTR);
	if (n < 0)
		return FG_ERR_SYSTEM;
	*ret_n = (size_t)n;
	glass->used += (size_t)n;
	glass->total += (size_t)n;
	if (glass->total <= FG_GLASS_FILE_MAX)
		return 0;
	glass->why = too_long;
	return FG_ERR_LIMIT;
}

/*
 * The next line in place, ended by a NUL; of one that is too long, the parts
 * are dropped up to its end. FG_ERR_NOT_FOUND at the end.
 */
static int
take_line(struct fg_glass *glass, char **ret_line, size_t *ret_len)
{
	bool is_cut = false;
	char *start, *end;
	size_t n = 1;
	int r;

	for (;;) {
		start = glass->buf + glass->at;
		end = memchr(start, '\n', glass->used - glass->at);
		if (end != NULL || (n == 0 && glass->used > glass->at))
			break;
		if (n == 0)
			return is_cut ? FG_ERR_FORMAT : FG_ERR_NOT_FOUND;
		if (glass->used - glass->at == sizeof(glass->buf)) {
			glass->at = glass->used;
			is_cut = true;
		}
		if ((r = fill(glass, &n)) != 0)
			return r;
	}
	/* There is room for the NUL: a full buffer without an end was cut. */
	if (end == NULL)
		end = glass->buf + glass->used;
	*end = '\0';
	*ret_line = start;
	*ret_len = (size_t)(end - start);
	glass->at = (size_t)(end - glass->buf) + 1;
	if (glass->at > glass->used)
		glass->at = glass->used;
	return is_cut ? FG_ERR_FORMAT : 0;
}

int
fg_glass_next(struct fg_glass *glass, struct fg_glass_entry *ret_entry)
{
	char *line;
	size_t len;
	int r;

	memset(ret_entry, 0, sizeof(*ret_entry));
	do {
		glass->line++;
		r = take_line(glass, &line, &len);
		glass->why = r == FG_ERR_LIMIT ?
		    too_long :
		    "a line has at most 511 bytes, and no NUL";
		if (r == 0 && strlen(line) != len)
			return FG_ERR_FORMAT;
		if (r != 0)
			return r;
		r = fg_glass_parse(line, ret_entry, &glass->why);
	} while (r == FG_ERR_NOT_FOUND);
	return r;
}
