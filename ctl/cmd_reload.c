/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl reload: have the daemon read its configuration again, and say
 * what became of it.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/status.h"

#define RELOAD_TIMEOUT_MS 60000u /* large databases are read and verified */

static void
complain_each(const struct json *list)
{
	for (size_t i = 0; i < json_length(list); i++)
		ctl_complain("%s", json_string_at(list, i, "?"));
}

/* What is in force now and works only in part. Some say that they are such. */
static void
warn_each(const struct json *list)
{
	const char *text;

	for (size_t i = 0; i < json_length(list); i++) {
		text = json_string_at(list, i, "?");
		ctl_complain("%s%s",
		    strstr(text, ": warning: ") != NULL ? "" : "warning: ",
		    text);
	}
}

static void
complain_more(const struct json *report, const char *list)
{
	long long n = status_more(report, list);

	if (n > 0)
		ctl_complain("and %lld more %s; farmgatectl check shows all", n,
		    list);
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
	complain_each(json_get(report, "errors"));
	complain_more(report, "errors");
	warn_each(json_get(report, "warnings"));
	complain_more(report, "warnings");
	if (json_get_bool(report, "truncated", false))
		ctl_complain("reload: the report is too long to be sent");
	(void)ctl_text(report, "sha256", "not known", hash);
	if (status == CTL_OK)
		printf("reloaded: sha256 %s is in force\n", hash);
	else
		ctl_complain("not reloaded: sha256 %s stays in force", hash);
	json_free(report);
	return status;
}
