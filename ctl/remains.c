/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass, lingering services, jobs of cron and at, keys, and processes of
 * an account.
 * The user's own folder is looked at without following anything in it.
 */
#include "ctl/remains.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/pam/guarded.h"
#include "policyd/text.h"
#include "proto/glass.h"
#include "proto/result.h"

#define SETTLE_US     200000 /* until what was just killed has gone */
#define LINGER_FOLDER "/var/lib/systemd/linger"
#define CRON_FOLDER   "/var/spool/cron/crontabs"
#define AT_FOLDER     "/var/spool/cron/atjobs"
#define NAMES_SIZE    200u

struct account {
	const char *user;
	uid_t uid;
	const char *home;
	struct json *list;
};

static void __attribute__((format(printf, 4, 5))) found(const struct account *a,
    const char *what, const char *where, const char *fmt, ...)
{
	struct json *json = json_add_object(a->list);
	char next[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(next, sizeof(next), fmt, ap);
	va_end(ap);
	json_set_string(json, "what", what);
	json_set_untrusted(json, "where", where);
	json_set_untrusted(json, "next", next);
}

/* There, not there, or nobody may say: then it is told as well. */
static bool
is_there(const struct account *a, int dir, const char *name, const char *path,
    const char *what)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	if (errno != ENOENT && errno != ENOTDIR)
		found(a, what, path, "cannot be looked at: %s; use sudo",
		    strerror(errno));
	return false;
}

static void
look_for_file(const struct account *a, const char *folder, const char *what,
    const char *next)
{
	char path[512];

	if (text_format(path, sizeof(path), "%s/%s", folder, a->user) == 0 &&
	    is_there(a, AT_FDCWD, path, path, what))
		found(a, what, path, "%s %s", next, a->user);
}

/* Their names say nothing of whose they are. */
static void
look_for_at_jobs(const struct account *a)
{
	DIR *dir = opendir(AT_FOLDER);
	struct dirent *entry;
	unsigned int n = 0;
	struct stat st;

	if (dir == NULL) {
		(void)is_there(a, AT_FDCWD, AT_FOLDER "/.", AT_FOLDER,
		    "at jobs");
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_uid == a->uid;
	(void)closedir(dir);
	if (n > 0)
		found(a, "at jobs", AT_FOLDER,
		    "%u of them: atq and atrm NUMBER as root", n);
}

/*
 * A folder, or -1. Its owner chooses what it is: one that is a link is told of
 * instead, for it may lead to what only root may know of.
 */
static int
open_folder(const struct account *a, int dir, const char *name,
    const char *path)
{
	struct stat st;
	int fd;

	fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd != -1 || errno == ENOENT)
		return fd;
	if (errno != ENOTDIR && errno != ELOOP)
		found(a, "keys", path, "cannot be looked at: %s; use sudo",
		    strerror(errno));
	else if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		found(a, "keys", path,
		    "is a link, and was not followed: look where it leads");
	return -1;
}

static void
look_for_keys(const struct account *a)
{
	static const char *const names[] = { "authorized_keys",
		"authorized_keys2" };
	char folder[PATH_MAX], path[PATH_MAX];
	int home, ssh = -1;
	size_t i;

	if (text_format(folder, sizeof(folder), "%s/.ssh", a->home) != 0 ||
	    (home = open_folder(a, AT_FDCWD, a->home, a->home)) == -1)
		return;
	ssh = open_folder(a, home, ".ssh", folder);
	(void)close(home); /* an O_PATH descriptor, as the next */
	if (ssh == -1)
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_format(path, sizeof(path), "%s/%s", folder,
			names[i]) == 0 &&
		    is_there(a, ssh, names[i], path, "keys"))
			found(a, "keys", path,
			    "they open nothing while revoked accounts are "
			    "refused; move the file away if it is to stay so");
	(void)close(ssh);
}

static void
look_into_breakglass(const struct account *a, const char *path)
{
	struct fg_glass_entry entry;
	struct fg_glass glass;
	int r;

	r = fg_glass_open(&glass, path);
	if (r == FG_ERR_SYSTEM)
		found(a, "break-glass", path,
		    "cannot be looked at: %s; use sudo", strerror(errno));
	else if (r == FG_ERR_UNSAFE || r == FG_ERR_LIMIT)
		found(a, "break-glass", path,
		    "lets in nobody as it is, and may when that is mended: %s",
		    glass.why);
	while (r == 0) {
		while ((r = fg_glass_next(&glass, &entry)) == FG_ERR_FORMAT)
			continue;
		if (r == 0 && strcmp(entry.user, a->user) == 0)
			found(a, "break-glass", path,
			    "line %u lets %s in while the daemon fails: take "
			    "it out",
			    glass.line, a->user);
	}
	fg_glass_close(&glass);
}

/*
 * Who is in there gets in when nobody can be asked of the revocation. The file
 * is the usual one, or what the gate's lines say.
 */
static void
look_for_breakglass(const struct account *a)
{
	static struct guarded guarded;
	const char *path, *last = FG_GLASS_FILE;
	const struct stack_line *line;
	enum stack_type type;
	size_t i;

	look_into_breakglass(a, last);
	(void)guarded_find(STACK_CONFDIR, NULL, &guarded); /* what it found */
	for (i = 0; i < guarded.n; i++)
		for (type = STACK_ACCOUNT; type <= STACK_SESSION; type++) {
			line = guarded_line(guarded.list[i], type);
			path = line == NULL ? last : guarded_breakglass(line);
			if (strcmp(path, last) != 0 &&
			    strcmp(path, FG_GLASS_FILE) != 0)
				look_into_breakglass(a, path);
			last = path;
		}
	guarded_done(&guarded);
}

/* ---- processes --------------------------------------------------------- */

static void
read_name(int proc, const char *pid, char name[32])
{
	char path[64];
	ssize_t n = -1;
	int fd;

	if (text_format(path, sizeof(path), "%s/comm", pid) == 0 &&
	    (fd = openat(proc, path, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, name, 31);
		(void)close(fd); /* was only read */
	}
	name[n < 0 ? 0 : n] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

/* "tmux: server (812), sleep (900)", as many as fit. */
static void
add_name(char names[NAMES_SIZE], const char *pid, const char *name)
{
	size_t len = strlen(names);

	(void)text_format(names + len, NAMES_SIZE - len, "%s%s (%s)",
	    len == 0 ? "" : ", ", name, pid);
}

static void
look_for_processes(const struct account *a)
{
	char names[NAMES_SIZE] = "", name[32];
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	unsigned int n = 0;
	struct stat st;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    fstatat(dirfd(dir), entry->d_name, &st, 0) != 0 ||
		    st.st_uid != a->uid)
			continue;
		n++;
		read_name(dirfd(dir), entry->d_name, name);
		add_name(names, entry->d_name, name);
	}
	(void)closedir(dir);
	if (n > 0)
		found(a, "processes", names,
		    "%u of them: loginctl terminate-user %s, or pkill -KILL "
		    "-U %u",
		    n, a->user, (unsigned int)a->uid);
}

static void
find(const char *user, struct json *list)
{
	const struct passwd *pw = getpwnam(user);
	struct account a = { .user = user, .list = list };
	char home[PATH_MAX];

	look_for_breakglass(&a);
	if (pw == NULL || strchr(user, '/') != NULL ||
	    text_copy(home, sizeof(home), pw->pw_dir) != 0)
		return;
	a.uid = pw->pw_uid;
	a.home = home;
	look_for_file(&a, LINGER_FOLDER, "lingering services",
	    "loginctl disable-linger");
	look_for_file(&a, CRON_FOLDER, "cron jobs", "crontab -r -u");
	look_for_at_jobs(&a);
	look_for_keys(&a);
	if (a.uid != 0)
		look_for_processes(&a);
}

const struct json *
remains_add(struct json *report, const struct json *accounts)
{
	struct json *list = json_set_array(report, "remains");
	size_t i;

	if (json_get_int(report, "ended", 0) > 0)
		(void)usleep(SETTLE_US);
	for (i = 0; i < json_length(accounts); i++)
		find(json_string_at(accounts, i, ""), list);
	return list;
}

void
remains_print(const struct json *list)
{
	char what[CTL_TEXT_SIZE], where[CTL_TEXT_SIZE], next[CTL_TEXT_SIZE];
	size_t i, n = json_length(list);
	const struct json *found;

	puts(n == 0 ? "nothing else is known to be left on this machine" :
		      "left on this machine:");
	for (i = 0; i < n; i++) {
		found = json_at(list, i);
		printf("  %s: %s\n    next: %s\n",
		    ctl_text(found, "what", "-", what),
		    ctl_text(found, "where", "-", where),
		    ctl_text(found, "next", "-", next));
	}
}
