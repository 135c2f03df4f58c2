/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fault comes to under a policy, whoever's login it is: by the rules
 * for that fault alone. What else may be against a login is not in it.
 */
#ifndef FG_CTL_FORESEE_H
#define FG_CTL_FORESEE_H

#include "ctl/rehearsal/fault.h"
#include "policyd/conf.h"

#define FORESEEN_BY_SIZE 256u

enum foreseen_result {
	FORESEEN_NONE = 0,
	FORESEEN_USUAL,		/* the fault has no part in it */
	FORESEEN_ALLOW,		/* found or failed, and let in */
	FORESEEN_OBSERVED,	/* let in because nothing is enforced */
	FORESEEN_CHALLENGE,	/* who cannot prove it is denied */
	FORESEEN_DENY,
	FORESEEN_EXEMPT
};

struct foreseen {
	enum foreseen_result result;
	enum failure	 failure;	/* that decides, if it is one */
	char		 by[FORESEEN_BY_SIZE];
};

struct foresee {
	const struct conf *conf;
	const struct conf_policy *policy; /* NULL: none matches */
	enum service_kind kind;
	bool		 observe;	/* the PAM line's argument */
};

/* A fault with which the daemon still answers. */
void	foresee(const struct foresee *of, enum fault fault,
	    struct foreseen *ret);

/* "allow", "challenge", "deny", "observed", "as usual", "exempt". Static. */
const char	*foreseen_name(enum foreseen_result result);

#endif
