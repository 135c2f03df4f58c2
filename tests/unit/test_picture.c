/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pictures: what is kept where there is no room for all, and what is not taken
 * from another process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/scanner/picture.h"

static struct sign
a_sign(const char *what, enum sign_owner owner, uint32_t uid,
    enum sign_grade grade, enum sign_confidence confidence)
{
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = ENTRY_RMM;
	sign.grade = grade;
	sign.confidence = confidence;
	sign.owner = owner;
	sign.uid = uid;
	(void)snprintf(sign.what, sizeof(sign.what), "%s", what);
	return sign;
}

static struct picture picture; /* too large for some stacks */

static struct picture *
an_empty_picture(void)
{
	memset(&picture, 0, sizeof(picture));
	return &picture;
}

static void
add(const char *what, enum sign_owner owner, uint32_t uid,
    enum sign_grade grade, enum sign_confidence confidence)
{
	struct sign sign = a_sign(what, owner, uid, grade, confidence);

	picture_add(&picture, &sign);
}

static void
expect_one(enum sign_grade grade, enum sign_confidence confidence)
{
	assert_int_equal(picture.nsigns, 1);
	assert_int_equal(picture.sign[0].grade, grade);
	assert_int_equal(picture.sign[0].confidence, confidence);
	assert_int_equal(picture.lost, 0);
}

static void
test_the_stronger_of_two_alike_stays(void **state)
{
	(void)state;
	(void)an_empty_picture();
	add("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("t", SIGN_OF_SEAT, 1000, SIGN_INSTALLED, SIGN_BY_IDENTITY);
	expect_one(SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("t", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_BEHAVIOUR);
	expect_one(SIGN_ACTIVE, SIGN_BY_BEHAVIOUR);
	add("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	expect_one(SIGN_ACTIVE, SIGN_BY_BEHAVIOUR);
	add("t", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	expect_one(SIGN_ACTIVE, SIGN_BY_IDENTITY);
}

/* Who runs a tool would start a namesake of it that does more. */
static void
test_a_mere_name_replaces_nothing(void **state)
{
	(void)state;
	(void)an_empty_picture();
	add("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("t", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_NAME);
	expect_one(SIGN_RUNNING, SIGN_BY_IDENTITY);
	(void)an_empty_picture();
	add("t", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_NAME);
	add("t", SIGN_OF_SEAT, 1000, SIGN_INSTALLED, SIGN_BY_BEHAVIOUR);
	expect_one(SIGN_INSTALLED, SIGN_BY_BEHAVIOUR);
}

static void
test_signs_that_differ_stand_beside_each_other(void **state)
{
	struct sign sign;

	(void)state;
	(void)an_empty_picture();
	add("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("u", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("t", SIGN_OF_USER, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("t", SIGN_OF_SEAT, 1001, SIGN_RUNNING, SIGN_BY_IDENTITY);
	sign = a_sign("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	sign.kind = ENTRY_VNC;
	picture_add(&picture, &sign);
	assert_int_equal(picture.nsigns, 5);
}

static void
test_no_user_has_more_than_their_room(void **state)
{
	char what[16];
	unsigned int i;

	(void)state;
	(void)an_empty_picture();
	for (i = 0; i < 1000; i++) {
		(void)snprintf(what, sizeof(what), "t%u", i);
		add(what, SIGN_OF_USER, 1001, SIGN_RUNNING, SIGN_BY_NAME);
	}
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	assert_int_equal(picture.lost, 1000 - PICTURE_SIGNS_OF_USER);
	/* A stronger one of theirs takes the place of a weaker one. */
	add("real", SIGN_OF_USER, 1001, SIGN_RUNNING, SIGN_BY_IDENTITY);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	assert_string_equal(picture.sign[0].what, "real");
	/* Others have theirs. */
	add("t0", SIGN_OF_USER, 1002, SIGN_RUNNING, SIGN_BY_NAME);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER + 1);
}

static void
fill_with_users(void)
{
	uint32_t uid, i;
	char what[16];

	for (uid = 2000; uid < 2000 + PICTURE_SIGNS_MAX; uid++) {
		for (i = 0; i < PICTURE_SIGNS_OF_USER; i++) {
			(void)snprintf(what, sizeof(what), "t%u", i);
			add(what, SIGN_OF_USER, uid, SIGN_ACTIVE,
			    SIGN_BY_IDENTITY);
		}
	}
}

static void
test_what_counts_for_everybody_finds_room(void **state)
{
	unsigned int i;
	char what[16];

	(void)state;
	(void)an_empty_picture();
	fill_with_users();
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_MAX);
	for (i = 0; i < PICTURE_SIGNS_MAX; i++) {
		(void)snprintf(what, sizeof(what), "m%u", i);
		add(what, i % 2 == 0 ? SIGN_OF_MACHINE : SIGN_OF_SEAT, 0,
		    SIGN_INSTALLED, SIGN_BY_IDENTITY);
	}
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_MAX);
	for (i = 0; i < PICTURE_SIGNS_MAX; i++)
		assert_int_not_equal(picture.sign[i].owner, SIGN_OF_USER);
	/* And then no user's displaces any of those. */
	add("user", SIGN_OF_USER, 9, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	for (i = 0; i < PICTURE_SIGNS_MAX; i++)
		assert_int_not_equal(picture.sign[i].owner, SIGN_OF_USER);
	assert_true(picture.lost > PICTURE_SIGNS_MAX);
}

static void
make_valid(void)
{
	(void)an_empty_picture();
	add("t", SIGN_OF_SEAT, 1000, SIGN_RUNNING, SIGN_BY_IDENTITY);
	add("u", SIGN_OF_USER, 1001, SIGN_PRESENT, SIGN_BY_NAME);
}

static bool
is_valid(void)
{
	return picture_is_valid(&picture, picture_size(&picture));
}

static void
test_numbers_out_of_their_range_are_refused(void **state)
{
	(void)state;
	make_valid();
	assert_true(is_valid());
	picture.sign[1].kind = ENTRY_KINDS;
	assert_false(is_valid());
	make_valid();
	picture.sign[1].kind = ENTRY_NONE;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].grade = SIGN_PRESENT + 1;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].grade = SIGN_GRADE_NONE;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].confidence = SIGN_BY_IDENTITY + 1;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].owner = SIGN_OWNER_NONE;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].owner = 0x80000000u;
	assert_false(is_valid());
	make_valid();
	picture.sign[0].steers = ENTRY_STEERS_SEAT + 1;
	assert_false(is_valid());
}

static void
test_texts_without_an_end_are_refused(void **state)
{
	(void)state;
	make_valid();
	memset(picture.sign[1].what, 'x', sizeof(picture.sign[1].what));
	assert_false(is_valid());
	make_valid();
	memset(picture.sign[1].seen, 'x', sizeof(picture.sign[1].seen));
	assert_false(is_valid());
	make_valid();
	memset(picture.sign[1].cgroup, 'x', sizeof(picture.sign[1].cgroup));
	assert_false(is_valid());
	make_valid();
	memset(picture.seat_scope, 'x', sizeof(picture.seat_scope));
	assert_false(is_valid());
}

static void
test_another_size_than_it_says_is_refused(void **state)
{
	size_t size;

	(void)state;
	make_valid();
	size = picture_size(&picture);
	assert_true(picture_is_valid(&picture, size));
	assert_false(picture_is_valid(&picture, size - 1));
	assert_false(picture_is_valid(&picture, size + 1));
	assert_false(picture_is_valid(&picture, 0));
	assert_false(picture_is_valid(&picture, sizeof(picture)));
	picture.nsigns = PICTURE_SIGNS_MAX + 1;
	assert_false(is_valid());
	picture.nsigns = 0xffffffffu;
	assert_false(is_valid());
	picture.nsigns = 0;
	assert_true(is_valid());
}

static void
test_texts_are_printable_and_cut(void **state)
{
	char buf[8];

	(void)state;
	sign_text(buf, sizeof(buf), "a\nb\033\xff");
	assert_string_equal(buf, "a?b??");
	sign_text(buf, sizeof(buf), "1234567890");
	assert_string_equal(buf, "1234567");
	sign_text(buf, sizeof(buf), "");
	assert_string_equal(buf, "");
	sign_text(buf, 1, "x");
	assert_string_equal(buf, "");
}

static void
test_each_word_has_its_own_name(void **state)
{
	(void)state;
	assert_string_equal(sign_grade_name(SIGN_INSTALLED), "installed");
	assert_string_equal(sign_grade_name(SIGN_RUNNING), "running");
	assert_string_equal(sign_grade_name(SIGN_ACTIVE), "active");
	assert_string_equal(sign_grade_name(SIGN_PRESENT), "present");
	assert_string_equal(sign_grade_name((enum sign_grade)99), "none");
	assert_string_equal(sign_confidence_name(SIGN_BY_NAME), "name");
	assert_string_equal(sign_confidence_name(SIGN_BY_BEHAVIOUR),
	    "behaviour");
	assert_string_equal(sign_confidence_name(SIGN_BY_COMPOSITION),
	    "composition");
	assert_string_equal(sign_confidence_name(SIGN_BY_IDENTITY), "identity");
	assert_string_equal(sign_confidence_name((enum sign_confidence)99),
	    "none");
	assert_string_equal(sign_owner_name(SIGN_OF_MACHINE), "machine");
	assert_string_equal(sign_owner_name(SIGN_OF_SEAT), "seat");
	assert_string_equal(sign_owner_name(SIGN_OF_USER), "user");
	assert_string_equal(sign_owner_name((enum sign_owner)99), "none");
}

static void
test_files_may_name_only_their_own_kinds(void **state)
{
	static const char *const no[] = { "", "none", "hidden", "keyboard",
		"pointer", "other-input", "monitor", "RMM", "rmm ", "vn" };
	enum entry_kind kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_int_equal(entry_kind_by_name(no[i]), ENTRY_NONE);
	for (kind = ENTRY_RMM; kind <= ENTRY_ORDINARY; kind++)
		if (kind != ENTRY_HIDDEN)
			assert_int_equal(
			    entry_kind_by_name(entry_kind_name(kind)), kind);
	assert_string_equal(entry_kind_name(ENTRY_KINDS), "none");
	assert_string_equal(entry_steers_name(ENTRY_STEERS_SEAT), "seat");
	assert_string_equal(entry_steers_name((enum entry_steers)9), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_stronger_of_two_alike_stays),
		cmocka_unit_test(test_a_mere_name_replaces_nothing),
		cmocka_unit_test(
		    test_signs_that_differ_stand_beside_each_other),
		cmocka_unit_test(test_no_user_has_more_than_their_room),
		cmocka_unit_test(test_what_counts_for_everybody_finds_room),
		cmocka_unit_test(test_numbers_out_of_their_range_are_refused),
		cmocka_unit_test(test_texts_without_an_end_are_refused),
		cmocka_unit_test(test_another_size_than_it_says_is_refused),
		cmocka_unit_test(test_texts_are_printable_and_cut),
		cmocka_unit_test(test_each_word_has_its_own_name),
		cmocka_unit_test(test_files_may_name_only_their_own_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
