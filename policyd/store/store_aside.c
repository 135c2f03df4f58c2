/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Damaged stores that were moved aside, and that nobody but an administrator
 * removes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ASIDE STORE_FILE ".corrupt-"

/* Its log has "-wal" behind the same name. */
static bool
is_one(const char *name)
{
	size_t len = strlen(ASIDE);

	return strncmp(name, ASIDE, len) == 0 &&
	    strchr(name + len, '-') == NULL && strlen(name) < STORE_ASIDE_SIZE;
}

int
store_set_aside(const struct store *store, size_t max,
    char (*ret_names)[STORE_ASIDE_SIZE], size_t *ret_n)
{
	struct dirent *entry;
	DIR *folder;
	int fd;

	*ret_n = 0;
	fd = openat(store->files.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((folder = fdopendir(fd)) == NULL) {
		(void)close(fd); /* read only */
		return FG_ERR_SYSTEM;
	}
	while ((entry = readdir(folder)) != NULL)
		if (is_one(entry->d_name) && (*ret_n)++ < max)
			(void)text_copy(ret_names[*ret_n - 1], STORE_ASIDE_SIZE,
			    entry->d_name); /* it fits */
	(void)closedir(folder);
	return 0;
}
