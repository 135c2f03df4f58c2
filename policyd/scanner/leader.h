/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that a session is said to be led by, looked at before anything
 * of it is ended. The decider names it and is not believed.
 */
#ifndef FG_LEADER_H
#define FG_LEADER_H

#include <stdbool.h>

#include "policyd/scanner/tie.h"

struct leader {
	int		 fd;		/* held by; -1: it is gone */
	struct tie_process process;	/* as it was looked at */
};

/*
 * Find the process with this number and start. Returns 0, FG_ERR_NOT_FOUND (it
 * has ended, and its number may be another's), FG_ERR_UNSAFE (it is nobody's
 * to end: pid 1, the daemon's, the kernel's) or FG_ERR_SYSTEM. leader_close()
 * is due in every case.
 */
int	leader_open(const struct fact_process *who, struct leader *ret_leader);
void	leader_close(struct leader *leader);

/*
 * Whether a leader with these is in the session that the decider names, as far
 * as that names one.
 */
bool	leader_fits(const struct scanner_session *s, uint32_t audit_session,
    const char *cgroup);

/*
 * Root's, and it has Farmgate's PAM module loaded, as whoever opens sessions:
 * without that, nobody is a leader.
 */
bool	leader_has_gate(const struct leader *leader);

/*
 * What no session can have left behind, though it may look so: what is in the
 * cgroup of a system service, but for the one that its own leader was in.
 */
bool	leader_is_in_service(struct tie_process *process, const char *cgroup);

/*
 * It may lead another login, and look like one of this session: root's, with
 * the gate. A user's su or sudo is not while it asks who they are.
 */
bool	leader_is_others(const struct tie_process *process);

/* SIGTERM and SIGCONT, or SIGKILL; as hold_signal(). */
int	leader_end(const struct leader *leader, bool force);

#endif
