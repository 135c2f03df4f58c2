/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl stepup: who has answered wrongly when a login had to be proved,
 * and is held back for it; and who has passed, and is remembered for it.
 */
#include <getopt.h>
#include <stdio.h>

#include "ctl/ctl.h"

void
ctl_print_remembered(const struct json *p)
{
	char who[CTL_TEXT_SIZE], finding[CTL_TEXT_SIZE], from[CTL_TEXT_SIZE];
	char device[CTL_TEXT_SIZE], until[CTL_TIME_SIZE];

	printf("%-24s %s from %s with %s, until %s,  id %lld\n",
	    ctl_text(p, "user", "-", who), ctl_text(p, "finding", "-", finding),
	    ctl_text(p, "source", "-", from),
	    ctl_text(p, "device", "no key", device),
	    ctl_time_text(json_get_int(p, "until", -1), until),
	    (long long)json_get_int(p, "id", 0));
}

void
ctl_print_all_remembered(const struct json *report)
{
	const struct json *list = json_get(report, "remembered");
	size_t i, n = json_length(list);

	puts("\nremembered step-ups");
	if (n == 0)
		puts(list != NULL ? "  none" : "  not known");
	for (i = 0; i < n; i++) {
		fputs("  ", stdout);
		ctl_print_remembered(json_at(list, i));
	}
}

static void
print_backoff(const struct json *b)
{
	char who[CTL_TEXT_SIZE], last[CTL_TIME_SIZE], until[CTL_TIME_SIZE];
	const char *key =
	    json_get_string(b, "user", "")[0] != '\0' ? "user" : "source";

	printf("%-24s %lld wrong, the last %s", ctl_text(b, key, "-", who),
	    (long long)json_get_int(b, "failures", 0),
	    ctl_time_text(json_get_int(b, "last", -1), last));
	if (json_get_int(b, "until", 0) > 0)
		printf(", held back until %s",
		    ctl_second_text(json_get_int(b, "until", -1), until));
	putchar('\n');
}

static void
print_line(const struct json *line)
{
	if (json_get_int(line, "id", 0) > 0)
		ctl_print_remembered(line);
	else
		print_backoff(line);
}

static int
cmd_list(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_list_all(ctl, argc, argv, "stepup", "stepup.list", NULL,
	    print_line);
}

static void
print_forgotten(const struct json *report)
{
	long long remembered = json_get_int(report, "remembered", 0);
	char who[CTL_TEXT_SIZE];

	if (json_get_int(report, "failures", 0) > 0) {
		printf("forgotten: ");
		print_backoff(report);
	}
	if (remembered > 0)
		printf("forgotten: %-24s %lld remembered\n",
		    ctl_text(report, "user", "-", who), remembered);
}

static int
cmd_forget(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	bool json;
	int status;

	if (ctl_take_json("stepup", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("stepup",
		    "stepup: one user or address is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "stepup.forget");
	json_set_string(command, "who", argv[optind]);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	else if (!json && status == CTL_OK) {
		print_forgotten(report);
	}
	json_free(report);
	return status;
}

int
cmd_stepup(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "list", "forget", NULL };
	static const ctl_fn run[] = { cmd_list, cmd_forget };
	int i;

	if ((i = ctl_subcommand("stepup", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
