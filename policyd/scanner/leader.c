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
#include "policyd/scanner/reader.h"
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
leader_fits(const struct scanner_session *s, uint32_t audit_session,
    const char *cgroup)
{
	if (s->audit_session != TIE_UNSET && s->audit_session != audit_session)
		return false;
	return !tie_is_scope(s->cgroup) || strcmp(s->cgroup, cgroup) == 0;
}

/* Its folder stays open, and so the number is no other's. */
static int
read_gate(const struct tie_process *process, bool *ret_has)
{
	const struct fact_process who = { .pid = process->pid,
		.start = process->stat.start };

	return reader_maps(&who, LEADER_MODULE, ret_has);
}

bool
leader_has_gate(const struct leader *leader)
{
	uint32_t real, effective;
	bool has;

	return procs_read_uids(leader->process.folder, &real, &effective) ==
	    0 &&
	    effective == 0 && read_gate(&leader->process, &has) == 0 && has;
}

/* Below user.slice it may be a name that a user has given. */
static bool
is_system_service(const char *cgroup)
{
	const char *system = strstr(cgroup, "/system.slice/"),
		   *user = strstr(cgroup, "/user.slice/");

	return system != NULL && (user == NULL || system < user) &&
	    strstr(system, ".service") != NULL;
}

bool
leader_is_in_service(struct tie_process *process, const char *cgroup)
{
	return is_system_service(tie_cgroup(process)) &&
	    strcmp(tie_cgroup(process), cgroup) != 0;
}

/*
 * A leader of a login is root's by its real uid as well. Who may run a program
 * that is setuid could keep their processes from being ended by another that
 * only waits for a password.
 */
bool
leader_is_others(const struct tie_process *process)
{
	uint32_t real, effective;
	bool has;
	int r;

	if (procs_read_uids(process->folder, &real, &effective) != 0 ||
	    real != 0 || effective != 0)
		return false;
	r = read_gate(process, &has);
	/* Root's, and it could not be read: it is not ended. */
	return r == FG_ERR_BUSY || r == FG_ERR_TIMEOUT || (r == 0 && has);
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
