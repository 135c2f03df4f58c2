/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's groups, as the caller's process sees them.
 */
#ifndef FG_GROUPS_H
#define FG_GROUPS_H

#include <stdint.h>

#include "pam_module/items.h"
#include "proto/msg.h"

#define GROUPS_GIDS_MAX 65536 /* of one user, as many as Linux allows */

/*
 * Find out which of the groups of need the user of items is in. It stops once
 * deadline_ns (CLOCK_MONOTONIC) has passed, but cannot hurry a single look-up.
 * Any failure is .failed, which is what the daemon wants to hear.
 */
void	groups_collect(const struct items *items, const struct fg_need *need,
	    int64_t deadline_ns, struct fg_groups *ret_groups);

#endif
