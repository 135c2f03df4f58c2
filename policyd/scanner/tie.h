/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ties processes to a login's session, so that they are found when their
 * parents are gone: the kernel's audit session, else the cgroup that is the
 * session's scope. Both are inherited, and no user can change them.
 */
#ifndef FG_TIE_H
#define FG_TIE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/scanner.h"

#define TIE_UNSET	((uint32_t)-1)	/* audit session */

/* A process as it is now. */
struct tie_process {
	int		 folder;	/* of /proc; -1: closed */
	int32_t		 pid;
	struct procs_stat stat;
	uint32_t	 audit_session;
	bool		 has_cgroup;	/* it was read already */
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

/*
 * Who is of no session, whatever they look like: the scanner, its reader, the
 * decider.
 */
bool	tie_is_daemon(int32_t pid);

/*
 * Look at a process. False if there is no such one, or if it has ended.
 * tie_leave() only after true.
 */
bool	tie_look_any(int32_t pid, struct tie_process *ret_process);
/* The same, and false for the kernel's, the daemon's and pid 1. */
bool	tie_look(int32_t pid, struct tie_process *ret_process);
/* Its cgroup, read when first asked for; "" if it cannot be. */
const char *tie_cgroup(struct tie_process *process);
void	tie_leave(struct tie_process *process);

enum tie_kind {
	TIE_NONE = 0,
	TIE_AUDIT,
	TIE_SCOPE
};

struct tie {
	enum tie_kind	 kind;
	struct fact_process leader;
	uint32_t	 audit_session;
	const char	*cgroup;	/* borrowed */
	/* The cgroup is where the session is; else it may have moved since. */
	bool		 settled;
};

/* A login session's own cgroup, made by the service manager as root. */
bool	tie_is_scope(const char *cgroup);

/* What ties them by audit session and cgroup; both are borrowed. */
void	tie_init(struct tie *tie, const struct fact_process *leader,
	    uint32_t audit_session, const char *cgroup);

/*
 * Whether the tie holds a process. One that is older than the leader shows
 * that the tie is not the session's own, but was the leader's when it came: a
 * service started by hand from a session, and all its logins, carry that one's.
 * Then *ret_shared is true, and false is returned.
 */
bool	tie_holds(const struct tie *tie, struct tie_process *process,
	    bool *ret_shared);

/* It is of another login, even where it descends from this one's leader. */
bool	tie_is_foreign(const struct tie *tie, struct tie_process *process);

#endif
