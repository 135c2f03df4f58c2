/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl person forget: what was removed, what stays, and until when.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/person.h"
#include "policyd/store/store.h"
#include "policyd/text.h"

#define COMMAND "person"

static void
print_removed(const struct json *report)
{
	static const char *const names[] = { "history", "site", "exception",
		"totp", "recovery", "backoff", "proof", "verification",
		"reason" };
	const struct json *rows = json_get(report, "removed");
	char user[CTL_TEXT_SIZE];
	bool any = false;
	long long n;

	printf("%s: ", ctl_text(report, "user", "-", user));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((n = json_get_int(rows, names[i], 0)) == 0)
			continue;
		printf("%s%lld of %s", any ? ", " : "removed ", n, names[i]);
		any = true;
	}
	puts(any ? "" : "nothing is held in the store");
}

static void
print_set_aside(const struct json *report)
{
	const struct json *list = json_get(report, "set_aside");
	char folder[CTL_TEXT_SIZE], name[CTL_TEXT_SIZE];

	for (size_t i = 0; i < json_length(list); i++) {
		const char *text = json_string_at(list, i, "-");

		printf("%s/%s is a store that was damaged and set aside, and "
		       "may have them still: remove it, with its -wal\n",
		    ctl_text(report, "folder", "", folder),
		    text_escape_utf8(name, sizeof(name), text, strlen(text)));
	}
}

static void
print_left(const struct json *report)
{
	int64_t until_s = json_get_int(report, "log_until", -1);
	char until[CTL_TIME_SIZE];

	if (json_get_bool(report, "revoked", false))
		puts("that their access was taken back stays, by name alone");
	if (until_s < 0)
		puts("records of the audit log that name them stay: it does "
		     "not expire, see audit_keep and audit_rotate_age");
	else
		printf("records of the audit log that name them are gone by "
		       "%s, if there is no hold\n",
		    ctl_time_text(until_s, until));
}

static int
ask(const struct ctl *ctl, struct json *command, bool json)
{
	struct json *report;
	int status;

	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (json_get(report, "removed") != NULL) {
		print_removed(report);
		print_left(report);
		print_set_aside(report);
	}
	json_free(report);
	return status;
}

int
person_forget(const struct ctl *ctl, int argc, char **argv)
{
	const char *reason = NULL;
	struct json *command;
	bool json = false;
	const struct ctl_option options[] = {
		{ "reason", &reason, NULL },
		{ "json", NULL, &json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, "person forget: one user is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX) ||
	    !ctl_is_argument("--reason", reason, STORE_REASON_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "person.forget");
	json_set_string(command, "user", argv[optind]);
	json_set_string(command, "reason", reason);
	return ask(ctl, command, json);
}
