/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A long log is moved by a worker and not where logins wait; only if workers
 * fail, and it gets far too long, it is moved in the loop.
 */
#include <sys/wait.h>

#include "policyd/checkpoint.h"
#include "policyd/store/store_log.h"
#include "tests/unit/storing.h"

static struct loop *loop;
static struct store *store;
static struct checkpoint *checkpoint;

/* As the daemon begins; where: the folder that workers are sent to. */
static void
begin(const char *where)
{
	assert_int_equal(loop_new(&loop), 0);
	store = open_store();
	assert_int_equal(checkpoint_new(loop, store, where, &checkpoint), 0);
}

static void
stop_loop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
run_for(unsigned int ms)
{
	struct loop_timer *timer;

	assert_int_equal(loop_timer(loop, stop_loop, NULL, &timer), 0);
	loop_timer_set(timer, ms);
	assert_int_equal(loop_run(loop), 0);
	loop_timer_free(timer);
}

static void
finish(void)
{
	checkpoint_free(checkpoint);
	run_for(100); /* until it is reaped */
	loop_free(loop);
	store_close(store);
	/* No worker is left behind. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_integrity();
}

/* As SQLite has it: the number in the head changes when it begins anew. */
static uint32_t
log_number(void)
{
	uint32_t head[8] = { 0 };
	int fd = open(in_folder(STORE_FILE "-wal"), O_RDONLY | O_CLOEXEC);

	assert_true(fd != -1);
	assert_int_equal(read(fd, head, sizeof(head)), sizeof(head));
	(void)close(fd);
	return head[4];
}

static void
add_logins(unsigned int n)
{
	struct store_login l = a_login("alice", "192.0.2.1", 1000);

	while (n-- > 0)
		assert_int_equal(store_history_add(store, &l), 0);
}

static int64_t
log_bytes(void)
{
	struct stat st;

	assert_int_equal(stat(in_folder(STORE_FILE "-wal"), &st), 0);
	return st.st_size;
}

/* Until it has so many, if it has never begun anew. Returns how many those are:
 * afterwards the file keeps its size. */
static unsigned int
add_bytes(uint64_t bytes)
{
	unsigned int n;

	for (n = 0; log_bytes() <= (int64_t)bytes; n += 20)
		add_logins(20);
	return n;
}

/* Each look is a commit, which begins it anew if all is moved. */
static bool
begins_anew(uint32_t number, unsigned int tries)
{
	while (tries-- > 0) {
		run_for(20);
		add_logins(1);
		if (log_number() != number)
			return true;
	}
	return false;
}

static void
test_a_worker_moves_a_long_log(void **state)
{
	uint32_t number;
	unsigned int n;

	(void)state;
	begin(folder);
	n = add_bytes(CHECKPOINT_LONG);
	number = log_number();
	assert_true(begins_anew(number, 500));
	run_for(600); /* it rests */
	number = log_number();
	add_logins(n);
	assert_int_equal(log_number(), number);
	assert_true(begins_anew(number, 500));
	finish();
}

static void
test_a_short_log_stays(void **state)
{
	uint32_t number;

	(void)state;
	begin(folder);
	(void)add_bytes(CHECKPOINT_LONG / 2);
	number = log_number();
	assert_false(begins_anew(number, 30));
	finish();
}

/* Not before it is far too long, however often a worker has failed. */
static void
test_without_workers_it_is_moved_at_last(void **state)
{
	uint32_t number;

	(void)state;
	begin("/nonexistent");
	(void)add_bytes(CHECKPOINT_LONG);
	number = log_number();
	assert_false(begins_anew(number, 100));
	(void)add_bytes(CHECKPOINT_TOO_LONG);
	assert_int_equal(log_number(), number);
	assert_true(begins_anew(number, 200));
	finish();
}

/* A worker that is at it ends with the daemon, and nothing is lost. */
static void
test_the_end_stops_a_worker(void **state)
{
	unsigned int n;

	(void)state;
	begin(folder);
	n = add_bytes(CHECKPOINT_LONG);
	run_for(2); /* it is on its way */
	finish();
	assert_int_equal(history_rows(), n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_worker_moves_a_long_log),
		STORE_TEST(test_a_short_log_stays),
		STORE_TEST(test_without_workers_it_is_moved_at_last),
		STORE_TEST(test_the_end_stops_a_worker),
	};

	return cmocka_run_group_tests_name("checkpoints", tests, NULL, NULL);
}
