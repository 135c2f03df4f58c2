/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one configuration has and the other has not. Pure.
 */
#ifndef FG_CTL_POLICY_DIFF_H
#define FG_CTL_POLICY_DIFF_H

#include <stdbool.h>

#include "ctl/policy/setting.h"

/* A setting of a key and section: what it was, and what it is; one may be NULL.
 * Borrowed. */
struct policy_change {
	const char	*where;
	const char	*key;
	const char	*was;
	const char	*is;
	bool		 added;		/* the section is new, */
	bool		 removed;	/* or gone */
};

/*
 * Each change, section by section in the order of the old configuration, then
 * sections that are new. A key that has one value on both sides is one change.
 */
typedef void (*policy_change_fn)(const struct policy_change *change, void *arg);
void	policy_diff(const struct settings *old, const struct settings *new,
	    policy_change_fn fn, void *arg);

/* Whether the policies that both have come in another order. */
bool	policy_diff_order(const struct settings *old,
	    const struct settings *new);

#endif
