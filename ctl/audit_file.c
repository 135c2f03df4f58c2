/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening the audit file. Its folder is the daemon's own, who therefore decides
 * what stands under that name: whoever took the daemon over must not have root
 * open something else.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"

static const char no_file[] = "is no regular file";

static const char *
why_not(int error)
{
	if (error == ELOOP)
		return no_file;
	if (error == EACCES)
		return "Permission denied; use sudo, or join the file's group";
	return strerror(error);
}

/* Opening alone may do something to a device, and wait at a fifo. */
int
ctl_open_regular(const char *path, const char **ret_why)
{
	struct stat st;
	int fd;

	*ret_why = no_file;
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return -1;
	fd = open(path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		*ret_why = why_not(errno);
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* only read */
		return -1;
	}
	return fd;
}

FILE *
ctl_open_audit(const char *path, const char **ret_why)
{
	FILE *in;
	int fd;

	if ((fd = ctl_open_regular(path, ret_why)) < 0)
		return NULL;
	if ((in = fdopen(fd, "r")) == NULL) {
		*ret_why = strerror(errno);
		(void)close(fd);
	}
	return in;
}

bool
ctl_read_line(FILE *in, char *line, size_t size, size_t *ret_len)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (len < size)
			line[len] = (char)c;
		if (len <= size)
			len++;
	}
	*ret_len = len;
	return c != EOF || len > 0;
}
