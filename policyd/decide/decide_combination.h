/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings that are worse together, for decide.c, and for who counts.
 */
#ifndef FG_DECIDE_COMBINATION_H
#define FG_DECIDE_COMBINATION_H

#include "policyd/decide/decide.h"

/*
 * Whether all of it was found; and what it comes to then, as decide_challenge()
 * has it where that is a challenge.
 */
bool	decide_combination(const struct facts *facts, const struct conf *conf,
	    const struct conf_combination *c, struct decision *d,
	    enum action *ret_action);

/* The first of these alone. */
bool	decide_combination_holds(const struct conf_combination *c,
	    const struct decision *d);

#endif
