/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * That the gate of services was changed, and by whom, for those who ask later.
 */
#ifndef FG_CTL_ROLLOUT_NOTE_H
#define FG_CTL_ROLLOUT_NOTE_H

#include "ctl/ctl.h"
#include "ctl/rollout/pending.h"

/* What was done, as the audit log has it. */
struct note {
	const struct ctl *ctl;
	const char	*action;	/* "enable" */
	const char	*mode;		/* "observe", "enforce", or "" */
	const char	*why;		/* for the system log */
	bool		 done;		/* it could be done */
};

/*
 * To the system log, and, if the daemon runs and it was done, the audit log;
 * nothing depends on either.
 */
void	note_pending(const struct note *note, const struct pending *pending);
void	note_plans(const struct note *note, const struct plan *plans, size_t n);

#endif
