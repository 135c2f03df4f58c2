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

#define ARGUMENT_MAX 128u

static bool
is_bypass(const struct json *e)
{
	return strcmp(json_get_string(e, "kind", ""), "bypass") == 0;
}

void
ctl_print_exception(const struct json *e)
{
	char user[CTL_TEXT_SIZE], finding[CTL_TEXT_SIZE];
	char country[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE];

	printf("%-5lld %-16s %-24s %-3s %-8s ",
	    (long long)json_get_int(e, "id", 0), ctl_text(e, "user", "-", user),
	    ctl_text(e, "finding", "-", finding),
	    ctl_text(e, "country", "any", country),
	    ctl_text(e, "state", "-", state));
	ctl_print_term(e, "from", is_bypass(e) ? "bypass by" : "by");
}

/* ---- add -------------------------------------------------------------- */

bool
ctl_put_exception(struct json *command, const char *user, const char *finding,
    const char *reason)
{
	return ctl_put_argument(command, "user", "USER", user, FG_USER_MAX) &&
	    ctl_put_argument(command, "finding", "--finding", finding,
		ARGUMENT_MAX) &&
	    ctl_put_argument(command, "reason", "--reason", reason,
		STORE_REASON_MAX);
}

static int
add_times(const char *from, const char *until, struct json *command)
{
	int64_t from_s = (int64_t)time(NULL), until_s;

	if (until == NULL)
		return ctl_misuse("except",
		    "except: --until is needed: an exception ends by itself; "
		    "write +8h, +3d or a day such as 2026-03-01");
	if (from != NULL &&
	    ctl_take_when("except", "--from", from, false, &from_s) != CTL_OK)
		return CTL_ERROR;
	until_s = from_s;
	if (ctl_take_when("except", "--until", until, true, &until_s) != CTL_OK)
		return CTL_ERROR;
	if (from != NULL)
		json_set_int(command, "from", from_s);
	json_set_int(command, "until", until_s);
	return CTL_OK;
}

static int
add_command(int argc, char **argv, struct json *command, bool *json)
{
	const char *finding = NULL, *country = NULL, *reason = NULL;
	const char *from = NULL, *until = NULL;
	const struct ctl_option options[] = {
		{ "finding", &finding, NULL },
		{ "country", &country, NULL },
		{ "from", &from, NULL },
		{ "until", &until, NULL },
		{ "reason", &reason, NULL },
		{ "json", NULL, json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("except", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("except", "except: one user is needed");
	json_set_string(command, "do", "except.add");
	if (!ctl_put_exception(command, argv[optind], finding, reason) ||
	    (country != NULL &&
		!ctl_put_argument(command, "country", "--country", country,
		    ARGUMENT_MAX)))
		return CTL_ERROR;
	return add_times(from, until, command);
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
	struct json *command = json_new();
	bool json = false;

	if (add_command(argc, argv, command, &json) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return ctl_report_exception(ctl, command, json, "added");
}

/* ---- remove ----------------------------------------------------------- */

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json;

	command = ctl_numbered(argc, argv, "except", "except.remove", &json);
	if (command == NULL)
		return CTL_ERROR;
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
	bool all = false, json = false;
	const struct ctl_option options[] = {
		{ "all", NULL, &all },
		{ "json", NULL, &json },
		{ NULL, NULL, NULL },
	};
	struct json *command;

	if (ctl_take_options("except", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
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
