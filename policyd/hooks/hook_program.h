/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hook as a process: with nothing of the service's but its standard error.
 */
#ifndef FG_HOOK_PROGRAM_H
#define FG_HOOK_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

#include "policyd/hooks/hook_event.h"

/*
 * Start path, without arguments or a shell, in a session and process group of
 * its own: hook_event_text() on standard input, hook_event_environment() as its
 * environment, output to standard error.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM. A path that cannot be executed
 * ends with status 127, as in a shell.
 */
int	hook_program_start(const char *path, struct hook_event *event,
	    unsigned int lost, pid_t *ret_pid);

/*
 * Whether it has ended; then what is left of its group is killed, it is
 * reaped, and *ret_status is as of waitpid(2).
 */
bool	hook_program_ended(pid_t pid, int *ret_status);

/* To it and its group. */
void	hook_program_signal(pid_t pid, int signo);

#endif
