/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a step-up asks, in which order, and when it has passed: of methods that
 * are made up here, as it knows none from the inside.
 */
#include "policyd/stepup/stepup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEST(name) cmocka_unit_test(name)

static struct stepup s;

/* arg: the methods that there are, as bits. */
static bool
has(enum method method, void *arg)
{
	const unsigned int *methods = arg;

	return (*methods & 1u << method) != 0;
}

static struct methods
of(bool all, size_t n, enum method a, enum method b)
{
	struct methods m = { .all = all, .n = n };

	m.list[0] = a;
	m.list[1] = b;
	return m;
}

static void
plan(const struct methods *needs, size_t n, unsigned int there)
{
	stepup_plan(needs, n, has, &there, &s);
	s.real = true;
}

static void
asks(size_t n, enum method a, enum method b)
{
	assert_int_equal(s.n, n);
	if (n > 0)
		assert_int_equal(s.steps[0].method, a);
	if (n > 1)
		assert_int_equal(s.steps[1].method, b);
}

static void
the_first_that_there_is_is_asked_for(void **state)
{
	const struct methods any = of(false, 2, METHOD_TOTP, METHOD_APPROVAL);

	(void)state;
	plan(&any, 1, 1u << METHOD_TOTP | 1u << METHOD_APPROVAL);
	asks(1, METHOD_TOTP, METHOD_NONE);
	plan(&any, 1, 1u << METHOD_APPROVAL);
	asks(1, METHOD_APPROVAL, METHOD_NONE);
}

/* Whoever has none is asked all the same, and learns nothing by that. */
static void
CONV_10_who_has_nothing_is_asked_for_the_first(void **state)
{
	const struct methods any = of(false, 2, METHOD_TOTP, METHOD_APPROVAL);

	(void)state;
	plan(&any, 1, 0);
	asks(1, METHOD_TOTP, METHOD_NONE);
}

static void
all_are_asked_for_each_once(void **state)
{
	const struct methods needs[] = {
		of(true, 2, METHOD_TOTP, METHOD_SERIAL),
		of(true, 2, METHOD_SERIAL, METHOD_TOTP),
		of(false, 2, METHOD_SERIAL, METHOD_APPROVAL),
	};

	(void)state;
	plan(needs, 3, 0);
	asks(2, METHOD_TOTP, METHOD_SERIAL);
}

/* What is wanted in any case answers what any would answer. */
static void
one_answer_serves_several_needs(void **state)
{
	const struct methods needs[] = {
		of(false, 2, METHOD_TOTP, METHOD_APPROVAL),
		of(false, 1, METHOD_APPROVAL, METHOD_NONE),
		of(true, 1, METHOD_APPROVAL, METHOD_NONE),
	};

	(void)state;
	plan(needs, 3, 1u << METHOD_TOTP | 1u << METHOD_APPROVAL);
	asks(1, METHOD_APPROVAL, METHOD_NONE);
	plan(needs, 2, 1u << METHOD_TOTP | 1u << METHOD_APPROVAL);
	asks(2, METHOD_TOTP, METHOD_APPROVAL);
}

static void
another_module_asks_last(void **state)
{
	const struct methods all = of(true, 2, METHOD_DELEGATE, METHOD_SERIAL);

	(void)state;
	plan(&all, 1, 0);
	asks(2, METHOD_SERIAL, METHOD_DELEGATE);
}

/* Who approves it has to see what the laptop has found. */
static void
the_laptop_is_asked_first(void **state)
{
	const struct methods all = of(true, 2, METHOD_APPROVAL, METHOD_DEVICE);
	const struct methods needs[] = {
		of(false, 1, METHOD_APPROVAL, METHOD_NONE),
		of(false, 1, METHOD_DEVICE, METHOD_NONE),
	};

	(void)state;
	plan(&all, 1, 0);
	asks(2, METHOD_DEVICE, METHOD_APPROVAL);
	plan(needs, 2, 0);
	asks(2, METHOD_DEVICE, METHOD_APPROVAL);
	plan(needs + 1, 1, 0);
	asks(1, METHOD_DEVICE, METHOD_NONE);
}

/* What was asked for already keeps its place. */
static void
what_is_wanted_later_is_asked_later(void **state)
{
	const struct methods first = of(false, 1, METHOD_TOTP, METHOD_NONE);
	const struct methods later = of(false, 1, METHOD_DEVICE, METHOD_NONE);
	unsigned int there = 0;

	(void)state;
	plan(&first, 1, 0);
	stepup_take(&s, STEPUP_PASSED, NULL);
	stepup_plan_more(&later, 1, has, &there, &s);
	asks(2, METHOD_TOTP, METHOD_DEVICE);
	assert_int_equal(stepup_next(&s), METHOD_DEVICE);
	assert_false(stepup_passed(&s));
}

static void
it_passes_when_each_has_passed(void **state)
{
	const struct methods all = of(true, 2, METHOD_TOTP, METHOD_SERIAL);

	(void)state;
	plan(&all, 1, 0);
	assert_false(stepup_passed(&s));
	assert_int_equal(stepup_next(&s), METHOD_TOTP);
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_false(stepup_passed(&s));
	assert_int_equal(stepup_methods(&s), 1u << METHOD_TOTP);
	assert_int_equal(stepup_next(&s), METHOD_SERIAL);
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_int_equal(stepup_next(&s), METHOD_NONE);
	assert_true(stepup_passed(&s));
	assert_false(stepup_was_wrong(&s));
}

/* The rest is asked for although it is lost, so nobody knows at what. */
static void
CONV_10_a_failure_is_not_the_end_of_the_questions(void **state)
{
	const struct methods all = of(true, 2, METHOD_TOTP, METHOD_SERIAL);

	(void)state;
	plan(&all, 1, 0);
	stepup_take(&s, STEPUP_FAILED, "wrong");
	assert_int_equal(stepup_next(&s), METHOD_SERIAL);
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_int_equal(stepup_next(&s), METHOD_NONE);
	assert_false(stepup_passed(&s));
	assert_true(stepup_was_wrong(&s));
	assert_int_equal(stepup_methods(&s), 1u << METHOD_SERIAL);
}

static void
nothing_but_passing_is_passing(void **state)
{
	static const enum stepup_result others[] = { STEPUP_FAILED,
		STEPUP_ERROR };
	const struct methods one = of(true, 1, METHOD_TOTP, METHOD_NONE);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		plan(&one, 1, 0);
		stepup_take(&s, others[i], "x");
		assert_int_equal(stepup_next(&s), METHOD_NONE);
		assert_false(stepup_passed(&s));
		assert_int_equal(stepup_was_wrong(&s), i == 0);
		/* It is over: what comes then changes nothing. */
		stepup_take(&s, STEPUP_PASSED, NULL);
		assert_false(stepup_passed(&s));
		assert_int_equal(stepup_methods(&s), 0);
	}
}

static void
what_is_refused_anyway_never_passes(void **state)
{
	const struct methods one = of(true, 1, METHOD_TOTP, METHOD_NONE);

	(void)state;
	plan(&one, 1, 1u << METHOD_TOTP);
	s.real = false;
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_false(stepup_passed(&s));
}

static void
nothing_that_is_asked_is_nothing_that_passed(void **state)
{
	(void)state;
	plan(NULL, 0, 0);
	assert_int_equal(stepup_next(&s), METHOD_NONE);
	assert_false(stepup_passed(&s));
	memset(&s, 0, sizeof(s));
	assert_false(stepup_passed(&s));
}

/* An approval that has not come yet. */
static void
once_more_asks_the_same(void **state)
{
	const struct methods one = of(true, 1, METHOD_APPROVAL, METHOD_NONE);

	(void)state;
	plan(&one, 1, 0);
	stepup_take(&s, STEPUP_AGAIN, NULL);
	assert_int_equal(stepup_next(&s), METHOD_APPROVAL);
	assert_false(stepup_passed(&s));
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_true(stepup_passed(&s));
	assert_int_equal(s.steps[0].tries, 2);
}

/* Nobody else is to be troubled for what is lost already. */
static void
it_is_open_until_something_has_failed(void **state)
{
	const struct methods all = of(true, 2, METHOD_TOTP, METHOD_APPROVAL);

	(void)state;
	plan(&all, 1, 0);
	assert_true(stepup_is_open(&s));
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_true(stepup_is_open(&s));
	stepup_take(&s, STEPUP_AGAIN, NULL);
	assert_true(stepup_is_open(&s));
	s.real = false;
	assert_false(stepup_is_open(&s));
	for (int i = 0; i < 2; i++) {
		plan(&all, 1, 0);
		stepup_take(&s, i == 0 ? STEPUP_FAILED : STEPUP_ERROR, "x");
		assert_false(stepup_is_open(&s));
	}
}

/* It is not failed: nobody knows that yet. */
static void
what_is_handed_over_is_said_to_be(void **state)
{
	const struct methods both = of(true, 2, METHOD_DELEGATE, METHOD_TOTP);

	(void)state;
	plan(&both, 1, 0);
	assert_string_equal(stepup_step_name(&s, 0), "failed");
	assert_string_equal(stepup_step_name(&s, 1), "failed");
	stepup_take(&s, STEPUP_PASSED, NULL);
	assert_string_equal(stepup_step_name(&s, 0), "passed");
	assert_string_equal(stepup_step_name(&s, 1), "delegated");
	stepup_take(&s, STEPUP_ERROR, "no answer in time");
	assert_string_equal(stepup_step_name(&s, 1), "error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_that_there_is_is_asked_for),
		TEST(CONV_10_who_has_nothing_is_asked_for_the_first),
		TEST(all_are_asked_for_each_once),
		TEST(one_answer_serves_several_needs),
		TEST(another_module_asks_last),
		TEST(the_laptop_is_asked_first),
		TEST(what_is_wanted_later_is_asked_later),
		TEST(it_passes_when_each_has_passed),
		TEST(CONV_10_a_failure_is_not_the_end_of_the_questions),
		TEST(nothing_but_passing_is_passing),
		TEST(what_is_refused_anyway_never_passes),
		TEST(nothing_that_is_asked_is_nothing_that_passed),
		TEST(once_more_asks_the_same),
		TEST(it_is_open_until_something_has_failed),
		TEST(what_is_handed_over_is_said_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
