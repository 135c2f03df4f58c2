/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What there is at all, remembered, so that a login does not look for people
 * and exceptions of which there are none. And the memory that there was an
 * inventory, outside of the database that had it: when that one is moved aside,
 * nobody must be taken for unlisted.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

static int
any_exception(const struct store_exception *e, void *arg)
{
	(void)e;
	*(bool *)arg = true;
	return 1;
}

static int
look(struct store *store, struct store_outline *ret_outline)
{
	uint64_t generation;
	int64_t at_s;
	size_t n;
	int r;

	memset(ret_outline, 0, sizeof(*ret_outline));
	if ((r = store_people_count(store, &n)) != 0)
		return r;
	ret_outline->people = n > 0;
	r = store_people_generation(store, &generation, &at_s);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	ret_outline->lost = r != 0 && store_file_had_people(&store->files);
	return store_exceptions_each(store, NULL, true, 0, any_exception,
	    &ret_outline->exceptions);
}

int
store_outline(struct store *store, struct store_outline *ret_outline)
{
	int r;

	if (!store->outlined) {
		if ((r = look(store, &store->outline)) != 0)
			return r;
		store->outlined = true;
	}
	*ret_outline = store->outline;
	return 0;
}

void
store_changed(struct store *store)
{
	store->outlined = false;
}
