/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon writes the record, and does not read its log: whether there is
 * such a decision is looked up here.
 */
#include "ctl/audit/review.h"

#include <stdio.h>
#include <string.h>

#include "ctl/audit/asked.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/crypto.h"
#include "policyd/record/disposition.h"
#include "policyd/text.h"

#define COMMAND	   "audit"
#define WHAT	   "audit review"
#define TICKET_MAX 128u /* the daemon's limits */
#define NOTE_MAX   JSON_UNTRUSTED_MAX

struct review {
	struct asked asked;
	char ref[CRYPTO_REF_SIZE + 1];
	const char *disposition, *ticket, *note;
	bool force, json;
	bool seen; /* there is such a decision */
};

/* ---- what is asked for ------------------------------------------------- */

static int
misuse_disposition(const char *typed)
{
	struct conf_near near = { .word = typed };
	char text[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; disposition_at(i) != NULL; i++)
		conf_near_offer(&near, disposition_at(i));
	return ctl_misuse(COMMAND, WHAT ": --disposition %s: %s", typed,
	    conf_near_text(&near,
		"write true_positive, false_positive, expected or unclear",
		text));
}

static int
read_options(struct review *v, int argc, char **argv)
{
	const struct ctl_option options[] = {
		{ "disposition", &v->disposition, NULL },
		{ "ticket", &v->ticket, NULL },
		{ "note", &v->note, NULL },
		{ "force", NULL, &v->force },
		{ "json", NULL, &v->json },
		{ "config", &v->asked.config, NULL },
		{ "file", &v->asked.file, NULL },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, WHAT ": one reference is needed");
	if (v->disposition == NULL)
		return ctl_misuse(COMMAND, WHAT ": --disposition is needed");
	if (disposition_by_name(v->disposition) == DISPOSITION_NONE)
		return misuse_disposition(v->disposition);
	if ((v->ticket != NULL &&
		!ctl_is_argument("--ticket", v->ticket, TICKET_MAX)) ||
	    (v->note != NULL && !ctl_is_argument("--note", v->note, NOTE_MAX)))
		return CTL_ERROR;
	if (ctl_parse_reference(argv[optind], v->ref, CRYPTO_REF_SIZE) ||
	    ctl_parse_reference(argv[optind], v->ref, sizeof(v->ref)))
		return CTL_OK;
	return ctl_misuse(COMMAND,
	    WHAT ": %s is no reference; one looks like 7F3K-Q2MN",
	    argv[optind]);
}

/* ---- whether there is such a decision ----------------------------------- */

/* What can be looked into has happened to somebody's login. */
static bool
look_at(const struct source_line *line, const struct json *record, void *arg)
{
	const char *event = json_get_string(record, "event", "");
	struct review *v = arg;

	(void)line;
	v->seen = strcmp(json_get_string(record, "ref", ""), v->ref) == 0 &&
	    (strcmp(event, "decision") == 0 ||
		strcmp(event, "breakglass") == 0);
	return !v->seen;
}

static int
find_decision(struct review *v)
{
	int r = CTL_ERROR;

	if (asked_reference(&v->asked, v->ref) == 0)
		r = asked_records(&v->asked, true, look_at, v);
	if (v->seen || v->force)
		return CTL_OK;
	if (r == CTL_ERROR)
		ctl_complain(WHAT ": so %s could not be looked up, and nothing "
				  "is recorded; --force records it anyhow",
		    v->ref);
	else
		ctl_complain(WHAT ": no decision %s is in the audit log; if it "
				  "is in one that was moved away, name that "
				  "with --file, or record it anyhow with "
				  "--force",
		    v->ref);
	return r == CTL_ERROR ? CTL_ERROR : CTL_NO;
}

/* ---- the record --------------------------------------------------------- */

static int
send_review(const struct ctl *ctl, const struct review *v)
{
	struct json *command = json_new(), *report;
	char by[CTL_TEXT_SIZE];
	int status;

	json_set_string(command, "do", "audit.review");
	json_set_string(command, "of", v->ref);
	json_set_string(command, "disposition", v->disposition);
	if (v->ticket != NULL)
		json_set_string(command, "ticket", v->ticket);
	if (v->note != NULL)
		json_set_string(command, "note", v->note);
	json_set_bool(command, "unseen", !v->seen);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (v->json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	else if (!v->json && status == CTL_OK)
		printf("reviewed: %s is %s, by %s\n", v->ref, v->disposition,
		    ctl_by_text(report, by));
	json_free(report);
	return status;
}

int
audit_review(const struct ctl *ctl, int argc, char **argv)
{
	struct review v = { .force = false };
	int r;

	if ((r = asked_init(&v.asked, WHAT)) == CTL_OK &&
	    (r = read_options(&v, argc, argv)) == CTL_OK &&
	    (r = find_decision(&v)) == CTL_OK)
		r = send_review(ctl, &v);
	asked_done(&v.asked);
	return r;
}
