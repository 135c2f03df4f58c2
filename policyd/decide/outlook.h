/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What would come of a challenge, of a login that nobody makes: for the
 * what-if, which asks nobody.
 */
#ifndef FG_OUTLOOK_H
#define FG_OUTLOOK_H

#include "policyd/decide/decide.h"
#include "policyd/stepup/stepup.h"

struct store;

#define OUTLOOK_REVOKED_SIZE 640u

struct outlook {
	struct stepup	 plan;		/* what would be asked, in this order */
	bool		 has[METHOD_COUNT];	/* whether it could pass */
	bool		 held;		/* by back-off: nothing passes now */
	/* Where .has lacks a laptop, and theirs was revoked: that, and why. */
	char		 revoked[OUTLOOK_REVOKED_SIZE];
	/* What enforcing would do, by how it ends. */
	enum fg_verdict	 passed, failed, unasked;
};

/* Whether it is the person's own to have, and not somebody else's word. */
bool	outlook_is_own(enum method method);

/*
 * Of a decision that nothing but a proof is missing for, .challenge; facts are
 * those that it was made from, and the same again afterwards. Without a store
 * (NULL) nobody has anything.
 */
void	outlook_take(struct facts *facts, const struct conf *conf,
	    const struct decision *decision, struct store *store,
	    struct outlook *ret_outlook);

/* What would help them to pass, for decide_next_of(); NULL of NULL. Static, or
 * borrowed from outlook. */
const char *outlook_next(const struct outlook *outlook);

#endif
