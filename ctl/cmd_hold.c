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

struct add {
	const char *name, *until, *reason;
	bool json;
};

static void
print_hold(const struct json *o)
{
	char name[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], by[CTL_TEXT_SIZE];
	char reason[CTL_TEXT_SIZE], removed[CTL_TEXT_SIZE];
	char at[CTL_TIME_SIZE], until[CTL_TIME_SIZE];
	bool ends = json_get_int(o, "until", -1) >= 0;

	printf("%-20s %-9s %s to %s  by %s%s: %s\n",
	    ctl_text(o, "name", "-", name), ctl_text(o, "state", "-", state),
	    ctl_time_text(json_get_int(o, "at", -1), at),
	    ends ? ctl_time_text(json_get_int(o, "until", -1), until) :
		   "its removal",
	    ctl_by_text(o, by), ctl_removed_text(o, removed),
	    ctl_text(o, "reason", "-", reason));
}

/* ---- add ---------------------------------------------------------------- */

static int
add_options(int argc, char **argv, struct add *add)
{
	static const struct option options[] = {
		{ "until", required_argument, NULL, 'u' },
		{ "reason", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'u')
			add->until = optarg;
		else if (c == 'r')
			add->reason = optarg;
		else if (c == 'j')
			add->json = true;
		else
			return ctl_bad_option(COMMAND, c, argv);
	}
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, "hold: one name is needed");
	add->name = argv[optind];
	return CTL_OK;
}

static int
add_command(const struct add *add, struct json *command)
{
	int64_t until_s = (int64_t)time(NULL);

	if (!ctl_is_argument("HOLD", add->name, STORE_HOLD_NAME_MAX) ||
	    !ctl_is_argument("--reason", add->reason, STORE_REASON_MAX))
		return CTL_ERROR;
	json_set_string(command, "do", "hold.add");
	json_set_string(command, "name", add->name);
	json_set_string(command, "reason", add->reason);
	if (add->until == NULL)
		return CTL_OK;
	if (ctl_take_when(COMMAND, "--until", add->until, true, &until_s) !=
	    CTL_OK)
		return CTL_ERROR;
	json_set_int(command, "until", until_s);
	return CTL_OK;
}

static int
cmd_add(const struct ctl *ctl, int argc, char **argv)
{
	struct add add = { .json = false };
	struct json *command;

	if (add_options(argc, argv, &add) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	if (add_command(&add, command) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report(ctl, command, add.json, "added", print_hold);
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
	struct json *command;
	bool json;

	if (ctl_take_json(COMMAND, argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse(COMMAND, "hold: unexpected argument %s",
		    argv[optind]);
	command = json_new();
	json_set_string(command, "do", "hold.list");
	return ctl_list(ctl, command, json, print_heading, print_hold);
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
