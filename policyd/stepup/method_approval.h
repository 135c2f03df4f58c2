/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "approval": the user sees a number, tells it a second person, and
 * that one types it. No round waits for them: the user asks again.
 */
#ifndef FG_METHOD_APPROVAL_H
#define FG_METHOD_APPROVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/stepup/approvals.h"
#include "policyd/stepup/stepup_result.h"

struct hooklink;

#define METHOD_APPROVAL_PROMPT_SIZE 96u

/* One step-up's; zeroed at the beginning. All pointers are borrowed. */
struct approval_login {
	struct approvals *approvals;
	struct hooklink	*hooks;		/* NULL: nobody is told */
	const struct facts *facts;
	const struct decision *decision;
	int64_t		 until_s;	/* CLOCK_BOOTTIME, the step-up's end */

	struct approval	*request;	/* NULL: nobody is asked, or not yet */
	char		 number[APPROVAL_NUMBER_SIZE];	/* shown; "": not yet */
	/* What the second person was asked about, and nothing later. */
	struct fact_approved asked;
	int		 error;		/* why it could not be asked for */
	bool		 told;		/* method_approval_tell() was called */
};

/*
 * What to show. From the first time on somebody can approve it; with open false
 * nobody can, as nothing can pass any more, and it looks the same. Returns buf.
 */
const char *method_approval_prompt(struct approval_login *login, bool open,
	    char buf[METHOD_APPROVAL_PROMPT_SIZE]);

/* Tell operators that somebody waits, by the log and by their hook; once. */
void	method_approval_tell(struct approval_login *login);

/* How it is by now; *ret_why as for prover_answer(). */
enum stepup_result method_approval_answer(const struct approval_login *login,
	    int64_t now_s, const char **ret_why);

/* Nobody waits any more. */
void	method_approval_end(struct approval_login *login, int64_t now_s);

#endif
