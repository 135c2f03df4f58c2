/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision of a login that does not take place, by everything that a live
 * one is decided by but its process: the people and exceptions of the store
 * are read, and the daemon has no part in it.
 */
#ifndef FG_CTL_WHAT_IF_H
#define FG_CTL_WHAT_IF_H

#include "ctl/rehearsal/fault.h"
#include "policyd/json/json.h"
#include "policyd/ruleset.h"

struct what_if {
	const struct ruleset *ruleset;
	const struct gather_parent *parent;
	struct facts *facts; /* what a request brings is set */
	const char *command; /* that complains */
	enum fault fault;    /* with which it is decided, or NONE */
};

/*
 * *ret_record is what would be recorded, with its time; the caller frees it.
 * Complains itself. Returns CTL_OK, or CTL_ERROR: there is no answer, because
 * something that would have a say cannot be read.
 */
int what_if_decide(const struct what_if *w, struct json **ret_record);

#endif
