/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk over all processes: each of them, those that have just been made as
 * well where that is asked for, and no longer than it may take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/scanner/walk.h"
#include "proto/result.h"
#include "tests/unit/sessions.h"

#define LATER (walk_now_ns() + INT64_C(60000000000))

/* Are these all the processes of the namespace, in order? */
static void
expect_all(bool close_by, const int32_t *want, size_t n)
{
	struct walk walk;
	int32_t pid;
	size_t i;

	CHECK(walk_open(&walk, close_by, LATER) == 0);
	for (i = 0; i < n; i++) {
		CHECK(walk_next(&walk, &pid));
		CHECK(pid == want[i]);
	}
	CHECK(!walk_next(&walk, &pid));
	CHECK(pid == 0 && !walk.cut);
	walk_close(&walk);
}

static void
all_in_order(void *arg)
{
	int32_t want[200] = { 1, (int32_t)getpid() };
	size_t i;

	(void)arg;
	expect_all(false, want, 2);
	expect_all(true, want, 2);
	for (i = 2; i < sizeof(want) / sizeof(want[0]); i++)
		want[i] = (int32_t)spawn(NULL, NULL);
	expect_all(false, want, i);
	expect_all(true, want, i);
}

static void
those_just_made(void *arg)
{
	struct walk walk;
	int32_t pid = 0, i;
	pid_t made;

	(void)arg;
	CHECK(walk_open(&walk, true, LATER) == 0);
	while (pid != getpid())
		CHECK(walk_next(&walk, &pid));
	for (i = 0; i < 50; i++) {
		made = spawn(NULL, NULL);
		CHECK(walk_next(&walk, &pid));
		CHECK(pid == made);
		slay(made);
	}
	CHECK(!walk_next(&walk, &pid));
	CHECK(!walk.cut);
	walk_close(&walk);
}

static void
until_the_time_is_over(void *arg)
{
	struct walk walk;
	int32_t pid;

	(void)arg;
	CHECK(walk_open(&walk, false, walk_now_ns()) == 0);
	CHECK(!walk_next(&walk, &pid));
	CHECK(pid == 0 && walk.cut);
	walk_close(&walk);
	CHECK(walk_open(&walk, false, LATER) == 0);
	CHECK(walk_next(&walk, &pid));
	walk.until_ns = walk_now_ns();
	CHECK(!walk_next(&walk, &pid));
	CHECK(walk.cut);
	walk_close(&walk);
}

/* From the one that the time was not enough for. */
static void
where_it_was_cut(void *arg)
{
	struct walk walk, again;
	int32_t pid, want;
	int i;

	(void)arg;
	for (i = 0; i < 20; i++)
		(void)spawn(NULL, NULL);
	CHECK(walk_open(&walk, false, LATER) == 0);
	for (i = 0; i < 10; i++)
		CHECK(walk_next(&walk, &want));
	walk.until_ns = walk_now_ns();
	CHECK(!walk_next(&walk, &pid));
	walk.until_ns = LATER;
	CHECK(walk_next(&walk, &want)); /* the one behind that */
	CHECK(walk_open(&again, false, LATER) == 0);
	CHECK(walk_seek(&again, walk.here) == 0);
	CHECK(walk_next(&again, &pid));
	CHECK(pid == want);
	CHECK(walk_seek(&again, 0) == 0);
	CHECK(walk_next(&again, &pid));
	CHECK(pid == 1);
	walk_close(&again);
	walk_close(&walk);
}

static void
test_a_walk_goes_on_where_another_was_cut(void **state)
{
	(void)state;
	isolated_passes(where_it_was_cut, NULL);
}

static void
test_a_walk_meets_each_process_in_order(void **state)
{
	(void)state;
	isolated_passes(all_in_order, NULL);
}

static void
test_a_walk_close_by_meets_those_that_are_made_meanwhile(void **state)
{
	(void)state;
	isolated_passes(those_just_made, NULL);
}

static void
test_DMN_11_a_walk_ends_in_time(void **state)
{
	(void)state;
	isolated_passes(until_the_time_is_over, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_walk_meets_each_process_in_order),
		cmocka_unit_test(test_a_walk_goes_on_where_another_was_cut),
		cmocka_unit_test(
		    test_a_walk_close_by_meets_those_that_are_made_meanwhile),
		cmocka_unit_test(test_DMN_11_a_walk_ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
