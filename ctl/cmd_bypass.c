/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl bypass: a login without the step-up, for a few hours, by another
 * administrator's word. It says who asks by name, as the daemon looks up none.
 */
#include <getopt.h>
#include <time.h>

#include "ctl/ctl.h"
#include "ctl/rollout/caller.h"
#include "policyd/store/store.h"

#define ARGUMENT_MAX 128u

struct bypass {
	const char *user;
	const char *finding;
	const char *until;
	const char *reason;
	bool json;
};

static int
take_options(int argc, char **argv, struct bypass *b)
{
	static const struct option options[] = {
		{ "finding", required_argument, NULL, 'f' },
		{ "until", required_argument, NULL, 'u' },
		{ "reason", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'f')
			b->finding = optarg;
		else if (c == 'u')
			b->until = optarg;
		else if (c == 'r')
			b->reason = optarg;
		else if (c == 'j')
			b->json = true;
		else
			return ctl_bad_option("bypass", c, argv);
	}
	if (optind + 1 != argc)
		return ctl_misuse("bypass", "bypass: one user is needed");
	b->user = argv[optind];
	if (b->until == NULL)
		return ctl_misuse("bypass",
		    "bypass: --until is needed: it ends by itself; write +2h");
	return CTL_OK;
}

static int
set_command(const struct bypass *b, struct json *command)
{
	char asker[FG_USER_MAX + 1];
	int64_t until_s = (int64_t)time(NULL);

	if (!ctl_is_argument("USER", b->user, FG_USER_MAX) ||
	    !ctl_is_argument("--finding", b->finding, ARGUMENT_MAX) ||
	    !ctl_is_argument("--reason", b->reason, STORE_REASON_MAX))
		return CTL_ERROR;
	if (ctl_take_when("bypass", "--until", b->until, true, &until_s) !=
	    CTL_OK)
		return CTL_ERROR;
	json_set_string(command, "do", "bypass");
	json_set_string(command, "user", b->user);
	json_set_string(command, "finding", b->finding);
	json_set_string(command, "reason", b->reason);
	json_set_int(command, "until", until_s);
	if (caller_login(asker))
		json_set_string(command, "asker", asker);
	return CTL_OK;
}

int
cmd_bypass(const struct ctl *ctl, int argc, char **argv)
{
	struct bypass b = { .json = false };
	struct json *command;

	if (take_options(argc, argv, &b) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	if (set_command(&b, command) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report_exception(ctl, command, b.json, "bypass");
}
