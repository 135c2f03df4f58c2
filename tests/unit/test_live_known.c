/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a picture is news, and for which sessions: those that were opened
 * while it was away, and everybody once it was away for long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/live/live_known.h"

#define SECOND_NS INT64_C(1000000000)

static struct live_memory *memory;
static struct picture p;

static int
begin(void **state)
{
	(void)state;
	memory = calloc(1, sizeof(*memory));
	memset(&p, 0, sizeof(p));
	p.taken_ns = 1000 * SECOND_NS;
	p.rules = 1;
	return memory == NULL ? -1 : 0;
}

static int
end(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

/* The next look, a second later. */
static void
look(void)
{
	p.number++;
	p.taken_ns += SECOND_NS;
	p.nsigns = 0;
}

static struct sign *
see(enum entry_kind kind, enum sign_grade grade)
{
	struct sign *s = &p.sign[p.nsigns++];

	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->grade = grade;
	s->confidence = SIGN_BY_IDENTITY;
	s->owner = SIGN_OF_MACHINE;
	s->uid = (uint32_t)-1;
	(void)snprintf(s->what, sizeof(s->what), "thing%u", (unsigned int)kind);
	return s;
}

static struct sign *
see_tool(enum sign_grade grade)
{
	look();
	return see(ENTRY_RMM, grade);
}

/* How much is news; the picture came after this session. */
static size_t
news(uint64_t opened)
{
	live_known_take(memory, &p, opened);
	return memory->nfresh;
}

/* One thing is news, for the sessions behind this one. */
static void
assert_news(uint64_t opened, uint64_t told)
{
	assert_int_equal(news(opened), 1);
	assert_int_equal(memory->fresh[0].told, told);
}

static void
test_what_stays_is_told_once(void **state)
{
	int i;

	(void)state;
	look();
	assert_int_equal(news(1), 0);
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	for (i = 0; i < 100; i++) {
		(void)see_tool(SIGN_RUNNING);
		assert_int_equal(news(2), 0);
	}
	/* and again when it goes further */
	(void)see_tool(SIGN_ACTIVE);
	assert_news(2, 0);
	(void)see_tool(SIGN_ACTIVE);
	assert_int_equal(news(2), 0);
}

static void
test_what_stays_between_looks_far_apart_is_told_once(void **state)
{
	(void)state;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	p.taken_ns += 600 * SECOND_NS;
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(1), 0);
}

/* Who was let in while it was only running has not heard of more. */
static void
test_a_dip_hides_nothing_from_who_came_meanwhile(void **state)
{
	(void)state;
	(void)see_tool(SIGN_ACTIVE);
	assert_news(3, 0);
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(4), 0);
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(5), 0);
	(void)see_tool(SIGN_ACTIVE);
	assert_news(6, 4);
	/* in between who came was decided by it */
	(void)see_tool(SIGN_ACTIVE);
	assert_int_equal(news(7), 0);
	(void)see_tool(SIGN_INSTALLED);
	assert_int_equal(news(8), 0);
	(void)see_tool(SIGN_RUNNING);
	assert_news(9, 8);
	(void)see_tool(SIGN_ACTIVE);
	assert_news(10, 8);
}

static void
test_a_device_that_comes_again_is_told_who_came_meanwhile(void **state)
{
	(void)state;
	look();
	(void)see(ENTRY_IP_KVM, SIGN_PRESENT);
	assert_news(1, 0);
	look();
	assert_int_equal(news(2), 0);
	look();
	(void)see(ENTRY_IP_KVM, SIGN_PRESENT);
	assert_news(3, 2);
}

static void
test_what_was_away_for_long_is_news_for_everybody(void **state)
{
	(void)state;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	look();
	assert_int_equal(news(2), 0);
	p.taken_ns += 59 * SECOND_NS;
	(void)see_tool(SIGN_RUNNING);
	assert_news(3, 0);
	/* of one that stays, how far it went is forgotten by itself */
	(void)see_tool(SIGN_ACTIVE);
	assert_news(4, 0);
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(5), 0);
	p.taken_ns += 60 * SECOND_NS;
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(6), 0);
	(void)see_tool(SIGN_ACTIVE);
	assert_news(7, 0);
}

/* A name, which anybody may give, is no word of what it is. */
static void
test_what_is_known_better_is_news(void **state)
{
	(void)state;
	look();
	see(ENTRY_RMM, SIGN_RUNNING)->confidence = SIGN_BY_NAME;
	assert_news(1, 0);
	(void)see_tool(SIGN_RUNNING);
	assert_news(2, 0);
	look();
	see(ENTRY_RMM, SIGN_RUNNING)->confidence = SIGN_BY_NAME;
	assert_int_equal(news(3), 0);
	(void)see_tool(SIGN_RUNNING);
	assert_news(4, 3);
}

static void
test_others_and_other_things_are_no_word_of_it(void **state)
{
	(void)state;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	(void)see_tool(SIGN_RUNNING);
	see(ENTRY_RMM, SIGN_RUNNING)->uid = 1000;
	(void)see(ENTRY_TUNNEL, SIGN_RUNNING);
	(void)see(ENTRY_ORDINARY, SIGN_RUNNING); /* makes no finding */
	assert_int_equal(news(2), 2);
	/* twice in one picture is once */
	look();
	(void)see(ENTRY_JIGGLER, SIGN_RUNNING);
	see(ENTRY_JIGGLER, SIGN_RUNNING)->pid = 2;
	assert_int_equal(news(3), 1);
}

/* Who runs it sits down at the machine, or it was not known that they do. */
static void
test_what_becomes_everybodys_is_news_for_them(void **state)
{
	(void)state;
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_USER;
	assert_news(1, 0);
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_SEAT;
	assert_news(2, 0);
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_SEAT;
	assert_int_equal(news(3), 0);
	/* and again the user's alone it is nothing new to them */
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_USER;
	assert_int_equal(news(4), 0);
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_USER;
	assert_int_equal(news(5), 0);
	see_tool(SIGN_RUNNING)->owner = SIGN_OF_SEAT;
	assert_news(6, 4);
}

static void
test_what_a_look_may_have_missed_is_marked(void **state)
{
	(void)state;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	assert_true(memory->fresh[0].missed);
	see_tool(SIGN_ACTIVE)->pid = 1;
	p.cut = PICTURE_USB | PICTURE_INTERFACES;
	assert_news(1, 0);
	assert_false(memory->fresh[0].missed);
	look();
	see(ENTRY_TUNNEL, SIGN_RUNNING)->pid = 1;
	(void)see(ENTRY_RDP, SIGN_RUNNING);
	assert_int_equal(news(1), 2);
	assert_false(memory->fresh[0].missed);
	assert_true(memory->fresh[1].missed);
	p.cut = 0;
	p.failed = PICTURE_PROCESSES;
	(void)see_tool(SIGN_RUNNING);
	(void)news(1);
	p.failed = 0;
	look();
	(void)see(ENTRY_VNC, SIGN_RUNNING);
	assert_news(1, 0);
	assert_true(memory->fresh[0].missed);
}

/* Somebody else's programs say nothing of the machine's. */
static void
test_what_found_no_room_was_missed(void **state)
{
	(void)state;
	look();
	p.nlost_uids = 1;
	p.lost_uid[0] = 1000;
	(void)news(1);
	p.nlost_uids = 0;
	p.lost = 1;
	(void)see_tool(SIGN_RUNNING);
	see(ENTRY_RMM, SIGN_RUNNING)->owner = SIGN_OF_USER;
	p.sign[1].uid = 1000;
	see(ENTRY_RMM, SIGN_RUNNING)->owner = SIGN_OF_USER;
	p.sign[2].uid = 1001;
	assert_int_equal(news(1), 3);
	assert_false(memory->fresh[0].missed);
	assert_true(memory->fresh[1].missed);
	assert_false(memory->fresh[2].missed);
	(void)see_tool(SIGN_ACTIVE);
	assert_news(1, 0);
	assert_true(memory->fresh[0].missed);
}

static void
test_new_rules_make_a_beginning(void **state)
{
	(void)state;
	look();
	(void)news(1);
	assert_true(memory->first);
	look();
	(void)news(1);
	assert_false(memory->first);
	p.rules = 2;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	assert_true(memory->first);
}

/* What finds no room is told each time rather than never. */
static void
test_more_than_can_be_remembered_is_told(void **state)
{
	unsigned int i, k;

	(void)state;
	for (i = 0; i < LIVE_KNOWN_MAX / PICTURE_SIGNS_MAX; i++) {
		look();
		for (k = 0; k < PICTURE_SIGNS_MAX; k++)
			see(ENTRY_RMM, SIGN_RUNNING)->uid = i * 1000 + k;
		assert_int_equal(news(1), PICTURE_SIGNS_MAX);
	}
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	/* and there is room again */
	p.taken_ns += 60 * SECOND_NS;
	(void)see_tool(SIGN_RUNNING);
	assert_news(1, 0);
	(void)see_tool(SIGN_RUNNING);
	assert_int_equal(news(1), 0);
}

#define LIVE_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(test_what_stays_is_told_once),
		LIVE_TEST(test_what_stays_between_looks_far_apart_is_told_once),
		LIVE_TEST(test_a_dip_hides_nothing_from_who_came_meanwhile),
		LIVE_TEST(
		    test_a_device_that_comes_again_is_told_who_came_meanwhile),
		LIVE_TEST(test_what_was_away_for_long_is_news_for_everybody),
		LIVE_TEST(test_what_is_known_better_is_news),
		LIVE_TEST(test_others_and_other_things_are_no_word_of_it),
		LIVE_TEST(test_what_becomes_everybodys_is_news_for_them),
		LIVE_TEST(test_what_a_look_may_have_missed_is_marked),
		LIVE_TEST(test_what_found_no_room_was_missed),
		LIVE_TEST(test_new_rules_make_a_beginning),
		LIVE_TEST(test_more_than_can_be_remembered_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
