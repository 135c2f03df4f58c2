/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading and replacing a service's file. The new one is written beside it
 * under a name that libpam takes for no service, and renamed over it.
 */
#include "ctl/rollout/stackfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "policyd/disk.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/msg.h"
#include "proto/result.h"

#define XATTRS_MAX 4096u /* of all names, and of one value */

bool
stackfile_is_service(const char *service)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.@+";
	size_t len = strlen(service);

	if (len == 0 || len > FG_SERVICE_MAX || service[0] == '.' ||
	    strspn(service, plain) != len) {
		ctl_complain("\"%s\" is no service's name; name a file of "
			     "/etc/pam.d",
		    service);
		return false;
	}
	if (strncmp(service, "common-", 7) == 0 ||
	    strcmp(service, "other") == 0) {
		ctl_complain("%s is part of every service that includes it, "
			     "cron among them; name the services themselves",
		    service);
		return false;
	}
	return true;
}

const char *
stackfile_path(const char *service, char buf[STACKFILE_PATH_MAX])
{
	(void)text_format(buf, STACKFILE_PATH_MAX, "%s/%s", STACK_CONFDIR,
	    service);
	return buf;
}

int
stackfile_read(const char *service, char **ret_bytes, size_t *ret_len)
{
	char path[STACKFILE_PATH_MAX];
	const char *why = NULL;
	int r;

	r = safeopen_read(stackfile_path(service, path), STACKFILE_MAX,
	    ret_bytes, ret_len, &why);
	if (r == 0)
		return CTL_OK;
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		return CTL_NO;
	ctl_complain("%s: %s", path, why != NULL ? why : text_error(r));
	return CTL_ERROR;
}

/* ---- replacing --------------------------------------------------------- */

#define BESIDE_MAX (STACKFILE_PATH_MAX + 16)
#define FRESH	   "new"
#define KEPT	   "before"
#define EDITED	   "edited"

/* Its name begins with a dot, as no service's does. */
static const char *
beside_path(const char *service, const char *what, char buf[BESIDE_MAX])
{
	(void)text_format(buf, BESIDE_MAX, "%s/.%s.farmgate-%s", STACK_CONFDIR,
	    service, what);
	return buf;
}

static void
remove_beside(const char *service, const char *what)
{
	char path[BESIDE_MAX];

	(void)unlink(beside_path(service, what, path)); /* there may be none */
}

static bool
is_leftover(const char *name)
{
	const char *end = strstr(name, ".farmgate-");

	return name[0] == '.' && end != NULL &&
	    (strcmp(end, ".farmgate-" FRESH) == 0 ||
		strcmp(end, ".farmgate-" KEPT) == 0);
}

void
stackfile_sweep(void)
{
	const struct dirent *e;
	DIR *dir = opendir(STACK_CONFDIR);

	if (dir == NULL)
		return; /* they belong to no service */
	while ((e = readdir(dir)) != NULL)
		if (is_leftover(e->d_name))
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	(void)closedir(dir); /* was only read */
}

/* Signatures of the old bytes. */
static bool
is_of_content(const char *name)
{
	return strcmp(name, "security.ima") == 0 ||
	    strcmp(name, "security.evm") == 0;
}

/*
 * As far as that may be done here: a stack without its label is worth more than
 * one that lets nobody in.
 */
static void
copy_attributes(int from, int to)
{
	char names[XATTRS_MAX], value[XATTRS_MAX], *name;
	ssize_t all, len;

	all = flistxattr(from, names, sizeof(names));
	for (name = names; name < names + all; name += strlen(name) + 1) {
		len = fgetxattr(from, name, value, sizeof(value));
		if (len >= 0 && !is_of_content(name))
			(void)fsetxattr(to, name, value, (size_t)len, 0);
	}
}

/* As the old one is, down to the label that confines who may read it. */
static int
copy_nature(const char *path, int to)
{
	int from = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r = -1;
	struct stat st;

	if (from == -1)
		return -1;
	if (fstat(from, &st) == 0 && fchown(to, st.st_uid, st.st_gid) == 0)
		r = fchmod(to, st.st_mode & 07777);
	if (r == 0)
		copy_attributes(from, to);
	(void)close(from); /* only read */
	return r;
}

static int
write_beside(const char *path, const char *fresh, const char *bytes, size_t len)
{
	int fd, r;

	(void)unlink(fresh); /* of one that was interrupted */
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return -1;
	r = disk_write(fd, bytes, len);
	if (r == 0)
		r = copy_nature(path, fd);
	if (r == 0)
		r = fsync(fd);
	(void)close(fd); /* synced, or not wanted */
	return r;
}

int
stackfile_keep(const char *service, const char *bytes, size_t len)
{
	char path[STACKFILE_PATH_MAX], kept[BESIDE_MAX];

	(void)stackfile_path(service, path);
	(void)beside_path(service, KEPT, kept);
	if (write_beside(path, kept, bytes, len) == 0 &&
	    disk_sync_folder_of(path) == 0)
		return CTL_OK;
	ctl_complain("%s: %m; nothing was changed", kept);
	(void)unlink(kept);
	return CTL_ERROR;
}

int
stackfile_put_back(const char *service)
{
	char path[STACKFILE_PATH_MAX], kept[BESIDE_MAX];

	if (rename(beside_path(service, KEPT, kept),
		stackfile_path(service, path)) != 0)
		return FG_ERR_SYSTEM;
	return disk_sync_folder_of(path);
}

int
stackfile_exchange(const char *service)
{
	char path[STACKFILE_PATH_MAX], kept[BESIDE_MAX], edited[BESIDE_MAX];

	(void)stackfile_path(service, path);
	(void)beside_path(service, KEPT, kept);
	(void)beside_path(service, EDITED, edited);
	if (renameat2(AT_FDCWD, kept, AT_FDCWD, path, RENAME_EXCHANGE) != 0 ||
	    rename(kept, edited) != 0)
		return FG_ERR_SYSTEM;
	ctl_complain("%s: what was there is kept as %s", path, edited);
	return disk_sync_folder_of(path);
}

/* Whoever edits it at this moment must not lose that. */
static bool
is_still(const char *service, const char *bytes, size_t len)
{
	char *now = NULL;
	size_t now_len;
	bool same;

	if (stackfile_read(service, &now, &now_len) != CTL_OK)
		return false;
	same = now_len == len && memcmp(now, bytes, len) == 0;
	free(now);
	return same;
}

int
stackfile_replace(const char *service, const char *before, size_t before_len,
    const char *after, size_t after_len)
{
	char path[STACKFILE_PATH_MAX], fresh[BESIDE_MAX];
	int r;

	(void)stackfile_path(service, path);
	(void)beside_path(service, FRESH, fresh);
	r = write_beside(path, fresh, after, after_len);
	if (r == 0 && !is_still(service, before, before_len)) {
		ctl_complain("%s has changed meanwhile; nothing was written, "
			     "try again",
		    path);
		remove_beside(service, FRESH);
		return CTL_ERROR;
	}
	if (r == 0)
		r = rename(fresh, path);
	if (r == 0)
		r = disk_sync_folder_of(path);
	if (r == 0)
		return CTL_OK;
	ctl_complain("%s: %m", path);
	remove_beside(service, FRESH);
	return CTL_ERROR;
}
