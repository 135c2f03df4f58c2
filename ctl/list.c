/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists, a line each as the daemon sends them, and one of such a list.
 */
#include <getopt.h>
#include <stdio.h>

#include "ctl/ctl.h"

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
    const char *what, void (*print)(const struct json *line))
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
	return ctl_list(ctl, command, json, NULL, print);
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
