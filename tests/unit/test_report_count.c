/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report counts in: exact while there is room, and within what it says
 * when there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/report/seen.h"
#include "ctl/report/slots.h"
#include "ctl/report/tally.h"
#include "ctl/report/timeline.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DAY  86400
#define HOUR 3600
#define AT   1790000000 /* 2026-09-21, a Monday, 14:13:20 */
#define KEYS 300u

static void
add(struct tally *t, const char *key, enum outcome outcome)
{
	assert_int_equal(tally_add(t, key, outcome, AT, 0), 0);
}

static void
few_keys_are_counted_exactly(void **state)
{
	struct tally *t = tally_new(4);
	struct tally_row rows[4];

	(void)state;
	assert_non_null(t);
	for (int i = 0; i < 5; i++)
		add(t, "b", i < 2 ? OUTCOME_DENIED : OUTCOME_WOULD);
	add(t, "a", OUTCOME_CHALLENGED);
	add(t, "c", OUTCOME_CHALLENGED);
	assert_int_equal(tally_add(t, "a", OUTCOME_DENIED, AT + 9, 7), 0);
	assert_int_equal(tally_add(t, "a", OUTCOME_DENIED, AT + 3, 5), 0);
	assert_int_equal(tally_top(t, 4, rows), 3);
	assert_string_equal(rows[0].key, "b");
	assert_int_equal(rows[0].n[OUTCOME_DENIED], 2);
	assert_int_equal(rows[0].n[OUTCOME_WOULD], 3);
	assert_int_equal(rows[0].all, 5);
	assert_string_equal(rows[1].key, "a");
	assert_int_equal(rows[1].last_s, AT + 9);
	assert_int_equal(rows[1].most, 7);
	assert_string_equal(rows[2].key, "c");
	assert_int_equal(rows[2].missed, 0);
	assert_int_equal(tally_top(t, 1, rows), 1);
	assert_false(tally_is_cut(t));
	tally_free(t);
}

/* The key that comes i times more is told in the place of a random one. */
static unsigned int
key_at(unsigned int i)
{
	unsigned int mixed = i * 2654435761u >> 7;

	return i % 3 == 0 ? mixed % 5 : 5 + mixed % (KEYS - 5);
}

/* As Space-Saving promises: bounds that hold, and no frequent key is missed. */
static void
many_keys_are_counted_within_bounds(void **state)
{
	static uint64_t right[KEYS];
	struct tally *t = tally_new(32);
	struct tally_row rows[32];
	char key[16];
	size_t n, k;

	(void)state;
	for (unsigned int i = 0; i < 30000; i++) {
		right[key_at(i)]++;
		(void)text_format(key, sizeof(key), "%u", key_at(i));
		add(t, key, OUTCOME_DENIED);
	}
	assert_true(tally_is_cut(t));
	n = tally_top(t, 32, rows);
	assert_int_equal(n, 32);
	for (size_t i = 0; i < n; i++) {
		k = (size_t)strtoul(rows[i].key, NULL, 10);
		assert_true(rows[i].all <= right[k]);
		assert_true(rows[i].all + rows[i].missed >= right[k]);
		assert_int_equal(rows[i].all, rows[i].n[OUTCOME_DENIED]);
	}
	for (k = 0; k < 5; k++) {
		assert_true(right[k] > 30000 / 32);
		for (n = 0; strtoul(rows[n].key, NULL, 10) != k; n++)
			assert_true(n < 5);
	}
	tally_free(t);
}

static void
a_new_key_takes_the_place_of_the_least(void **state)
{
	struct tally *t = tally_new(2);
	struct tally_row rows[2];

	(void)state;
	for (int i = 0; i < 3; i++)
		add(t, "a", OUTCOME_DENIED);
	add(t, "b", OUTCOME_DENIED);
	add(t, "c", OUTCOME_WOULD);
	assert_int_equal(tally_top(t, 2, rows), 2);
	assert_string_equal(rows[0].key, "a");
	assert_string_equal(rows[1].key, "c");
	assert_int_equal(rows[1].n[OUTCOME_DENIED], 0);
	assert_int_equal(rows[1].n[OUTCOME_WOULD], 1);
	assert_int_equal(rows[1].missed, 1);
	add(t, "b", OUTCOME_DENIED);
	assert_int_equal(tally_top(t, 2, rows), 2);
	assert_string_equal(rows[1].key, "b");
	assert_int_equal(rows[1].missed, 2);
	tally_free(t);
}

static void
long_keys_are_cut(void **state)
{
	char key[2 * TALLY_KEY_MAX];
	struct tally *t = tally_new(2);
	struct tally_row rows[2];

	(void)state;
	memset(key, 'x', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	add(t, key, OUTCOME_DENIED);
	add(t, key, OUTCOME_DENIED);
	assert_int_equal(tally_top(t, 2, rows), 1);
	assert_int_equal(strlen(rows[0].key), TALLY_KEY_MAX);
	assert_int_equal(rows[0].all, 2);
	tally_free(t);
}

static void
slots_are_found_moved_and_dropped(void **state)
{
	struct slots *s = slots_new(64);
	char key[16];

	(void)state;
	for (size_t i = 0; i < 63; i++) {
		(void)text_format(key, sizeof(key), "k%zu", i);
		assert_int_equal(slots_find(s, key), SLOTS_NONE);
		assert_int_equal(slots_put(s, i, key), 0);
	}
	slots_drop(s, 7);
	slots_drop(s, 7);
	slots_move(s, 62, 7);
	assert_int_equal(slots_put(s, 3, "other"), 0);
	for (size_t i = 0; i < 63; i++) {
		(void)text_format(key, sizeof(key), "k%zu", i);
		assert_int_equal(slots_find(s, key),
		    i == 62		 ? 7 :
			i == 7 || i == 3 ? SLOTS_NONE :
					   i);
	}
	assert_int_equal(slots_find(s, "other"), 3);
	assert_string_equal(slots_key(s, 7), "k62");
	assert_null(slots_key(s, 62));
	slots_free(s);
}

static void
what_was_seen_is_known_until_there_is_no_room(void **state)
{
	struct seen *s = seen_new(5000);
	char text[16];
	bool fresh;

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			(void)text_format(text, sizeof(text), "%d", i);
			assert_int_equal(seen_take(s, text, &fresh), 0);
			assert_int_equal(fresh, round == 0);
		}
	assert_int_equal(seen_take(s, "one more", &fresh), FG_ERR_LIMIT);
	assert_int_equal(seen_take(s, "17", &fresh), 0);
	assert_false(fresh);
	seen_free(s);
}

/* ---- time -------------------------------------------------------------- */

static uint64_t
sum(const struct timeline *t, enum outcome outcome)
{
	uint64_t all = 0;

	for (size_t i = 0; i < t->n; i++)
		all += t->spans[i].n[outcome];
	return all;
}

static void
spans_grow_and_lose_nothing(void **state)
{
	static struct timeline t;
	static const struct {
		int64_t days;
		const char *unit;
	} cases[] = { { 1, "hour" }, { 40, "day" }, { 300, "week" },
		{ 1200, "four weeks" }, { 15000, "52 weeks" },
		{ 100000000, "5200 weeks" } };

	(void)state;
	memset(&t, 0, sizeof(t));
	timeline_add(&t, AT, OUTCOME_DENIED);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.spans[0].at_s, AT - 13 * 60 - 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		timeline_add(&t, AT + cases[i].days * DAY, OUTCOME_DENIED);
		timeline_add(&t, AT - cases[i].days * DAY, OUTCOME_ALLOWED);
		assert_string_equal(timeline_unit(&t), cases[i].unit);
		assert_true(t.n <= TIMELINE_MAX);
		assert_int_equal(sum(&t, OUTCOME_DENIED), i + 2);
		assert_int_equal(sum(&t, OUTCOME_ALLOWED), i + 1);
		for (size_t k = 1; k < t.n; k++)
			assert_int_equal(t.spans[k].at_s - t.spans[k - 1].at_s,
			    timeline_width(&t));
	}
	timeline_add(&t, INT64_MAX, OUTCOME_DENIED);
	timeline_add(&t, INT64_MIN, OUTCOME_DENIED);
	assert_true(t.n <= TIMELINE_MAX);
	assert_int_equal(sum(&t, OUTCOME_DENIED), 9);
}

static void
spans_begin_where_they_should(void **state)
{
	static struct timeline t;

	(void)state;
	memset(&t, 0, sizeof(t));
	timeline_add(&t, AT + 3 * DAY, OUTCOME_DENIED); /* a Thursday */
	timeline_cover(&t, AT + 6 * DAY);
	timeline_cover(&t, AT + 3 * DAY);
	assert_int_equal(t.n, 73);
	timeline_add(&t, AT + 30 * DAY, OUTCOME_DENIED);
	assert_int_equal(t.n, 28);
	assert_int_equal(t.spans[0].at_s % DAY, 0);
	timeline_add(&t, AT + 300 * DAY, OUTCOME_DENIED);
	assert_int_equal(t.spans[0].at_s, AT - AT % DAY); /* the Monday */
	assert_int_equal(t.hours[14][OUTCOME_DENIED], 3);
	timeline_add(&t, -1, OUTCOME_WOULD);
	assert_int_equal(t.hours[23][OUTCOME_WOULD], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_keys_are_counted_exactly),
		cmocka_unit_test(many_keys_are_counted_within_bounds),
		cmocka_unit_test(a_new_key_takes_the_place_of_the_least),
		cmocka_unit_test(long_keys_are_cut),
		cmocka_unit_test(slots_are_found_moved_and_dropped),
		cmocka_unit_test(what_was_seen_is_known_until_there_is_no_room),
		cmocka_unit_test(spans_grow_and_lose_nothing),
		cmocka_unit_test(spans_begin_where_they_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
