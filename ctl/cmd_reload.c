/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl reload: have the daemon read its configuration again, and say
 * what became of it.
 */
#include <stdio.h>

#include "ctl/ctl.h"
#include "policyd/text.h"

#define RELOAD_TIMEOUT_MS 60000u /* large databases are read and verified */

static void
print_errors(const struct json *report)
{
	const struct json *errors = json_get(report, "errors");

	for (size_t i = 0; i < json_length(errors); i++)
		ctl_complain("%s", json_string_at(errors, i, "?"));
}

/* What is in force now and works only in part. */
static void
print_warnings(const struct json *report)
{
	const struct json *warnings = json_get(report, "warnings");

	for (size_t i = 0; i < json_length(warnings); i++)
		ctl_complain("warning: %s", json_string_at(warnings, i, "?"));
}

int
cmd_reload(const struct ctl *ctl, int argc, char **argv)
{
	char hash[CTL_TEXT_SIZE];
	struct json *report;
	int status;

	if (argc > 1)
		return ctl_misuse(argv[0], "reload takes no argument: %s",
		    argv[1]);
	if (ctl_call(ctl, FG_MSG_RELOAD, RELOAD_TIMEOUT_MS, &report, &status) !=
	    CTL_OK)
		return CTL_ERROR;
	print_errors(report);
	print_warnings(report);
	(void)ctl_text(report, "sha256", "not known", hash);
	if (status == CTL_OK)
		printf("reloaded: sha256 %s is in force\n", hash);
	else
		ctl_complain("not reloaded: sha256 %s stays in force", hash);
	json_free(report);
	return status;
}
