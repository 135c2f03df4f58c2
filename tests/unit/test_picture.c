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
test_an_address_may_be_the_machines_own(void **state)
{
	static const uint8_t one[16] = { [15] = 1 }, two[16] = { [15] = 2 };

	(void)state;
	(void)an_empty_picture();
	assert_true(picture_may_own(&picture, one)); /* none is known */
	picture.naddresses = 1;
	memcpy(picture.address[0], one, sizeof(one));
	assert_true(picture_may_own(&picture, one));
	assert_false(picture_may_own(&picture, two));
	picture.naddresses = PICTURE_ADDRESSES_MAX + 1;
	assert_false(picture_is_valid(&picture, picture_size(&picture)));
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
expect_sessions(size_t n)
{
	assert_int_equal(picture.nsigns, n);
	assert_int_equal(picture.lost, 0);
}

/* One in another session, met first, would untie the one that matters. */
static void
test_each_session_that_is_steered_has_its_sign(void **state)
{
	struct sign s =
	    a_sign("t", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_IDENTITY);

	(void)state;
	(void)an_empty_picture();
	s.steers = ENTRY_STEERS_OWN;
	s.audit_session = 1;
	picture_add(&picture, &s);
	picture_add(&picture, &s);
	expect_sessions(1);
	s.audit_session = 2;
	picture_add(&picture, &s);
	expect_sessions(2);
	(void)strcpy(s.cgroup, "/user.slice/user-1000.slice/session-3.scope");
	picture_add(&picture, &s);
	picture_add(&picture, &s);
	expect_sessions(3);
	/* One that is not in use is no other, nor one that steers nothing. */
	s.grade = SIGN_RUNNING;
	s.audit_session = 4;
	picture_add(&picture, &s);
	expect_sessions(3);
	(void)an_empty_picture();
	s.grade = SIGN_ACTIVE;
	s.steers = ENTRY_STEERS_NONE;
	picture_add(&picture, &s);
	s.audit_session = 5;
	picture_add(&picture, &s);
	expect_sessions(1);
}

static void
add_many(size_t n, enum sign_owner owner, uint32_t uid, enum sign_grade grade)
{
	char what[32];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(what, sizeof(what), "t%zu", i);
		add(what, owner, uid, grade, SIGN_BY_IDENTITY);
	}
}

static size_t
count(enum sign_owner owner, uint32_t uid)
{
	size_t i, n = 0;

	for (i = 0; i < picture.nsigns; i++)
		n += picture.sign[i].owner == owner &&
		    picture.sign[i].uid == uid;
	return n;
}

static void
fill_with_others(void)
{
	uint32_t uid;

	for (uid = 3000; uid < 3100; uid++)
		add_many(PICTURE_SIGNS_OF_USER, SIGN_OF_USER, uid, SIGN_ACTIVE);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_MAX);
}

static bool
has(const char *what)
{
	size_t i;

	for (i = 0; i < picture.nsigns; i++)
		if (strcmp(picture.sign[i].what, what) == 0)
			return true;
	return false;
}

static void
test_no_user_has_more_than_their_room(void **state)
{
	(void)state;
	(void)an_empty_picture();
	add_many(1000, SIGN_OF_USER, 1001, SIGN_RUNNING);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	/* A stronger one of theirs takes the place of a weaker one. */
	add("real", SIGN_OF_USER, 1001, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	assert_true(has("real"));
	/* Others have theirs. */
	add("t0", SIGN_OF_USER, 1002, SIGN_RUNNING, SIGN_BY_NAME);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER + 1);
	/* Of a user's only that user is told. */
	assert_int_equal(picture.lost, 0);
	assert_int_equal(picture.nlost_uids, 1);
	assert_int_equal(picture.lost_uid[0], 1001);
}

static struct sign
find_kind(enum entry_kind kind)
{
	size_t i;

	for (i = 0; i < picture.nsigns; i++)
		if (picture.sign[i].kind == kind)
			return picture.sign[i];
	return a_sign("", SIGN_OWNER_NONE, 0, SIGN_GRADE_NONE, SIGN_BY_NAME);
}

/* Many of one kind, however strong, and whenever they are met. */
static void
test_decoys_hide_no_other_kind(void **state)
{
	struct sign s =
	    a_sign("real", SIGN_OF_USER, 1001, SIGN_RUNNING, SIGN_BY_BEHAVIOUR);

	(void)state;
	s.kind = ENTRY_HIDDEN;
	(void)an_empty_picture();
	add_many(1000, SIGN_OF_USER, 1001, SIGN_ACTIVE);
	picture_add(&picture, &s);
	assert_int_equal(find_kind(ENTRY_HIDDEN).grade, SIGN_RUNNING);
	(void)an_empty_picture();
	picture_add(&picture, &s);
	add_many(1000, SIGN_OF_USER, 1001, SIGN_ACTIVE);
	assert_int_equal(find_kind(ENTRY_HIDDEN).grade, SIGN_RUNNING);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	/* Nor where others have it full. */
	fill_with_others();
	assert_int_equal(find_kind(ENTRY_HIDDEN).grade, SIGN_RUNNING);
	/* A name takes no place of what is known. */
	s.kind = ENTRY_VNC;
	s.grade = SIGN_ACTIVE;
	s.confidence = SIGN_BY_NAME;
	picture_add(&picture, &s);
	assert_int_equal(find_kind(ENTRY_VNC).owner, SIGN_OWNER_NONE);
}

static bool
has_session(uint32_t audit_session)
{
	size_t i;

	for (i = 0; i < picture.nsigns; i++)
		if (picture.sign[i].audit_session == audit_session)
			return true;
	return false;
}

/* Those in one session, under whatever names and cgroups of their own. */
static void
test_decoys_hide_no_session_that_is_steered(void **state)
{
	struct sign s =
	    a_sign("t", SIGN_OF_USER, 1001, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	size_t i;

	(void)state;
	(void)an_empty_picture();
	s.steers = ENTRY_STEERS_OWN;
	s.audit_session = 1;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(s.cgroup, sizeof(s.cgroup),
		    "/user.slice/user@1001.service/session-%zu.scope", i);
		picture_add(&picture, &s);
	}
	assert_int_equal(picture.nsigns, 1);
	for (i = 0; i < 1000; i++) {
		(void)snprintf(s.what, sizeof(s.what), "t%zu", i);
		picture_add(&picture, &s);
	}
	s.audit_session = 2;
	s.confidence = SIGN_BY_BEHAVIOUR;
	(void)snprintf(s.cgroup, sizeof(s.cgroup),
	    "/user.slice/user-1001.slice/session-2.scope");
	picture_add(&picture, &s);
	assert_true(has_session(1));
	assert_true(has_session(2));
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_USER);
	assert_int_equal(picture.lost_uid[0], 1001);
}

static void
test_the_seat_has_no_more_than_its_room(void **state)
{
	(void)state;
	(void)an_empty_picture();
	add_many(1000, SIGN_OF_SEAT, 1000, SIGN_ACTIVE);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_OF_SEAT);
	assert_int_equal(picture.lost, 1000 - PICTURE_SIGNS_OF_SEAT);
	assert_int_equal(picture.nlost_uids, 0);
}

static void
fill_with_users(void)
{
	uint32_t uid;

	for (uid = 2000; uid < 2004; uid++)
		add_many(PICTURE_SIGNS_OF_USER, SIGN_OF_USER, uid, SIGN_ACTIVE);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_MAX);
	assert_int_equal(picture.nlost_uids, 0);
}

static void
test_several_users_push_out_no_other_s(void **state)
{
	(void)state;
	(void)an_empty_picture();
	fill_with_users();
	add("weak", SIGN_OF_USER, 1000, SIGN_INSTALLED, SIGN_BY_NAME);
	add("real", SIGN_OF_USER, 1001, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	assert_true(has("weak"));
	assert_true(has("real"));
	/* What they add then is at the cost of their own. */
	add_many(1000, SIGN_OF_USER, 2000, SIGN_ACTIVE);
	add_many(1000, SIGN_OF_USER, 2009, SIGN_ACTIVE);
	assert_true(has("weak"));
	assert_true(has("real"));
	assert_int_equal(picture.lost, 0);
	assert_true(picture.nlost_uids > 0);
	assert_int_not_equal(picture.lost_uid[0], 1000);
}

static void
test_the_uids_that_are_told_have_their_room_too(void **state)
{
	uint32_t uid;

	(void)state;
	(void)an_empty_picture();
	for (uid = 2000; uid < 3000; uid++)
		add_many(2 * PICTURE_SIGNS_OF_USER, SIGN_OF_USER, uid,
		    SIGN_ACTIVE);
	assert_int_equal(picture.nsigns, PICTURE_SIGNS_MAX);
	assert_int_equal(picture.nlost_uids, PICTURE_LOST_UIDS);
	assert_int_equal(picture.lost, 0);
}

static void
test_what_counts_for_everybody_finds_room(void **state)
{
	(void)state;
	(void)an_empty_picture();
	fill_with_users();
	add_many(PICTURE_SIGNS_OF_SEAT, SIGN_OF_SEAT, 1000, SIGN_INSTALLED);
	assert_int_equal(count(SIGN_OF_SEAT, 1000), PICTURE_SIGNS_OF_SEAT);
	assert_int_equal(picture.lost, 0);
	add_many(PICTURE_SIGNS_MAX, SIGN_OF_MACHINE, 0, SIGN_INSTALLED);
	assert_int_equal(count(SIGN_OF_MACHINE, 0), PICTURE_SIGNS_MAX);
	assert_int_equal(picture.lost, PICTURE_SIGNS_OF_SEAT);
	/* And then nobody else's displaces any of those, however strong. */
	add("user", SIGN_OF_USER, 9, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	add("seat", SIGN_OF_SEAT, 1000, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	assert_int_equal(count(SIGN_OF_MACHINE, 0), PICTURE_SIGNS_MAX);
	assert_int_equal(picture.lost, PICTURE_SIGNS_OF_SEAT + 1);
	/* The machine's own does. */
	add("machine", SIGN_OF_MACHINE, 0, SIGN_ACTIVE, SIGN_BY_IDENTITY);
	assert_true(has("machine"));
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

/* What was seen of others is made so that it is taken. */
static void
test_what_is_added_is_taken(void **state)
{
	struct sign s =
	    a_sign("a\nb", SIGN_OF_USER, 1001, SIGN_RUNNING, SIGN_BY_NAME);

	(void)state;
	(void)an_empty_picture();
	s.since_s = INT64_MAX;
	(void)strcpy(s.seen, "\033[2J");
	(void)strcpy(s.cgroup, "/\xff");
	picture_add(&picture, &s);
	assert_true(is_valid());
	assert_true(picture.sign[0].since_s == 0);
	assert_string_equal(picture.sign[0].what, "a?b");
	assert_string_equal(picture.sign[0].seen, "?[2J");
	assert_string_equal(picture.sign[0].cgroup, "/?");
	picture.sign[0].since_s = INT64_C(253402300800);
	assert_false(is_valid());
	picture.sign[0].since_s = -1;
	assert_false(is_valid());
	picture.sign[0].since_s = INT64_C(253402300799);
	assert_true(is_valid());
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
	picture.nlost_uids = PICTURE_LOST_UIDS + 1;
	assert_false(is_valid());
	picture.nlost_uids = 0;
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
		cmocka_unit_test(test_an_address_may_be_the_machines_own),
		cmocka_unit_test(
		    test_signs_that_differ_stand_beside_each_other),
		cmocka_unit_test(
		    test_each_session_that_is_steered_has_its_sign),
		cmocka_unit_test(test_no_user_has_more_than_their_room),
		cmocka_unit_test(test_decoys_hide_no_other_kind),
		cmocka_unit_test(test_decoys_hide_no_session_that_is_steered),
		cmocka_unit_test(test_the_seat_has_no_more_than_its_room),
		cmocka_unit_test(test_several_users_push_out_no_other_s),
		cmocka_unit_test(
		    test_the_uids_that_are_told_have_their_room_too),
		cmocka_unit_test(test_what_counts_for_everybody_finds_room),
		cmocka_unit_test(test_numbers_out_of_their_range_are_refused),
		cmocka_unit_test(test_what_is_added_is_taken),
		cmocka_unit_test(test_texts_without_an_end_are_refused),
		cmocka_unit_test(test_another_size_than_it_says_is_refused),
		cmocka_unit_test(test_texts_are_printable_and_cut),
		cmocka_unit_test(test_each_word_has_its_own_name),
		cmocka_unit_test(test_files_may_name_only_their_own_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
