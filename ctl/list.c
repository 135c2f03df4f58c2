/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists, a line each as the daemon sends them, and one of such a list.
 */
#include <getopt.h>
#include <stdio.h>

#include "ctl/ctl.h"
#include "policyd/text.h"

struct list {
	void (*heading)(void);
	void (*print)(const struct json *line);
	bool json;
	unsigned long n;
};

static int
list_line(struct json *line, void *arg)
{
	struct list *list = arg;

	list->n++;
	if (list->json)
		return ctl_print_json(line);
	if (list->n == 1 && list->heading != NULL)
		list->heading();
	list->print(line);
	return CTL_OK;
}

int
ctl_list(const struct ctl *ctl, struct json *command, bool json,
    void (*heading)(void), void (*print)(const struct json *line))
{
	struct list list = { .heading = heading, .print = print, .json = json };
	int status = ctl_ask_lines(ctl, command, false, list_line, &list);

	if (status == CTL_OK && list.n == 0 && !json)
		puts("none");
	return status;
}

int
ctl_list_all(const struct ctl *ctl, int argc, char **argv, const char *name,
    const char *what, void (*heading)(void),
    void (*print)(const struct json *line))
{
	struct json *command;
	bool json;

	if (ctl_take_json(name, argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse(name, "%s: unexpected argument %s", name,
		    argv[optind]);
	command = json_new();
	json_set_string(command, "do", what);
	return ctl_list(ctl, command, json, heading, print);
}

struct json *
ctl_numbered(int argc, char **argv, const char *name, const char *what,
    bool *ret_json)
{
	struct json *command;
	uint64_t id;

	if (ctl_take_json(name, argc, argv, ret_json) != CTL_OK)
		return NULL;
	if (optind + 1 != argc ||
	    text_parse_uint(argv[optind], 1, INT64_MAX, &id) != 0) {
		(void)ctl_misuse(name,
		    "%s: one number is needed, as farmgatectl %s list shows it",
		    name, name);
		return NULL;
	}
	command = json_new();
	json_set_string(command, "do", what);
	json_set_int(command, "id", (int64_t)id);
	return command;
}

void
ctl_print_term(const struct json *json, const char *begins, const char *by)
{
	char from[CTL_TIME_SIZE], until[CTL_TIME_SIZE];
	char who[CTL_TEXT_SIZE], removed[CTL_TEXT_SIZE], reason[CTL_TEXT_SIZE];
	int64_t until_s = json_get_int(json, "until", -1);

	printf("%s to %s  %s %s%s: %s\n",
	    ctl_time_text(json_get_int(json, begins, -1), from),
	    until_s < 0 ? "its removal" : ctl_time_text(until_s, until), by,
	    ctl_by_text(json, who), ctl_removed_text(json, removed),
	    ctl_text(json, "reason", "-", reason));
}

int
ctl_report(const struct ctl *ctl, struct json *command, bool json,
    const char *what, void (*print)(const struct json *report))
{
	struct json *answer;
	int status;

	if (ctl_command(ctl, command, NULL, &answer, &status) != CTL_OK)
		return CTL_ERROR;
	if (json) {
		if (ctl_print_json(answer) != CTL_OK)
			status = CTL_ERROR;
	} else if (json_get_string(answer, "state", NULL) != NULL) {
		printf("%s: ", what);
		print(answer);
	}
	json_free(answer);
	return status;
}
