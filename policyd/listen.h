/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The listening sockets: inherited from the service manager or bound in a
 * folder that only root may write, never with wider permissions than they end
 * up with. Bound as root, before the drop: the other side checks for uid 0.
 */
#ifndef FG_LISTEN_H
#define FG_LISTEN_H

#include "policyd/daemon.h"
#include "policyd/json/json.h"

#define LISTEN_BACKLOG		512
/* Anybody may knock at witness.sock: fewer wait there, and so many milliseconds
 * lie between those that are let in together, as the same loop decides
 * logins. */
#define LISTEN_WITNESS_BACKLOG	32
#define LISTEN_WITNESS_MS	10u

struct listen_fds {
	int	 fd[LISTEN_COUNT];	/* -1: none */
	int	 lock;			/* keeps a second daemon out, or -1 */
};

/*
 * Passed sockets are told apart by their names, policy.sock, control.sock,
 * audit.sock and witness.sock; of the first two what was not passed is bound in
 * rundir, which is created if missing, and so is the third if there is a group
 * that it is for and none was passed. The last is where an issued laptop is
 * asked: it is bound only if witness says so.
 * Returns 0; on error the reason is logged and FG_ERR_* returned.
 */
struct listen_groups {
	gid_t	 admin, audit;		/* (gid_t)-1: there is none */
	bool	 witness;
	bool	 passed;		/* some sockets were */
};
int	listen_open(const struct notify *notify, const char *rundir,
	    const struct listen_groups *groups, struct listen_fds *ret_fds);

/* Start accepting on those that there are. Takes them. */
int	listen_start(struct daemon *daemon, const struct listen_fds *fds);

/* Close them all; a socket that was bound here is removed by the next start. */
void	listen_stop(struct daemon *daemon);

/*
 * Member sockets of a report, of each its name, its connections, and whether it
 * is in the folder of sockets still; and whether all are. One that is not is
 * listened at, and nobody finds it.
 */
void	listen_status(const struct daemon *daemon, struct json *report);
bool	listen_is_reachable(const struct daemon *daemon);

/* "policy", "control", "audit", "witness". Static. */
const char	*listen_role_name(enum listen_role role);

#endif
