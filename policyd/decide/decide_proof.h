/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a challenge comes to, for decide.c only.
 */
#ifndef FG_DECIDE_PROOF_H
#define FG_DECIDE_PROOF_H

#include "policyd/decide/decide.h"

/* Whether a second person was asked about this finding. */
bool		decide_was_seen(const struct facts *facts,
		    const struct finding *finding);

/*
 * ACTION_LOG where the login's step-up is what these methods want, of which an
 * approval is one only if seen; else ACTION_CHALLENGE, and they are among what
 * the decision needs.
 */
enum action	decide_challenge(const struct facts *facts,
		    const struct methods *methods, bool seen,
		    struct decision *d);

/*
 * The earlier step-up that answers the finding with what these methods want;
 * 0: none does.
 */
uint64_t	decide_remembered(const struct facts *facts,
		    const struct conf *conf, const struct finding *finding,
		    const struct methods *methods);

#endif
