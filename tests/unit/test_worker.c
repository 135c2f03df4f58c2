/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children that work beside the loop: what they write arrives whole and in
 * order, how they end is told once and last, and whatever becomes of them
 * nothing of the daemon's is touched.
 */
#include "policyd/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "proto/result.h"
#include "tests/unit/child.h"

#define MUCH	  (1024u * 1024u)
#define PATIENCE  20000u /* ms; only a failure takes that long */
#define HEARD_MAX 256u

struct hearing {
	struct loop *loop;
	struct worker *worker;
	char text[HEARD_MAX];
	size_t bytes;
	bool stop_at_output;
	int done; /* calls */
	int status;
	size_t bytes_at_done;
	int fd;
};

static struct hearing heard;

static void
on_output(const char *data, size_t len, void *arg)
{
	struct hearing *h = arg;

	assert_int_equal(h->done, 0);
	if (h->bytes < HEARD_MAX - 1)
		(void)snprintf(h->text + h->bytes, HEARD_MAX - h->bytes, "%.*s",
		    (int)len, data);
	h->bytes += len;
	if (!h->stop_at_output)
		return;
	worker_stop(h->worker);
	h->worker = NULL;
	loop_stop(h->loop);
}

static void
on_done(int status, void *arg)
{
	struct hearing *h = arg;

	h->done++;
	h->status = status;
	h->bytes_at_done = h->bytes;
	h->worker = NULL;
	loop_stop(h->loop);
}

static void
on_patience(void *arg)
{
	(void)arg;
	fail_msg("nothing came of it");
}

static int
start(int (*run)(int, void *), unsigned int timeout_ms)
{
	const struct worker_job job = { .name = "test",
		.run = run,
		.output = on_output,
		.done = on_done,
		.arg = &heard,
		.timeout_ms = timeout_ms,
		.keep = &heard.fd,
		.nkeep = heard.fd >= 0 };

	return worker_start(heard.loop, &job, &heard.worker);
}

static void
run_loop(void)
{
	struct loop_timer *timer;

	assert_int_equal(loop_timer(heard.loop, on_patience, NULL, &timer), 0);
	loop_timer_set(timer, PATIENCE);
	assert_int_equal(loop_run(heard.loop), 0);
	loop_timer_free(timer);
}

/* Start it, wait for its end, and expect this one. */
static void
run_to(int (*run)(int, void *), unsigned int timeout_ms, int status)
{
	assert_int_equal(start(run, timeout_ms), 0);
	run_loop();
	assert_int_equal(heard.done, 1);
	assert_int_equal(heard.status, status);
	assert_null(heard.worker);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	heard.fd = -1;
	return loop_new(&heard.loop);
}

static void
on_tick(void *arg)
{
	struct hearing *h = arg;

	loop_stop(h->loop);
}

/* What is left of a child that was stopped comes to its end by the loop. */
static void
run_until_reaped(void)
{
	struct loop_timer *timer;
	siginfo_t info;

	assert_int_equal(loop_timer(heard.loop, on_tick, &heard, &timer), 0);
	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
		loop_timer_set(timer, 1);
		run_loop();
	}
	loop_timer_free(timer);
}

/* No test leaves a child behind. */
static int
tear_down(void **state)
{
	(void)state;
	loop_free(heard.loop);
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 1;
}

static int
say_hello(int out_fd, void *arg)
{
	(void)arg;
	return write(out_fd, "hello", 5) == 5 ? 7 : 1;
}

static int
say_much(int out_fd, void *arg)
{
	char block[4096];
	size_t i;

	(void)arg;
	memset(block, 'x', sizeof(block));
	for (i = 0; i < MUCH / sizeof(block); i++)
		if (write(out_fd, block, sizeof(block)) != sizeof(block))
			return 1;
	return 0;
}

static int
hang(int out_fd, void *arg)
{
	(void)arg;
	if (write(out_fd, "!", 1) != 1)
		return 1;
	for (;;)
		(void)poll(NULL, 0, -1);
}

static int
crash(int out_fd, void *arg)
{
	(void)arg;
	(void)signal(SIGSEGV, SIG_DFL); /* the sanitizer has its own */
	if (write(out_fd, "so far", 6) != 6)
		return 1;
	(void)raise(SIGSEGV);
	return 0;
}

static int
end_by_signal(int out_fd, void *arg)
{
	(void)out_fd;
	(void)arg;
	(void)raise(SIGTERM);
	return 0;
}

static int
return_too_much(int out_fd, void *arg)
{
	(void)out_fd;
	(void)arg;
	return 101;
}

/* Which descriptors above the standard ones there are. */
static int
list_descriptors(int out_fd, void *arg)
{
	char line[32];
	int fd, n;

	(void)arg;
	for (fd = STDERR_FILENO + 1; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) == -1 || fd == out_fd)
			continue;
		n = snprintf(line, sizeof(line), "%d ", fd);
		if (write(out_fd, line, (size_t)n) != n)
			return 1;
	}
	return 0;
}

/* What the daemon has at its end must not run in a child. */
static void
at_daemons_end(void)
{
	if (heard.fd >= 0 && heard.bytes == 0)
		(void)dprintf(heard.fd, "the child ran the daemon's end\n");
}

static void
test_output_comes_first_and_the_status_last(void **state)
{
	(void)state;
	run_to(say_hello, PATIENCE, 7);
	assert_string_equal(heard.text, "hello");
	assert_int_equal(heard.bytes_at_done, 5);
}

static void
test_much_output_arrives_whole(void **state)
{
	(void)state;
	run_to(say_much, PATIENCE, 0);
	assert_int_equal(heard.bytes_at_done, MUCH);
}

static void
test_a_crash_is_the_childs_alone(void **state)
{
	(void)state;
	run_to(crash, PATIENCE, -1);
	assert_string_equal(heard.text, "so far");
}

static void
test_a_child_that_takes_too_long_is_killed(void **state)
{
	(void)state;
	run_to(hang, 50, -1);
}

static void
test_a_status_that_is_none_counts_as_killed(void **state)
{
	(void)state;
	run_to(return_too_much, PATIENCE, -1);
}

static void
test_child_keeps_what_is_listed_and_nothing_else(void **state)
{
	int other[2], pair[2];
	char want[16];

	(void)state;
	assert_int_equal(pipe(other), 0);
	assert_int_equal(pipe(pair), 0);
	heard.fd = pair[0];
	run_to(list_descriptors, PATIENCE, 0);
	(void)snprintf(want, sizeof(want), "%d ", pair[0]);
	assert_string_equal(heard.text, want);
	(void)close(other[0]);
	(void)close(other[1]);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void
test_more_descriptors_than_can_be_kept_are_refused(void **state)
{
	static const int many[64];
	const struct worker_job job = { .name = "test",
		.run = say_hello,
		.done = on_done,
		.arg = &heard,
		.timeout_ms = PATIENCE,
		.keep = many,
		.nkeep = 64 };

	(void)state;
	assert_int_equal(worker_start(heard.loop, &job, &heard.worker),
	    FG_ERR_LIMIT);
	assert_null(heard.worker);
	assert_int_equal(heard.done, 0);
}

static void
test_the_daemons_exit_handlers_stay_the_daemons(void **state)
{
	char said[8];
	int pair[2];

	(void)state;
	assert_int_equal(pipe2(pair, O_NONBLOCK), 0);
	heard.fd = pair[1];
	run_to(say_hello, PATIENCE, 7);
	assert_int_equal(read(pair[0], said, sizeof(said)), -1);
	assert_int_equal(errno, EAGAIN);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void
test_a_stopped_child_is_not_heard_of_again(void **state)
{
	(void)state;
	assert_int_equal(start(hang, PATIENCE), 0);
	worker_stop(heard.worker);
	worker_stop(NULL);
	run_until_reaped();
	assert_int_equal(heard.done, 0);
	assert_int_equal(heard.bytes, 0);
}

static void
test_a_child_can_be_stopped_from_its_own_output(void **state)
{
	(void)state;
	heard.stop_at_output = true;
	assert_int_equal(start(hang, PATIENCE), 0);
	run_loop();
	assert_int_equal(heard.bytes, 1);
	run_until_reaped();
	assert_int_equal(heard.done, 0);
}

static void
on_resume(void *arg)
{
	struct hearing *h = arg;

	assert_int_equal(h->bytes, 0);
	assert_int_equal(h->done, 0);
	worker_pause(h->worker, 0);
}

static void
test_a_paused_child_waits_and_loses_nothing(void **state)
{
	struct loop_timer *timer;

	(void)state;
	assert_int_equal(start(say_much, PATIENCE), 0);
	worker_pause(heard.worker, 1);
	worker_pause(heard.worker, 1);
	assert_int_equal(loop_timer(heard.loop, on_resume, &heard, &timer), 0);
	loop_timer_set(timer, 100);
	run_loop();
	assert_int_equal(heard.status, 0);
	assert_int_equal(heard.bytes_at_done, MUCH);
	loop_timer_free(timer);
}

static void
test_a_paused_child_that_has_ended_is_told_of_later(void **state)
{
	struct loop_timer *timer;

	(void)state;
	assert_int_equal(start(say_hello, PATIENCE), 0);
	worker_pause(heard.worker, 1);
	assert_int_equal(loop_timer(heard.loop, on_resume, &heard, &timer), 0);
	loop_timer_set(timer, 100);
	run_loop();
	assert_int_equal(heard.status, 7);
	assert_string_equal(heard.text, "hello");
	loop_timer_free(timer);
}

static void
on_signal(int signo, void *arg)
{
	(void)signo;
	*(bool *)arg = true;
}

/* It must not reach the daemon through what both of them have. */
static void
test_a_signal_to_the_child_is_none_to_the_daemon(void **state)
{
	bool told = false;

	(void)state;
	assert_int_equal(loop_signal(heard.loop, SIGTERM, on_signal, &told), 0);
	run_to(end_by_signal, PATIENCE, -1);
	assert_false(told);
}

/* ---- as in the daemon: confined, and mortal ---------------------------- */

/* In a child of the test: a decider with a worker, which then dies. */
static void
die_with_a_worker(void *arg)
{
	struct loop *loop;
	const struct worker_job job = { .name = "orphan",
		.run = hang,
		.done = on_done,
		.timeout_ms = PATIENCE,
		.keep = arg,
		.nkeep = 1 };
	struct worker *worker;

	CHECK(loop_new(&loop) == 0);
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(worker_start(loop, &job, &worker) == 0);
	_exit(0);
}

static void
test_a_child_dies_with_the_daemon(void **state)
{
	int pair[2];
	char c;

	(void)state;
	assert_int_equal(pipe(pair), 0);
	child_passes(die_with_a_worker, &pair[1]);
	(void)close(pair[1]);
	/* The end of the pipe is that of the last who had it. */
	assert_int_equal(read(pair[0], &c, 1), 0);
	(void)close(pair[0]);
}

static void
work_confined(void *arg)
{
	(void)arg;
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(start(say_hello, PATIENCE) == 0);
	CHECK(loop_run(heard.loop) == 0);
	CHECK(heard.done == 1 && heard.status == 7 && heard.bytes == 5);
	heard.done = 0;
	CHECK(start(hang, 20) == 0);
	CHECK(loop_run(heard.loop) == 0);
	CHECK(heard.done == 1 && heard.status == -1);
}

static int
execute(int out_fd, void *arg)
{
	(void)out_fd;
	(void)arg;
	(void)execl("/bin/true", "true", (char *)NULL);
	return 0;
}

static void
execute_confined(void *arg)
{
	(void)arg;
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(start(execute, PATIENCE) == 0);
	CHECK(loop_run(heard.loop) == 0);
	CHECK(heard.done == 1 && heard.status == -1);
}

static void
test_workers_live_within_the_deciders_filter(void **state)
{
	(void)state;
	child_passes(work_confined, NULL);
}

static void
test_PRV_03_workers_run_no_program(void **state)
{
	(void)state;
	child_passes(execute_confined, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_output_comes_first_and_the_status_last),
		TEST(test_much_output_arrives_whole),
		TEST(test_a_crash_is_the_childs_alone),
		TEST(test_a_child_that_takes_too_long_is_killed),
		TEST(test_a_status_that_is_none_counts_as_killed),
		TEST(test_child_keeps_what_is_listed_and_nothing_else),
		TEST(test_more_descriptors_than_can_be_kept_are_refused),
		TEST(test_the_daemons_exit_handlers_stay_the_daemons),
		TEST(test_a_stopped_child_is_not_heard_of_again),
		TEST(test_a_child_can_be_stopped_from_its_own_output),
		TEST(test_a_paused_child_waits_and_loses_nothing),
		TEST(test_a_paused_child_that_has_ended_is_told_of_later),
		TEST(test_a_signal_to_the_child_is_none_to_the_daemon),
		TEST(test_a_child_dies_with_the_daemon),
		TEST(test_workers_live_within_the_deciders_filter),
		TEST(test_PRV_03_workers_run_no_program),
	};

	log_init("test_worker", false);
	if (atexit(at_daemons_end) != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
