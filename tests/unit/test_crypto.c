/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256, Ed25519 and X25519 against published vectors; the form and the
 * spread of references.
 */
#include "policyd/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

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

/* RFC 8032, section 7.1, test 2. */
static const char secret_hex[] = "4ccd089b28ff96da9db6c346ec114e0f"
				 "5b8a319f35aba624da8cf6ed4fb8a6fb";
static const char public_hex[] = "3d4017c3e843895a92b70aa74d1b7ebc"
				 "9c982ccf2ec4968cc0cd55f12af4660c";
static const char signature_hex[] = "92a009a9f0d4cab8720e820b5f642540"
				    "a2b27b5416503f8fb3762223ebdb69da"
				    "085ac1e43e15996e458f3613d0f11d8c"
				    "387b2eaeb4302aeeb00d291612bb0c00";

static void
from_hex(const char *hex, uint8_t *ret)
{
	unsigned int byte;

	for (; *hex != '\0'; hex += 2, ret++) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		*ret = (uint8_t)byte;
	}
}

static void
test_signatures_agree_with_the_standard(void **state)
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	uint8_t key[CRYPTO_KEY_SIZE], made[CRYPTO_SIGNATURE_SIZE];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];

	(void)state;
	from_hex(secret_hex, secret);
	from_hex(public_hex, public);
	from_hex(signature_hex, signature);
	crypto_public_key(secret, key);
	assert_memory_equal(key, public, sizeof(key));
	crypto_make_signature("r", 1, secret, made);
	assert_memory_equal(made, signature, sizeof(made));
	assert_true(crypto_check_signature("r", 1, public, signature));
}

/* One bit of anything, or a byte more or less. */
static void
test_a_signature_is_of_these_bytes_by_this_key(void **state)
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char data[] = "of these bytes";
	size_t i;

	(void)state;
	crypto_random(secret, sizeof(secret));
	crypto_public_key(secret, public);
	crypto_make_signature(data, sizeof(data), secret, signature);
	assert_true(crypto_check_signature(data, sizeof(data), public,
	    signature));
	assert_false(crypto_check_signature(data, sizeof(data) - 1, public,
	    signature));
	for (i = 0; i < 8 * sizeof(data); i++) {
		data[i / 8] ^= (char)(1 << i % 8);
		assert_false(crypto_check_signature(data, sizeof(data), public,
		    signature));
		data[i / 8] ^= (char)(1 << i % 8);
	}
	for (i = 0; i < 8 * sizeof(signature); i++) {
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(crypto_check_signature(data, sizeof(data), public,
		    signature));
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (i = 0; i < 8 * sizeof(public); i++) {
		public[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(crypto_check_signature(data, sizeof(data), public,
		    signature));
		public[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

static void
test_base_64_is_read_as_it_is_written(void **state)
{
	uint8_t bytes[48], back[48];
	char text[65];
	size_t len, n;

	(void)state;
	for (len = 0; len <= sizeof(bytes); len++) {
		crypto_random(bytes, len);
		crypto_base64_encode(bytes, len, text, sizeof(text));
		assert_int_equal(strlen(text), (len + 2) / 3 * 4);
		assert_int_equal(crypto_base64_decode(text, strlen(text), back,
				     sizeof(back), &n),
		    0);
		assert_int_equal(n, len);
		assert_memory_equal(back, bytes, len);
	}
}

/* Neither alphabet's own digits, nor padding, are taken by the other. */
static void
test_base_64_for_names_is_read_as_it_is_written(void **state)
{
	uint8_t bytes[48], back[48];
	char text[65];
	size_t len, n;

	(void)state;
	for (len = 0; len <= sizeof(bytes); len++) {
		crypto_random(bytes, len);
		crypto_base64url_encode(bytes, len, text, sizeof(text));
		assert_int_equal(strlen(text), (8 * len + 5) / 6);
		assert_int_equal(crypto_base64url_decode(text, strlen(text),
				     back, sizeof(back), &n),
		    0);
		assert_int_equal(n, len);
		assert_memory_equal(back, bytes, len);
	}
	crypto_base64url_encode("\xfb\xff", 2, text, sizeof(text));
	assert_string_equal(text, "-_8");
	assert_int_equal(crypto_base64_decode("-_8=", 4, back, 2, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(crypto_base64url_decode("+/8", 3, back, 2, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(crypto_base64url_decode("-_8=", 4, back, 2, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(crypto_base64url_decode("-_9", 3, back, 2, &n),
	    FG_ERR_FORMAT); /* a bit that is nobody's */
}

/* In each place each byte: what is taken is what would be written. */
static void
test_there_is_one_text_in_base_64(void **state)
{
	static const char *const texts[] = { "+/+/", "AAA=" };
	char text[5], again[5];
	uint8_t back[3];
	size_t n;

	(void)state;
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < 4; i++)
			for (int c = 0; c < 256; c++) {
				memcpy(text, texts[t], sizeof(text));
				text[i] = (char)c;
				if (crypto_base64_decode(text, 4, back,
					sizeof(back), &n) != 0) {
					assert_int_equal(n, 0);
					continue;
				}
				crypto_base64_encode(back, n, again,
				    sizeof(again));
				assert_string_equal(again, text);
			}
}

static void
test_wiping_leaves_zeros(void **state)
{
	char buf[3] = "ab";

	(void)state;
	crypto_wipe(buf, 2);
	assert_memory_equal(buf, "\0\0", 3);
}

static void
test_what_was_sealed_opens_whole_with_its_key_alone(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE], sealed[3 + CRYPTO_SEAL_EXTRA], back[3];

	(void)state;
	crypto_random(key, sizeof(key));
	crypto_seal("abc", 3, key, sealed);
	assert_int_equal(crypto_unseal(sealed, sizeof(sealed), key, back), 0);
	assert_memory_equal(back, "abc", 3);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		assert_int_equal(crypto_unseal(sealed, sizeof(sealed), key,
				     back),
		    FG_ERR_FORMAT);
		assert_memory_equal(back, "\0\0", 3);
		sealed[i] ^= 1;
	}
	assert_int_equal(crypto_unseal(sealed, CRYPTO_SEAL_EXTRA - 1, key,
			     back),
	    FG_ERR_FORMAT);
	key[31] ^= 128;
	assert_int_equal(crypto_unseal(sealed, sizeof(sealed), key, back),
	    FG_ERR_FORMAT);
}

/* RFC 7748, section 6.1. */
static void
test_exchange_keys_agree_with_the_standard(void **state)
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	uint8_t want[CRYPTO_KEY_SIZE];

	(void)state;
	from_hex("5dab087e624a8a4b79e17f8b83800ee6"
		 "6f3bb1292618b6fd1c2f8b27ff88e0eb",
	    secret);
	from_hex("de9edb7d7b7dc1b4d35b61c2ece43537"
		 "3f8343c85b78674dadfc7e146f882b4f",
	    want);
	crypto_exchange_key(secret, public);
	assert_memory_equal(public, want, sizeof(public));
}

static void
test_what_was_sealed_to_somebody_opens_for_them_alone(void **state)
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	uint8_t sealed[3 + CRYPTO_SEAL_TO_EXTRA], back[3];

	(void)state;
	crypto_random(secret, sizeof(secret));
	crypto_exchange_key(secret, public);
	assert_int_equal(crypto_seal_to("abc", 3, public, sealed), 0);
	assert_int_equal(crypto_unseal_with(sealed, sizeof(sealed), secret,
			     back),
	    0);
	assert_memory_equal(back, "abc", 3);
	for (size_t i = 0; i < 8 * sizeof(sealed); i++) {
		sealed[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(crypto_unseal_with(sealed, sizeof(sealed),
				     secret, back),
		    FG_ERR_FORMAT);
		assert_memory_equal(back, "\0\0", 3);
		sealed[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t i = 0; i < sizeof(sealed); i++)
		assert_int_equal(crypto_unseal_with(sealed, i, secret, back),
		    FG_ERR_FORMAT);
	crypto_random(secret, sizeof(secret));
	assert_int_equal(crypto_unseal_with(sealed, sizeof(sealed), secret,
			     back),
	    FG_ERR_FORMAT);
}

/* RFC 7748, section 6.1: the points for which all secrets are the same. */
static void
test_nothing_is_sealed_to_a_key_that_is_none(void **state)
{
	static const char *const bad[] = {
		"00000000000000000000000000000000"
		"00000000000000000000000000000000",
		"01000000000000000000000000000000"
		"00000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffff"
		"ffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffff"
		"ffffffffffffffffffffffffffffff7f",
	};
	uint8_t public[CRYPTO_KEY_SIZE], sealed[3 + CRYPTO_SEAL_TO_EXTRA];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		from_hex(bad[i], public);
		assert_int_equal(crypto_seal_to("abc", 3, public, sealed),
		    FG_ERR_FORMAT);
	}
}

/* The second one is what Python's hashlib says. */
static void
test_digests_are_of_label_key_and_data(void **state)
{
	static const uint8_t mac[] = { 0x8c, 0x16, 0x45, 0x0a, 0x1b, 0x2c };
	uint8_t digest[CRYPTO_DIGEST_SIZE], want[CRYPTO_DIGEST_SIZE];
	uint8_t key[CRYPTO_KEY_SIZE];

	(void)state;
	crypto_digest("a", "bc", 2, digest);
	from_hex("ba7816bf8f01cfea414140de5dae2223"
		 "b00361a396177a9cb410ff61f20015ad",
	    want);
	assert_memory_equal(digest, want, sizeof(digest));
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	crypto_keyed_digest(key, "gateway", mac, sizeof(mac), digest);
	from_hex("9766c3bf01cc2fe27bc92b55cd8fe7f8"
		 "a21f00a2d0b26c530692b9cbb2e56afd",
	    want);
	assert_memory_equal(digest, want, sizeof(digest));
	key[31] ^= 1;
	crypto_keyed_digest(key, "gateway", mac, sizeof(mac), digest);
	assert_memory_not_equal(digest, want, sizeof(digest));
}

static void
test_randomness_that_was_not_given_is_an_error(void **state)
{
	uint8_t buf[512], none[512] = { 0 };

	(void)state;
	assert_int_equal(crypto_random_try(buf, 256), 0);
	assert_memory_not_equal(buf, none, 256);
	memset(buf, 1, sizeof(buf));
	assert_int_equal(crypto_random_try(buf, sizeof(buf)), FG_ERR_SYSTEM);
	assert_memory_equal(buf, none, sizeof(buf));
}

static void
test_all_bytes_are_compared(void **state)
{
	(void)state;
	assert_true(crypto_equal("abc", "abc", 4));
	assert_false(crypto_equal("abc", "abd", 3));
	assert_false(crypto_equal("abc", "bbc", 3));
	assert_true(crypto_equal("abc", "abd", 2));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_agrees_with_the_standard),
		cmocka_unit_test(test_reference_can_be_read_over_a_phone),
		cmocka_unit_test(test_references_differ_in_every_place),
		cmocka_unit_test(test_random_bytes_fill_the_buffer_and_no_more),
		cmocka_unit_test(test_signatures_agree_with_the_standard),
		cmocka_unit_test(
		    test_a_signature_is_of_these_bytes_by_this_key),
		cmocka_unit_test(test_base_64_is_read_as_it_is_written),
		cmocka_unit_test(
		    test_base_64_for_names_is_read_as_it_is_written),
		cmocka_unit_test(test_there_is_one_text_in_base_64),
		cmocka_unit_test(test_wiping_leaves_zeros),
		cmocka_unit_test(
		    test_what_was_sealed_opens_whole_with_its_key_alone),
		cmocka_unit_test(test_exchange_keys_agree_with_the_standard),
		cmocka_unit_test(
		    test_what_was_sealed_to_somebody_opens_for_them_alone),
		cmocka_unit_test(test_nothing_is_sealed_to_a_key_that_is_none),
		cmocka_unit_test(test_digests_are_of_label_key_and_data),
		cmocka_unit_test(
		    test_randomness_that_was_not_given_is_an_error),
		cmocka_unit_test(test_all_bytes_are_compared),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
