/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's groups, as the caller's process sees them.
 */
#ifndef FG_GROUPS_H
#define FG_GROUPS_H

#include <stdint.h>

#include "pam_module/items.h"
#include "proto/msg.h"

struct groups {
	struct fg_groups msg;		/* its names are in the array below */
	char		 names[FG_MSG_MAX];
	size_t		 used;
};

/*
 * Look the groups of the user of items up. It stops once deadline_ns
 * (CLOCK_MONOTONIC) has passed, but cannot hurry a single look-up. Any failure
 * is .msg.failed, which is what the daemon wants to hear. *ret_groups is big:
 * allocate it.
 */
void	groups_collect(const struct items *items, int64_t deadline_ns,
	    struct groups *ret_groups);

#endif
