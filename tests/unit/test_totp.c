/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One-time codes against RFC 6238, what is accepted beside them, and what an
 * application is given.
 */
#include "policyd/stepup/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "proto/result.h"

#define DIGITS "1234567890"

/* The seeds of the RFC's appendix B. */
static const char seed_bytes[] =
    DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS;

static struct totp_seed
a_seed(enum totp_algorithm algorithm, unsigned int digits)
{
	return (struct totp_seed){ .bytes = (const uint8_t *)seed_bytes,
		.len = totp_seed_len(algorithm),
		.algorithm = algorithm,
		.digits = digits };
}

/* 1 for the step before, 2 for the one of at_s, 3 for the next; 0 for none. */
static int
found(const struct totp_seed *seed, const void *code, size_t len, int64_t at_s)
{
	int64_t step;
	int r = totp_find_step(seed, code, len, at_s, &step);

	if (r == FG_ERR_NOT_FOUND) {
		assert_int_equal(step, -1);
		return 0;
	}
	assert_int_equal(r, 0);
	return (int)(step - totp_step(at_s)) + 2;
}

/* ---- the standard ------------------------------------------------------- */

static const struct {
	int64_t at_s;
	const char *code[TOTP_COUNT];
} vectors[] = {
	{ 59, { "", "94287082", "46119246", "90693936" } },
	{ 1111111109, { "", "07081804", "68084774", "25091201" } },
	{ 1111111111, { "", "14050471", "67062674", "99943326" } },
	{ 1234567890, { "", "89005924", "91819424", "93441116" } },
	{ 2000000000, { "", "69279037", "90698825", "38618901" } },
	{ INT64_C(20000000000), { "", "65353130", "77737706", "47863826" } },
};

static void
vectors_of_the_standard_are_found(void **state)
{
	enum totp_algorithm a;
	struct totp_seed seed;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		for (a = TOTP_SHA1; a < TOTP_COUNT; a++) {
			seed = a_seed(a, 8);
			assert_int_equal(found(&seed, vectors[i].code[a], 8,
					     vectors[i].at_s),
			    2);
			/* Of six digits they are the last ones. */
			seed = a_seed(a, 6);
			assert_int_equal(found(&seed, vectors[i].code[a] + 2, 6,
					     vectors[i].at_s),
			    2);
		}
}

static void
another_hash_makes_another_code(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA256, 8);

	(void)state;
	assert_int_equal(found(&seed, "94287082", 8, 59), 0);
	seed.len = 20;
	assert_int_equal(found(&seed, "46119246", 8, 59), 0);
}

/* ---- what is accepted --------------------------------------------------- */

static void
a_code_counts_from_one_step_before_to_one_behind(void **state)
{
	static const int want[] = { 0, 3, 2, 1, 0 };
	struct totp_seed seed = a_seed(TOTP_SHA1, 8);
	int64_t first = totp_step(1234567890) * TOTP_STEP_S;

	(void)state;
	for (int i = 0; i < 5; i++) {
		int64_t at_s = first + (i - 2) * TOTP_STEP_S;

		assert_int_equal(found(&seed, "89005924", 8, at_s), want[i]);
		assert_int_equal(found(&seed, "89005924", 8,
				     at_s + TOTP_STEP_S - 1),
		    want[i]);
	}
}

static void
leading_zeros_are_digits(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA1, 8);

	(void)state;
	assert_int_equal(found(&seed, "07081804", 8, 1111111109), 2);
	assert_int_equal(found(&seed, "7081804", 7, 1111111109), 0);
	assert_int_equal(found(&seed, " 7081804", 8, 1111111109), 0);
	assert_int_equal(found(&seed, "7081804", 8, 1111111109), 0);
}

/* Each that a lenient parser would take for the code. */
static void
only_as_many_ascii_digits_are_a_code(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} odd[] = { { "", 0 }, { "005924", 6 }, { "9005924", 7 },
		{ "890059240", 9 }, { "89005924 ", 9 }, { " 89005924", 9 },
		{ "8900 5924", 9 }, { "89005924\n", 9 }, { "89005924\0", 9 },
		{ "+9005924", 8 }, { "8900592\0", 8 }, { "--------", 8 },
		{ "\0\0\0\0\0\0\0\0", 8 }, { "8900592\xb4", 8 },
		/* the same in digits of Arabic, and in those of full width */
		{ "\xd9\xa8\xd9\xa9\xd9\xa0\xd9\xa0", 8 },
		{ "\xef\xbc\x98\xef\xbc\x99", 6 } };
	struct totp_seed seed = a_seed(TOTP_SHA1, 8);

	(void)state;
	assert_int_equal(found(&seed, "89005924", 8, 1234567890), 2);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_int_equal(found(&seed, odd[i].text, odd[i].len,
				     1234567890),
		    0);
	seed.digits = 6;
	assert_int_equal(found(&seed, "89005924", 8, 1234567890), 0);
	assert_int_equal(found(&seed, "005924", 6, 1234567890), 2);
}

static void
each_digit_counts(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA512, 8);
	char code[9] = "93441116";

	(void)state;
	for (int i = 0; i < 8; i++) {
		code[i] = (char)(code[i] == '9' ? '0' : code[i] + 1);
		assert_int_equal(found(&seed, code, 8, 1234567890), 0);
		code[i] = (char)(code[i] == '0' ? '9' : code[i] - 1);
	}
	assert_int_equal(found(&seed, code, 8, 1234567890), 2);
}

static void
the_first_steps_have_none_before_them(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA1, 8);

	(void)state;
	assert_int_equal(found(&seed, "94287082", 8, 0), 3); /* of step 1 */
	assert_int_equal(found(&seed, "94287082", 8, -1), 0);
	assert_int_equal(found(&seed, "94287082", 8, INT64_MIN), 0);
}

static void
what_is_no_seed_is_an_error(void **state)
{
	struct totp_seed seed;
	int64_t step;

	(void)state;
	seed = a_seed(TOTP_SHA1, 7);
	assert_int_equal(totp_find_step(&seed, "1234567", 7, 59, &step),
	    FG_ERR_FORMAT);
	seed = a_seed(TOTP_NONE, 6);
	assert_int_equal(totp_find_step(&seed, "123456", 6, 59, &step),
	    FG_ERR_FORMAT);
	seed = a_seed(TOTP_SHA1, 6);
	seed.len = 0;
	assert_int_equal(totp_find_step(&seed, "123456", 6, 59, &step),
	    FG_ERR_FORMAT);
	seed.len = TOTP_SEED_MAX + 1;
	assert_int_equal(totp_find_step(&seed, "123456", 6, 59, &step),
	    FG_ERR_FORMAT);
	assert_int_equal(step, -1);
}

static void
names_of_hashes_are_read_back(void **state)
{
	enum totp_algorithm a;

	(void)state;
	for (a = TOTP_SHA1; a < TOTP_COUNT; a++)
		assert_int_equal(totp_algorithm_by_name(totp_algorithm_name(a)),
		    a);
	assert_int_equal(totp_algorithm_by_name("none"), TOTP_NONE);
	assert_int_equal(totp_algorithm_by_name("SHA1"), TOTP_NONE);
	assert_int_equal(totp_algorithm_by_name("md5"), TOTP_NONE);
}

/* ---- what an application is given --------------------------------------- */

/* RFC 4648, section 10, without the padding. */
static void
base32_agrees_with_the_standard(void **state)
{
	static const char *const want[] = { "", "MY", "MZXQ", "MZXW6",
		"MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI" };
	const uint8_t *foobar = (const uint8_t *)"foobar";
	char text[TOTP_BASE32_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(totp_base32(foobar, i, text), 0);
		assert_string_equal(text, want[i]);
	}
	assert_int_equal(totp_base32((const uint8_t *)seed_bytes, TOTP_SEED_MAX,
			     text),
	    0);
	assert_int_equal(strlen(text), TOTP_BASE32_SIZE - 1);
	assert_int_equal(totp_base32((const uint8_t *)seed_bytes,
			     TOTP_SEED_MAX + 1, text),
	    FG_ERR_LIMIT);
}

static void
the_uri_has_what_applications_need(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA256, 8);
	char uri[TOTP_URI_SIZE];

	(void)state;
	seed.len = 10;
	assert_int_equal(totp_uri(&seed, "jump-1", "alice", uri), 0);
	assert_string_equal(uri,
	    "otpauth://totp/Farmgate%20jump-1:alice"
	    "?secret=GEZDGNBVGY3TQOJQ&issuer=Farmgate%20jump-1"
	    "&algorithm=SHA256&digits=8&period=30");
}

/* A name cannot add or change a parameter. */
static void
names_are_escaped_in_the_uri(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA1, 6);
	char uri[TOTP_URI_SIZE];

	(void)state;
	assert_int_equal(totp_uri(&seed, "h:1", "a b&secret=A?#%/:@\n\xc3\xb8",
			     uri),
	    0);
	assert_ptr_equal(strstr(uri,
			     "otpauth://totp/Farmgate%20h%3A1:a%20b%26secret%3D"
			     "A%3F%23%25%2F%3A%40%0A%C3%B8?secret=GEZDG"),
	    uri);
}

static void
a_uri_that_does_not_fit_is_none(void **state)
{
	struct totp_seed seed = a_seed(TOTP_SHA512, 8);
	char uri[TOTP_URI_SIZE], name[1000];

	(void)state;
	memset(name, '\xff', sizeof(name));
	name[256] = '\0'; /* as long as a user may be, ... */
	assert_int_equal(totp_uri(&seed, "h", name, uri), 0);
	name[256] = '\xff';
	name[999] = '\0'; /* ... and more */
	assert_int_equal(totp_uri(&seed, "h", name, uri), FG_ERR_LIMIT);
	for (size_t i = 0; i < sizeof(uri); i++)
		assert_int_equal(uri[i], 0);
}

static void
what_could_be_a_code_has_six_or_eight_digits(void **state)
{
	static const char *const codes[] = { "000000", "123456", "12345678" };
	static const char *const none[] = { "", "alice", "12345", "1234567",
		"123456789", "12345a", "a23456", " 12345", "-12345" };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_true(totp_has_form(codes[i], strlen(codes[i])));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(totp_has_form(none[i], strlen(none[i])));
}

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_of_the_standard_are_found),
		cmocka_unit_test(another_hash_makes_another_code),
		cmocka_unit_test(
		    a_code_counts_from_one_step_before_to_one_behind),
		cmocka_unit_test(leading_zeros_are_digits),
		cmocka_unit_test(only_as_many_ascii_digits_are_a_code),
		cmocka_unit_test(what_could_be_a_code_has_six_or_eight_digits),
		cmocka_unit_test(each_digit_counts),
		cmocka_unit_test(the_first_steps_have_none_before_them),
		cmocka_unit_test(what_is_no_seed_is_an_error),
		cmocka_unit_test(names_of_hashes_are_read_back),
		cmocka_unit_test(base32_agrees_with_the_standard),
		cmocka_unit_test(the_uri_has_what_applications_need),
		cmocka_unit_test(names_are_escaped_in_the_uri),
		cmocka_unit_test(a_uri_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests_name("one-time codes", tests, setup,
	    NULL);
}
