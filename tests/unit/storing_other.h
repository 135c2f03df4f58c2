/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another process at the same store: a child that does one thing and waits
 * until it is told to go on.
 */
#ifndef FG_TESTS_STORING_OTHER_H
#define FG_TESTS_STORING_OTHER_H

#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/storing.h"

struct other {
	pid_t pid;
	int to;
	int from;
};

static int child_in, child_out;

/* In the child: done so far; wait until the parent says so. */
static inline void
child_wait(void)
{
	char byte = 'x';

	CHECK(write(child_out, &byte, 1) == 1);
	CHECK(read(child_in, &byte, 1) >= 0); /* or the parent is gone */
}

static inline struct other
start_other(void (*fn)(void))
{
	struct other other;
	int to[2], from[2];

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	(void)fflush(NULL);
	assert_true((other.pid = fork()) != -1);
	if (other.pid == 0) {
		/* As a worker begins: with no descriptor of the parent's. */
		CHECK(dup2(to[0], 3) == 3 && dup2(from[1], 4) == 4);
		CHECK(close_range(5, ~0U, 0) == 0);
		child_in = 3;
		child_out = 4;
		fn();
		_exit(0);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	other.to = to[1];
	other.from = from[0];
	return other;
}

/* Until the child waits or is at its end. */
static inline void
hear_other(const struct other *other)
{
	char byte;

	assert_true(read(other->from, &byte, 1) >= 0);
}

static inline void
tell_other(const struct other *other)
{
	assert_int_equal(write(other->to, "x", 1), 1);
}

static inline void
end_other(const struct other *other)
{
	int status;

	(void)close(other->to);
	assert_int_equal(waitpid(other->pid, &status, 0), other->pid);
	(void)close(other->from);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static inline struct store *
child_open(void)
{
	struct store *store;
	const char *why;

	CHECK(store_open(folder, &store, &why) == 0);
	CHECK(why == NULL);
	return store;
}

#endif
