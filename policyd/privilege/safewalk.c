/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way to a file that decides about logins. Whoever can rename one of its
 * folders, or make a link among them, decides in its place: each is checked,
 * and held open while the next name is looked up in it. Nothing here reads.
 */
#include "policyd/privilege/safewalk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

#define SAFEWALK_LINKS_MAX 16 /* symbolic links on the way to a file */
#define SAFEWALK_WHY_SIZE  640

static bool only_root;
static char why_text[SAFEWALK_WHY_SIZE];

void
safeopen_only_root(void)
{
	only_root = true;
}

bool
safewalk_owner_is_safe(uid_t uid)
{
	return uid == 0 || (!only_root && uid == geteuid());
}

/* A text of three parts. */
static int
refuse(const char **ret_why, const char *before, const char *name,
    const char *after)
{
	(void)snprintf(why_text, sizeof(why_text), "%s %.400s%s", before, name,
	    after);
	*ret_why = why_text;
	return FG_ERR_UNSAFE;
}

static int
refuse_owner(const char *folder, const char **ret_why)
{
	return refuse(ret_why, "is below", folder,
	    ", which belongs to another user; give that folder to root with "
	    "chown root");
}

/* Root's as well: the folder's owner could have put it in another's place. */
static int
refuse_guest(const char *folder, const char **ret_why)
{
	(void)snprintf(why_text, sizeof(why_text),
	    "is below %.250s and belongs to another user than that folder; "
	    "give it to the same one with chown --reference=%.250s",
	    folder, folder);
	*ret_why = why_text;
	return FG_ERR_UNSAFE;
}

int
safewalk_check_owner(const struct safewalk *w, uid_t uid, const char **ret_why)
{
	if (w->owned && w->owner != uid)
		return refuse_guest(w->owned_name, ret_why);
	if (w->shared && !safewalk_owner_is_safe(uid))
		return refuse(ret_why, "is in", w->name,
		    ", where anybody could have put it; move it to a folder "
		    "that belongs to root");
	return 0;
}

/*
 * A stranger's folder may hold the stranger's own file; see safeopen(). In a
 * folder for everybody, like /tmp, that would be anyone's who comes first.
 */
static bool
note_owner(struct safewalk *w, uid_t uid)
{
	if (safewalk_owner_is_safe(uid))
		return true;
	if (!w->any_owner || w->shared || (w->owned && w->owner != uid))
		return false;
	w->owned = true;
	w->owner = uid;
	memcpy(w->owned_name, w->name, sizeof(w->owned_name));
	return true;
}

/* Whoever can rename things in this folder decides what is found there. */
static int
check_folder(struct safewalk *w, const char **ret_why)
{
	struct stat st;

	if (fstat(w->dir, &st) != 0)
		return FG_ERR_SYSTEM;
	if (!note_owner(w, st.st_uid))
		return refuse_owner(w->name, ret_why);
	w->roots = st.st_uid == 0;
	w->shared = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
	if (w->shared && (st.st_mode & S_ISVTX) == 0)
		return refuse(ret_why, "is below", w->name,
		    ", which others can write; take the right away with "
		    "chmod go-w");
	return 0;
}

/* Take fd, a folder by the name of part, as the one that was reached. */
static int
enter_folder(struct safewalk *w, int fd, const char *part, const char **ret_why)
{
	size_t len = strlen(w->name);

	(void)close(w->dir); /* O_PATH: nothing to lose */
	w->dir = fd;
	if (len > 0 && w->name[len - 1] == '/')
		len--;
	if (len + 1 + strlen(part) >= sizeof(w->name)) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	(void)snprintf(w->name + len, sizeof(w->name) - len, "/%s", part);
	return check_folder(w, ret_why);
}

static int
open_folder(int at, const char *name)
{
	return openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* "/" or ".". */
static int
start_at(struct safewalk *w, const char *name, const char **ret_why)
{
	if (w->dir != -1)
		(void)close(w->dir); /* O_PATH: nothing to lose */
	w->shared = false;
	(void)snprintf(w->name, sizeof(w->name), "%s", name);
	w->dir = open_folder(AT_FDCWD, name);
	return w->dir == -1 ? FG_ERR_SYSTEM : check_folder(w, ret_why);
}

/* A relative path: everything above the current folder counts as well. */
static int
start_here(struct safewalk *w, const char **ret_why)
{
	struct stat now, above;
	int fd, r;

	if ((r = start_at(w, ".", ret_why)) != 0)
		return r;
	for (;;) {
		if ((fd = open_folder(w->dir, "..")) == -1)
			return FG_ERR_SYSTEM;
		if (fstat(w->dir, &now) != 0 || fstat(fd, &above) != 0) {
			(void)close(fd);
			return FG_ERR_SYSTEM;
		}
		if (now.st_dev == above.st_dev && now.st_ino == above.st_ino)
			break;
		if ((r = enter_folder(w, fd, "..", ret_why)) != 0)
			return r;
	}
	(void)close(fd);
	return start_at(w, ".", ret_why);
}

/* The way goes on where the link points to, and then as it did. */
static int
turn_off(struct safewalk *w, int link, const char **ret_why)
{
	char target[PATH_MAX];
	size_t left = strlen(w->rest);
	ssize_t n;

	n = readlinkat(link, "", target, sizeof(target));
	if (n == -1)
		return FG_ERR_SYSTEM;
	if ((size_t)n + 1 + left >= sizeof(w->rest)) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	memmove(w->rest + n + 1, w->rest, left + 1);
	memcpy(w->rest, target, (size_t)n);
	w->rest[n] = '/';
	return n > 0 && target[0] == '/' ? start_at(w, "/", ret_why) : 0;
}

/*
 * A link is followed if only root can have made it: a link of root's in a
 * folder of somebody else may have been moved or hard-linked there.
 */
static int
follow_link(struct safewalk *w, const char *part, const char **ret_why)
{
	char name[2 * PATH_MAX];
	struct stat st;
	int fd, r;

	fd = openat(w->dir, part, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	(void)snprintf(name, sizeof(name), "%s/%s",
	    strcmp(w->name, "/") == 0 ? "" : w->name, part);
	if (fstat(fd, &st) != 0) {
		r = FG_ERR_SYSTEM;
	} else if (!S_ISLNK(st.st_mode)) {
		errno = ENOTDIR;
		r = FG_ERR_SYSTEM;
	} else if (st.st_uid != 0 || !w->roots || w->shared) {
		r = refuse(ret_why, "is behind the symbolic link", name,
		    ", which another user than root can have made; name the "
		    "folder that it means");
	} else if (++w->links > SAFEWALK_LINKS_MAX) {
		r = refuse(ret_why, "is behind too many symbolic links, as",
		    name, "; name the folder that they mean");
	} else {
		r = turn_off(w, fd, ret_why);
	}
	(void)close(fd);
	return r;
}

/* Take the next name off the rest; "" at its end. */
static int
next_part(struct safewalk *w, char part[NAME_MAX + 1])
{
	size_t skip = strspn(w->rest, "/");
	size_t len = strcspn(w->rest + skip, "/");

	if (len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	memcpy(part, w->rest + skip, len);
	part[len] = '\0';
	memmove(w->rest, w->rest + skip + len,
	    strlen(w->rest + skip + len) + 1);
	return 0;
}

static int
walk_on(struct safewalk *w, const char **ret_why)
{
	char part[NAME_MAX + 1];
	int fd, r;

	for (;;) {
		if ((r = next_part(w, part)) != 0 || part[0] == '\0')
			return r;
		if (strcmp(part, ".") == 0)
			continue;
		fd = open_folder(w->dir, part);
		if (fd != -1)
			r = enter_folder(w, fd, part, ret_why);
		else if (errno == ENOTDIR || errno == ELOOP)
			r = follow_link(w, part, ret_why);
		else
			r = FG_ERR_SYSTEM;
		if (r != 0)
			return r;
	}
}

int
safewalk_to_folder(struct safewalk *w, const char *path, const char **ret_why)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);
	int r;

	if (len >= sizeof(w->rest)) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	memcpy(w->rest, path, len);
	w->rest[len] = '\0';
	r = path[0] == '/' ? start_at(w, "/", ret_why) : start_here(w, ret_why);
	return r != 0 ? r : walk_on(w, ret_why);
}
