/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Denials and their reviews, and a sample that is the same for the same seed,
 * whatever else there is no room for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/report/refusals.h"
#include "policyd/text.h"

#define MANY   4000u
#define SAMPLE 20u

static void
add(struct refusals *s, unsigned int i, enum outcome outcome)
{
	char ref[16];
	struct refusal r = { .ref = ref,
		.outcome = outcome,
		.at_s = i,
		.seq = i,
		.reason = "geo.country",
		.person = "alice",
		.from = "192.0.2.1",
		.service = "sshd" };

	(void)text_format(ref, sizeof(ref), "%04u-%04u", i, i);
	assert_int_equal(refusals_add(s, &r), 0);
	memset(ref, 'x', sizeof(ref));
}

static struct refusals *
many(uint64_t seed, size_t max)
{
	struct refusals *s = refusals_new(seed, max);

	assert_non_null(s);
	for (unsigned int i = 0; i < MANY; i++)
		add(s, i, i % 4 == 0 ? OUTCOME_WOULD : OUTCOME_DENIED);
	return s;
}

static bool
is_same(const struct refusal *a, const struct refusal *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i].ref, b[i].ref) != 0)
			return false;
	return true;
}

static void
a_seed_has_one_sample(void **state)
{
	struct refusals *a = many(7, MANY), *b = many(7, MANY);
	struct refusals *c = many(8, MANY);
	struct refusal x[SAMPLE], y[SAMPLE], z[SAMPLE];

	(void)state;
	assert_int_equal(refusals_sample(a, SAMPLE, x), SAMPLE);
	assert_int_equal(refusals_sample(b, SAMPLE, y), SAMPLE);
	assert_int_equal(refusals_sample(c, SAMPLE, z), SAMPLE);
	assert_true(is_same(x, y, SAMPLE));
	assert_false(is_same(x, z, SAMPLE));
	for (size_t i = 1; i < SAMPLE; i++)
		assert_true(x[i - 1].seq < x[i].seq);
	assert_string_equal(x[0].person, "alice");
	assert_string_equal(x[0].service, "sshd");
	refusals_free(a);
	refusals_free(b);
	refusals_free(c);
}

/* The first ones of all seeds that are drawn for this. */
static void
a_smaller_sample_is_part_of_a_larger_one(void **state)
{
	struct refusals *a = many(7, MANY);
	struct refusal x[SAMPLE], y[3];
	size_t found = 0;

	(void)state;
	(void)refusals_sample(a, SAMPLE, x);
	assert_int_equal(refusals_sample(a, 3, y), 3);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < SAMPLE; k++)
			found += strcmp(y[i].ref, x[k].ref) == 0;
	assert_int_equal(found, 3);
	assert_int_equal(refusals_sample(a, 0, y), 0);
	refusals_free(a);
}

static void
a_sample_is_the_same_without_room(void **state)
{
	struct refusals *a = many(7, MANY), *b = many(7, 200);
	struct refusal x[SAMPLE], y[SAMPLE];
	uint64_t part;

	(void)state;
	assert_int_equal(refusals_part(a), 1);
	part = refusals_part(b);
	assert_true(part >= MANY / 200 && part <= 64);
	assert_int_equal(refusals_sample(a, SAMPLE, x), SAMPLE);
	assert_int_equal(refusals_sample(b, SAMPLE, y), SAMPLE);
	assert_true(is_same(x, y, SAMPLE));
	refusals_free(a);
	refusals_free(b);
}

/* Each is drawn about as often as any other. */
static void
samples_are_even(void **state)
{
	unsigned int drawn[20] = { 0 };
	struct refusal x[5];
	struct refusals *s;

	(void)state;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		s = refusals_new(seed, 20);
		for (unsigned int i = 0; i < 20; i++)
			add(s, i, OUTCOME_DENIED);
		assert_int_equal(refusals_sample(s, 5, x), 5);
		for (size_t i = 0; i < 5; i++)
			drawn[x[i].seq]++;
		refusals_free(s);
	}
	/* Of 500, within five times what chance would have it differ. */
	for (size_t i = 0; i < 20; i++)
		assert_in_range(drawn[i], 400, 600);
}

static void
reviews_are_the_last_word(void **state)
{
	struct refusals *s = refusals_new(1, 8);
	struct refusal x[8];

	(void)state;
	for (unsigned int i = 0; i < 5; i++)
		add(s, i, OUTCOME_WOULD);
	add(s, 1, OUTCOME_DENIED);
	add(s, 1, OUTCOME_WOULD);
	assert_int_equal(refusals_open(s, OUTCOME_DENIED), 1);
	assert_int_equal(refusals_open(s, OUTCOME_WOULD), 4);
	assert_true(refusals_review(s, "0001-0001",
	    DISPOSITION_FALSE_POSITIVE));
	assert_true(refusals_review(s, "0001-0001", DISPOSITION_EXPECTED));
	assert_false(refusals_review(s, "0009-0009", DISPOSITION_EXPECTED));
	assert_true(refusals_has(s, "0001-0001"));
	assert_false(refusals_has(s, "0009-0009"));
	assert_int_equal(refusals_open(s, OUTCOME_DENIED), 0);
	assert_int_equal(refusals_sample(s, 8, x), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_not_equal(x[i].ref, "0001-0001");
	assert_int_equal(disposition_by_name("expected"), DISPOSITION_EXPECTED);
	assert_int_equal(disposition_by_name(""), DISPOSITION_NONE);
	assert_int_equal(disposition_by_name("none"), DISPOSITION_NONE);
	refusals_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_has_one_sample),
		cmocka_unit_test(a_smaller_sample_is_part_of_a_larger_one),
		cmocka_unit_test(a_sample_is_the_same_without_room),
		cmocka_unit_test(samples_are_even),
		cmocka_unit_test(reviews_are_the_last_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
