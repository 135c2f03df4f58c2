/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl except: what a person may do for a time although a finding says
 * otherwise. Times are made here, because a day begins where the administrator
 * is; everything else is the daemon's to judge.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/store/store.h"
#include "policyd/text.h"

#define ARGUMENT_MAX 128u

struct add {
	const char *user;
	const char *finding;
	const char *country;
	const char *from;
	const char *until;
	const char *reason;
	bool json;
};

static bool
is_bypass(const struct json *e)
{
	return strcmp(json_get_string(e, "kind", ""), "bypass") == 0;
}

void
ctl_print_exception(const struct json *e)
{
	char id[CTL_TEXT_SIZE], user[CTL_TEXT_SIZE], finding[CTL_TEXT_SIZE];
	char country[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], by[CTL_TEXT_SIZE];
	char reason[CTL_TEXT_SIZE], from[CTL_TIME_SIZE], until[CTL_TIME_SIZE];
	char removed[CTL_TEXT_SIZE];

	(void)text_format(id, sizeof(id), "%lld",
	    (long long)json_get_int(e, "id", 0));
	printf("%-5s %-16s %-24s %-3s %-8s %s to %s  %s %s%s: %s\n", id,
	    ctl_text(e, "user", "-", user),
	    ctl_text(e, "finding", "-", finding),
	    ctl_text(e, "country", "any", country),
	    ctl_text(e, "state", "-", state),
	    ctl_time_text(json_get_int(e, "from", -1), from),
	    ctl_time_text(json_get_int(e, "until", -1), until),
	    is_bypass(e) ? "bypass by" : "by", ctl_by_text(e, by),
	    ctl_removed_text(e, removed), ctl_text(e, "reason", "-", reason));
}

/* ---- add -------------------------------------------------------------- */

static int
add_options(int argc, char **argv, struct add *add)
{
	static const struct option options[] = {
		{ "finding", required_argument, NULL, 'f' },
		{ "country", required_argument, NULL, 'c' },
		{ "from", required_argument, NULL, 'b' },
		{ "until", required_argument, NULL, 'u' },
		{ "reason", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'f')
			add->finding = optarg;
		else if (c == 'c')
			add->country = optarg;
		else if (c == 'b')
			add->from = optarg;
		else if (c == 'u')
			add->until = optarg;
		else if (c == 'r')
			add->reason = optarg;
		else if (c == 'j')
			add->json = true;
		else
			return ctl_bad_option("except", c, argv);
	}
	if (optind + 1 != argc)
		return ctl_misuse("except", "except: one user is needed");
	add->user = argv[optind];
	return CTL_OK;
}

static int
add_times(const struct add *add, struct json *command)
{
	int64_t from_s = (int64_t)time(NULL), until_s;

	if (add->until == NULL)
		return ctl_misuse("except",
		    "except: --until is needed: an exception ends by itself; "
		    "write +8h, +3d or a day such as 2026-03-01");
	if (add->from != NULL &&
	    ctl_take_when("except", "--from", add->from, false, &from_s) !=
		CTL_OK)
		return CTL_ERROR;
	until_s = from_s;
	if (ctl_take_when("except", "--until", add->until, true, &until_s) !=
	    CTL_OK)
		return CTL_ERROR;
	if (add->from != NULL)
		json_set_int(command, "from", from_s);
	json_set_int(command, "until", until_s);
	return CTL_OK;
}

static int
add_command(const struct add *add, struct json *command)
{
	if (!ctl_is_argument("USER", add->user, FG_USER_MAX) ||
	    !ctl_is_argument("--finding", add->finding, ARGUMENT_MAX) ||
	    !ctl_is_argument("--reason", add->reason, STORE_REASON_MAX) ||
	    (add->country != NULL &&
		!ctl_is_argument("--country", add->country, ARGUMENT_MAX)))
		return CTL_ERROR;
	json_set_string(command, "do", "except.add");
	json_set_string(command, "user", add->user);
	json_set_string(command, "finding", add->finding);
	json_set_string(command, "reason", add->reason);
	if (add->country != NULL)
		json_set_string(command, "country", add->country);
	return add_times(add, command);
}

int
ctl_report_exception(const struct ctl *ctl, struct json *command, bool json,
    const char *what)
{
	struct json *report;
	int status;

	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	ctl_warn_no_account(report, json_get_string(report, "user", ""));
	if (json) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (json_get_int(report, "id", 0) > 0) {
		printf("%s: ", what);
		ctl_print_exception(report);
	}
	json_free(report);
	return status;
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
	return ctl_report_exception(ctl, command, add.json, "added");
}

/* ---- remove ----------------------------------------------------------- */

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	uint64_t id;
	bool json;

	if (ctl_take_json("except", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc ||
	    text_parse_uint(argv[optind], 1, INT64_MAX, &id) != 0)
		return ctl_misuse("except",
		    "except: one number is needed, as farmgatectl except list "
		    "shows it");
	command = json_new();
	json_set_string(command, "do", "except.remove");
	json_set_int(command, "id", (int64_t)id);
	return ctl_report_exception(ctl, command, json, "removed");
}

/* ---- list ------------------------------------------------------------- */

static void
print_heading(void)
{
	printf("%-5s %-16s %-24s %-3s %-8s %s\n", "ID", "USER", "FINDING", "IN",
	    "STATE", "FROM, UNTIL, BY, REASON");
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
			return ctl_bad_option("except", c, argv);
	}
	if (optind + 1 < argc)
		return ctl_misuse("except", "except: unexpected argument %s",
		    argv[optind + 1]);
	if (optind < argc &&
	    !ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "except.list");
	json_set_bool(command, "all", all);
	if (optind < argc)
		json_set_string(command, "user", argv[optind]);
	return ctl_list(ctl, command, json, print_heading, ctl_print_exception);
}

int
cmd_except(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "add", "list", "remove", NULL };
	static const ctl_fn run[] = { cmd_add, cmd_list, cmd_remove };
	int i;

	if ((i = ctl_subcommand("except", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
