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

/* Nobody draws a token of zeros, and nobody is answered for it: the refusal
 * says whether a jump host has that name. Returns as witness_ask(). */
static int
ask_of(const char *rundir, const char *host, uint8_t *ret_fail)
{
	static const struct fg_token nobodys;
	struct prompt_challenge c = { .user = "check" };
	char answer[FG_STATEMENT_MAX + 1];

	*ret_fail = FG_FAIL_NONE;
	if (text_copy(c.host, sizeof(c.host), host) != 0)
		return FG_ERR_LIMIT;
	fg_token_text(&nobodys, c.token);
	return witness_ask(rundir, &c, answer, ret_fail);
}

static void
say_why_not(const char *rundir, int r, uint8_t fail)
{
	if (r == 0)
		say(false, "this laptop answers a challenge of nobody's");
	else if (r == FG_ERR_SYSTEM)
		say(false, "%s/witness.sock: %s", rundir, strerror(errno));
	else if (r == FG_ERR_UNREACHABLE)
		say(false,
		    "%s, or as root: systemctl enable farmgate-witness.socket "
		    "&& systemctl restart farmgate-policyd.service",
		    witness_why(r, fail));
	else
		say(false, "%s", witness_why(r, fail));
}

/* Whatever names it knows. */
static bool
check_laptop(const char *rundir)
{
	uint8_t fail;
	int r = ask_of(rundir, "check", &fail);
	bool answers = r == FG_ERR_REFUSED &&
	    (fail == FG_FAIL_UNKNOWN_HOST || fail == FG_FAIL_OTHER_NAME);

	if (answers)
		say(true, "this laptop answers");
	else
		say_why_not(rundir, r, fail);
	return answers;
}

/* host is what ssh calls it. */
static bool
check_name(const char *rundir, const char *host)
{
	uint8_t fail;
	int r = ask_of(rundir, host, &fail);

	if (r == FG_ERR_REFUSED && fail == FG_FAIL_UNKNOWN_HOST) {
		say(true, "ssh calls it %s, as a jump host in farmgate.conf",
		    host);
		return true;
	}
	if (r == FG_ERR_LIMIT ||
	    (r == FG_ERR_REFUSED && fail == FG_FAIL_OTHER_NAME))
		say(false,
		    "farmgate.conf of this laptop has no jump host of the "
		    "name %s; ssh has to be told the name that stands there",
		    host);
	else
		say_why_not(rundir, r, fail);
	return false;
}

/* answers: this laptop does, so that it can be asked of a name. */
static bool
check_host(const char *rundir, const char *host, bool answers)
{
	struct ssh_options options;
	bool good;

	if (ssh_options(host, &options) != 0) {
		say(false, "ssh does not say how it would log in to %s", host);
		return false;
	}
	if (!answers)
		say(true, "ssh calls it %s", options.host);
	good = answers && check_name(rundir, options.host);
	if (options.batch)
		say(false,
		    "BatchMode is set for it: ssh asks nobody, and the "
		    "challenge fails");
	if (!options.interactive)
		say(false,
		    "KbdInteractiveAuthentication is off for it: the "
		    "challenge cannot be asked");
	return good && !options.batch && options.interactive;
}

int
check_command(const char *rundir, int argc, char **argv)
{
	bool answers, good;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		attest_complain("check: usage: farmgate-attest check [host]");
		return ATTEST_USAGE;
	}
	good = check_ssh();
	good = check_environment() && good;
	answers = check_laptop(rundir);
	good = answers && good;
	if (argc == 2)
		good = check_host(rundir, argv[1], answers) && good;
	return good ? ATTEST_OK : ATTEST_NO;
}
