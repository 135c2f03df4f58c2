/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the daemon's answer, or its absence, to what PAM is told: a pure
 * function over two tables. Nothing else in the module chooses a PAM code for
 * a decision or a proof.
 */
#ifndef FG_OUTCOME_H
#define FG_OUTCOME_H

#include <stdbool.h>

#include "pam_module/args.h"
#include "pam_module/ask.h"
#include "pam_module/breakglass.h"

/* Who has failed, where a failure is all that denies. */
enum outcome_failed {
	OUTCOME_DECIDED = 0,	/* nobody has */
	OUTCOME_FAILED_DAEMON,
	OUTCOME_FAILED_HERE	/* this process lacks the means to ask */
};

struct outcome {
	int		 code;		/* PAM_*, what the phase returns */
	int		 priority;	/* of the log line */
	bool		 log;		/* there is a log line */
	bool		 record;	/* a refusal, for the kernel's audit */
	bool		 fail_open;	/* success without a decision */
	bool		 tell_user;	/* show the denial */
	bool		 tell_ref;	/* show what the step-up is found by */
	bool		 keep_ref;	/* the login goes on under this ref */
	enum outcome_failed failed;	/* break-glass may let in: not where
					 * the line does, or the caller may
					 * have caused it */
	const struct breakglass *glass;	/* let in by this; or NULL */
	const char	*verdict;	/* what happens, static */
	const char	*would;		/* what enforcing would do, static */
	const char	*reason;	/* static, or borrowed from answer */
};

/*
 * Account and session are told the same: a denial is a denial in both. The
 * phase only appears in the log. by_user: a process that its user has started
 * with privilege, as sudo and su are, whose own failures open nothing.
 */
void	outcome_decide(const struct answer *answer, const struct args *args,
	    bool by_user, struct outcome *ret_outcome);

/*
 * What auth is told: PAM_AUTH_ERR for a step-up that did not pass,
 * PAM_CRED_INSUFFICIENT where the next module is to ask, else PAM_IGNORE. It is
 * no way in: account decides.
 */
void	outcome_prove(const struct answer *answer, const struct args *args,
	    struct outcome *ret_outcome);

/*
 * A denial for what has failed becomes an allow by break-glass. Any other
 * outcome stays as it is, as it does where glass names no line.
 */
void	outcome_break(const struct breakglass *glass, struct outcome *outcome);

#endif
