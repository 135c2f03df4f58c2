/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wait for a confirmation. It looks again each second: who confirms has
 * only to remove a file, and a machine that slept is late by nothing.
 */
#include "ctl/rollout/guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl/child.h"
#include "ctl/rollout/note.h"
#include "ctl/rollout/pending.h"

#define RETRY_S 30u /* when a roll-back has failed */

static int
roll_back(const struct ctl *ctl, bool only_late, const char *why)
{
	struct note note = {
		.ctl = ctl, .action = "rollback", .mode = "", .why = why
	};
	static struct pending pending;
	int lock = pending_lock(), status;
	bool tried = false;

	if (lock == -1)
		return CTL_ERROR;
	/* Again: it may have been confirmed while this waited. */
	status = pending_read(&pending);
	if (status == CTL_OK && only_late && pending_left_s(&pending) > 0)
		status = CTL_NO;
	if (status == CTL_OK) {
		status = pending_roll_back(&pending);
		note.done = status == CTL_OK;
		tried = true;
	}
	(void)close(lock); /* frees it: the daemon may hang */
	if (tried)
		note_pending(&note, &pending);
	return status;
}

int
guard_roll_back(const struct ctl *ctl)
{
	return roll_back(ctl, false, "by hand");
}

/* Returns CTL_OK when there is nothing to wait for any more. */
static int
wait_for_end(const struct ctl *ctl)
{
	static struct pending pending;
	int status;

	while ((status = pending_read(&pending)) != CTL_NO) {
		if (status == CTL_OK && pending_left_s(&pending) > 0)
			(void)sleep(1); /* a signal only makes it look sooner */
		else if (status == CTL_ERROR ||
		    roll_back(ctl, true, "nobody confirmed in time") ==
			CTL_ERROR)
			(void)sleep(RETRY_S);
	}
	return CTL_OK;
}

int
guard_run(const struct ctl *ctl)
{
	int lock = pending_lock_guard(), status;

	if (lock == -1)
		return CTL_ERROR;
	status = wait_for_end(ctl);
	(void)close(lock); /* frees it */
	return status;
}

/* Nothing of the session that began it may end it or hold it. */
static void __attribute__((noreturn)) become_guard(const struct ctl *ctl)
{
	int null;

	if (setsid() == -1)
		_exit(CTL_ERROR);
	switch (fork()) {
	case -1:
		_exit(CTL_ERROR);
	case 0:
		break;
	default:
		_exit(CTL_OK);
	}
	(void)signal(SIGHUP, SIG_IGN); /* cannot fail */
	if (chdir("/") != 0 || (null = open("/dev/null", O_RDWR)) == -1 ||
	    dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1 ||
	    dup2(null, STDERR_FILENO) == -1)
		_exit(CTL_ERROR);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0); /* the caller's lock */
	_exit(guard_run(ctl));
}

int
guard_start(const struct ctl *ctl)
{
	pid_t pid;

	(void)fflush(NULL); /* or the child would write it again */
	if ((pid = fork()) == 0)
		become_guard(ctl);
	if (pid != -1 && child_wait(pid) == CTL_OK)
		return CTL_OK;
	ctl_complain("nothing waits to take the change back");
	return CTL_ERROR;
}
