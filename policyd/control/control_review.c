/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit.review: what somebody who has looked into a decision says of it, for
 * the record. The daemon does not read its own log: that there is such a
 * decision is what farmgatectl has looked up.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/record/disposition.h"

#define TICKET_MAX 128u

/* Optional. */
static bool
is_short(struct control_job *job, const char *key, size_t max)
{
	return json_get_string(job->args, key, "")[0] == '\0' ||
	    control_text(job, key, max) != NULL;
}

/* References have digits and capitals only; who reads them relies on that. */
static bool
is_reference(struct control_job *job)
{
	const char *ref = control_text(job, "of", FG_REF_MAX);

	if (ref == NULL)
		return false;
	if (ref[strspn(ref, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0')
		return true;
	control_problem(job, "review: this is no reference");
	return false;
}

bool
control_review_check(struct control_job *job)
{
	const char *word = json_get_string(job->args, "disposition", "");

	if (!is_reference(job) || !is_short(job, "ticket", TICKET_MAX) ||
	    !is_short(job, "note", JSON_UNTRUSTED_MAX))
		return false;
	if (disposition_by_name(word) != DISPOSITION_NONE)
		return true;
	control_problem(job, "review: this is no disposition");
	return false;
}

void
control_review(struct control_job *job)
{
	struct json *report;

	if (control_record_review(job) != 0) {
		control_unrecorded(job, "nothing is reviewed");
		return;
	}
	report = json_new();
	json_set_string(report, "of", json_get_string(job->args, "of", NULL));
	json_set_string(report, "disposition",
	    json_get_string(job->args, "disposition", NULL));
	json_set_int(report, "by_uid", job->by.uid);
	json_set_id(report, "by_loginuid", job->by.loginuid);
	control_answer(job, report, CONTROL_OK);
}
