/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a method of step-up makes of an answer.
 */
#ifndef FG_STEPUP_RESULT_H
#define FG_STEPUP_RESULT_H

enum stepup_result {
	STEPUP_FAILED = 0,
	STEPUP_PASSED,
	STEPUP_AGAIN,	/* not yet: ask the same once more */
	STEPUP_ERROR	/* it could not look; no proof */
};

#endif
