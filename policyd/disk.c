/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing whole, and syncing what holds a name. Nothing is kept open.
 */
#include "policyd/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define PATH_SIZE 4096u

int
disk_write(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int
disk_sync_folder_of(const char *path)
{
	char folder[PATH_SIZE];
	const char *slash = strrchr(path, '/');
	int fd, r = 0;

	if (slash == NULL)
		r = text_format(folder, sizeof(folder), ".");
	else
		r = text_format(folder, sizeof(folder), "%.*s",
		    (int)(slash - path) + 1, path);
	if (r != 0) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if (fsync(fd) == -1)
		r = FG_ERR_SYSTEM;
	(void)close(fd); /* was only read; keeps errno, as it is open */
	return r;
}
