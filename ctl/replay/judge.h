/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One ruleset over logins of the past: the facts as far as they can be known,
 * and the decision, by the daemon's own gather_*, check_* and decide().
 */
#ifndef FG_CTL_REPLAY_JUDGE_H
#define FG_CTL_REPLAY_JUDGE_H

#include "ctl/past/past.h"
#include "ctl/replay/known.h"
#include "ctl/replay/people.h"
#include "ctl/replay/recorded.h"
#include "policyd/decide/decide.h"
#include "policyd/ruleset.h"

enum judgement {
	JUDGED_ALLOW,
	JUDGED_CHALLENGE,
	JUDGED_DENY,
	JUDGEMENTS
};

struct judge;

/* All borrowed; view: which of KNOWN_VIEWS it is. NULL: no memory. */
struct judge	*judge_new(const struct ruleset *ruleset,
		    struct people *people, struct known *known, size_t view);
void		 judge_free(struct judge *judge);	/* NULL is fine */

/*
 * Decide a login that a log tells of, or that was recorded as a decision. What
 * enforcing comes to, also where it is only observed.
 */
enum judgement	 judge_login(struct judge *judge,
		    const struct past_login *login);
enum judgement	 judge_recorded(struct judge *judge,
		    const struct recorded *recorded);

/* Of the last one, until the next. */
const struct decision *judge_decision(const struct judge *judge);
const struct facts *judge_facts(const struct judge *judge);
const struct conf *judge_conf(const struct judge *judge);
/* Whose it was, by number of known_names(), or NAMES_NONE. */
uint32_t	 judge_who(const struct judge *judge);

/* Users that this machine does not know, so that they are in no group. */
uint64_t	 judge_strangers(const struct judge *judge);
/* Recorded logins of people whom the inventory has no more. */
uint64_t	 judge_gone(const struct judge *judge);

/* "allow", "challenge", "deny". Static. */
const char	*judgement_name(enum judgement judgement);

#endif
