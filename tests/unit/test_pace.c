/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a statement may be asked for, by one and by all.
 */
#include "policyd/witness/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* How many of so many questions at one moment are let in. */
static unsigned int
take(struct pace *pace, uint32_t uid, int64_t now_ms, unsigned int n)
{
	unsigned int taken = 0;

	while (n-- > 0)
		taken += pace_take(pace, uid, now_ms) ? 1 : 0;
	return taken;
}

static void
a_few_at_once_are_all_right(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	assert_int_equal(take(&pace, 1000, 5000, PACE_UID_BURST),
	    PACE_UID_BURST);
	assert_int_equal(take(&pace, 1000, 5000, 1000), 0);
}

/* Whatever has been asked before, and however often in vain. */
static void
then_it_is_one_in_a_while(void **state)
{
	struct pace pace = { 0 };
	int64_t now_ms = 1;

	(void)state;
	(void)take(&pace, 1000, now_ms, 1000);
	assert_int_equal(take(&pace, 1000, now_ms + PACE_UID_MS - 1, 1), 0);
	for (int i = 1; i <= 100; i++)
		assert_int_equal(take(&pace, 1000, now_ms + i * PACE_UID_MS,
				     1000),
		    1);
}

static void
who_waits_has_all_of_it_again(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	(void)take(&pace, 1000, 1, 1000);
	assert_int_equal(take(&pace, 1000,
			     1 + (int64_t)PACE_UID_BURST * PACE_UID_MS, 1000),
	    PACE_UID_BURST);
}

static void
one_keeps_no_other_out(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	assert_int_equal(take(&pace, 1000, 1, 1000), PACE_UID_BURST);
	assert_int_equal(take(&pace, 1001, 1, 1), 1);
	assert_int_equal(take(&pace, 1000, 1, 1), 0);
}

/* As long as none of them has subordinate uids. */
static void
many_keep_no_other_out(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	for (int64_t now_ms = 1; now_ms <= 60000; now_ms += 10) {
		for (uint32_t uid = 1000; uid < 1000 + PACE_UIDS - 1; uid++)
			(void)take(&pace, uid, now_ms, 2);
		(void)take(&pace, 100000 + (uint32_t)now_ms, now_ms, 2);
		if (now_ms % 1000 == 1)
			assert_int_equal(take(&pace, 2000, now_ms, 1), 1);
	}
}

/* Users have subordinate uids by the thousand. */
static void
many_uids_are_held_together(void **state)
{
	struct pace pace = { 0 };
	unsigned int taken = 0;

	(void)state;
	for (uint32_t uid = 100000; uid < 101000; uid++)
		taken += take(&pace, uid, 1, 3);
	assert_int_equal(taken, PACE_BURST);
	taken = 0;
	for (int64_t now_ms = 2; now_ms <= 1 + 100 * PACE_MS; now_ms++)
		taken += take(&pace, (uint32_t)(200000 + now_ms), now_ms, 3);
	assert_int_equal(taken, 100);
	assert_true(pace.n <= PACE_UIDS);
}

static void
who_pays_most_is_remembered_longest(void **state)
{
	struct pace pace = { 0 };
	int64_t now_ms = 1;

	(void)state;
	(void)take(&pace, 1000, now_ms, 1000);
	for (uint32_t uid = 2000; uid < 2000 + 3 * PACE_UIDS; uid++)
		(void)take(&pace, uid, now_ms += 10, 1);
	assert_int_equal(take(&pace, 1000, now_ms, 1), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_at_once_are_all_right),
		cmocka_unit_test(then_it_is_one_in_a_while),
		cmocka_unit_test(who_waits_has_all_of_it_again),
		cmocka_unit_test(one_keeps_no_other_out),
		cmocka_unit_test(many_keep_no_other_out),
		cmocka_unit_test(many_uids_are_held_together),
		cmocka_unit_test(who_pays_most_is_remembered_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
