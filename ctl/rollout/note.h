/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * That the gate of a service was changed, and by whom, for those who ask later:
 * the system log.
 */
#ifndef FG_CTL_ROLLOUT_NOTE_H
#define FG_CTL_ROLLOUT_NOTE_H

#include "ctl/rollout/pending.h"

/* what: "enabled"; why: how, or for what reason. */
void	note_change(const char *what, const char *why,
	    const struct pending *pending);
void	note_plans(const char *what, const char *why, const struct plan *plans,
	    size_t n);

#endif
