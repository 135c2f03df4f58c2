/* SPDX-License-Identifier: BSD-2-Clause */
/* Whoever can write a hook acts as its user: that has to be root alone. */
#include "policyd/hooks/hook_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FILE_MAX ((size_t)1 << 30) /* programs are smaller */

int
hook_file_find(const char *folder, const char *name, char *path, size_t size,
    const char **ret_why)
{
	struct stat st;
	size_t len;
	int fd, r;

	*ret_why = NULL;
	if ((r = text_format(path, size, "%s/%s", folder, name)) != 0)
		return r;
	r = safeopen(path, FILE_MAX, 0, &fd, &len, ret_why);
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		return FG_ERR_NOT_FOUND;
	if (r != 0)
		return r;
	r = fstat(fd, &st) == 0 ? 0 : FG_ERR_SYSTEM;
	(void)close(fd); /* it was only looked at */
	if (r == 0 && (st.st_mode & 0005) != 0005) {
		*ret_why = "is not for everybody to read and execute; "
			   "chmod 0755 it";
		return FG_ERR_UNSAFE;
	}
	return r;
}
