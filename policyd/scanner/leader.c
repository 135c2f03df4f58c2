/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this a process that leads a login? All of it is the scanner's own look:
 * what the decider says can only make it refuse.
 */
#include "policyd/scanner/leader.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hold.h"
#include "proto/result.h"

#define LEADER_MODULE "pam_farmgate.so"

int
leader_open(const struct fact_process *who, struct leader *ret_leader)
{
	struct tie_process *process = &ret_leader->process;
	int r;

	*ret_leader = (struct leader){ .fd = -1 };
	process->folder = -1;
	if (who->pid <= 1)
		return FG_ERR_UNSAFE;
	/* It is held before it is looked at. */
	if ((r = hold_open(who->pid, &ret_leader->fd)) != 0)
		return r;
	if (!tie_look_any(who->pid, process) ||
	    process->stat.start != who->start)
		return FG_ERR_NOT_FOUND;
	return process->stat.kernel || tie_is_daemon(who->pid) ? FG_ERR_UNSAFE :
								 0;
}

void
leader_close(struct leader *leader)
{
	if (leader->process.folder != -1)
		tie_leave(&leader->process);
	if (leader->fd != -1)
		(void)close(leader->fd); /* a pidfd: nothing to lose */
	leader->fd = -1;
}

bool
leader_fits(struct leader *leader, const struct scanner_session *s)
{
	struct tie_process *process = &leader->process;

	if (s->audit_session != TIE_UNSET &&
	    s->audit_session != process->audit_session)
		return false;
	return !tie_is_scope(s->cgroup) ||
	    strcmp(s->cgroup, tie_cgroup(process)) == 0;
}

bool
leader_has_gate(const struct leader *leader)
{
	uint32_t uid;

	return procs_read_euid(leader->process.folder, &uid) == 0 && uid == 0 &&
	    procs_maps(leader->process.folder, LEADER_MODULE);
}

/* One that is stopped takes the SIGTERM when it is continued. */
int
leader_end(const struct leader *leader, bool force)
{
	int r;

	if (force)
		return hold_signal(leader->fd, SIGKILL);
	if ((r = hold_signal(leader->fd, SIGTERM)) == 0)
		(void)hold_signal(leader->fd, SIGCONT); /* gone: so be it */
	return r;
}
