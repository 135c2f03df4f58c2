/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verified people in a real store: what is kept, and what is refused.
 */
#include "policyd/store/store_verified.h"
#include "policyd/store/store_change.h"

#include "tests/unit/storing.h"

static struct store_verified
a_verification(const char *person)
{
	struct store_verified v;

	memset(&v, 0, sizeof(v));
	(void)snprintf(v.person, sizeof(v.person), "%s", person);
	(void)snprintf(v.asset, sizeof(v.asset), "LT-0042");
	fill_text(v.salt, sizeof(v.salt), 'a');
	fill_text(v.hash, sizeof(v.hash), 'b');
	v.made_s = 1000;
	v.until_s = 2000;
	v.by_uid = 0;
	v.by_loginuid = 1001;
	return v;
}

static void
put(struct store *store, const char *person)
{
	struct store_verified v = a_verification(person);

	assert_int_equal(store_verified_put(store, &v), 0);
}

static void
it_comes_out_as_it_was_put_in(void **state)
{
	struct store_verified v = a_verification("alice"), back;
	struct store *store = open_store();
	bool any = true;

	(void)state;
	assert_int_equal(store_verified_any(store, &any), 0);
	assert_false(any);
	assert_int_equal(store_verified_put(store, &v), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_verified_get(store, "alice", &back), 0);
	assert_memory_equal(&back, &v, sizeof(v));
	assert_int_equal(store_verified_get(store, "Alice", &back),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(back.person[0], '\0');
	assert_int_equal(store_verified_any(store, &any), 0);
	assert_true(any);
	store_close(store);
}

static void
a_later_one_takes_its_place(void **state)
{
	struct store_verified v = a_verification("alice"), back;
	struct store *store = open_store();

	(void)state;
	put(store, "alice");
	v.salt[0] = v.hash[0] = '\0';
	v.until_s = 3000;
	assert_int_equal(store_verified_put(store, &v), 0);
	assert_int_equal(store_verified_get(store, "alice", &back), 0);
	assert_int_equal(back.until_s, 3000);
	assert_int_equal(back.hash[0], '\0');
	assert_int_equal(ask_behind("SELECT count(*) FROM verified"), 1);
	store_close(store);
}

static void
what_could_not_be_read_back_is_refused(void **state)
{
	struct store_verified v = a_verification("");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_verified_put(store, &v), FG_ERR_FORMAT);
	v = a_verification("alice");
	v.asset[0] = '\0';
	assert_int_equal(store_verified_put(store, &v), FG_ERR_FORMAT);
	v = a_verification("alice");
	v.salt[0] = '\0';
	assert_int_equal(store_verified_put(store, &v), FG_ERR_FORMAT);
	v = a_verification("alice");
	v.hash[10] = '\0';
	assert_int_equal(store_verified_put(store, &v), FG_ERR_FORMAT);
	v = a_verification("alice");
	v.until_s = v.made_s;
	assert_int_equal(store_verified_put(store, &v), FG_ERR_FORMAT);
	assert_int_equal(ask_behind("SELECT count(*) FROM verified"), 0);
	store_close(store);
}

static void
a_damaged_row_is_an_error_and_no_absence(void **state)
{
	struct store *store = open_store();
	struct store_verified v;

	(void)state;
	put(store, "alice");
	store_close(store);
	run_behind("UPDATE verified SET until_s = 0");
	store = open_store();
	assert_int_equal(store_verified_get(store, "alice", &v), FG_ERR_FORMAT);
	assert_int_equal(v.person[0], '\0');
	store_close(store);
}

static int
count(const struct store_verified *v, void *arg)
{
	char *names = arg;

	(void)strcat(names, v->person);
	return 0;
}

static void
one_is_removed_and_the_others_stay(void **state)
{
	struct store *store = open_store();
	char names[64] = "";

	(void)state;
	put(store, "bob");
	put(store, "alice");
	put(store, "carol");
	assert_int_equal(store_verified_remove(store, "bob"), 0);
	assert_int_equal(store_verified_remove(store, "bob"), FG_ERR_NOT_FOUND);
	assert_int_equal(store_verified_each(store, count, names), 0);
	assert_string_equal(names, "alicecarol");
	store_close(store);
}

/* An older copy, which has somebody who was removed, is known for one. */
static void
each_is_a_change(void **state)
{
	struct store_changes before, after;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_changes(store, &before), 0);
	put(store, "alice");
	assert_int_equal(store_verified_remove(store, "bob"), FG_ERR_NOT_FOUND);
	assert_int_equal(store_verified_remove(store, "alice"), 0);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own + 2);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_comes_out_as_it_was_put_in),
		STORE_TEST(a_later_one_takes_its_place),
		STORE_TEST(what_could_not_be_read_back_is_refused),
		STORE_TEST(a_damaged_row_is_an_error_and_no_absence),
		STORE_TEST(one_is_removed_and_the_others_stay),
		STORE_TEST(each_is_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
