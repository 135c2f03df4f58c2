/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and removes the two files, and says what they do not reach.
 */
#include "attest/setup.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attest/attest.h"
#include "attest/files.h"
#include "attest/ssh.h"
#include "proto/result.h"

struct setup {
	bool user;
	bool remove;
};

static int
misuse(const char *what)
{
	attest_complain("setup: %s; usage: farmgate-attest setup [--user] "
			"[--remove]",
	    what);
	return ATTEST_USAGE;
}

static int
read_options(int argc, char **argv, struct setup *ret_setup)
{
	static const struct option options[] = {
		{ "remove", no_argument, NULL, 'r' },
		{ "user", no_argument, NULL, 'u' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(ret_setup, 0, sizeof(*ret_setup));
	opterr = 0;
	optind = 0; /* the C library's way to start over */
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'r')
			ret_setup->remove = true;
		else if (c == 'u')
			ret_setup->user = true;
		else
			return misuse("unknown option");
	}
	if (optind != argc)
		return misuse("it takes no argument");
	if (!ret_setup->user && geteuid() != 0) {
		attest_complain("setup: only root can do that for everybody; "
				"--user does it for you alone");
		return ATTEST_NO;
	}
	return ATTEST_OK;
}

static int
complain_file(const char *path, int r)
{
	if (r == FG_ERR_UNSAFE)
		attest_complain("%s: somebody else's file is there, and is "
				"left as it is; move it away, or do by hand "
				"what farmgate-attest(1) says",
		    path);
	else if (r == FG_ERR_SYSTEM)
		attest_complain("%s: %s", path, strerror(errno));
	else
		attest_complain("%s: %s", path, fg_strerror(r));
	return ATTEST_NO;
}

static int
remove_file(const char *path)
{
	int r = files_remove(path);

	if (r == 0)
		printf("removed  %s\n", path);
	return r == 0 || r == FG_ERR_NOT_FOUND ? ATTEST_OK :
						 complain_file(path, r);
}

/* A shell may end at a line that reads what is gone. Of the folders, those go
 * that a system need not have. */
static int
remove_files(const struct setup *setup, const struct files *files)
{
	int shell, manager;

	if (setup->user && files_look(files->shell) == 0)
		printf("If ~/.profile has a line that reads %s, take it out "
		       "before you log out.\n",
		    files->shell);
	shell = remove_file(files->shell);
	manager = remove_file(files->manager);

	files_remove_folder(files->manager);
	if (setup->user)
		files_remove_folder(files->shell);
	if (shell != ATTEST_OK || manager != ATTEST_OK)
		return ATTEST_NO;
	printf("Sessions that are open keep what they have.\n");
	return ATTEST_OK;
}

/* An ssh that does not say whose a prompt is leaves that to the server. */
static bool
is_ssh_fit(void)
{
	char version[SSH_VERSION_SIZE];

	switch (ssh_fitness(version)) {
	case SSH_FIT:
		return true;
	case SSH_ABSENT:
		attest_complain("setup: note: no ssh is found; it has to be "
				"OpenSSH 8.5 or newer");
		return true;
	case SSH_STRANGE:
	case SSH_OLD:
		break;
	}
	attest_complain("setup: ssh is %s, and would let a server say that it "
			"is another: OpenSSH 8.5 or newer is needed",
	    version);
	return false;
}

static int
write_file(const char *path, const char *text)
{
	int r = files_write(path, text);

	if (r != 0)
		return complain_file(path, r);
	printf("wrote    %s\n", path);
	return ATTEST_OK;
}

static void
tell_rest(const struct setup *setup, const struct files *files)
{
	if (setup->user)
		printf("Your shells read it once ~/.profile has this line:\n"
		       "\t[ ! -r %s ] || . %s\n",
		    files->shell, files->shell);
	printf("It holds for sessions that begin from now on: log out and in, "
	       "then run\n\tfarmgate-attest check\n"
	       "Not covered: what cron and system services run, what sudo "
	       "runs, shells that read\nneither /etc/profile nor the "
	       "session's environment, and programs that set\nSSH_ASKPASS "
	       "themselves, as editors do. See farmgate-attest(1).\n");
}

/* Both are looked at before the first is written. */
static int
write_files(const struct setup *setup, const struct files *files)
{
	char program[PATH_MAX], shell[FILES_TEXT_SIZE];
	char manager[FILES_TEXT_SIZE];
	ssize_t n;
	int r;

	if (!is_ssh_fit())
		return ATTEST_NO;
	n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[n > 0 ? n : 0] = '\0';
	if (files_shell_text(program, shell) != 0 ||
	    files_manager_text(program, manager) != 0) {
		attest_complain("setup: the path of this program would have "
				"to be quoted: %s",
		    program);
		return ATTEST_NO;
	}
	if ((r = files_look(files->manager)) != 0 && r != FG_ERR_NOT_FOUND)
		return complain_file(files->manager, r);
	if (write_file(files->shell, shell) != ATTEST_OK ||
	    write_file(files->manager, manager) != ATTEST_OK)
		return ATTEST_NO;
	tell_rest(setup, files);
	return ATTEST_OK;
}

int
setup_command(int argc, char **argv)
{
	struct files files;
	struct setup setup;
	int r, status;

	if ((status = read_options(argc, argv, &setup)) != ATTEST_OK)
		return status;
	if ((r = files_places(setup.user, &files)) != 0) {
		attest_complain("setup: no home to write to: %s",
		    fg_strerror(r));
		return ATTEST_NO;
	}
	return setup.remove ? remove_files(&setup, &files) :
			      write_files(&setup, &files);
}
