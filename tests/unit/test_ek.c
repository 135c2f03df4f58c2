/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The digest of an endorsement key: the same of the key itself and of its
 * certificate, and the one that OpenSSL gives.
 */
#include "policyd/device/ek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "proto/result.h"
#include "tests/unit/ek_fixture.h"

#define SIZE sizeof(ek_fixture)

static uint8_t der[EK_CERTIFICATE_MAX + 1];

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

static int
renew(void **state)
{
	(void)state;
	memset(der, 0, sizeof(der));
	memcpy(der, ek_fixture, SIZE);
	return 0;
}

static void
refuse(size_t len)
{
	char hex[CRYPTO_HEX_SIZE] = "x";

	assert_int_equal(ek_digest_certificate(der, len, hex), FG_ERR_FORMAT);
	assert_string_equal(hex, "");
}

static void
accept(size_t len)
{
	char hex[CRYPTO_HEX_SIZE];

	assert_int_equal(ek_digest_certificate(der, len, hex), 0);
	assert_string_equal(hex, EK_FIXTURE_DIGEST);
}

/* Where these bytes are for the last time: the key is behind the names. */
static uint8_t *
find(const void *bytes, size_t len)
{
	uint8_t *found = NULL;

	for (size_t at = 0; at + len <= SIZE; at++)
		if (memcmp(der + at, bytes, len) == 0)
			found = der + at;
	assert_non_null(found);
	return found;
}

/* Of the key: { OID rsaEncryption, NULL }, the head of the bits, the key's. */
static uint8_t *
find_key(void)
{
	static const uint8_t head[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
		0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82,
		0x01, 0x01, 0x00 };

	return find(head, sizeof(head));
}

/* ---- a key -------------------------------------------------------------- */

static void
a_keys_digest_is_that_of_its_rsapublickey(void **state)
{
	static const struct {
		uint32_t exponent;
		const char *hex;
	} keys[] = {
		{ 3,
		    "b5c2bced2a78696c25fdb16e7199eaa2"
		    "d8ae5239d8c85bdeb4bacce39acf01b6" },
		{ 65537,
		    "2db1c5f32f8ce9cfba43cf04b547b612"
		    "df7a39dbd48ac3b20ba01268029aa49b" },
		{ 0x80000001,
		    "f4a1258573fc5254d6f61fb736bcdb18"
		    "e0b98ae134e94a66b292d088779d72fa" },
	};
	uint8_t modulus[EK_MODULUS_SIZE];
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	memset(modulus, 0xc5, sizeof(modulus));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_int_equal(ek_digest(modulus, keys[i].exponent, hex), 0);
		assert_string_equal(hex, keys[i].hex);
	}
}

static void
what_is_no_key_of_2048_bits_has_no_digest(void **state)
{
	static const uint32_t exponents[] = { 0, 1, 2, 65536 };
	uint8_t modulus[EK_MODULUS_SIZE];
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	memset(modulus, 0xc5, sizeof(modulus));
	for (size_t i = 0; i < sizeof(exponents) / sizeof(exponents[0]); i++) {
		strcpy(hex, "x");
		assert_int_equal(ek_digest(modulus, exponents[i], hex),
		    FG_ERR_FORMAT);
		assert_string_equal(hex, "");
	}
	modulus[0] = 0x7f;
	assert_int_equal(ek_digest(modulus, 65537, hex), FG_ERR_FORMAT);
	assert_string_equal(hex, "");
}

/* ---- a certificate ------------------------------------------------------ */

static void
a_certificate_has_its_keys_digest(void **state)
{
	(void)state;
	accept(SIZE);
}

/* An index of a TPM is often longer than what is in it. */
static void
what_stands_behind_a_certificate_does_not_count(void **state)
{
	(void)state;
	accept(SIZE + 1);
	memset(der + SIZE, 0xff, sizeof(der) - SIZE);
	accept(EK_CERTIFICATE_MAX);
}

static void
a_certificate_that_is_cut_is_none(void **state)
{
	(void)state;
	for (size_t len = 0; len < SIZE; len++)
		refuse(len);
}

static void
a_certificate_that_is_too_long_is_none(void **state)
{
	(void)state;
	refuse(EK_CERTIFICATE_MAX + 1);
}

static void
a_key_for_oaep_is_a_key_as_well(void **state)
{
	(void)state;
	find_key()[12] = 0x07;
	accept(SIZE);
}

static void
a_key_of_another_algorithm_is_none(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		if (i == 1 || i == 7)
			continue;
		find_key()[12] = (uint8_t)i;
		refuse(SIZE);
		(void)renew(NULL);
	}
}

static void
a_key_with_bits_that_do_not_count_is_none(void **state)
{
	(void)state;
	find_key()[19] = 1;
	refuse(SIZE);
}

static void
a_modulus_of_another_sign_or_size_is_none(void **state)
{
	(void)state;
	find_key()[28] = 0x80;
	refuse(SIZE);
	(void)renew(NULL);
	find_key()[29] &= 0x7f;
	refuse(SIZE);
	(void)renew(NULL);
	find_key()[27] = 0x00;
	refuse(SIZE);
}

/* In each place where DER has one; behind the key it is not looked at. */
static void
no_length_leads_out_of_a_certificate(void **state)
{
	uint8_t *key = find_key();
	size_t at[] = { 1, 2, 5, 6 };
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		for (unsigned int v = 0x83; v < 256; v++) {
			der[at[i]] = (uint8_t)v;
			refuse(SIZE);
			(void)renew(NULL);
		}
	for (size_t i = 0; i < (size_t)(key - der) + 29; i++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			der[i] ^= (uint8_t)(1u << bit);
			if (ek_digest_certificate(der, SIZE, hex) != 0)
				assert_string_equal(hex, "");
			else
				assert_string_equal(hex, EK_FIXTURE_DIGEST);
			(void)renew(NULL);
		}
}

#define TEST(f) cmocka_unit_test_setup(f, renew)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_keys_digest_is_that_of_its_rsapublickey),
		TEST(what_is_no_key_of_2048_bits_has_no_digest),
		TEST(a_certificate_has_its_keys_digest),
		TEST(what_stands_behind_a_certificate_does_not_count),
		TEST(a_certificate_that_is_cut_is_none),
		TEST(a_certificate_that_is_too_long_is_none),
		TEST(a_key_for_oaep_is_a_key_as_well),
		TEST(a_key_of_another_algorithm_is_none),
		TEST(a_key_with_bits_that_do_not_count_is_none),
		TEST(a_modulus_of_another_sign_or_size_is_none),
		TEST(no_length_leads_out_of_a_certificate),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
