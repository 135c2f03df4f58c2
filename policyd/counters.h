/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the rules of a configuration have come to since it was loaded: for each
 * policy how many logins it has decided, and for each of its rules how often
 * what it is about was found, stood against the login, or could not be looked
 * at. Nothing here takes part in a decision.
 */
#ifndef FG_COUNTERS_H
#define FG_COUNTERS_H

#include "policyd/conf.h"
#include "policyd/decide/decide.h"

/* A rule of the file, a combination, or what is shipped for a finding. */
struct counters_rule {
	enum finding_code code;		/* NONE: a combination */
	const char	*name;		/* of a combination */
	const char	*grade;		/* NULL: every one */
	unsigned int	 line;		/* 0: shipped */
	enum action	 action;
	uint64_t	 fired;		/* it was found, and this rule's */
	uint64_t	 against;	/* of these, that no exception or proof
					 * has answered, and that are more than
					 * logged */
	uint64_t	 blind;		/* it could not be looked at */
};

struct counters_policy {
	const char	*name;		/* NULL: logins that have none */
	unsigned int	 line;
	enum conf_mode	 mode;
	uint64_t	 logins;	/* matched, and decided */
	uint64_t	 denied;
	uint64_t	 observed;	/* allowed, would have been denied */
	size_t		 nrules;
	struct counters_rule *rules;	/* the file's in its order first */
};

struct counters {
	size_t		 npolicies;	/* the last one is that of none */
	struct counters_policy *policies;
};

/* Borrows from conf. Returns 0 or FG_ERR_NOMEM. */
int	counters_new(const struct conf *conf, struct counters **ret_counters);
void	counters_free(struct counters *counters);	/* NULL is fine */

/* A login was decided by this configuration. Exempt ones are no policy's. */
void	counters_decided(struct counters *counters, const struct conf *conf,
	    const struct facts *facts, const struct decision *decision);

#endif
