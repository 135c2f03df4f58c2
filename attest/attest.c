/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh's helper on an issued laptop. ssh runs it with one argument, a prompt,
 * and sends on what it prints. A jump host's challenge is answered by this
 * laptop's daemon; every other prompt is passed on to the user. It holds no
 * privilege and no key.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attest/attest.h"
#include "attest/pass.h"
#include "attest/prompt.h"
#include "attest/setup.h"
#include "attest/witness.h"
#include "proto/result.h"

static void
print_usage(FILE *out)
{
	fprintf(out,
	    "usage: farmgate-attest [-S rundir] prompt\n"
	    "       farmgate-attest setup [--user] [--remove]\n"
	    "       farmgate-attest [-S rundir] check [host]\n"
	    "       farmgate-attest --help | --version\n");
}

static int
answer(const char *rundir, const struct prompt_challenge *challenge)
{
	char statement[FG_STATEMENT_MAX + 1];
	uint8_t fail;
	int r;

	if ((r = witness_ask(rundir, challenge, statement, &fail)) != 0) {
		attest_complain("no statement of this laptop for %s: %s",
		    challenge->host, witness_why(r, fail));
		return ATTEST_NO;
	}
	attest_tell("a statement of this laptop goes to %s, for %s",
	    challenge->host, challenge->user);
	return pass_print(statement);
}

static int
prompt(const char *rundir, const char *text)
{
	struct prompt_challenge challenge;
	const char *why;
	int r;

	if ((r = prompt_challenge(text, &challenge, &why)) == 0)
		return answer(rundir, &challenge);
	if (r == FG_ERR_NOT_FOUND)
		return pass_on(text);
	attest_complain("no statement of this laptop: a server asks for one, "
			"and %s",
	    why);
	return ATTEST_NO;
}

static int
finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return ATTEST_NO;
}

/* ssh reads from a pipe what is printed for a prompt: one word at a terminal is
 * a command that nobody knows. */
static bool
is_mistyped(const char *text)
{
	size_t len = 0;

	while (isalpha((unsigned char)text[len]) || text[len] == '-')
		len++;
	return len > 0 && text[len] == '\0' && isatty(STDOUT_FILENO) &&
	    getenv("SSH_ASKPASS_PROMPT") == NULL;
}

/* argv begins with the command or the prompt. */
static int
run(const char *rundir, int argc, char **argv)
{
	if (strcmp(argv[0], "setup") == 0)
		return finish(setup_command(argc, argv));
	if (strcmp(argv[0], "check") == 0)
		return finish(check_command(rundir, argc, argv));
	if (argc == 1 && !is_mistyped(argv[0]))
		return prompt(rundir, argv[0]);
	print_usage(stderr);
	return ATTEST_USAGE;
}

/* What a prompt may be is ssh's and a server's: one argument is no option. */
static int
run_alone(char **argv)
{
	if (strcmp(argv[0], "--version") == 0)
		printf("farmgate-attest %s\n", FG_PACKAGE_VERSION);
	else if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
		print_usage(stdout);
	else
		return run(ATTEST_RUNDIR, 1, argv);
	return finish(ATTEST_OK);
}

int
main(int argc, char **argv)
{
	const char *rundir = ATTEST_RUNDIR;
	int c;

	if (argc == 2)
		return run_alone(argv + 1);
	opterr = 0;
	while ((c = getopt(argc, argv, "+S:")) != -1) {
		if (c != 'S') {
			print_usage(stderr);
			return ATTEST_USAGE;
		}
		rundir = optarg;
	}
	if (optind >= argc) {
		print_usage(stderr);
		return ATTEST_USAGE;
	}
	return run(rundir, argc - optind, argv + optind);
}
