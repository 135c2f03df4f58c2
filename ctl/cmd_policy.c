/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl policy: what its rules have come to; and diff: two configurations
 * as they would be in force, with what is shipped, and not as they are written.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/policy/counters.h"
#include "ctl/policy/diff.h"
#include "policyd/conf.h"
#include "policyd/text.h"
#include "proto/result.h"

struct report {
	struct json *json; /* or NULL: for people */
	struct json *list;
	const char *where; /* of the last change */
	size_t n;
};

/* ---- reading ------------------------------------------------------------- */

static char *
dump_text(const struct conf *conf)
{
	char *text = NULL;
	size_t len;
	FILE *out;
	bool good;

	if ((out = open_memstream(&text, &len)) == NULL)
		return NULL;
	good = conf_dump(conf, out) == 0;
	if (fclose(out) == 0 && good)
		return text;
	free(text);
	return NULL;
}

static int
read_one(const char *path, struct settings *ret_settings)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;
	int r, status;
	char *text;

	r = conf_load(path, &conf, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	if ((status = ctl_conf_status(path, r)) != CTL_OK)
		return status == CTL_NO ? CTL_ERROR : status;
	text = dump_text(conf);
	conf_free(conf);
	r = text == NULL ? FG_ERR_NOMEM : settings_read(text, ret_settings);
	free(text);
	if (r == 0)
		return CTL_OK;
	ctl_complain("policy: %s: %s", path, fg_strerror(r));
	return CTL_ERROR;
}

/* ---- telling ------------------------------------------------------------- */

static void
print_value(const char *sign, const char *key, const char *value)
{
	char shown[CTL_TEXT_SIZE];

	if (value != NULL)
		printf("  %s %s = %s\n", sign, key,
		    text_escape_utf8(shown, sizeof(shown), value,
			strlen(value)));
}

static void
print_change(struct report *report, const struct policy_change *change)
{
	const char *where = change->where[0] == '\0' ?
	    "outside of all sections" :
	    change->where;

	if (report->where == NULL || strcmp(report->where, change->where) != 0)
		printf("%s%s%s\n", where, change->added ? ": new" : "",
		    change->removed ? ": gone" : "");
	report->where = change->where;
	print_value("-", change->key, change->was);
	print_value("+", change->key, change->is);
}

static void
tell(const struct policy_change *change, void *arg)
{
	struct report *report = arg;
	struct json *o;

	report->n++;
	if (report->json == NULL) {
		print_change(report, change);
		return;
	}
	o = json_add_object(report->list);
	json_set_untrusted(o, "section", change->where);
	json_set_untrusted(o, "key", change->key);
	if (change->added || change->removed)
		json_set_string(o, "section_is",
		    change->added ? "new" : "gone");
	if (change->was != NULL)
		json_set_untrusted(o, "was", change->was);
	if (change->is != NULL)
		json_set_untrusted(o, "is", change->is);
}

/* The first policy that matches is used. */
static void
tell_order(struct report *report, const struct settings *new)
{
	report->n++;
	if (report->json != NULL) {
		json_set_bool(report->json, "order", true);
		return;
	}
	printf("policies come in another order now:");
	for (size_t i = 0; i < new->nsections; i++)
		if (strncmp(new->section[i], "policy ", 7) == 0 &&
		    strchr(new->section[i], ',') == NULL)
			printf(" %s", new->section[i] + 7);
	putchar('\n');
}

static int
diff(const struct settings *old, const struct settings *new, bool json)
{
	struct report report = { .n = 0 };
	int status = CTL_OK;

	if (json) {
		report.json = json_new();
		report.list = json_set_array(report.json, "changes");
	}
	policy_diff(old, new, tell, &report);
	if (policy_diff_order(old, new))
		tell_order(&report, new);
	if (json)
		status = ctl_print_json(report.json);
	else if (report.n == 0)
		puts("no difference");
	json_free(report.json);
	if (status != CTL_OK)
		return CTL_ERROR;
	return report.n == 0 ? CTL_OK : CTL_NO;
}

int
cmd_policy(const struct ctl *ctl, int argc, char **argv)
{
	struct settings old = { .n = 0 }, new = { .n = 0 };
	int status;
	bool json;

	if (ctl_take_json(argv[0], argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (argc - optind == 1 && strcmp(argv[optind], "counters") == 0)
		return policy_counters(ctl, json);
	if (argc - optind != 3 || strcmp(argv[optind], "diff") != 0)
		return ctl_misuse(argv[0],
		    "policy: counters, or diff and two configurations are "
		    "needed");
	status = read_one(argv[optind + 1], &old);
	if (status == CTL_OK)
		status = read_one(argv[optind + 2], &new);
	if (status == CTL_OK)
		status = diff(&old, &new, json);
	settings_done(&old);
	settings_done(&new);
	return status;
}
