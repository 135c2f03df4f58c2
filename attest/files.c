/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file is ours if its first line says so. Each is made beside its place and
 * renamed, so that no session reads half of one.
 */
#include "attest/files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attest/attest.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SHELL_NAME   "farmgate-attest.sh"
#define MANAGER_NAME "60-farmgate-attest.conf"
#define SAID                                                         \
	"written by \"farmgate-attest setup\", taken away again by " \
	"\"farmgate-attest setup --remove\"\n"

/* The user's own folder of configurations, as systemd looks for it. */
static int
config_home(char ret_path[PATH_MAX])
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config != NULL && config[0] == '/')
		return text_copy(ret_path, PATH_MAX, config);
	if (home == NULL || home[0] != '/')
		return FG_ERR_NOT_FOUND;
	return text_format(ret_path, PATH_MAX, "%s/.config", home);
}

int
files_places(bool user, struct files *ret_files)
{
	char config[PATH_MAX];
	int r;

	memset(ret_files, 0, sizeof(*ret_files));
	if (!user) {
		if ((r = text_copy(ret_files->shell, PATH_MAX,
			 "/etc/profile.d/" SHELL_NAME)) == 0)
			r = text_copy(ret_files->manager, PATH_MAX,
			    "/etc/environment.d/" MANAGER_NAME);
		return r;
	}
	if ((r = config_home(config)) == 0 &&
	    (r = text_format(ret_files->shell, PATH_MAX, "%s/farmgate/%s",
		 config, SHELL_NAME)) == 0)
		r = text_format(ret_files->manager, PATH_MAX,
		    "%s/environment.d/%s", config, MANAGER_NAME);
	return r;
}

/* Neither a shell nor systemd reads anything else into it. */
static bool
needs_quotes(const char *program)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789/._+-";

	return program[0] != '/' || strspn(program, plain) != strlen(program);
}

/* A session that has it already, from the other file, keeps what it has. */
int
files_shell_text(const char *program, char ret_text[FILES_TEXT_SIZE])
{
	ret_text[0] = '\0';
	if (needs_quotes(program))
		return FG_ERR_FORMAT;
	return text_format(ret_text, FILES_TEXT_SIZE,
	    FILES_MARK SAID
	    "# ssh asks it; what ssh would have asked stands behind it.\n"
	    "if [ -x %s ] && [ \"${SSH_ASKPASS-}\" != %s ]; then\n"
	    "\texport " ATTEST_NEXT_ENV "=\"${SSH_ASKPASS-}\"\n"
	    "\texport " ATTEST_REQUIRE_ENV "=\"${" ATTEST_REQUIRE_ENV
	    "-${SSH_ASKPASS_REQUIRE-}}\"\n"
	    "\texport SSH_ASKPASS=%s\n"
	    "\texport SSH_ASKPASS_REQUIRE=force\n"
	    "fi\n",
	    program, program, program);
}

int
files_manager_text(const char *program, char ret_text[FILES_TEXT_SIZE])
{
	ret_text[0] = '\0';
	if (needs_quotes(program))
		return FG_ERR_FORMAT;
	return text_format(ret_text, FILES_TEXT_SIZE,
	    FILES_MARK SAID "# ssh asks it; what ssh would have asked stands "
			    "behind it.\n" ATTEST_NEXT_ENV
			    "=${SSH_ASKPASS:-}\n" ATTEST_REQUIRE_ENV
			    "=${SSH_ASKPASS_REQUIRE:-}\n"
			    "SSH_ASKPASS=%s\n"
			    "SSH_ASKPASS_REQUIRE=force\n",
	    program);
}

int
files_look(const char *path)
{
	char head[sizeof(FILES_MARK) - 1];
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return FG_ERR_NOT_FOUND;
		return errno == ELOOP ? FG_ERR_UNSAFE : FG_ERR_SYSTEM;
	}
	n = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, head, sizeof(head));
	(void)close(fd);
	return n == (ssize_t)sizeof(head) &&
		memcmp(head, FILES_MARK, sizeof(head)) == 0 ?
	    0 :
	    FG_ERR_UNSAFE;
}

/* Those of a user's configuration are closed to others, as XDG has it. */
static int
make_folders(const char *path)
{
	char folder[PATH_MAX];
	int r;

	if ((r = text_copy(folder, sizeof(folder), path)) != 0)
		return r;
	for (char *p = folder + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(folder, geteuid() == 0 ? 0755 : 0700) == -1 &&
		    errno != EEXIST)
			return FG_ERR_SYSTEM;
		*p = '/';
	}
	return 0;
}

static int
fill(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n = write(fd, text, len);

	if (n >= 0 && (size_t)n != len)
		errno = ENOSPC;
	return n >= 0 && (size_t)n == len && fchmod(fd, 0644) == 0 &&
		fsync(fd) == 0 ?
	    0 :
	    FG_ERR_SYSTEM;
}

int
files_write(const char *path, const char *text)
{
	char made[PATH_MAX];
	int fd, r, saved;

	if ((r = files_look(path)) != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	if ((r = make_folders(path)) != 0 ||
	    (r = text_format(made, sizeof(made), "%s.XXXXXX", path)) != 0)
		return r;
	if ((fd = mkostemp(made, O_CLOEXEC)) == -1)
		return FG_ERR_SYSTEM;
	r = fill(fd, text);
	if (close(fd) == -1 || (r == 0 && rename(made, path) == -1))
		r = FG_ERR_SYSTEM;
	saved = errno;
	if (r != 0)
		(void)unlink(made);
	errno = saved;
	return r;
}

int
files_remove(const char *path)
{
	int r = files_look(path);

	if (r == 0 && unlink(path) == -1)
		r = FG_ERR_SYSTEM;
	return r;
}

void
files_remove_folder(const char *path)
{
	char folder[PATH_MAX];
	char *end;

	if (text_copy(folder, sizeof(folder), path) != 0 ||
	    (end = strrchr(folder, '/')) == NULL)
		return;
	*end = '\0';
	(void)rmdir(folder);
}
