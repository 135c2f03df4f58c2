/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 against published vectors; the form and the spread of references.
 */
#include "policyd/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

/* FIPS 180-2, appendix B. */
static void
test_hash_agrees_with_the_standard(void **state)
{
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	crypto_sha256_hex("abc", 3, hex);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	crypto_sha256_hex(
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	    hex);
	assert_string_equal(hex,
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1");
	crypto_sha256_hex("", 0, hex);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}

static void
test_reference_can_be_read_over_a_phone(void **state)
{
	char ref[CRYPTO_REF_SIZE];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		crypto_reference(ref);
		assert_int_equal(strlen(ref), CRYPTO_REF_SIZE - 1);
		assert_int_equal(ref[4], '-');
		assert_int_equal(strspn(ref,
				     "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"),
		    9);
		assert_ptr_equal(strchr(ref, '-'), strrchr(ref, '-'));
	}
}

/* Each of the 8 places has to vary, and no reference may come twice. */
static void
test_references_differ_in_every_place(void **state)
{
	char ref[64][CRYPTO_REF_SIZE];

	(void)state;
	for (int i = 0; i < 64; i++)
		crypto_reference(ref[i]);
	for (size_t at = 0; at < 9; at++) {
		int differ = 0;

		for (int i = 1; i < 64; i++)
			differ += ref[i][at] != ref[0][at];
		assert_int_equal(differ > 0, at != 4);
	}
	for (int i = 0; i < 64; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(ref[i], ref[j]);
}

static void
test_random_bytes_fill_the_buffer_and_no_more(void **state)
{
	unsigned char buf[66], sum[64] = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		memset(buf, 0, sizeof(buf));
		crypto_random(buf + 1, 64);
		assert_int_equal(buf[0] | buf[65], 0);
		for (size_t j = 0; j < 64; j++)
			sum[j] |= buf[j + 1];
	}
	for (size_t j = 0; j < 64; j++)
		assert_int_equal(sum[j], 0xff);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_agrees_with_the_standard),
		cmocka_unit_test(test_reference_can_be_read_over_a_phone),
		cmocka_unit_test(test_references_differ_in_every_place),
		cmocka_unit_test(test_random_bytes_fill_the_buffer_and_no_more),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
