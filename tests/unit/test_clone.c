/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One key on machines: repairs, exchanges, copies, looks that saw little, and
 * every short story of a few machines against what a clone is.
 */
#include "policyd/device/clone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/device/hwid_text.h"
#include "proto/result.h"
#include "tests/unit/machines.h"

#define LAPTOP "bduscm"
#define OTHER  "BDUSCM"

/* The machines as they are seen, a blank between them. */
static struct clone
seen(const char *machines)
{
	struct clone clone = { .n = 0 };
	struct hwid_digests digests;
	char copy[256], *word, *rest = copy;
	int64_t at_s = 1000;

	assert_true(strlen(machines) < sizeof(copy));
	memcpy(copy, machines, strlen(machines) + 1);
	while ((word = strsep(&rest, " ")) != NULL) {
		digests = make_machine(word);
		(void)clone_see(&clone, &digests, at_s++);
	}
	return clone;
}

static bool
is_clone(const char *machines)
{
	struct clone clone = seen(machines);

	return clone_is(&clone);
}

/* The same of what could be looked at, and nothing of kinds. */
static struct hwid_digests
unread(const char *letters, const char *kinds)
{
	struct hwid_digests digests = make_machine(letters);
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (strchr(kinds, "?tbduscm"[kind]) != NULL)
			digests.unread |= UINT32_C(1) << kind;
	return digests;
}

static bool
are_others(const char *a, const char *b)
{
	struct hwid_digests one = make_machine(a), two = make_machine(b);

	assert_int_equal(clone_is_another(&one, &two),
	    clone_is_another(&two, &one));
	return clone_is_another(&one, &two);
}

/* ---- one machine or two ------------------------------------------------- */

static void
a_part_that_is_exchanged_makes_no_other_machine(void **state)
{
	(void)state;
	assert_false(are_others(LAPTOP, LAPTOP));
	assert_false(are_others(LAPTOP, "bDuscm"));
	assert_false(are_others(LAPTOP, "bduscM"));
	assert_false(are_others(LAPTOP, "bdusc"));
	assert_false(are_others("tbduscm", "bduscm"));
}

static void
a_board_or_a_tpm_makes_another_machine(void **state)
{
	(void)state;
	assert_true(are_others(LAPTOP, OTHER));
	assert_true(are_others(LAPTOP, "BdUscM"));
	assert_true(are_others("tbduscm", "Tbduscm"));
	assert_true(are_others(LAPTOP, "bDuscM"));
}

static void
what_shows_nothing_is_another_machine(void **state)
{
	(void)state;
	assert_true(are_others(LAPTOP, ""));
	assert_false(are_others("", ""));
}

static void
what_could_not_be_read_is_no_other_machine(void **state)
{
	struct hwid_digests laptop = make_machine(LAPTOP), other;

	(void)state;
	other = unread("", "tbduscm");
	assert_false(clone_is_another(&laptop, &other));
	assert_false(clone_is_another(&other, &laptop));
	other = unread("m", "bdusc");
	assert_false(clone_is_another(&laptop, &other));
	/* but what was read, and differs, is */
	other = unread("BUS", "dcm");
	assert_true(clone_is_another(&laptop, &other));
	assert_true(clone_is_another(&other, &laptop));
}

/* ---- what is a clone ---------------------------------------------------- */

static void
a_key_that_was_seen_with_nothing_is_none(void **state)
{
	struct clone clone = { .n = 0 };

	(void)state;
	assert_false(clone_is(&clone));
	assert_null(clone_latest(&clone));
}

static void
one_machine_is_none_however_often_it_is_seen(void **state)
{
	struct clone clone = seen(LAPTOP " " LAPTOP " " LAPTOP);

	(void)state;
	assert_int_equal(clone.n, 1);
	assert_int_equal(clone.list[0].last_n, 1);
	assert_false(clone_is(&clone));
}

static void
a_key_that_moves_once_is_none(void **state)
{
	(void)state;
	assert_false(is_clone(LAPTOP " " OTHER));
	assert_false(is_clone(LAPTOP " " OTHER " " OTHER));
	/* repaired twice */
	assert_false(is_clone(LAPTOP " BdUscM BDUscM BDUscM"));
}

static void
the_old_one_after_the_new_one_is_a_clone(void **state)
{
	(void)state;
	assert_true(is_clone(LAPTOP " " OTHER " " LAPTOP));
	/* a disk was exchanged in it meanwhile */
	assert_true(is_clone(LAPTOP " " OTHER " bDuscm"));
	assert_true(is_clone(LAPTOP " BDUscM " OTHER " " LAPTOP));
	assert_true(is_clone(LAPTOP " BdUscM BDUSCM BdUscM"));
}

static void
it_stays_one_whichever_is_seen_next(void **state)
{
	(void)state;
	assert_true(is_clone(LAPTOP " " OTHER " " LAPTOP " " LAPTOP));
	assert_true(is_clone(LAPTOP " " OTHER " " LAPTOP " " OTHER));
	assert_true(is_clone(LAPTOP " " OTHER " " LAPTOP " bDUsCM bDUsCM"));
}

static void
disks_and_cards_that_come_and_go_are_none(void **state)
{
	(void)state;
	assert_false(is_clone("bduscm bDuscm bduscm bduscM bduscm bdusc "
			      "bduscm tbduscm bduscm"));
}

/* Each step is the same machine; what it has become is compared then. */
static void
a_machine_is_known_by_what_it_has_shown_last(void **state)
{
	struct clone clone = seen("bduscm bDuscm bDuscM");

	(void)state;
	assert_int_equal(clone.n, 1);
	assert_true(are_others("bduscm", "bDuscM"));
	assert_false(is_clone("bduscm bDuscm bDuscM bDuscm bDuscM"));
}

static void
a_look_that_saw_nothing_says_nothing(void **state)
{
	struct clone clone = seen(LAPTOP " " OTHER);
	struct hwid_digests blind = unread("", "tbduscm");

	(void)state;
	assert_false(clone_see(&clone, &blind, 1002));
	assert_int_equal(clone.n, 2);
	assert_false(clone_is(&clone));
	assert_false(is_clone(LAPTOP " " OTHER " " OTHER));
	/* and nothing that is known is lost by it */
	blind = make_machine(LAPTOP);
	assert_true(clone_see(&clone, &blind, 1003));
	assert_true(clone_is(&clone));
}

static void
a_first_look_that_saw_nothing_is_filled_by_the_next(void **state)
{
	struct hwid_digests blind = unread("", "tbduscm"),
			    laptop = make_machine(LAPTOP);
	struct clone clone = { .n = 0 };

	(void)state;
	assert_true(clone_see(&clone, &blind, 1000));
	assert_true(clone_see(&clone, &laptop, 1001));
	assert_int_equal(clone.n, 1);
	assert_int_equal(clone.list[0].digests.n, laptop.n);
	assert_int_equal(clone.list[0].digests.unread, 0);
}

/* Whoever shows new ones each time cannot push the first one out. */
static void
so_many_machines_are_a_clone_and_none_is_forgotten(void **state)
{
	struct hwid_digests digests;
	struct clone clone = { .n = 0 };

	(void)state;
	for (uint8_t i = 1; i < 100; i++) {
		digests.n = 0;
		digests.unread = 0;
		add_digest(&digests, HWID_BOARD, i);
		(void)clone_see(&clone, &digests, 1000 + i);
		assert_int_equal(clone_is(&clone), i >= CLONE_MACHINES_MAX);
	}
	assert_int_equal(clone.n, CLONE_MACHINES_MAX);
	assert_int_equal(clone.list[0].digests.list[0].bytes[HWID_DIGEST_SIZE -
			     1],
	    1);
}

/* Of three machines, any eight sightings: by the rule in words. */
static void
every_short_story_is_judged_by_the_rule(void **state)
{
	static const char *const machines[] = { LAPTOP, OTHER, "BdUSCm" };
	char story[8 * 8];
	int s[8], i, j, k;
	bool want;

	(void)state;
	for (int code = 0; code < 6561; code++) {
		story[0] = '\0';
		for (i = 0, k = code; i < 8; i++, k /= 3) {
			s[i] = k % 3;
			(void)strcat(story, machines[s[i]]);
			(void)strcat(story, i < 7 ? " " : "");
		}
		want = false;
		for (i = 0; i < 8; i++)
			for (j = i + 1; j < 8; j++)
				for (k = j + 1; k < 8; k++)
					want = want ||
					    (s[i] == s[k] && s[i] != s[j]);
		if (is_clone(story) != want)
			fail_msg("%s", story);
	}
}

/* ---- what is to be kept ------------------------------------------------- */

static void
the_same_again_is_kept_once_a_day(void **state)
{
	struct hwid_digests laptop = make_machine(LAPTOP);
	struct clone clone = { .n = 0 };

	(void)state;
	assert_true(clone_see(&clone, &laptop, 1000));
	assert_false(clone_see(&clone, &laptop, 1000));
	/* the first login after it was enrolled, */
	assert_true(clone_see(&clone, &laptop, 1010));
	assert_int_equal(clone.list[0].last_s, 1010);
	assert_false(clone_see(&clone, &laptop, 1010 + CLONE_SEEN_S - 1));
	assert_int_equal(clone.list[0].last_s, 1010);
	/* and later ones by the day */
	assert_true(clone_see(&clone, &laptop, 1010 + CLONE_SEEN_S));
	assert_int_equal(clone.list[0].last_s, 1010 + CLONE_SEEN_S);
	assert_int_equal(clone.list[0].first_s, 1000);
}

static void
a_clock_that_goes_back_changes_no_order(void **state)
{
	struct hwid_digests laptop = make_machine(LAPTOP),
			    other = make_machine(OTHER);
	struct clone clone = { .n = 0 };

	(void)state;
	assert_true(clone_see(&clone, &laptop, 5000));
	assert_true(clone_see(&clone, &other, 4000));
	assert_false(clone_is(&clone));
	assert_ptr_equal(clone_latest(&clone), &clone.list[1]);
	assert_true(clone_see(&clone, &laptop, 3000));
	assert_true(clone_is(&clone));
	assert_ptr_equal(clone_latest(&clone), &clone.list[0]);
}

/* ---- digests as text ---------------------------------------------------- */

static void
digests_read_back_as_they_were_written(void **state)
{
	struct hwid_digests digests = unread("bdusc", "tm"), back;
	char text[HWID_DIGESTS_SIZE];

	(void)state;
	assert_int_equal(hwid_digests_text(&digests, text), 0);
	assert_string_equal(text,
	    "2:0200000000000001 3:0300000000000001 4:0400000000000001 "
	    "5:0500000000000001 6:0600000000000001 1:- 7:-");
	assert_int_equal(hwid_digests_parse(text, &back), 0);
	assert_memory_equal(&back, &digests, sizeof(back));
	assert_int_equal(hwid_digests_parse("", &back), 0);
	assert_int_equal(back.n, 0);
}

static void
the_most_that_there_can_be_fit(void **state)
{
	struct hwid_digests digests = unread("", "tbduscm"), back;
	char text[HWID_DIGESTS_SIZE];

	(void)state;
	for (uint8_t i = 0; i < HWIDS_MAX; i++)
		add_digest(&digests, HWID_MAC, i);
	assert_int_equal(hwid_digests_text(&digests, text), 0);
	assert_int_equal(hwid_digests_parse(text, &back), 0);
	assert_memory_equal(&back, &digests, sizeof(back));
}

static void
digests_that_are_none_have_no_text(void **state)
{
	struct hwid_digests digests = make_machine("b");
	char text[HWID_DIGESTS_SIZE];

	(void)state;
	digests.n = HWIDS_MAX + 1;
	assert_int_equal(hwid_digests_text(&digests, text), FG_ERR_LIMIT);
	assert_string_equal(text, "");
	digests = make_machine("b");
	digests.list[0].kind = HWID_NONE;
	assert_int_equal(hwid_digests_text(&digests, text), FG_ERR_FORMAT);
	digests.list[0].kind = HWID_KINDS;
	assert_int_equal(hwid_digests_text(&digests, text), FG_ERR_FORMAT);
	digests = make_machine("b");
	digests.unread = 1;
	assert_int_equal(hwid_digests_text(&digests, text), FG_ERR_FORMAT);
	digests.unread = 1u << HWID_KINDS;
	assert_int_equal(hwid_digests_text(&digests, text), FG_ERR_FORMAT);
}

static void
other_texts_are_refused(void **state)
{
	static const char *const texts[] = { " ", "2", "2:", "2:02", "2:-2",
		"0:0200000000000001", "8:0200000000000001", "2:020000000000000",
		"2:02000000000000011", "2:020000000000000g",
		"2:020000000000000A", "2:0200000000000001 ",
		" 2:0200000000000001", "2:0200000000000001  3:-",
		"2:0200000000000001\n3:-", "2:- 2:-", "3:- 2:-",
		"2:- 3:0300000000000001", "0:-", "8:-", "22:0200000000000001",
		"\xff:-" };
	struct hwid_digests digests;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (hwid_digests_parse(texts[i], &digests) != FG_ERR_FORMAT)
			fail_msg("%s", texts[i]);
		assert_int_equal(digests.n, 0);
		assert_int_equal(digests.unread, 0);
	}
}

static void
more_than_there_can_be_are_refused(void **state)
{
	char text[(HWIDS_MAX + 1) * 19 + 1] = "";
	struct hwid_digests digests;

	(void)state;
	for (size_t i = 0; i <= HWIDS_MAX; i++)
		(void)strcat(text,
		    i == 0 ? "7:0700000000000001" : " 7:0700000000000001");
	assert_int_equal(hwid_digests_parse(text, &digests), FG_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_part_that_is_exchanged_makes_no_other_machine),
		cmocka_unit_test(a_board_or_a_tpm_makes_another_machine),
		cmocka_unit_test(what_shows_nothing_is_another_machine),
		cmocka_unit_test(what_could_not_be_read_is_no_other_machine),
		cmocka_unit_test(a_key_that_was_seen_with_nothing_is_none),
		cmocka_unit_test(one_machine_is_none_however_often_it_is_seen),
		cmocka_unit_test(a_key_that_moves_once_is_none),
		cmocka_unit_test(the_old_one_after_the_new_one_is_a_clone),
		cmocka_unit_test(it_stays_one_whichever_is_seen_next),
		cmocka_unit_test(disks_and_cards_that_come_and_go_are_none),
		cmocka_unit_test(a_machine_is_known_by_what_it_has_shown_last),
		cmocka_unit_test(a_look_that_saw_nothing_says_nothing),
		cmocka_unit_test(
		    a_first_look_that_saw_nothing_is_filled_by_the_next),
		cmocka_unit_test(
		    so_many_machines_are_a_clone_and_none_is_forgotten),
		cmocka_unit_test(every_short_story_is_judged_by_the_rule),
		cmocka_unit_test(the_same_again_is_kept_once_a_day),
		cmocka_unit_test(a_clock_that_goes_back_changes_no_order),
		cmocka_unit_test(digests_read_back_as_they_were_written),
		cmocka_unit_test(the_most_that_there_can_be_fit),
		cmocka_unit_test(digests_that_are_none_have_no_text),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(more_than_there_can_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
