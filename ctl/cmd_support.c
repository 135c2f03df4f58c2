/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl support: which tool the help desk may use on this machine, and
 * until when. Times are made here, because a day begins where the administrator
 * is; everything else is the daemon's to judge.
 */
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/store/store_support.h"

static void
print_support(const struct json *s)
{
	char tool[CTL_TEXT_SIZE], asset[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE];

	printf("%-5lld %-24s %-12s %-9s ", (long long)json_get_int(s, "id", 0),
	    ctl_text(s, "tool", "-", tool), ctl_text(s, "asset", "-", asset),
	    ctl_text(s, "state", "-", state));
	ctl_print_term(s, "from", "by");
}

/* ---- add ---------------------------------------------------------------- */

/* As asset of farmgate.conf wants it, or it would never be this machine's. */
static bool
is_tag(const char *asset)
{
	const char *p;

	if (!ctl_is_argument("ASSET", asset, STORE_ASSET_MAX))
		return false;
	for (p = asset; *p > ' ' && *p <= '~'; p++)
		continue;
	if (*p == '\0')
		return true;
	ctl_complain("ASSET is no tag; write 1 to %u characters without "
		     "blanks",
	    STORE_ASSET_MAX);
	return false;
}

static int
add_command(int argc, char **argv, struct json *command, bool *json)
{
	const char *tool = NULL, *until = NULL, *reason = NULL;
	const struct ctl_option options[] = {
		{ "tool", &tool, NULL },
		{ "until", &until, NULL },
		{ "reason", &reason, NULL },
		{ "json", NULL, json },
		{ NULL, NULL, NULL },
	};
	int64_t until_s = (int64_t)time(NULL);

	if (ctl_take_options("support", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("support", "support: one asset is needed");
	json_set_string(command, "do", "support.add");
	if (!is_tag(argv[optind]) ||
	    !ctl_put_argument(command, "tool", "--tool", tool,
		ENTRY_NAME_MAX) ||
	    !ctl_put_argument(command, "reason", "--reason", reason,
		STORE_REASON_MAX))
		return CTL_ERROR;
	if (until == NULL)
		return ctl_misuse("support",
		    "support: --until is needed: it ends by itself; write +2h, "
		    "+3d or a day such as 2026-03-01");
	if (ctl_take_when("support", "--until", until, true, &until_s) !=
	    CTL_OK)
		return CTL_ERROR;
	json_set_string(command, "asset", argv[optind]);
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
	return ctl_report(ctl, command, json, "added", print_support);
}

/* ---- remove ------------------------------------------------------------- */

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json;

	command = ctl_numbered(argc, argv, "support", "support.remove", &json);
	if (command == NULL)
		return CTL_ERROR;
	return ctl_report(ctl, command, json, "removed", print_support);
}

/* ---- list --------------------------------------------------------------- */

static void
print_heading(void)
{
	printf("%-5s %-24s %-12s %-9s %s\n", "ID", "TOOL", "ASSET", "STATE",
	    "FROM, UNTIL, BY, REASON");
}

static int
cmd_list(const struct ctl *ctl, int argc, char **argv)
{
	bool all = false, json = false;
	const struct ctl_option options[] = {
		{ "all", NULL, &all },
		{ "json", NULL, &json },
		{ NULL, NULL, NULL },
	};
	struct json *command;

	if (ctl_take_options("support", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("support", "support: unexpected argument %s",
		    argv[optind]);
	command = json_new();
	json_set_string(command, "do", "support.list");
	json_set_bool(command, "all", all);
	return ctl_list(ctl, command, json, print_heading, print_support);
}

int
cmd_support(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "add", "list", "remove", NULL };
	static const ctl_fn run[] = { cmd_add, cmd_list, cmd_remove };
	int i;

	if ((i = ctl_subcommand("support", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
