/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which session a process belongs to, by its own files in /proc. Nothing is
 * counted or signalled here.
 */
#include "policyd/scanner/tie.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/reader.h"

bool
tie_is_daemon(int32_t pid)
{
	return pid == getpid() || pid == getppid() || reader_is(pid);
}

bool
tie_look_any(int32_t pid, struct tie_process *ret_process)
{
	*ret_process = (struct tie_process){ .folder = -1, .pid = pid };
	if ((ret_process->folder = procs_open(pid)) == -1)
		return false;
	if (procs_read_stat(ret_process->folder, "stat", &ret_process->stat) ==
		0 &&
	    !procs_is_dead(&ret_process->stat) &&
	    procs_read_audit_id(ret_process->folder, "sessionid",
		&ret_process->audit_session) == 0)
		return true;
	tie_leave(ret_process);
	return false;
}

bool
tie_look(int32_t pid, struct tie_process *ret_process)
{
	if (pid <= 1 || tie_is_daemon(pid) || !tie_look_any(pid, ret_process))
		return false;
	if (!ret_process->stat.kernel)
		return true;
	tie_leave(ret_process);
	return false;
}

const char *
tie_cgroup(struct tie_process *process)
{
	if (!process->has_cgroup &&
	    procs_read_cgroup(process->folder, process->cgroup,
		sizeof(process->cgroup)) != 0)
		process->cgroup[0] = '\0';
	process->has_cgroup = true;
	return process->cgroup;
}

void
tie_leave(struct tie_process *process)
{
	(void)close(process->folder); /* an O_PATH descriptor */
	process->folder = -1;
}

/* "PREFIX" [a-z0-9]+ "SUFFIX", up to end. */
static bool
is_named(const char *s, const char *end, const char *prefix, const char *suffix)
{
	size_t len = (size_t)(end - s), before = strlen(prefix),
	       after = strlen(suffix), i;

	if (len <= before + after || strncmp(s, prefix, before) != 0 ||
	    strncmp(end - after, suffix, after) != 0)
		return false;
	for (i = before; i < len - after; i++) {
		if (!isalnum((unsigned char)s[i]))
			return false;
	}
	return true;
}

/*
 * ".../user-1000.slice/session-3.scope". Below a service it would be one that
 * its user has made: user@1000.service is that user's to divide. A path that
 * may have been cut, or had an odd byte, is none.
 */
bool
tie_is_scope(const char *cgroup)
{
	const char *last, *slice;

	if (strlen(cgroup) >= FACT_CGROUP_MAX || strchr(cgroup, '?') != NULL ||
	    strstr(cgroup, ".service/") != NULL ||
	    (last = strrchr(cgroup, '/')) == NULL ||
	    (slice = memrchr(cgroup, '/', (size_t)(last - cgroup))) == NULL)
		return false;
	return is_named(slice + 1, last, "user-", ".slice") &&
	    is_named(last + 1, last + strlen(last), "session-", ".scope");
}

void
tie_init(struct tie *tie, const struct fact_process *leader,
    uint32_t audit_session, const char *cgroup)
{
	*tie = (struct tie){ .leader = *leader,
		.audit_session = audit_session,
		.cgroup = cgroup,
		.settled = tie_is_scope(cgroup) };
	if (audit_session != TIE_UNSET)
		tie->kind = TIE_AUDIT;
	else if (tie->settled)
		tie->kind = TIE_SCOPE;
}

static bool
is_leader(const struct tie *tie, const struct tie_process *process)
{
	return process->pid == tie->leader.pid &&
	    process->stat.start == tie->leader.start;
}

static bool
has_mark(const struct tie *tie, struct tie_process *process)
{
	switch (tie->kind) {
	case TIE_AUDIT:
		return process->audit_session == tie->audit_session;
	case TIE_SCOPE:
		return strcmp(tie_cgroup(process), tie->cgroup) == 0;
	case TIE_NONE:
		break;
	}
	return false;
}

bool
tie_holds(const struct tie *tie, struct tie_process *process, bool *ret_shared)
{
	*ret_shared = false;
	if (is_leader(tie, process) || !has_mark(tie, process))
		return false;
	*ret_shared = process->stat.start < tie->leader.start;
	return !*ret_shared && !tie_is_foreign(tie, process);
}

bool
tie_is_foreign(const struct tie *tie, struct tie_process *process)
{
	if (process->audit_session != TIE_UNSET &&
	    process->audit_session != tie->audit_session)
		return true;
	return tie->settled && tie_is_scope(tie_cgroup(process)) &&
	    strcmp(tie_cgroup(process), tie->cgroup) != 0;
}
