/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verdict of a record, in the words of a report.
 */
#include "ctl/report/outcome.h"

#include <string.h>

#include "ctl/audit/filter.h"

enum outcome
outcome_of(const struct json *decision)
{
	const char *verdict = json_get_string(decision, "verdict", "");

	if (strcmp(verdict, "deny") == 0)
		return OUTCOME_DENIED;
	if (strcmp(json_get_string(decision, "would", ""), "deny") == 0)
		return OUTCOME_WOULD;
	if (filter_is_challenge(decision))
		return OUTCOME_CHALLENGED;
	if (strcmp(verdict, "allow") == 0)
		return OUTCOME_ALLOWED;
	return strcmp(verdict, "exempt") == 0 ? OUTCOME_EXEMPT : OUTCOME_OTHER;
}

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOMES] = {
		[OUTCOME_DENIED] = "denied",
		[OUTCOME_WOULD] = "would be denied",
		[OUTCOME_CHALLENGED] = "challenged",
		[OUTCOME_ALLOWED] = "allowed",
		[OUTCOME_EXEMPT] = "exempt",
		[OUTCOME_OTHER] = "other",
	};

	return names[outcome];
}
