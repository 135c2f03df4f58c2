/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests that give something up for good: a forked child does it and checks
 * itself with CHECK(); its way to end is what the test asserts.
 */
#ifndef FG_TEST_CHILD_H
#define FG_TEST_CHILD_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_SKIP 77

/* In a child only: cmocka's own would jump back into the parent's stack. */
#define CHECK(cond)                                                            \
	do {                                                                   \
		if (!(cond)) {                                                 \
			(void)dprintf(STDERR_FILENO, "%s:%d: %s (errno %s)\n", \
			    __FILE__, __LINE__, #cond, strerror(errno));       \
			_exit(99);                                             \
		}                                                              \
	} while (0)

/* Calls fn in a child. Returns its wait status. */
static inline int
child_run(void (*fn)(void *), void *arg)
{
	int status = -1;
	pid_t pid;

	(void)fflush(NULL); /* or the child would write it again */
	if ((pid = fork()) == -1)
		abort();
	if (pid == 0) {
		fn(arg);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			abort();
	return status;
}

/* The child went through all of its checks. */
static inline void
child_passes(void (*fn)(void *), void *arg)
{
	int status = child_run(fn, arg);

	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/*
 * One of three does, each from the beginning: for what has a few milliseconds
 * to be done in, of which a busy machine may take more.
 */
static inline void
child_passes_in_time(void (*fn)(void *), void *arg)
{
	int status = -1, tries;

	for (tries = 0; tries < 3 && status != 0; tries++)
		status = child_run(fn, arg);
	assert_int_equal(status, 0);
}

/* The child said fatal(). */
static inline void
child_is_fatal(void (*fn)(void *), void *arg)
{
	int status = child_run(fn, arg);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

/* For parts that only root can try; the skip is counted and gives a reason. */
static inline void
needs_root(void)
{
	if (geteuid() == 0)
		return;
	print_message("needs root: it changes its own uid\n");
	skip();
}

#endif
