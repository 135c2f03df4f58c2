/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory that there was an inventory, outside of the database that had it:
 * when that one is moved aside, nobody must be taken for unlisted.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

#define HAD_FILE STORE_FILE ".people"

int
store_file_remember_people(struct store_files *f)
{
	int fd;

	fd = openat(f->dir, HAD_FILE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	(void)close(fd); /* nothing was written */
	return store_file_sync(f);
}

/* What cannot be looked at counts as there. */
bool
store_file_had_people(const struct store_files *f)
{
	struct stat st;

	return fstatat(f->dir, HAD_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT;
}

int
store_people_lost(struct store *store, bool *ret_lost)
{
	uint64_t generation;
	int64_t at_s;
	int r;

	*ret_lost = true;
	r = store_people_generation(store, &generation, &at_s);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	*ret_lost = r != 0 && store_file_had_people(&store->files);
	return 0;
}
