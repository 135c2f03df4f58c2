/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys as text: each kind reads back as it was written, and is no other kind.
 */
#include "policyd/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)

static const uint8_t zeros[CRYPTO_KEY_SIZE];

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

static enum key_kind
next_kind(enum key_kind kind)
{
	return (enum key_kind)(kind + 1);
}

static void
keys_read_back_as_they_were_written(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], back[CRYPTO_KEY_SIZE];
	char text[KEY_TEXT_SIZE], whole[KEY_SECRET_SIZE];
	enum key_kind kind;

	(void)state;
	for (int i = 0; i < 300; i++) {
		kind = (enum key_kind)(1 + i % (KEY_KINDS - 1));
		crypto_random(any, sizeof(any));
		key_text(kind, any, text);
		assert_true(strlen(text) < KEY_TEXT_SIZE);
		assert_int_equal(key_parse(kind, text, back), 0);
		assert_memory_equal(back, any, sizeof(any));
		key_secret_text(kind, any, whole);
		assert_true(strlen(whole) < KEY_SECRET_SIZE);
		assert_int_equal(key_secret_parse(kind, whole, back), 0);
		assert_memory_equal(back, any, sizeof(any));
	}
}

/* Files and configurations have them. */
static void
the_forms_are_the_documented_ones(void **state)
{
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" /* 32 of them */
	char text[KEY_TEXT_SIZE], whole[KEY_SECRET_SIZE];

	(void)state;
	key_text(KEY_BUNDLE, zeros, text);
	assert_string_equal(text, "ed25519:" ZEROS);
	key_text(KEY_DEVICE, zeros, text);
	assert_string_equal(text, "ed25519:" ZEROS);
	key_text(KEY_HOST, zeros, text);
	assert_string_equal(text, "x25519:" ZEROS);
	key_secret_text(KEY_BUNDLE, zeros, whole);
	assert_string_equal(whole,
	    "farmgate-bundle-secret ed25519:" ZEROS "\n");
	key_secret_text(KEY_DEVICE, zeros, whole);
	assert_string_equal(whole,
	    "farmgate-device-secret ed25519:" ZEROS "\n");
	key_secret_text(KEY_HOST, zeros, whole);
	assert_string_equal(whole, "farmgate-host-secret x25519:" ZEROS "\n");
}

static void
no_secret_key_is_taken_for_one_of_another_kind(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], back[CRYPTO_KEY_SIZE];
	char whole[KEY_SECRET_SIZE];
	enum key_kind kind, other;

	(void)state;
	crypto_random(any, sizeof(any));
	for (kind = KEY_BUNDLE; kind < KEY_KINDS; kind = next_kind(kind))
		for (other = KEY_BUNDLE; other < KEY_KINDS;
		     other = next_kind(other)) {
			key_secret_text(kind, any, whole);
			memset(back, 1, sizeof(back));
			assert_int_equal(key_secret_parse(other, whole, back),
			    kind == other ? 0 : FG_ERR_FORMAT);
			assert_memory_equal(back, kind == other ? any : zeros,
			    sizeof(back));
		}
}

static void
a_key_to_sign_with_is_none_to_seal_to(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], back[CRYPTO_KEY_SIZE];
	char text[KEY_TEXT_SIZE];

	(void)state;
	crypto_random(any, sizeof(any));
	key_text(KEY_HOST, any, text);
	assert_int_equal(key_parse(KEY_DEVICE, text, back), FG_ERR_FORMAT);
	key_text(KEY_DEVICE, any, text);
	assert_int_equal(key_parse(KEY_HOST, text, back), FG_ERR_FORMAT);
	assert_memory_equal(back, zeros, sizeof(back));
}

/* Any character of it wrong, or the rest missing. */
static void
what_is_not_of_the_form_is_no_key(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], back[CRYPTO_KEY_SIZE];
	char whole[KEY_TEXT_SIZE], text[KEY_TEXT_SIZE + 1];
	enum key_kind kind;
	size_t i;

	(void)state;
	crypto_random(any, sizeof(any));
	for (kind = KEY_BUNDLE; kind < KEY_KINDS; kind = next_kind(kind)) {
		key_text(kind, any, whole);
		for (i = 0; i < strlen(whole); i++) {
			strcpy(text, whole);
			text[i] = '!';
			memset(back, 1, sizeof(back));
			assert_int_equal(key_parse(kind, text, back),
			    FG_ERR_FORMAT);
			assert_memory_equal(back, zeros, sizeof(back));
			text[i] = '\0'; /* cut */
			assert_int_equal(key_parse(kind, text, back),
			    FG_ERR_FORMAT);
		}
		(void)snprintf(text, sizeof(text), "%s=", whole);
		assert_int_equal(key_parse(kind, text, back), FG_ERR_FORMAT);
		(void)snprintf(text, sizeof(text), "%s\n", whole);
		assert_int_equal(key_parse(kind, text, back), FG_ERR_FORMAT);
	}
}

static void
what_is_not_of_the_form_is_no_secret_key(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], back[CRYPTO_KEY_SIZE];
	char whole[KEY_SECRET_SIZE], text[KEY_SECRET_SIZE + 1];
	enum key_kind kind;
	size_t i;

	(void)state;
	crypto_random(any, sizeof(any));
	for (kind = KEY_BUNDLE; kind < KEY_KINDS; kind = next_kind(kind)) {
		key_secret_text(kind, any, whole);
		for (i = 0; i < strlen(whole); i++) {
			strcpy(text, whole);
			text[i] = '!';
			memset(back, 1, sizeof(back));
			assert_int_equal(key_secret_parse(kind, text, back),
			    FG_ERR_FORMAT);
			assert_memory_equal(back, zeros, sizeof(back));
			text[i] = '\0';
			assert_int_equal(key_secret_parse(kind, text, back),
			    FG_ERR_FORMAT);
		}
		(void)snprintf(text, sizeof(text), "%s\n", whole);
		assert_int_equal(key_secret_parse(kind, text, back),
		    FG_ERR_FORMAT);
		key_text(kind, any, text);
		assert_int_equal(key_secret_parse(kind, text, back),
		    FG_ERR_FORMAT);
	}
}

static void
each_kind_is_computed_with_in_its_own_way(void **state)
{
	uint8_t any[CRYPTO_KEY_SIZE], public[KEY_KINDS][CRYPTO_KEY_SIZE];
	uint8_t want[CRYPTO_KEY_SIZE];

	(void)state;
	crypto_random(any, sizeof(any));
	key_public(KEY_BUNDLE, any, public[KEY_BUNDLE]);
	key_public(KEY_DEVICE, any, public[KEY_DEVICE]);
	key_public(KEY_HOST, any, public[KEY_HOST]);
	crypto_public_key(any, want);
	assert_memory_equal(public[KEY_BUNDLE], want, sizeof(want));
	assert_memory_equal(public[KEY_DEVICE], want, sizeof(want));
	crypto_exchange_key(any, want);
	assert_memory_equal(public[KEY_HOST], want, sizeof(want));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(keys_read_back_as_they_were_written),
		TEST(the_forms_are_the_documented_ones),
		TEST(no_secret_key_is_taken_for_one_of_another_kind),
		TEST(a_key_to_sign_with_is_none_to_seal_to),
		TEST(what_is_not_of_the_form_is_no_key),
		TEST(what_is_not_of_the_form_is_no_secret_key),
		TEST(each_kind_is_computed_with_in_its_own_way),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
