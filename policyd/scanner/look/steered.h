/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a login descends from a tool that has its session in its hands.
 */
#ifndef FG_STEERED_H
#define FG_STEERED_H

#include "policyd/facts.h"
#include "policyd/scanner/look/match.h"
#include "policyd/scanner/look/process.h"

/*
 * The nearest of the ancestors that is of an entry which steers a session, by
 * a look at each of them now, until then (walk_now_ns()'s clock) also at those
 * that found no room in the peer. .kind is ENTRY_NONE if none is, and .late is
 * set if one that is nearer, or any, could not be looked at.
 */
void	steered_find(struct processes *processes, const struct match *match,
	    const struct fact_peer *peer, int64_t until_ns,
	    struct fact_steered *ret_steered);

#endif
