/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child that ends while nobody waits for it leaves nothing behind.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/reap.h"
#include "proto/result.h"

static struct loop *loop;
static struct loop_timer *timer;

static pid_t
child(void)
{
	pid_t pid;

	assert_true((pid = fork()) >= 0);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			(void)pause();
	}
	return pid;
}

static void
on_timer(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
run_once(void)
{
	loop_timer_set(timer, 10);
	assert_int_equal(loop_run(loop), 0);
}

static int
begin(void **state)
{
	(void)state;
	return loop_new(&loop) != 0 ||
	    loop_timer(loop, on_timer, NULL, &timer) != 0;
}

static int
finish(void **state)
{
	(void)state;
	loop_timer_free(timer);
	loop_free(loop);
	return 0;
}

static void
test_who_ends_is_reaped(void **state)
{
	struct reap *reap;
	pid_t pid = child();
	int i;

	(void)state;
	assert_int_equal(reap_start(loop, pid, &reap), 0);
	run_once();
	assert_int_equal(kill(pid, SIGKILL), 0);
	for (i = 0; i < 500 && kill(pid, 0) == 0; i++)
		run_once();
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	run_once();
	reap_free(reap);
}

static void
test_who_ended_before_is_reaped(void **state)
{
	struct reap *reap;
	siginfo_t info;
	pid_t pid = child();

	(void)state;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(reap_start(loop, pid, &reap), 0);
	run_once();
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	reap_free(reap);
}

static void
test_who_lives_stays_a_child(void **state)
{
	struct reap *reap;
	pid_t pid = child();

	(void)state;
	assert_int_equal(reap_start(loop, pid, &reap), 0);
	run_once();
	reap_free(reap);
	reap_free(NULL);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(reap_start(loop, pid, &reap), FG_ERR_SYSTEM);
	assert_null(reap);
}

#define REAP_TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REAP_TEST(test_who_ends_is_reaped),
		REAP_TEST(test_who_ended_before_is_reaped),
		REAP_TEST(test_who_lives_stays_a_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
