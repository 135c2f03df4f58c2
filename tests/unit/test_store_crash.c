/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-01 and DB-03: the process ends, or the disk fails, at one write, cut or
 * sync after the other. Afterwards the file is whole, one generation is in
 * force as a whole, and what was acknowledged is there: people and exceptions,
 * bundles, assets, and what logins leave.
 */
#include "tests/unit/storing_jobs.h"

/* At each one with LONG=1: that takes its time, and a sanitizer more of it. */
#ifdef __SANITIZE_ADDRESS__
#define EVERY 12u
#else
#define EVERY 3u
#endif

static unsigned int
every(void)
{
	return getenv("LONG") != NULL ? 1 : EVERY;
}

static void
work_in_child(void *arg)
{
	const struct job *job = *(const struct job **)arg;

	_exit(job->work() == 0 ? 0 : 1);
}

static void
kill_at_each(const struct job *job)
{
	unsigned int k;
	int status;

	for (k = 1;; k += every()) {
		begin_anew();
		job->prepare();
		disk_set(DISK_KILLS, 0, k);
		status = child_run(work_in_child, &job);
		if (WIFEXITED(status))
			break;
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		job->assert_whole();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(k > 20);
	job->assert_whole();
}

static void
test_killed_at_each_write_nothing_is_lost(void **state)
{
	(void)state;
	kill_at_each(&people);
}

static void
test_killed_at_each_write_logins_leave_what_they_did(void **state)
{
	(void)state;
	kill_at_each(&logins);
}

static void
test_killed_at_each_write_a_bundle_is_whole(void **state)
{
	(void)state;
	kill_at_each(&bundles);
}

static void
test_killed_at_each_write_assets_are_whole(void **state)
{
	(void)state;
	kill_at_each(&assets);
}

static void
create_in_child(void *arg)
{
	struct store *store;
	const char *why;

	(void)arg;
	if (store_open(folder, &store, &why) != 0 || why != NULL)
		_exit(1);
	store_close(store);
	_exit(0);
}

static void
test_killed_while_it_is_made_it_is_made_again(void **state)
{
	struct store *store;
	unsigned int k;
	int status;
	size_t n;

	(void)state;
	for (k = 1;; k += every()) {
		begin_anew();
		disk_set(DISK_KILLS, 0, k);
		status = child_run(create_in_child, NULL);
		disk_set(DISK_WORKS, 0, 0);
		store = open_store(); /* without a word */
		assert_int_equal(store_people_count(store, &n), 0);
		store_close(store);
		assert_integrity();
		if (WIFEXITED(status))
			break;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(k > 5);
}

/* Errors, never a crash; and when the disk works again, so does the store. */
static void
fail_at_each(const struct job *job, enum disk_fault fault, int code)
{
	unsigned int k, errors = 0;
	int r;

	for (k = 1;; k += every()) {
		begin_anew();
		job->prepare();
		disk_set(fault, code, k);
		r = job->work();
		if (disk.faults == 0)
			break;
		errors += r != 0;
		if (r != 0)
			assert_true(r == FG_ERR_SYSTEM || r == FG_ERR_NOMEM);
		job->assert_whole();
	}
	assert_int_equal(r, 0);
	assert_true(k > 20);
	assert_true(errors > k / EVERY / 2);
}

static void
test_a_write_that_fails_once_is_an_error(void **state)
{
	(void)state;
	fail_at_each(&people, DISK_FAILS, SQLITE_IOERR_WRITE);
	fail_at_each(&logins, DISK_FAILS, SQLITE_IOERR_WRITE);
	fail_at_each(&bundles, DISK_FAILS, SQLITE_IOERR_WRITE);
	fail_at_each(&assets, DISK_FAILS, SQLITE_IOERR_WRITE);
}

static void
test_a_broken_disk_is_an_error(void **state)
{
	(void)state;
	fail_at_each(&people, DISK_BROKEN, SQLITE_IOERR_FSYNC);
	fail_at_each(&logins, DISK_BROKEN, SQLITE_IOERR_FSYNC);
}

static void
test_a_full_disk_is_an_error(void **state)
{
	(void)state;
	fail_at_each(&people, DISK_BROKEN, SQLITE_FULL);
	fail_at_each(&logins, DISK_BROKEN, SQLITE_FULL);
	fail_at_each(&assets, DISK_BROKEN, SQLITE_FULL);
}

static void
test_a_full_disk_is_said_to_be_full(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store;
	struct person q;

	(void)state;
	prepare_people();
	store = open_store();
	disk_set(DISK_BROKEN, SQLITE_FULL, 1);
	errno = 0;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(e.id, 0);
	/* Reading needs no room, and one that is open recovers by itself. */
	assert_int_equal(store_person_by_account(store, "u3", &q), 0);
	disk_set(DISK_WORKS, 0, 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
}

static void
test_on_a_full_disk_logins_are_asked_for_all_the_same(void **state)
{
	char sharers[2][FG_USER_MAX + 1];
	struct store_login l;
	struct store *store;
	unsigned int i;
	size_t n;

	(void)state;
	prepare_logins();
	store = open_store();
	assert_int_equal(take(store, PUT_A), 0); /* to be removed */
	assert_int_equal(take_back(store, "bob"), 0);
	disk_set(DISK_BROKEN, SQLITE_FULL, 1);
	for (i = PUT_A; i < RESTORE_ALICE; i++) {
		errno = 0;
		assert_int_equal(take(store, (enum step)i), FG_ERR_SYSTEM);
		assert_int_equal(errno, ENOSPC);
	}
	assert_int_equal(store_history_last(store, "old", &l), 0);
	assert_int_equal(store_history_sharers(store, &l.addr, "alice", 0,
			     sharers, 2, &n),
	    0);
	assert_int_equal(n, 1);
	disk_set(DISK_WORKS, 0, 0);
	for (i = PUT_A; i < STEPS; i++)
		assert_int_equal(take(store, (enum step)i), 0);
	store_close(store);
	assert_integrity();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_killed_at_each_write_nothing_is_lost),
		STORE_TEST(
		    test_killed_at_each_write_logins_leave_what_they_did),
		STORE_TEST(test_killed_at_each_write_a_bundle_is_whole),
		STORE_TEST(test_killed_at_each_write_assets_are_whole),
		STORE_TEST(test_killed_while_it_is_made_it_is_made_again),
		STORE_TEST(test_a_write_that_fails_once_is_an_error),
		STORE_TEST(test_a_broken_disk_is_an_error),
		STORE_TEST(test_a_full_disk_is_an_error),
		STORE_TEST(test_a_full_disk_is_said_to_be_full),
		STORE_TEST(
		    test_on_a_full_disk_logins_are_asked_for_all_the_same),
	};

	return cmocka_run_group_tests(tests, share_report, NULL);
}
