/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process whose first thread has ended, and that goes on by another: to the
 * kernel's files it looks like one that only waits to be reaped.
 */
#ifndef FG_TEST_HEADLESS_H
#define FG_TEST_HEADLESS_H

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/child.h"

static inline bool
headless_is(pid_t pid)
{
	char name[64], line[512], *state;
	ssize_t n;
	int fd;

	(void)snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(fd, line, sizeof(line) - 1);
	(void)close(fd);
	if (n <= 0)
		return false;
	line[n] = '\0';
	state = strrchr(line, ')');
	return state != NULL && strncmp(state, ") Z", 3) == 0;
}

static inline int
headless_thread(void *arg)
{
	(void)arg;
	while (pause() == -1)
		continue;
	return 0;
}

/* before: in the child, or NULL. It dies with the caller. */
static inline pid_t
headless_start(void (*before)(void *), void *arg)
{
	static _Alignas(16) char stack[65536];
	const struct timespec ms = { .tv_nsec = 1000000 };
	pid_t pid;
	int i;

	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		if (before != NULL)
			before(arg);
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		CHECK(clone(headless_thread, stack + sizeof(stack),
			  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			      CLONE_THREAD | CLONE_SYSVSEM,
			  NULL) != -1);
		(void)syscall(SYS_exit, 0);
	}
	for (i = 0; i < 5000 && !headless_is(pid); i++)
		(void)nanosleep(&ms, NULL);
	CHECK(headless_is(pid));
	return pid;
}

#endif
