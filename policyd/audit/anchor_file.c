/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines at the end of a file that others may rename, remove or fill up.
 */
#include "policyd/audit/anchor_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/audit/anchor.h"
#include "policyd/audit/audit_chain.h"
#include "policyd/text.h"
#include "proto/result.h"

struct anchor_file {
	char *path;
	int fd; /* -1: it has to be opened again */
	bool torn; /* it may end within a line */
};

static void
let_go(struct anchor_file *file)
{
	if (file->fd != -1)
		(void)close(file->fd); /* what was written, was */
	file->fd = -1;
}

/* Rotated, removed, or on a disk that is another one by now. */
static bool
is_in_place(const struct anchor_file *file)
{
	struct stat st, there;

	return file->fd != -1 && fstat(file->fd, &st) == 0 &&
	    fstatat(AT_FDCWD, file->path, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_dev == there.st_dev && st.st_ino == there.st_ino;
}

static bool
ends_within_a_line(int fd)
{
	struct stat st;
	char last = '\n';

	if (fstat(fd, &st) != 0 || st.st_size == 0)
		return false;
	return pread(fd, &last, 1, st.st_size - 1) != 1 || last != '\n';
}

static int
open_file(struct anchor_file *file)
{
	int r;

	if (is_in_place(file))
		return 0;
	let_go(file);
	if ((r = audit_file_open(file->path, &file->fd)) == 0)
		file->torn = ends_within_a_line(file->fd);
	return r;
}

int
anchor_file_new(const char *path, struct anchor_file **ret_file)
{
	struct anchor_file *file;

	*ret_file = NULL;
	if ((file = calloc(1, sizeof(*file))) == NULL)
		return FG_ERR_NOMEM;
	file->fd = -1;
	if ((file->path = strdup(path)) == NULL) {
		free(file);
		return FG_ERR_NOMEM;
	}
	(void)open_file(file); /* tried again with the first line */
	*ret_file = file;
	return 0;
}

void
anchor_file_free(struct anchor_file *file)
{
	if (file == NULL)
		return;
	let_go(file);
	free(file->path);
	free(file);
}

int
anchor_file_add(struct anchor_file *file, const char *text)
{
	char line[ANCHOR_TEXT_SIZE + 2];
	ssize_t n;
	size_t len;
	int r;

	if ((r = open_file(file)) != 0)
		return r;
	if ((r = text_format(line, sizeof(line), "%s%s\n",
		 file->torn ? "\n" : "", text)) != 0)
		return r;
	len = strlen(line);
	do
		n = write(file->fd, line, len);
	while (n == -1 && errno == EINTR);
	if (n == (ssize_t)len) {
		file->torn = false;
		return 0;
	}
	if (n > 0) {
		file->torn = line[n - 1] != '\n';
		errno = ENOSPC; /* a short write has no errno of its own */
	}
	return FG_ERR_SYSTEM;
}
