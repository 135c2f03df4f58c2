/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By pidfd: a handler for SIGCHLD would be told of every worker as well.
 */
#include "policyd/reap.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/result.h"

struct reap {
	pid_t pid;
	int pidfd;
	struct loop_watch *watch; /* NULL: it is reaped */
};

static void
reap_on_end(void *arg)
{
	struct reap *reap = arg;

	(void)waitpid(reap->pid, NULL, WNOHANG); /* it is ours, and over */
	loop_unwatch(reap->watch);
	reap->watch = NULL;
}

int
reap_start(struct loop *loop, pid_t pid, struct reap **ret_reap)
{
	struct reap *reap;
	int r = FG_ERR_SYSTEM;

	*ret_reap = NULL;
	if ((reap = calloc(1, sizeof(*reap))) == NULL)
		return FG_ERR_NOMEM;
	reap->pid = pid;
	if ((reap->pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) < 0 ||
	    (r = loop_watch(loop, reap->pidfd, reap_on_end, reap,
		 &reap->watch)) != 0) {
		reap_free(reap);
		return r;
	}
	*ret_reap = reap;
	return 0;
}

void
reap_free(struct reap *reap)
{
	if (reap == NULL)
		return;
	loop_unwatch(reap->watch);
	if (reap->pidfd >= 0)
		(void)close(reap->pidfd); /* nothing to lose */
	free(reap);
}
