/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The failures that break-glass is for. Not among them is what is a rule:
 * no_policy, and user_unknown, who is nobody that could be listed.
 */
#include "proto/failing.h"

#include <stddef.h>
#include <string.h>

const char *const fg_failing_names[] = { "audit_unwritable", "bundle_stale",
	"clock_unset", "groups_unknown", "history_unknown", "overflow",
	"session_unkept", "store_unusable", NULL };

bool
fg_failing(const char *reason)
{
	const char *const *name;

	for (name = fg_failing_names; *name != NULL; name++) {
		if (strcmp(*name, reason) == 0)
			return true;
	}
	return false;
}
