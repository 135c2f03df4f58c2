/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who takes back what nobody confirms: a process of its own, and the same by
 * farmgate-rollback.service, which outlives a session's end and a reboot.
 */
#ifndef FG_CTL_ROLLOUT_GUARD_H
#define FG_CTL_ROLLOUT_GUARD_H

#include "ctl/ctl.h"

/*
 * Wait until what is pending was confirmed, or take it back when its time is
 * over, again and again if that fails. One process at a time does; others wait
 * for it to end. Returns CTL_OK, or CTL_ERROR: it cannot wait.
 */
int	guard_run(const struct ctl *ctl);

/* That in the background. Returns CTL_OK or CTL_ERROR. */
int	guard_start(const struct ctl *ctl);

/* Take back now what is pending, by somebody's wish. Returns CTL_OK, CTL_NO
 * (nothing is) or CTL_ERROR. */
int	guard_roll_back(const struct ctl *ctl);

#endif
