/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What time is it: a wall clock that jumps changes nothing of seats, sessions
 * and timers (DMN-04), and a machine that slept has let the time of a seat go
 * by (DMN-05). This test's clocks are those of the kernel, and so much ahead.
 */
#include <time.h>

#include "tests/unit/seating.h"

#define DAY 86400

static struct {
	int64_t wall_s;
	int64_t boot_s;
} ahead;

/* Instead of the library's, for everything that is linked to this test. */
int
clock_gettime(clockid_t id, struct timespec *ts)
{
	if (syscall(SYS_clock_gettime, id, ts) != 0)
		return -1;
	if (id == CLOCK_REALTIME)
		ts->tv_sec += ahead.wall_s;
	if (id == CLOCK_BOOTTIME)
		ts->tv_sec += ahead.boot_s;
	return 0;
}

static int
set_up(void **state)
{
	memset(&ahead, 0, sizeof(ahead));
	return make_folder(state);
}

/* To the day before and after, to two seconds ago, and to 1970. */
static const int64_t jumps[] = { DAY, -DAY, -2, -INT64_C(1700000000), 0 };

#define JUMPS (sizeof(jumps) / sizeof(jumps[0]))

static pid_t
reserve(struct facts *ret_facts)
{
	int pidfd;
	pid_t pid = process(&pidfd);

	*ret_facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(session_reserve(sessions, ret_facts,
			     &(struct session_seat){ .ref = "SEAT-0001",
				 .query = 1,
				 .pidfd = pidfd }),
	    0);
	ret_facts->login.phase = FG_PHASE_SESSION;
	(void)strcpy(ret_facts->login.ref, "SEAT-0001");
	return pid;
}

static void
test_a_seat_minds_no_wall_clock(void **state)
{
	struct facts facts, next = login_of("alice", "192.0.2.8", 4);
	size_t i;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = reserve(&facts);
	for (i = 0; i < JUMPS; i++) {
		ahead.wall_s = jumps[i];
		assert_int_equal(others(&next), 1);
	}
	ahead.wall_s = DAY;
	assert_int_equal(session_claim(sessions, &facts), 0);
	kill_process(pid);
	finish();
}

static void
test_a_seat_ends_while_the_machine_sleeps(void **state)
{
	struct facts facts, next = login_of("alice", "192.0.2.8", 4);
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = reserve(&facts);
	ahead.boot_s = SESSION_SEAT_S - 2;
	assert_int_equal(others(&next), 1);
	ahead.boot_s = SESSION_SEAT_S + 1;
	assert_int_equal(others(&next), 0);
	assert_int_equal(session_claim(sessions, &facts), FG_ERR_NOT_FOUND);
	kill_process(pid);
	finish();
}

static pid_t
open_plain(void)
{
	struct facts facts;
	int pidfd;
	pid_t pid = process(&pidfd);

	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(open_session(sessions, &facts, "OPEN-0001", pidfd), 0);
	sessions_flush(sessions);
	return pid;
}

/* DB-10: however old it seems to be, as long as its process lives. */
static void
test_a_session_lasts_as_long_as_it_lasts(void **state)
{
	struct facts next = login_of("alice", "192.0.2.8", 4);
	pid_t pid;
	size_t i;

	(void)state;
	begin(BOOT);
	pid = open_plain();
	for (i = 0; i < JUMPS; i++) {
		ahead.wall_s = jumps[i];
		run_for(10);
		assert_int_equal(others(&next), 1);
	}
	ahead.boot_s = 4000 * (int64_t)DAY; /* it slept */
	run_for(10);
	assert_int_equal(others(&next), 1);
	ahead.wall_s = -DAY;
	kill_process(pid);
	remains(0);
	assert_string_equal(seen.ref, "OPEN-0001");
	assert_in_range(seen.open_s, 4000 * (int64_t)DAY,
	    4000 * (int64_t)DAY + 60);
	finish();
}

/* After a boot whose clock says less than the row: nobody knows how long. */
static void
test_no_session_lasts_less_than_nothing(void **state)
{
	pid_t pid;

	(void)state;
	ahead.boot_s = DAY;
	begin(BOOT);
	pid = open_plain();
	ahead.boot_s = 0;
	kill_process(pid);
	remains(0);
	assert_string_equal(seen.ref, "OPEN-0001");
	assert_int_equal(seen.open_s, 0);
	finish();
}

static void
on_jump(void *arg)
{
	ahead.wall_s = *(const int64_t *)arg;
}

/* Half-way through its time the clock is set. Its own is libevent's coarse one,
 * which another may be ahead of by a tick or more, in microseconds, cut. */
static void
test_timers_mind_no_wall_clock(void **state)
{
	struct loop_timer *timer;
	struct timespec from, to;
	size_t i;

	(void)state;
	begin(BOOT);
	for (i = 0; i < JUMPS; i++) {
		int64_t jump = jumps[i], ms;

		assert_int_equal(loop_timer(loop, on_jump, &jump, &timer), 0);
		loop_timer_set(timer, 50);
		(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &from);
		run_for(100);
		(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &to);
		assert_int_equal(ahead.wall_s, jump);
		ms = (to.tv_sec - from.tv_sec) * 1000 +
		    (to.tv_nsec - from.tv_nsec) / 1000000;
		assert_in_range(ms, 99, 2000);
		loop_timer_free(timer);
	}
	finish();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_seat_minds_no_wall_clock),
		TEST(test_a_seat_ends_while_the_machine_sleeps),
		TEST(test_a_session_lasts_as_long_as_it_lasts),
		TEST(test_no_session_lasts_less_than_nothing),
		TEST(test_timers_mind_no_wall_clock),
	};

	return cmocka_run_group_tests_name("clocks", tests, NULL, NULL);
}
