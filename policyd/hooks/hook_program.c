/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting and ending the processes of hooks. */
#include "policyd/hooks/hook_program.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/loop.h"
#include "proto/result.h"

/* A file and no pipe: it is there whole, whatever the program reads of it. */
static int
make_input(const char *text, int *ret_fd)
{
	int fd, saved;

	*ret_fd = -1;
	if ((fd = memfd_create("event", MFD_CLOEXEC)) < 0)
		return FG_ERR_SYSTEM;
	if (dprintf(fd, "%s\n", text) < 0 || lseek(fd, 0, SEEK_SET) != 0) {
		saved = errno;
		(void)close(fd); /* unusable */
		errno = saved;
		return FG_ERR_SYSTEM;
	}
	*ret_fd = fd;
	return 0;
}

/* The child's part: never returns. */
static void
become(const char *path, int input, char **environment)
{
	char *name = strdup(path), *argv[2] = { name, NULL };
	sigset_t none;

	(void)sigemptyset(&none); /* cannot fail */
	if (name == NULL || setsid() < 0 || chdir("/") != 0 ||
	    dup2(input, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0 ||
	    signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
	    sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		_exit(127);
	(void)execve(path, argv, environment);
	(void)dprintf(STDERR_FILENO, "%s: %s\n", path, strerror(errno));
	_exit(127);
}

int
hook_program_start(const char *path, struct hook_event *event,
    unsigned int lost, pid_t *ret_pid)
{
	char **environment = NULL, *text;
	int input = -1, r = FG_ERR_NOMEM, saved;

	*ret_pid = -1;
	if ((text = hook_event_text(event)) == NULL)
		goto out;
	if ((r = hook_event_environment(event, loop_now_ns() / 1000000, lost,
		 &environment)) != 0 ||
	    (r = make_input(text, &input)) != 0)
		goto out;
	if ((*ret_pid = fork()) == 0)
		become(path, input, environment);
	if (*ret_pid < 0)
		r = FG_ERR_SYSTEM;
out:
	saved = errno;
	if (input >= 0)
		(void)close(input); /* the child's now */
	hook_environment_free(environment);
	free(text);
	errno = saved;
	return r;
}

bool
hook_program_ended(pid_t pid, int *ret_status)
{
	siginfo_t info = { .si_pid = 0 };

	/* Until it is reaped its number is nobody else's, nor its group's. */
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid != pid)
		return false;
	hook_program_signal(pid, SIGKILL);
	return waitpid(pid, ret_status, 0) == pid;
}

void
hook_program_signal(pid_t pid, int signo)
{
	/* Before its setsid(2) it has no group. */
	if (kill(-pid, signo) != 0)
		(void)kill(pid, signo); /* ended: nothing to do */
}
