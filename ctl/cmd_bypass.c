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

static int
take_command(int argc, char **argv, struct json *command, bool *json)
{
	const char *finding = NULL, *until = NULL, *reason = NULL;
	const struct ctl_option options[] = {
		{ "finding", &finding, NULL },
		{ "until", &until, NULL },
		{ "reason", &reason, NULL },
		{ "json", NULL, json },
		{ NULL, NULL, NULL },
	};
	int64_t until_s = (int64_t)time(NULL);
	char asker[FG_USER_MAX + 1];

	if (ctl_take_options("bypass", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("bypass", "bypass: one user is needed");
	if (until == NULL)
		return ctl_misuse("bypass",
		    "bypass: --until is needed: it ends by itself; write +2h");
	json_set_string(command, "do", "bypass");
	if (!ctl_put_exception(command, argv[optind], finding, reason) ||
	    ctl_take_when("bypass", "--until", until, true, &until_s) != CTL_OK)
		return CTL_ERROR;
	json_set_int(command, "until", until_s);
	if (caller_login(asker))
		json_set_string(command, "asker", asker);
	return CTL_OK;
}

int
cmd_bypass(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command = json_new();
	bool json = false;

	if (take_command(argc, argv, command, &json) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report_exception(ctl, command, json, "bypass");
}
