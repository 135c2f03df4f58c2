/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the history is not to keep goes, a little at a time, and not while the
 * clock is wrong.
 */
#include "policyd/retention.h"
#include "tests/unit/storing.h"

#define DAY  INT64_C(86400)
#define KEEP (90 * DAY)
#define NOW  INT64_C(1767225600)
#define BOOT 5000

static struct retention retention;
static struct store *store;

static int
set_up(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	memset(&retention, 0, sizeof(retention));
	retention.store = store;
	retention.told_s = -1;
	return 0;
}

static int
tear_down(void **state)
{
	store_close(store);
	return remove_folder(state);
}

static void
add_logins(unsigned int n, int64_t at_s)
{
	struct store_login l = a_login("alice", "192.0.2.1", at_s);

	while (n-- > 0)
		assert_int_equal(store_history_add(store, &l), 0);
}

static int64_t
rows(void)
{
	return ask_behind("SELECT count(*) FROM history");
}

static unsigned int
turn(int64_t now_s, int64_t boot_s)
{
	return retention_turn(&retention, KEEP, now_s, boot_s);
}

static void
test_old_logins_go_and_others_stay(void **state)
{
	(void)state;
	add_logins(3, NOW - KEEP - 1);
	add_logins(4, NOW - KEEP);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 5);
	assert_int_equal(turn(NOW + 1, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 1);
}

static void
test_many_go_in_several_turns(void **state)
{
	(void)state;
	add_logins(RETENTION_ROWS * 2 + 50, NOW - KEEP - 1);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MORE_MS);
	assert_int_equal(rows(), RETENTION_ROWS + 51);
	assert_int_equal(turn(NOW, BOOT + 1), RETENTION_MORE_MS);
	assert_int_equal(rows(), 51);
	assert_int_equal(turn(NOW, BOOT + 2), RETENTION_MS);
	assert_int_equal(rows(), 1);
}

/* DMN-04: set back, or never set. */
static void
test_a_clock_behind_the_newest_login_removes_nothing(void **state)
{
	(void)state;
	add_logins(5, NOW - 2 * KEEP);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW - DAY, BOOT), RETENTION_MS);
	assert_int_equal(turn(0, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 6);
	assert_int_equal(turn(NOW - DAY + 1, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 1);
}

/* A login of when the clock was wrong holds nothing up for good. */
static void
test_a_login_of_the_future_is_over_with_the_next(void **state)
{
	(void)state;
	add_logins(5, NOW - 2 * KEEP);
	add_logins(1, NOW + 1000 * DAY);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 6);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 2);
}

static void
test_there_may_be_nothing_to_remove(void **state)
{
	(void)state;
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(retention.told_s, -1);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 1);
	assert_int_equal(retention.told_s, -1);
}

/* By the clock that nobody sets, and when there is no more of it. */
static void
test_it_is_told_once_a_day(void **state)
{
	(void)state;
	add_logins(RETENTION_ROWS + 1, NOW - KEEP - 1);
	add_logins(1, NOW);
	(void)turn(NOW, BOOT);
	assert_int_equal(retention.removed, RETENTION_ROWS);
	assert_int_equal(retention.told_s, -1);
	(void)turn(NOW, BOOT);
	assert_int_equal(retention.removed, 0);
	assert_int_equal(retention.told_s, BOOT);
	add_logins(2, NOW - KEEP - 1);
	add_logins(1, NOW);
	(void)turn(NOW, BOOT + DAY - 1);
	assert_int_equal(retention.removed, 2);
	(void)turn(NOW, BOOT + DAY);
	assert_int_equal(retention.removed, 0);
	assert_int_equal(retention.told_s, BOOT + DAY);
}

/* Somebody writes: it is tried again. */
static void
test_a_lock_is_no_end_of_it(void **state)
{
	sqlite3 *db;

	(void)state;
	add_logins(1, NOW - KEEP - 1);
	add_logins(1, NOW);
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	run_sql(db, "COMMIT");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(rows(), 2);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(rows(), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_old_logins_go_and_others_stay),
		TEST(test_many_go_in_several_turns),
		TEST(test_a_clock_behind_the_newest_login_removes_nothing),
		TEST(test_a_login_of_the_future_is_over_with_the_next),
		TEST(test_there_may_be_nothing_to_remove),
		TEST(test_it_is_told_once_a_day),
		TEST(test_a_lock_is_no_end_of_it),
	};

	return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
