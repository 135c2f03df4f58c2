/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the history is not to keep goes, a little at a time, and not while the
 * clock is wrong, or has leapt.
 */
#include "policyd/retention.h"
#include "policyd/store/store_site.h"
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
	retention.boot_id = "another";
	retention.what = "history";
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
	assert_int_equal(history_rows(), 5);
	assert_int_equal(turn(NOW + 1, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 1);
}

static void
test_many_go_in_several_turns(void **state)
{
	(void)state;
	add_logins(RETENTION_ROWS * 2 + 50, NOW - KEEP - 1);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MORE_MS);
	assert_int_equal(history_rows(), RETENTION_ROWS + 51);
	assert_int_equal(turn(NOW, BOOT + 1), RETENTION_MORE_MS);
	assert_int_equal(history_rows(), 51);
	assert_int_equal(turn(NOW, BOOT + 2), RETENTION_MS);
	assert_int_equal(history_rows(), 1);
}

/* Of one laptop each, and as long as logins. */
static void
add_sites(unsigned int n, int64_t at_s)
{
	struct store_visit v = { .at_s = at_s, .n = 1 };
	static unsigned int number;

	set_text(v.person, sizeof(v.person), "alice");
	v.at[0].kind = STORE_SITE_GATEWAY;
	while (n-- > 0) {
		(void)snprintf(v.at[0].name, sizeof(v.at[0].name), "%u",
		    number);
		(void)snprintf(v.person, sizeof(v.person), "u%u", number++);
		assert_int_equal(store_visit(store, &v), 0);
	}
}

static int64_t
sites(void)
{
	return ask_behind("SELECT count(*) FROM site");
}

static void
test_where_laptops_were_goes_with_the_logins(void **state)
{
	(void)state;
	add_sites(RETENTION_ROWS + 1, NOW - KEEP - 1);
	add_sites(2, NOW - KEEP);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW - DAY, BOOT), RETENTION_MS);
	assert_int_equal(sites(), RETENTION_ROWS + 3);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MORE_MS);
	assert_int_equal(sites(), 3);
	assert_int_equal(turn(NOW, BOOT + 1), RETENTION_MS);
	assert_int_equal(sites(), 2);
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
	assert_int_equal(history_rows(), 6);
	assert_int_equal(turn(NOW - DAY + 1, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 1);
}

/* A login of when the clock was wrong holds nothing up for good. */
static void
test_a_login_of_the_future_is_over_with_the_next(void **state)
{
	(void)state;
	add_logins(5, NOW - 2 * KEEP);
	add_logins(1, NOW + 1000 * DAY);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 6);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 2);
}

/* ---- a clock that leaps ------------------------------------------------ */

/* Logins of an earlier boot, one a day, up to at_s. */
static void
add_days(unsigned int n, int64_t at_s)
{
	while (n-- > 0)
		add_logins(1, at_s - n * DAY);
}

/* One at boot_s of this boot. */
static void
add_now(int64_t at_s, int64_t boot_s)
{
	struct store_login l = a_login("alice", "192.0.2.1", at_s);

	set_text(l.boot_id, sizeof(l.boot_id), retention.boot_id);
	l.boot_s = boot_s;
	assert_int_equal(store_history_add(store, &l), 0);
}

/* DMN-04: the battery of its clock is empty. */
#define FAR (INT64_C(4070908800) - NOW) /* to 2099 */

static void
test_a_leap_removes_nothing(void **state)
{
	(void)state;
	add_days(120, NOW);
	assert_int_equal(turn(NOW + FAR, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 120);
	assert_true(retention.doubted);
	/* Nor do logins by such a clock. */
	add_now(NOW + FAR, BOOT);
	add_now(NOW + FAR + 6 * DAY, BOOT + 6 * DAY);
	assert_int_equal(turn(NOW + FAR + 7 * DAY - 1, BOOT + 7 * DAY - 1),
	    RETENTION_MS);
	assert_int_equal(history_rows(), 122);
	/* Set right, it goes on as if nothing had been. */
	add_logins(1, NOW + DAY);
	assert_int_equal(turn(NOW + DAY, BOOT), RETENTION_MS);
	assert_false(retention.doubted);
	assert_int_equal(history_rows(), 123 - 29 - 1);
	assert_int_equal(ask_behind("SELECT count(*) FROM history WHERE "
				    "at_s > 4070000000"),
	    2);
}

/* It was at the same place before, was set right, and stands there again. */
static void
test_a_leap_to_where_it_was_before_removes_nothing(void **state)
{
	(void)state;
	add_days(120, NOW);
	add_days(3, NOW + FAR);
	add_days(2, NOW + 5 * DAY);
	add_logins(1, NOW + FAR + 20 * DAY);
	(void)turn(NOW + FAR + 20 * DAY, BOOT);
	assert_int_equal(history_rows(), 126);
	assert_true(retention.doubted);
}

static void
test_a_leap_that_stays_is_believed_after_a_week(void **state)
{
	(void)state;
	add_days(90, NOW);
	add_now(NOW + FAR, BOOT);
	(void)turn(NOW + FAR + 7 * DAY - 1, BOOT + 7 * DAY - 1);
	assert_int_equal(history_rows(), 91);
	(void)turn(NOW + FAR + 7 * DAY, BOOT + 7 * DAY);
	assert_int_equal(history_rows(), 1);
	assert_false(retention.doubted);
}

/* In one boot a leap of two days is seen. */
static void
test_a_short_leap_of_a_running_machine_removes_nothing(void **state)
{
	(void)state;
	add_days(90, NOW - 20 * DAY);
	add_now(NOW - 10 * DAY, BOOT);
	(void)turn(NOW + DAY, BOOT + 10 * DAY);
	assert_int_equal(history_rows(), 91 - 20);
	(void)turn(NOW + 2 * DAY, BOOT + 10 * DAY);
	assert_int_equal(history_rows(), 91 - 20);
	assert_true(retention.doubted);
	(void)turn(NOW + 2 * DAY, BOOT + 12 * DAY);
	assert_int_equal(history_rows(), 91 - 21);
}

/* It was off for long, or on and nobody came. */
static void
test_a_long_time_without_a_login_is_no_leap(void **state)
{
	(void)state;
	add_days(3, NOW - 200 * DAY);
	(void)turn(NOW, 60);
	assert_int_equal(history_rows(), 0);
	add_logins(1, NOW - 300 * DAY);
	(void)turn(NOW, 99 * DAY);
	assert_int_equal(history_rows(), 1);
	(void)turn(NOW, 100 * DAY);
	assert_int_equal(history_rows(), 0);
	add_now(NOW - 500 * DAY, 60);
	(void)turn(NOW, 500 * DAY + 60);
	assert_int_equal(history_rows(), 0);
}

static void
test_what_is_kept_for_a_moment_goes_at_once(void **state)
{
	(void)state;
	add_days(3, NOW - 2);
	assert_int_equal(retention_turn(&retention, 1, NOW, BOOT),
	    RETENTION_MS);
	assert_int_equal(history_rows(), 0);
}

/* As a row of a damaged file may have them. */
static void
test_times_that_no_clock_has_do_no_harm(void **state)
{
	(void)state;
	add_logins(1, INT64_MIN);
	add_logins(1, INT64_MAX);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	add_now(NOW, INT64_MIN);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	add_now(NOW - 8 * DAY, INT64_MIN);
	add_now(NOW - 8 * DAY, INT64_MAX);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 4);
}

static void
test_there_may_be_nothing_to_remove(void **state)
{
	(void)state;
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(retention.told_s, -1);
	add_logins(1, NOW);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 1);
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
	assert_int_equal(history_rows(), 2);
	assert_int_equal(turn(NOW, BOOT), RETENTION_MS);
	assert_int_equal(history_rows(), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_old_logins_go_and_others_stay),
		TEST(test_many_go_in_several_turns),
		TEST(test_where_laptops_were_goes_with_the_logins),
		TEST(test_a_clock_behind_the_newest_login_removes_nothing),
		TEST(test_a_login_of_the_future_is_over_with_the_next),
		TEST(test_a_leap_removes_nothing),
		TEST(test_a_leap_to_where_it_was_before_removes_nothing),
		TEST(test_a_leap_that_stays_is_believed_after_a_week),
		TEST(test_a_short_leap_of_a_running_machine_removes_nothing),
		TEST(test_a_long_time_without_a_login_is_no_leap),
		TEST(test_what_is_kept_for_a_moment_goes_at_once),
		TEST(test_times_that_no_clock_has_do_no_harm),
		TEST(test_there_may_be_nothing_to_remove),
		TEST(test_it_is_told_once_a_day),
		TEST(test_a_lock_is_no_end_of_it),
	};

	return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
