/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh asks on the terminal if there is one, and a program otherwise; what it
 * only wants to have confirmed, or to tell, it gives to a program where there
 * is a display. With SSH_ASKPASS_REQUIRE=force it leaves that choice to its
 * helper, and here it is made as ssh makes it. What was said by
 * SSH_ASKPASS_REQUIRE before still holds.
 */
#include "attest/pass.h"

#include <sys/prctl.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "attest/attest.h"
#include "attest/prompt.h"
#include "attest/tty.h"
#include "proto/result.h"

#define DEFAULT_NEXT "/usr/bin/ssh-askpass" /* Debian's alternative */
#define NO_NEXT	     "none"
#define ANSWER_SIZE  1024u /* ssh takes no more */

enum pass_kind {
	PASS_ASK, /* a password, a code, a passphrase, a PIN */
	PASS_CONFIRM, /* an exit status of 0 is a yes */
	PASS_TELL /* nobody waits for an answer */
};

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

static enum pass_kind
kind_of_prompt(void)
{
	const char *hint = environment("SSH_ASKPASS_PROMPT");

	if (strcasecmp(hint, "confirm") == 0)
		return PASS_CONFIRM;
	return strcasecmp(hint, "none") == 0 ? PASS_TELL : PASS_ASK;
}

static bool
has_display(void)
{
	return environment("DISPLAY")[0] != '\0' ||
	    environment("WAYLAND_DISPLAY")[0] != '\0';
}

static bool
is_this_program(const char *path)
{
	char self[PATH_MAX], other[PATH_MAX];

	return realpath("/proc/self/exe", self) != NULL &&
	    realpath(path, other) != NULL && strcmp(self, other) == 0;
}

/* NULL: there is none. One without a slash is looked for in PATH, as by ssh. */
static const char *
next_program(void)
{
	const char *next = environment(ATTEST_NEXT_ENV);

	if (strcmp(next, NO_NEXT) == 0 ||
	    strcmp(environment(ATTEST_REQUIRE_ENV), "never") == 0)
		return NULL;
	if (next[0] != '\0' && !is_this_program(next))
		return next;
	if (!has_display() || access(DEFAULT_NEXT, X_OK) != 0 ||
	    is_this_program(DEFAULT_NEXT))
		return NULL;
	return DEFAULT_NEXT;
}

/* Whether that program comes before the terminal. */
static bool
is_next_first(enum pass_kind kind)
{
	const char *require = environment(ATTEST_REQUIRE_ENV);

	return strcmp(require, "force") == 0 ||
	    (strcmp(require, "prefer") == 0 && has_display()) ||
	    (kind != PASS_ASK && has_display());
}

/* Returns only if it cannot be run. It must not come back here by itself. */
static void
run_next(const char *next, const char *text)
{
	/* execvp() has it so; it changes neither. */
	char *argv[] = { strdup(next), strdup(text), NULL };

	if (argv[0] != NULL && argv[1] != NULL &&
	    setenv(ATTEST_NEXT_ENV, NO_NEXT, 1) == 0)
		(void)execvp(argv[0], argv);
	attest_complain("cannot run %s: %s", next, strerror(errno));
	free(argv[0]);
	free(argv[1]);
}

static int
write_all(const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		if ((n = write(STDOUT_FILENO, p, len)) == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return ATTEST_NO;
		p += n;
		len -= (size_t)n;
	}
	return ATTEST_OK;
}

int
pass_print(const char *line)
{
	return write_all(line, strlen(line)) == ATTEST_OK &&
		write_all("\n", 1) == ATTEST_OK ?
	    ATTEST_OK :
	    ATTEST_NO;
}

/* A wrong line is nothing: ssh takes an exit status that is not 0 for that. */
static int
ask(int fd, const char *text, bool open)
{
	char answer[ANSWER_SIZE];
	int r, status = ATTEST_NO;

	if ((r = tty_ask(fd, text, open, answer, sizeof(answer))) == 0)
		status = pass_print(answer);
	else if (r == FG_ERR_LIMIT)
		attest_complain("more than ssh takes was typed");
	explicit_bzero(answer, sizeof(answer));
	return status;
}

/* Only a yes that somebody has typed is one. */
static int
confirm(int fd, const char *text)
{
	char answer[ANSWER_SIZE];

	tty_show(fd, text);
	if (tty_ask(fd, "\nAllow it (yes/no)? ", true, answer,
		sizeof(answer)) != 0 ||
	    strcasecmp(answer, "yes") != 0)
		return ATTEST_NO;
	return pass_print("yes");
}

static int
tell(int fd, const char *text)
{
	tty_show(fd, text);
	tty_show(fd, "\n");
	return ATTEST_OK;
}

/* If ssh ends first, the terminal is not left to a process nobody waits for. */
static bool
end_with_parent(void)
{
	pid_t parent = getppid();

	return prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == 0 &&
	    getppid() == parent;
}

static int
at_terminal(int fd, const char *text, enum pass_kind kind)
{
	char *fit = tty_fit(text);
	int status = ATTEST_NO;

	/* What is typed is nobody else's, also of the same user. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (fit != NULL && end_with_parent())
		switch (kind) {
		case PASS_ASK:
			status = ask(fd, fit, prompt_is_open(text));
			break;
		case PASS_CONFIRM:
			status = confirm(fd, fit);
			break;
		case PASS_TELL:
			status = tell(fd, fit);
			break;
		}
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	free(fit);
	return status;
}

int
pass_on(const char *text)
{
	enum pass_kind kind = kind_of_prompt();
	const char *next = next_program();
	int fd, status;

	if (next != NULL && is_next_first(kind)) {
		run_next(next, text);
		next = NULL;
	}
	if (tty_open(&fd) == 0) {
		status = at_terminal(fd, text, kind);
		(void)close(fd);
		return status;
	}
	if (next != NULL)
		run_next(next, text);
	attest_complain("nobody can be asked: there is neither a terminal nor "
			"another program for it");
	return ATTEST_NO;
}
