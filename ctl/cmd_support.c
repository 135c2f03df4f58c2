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
#include "policyd/text.h"

struct add {
	const char *asset;
	const char *tool;
	const char *until;
	const char *reason;
	bool json;
};

static void
print_support(const struct json *s)
{
	char id[CTL_TEXT_SIZE], tool[CTL_TEXT_SIZE], asset[CTL_TEXT_SIZE];
	char state[CTL_TEXT_SIZE], by[CTL_TEXT_SIZE], removed[CTL_TEXT_SIZE];
	char reason[CTL_TEXT_SIZE], from[CTL_TIME_SIZE], until[CTL_TIME_SIZE];

	(void)text_format(id, sizeof(id), "%lld",
	    (long long)json_get_int(s, "id", 0));
	printf("%-5s %-24s %-12s %-9s %s to %s  by %s%s: %s\n", id,
	    ctl_text(s, "tool", "-", tool), ctl_text(s, "asset", "-", asset),
	    ctl_text(s, "state", "-", state),
	    ctl_time_text(json_get_int(s, "from", -1), from),
	    ctl_time_text(json_get_int(s, "until", -1), until),
	    ctl_by_text(s, by), ctl_removed_text(s, removed),
	    ctl_text(s, "reason", "-", reason));
}

/* ---- add ---------------------------------------------------------------- */

static int
add_options(int argc, char **argv, struct add *add)
{
	static const struct option options[] = {
		{ "tool", required_argument, NULL, 't' },
		{ "until", required_argument, NULL, 'u' },
		{ "reason", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 't')
			add->tool = optarg;
		else if (c == 'u')
			add->until = optarg;
		else if (c == 'r')
			add->reason = optarg;
		else if (c == 'j')
			add->json = true;
		else
			return ctl_bad_option("support", c, argv);
	}
	if (optind + 1 != argc)
		return ctl_misuse("support", "support: one asset is needed");
	add->asset = argv[optind];
	return CTL_OK;
}

static int
add_until(const struct add *add, struct json *command)
{
	int64_t until_s = (int64_t)time(NULL);

	if (add->until == NULL)
		return ctl_misuse("support",
		    "support: --until is needed: it ends by itself; write +2h, "
		    "+3d or a day such as 2026-03-01");
	if (ctl_take_when("support", "--until", add->until, true, &until_s) !=
	    CTL_OK)
		return CTL_ERROR;
	json_set_int(command, "until", until_s);
	return CTL_OK;
}

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
add_command(const struct add *add, struct json *command)
{
	if (!is_tag(add->asset) ||
	    !ctl_is_argument("--tool", add->tool, ENTRY_NAME_MAX) ||
	    !ctl_is_argument("--reason", add->reason, STORE_REASON_MAX))
		return CTL_ERROR;
	json_set_string(command, "do", "support.add");
	json_set_string(command, "asset", add->asset);
	json_set_string(command, "tool", add->tool);
	json_set_string(command, "reason", add->reason);
	return add_until(add, command);
}

static int
cmd_add(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	struct add add = { .json = false };

	if (add_options(argc, argv, &add) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	if (add_command(&add, command) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report(ctl, command, add.json, "added", print_support);
}

/* ---- remove ------------------------------------------------------------- */

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	uint64_t id;
	bool json;

	if (ctl_take_json("support", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc ||
	    text_parse_uint(argv[optind], 1, INT64_MAX, &id) != 0)
		return ctl_misuse("support",
		    "support: one number is needed, as farmgatectl support "
		    "list shows it");
	command = json_new();
	json_set_string(command, "do", "support.remove");
	json_set_int(command, "id", (int64_t)id);
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
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct json *command;
	bool all = false, json = false;
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'a')
			all = true;
		else if (c == 'j')
			json = true;
		else
			return ctl_bad_option("support", c, argv);
	}
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
