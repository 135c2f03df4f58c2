/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The help desk's tools in a real store: from when, until when, on which
 * machine, and how many at one time.
 */
#include "policyd/store/store_change.h"
#include "policyd/store/store_support.h"

#include "tests/unit/storing.h"

static struct store_support
a_support(const char *tool)
{
	struct store_support s;

	memset(&s, 0, sizeof(s));
	(void)snprintf(s.asset, sizeof(s.asset), "LT-0042");
	(void)snprintf(s.tool, sizeof(s.tool), "%s", tool);
	s.from_s = 1000;
	s.until_s = 2000;
	(void)snprintf(s.reason, sizeof(s.reason), "ticket 4711");
	s.by_uid = 0;
	s.by_loginuid = 1001;
	s.at_s = 1000;
	return s;
}

static uint64_t
add(struct store *store, const char *tool)
{
	struct store_support s = a_support(tool);

	assert_int_equal(store_support_add(store, &s), 0);
	assert_int_not_equal(s.id, 0);
	return s.id;
}

/* The number of the one that lets this tool be used then, on that machine. */
static uint64_t
holds(struct store *store, const char *asset, const char *tool, int64_t at_s)
{
	struct store_supported s;

	assert_int_equal(store_support_find(store, asset, at_s, &s), 0);
	return store_supported_id(&s, tool);
}

static int
keep_one(const struct store_support *s, void *arg)
{
	*(struct store_support *)arg = *s;
	return 0;
}

static int
count_one(const struct store_support *s, void *arg)
{
	(void)s;
	++*(unsigned int *)arg;
	return 0;
}

static unsigned int
listed(struct store *store, bool expired, int64_t at_s)
{
	unsigned int n = 0;

	assert_int_equal(store_supports_each(store, expired, at_s, count_one,
			     &n),
	    0);
	return n;
}

static void
it_comes_out_as_it_was_put_in(void **state)
{
	struct store_support s = a_support("x"), back;
	struct store *store = open_store();

	(void)state;
	fill_text(s.asset, sizeof(s.asset), 'a');
	fill_text(s.tool, sizeof(s.tool), 't');
	fill_text(s.reason, sizeof(s.reason), 'r');
	s.from_s = -5;
	s.by_loginuid = UINT32_MAX;
	assert_int_equal(store_support_add(store, &s), 0);
	store_close(store);
	store = open_store();
	memset(&back, 0, sizeof(back));
	assert_int_equal(store_supports_each(store, true, 0, keep_one, &back),
	    0);
	assert_memory_equal(&back, &s, sizeof(s));
	assert_int_equal(holds(store, s.asset, s.tool, 1500), s.id);
	store_close(store);
}

static void
it_holds_from_then_until_then(void **state)
{
	struct store *store = open_store();
	uint64_t id = add(store, "anydesk");

	(void)state;
	assert_int_equal(holds(store, "LT-0042", "anydesk", 999), 0);
	assert_int_equal(holds(store, "LT-0042", "anydesk", 1000), id);
	assert_int_equal(holds(store, "LT-0042", "anydesk", 1999), id);
	assert_int_equal(holds(store, "LT-0042", "anydesk", 2000), 0);
	store_close(store);
}

static void
it_holds_for_that_tool_on_that_machine_alone(void **state)
{
	struct store *store = open_store();
	uint64_t id = add(store, "anydesk");

	(void)state;
	assert_int_equal(holds(store, "LT-0042", "teamviewer", 1500), 0);
	assert_int_equal(holds(store, "LT-0042", "anydes", 1500), 0);
	assert_int_equal(holds(store, "LT-0042", "", 1500), 0);
	assert_int_equal(holds(store, "LT-0043", "anydesk", 1500), 0);
	assert_int_equal(holds(store, "lt-0042", "anydesk", 1500), 0);
	assert_int_equal(holds(store, "", "anydesk", 1500), 0);
	/* A machine without a tag is every one. */
	assert_int_equal(holds(store, NULL, "anydesk", 1500), id);
	store_close(store);
}

static void
what_is_not_complete_is_refused(void **state)
{
	struct store_support s = a_support("");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_support_add(store, &s), FG_ERR_FORMAT);
	s = a_support("anydesk");
	s.asset[0] = '\0';
	assert_int_equal(store_support_add(store, &s), FG_ERR_FORMAT);
	s = a_support("anydesk");
	s.until_s = s.from_s;
	assert_int_equal(store_support_add(store, &s), FG_ERR_FORMAT);
	s = a_support("anydesk");
	memset(s.tool, 't', sizeof(s.tool));
	assert_int_equal(store_support_add(store, &s), FG_ERR_FORMAT);
	s = a_support("anydesk");
	memset(s.reason, 'r', sizeof(s.reason));
	assert_int_equal(store_support_add(store, &s), FG_ERR_FORMAT);
	assert_int_equal(s.id, 0);
	assert_int_equal(listed(store, true, 0), 0);
	store_close(store);
}

static void
hostile_names_are_names(void **state)
{
	struct store_support s;
	struct store *store = open_store();
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		s = a_support("anydesk");
		(void)snprintf(s.tool, sizeof(s.tool), "%s", hostile_names[i]);
		(void)snprintf(s.asset, sizeof(s.asset), "%s",
		    hostile_names[i]);
		assert_int_equal(store_support_add(store, &s), 0);
		assert_int_equal(holds(store, s.asset, s.tool, 1500), s.id);
		assert_int_equal(holds(store, "LT-0042", s.tool, 1500), 0);
		assert_int_equal(store_support_remove(store, s.id, &s), 0);
	}
	store_close(store);
	assert_integrity();
}

static void
so_many_hold_at_one_time_and_no_more(void **state)
{
	struct store_support s = a_support("one-more");
	struct store *store = open_store();
	struct store_supported found;
	uint64_t first = add(store, "t");
	unsigned int i;

	(void)state;
	for (i = 1; i < STORE_SUPPORTS_MAX; i++)
		(void)add(store, "t");
	assert_int_equal(store_support_add(store, &s), FG_ERR_LIMIT);
	assert_int_equal(s.id, 0);
	assert_int_equal(store_support_find(store, NULL, 1500, &found), 0);
	assert_int_equal(found.n, STORE_SUPPORTS_MAX);
	/* What has ended leaves room, and what is removed. */
	s.at_s = s.from_s = 2000;
	s.until_s = 3000;
	assert_int_equal(store_support_add(store, &s), 0);
	assert_int_equal(store_support_remove(store, s.id, &s), 0);
	assert_int_equal(store_support_remove(store, first, &s), 0);
	assert_int_not_equal(add(store, "one-more"), 0);
	store_close(store);
}

/* A clock that went back has more of them than were let in. */
static void
more_than_can_be_is_an_error_with_the_first(void **state)
{
	struct store *store = open_store();
	struct store_supported found;

	(void)state;
	(void)add(store, "first");
	run_behind("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		   " SELECT i + 1 FROM n WHERE i < 20) INSERT INTO support"
		   " SELECT 100 + i, 'LT-0042', 't' || i, 1000, 2000, '', 0,"
		   " 0, 1000 FROM n");
	assert_int_equal(store_support_find(store, NULL, 1500, &found),
	    FG_ERR_LIMIT);
	assert_int_equal(found.n, STORE_SUPPORTS_MAX);
	assert_string_equal(found.by[0].tool, "first");
	assert_int_equal(store_support_find(store, "LT-1", 1500, &found), 0);
	assert_int_equal(found.n, 0);
	store_close(store);
}

static void
one_is_removed_and_the_others_stay(void **state)
{
	struct store_support removed;
	struct store *store = open_store();
	uint64_t a = add(store, "a"), b = add(store, "b");

	(void)state;
	assert_int_equal(store_support_remove(store, a, &removed), 0);
	assert_string_equal(removed.tool, "a");
	assert_int_equal(store_support_remove(store, a, &removed),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(removed.id, 0);
	assert_int_equal(store_support_remove(store, 0, &removed),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_support_remove(store, UINT64_MAX, &removed),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(holds(store, NULL, "a", 1500), 0);
	assert_int_equal(holds(store, NULL, "b", 1500), b);
	/* A number is never another one's. */
	assert_int_equal(store_support_remove(store, b, &removed), 0);
	assert_true(add(store, "c") > b);
	store_close(store);
}

/* As long as exceptions. */
static void
what_has_ended_is_kept_for_a_while(void **state)
{
	struct store_support s = a_support("later");
	struct store *store = open_store();

	(void)state;
	(void)add(store, "anydesk");
	assert_int_equal(listed(store, false, 1999), 1);
	assert_int_equal(listed(store, false, 2000), 0);
	assert_int_equal(listed(store, true, 2000), 1);
	s.from_s = s.at_s = 2000 + STORE_EXCEPTION_KEPT_S - 1;
	s.until_s = s.from_s + 1;
	assert_int_equal(store_support_add(store, &s), 0);
	assert_int_equal(listed(store, true, 0), 2);
	s.from_s = s.at_s = 2000 + STORE_EXCEPTION_KEPT_S;
	s.until_s = s.from_s + 1;
	assert_int_equal(store_support_add(store, &s), 0);
	assert_int_equal(listed(store, true, 0), 2);
	store_close(store);
}

static void
the_outline_says_whether_there_is_one(void **state)
{
	struct store_support removed;
	struct store *store = open_store(), *other = open_store();
	uint64_t id;

	(void)state;
	assert_false(outline_of(other).supports);
	id = add(store, "anydesk");
	assert_true(outline_of(other).supports);
	assert_int_equal(store_support_remove(store, id, &removed), 0);
	assert_false(outline_of(other).supports);
	store_close(other);
	store_close(store);
}

static void
damage_is_an_error_and_no_absence(void **state)
{
	struct store *store = open_store();
	struct store_supported found;

	(void)state;
	(void)add(store, "anydesk");
	run_behind("UPDATE support SET tool = ''");
	assert_int_equal(store_support_find(store, NULL, 1500, &found),
	    FG_ERR_FORMAT);
	assert_int_equal(found.n, 0);
	store_close(store);
}

/* An older copy, which has one that was taken back, is known for one. */
static void
each_is_a_change(void **state)
{
	struct store_changes before, after;
	struct store_support removed;
	struct store *store = open_store();
	uint64_t id;

	(void)state;
	assert_int_equal(store_changes(store, &before), 0);
	id = add(store, "anydesk");
	assert_int_equal(store_support_remove(store, id + 1, &removed),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_support_remove(store, id, &removed), 0);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own + 2);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_comes_out_as_it_was_put_in),
		STORE_TEST(it_holds_from_then_until_then),
		STORE_TEST(it_holds_for_that_tool_on_that_machine_alone),
		STORE_TEST(what_is_not_complete_is_refused),
		STORE_TEST(hostile_names_are_names),
		STORE_TEST(so_many_hold_at_one_time_and_no_more),
		STORE_TEST(more_than_can_be_is_an_error_with_the_first),
		STORE_TEST(one_is_removed_and_the_others_stay),
		STORE_TEST(what_has_ended_is_kept_for_a_while),
		STORE_TEST(the_outline_says_whether_there_is_one),
		STORE_TEST(damage_is_an_error_and_no_absence),
		STORE_TEST(each_is_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
