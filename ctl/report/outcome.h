/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What came of a decision, each of them exactly one of these.
 */
#ifndef FG_CTL_REPORT_OUTCOME_H
#define FG_CTL_REPORT_OUTCOME_H

#include "policyd/json/json.h"

/* Those that a report counts by what they have in common come first. */
enum outcome {
	OUTCOME_DENIED,
	OUTCOME_WOULD,		/* enforcing would have denied it */
	OUTCOME_CHALLENGED,	/* a proof was asked for; it was not refused */
	OUTCOME_ODD,		/* how many these are */
	OUTCOME_ALLOWED = OUTCOME_ODD,
	OUTCOME_EXEMPT,
	OUTCOME_OTHER,		/* no verdict that is known */
	OUTCOMES
};

enum outcome	 outcome_of(const struct json *decision);
/* "denied": for people. Static. */
const char	*outcome_name(enum outcome outcome);

#endif
