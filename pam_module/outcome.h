/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the daemon's answer, or its absence, to what PAM is told: a pure
 * function over two tables. Nothing else in the module chooses a PAM code for
 * a decision.
 */
#ifndef FG_OUTCOME_H
#define FG_OUTCOME_H

#include <stdbool.h>

#include "pam_module/args.h"
#include "pam_module/ask.h"

struct outcome {
	int		 code;		/* PAM_*, what the phase returns */
	int		 priority;	/* of the log line */
	bool		 log;		/* there is a log line */
	bool		 record;	/* a refusal, for the kernel's audit */
	bool		 fail_open;	/* success without a decision */
	bool		 tell_user;	/* show the denial */
	bool		 keep_ref;	/* the login goes on under this ref */
	const char	*verdict;	/* what happens, static */
	const char	*would;		/* what enforcing would do, static */
	const char	*reason;	/* static, or borrowed from answer */
};

/*
 * Account and session are told the same: a denial is a denial in both. The
 * phase only appears in the log.
 */
void	outcome_decide(const struct answer *answer, const struct args *args,
	    struct outcome *ret_outcome);

#endif
