/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl hold: while there is one, nothing expires and nobody is
 * forgotten. Times are made here, because a day begins where the administrator
 * is; everything else is the daemon's to judge.
 */
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/store/store_hold.h"

#define COMMAND "hold"

static void
print_hold(const struct json *o)
{
	char name[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE];

	printf("%-20s %-9s ", ctl_text(o, "name", "-", name),
	    ctl_text(o, "state", "-", state));
	ctl_print_term(o, "at", "by");
}

/* ---- add ---------------------------------------------------------------- */

static int
add_command(int argc, char **argv, struct json *command, bool *json)
{
	const char *until = NULL, *reason = NULL;
	const struct ctl_option options[] = {
		{ "until", &until, NULL },
		{ "reason", &reason, NULL },
		{ "json", NULL, json },
		{ NULL, NULL, NULL },
	};
	int64_t until_s = (int64_t)time(NULL);

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, "hold: one name is needed");
	json_set_string(command, "do", "hold.add");
	if (!ctl_put_argument(command, "name", "HOLD", argv[optind],
		STORE_HOLD_NAME_MAX) ||
	    !ctl_put_argument(command, "reason", "--reason", reason,
		STORE_REASON_MAX))
		return CTL_ERROR;
	if (until == NULL)
		return CTL_OK;
	if (ctl_take_when(COMMAND, "--until", until, true, &until_s) != CTL_OK)
		return CTL_ERROR;
	json_set_int(command, "until", until_s);
	return CTL_OK;
}

static int
cmd_add(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command = json_new();
	bool json = false;

	if (add_command(argc, argv, command, &json) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report(ctl, command, json, "added", print_hold);
}

/* ---- remove, list ------------------------------------------------------- */

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json;

	if (ctl_take_json(COMMAND, argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND,
		    "hold: one name is needed, as farmgatectl hold list shows "
		    "it");
	command = json_new();
	json_set_string(command, "do", "hold.remove");
	json_set_string(command, "name", argv[optind]);
	return ctl_report(ctl, command, json, "removed", print_hold);
}

static void
print_heading(void)
{
	printf("%-20s %-9s %s\n", "HOLD", "STATE", "FROM, UNTIL, BY, REASON");
}

static int
cmd_list(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_list_all(ctl, argc, argv, COMMAND, "hold.list",
	    print_heading, print_hold);
}

int
cmd_hold(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "add", "list", "remove", NULL };
	static const ctl_fn run[] = { cmd_add, cmd_list, cmd_remove };
	int i;

	if ((i = ctl_subcommand(COMMAND, argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
