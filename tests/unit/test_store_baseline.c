/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The baseline of devices in a real store: what is learned as a whole, what is
 * added, what is refused, and a loss that is no absence.
 */
#include "policyd/store/store_baseline.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_sql.h"

#include "tests/unit/storing.h"

static struct store_device
a_device(enum entry_kind kind, const char *what)
{
	struct store_device d;

	memset(&d, 0, sizeof(d));
	d.kind = kind;
	(void)snprintf(d.what, sizeof(d.what), "%s", what);
	(void)snprintf(d.seen, sizeof(d.seen), "a thing called %s", what);
	d.at_s = 1000;
	d.by_uid = 0;
	d.by_loginuid = 1001;
	return d;
}

static struct store_learned
a_learned(void)
{
	struct store_learned l;

	memset(&l, 0, sizeof(l));
	l.at_s = 1000;
	l.by_uid = 0;
	l.by_loginuid = UINT32_MAX;
	(void)snprintf(l.file, sizeof(l.file), "model.json");
	return l;
}

static int
learn(struct store *store, const struct store_device *list, size_t n)
{
	const struct store_learned l = a_learned();

	return store_baseline_learn(store, &l, list, n);
}

/* A keyboard, a mouse and a monitor. */
static int
learn_three(struct store *store)
{
	const struct store_device list[] = {
		a_device(ENTRY_MONITOR, "mon"),
		a_device(ENTRY_KEYBOARD, "kbd"),
		a_device(ENTRY_POINTER, "mouse"),
	};

	return learn(store, list, 3);
}

static bool
has(struct store *store, enum entry_kind kind, const char *what)
{
	const struct store_baseline *b;

	assert_int_equal(store_baseline(store, &b), 0);
	return store_baseline_has(b, kind, what);
}

static size_t
devices(struct store *store)
{
	const struct store_baseline *b;

	assert_int_equal(store_baseline(store, &b), 0);
	return b->n;
}

static bool
is_lost(struct store *store)
{
	const struct store_baseline *b;

	assert_int_equal(store_baseline(store, &b), 0);
	assert_false(b->learned && b->lost);
	return b->lost;
}

static bool
is_learned(struct store *store)
{
	const struct store_baseline *b;

	assert_int_equal(store_baseline(store, &b), 0);
	return b->learned;
}

/* ---- learning ----------------------------------------------------------- */

static int
keep_one(const struct store_device *d, void *arg)
{
	*(struct store_device *)arg = *d;
	return 0;
}

static void
a_device_comes_out_as_it_was_put_in(void **state)
{
	struct store_device d = a_device(ENTRY_OTHER_INPUT, "x"), back;
	struct store *store = open_store();
	struct store_learned l = a_learned(), learned;

	(void)state;
	fill_text(d.what, sizeof(d.what), 'w');
	fill_text(d.seen, sizeof(d.seen), 's');
	d.at_s = -1;
	d.by_loginuid = UINT32_MAX;
	fill_text(l.file, sizeof(l.file), 'f');
	assert_int_equal(store_baseline_learn(store, &l, &d, 1), 0);
	store_close(store);
	store = open_store();
	memset(&back, 0, sizeof(back));
	assert_int_equal(store_baseline_each(store, keep_one, &back), 0);
	assert_memory_equal(&back, &d, sizeof(d));
	assert_int_equal(store_baseline_learned(store, &learned), 0);
	assert_memory_equal(&learned, &l, sizeof(l));
	assert_true(has(store, ENTRY_OTHER_INPUT, d.what));
	store_close(store);
}

static void
nothing_learned_is_another_thing_than_none(void **state)
{
	struct store *store = open_store();
	struct store_learned learned;

	(void)state;
	assert_int_equal(store_baseline_learned(store, &learned),
	    FG_ERR_NOT_FOUND);
	assert_false(is_learned(store));
	assert_false(is_lost(store));
	assert_int_equal(learn(store, NULL, 0), 0);
	assert_int_equal(store_baseline_learned(store, &learned), 0);
	assert_true(is_learned(store));
	assert_int_equal(devices(store), 0);
	store_close(store);
}

static void
what_is_learned_takes_the_place_of_all_before(void **state)
{
	struct store_device d = a_device(ENTRY_KEYBOARD, "other");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	assert_int_equal(devices(store), 3);
	assert_int_equal(learn(store, &d, 1), 0);
	assert_int_equal(devices(store), 1);
	assert_true(has(store, ENTRY_KEYBOARD, "other"));
	assert_false(has(store, ENTRY_KEYBOARD, "kbd"));
	store_close(store);
}

/* The gadget that says it is the mouse that was there. */
static void
a_device_of_another_kind_is_another_one(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	assert_true(has(store, ENTRY_POINTER, "mouse"));
	assert_false(has(store, ENTRY_KEYBOARD, "mouse"));
	assert_false(has(store, ENTRY_NONE, "mouse"));
	assert_false(has(store, ENTRY_POINTER, "mous"));
	assert_false(has(store, ENTRY_POINTER, "mouse1"));
	assert_false(has(store, ENTRY_POINTER, "MOUSE"));
	assert_false(has(store, ENTRY_POINTER, ""));
	store_close(store);
}

static void
one_thing_can_be_of_two_kinds(void **state)
{
	const struct store_device list[] = {
		a_device(ENTRY_KEYBOARD, "both"),
		a_device(ENTRY_POINTER, "both"),
	};
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn(store, list, 2), 0);
	assert_true(has(store, ENTRY_KEYBOARD, "both"));
	assert_true(has(store, ENTRY_POINTER, "both"));
	store_close(store);
}

/* All that was there before is there still. */
static void
what_could_not_be_read_back_changes_nothing(void **state)
{
	struct store_device list[2] = { a_device(ENTRY_KEYBOARD, "a") };
	struct store_learned l = a_learned();
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	list[1] = a_device(ENTRY_KEYBOARD, "");
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	assert_int_equal(store_baseline_accept(store, list, 2), FG_ERR_FORMAT);
	list[1] = a_device(ENTRY_NONE, "b");
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	list[1] = a_device(ENTRY_IP_KVM, "b");
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	list[1] = a_device(ENTRY_KINDS, "b");
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	list[1] = a_device(ENTRY_KEYBOARD, "b");
	memset(list[1].what, 'b', sizeof(list[1].what));
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	list[1] = a_device(ENTRY_KEYBOARD, "b");
	memset(list[1].seen, 'b', sizeof(list[1].seen));
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	list[1] = list[0];
	assert_int_equal(learn(store, list, 2), FG_ERR_FORMAT);
	memset(l.file, 'f', sizeof(l.file));
	assert_int_equal(store_baseline_learn(store, &l, list, 1),
	    FG_ERR_FORMAT);
	assert_int_equal(devices(store), 3);
	assert_true(has(store, ENTRY_MONITOR, "mon"));
	store_close(store);
}

static void
hostile_names_are_names(void **state)
{
	struct store_device list[HOSTILE_NAMES];
	struct store *store = open_store();
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++)
		list[i] = a_device(ENTRY_KEYBOARD, hostile_names[i]);
	assert_int_equal(learn(store, list, HOSTILE_NAMES), 0);
	assert_int_equal(devices(store), HOSTILE_NAMES);
	for (i = 0; i < HOSTILE_NAMES; i++)
		assert_true(has(store, ENTRY_KEYBOARD, hostile_names[i]));
	assert_false(has(store, ENTRY_KEYBOARD, "*"));
	assert_false(has(store, ENTRY_KEYBOARD, "%"));
	store_close(store);
	assert_integrity();
}

/* ---- how many ----------------------------------------------------------- */

/* "d0".."d(n-1)" */
static void
make_devices(struct store_device *list, size_t n)
{
	char what[16];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(what, sizeof(what), "d%zu", i);
		list[i] = a_device(ENTRY_KEYBOARD, what);
	}
}

static void
there_is_room_for_so_many_and_no_more(void **state)
{
	static struct store_device list[STORE_DEVICES_MAX + 1];
	struct store *store = open_store();

	(void)state;
	make_devices(list, STORE_DEVICES_MAX + 1);
	assert_int_equal(learn(store, list, STORE_DEVICES_MAX + 1),
	    FG_ERR_LIMIT);
	assert_false(is_learned(store));
	assert_int_equal(learn(store, list, STORE_DEVICES_MAX), 0);
	assert_int_equal(devices(store), STORE_DEVICES_MAX);
	assert_true(has(store, ENTRY_KEYBOARD, "d255"));
	assert_int_equal(store_baseline_accept(store, &list[STORE_DEVICES_MAX],
			     1),
	    FG_ERR_LIMIT);
	assert_false(has(store, ENTRY_KEYBOARD, "d256"));
	/* What is there already needs none. */
	assert_int_equal(store_baseline_accept(store, &list[7], 1), 0);
	store_close(store);
}

static void
more_rows_than_there_can_be_do_no_harm(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	store_close(store);
	run_behind("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		   " SELECT i + 1 FROM n WHERE i < 300) INSERT INTO baseline"
		   " SELECT 'z' || i, 'keyboard', '', 0, 0, 0 FROM n");
	store = open_store();
	assert_int_equal(devices(store), STORE_DEVICES_MAX);
	assert_true(has(store, ENTRY_MONITOR, "mon"));
	store_close(store);
}

/* ---- adding ------------------------------------------------------------- */

static void
single_devices_are_added(void **state)
{
	struct store_device d = a_device(ENTRY_MONITOR, "second"), back;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	assert_int_equal(store_baseline_accept(store, &d, 1), 0);
	assert_int_equal(devices(store), 4);
	d.by_loginuid = 1002;
	assert_int_equal(store_baseline_accept(store, &d, 1), 0);
	assert_int_equal(devices(store), 4);
	assert_int_equal(store_baseline_each(store, keep_one, &back), 0);
	assert_string_equal(back.what, "second");
	assert_int_equal(back.by_loginuid, 1002);
	store_close(store);
}

static void
nothing_is_added_to_what_was_never_learned(void **state)
{
	struct store_device d = a_device(ENTRY_MONITOR, "second");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_baseline_accept(store, &d, 1), FG_ERR_NOT_FOUND);
	assert_int_equal(devices(store), 0);
	assert_false(is_learned(store));
	store_close(store);
}

/* ---- what a login sees -------------------------------------------------- */

static void
what_another_one_changes_is_seen_at_once(void **state)
{
	struct store *store = open_store(), *other = open_store();
	const struct store_baseline *first, *second;

	(void)state;
	assert_int_equal(learn_three(store), 0);
	assert_int_equal(store_baseline(other, &first), 0);
	assert_int_equal(store_baseline(other, &second), 0);
	assert_ptr_equal(first, second);
	assert_int_equal(first->n, 3);
	assert_int_equal(learn(store, NULL, 0), 0);
	assert_int_equal(devices(other), 0);
	store_close(other);
	store_close(store);
}

static void
damage_is_an_error_and_no_absence(void **state)
{
	static const char *const spoils[] = { "UPDATE baseline SET what = ''",
		"UPDATE baseline SET what = x'00'",
		"UPDATE baseline SET at_s = 'x'",
		"UPDATE learned SET at_s = 'x'",
		"UPDATE learned SET by_uid = -1" };
	const struct store_baseline *b;
	struct store_device d = a_device(ENTRY_KEYBOARD, "kbd");
	struct store *store;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		store = open_store();
		assert_int_equal(learn(store, &d, 1), 0);
		assert_int_equal(store_baseline(store, &b), 0);
		run_behind(spoils[i]);
		assert_int_equal(store_baseline(store, &b), FG_ERR_FORMAT);
		assert_null(b);
		assert_int_equal(learn(store, &d, 1), 0);
		assert_int_equal(store_baseline(store, &b), 0);
		store_close(store);
		run_behind("DELETE FROM baseline; DELETE FROM learned");
		(void)unlink(in_folder(STORE_FILE ".damaged"));
	}
}

/* Left by a newer version. */
static void
a_kind_of_another_version_is_no_device(void **state)
{
	struct store *store = open_store();
	struct store_device back;

	(void)state;
	assert_int_equal(learn_three(store), 0);
	run_behind("DELETE FROM baseline WHERE what <> 'mon';"
		   "UPDATE baseline SET kind = 'hologram'");
	assert_int_equal(store_baseline_each(store, keep_one, &back), 0);
	assert_int_equal(back.kind, ENTRY_NONE);
	assert_string_equal(back.what, "mon");
	assert_false(has(store, ENTRY_MONITOR, "mon"));
	run_behind("UPDATE baseline SET kind = 'rmm'");
	assert_int_equal(store_baseline_each(store, keep_one, &back), 0);
	assert_int_equal(back.kind, ENTRY_NONE);
	store_close(store);
}

/* ---- a loss ------------------------------------------------------------- */

static void
begin_anew(void)
{
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

static void
a_baseline_that_was_lost_is_missed(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	assert_false(is_lost(store));
	store_close(store);
	begin_anew();
	store = open_store();
	assert_true(is_lost(store));
	assert_false(is_learned(store));
	/* People have lost nothing by that. */
	assert_false(outline_of(store).lost);
	assert_int_equal(learn(store, NULL, 0), 0);
	assert_false(is_lost(store));
	store_close(store);
}

/* That people are right as they are says nothing of it. */
static void
a_loss_lasts_until_one_is_learned(void **state)
{
	struct store_device d = a_device(ENTRY_MONITOR, "second");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(learn_three(store), 0);
	store_close(store);
	begin_anew();
	store = open_store();
	assert_int_equal(store_accept(store), 0);
	assert_true(is_lost(store));
	assert_int_equal(store_baseline_accept(store, &d, 1), FG_ERR_NOT_FOUND);
	assert_true(is_lost(store));
	store_close(store);
	store = open_store();
	assert_true(is_lost(store));
	store_close(store);
}

static void
each_is_a_change(void **state)
{
	struct store_device d = a_device(ENTRY_MONITOR, "second");
	struct store_changes before, after;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_changes(store, &before), 0);
	assert_int_equal(store_baseline_accept(store, &d, 1), FG_ERR_NOT_FOUND);
	assert_int_equal(learn_three(store), 0);
	assert_int_equal(store_baseline_accept(store, &d, 1), 0);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own + 2);
	store_close(store);
}

/* ---- the schema --------------------------------------------------------- */

static void
a_store_of_version_8_gets_the_tables(void **state)
{
	struct store_revocation r = { .user = "bob" };
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
	run_behind(UNDO_11);
	run_behind("DROP TABLE baseline; DROP TABLE learned;"
		   "DROP TABLE support;"
		   "ALTER TABLE session DROP COLUMN policy;"
		   "ALTER TABLE session DROP COLUMN observed;"
		   "DROP TABLE asset; DROP TABLE asset_name;"
		   "DROP TABLE asset_generation; DROP TABLE asset_remembered;"
		   "PRAGMA user_version = 8");
	store = open_store();
	assert_false(is_learned(store));
	assert_int_equal(learn_three(store), 0);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	store_close(store);
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_device_comes_out_as_it_was_put_in),
		STORE_TEST(nothing_learned_is_another_thing_than_none),
		STORE_TEST(what_is_learned_takes_the_place_of_all_before),
		STORE_TEST(a_device_of_another_kind_is_another_one),
		STORE_TEST(one_thing_can_be_of_two_kinds),
		STORE_TEST(what_could_not_be_read_back_changes_nothing),
		STORE_TEST(hostile_names_are_names),
		STORE_TEST(there_is_room_for_so_many_and_no_more),
		STORE_TEST(more_rows_than_there_can_be_do_no_harm),
		STORE_TEST(single_devices_are_added),
		STORE_TEST(nothing_is_added_to_what_was_never_learned),
		STORE_TEST(what_another_one_changes_is_seen_at_once),
		STORE_TEST(damage_is_an_error_and_no_absence),
		STORE_TEST(a_kind_of_another_version_is_no_device),
		STORE_TEST(a_baseline_that_was_lost_is_missed),
		STORE_TEST(a_loss_lasts_until_one_is_learned),
		STORE_TEST(each_is_a_change),
		STORE_TEST(a_store_of_version_8_gets_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
