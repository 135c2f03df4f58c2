/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "farmgate-attest check": each thing that a statement needs, with what is
 * amiss. It asks the daemon for a challenge of nobody's, and ssh for its
 * options of a host.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/attest.h"
#include "attest/prompt.h"
#include "attest/setup.h"
#include "attest/ssh.h"
#include "attest/witness.h"
#include "policyd/text.h"
#include "proto/result.h"

static void __attribute__((format(printf, 2, 3)))
say(bool good, const char *fmt, ...)
{
	char raw[1024], shown[2048];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	printf("%-8s %s\n", good ? "ok" : "PROBLEM",
	    text_escape_utf8(shown, sizeof(shown), raw, strlen(raw)));
}

static bool
check_ssh(void)
{
	char version[SSH_VERSION_SIZE];
	enum ssh_fitness fitness = ssh_fitness(version);

	if (fitness == SSH_FIT)
		say(true, "ssh is %s", version);
	else if (fitness == SSH_ABSENT)
		say(false, "no ssh is found");
	else
		say(false,
		    "ssh is %s: it does not say in its prompts which host "
		    "asks, as OpenSSH does since 8.5",
		    version);
	return fitness == SSH_FIT;
}

static bool
is_this_program(const char *path)
{
	char self[PATH_MAX], other[PATH_MAX];

	return realpath("/proc/self/exe", self) != NULL &&
	    realpath(path, other) != NULL && strcmp(self, other) == 0;
}

static bool
check_environment(void)
{
	const char *askpass = getenv("SSH_ASKPASS");
	const char *require = getenv("SSH_ASKPASS_REQUIRE");
	const char *next = getenv(ATTEST_NEXT_ENV);
	bool is_ours = askpass != NULL && is_this_program(askpass);
	bool is_forced = require != NULL && strcmp(require, "force") == 0;

	if (is_ours && is_forced)
		say(true, "ssh of this session asks this program");
	else if (!is_ours)
		say(false,
		    "ssh of this session does not ask this program: "
		    "SSH_ASKPASS is %s; run farmgate-attest setup, then log "
		    "out and in",
		    askpass != NULL ? askpass : "not set");
	else
		say(false,
		    "ssh asks this program only where there is no terminal: "
		    "SSH_ASKPASS_REQUIRE is %s, not force",
		    require != NULL ? require : "not set");
	if (next != NULL && next[0] != '\0')
		say(true, "where there is no terminal it asks %s", next);
	return is_ours && is_forced;
}

/* Nobody draws a token of zeros: it is right that it is not known. */
static bool
check_laptop(const char *rundir)
{
	static const struct fg_token nobodys;
	struct prompt_challenge c = { .user = "check", .host = "check" };
	char answer[FG_STATEMENT_MAX + 1];
	uint8_t fail;
	int r;

	fg_token_text(&nobodys, c.token);
	r = witness_ask(rundir, &c, answer, &fail);
	if (r == FG_ERR_REFUSED && fail == FG_FAIL_UNKNOWN_HOST)
		say(true, "this laptop answers");
	else if (r == 0)
		say(false, "this laptop answers a challenge of nobody's");
	else if (r == FG_ERR_SYSTEM)
		say(false, "%s/witness.sock: %s", rundir, strerror(errno));
	else
		say(false, "%s", witness_why(r, fail));
	return r == FG_ERR_REFUSED && fail == FG_FAIL_UNKNOWN_HOST;
}

static bool
check_host(const char *host)
{
	struct ssh_options options;

	if (ssh_options(host, &options) != 0) {
		say(false, "ssh does not say how it would log in to %s", host);
		return false;
	}
	say(true, "ssh calls it %s; the jump host has to have that name here",
	    options.host);
	if (options.batch)
		say(false,
		    "BatchMode is set for it: ssh asks nobody, and the "
		    "challenge fails");
	if (!options.interactive)
		say(false,
		    "KbdInteractiveAuthentication is off for it: the "
		    "challenge cannot be asked");
	return !options.batch && options.interactive;
}

int
check_command(const char *rundir, int argc, char **argv)
{
	bool good;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		attest_complain("check: usage: farmgate-attest check [host]");
		return ATTEST_USAGE;
	}
	good = check_ssh();
	good = check_environment() && good;
	good = check_laptop(rundir) && good;
	if (argc == 2)
		good = check_host(argv[1]) && good;
	return good ? ATTEST_OK : ATTEST_NO;
}
