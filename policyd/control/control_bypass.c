/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bypass, for whoever has lost what they prove a login with: an exception
 * that stands for a step-up and for nothing else, ends on the same day, and is
 * another administrator's word.
 */
#include "policyd/control/control_parts.h"
#include "policyd/stepup/method.h"

#define BYPASS_LONGEST_S INT64_C(28800) /* 8 hours */

static bool
bypass_take(struct control_job *job, struct store_exception *e)
{
	if (!control_exception_take(job, e))
		return false;
	e->kind = STORE_EXCEPTION_BYPASS;
	e->from_s = e->at_s;
	if (!method_is_remembered(e->code))
		control_problem(job,
		    "%s takes no bypass: only a second person answers it, as "
		    "by an approval",
		    finding_info(e->code)->name);
	else if (e->until_s - e->at_s > BYPASS_LONGEST_S)
		control_problem(job,
		    "a bypass holds for at most 8 hours; by then enrol them "
		    "anew with farmgatectl totp enrol --replace");
	else
		return true;
	return false;
}

bool
control_bypass_check(struct control_job *job)
{
	struct store_exception e;

	return bypass_take(job, &e);
}

void
control_bypass(struct control_job *job)
{
	struct store_exception e;
	bool known;

	if (!bypass_take(job, &e) || !control_asker_is_somebody(job) ||
	    !control_exception_whose(job, &e, &known) ||
	    !control_asker_is_another(job, e.user,
		"nobody bypasses their own step-up: ask another "
		"administrator"))
		control_refuse(job);
	else
		control_exception_put(job, &e, known);
}
