/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policy that a login is decided by, for decide.c.
 */
#ifndef FG_DECIDE_POLICY_H
#define FG_DECIDE_POLICY_H

#include "policyd/conf.h"
#include "policyd/facts.h"

enum decide_match {
	DECIDE_MATCH_NO = 0,
	DECIDE_MATCH_YES,
	DECIDE_MATCH_UNSURE	/* only a group decides, and the groups are
				 * not known */
};

/*
 * The first policy, from number from on, that is not known to be somebody
 * else's; NULL, and DECIDE_MATCH_NO, if there is none.
 */
const struct conf_policy *decide_policy(const struct facts *facts,
	    const struct conf *conf, size_t from,
	    enum decide_match *ret_match);

#endif
