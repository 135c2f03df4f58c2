/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files themselves. What is in one is nothing to this.
 */
#include "policyd/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define OWN "chown it to the user that the daemon runs as, and chmod 0600 it"

int
secret_file_refuse(const struct secret_file *file, int r, const char *what)
{
	(void)text_format(file->why, SECRET_FILE_WHY_SIZE, "%s/%s %s",
	    file->folder, file->name, what);
	return r;
}

static int
refuse_system(const struct secret_file *file)
{
	int saved = errno;

	(void)text_format(file->why, SECRET_FILE_WHY_SIZE, "%s/%s: %s",
	    file->folder, file->name, strerror(saved));
	errno = saved;
	return FG_ERR_SYSTEM;
}

/* Behind it, what to do. */
static int
refuse_more(const struct secret_file *file, int r, const char *what,
    const char *more)
{
	char text[SECRET_FILE_WHY_SIZE];

	(void)text_format(text, sizeof(text), "%s%s", what, more);
	return secret_file_refuse(file, r, text);
}

static int
refuse_size(const struct secret_file *file)
{
	char text[SECRET_FILE_WHY_SIZE];

	(void)text_format(text, sizeof(text), "has not %zu bytes; %s",
	    file->size, file->lost);
	return secret_file_refuse(file, FG_ERR_FORMAT, text);
}

static int
open_folder(const struct secret_file *file)
{
	return open(file->folder,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- reading ------------------------------------------------------------ */

static int
check(const struct secret_file *file, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse_system(file);
	if (!S_ISREG(st.st_mode))
		return refuse_more(file, FG_ERR_UNSAFE, "is no file; ",
		    file->lost);
	if (st.st_uid != geteuid())
		return secret_file_refuse(file, FG_ERR_UNSAFE,
		    "belongs to somebody else; " OWN);
	if ((st.st_mode & 07177) != 0)
		return refuse_more(file, FG_ERR_UNSAFE,
		    "can be used by others than the daemon; chmod 0600 it, or "
		    "if somebody may have read it ",
		    file->exposed);
	if (st.st_size != (off_t)file->size)
		return refuse_size(file);
	return 0;
}

static int
open_file(const struct secret_file *file, int dir, int *ret_fd)
{
	*ret_fd = openat(dir, file->name,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (*ret_fd != -1)
		return 0;
	if (errno == ENOENT)
		return FG_ERR_NOT_FOUND;
	if (errno == ELOOP)
		return secret_file_refuse(file, FG_ERR_UNSAFE,
		    "is a symbolic link; put the file itself there");
	if (errno == EACCES)
		return secret_file_refuse(file, FG_ERR_UNSAFE,
		    "cannot be read; " OWN);
	return refuse_system(file);
}

int
secret_file_load(const struct secret_file *file, void *bytes)
{
	int dir, fd = -1, r, saved;

	if ((dir = open_folder(file)) == -1)
		return refuse_system(file);
	if ((r = open_file(file, dir, &fd)) == 0 &&
	    (r = check(file, fd)) == 0 &&
	    read(fd, bytes, file->size) != (ssize_t)file->size)
		r = refuse_system(file);
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* read only */
	(void)close(dir); /* likewise */
	errno = saved;
	return r;
}

/* ---- making ------------------------------------------------------------- */

static int
write_fresh(const struct secret_file *file, int dir, const void *bytes)
{
	int fd, r;

	if (unlinkat(dir, file->fresh, 0) != 0 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	fd = openat(dir, file->fresh,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = disk_write(fd, bytes, file->size)) == 0 && fsync(fd) != 0)
		r = FG_ERR_SYSTEM;
	if (close(fd) != 0 && r == 0)
		r = FG_ERR_SYSTEM;
	return r;
}

int
secret_file_make(const struct secret_file *file, const void *bytes)
{
	int dir, r = 0, saved;

	if ((dir = open_folder(file)) == -1)
		return refuse_system(file);
	if (write_fresh(file, dir, bytes) != 0 ||
	    renameat2(dir, file->fresh, dir, file->name, RENAME_NOREPLACE) !=
		0 ||
	    fsync(dir) != 0)
		r = refuse_system(file);
	saved = errno;
	(void)close(dir); /* it was synced */
	errno = saved;
	return r;
}
