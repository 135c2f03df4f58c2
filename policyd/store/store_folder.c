/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store's folder: whose it is, and what the files in it are called. SQLite
 * opens by name: what makes that safe is that nobody but the daemon's own user
 * can put anything into the folder, and nobody but root and that user can put
 * another folder in its place. And the marks in it that outlive a database.
 */
#include "policyd/store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policyd/privilege/safewalk.h"
#include "policyd/store/store.h"
#include "policyd/text.h"
#include "proto/result.h"

int
store_file_why(struct store_files *f, int result, const char *text)
{
	(void)text_copy(f->why, sizeof(f->why), text);
	return result;
}

const char *
store_file_said(const struct store_files *f)
{
	static char why[STORE_WHY_SIZE];

	memcpy(why, f->why, sizeof(why));
	return why[0] == '\0' ? NULL : why;
}

static int
check_folder(struct store_files *f, const struct safewalk *w)
{
	const char *text;
	struct stat st;

	if (fstat(f->dir, &st) != 0)
		return FG_ERR_SYSTEM;
	if (st.st_uid != geteuid())
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the state folder belongs to another user; give it to the "
		    "daemon's user with chown");
	if ((st.st_mode & 07077) != 0)
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the state folder is open to others; take the rights away "
		    "with chmod 700");
	if (safewalk_check_owner(w, st.st_uid, &text) != 0)
		return store_file_why(f, FG_ERR_UNSAFE, text);
	return 0;
}

/* The name that the kernel has for what was checked: no links are in it. */
static int
name_files(struct store_files *f)
{
	char link[64], folder[PATH_MAX];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", f->dir);
	n = readlink(link, folder, sizeof(folder) - 1);
	if (n == -1)
		return FG_ERR_SYSTEM;
	folder[n] = '\0';
	if (folder[0] != '/' ||
	    text_format(f->path, sizeof(f->path), "%s/%s", folder,
		STORE_FILE) != 0 ||
	    text_format(f->fresh, sizeof(f->fresh), "%s/%s", folder,
		STORE_FRESH_FILE) != 0 ||
	    text_format(f->stage, sizeof(f->stage), "%s/%s", folder,
		STORE_STAGE_FILE) != 0) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	return 0;
}

int
store_file_folder(struct store_files *f, const char *folder)
{
	struct safewalk w = { .dir = -1, .any_owner = 1 };
	char below[PATH_MAX];
	const char *text = "";
	int r;

	if (text_format(below, sizeof(below), "%s/%s", folder, STORE_FILE) !=
	    0) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	r = safewalk_to_folder(&w, below, &text);
	f->dir = w.dir;
	if (r == FG_ERR_UNSAFE)
		return store_file_why(f, r, text);
	if (r != 0 || (r = check_folder(f, &w)) != 0)
		return r;
	return name_files(f);
}

int
store_file_remember(struct store_files *f, const char *mark)
{
	int fd;

	fd = openat(f->dir, mark,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	(void)close(fd); /* nothing was written */
	return store_file_sync(f);
}

bool
store_file_remembers(const struct store_files *f, const char *mark)
{
	int saved = errno;
	struct stat st;
	bool has;

	has = fstatat(f->dir, mark, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT;
	errno = saved;
	return has;
}
