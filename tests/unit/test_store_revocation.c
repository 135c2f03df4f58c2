/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Revocations in the store: one a name, whatever the name, until it is taken
 * back; and once there was one, its loss is not an absence.
 */
#include "tests/unit/storing.h"

struct seen {
	char text[256];
	size_t n;
	size_t stop;
};

static int
see_revocation(const struct store_revocation *r, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	(void)snprintf(seen->text + len, sizeof(seen->text) - len, "%s ",
	    r->user);
	return ++seen->n == seen->stop;
}

static void
assert_there_and_back(const struct store_revocation *r)
{
	struct store *store = open_store();
	struct store_revocation s;

	assert_int_equal(store_revocation_put(store, r), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_revocation_of(store, r->user, &s), 0);
	assert_memory_equal(r, &s, sizeof(s));
	assert_int_equal(store_revocation_remove(store, r->user, 1, &s), 0);
	assert_memory_equal(r, &s, sizeof(s));
	assert_int_equal(store_revocation_of(store, r->user, &s),
	    FG_ERR_NOT_FOUND);
	assert_string_equal(s.user, "");
	store_close(store);
}

static void
test_a_revocation_comes_out_as_it_was_put_in(void **state)
{
	struct store_revocation r = a_revocation("alice");

	(void)state;
	assert_there_and_back(&r);
	fill_text(r.user, sizeof(r.user), '\xfe');
	fill_text(r.reason, sizeof(r.reason), '\n');
	r.at_s = INT64_MAX;
	r.made_s = INT64_MIN;
	r.by_uid = UINT32_MAX;
	r.by_loginuid = UINT32_MAX;
	assert_there_and_back(&r);
	r.reason[0] = '\0';
	memset(r.reason, 0, sizeof(r.reason));
	r.at_s = INT64_MIN;
	assert_there_and_back(&r);
}

static void
test_a_name_that_is_sql_is_a_name(void **state)
{
	struct store_revocation r;
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		r = a_revocation(hostile_names[i]);
		set_text(r.reason, sizeof(r.reason), hostile_names[i]);
		assert_there_and_back(&r);
	}
	assert_int_equal(ask_behind("SELECT count(*) FROM revocation"), 0);
}

static void
test_names_are_compared_byte_by_byte(void **state)
{
	static const char *const others[] = { "Alice", "alice ", " alice",
		"alic", "alicee", "", "al%", "alice\xc2\xa0" };
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();
	size_t i;

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(store_revocation_of(store, others[i], &r),
		    FG_ERR_NOT_FOUND);
		assert_int_equal(store_revocation_remove(store, others[i], 1,
				     &r),
		    FG_ERR_NOT_FOUND);
	}
	assert_int_equal(store_revocation_of(store, "alice", &r), 0);
	store_close(store);
}

static void
test_a_name_has_one_revocation(void **state)
{
	struct store_revocation r = a_revocation("alice"), s;
	struct store *store = open_store();
	size_t n = 0;

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	r.at_s = 9000;
	(void)snprintf(r.reason, sizeof(r.reason), "later");
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_revocation_of(store, "alice", &s), 0);
	assert_memory_equal(&r, &s, sizeof(s));
	assert_int_equal(store_revocations_each(store, count_revocation, &n),
	    0);
	assert_int_equal(n, 1);
	store_close(store);
}

static void
test_they_are_listed_in_the_order_of_their_names(void **state)
{
	static const char *const names[] = { "carol", "alice", "bob" };
	struct store *store = open_store();
	struct seen seen = { .n = 0 };
	struct store_revocation r;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		r = a_revocation(names[i]);
		assert_int_equal(store_revocation_put(store, &r), 0);
	}
	assert_int_equal(store_revocations_each(store, see_revocation, &seen),
	    0);
	assert_string_equal(seen.text, "alice bob carol ");
	seen = (struct seen){ .stop = 2 };
	assert_int_equal(store_revocations_each(store, see_revocation, &seen),
	    0);
	assert_string_equal(seen.text, "alice bob ");
	store_close(store);
}

static void
test_an_import_leaves_revocations_alone(void **state)
{
	struct store_revocation r = a_revocation("u1");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(import_people(store, 3, "x"), 0);
	assert_int_equal(store_revocation_of(store, "u1", &r), 0);
	assert_int_equal(import_people(store, 0, "x"), 0);
	assert_int_equal(store_revocation_of(store, "u1", &r), 0);
	store_close(store);
}

static void
test_one_that_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	struct store_revocation r;
	struct store_outline outline;

	(void)state;
	r = a_revocation("");
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_FORMAT);
	r = a_revocation("alice");
	memset(r.user, 'u', sizeof(r.user)); /* no end */
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_FORMAT);
	r = a_revocation("alice");
	memset(r.reason, 'r', sizeof(r.reason));
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_FORMAT);
	assert_int_equal(store_outline(store, &outline), 0);
	assert_false(outline.revocations);
	store_close(store);
}

static void
test_a_row_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const changes[] = { "user = 'alice' || char(0)",
		"user = ''", "user = x'616c696365'",
		"user = printf('%.257c', 'u')", "at_s = 'now'", "at_s = 1.5",
		"reason = x'00'", "reason = 'a' || char(0) || 'b'",
		"reason = printf('%.201c', 'r')", "by_uid = -1",
		"by_uid = 4294967296", "by_loginuid = 'root'", "made_s = ''" };
	struct store *store = open_store();
	struct store_revocation r;
	char sql[128];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		r = a_revocation("alice");
		assert_int_equal(store_revocation_put(store, &r), 0);
		(void)snprintf(sql, sizeof(sql), "UPDATE revocation SET %s",
		    changes[i]);
		run_behind(sql);
		n = 0;
		if (store_revocations_each(store, count_revocation, &n) !=
			FG_ERR_FORMAT ||
		    n != 0)
			fail_msg("%s", sql);
		/* Another name is not hers; otherwise she has an error. */
		assert_int_equal(store_revocation_of(store, "alice", &r),
		    i < 4 ? FG_ERR_NOT_FOUND : FG_ERR_FORMAT);
		assert_string_equal(r.user, "");
		assert_int_equal(store_revocation_remove(store, "alice", 1, &r),
		    i < 4 ? FG_ERR_NOT_FOUND : FG_ERR_FORMAT);
		run_behind("DELETE FROM revocation");
	}
	store_close(store);
}

/* ---- what is remembered ------------------------------------------------ */

static void
test_that_there_are_some_is_known(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();

	(void)state;
	assert_false(outline_of(store).revocations);
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_true(outline_of(store).revocations);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r), 0);
	assert_false(outline_of(store).revocations);
	store_close(store);
}

/* Opens a store whose file was moved aside meanwhile. */
static struct store *
open_another(void)
{
	struct store *store;
	const char *why;

	run_behind("PRAGMA application_id = 99");
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(strstr(why, "revoke again"));
	return store;
}

static void
test_a_revocation_alone_is_no_loss(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_false(outline_of(store).lost);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r), 0);
	assert_false(outline_of(store).lost);
	store_close(store);
	store = open_store();
	assert_false(outline_of(store).lost);
	store_close(store);
}

static void
test_revocations_moved_aside_are_lost_until_an_import(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
	store = open_another();
	assert_true(outline_of(store).lost);
	/* A new one does not bring back the others. */
	r = a_revocation("bob");
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_true(outline_of(store).revocations);
	assert_true(outline_of(store).lost);
	assert_int_equal(store_revocation_remove(store, "bob", 1, &r), 0);
	store_close(store);
	store = open_store();
	assert_true(outline_of(store).lost);
	assert_int_equal(import_people(store, 2, "x"), 0);
	assert_false(outline_of(store).lost);
	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
	/* And so on. */
	store = open_another();
	assert_true(outline_of(store).lost);
	store_close(store);
}

/* Nobody was told of it: then it was not lost either. */
static void
test_one_that_was_not_acknowledged_is_no_loss(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();
	sqlite3 *db;

	(void)state;
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_BUSY);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r),
	    FG_ERR_BUSY);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_false(outline_of(store).lost);
	assert_false(outline_of(store).revocations);
	store_close(store);
	store = open_another();
	assert_false(outline_of(store).lost);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_revocation_comes_out_as_it_was_put_in),
		STORE_TEST(test_a_name_that_is_sql_is_a_name),
		STORE_TEST(test_names_are_compared_byte_by_byte),
		STORE_TEST(test_a_name_has_one_revocation),
		STORE_TEST(test_they_are_listed_in_the_order_of_their_names),
		STORE_TEST(test_an_import_leaves_revocations_alone),
		STORE_TEST(test_one_that_could_not_be_read_back_is_refused),
		STORE_TEST(test_a_row_that_makes_no_sense_is_an_error),
		STORE_TEST(test_that_there_are_some_is_known),
		STORE_TEST(test_a_revocation_alone_is_no_loss),
		STORE_TEST(
		    test_revocations_moved_aside_are_lost_until_an_import),
		STORE_TEST(test_one_that_was_not_acknowledged_is_no_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
