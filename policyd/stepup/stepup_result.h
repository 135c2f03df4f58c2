/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a method says of an answer.
 */
#ifndef FG_STEPUP_RESULT_H
#define FG_STEPUP_RESULT_H

enum stepup_result {
	STEPUP_FAILED = 0,	/* it proves nothing */
	STEPUP_PASSED,
	STEPUP_AGAIN,		/* it is not decided yet: ask once more */
	STEPUP_ERROR		/* it could not be judged; never a pass */
};

#endif
