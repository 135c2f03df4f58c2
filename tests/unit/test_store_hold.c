/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds in a real store: what they are called, until when they hold, that they
 * are counted as changes, and that nothing of the history goes meanwhile.
 */
#include "policyd/retention.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_hold.h"
#include "tests/unit/storing.h"

#define DAY INT64_C(86400)
#define NOW INT64_C(1767225600)

static struct store_hold
a_hold(const char *name, int64_t until_s)
{
	struct store_hold hold;

	memset(&hold, 0, sizeof(hold));
	(void)snprintf(hold.name, sizeof(hold.name), "%s", name);
	(void)snprintf(hold.reason, sizeof(hold.reason), "case 7");
	hold.until_s = until_s;
	hold.by_uid = 0;
	hold.by_loginuid = 1001;
	hold.at_s = NOW;
	return hold;
}

static int
add(struct store *store, const char *name, int64_t until_s)
{
	struct store_hold hold = a_hold(name, until_s);

	return store_hold_add(store, &hold);
}

static bool
is_held(struct store *store, int64_t now_s)
{
	bool any;

	assert_int_equal(store_holds_any(store, now_s, &any), 0);
	return any;
}

static int
count_one(const struct store_hold *hold, void *arg)
{
	(void)hold;
	++*(unsigned int *)arg;
	return 0;
}

static void
test_a_hold_holds_until_its_end(void **state)
{
	struct store_hold hold = a_hold("case-7", 0), other;
	struct store *store = open_store();

	(void)state;
	assert_false(is_held(store, NOW));
	assert_int_equal(store_hold_add(store, &hold), 0);
	assert_int_equal(store_hold_get(store, "case-7", &other), 0);
	assert_memory_equal(&hold, &other, sizeof(hold));
	assert_true(is_held(store, INT64_MAX - 1));
	assert_int_equal(store_hold_remove(store, "case-7"), 0);
	assert_false(is_held(store, NOW));
	assert_int_equal(add(store, "later", NOW + 5), 0);
	assert_true(is_held(store, NOW + 4));
	assert_false(is_held(store, NOW + 5));
	store_close(store);
	store = open_store();
	assert_true(is_held(store, NOW + 4));
	store_close(store);
}

static void
test_names_are_names_and_there_is_one_of_each(void **state)
{
	static const char *const wrong[] = { "", "-x", ".x", "_x", "a b", "a/b",
		"a\n", "\xc3\xa4" };
	struct store *store = open_store();
	struct store_hold hold;
	char name[65];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(add(store, wrong[i], 0), FG_ERR_FORMAT);
	memset(name, 'a', 64);
	name[64] = '\0';
	assert_false(store_hold_is_name(name));
	name[63] = '\0';
	assert_int_equal(add(store, name, 0), 0);
	assert_int_equal(add(store, "7.x_-", 0), 0);
	assert_int_equal(add(store, "7.x_-", 0), FG_ERR_TRAILING);
	assert_int_equal(add(store, "x", -1), FG_ERR_FORMAT);
	assert_int_equal(store_hold_remove(store, "x"), FG_ERR_NOT_FOUND);
	assert_int_equal(store_hold_get(store, "x", &hold), FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
test_there_are_only_so_many(void **state)
{
	struct store *store = open_store();
	unsigned int n = 0;
	char name[16];

	(void)state;
	for (unsigned int i = 0; i < STORE_HOLDS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "h%u", i);
		assert_int_equal(add(store, name, 0), 0);
	}
	assert_int_equal(add(store, "more", 0), FG_ERR_LIMIT);
	assert_int_equal(store_holds_each(store, count_one, &n), 0);
	assert_int_equal(n, STORE_HOLDS_MAX);
	store_close(store);
}

/* An older copy may lack one, and is known for that. */
static void
test_each_is_a_change(void **state)
{
	struct store *store = open_store();
	struct store_changes changes;

	(void)state;
	assert_int_equal(add(store, "x", 0), 0);
	assert_int_equal(add(store, "x", 0), FG_ERR_TRAILING);
	assert_int_equal(store_hold_remove(store, "y"), FG_ERR_NOT_FOUND);
	assert_int_equal(store_hold_remove(store, "x"), 0);
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 2);
	store_close(store);
}

static void
test_nothing_of_the_history_goes_meanwhile(void **state)
{
	struct store *store = open_store();
	struct retention retention = { .store = store,
		.boot_id = "another",
		.what = "history",
		.told_s = -1 };
	struct store_login l = a_login("alice", "192.0.2.1", NOW - 91 * DAY);

	(void)state;
	assert_int_equal(store_history_add(store, &l), 0);
	l = a_login("alice", "192.0.2.1", NOW);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(add(store, "x", 0), 0);
	(void)retention_turn(&retention, 90 * DAY, NOW, 5000);
	assert_int_equal(history_rows(), 2);
	assert_int_equal(store_hold_remove(store, "x"), 0);
	(void)retention_turn(&retention, 90 * DAY, NOW, 5000);
	assert_int_equal(history_rows(), 1);
	store_close(store);
}

#define HOLD_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOLD_TEST(test_a_hold_holds_until_its_end),
		HOLD_TEST(test_names_are_names_and_there_is_one_of_each),
		HOLD_TEST(test_there_are_only_so_many),
		HOLD_TEST(test_each_is_a_change),
		HOLD_TEST(test_nothing_of_the_history_goes_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
