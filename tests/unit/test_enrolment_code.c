/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line that enrols a laptop: it reads back as it was made, and nothing else
 * is taken for one.
 */
#include "policyd/witness/enrolment_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/machines.h"

#define LABEL	 "farmgate-device-v1" /* with its NUL */
#define SAID_MAX 512u

static uint8_t secret[CRYPTO_KEY_SIZE], key[CRYPTO_KEY_SIZE];
static char text[ENROLMENT_CODE_SIZE];
static struct enrolment_code back;
static const char *why;

static int
setup(void **state)
{
	(void)state;
	if (crypto_init() != 0)
		return -1;
	crypto_random(secret, sizeof(secret));
	crypto_public_key(secret, key);
	return 0;
}

static struct enrolment_code
a_code(const char *asset, const char *machine)
{
	struct enrolment_code code;

	memset(&code, 0, sizeof(code));
	(void)snprintf(code.asset, sizeof(code.asset), "%s", asset);
	code.hwids = make_machine(machine);
	return code;
}

static const char *
made(const struct enrolment_code *code)
{
	assert_int_equal(enrolment_code_make(code, secret, text), 0);
	return text;
}

static void
refused(const char *line, int want)
{
	static const struct enrolment_code nothing;
	int r;

	memset(&back, 1, sizeof(back));
	why = NULL;
	r = enrolment_code_read(line, &back, &why);
	if (r != want)
		fail_msg("%d: %s", r, line);
	assert_non_null(why);
	assert_memory_equal(&back, &nothing, sizeof(nothing));
}

/* What the laptop's key has signed, whatever it is. */
static const char *
signed_line(const uint8_t *said, size_t len)
{
	static char line[1200];
	uint8_t all[sizeof(LABEL) + SAID_MAX + CRYPTO_SIGNATURE_SIZE] = LABEL;
	uint8_t *at = all + sizeof(LABEL);

	assert_true(len <= SAID_MAX);
	memcpy(at, said, len);
	crypto_make_signature(all, sizeof(LABEL) + len, secret, at + len);
	memcpy(line, ENROLMENT_CODE_PREFIX, sizeof(ENROLMENT_CODE_PREFIX));
	crypto_base64url_encode(at, len + CRYPTO_SIGNATURE_SIZE,
	    line + strlen(line), sizeof(line) - strlen(line));
	return line;
}

/* What is signed in the line that the code makes. */
static size_t
said_of(const struct enrolment_code *code, uint8_t ret_said[SAID_MAX])
{
	const char *digits = made(code) + strlen(ENROLMENT_CODE_PREFIX);
	size_t len;

	assert_int_equal(crypto_base64url_decode(digits, strlen(digits),
			     ret_said, SAID_MAX, &len),
	    0);
	return len - CRYPTO_SIGNATURE_SIZE;
}

/* ---- lines that are right ----------------------------------------------- */

static void
a_line_reads_back_as_it_was_made(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bduscm");

	(void)state;
	code.hwids.unread = 1u << HWID_TPM;
	assert_int_equal(enrolment_code_read(made(&code), &back, &why), 0);
	assert_null(why);
	memcpy(code.device_key, key, sizeof(key));
	assert_memory_equal(&back, &code, sizeof(code));
}

static void
it_is_one_line_of_plain_characters(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bduscm");

	(void)state;
	assert_int_equal(strspn(made(&code),
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_."),
	    strlen(text));
	assert_int_equal(strncmp(text, ENROLMENT_CODE_PREFIX,
			     strlen(ENROLMENT_CODE_PREFIX)),
	    0);
}

static void
the_shortest_and_the_longest_read_back(void **state)
{
	struct enrolment_code code = a_code("", "");

	(void)state;
	assert_int_equal(enrolment_code_read(made(&code), &back, &why), 0);
	assert_string_equal(back.asset, "");
	memset(code.asset, 'x', ASSET_TAG_MAX);
	code.asset[ASSET_TAG_MAX] = '\0';
	for (uint8_t i = 0; i < HWIDS_MAX; i++)
		add_digest(&code.hwids, HWID_MAC, i);
	code.hwids.unread = 0xfe;
	assert_int_equal(strlen(made(&code)), ENROLMENT_CODE_MAX);
	assert_int_equal(enrolment_code_read(text, &back, &why), 0);
	memcpy(code.device_key, key, sizeof(key));
	assert_memory_equal(&back, &code, sizeof(code));
}

static void
the_key_is_that_of_the_secret_one(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "b");

	(void)state;
	memset(code.device_key, 7, sizeof(code.device_key));
	assert_int_equal(enrolment_code_read(made(&code), &back, &why), 0);
	assert_memory_equal(back.device_key, key, sizeof(key));
}

/* ---- what cannot be said ------------------------------------------------ */

static void
what_cannot_be_read_back_is_not_made(void **state)
{
	static const char *const tags[] = { " LT", "LT ", "L T", "L\tT",
		"L\xc3\xa4", "=LT" };
	struct enrolment_code code;

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		code = a_code(tags[i], "b");
		assert_int_equal(enrolment_code_make(&code, secret, text),
		    FG_ERR_FORMAT);
		assert_string_equal(text, "");
	}
	code = a_code("LT-0042", "b");
	code.hwids.list[0].kind = HWID_KINDS;
	assert_int_equal(enrolment_code_make(&code, secret, text),
	    FG_ERR_FORMAT);
	code.hwids.list[0].kind = HWID_BOARD;
	code.hwids.unread = 0x100;
	assert_int_equal(enrolment_code_make(&code, secret, text),
	    FG_ERR_FORMAT);
	code.hwids.unread = 1;
	assert_int_equal(enrolment_code_make(&code, secret, text),
	    FG_ERR_FORMAT);
	code.hwids.unread = 0;
	code.hwids.n = HWIDS_MAX + 1;
	assert_int_equal(enrolment_code_make(&code, secret, text),
	    FG_ERR_LIMIT);
}

/* ---- lines that are wrong ----------------------------------------------- */

static void
every_character_that_is_changed_is_noticed(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bduscm");
	char line[ENROLMENT_CODE_SIZE];
	size_t len = strlen(made(&code));

	(void)state;
	for (size_t i = 0; i < len; i++)
		for (unsigned int c = 1; c < 256; c++) {
			memcpy(line, text, len + 1);
			if (line[i] == (char)c)
				continue;
			line[i] = (char)c;
			assert_int_not_equal(enrolment_code_read(line, &back,
						 &why),
			    0);
			assert_non_null(why);
		}
}

static void
every_part_of_a_line_is_too_short(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bduscm");
	char line[ENROLMENT_CODE_SIZE + 1];
	size_t len = strlen(made(&code));

	(void)state;
	for (size_t i = 0; i < len; i++) {
		memcpy(line, text, i);
		line[i] = '\0';
		assert_int_not_equal(enrolment_code_read(line, &back, &why), 0);
	}
	(void)snprintf(line, sizeof(line), "%sA", text);
	assert_int_not_equal(enrolment_code_read(line, &back, &why), 0);
	(void)snprintf(line, sizeof(line), "%s\n", text);
	assert_int_not_equal(enrolment_code_read(line, &back, &why), 0);
	(void)snprintf(line, sizeof(line), " %s", text);
	assert_int_not_equal(enrolment_code_read(line, &back, &why), 0);
	(void)snprintf(line, sizeof(line), "%s=", text);
	assert_int_not_equal(enrolment_code_read(line, &back, &why), 0);
}

static void
other_texts_are_no_line(void **state)
{
	(void)state;
	refused("", FG_ERR_FORMAT);
	refused("LT-0042", FG_ERR_FORMAT);
	refused("ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
	    FG_ERR_FORMAT);
	refused("farmgate-statement-v1.AAAA", FG_ERR_FORMAT);
	refused("farmgate-device-v2.AAAA", FG_ERR_VERSION);
	refused("farmgate-device-v1", FG_ERR_VERSION);
	refused("farmgate-device-v1.", FG_ERR_SHORT);
	refused("farmgate-device-v1.AAAA", FG_ERR_SHORT);
	refused("farmgate-device-v1.AA*A", FG_ERR_FORMAT);
}

static void
a_line_that_is_too_long_is_refused(void **state)
{
	static char line[4096];

	(void)state;
	memset(line, 'A', sizeof(line) - 1);
	memcpy(line, ENROLMENT_CODE_PREFIX, strlen(ENROLMENT_CODE_PREFIX));
	refused(line, FG_ERR_LIMIT);
}

/* Whoever has a key signs what they like. */
static void
what_a_key_has_signed_is_read_to_the_last_byte(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bm");
	uint8_t said[SAID_MAX];
	size_t len = said_of(&code, said), tag = 1 + CRYPTO_KEY_SIZE;
	size_t ids = tag + 1 + strlen("LT-0042");

	(void)state;
	assert_int_equal(enrolment_code_read(signed_line(said, len), &back,
			     &why),
	    0);
	said[len] = 0;
	refused(signed_line(said, len + 1), FG_ERR_TRAILING);
	for (size_t i = 0; i < len; i++)
		assert_int_not_equal(enrolment_code_read(signed_line(said, i),
					 &back, &why),
		    0);
	said[0] = 2;
	refused(signed_line(said, len), FG_ERR_VERSION);
	said[0] = 1;
	said[tag + 3] = ' ';
	refused(signed_line(said, len), FG_ERR_FORMAT);
	said[tag + 3] = '\0';
	refused(signed_line(said, len), FG_ERR_FORMAT);
	said[tag + 3] = '-';
	said[tag] = ASSET_TAG_MAX + 1;
	refused(signed_line(said, len), FG_ERR_LIMIT);
	said[tag] = (uint8_t)strlen("LT-0042");
	said[ids] = 1;
	refused(signed_line(said, len), FG_ERR_FORMAT);
	said[ids] = 0;
	said[ids + 1] = HWIDS_MAX + 1;
	refused(signed_line(said, len), FG_ERR_LIMIT);
	said[ids + 1] = 3;
	refused(signed_line(said, len), FG_ERR_SHORT);
	said[ids + 1] = 2;
	said[ids + 2] = HWID_KINDS;
	refused(signed_line(said, len), FG_ERR_FORMAT);
	said[ids + 2] = HWID_NONE;
	refused(signed_line(said, len), FG_ERR_FORMAT);
	said[ids + 2] = HWID_BOARD;
	assert_int_equal(enrolment_code_read(signed_line(said, len), &back,
			     &why),
	    0);
}

static void
another_key_than_the_one_named_is_noticed(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bm");
	uint8_t said[SAID_MAX], other[CRYPTO_KEY_SIZE];
	size_t len = said_of(&code, said);

	(void)state;
	memset(other, 7, sizeof(other));
	crypto_public_key(other, said + 1);
	refused(signed_line(said, len), FG_ERR_UNSAFE);
	/* a point for which anything would be signed */
	memset(said + 1, 0, CRYPTO_KEY_SIZE);
	refused(signed_line(said, len), FG_ERR_UNSAFE);
	said[1] = 1;
	refused(signed_line(said, len), FG_ERR_UNSAFE);
}

/* A laptop signs statements for whoever asks: none is taken for this. */
static void
what_was_signed_as_something_else_is_noticed(void **state)
{
	struct enrolment_code code = a_code("LT-0042", "bm");
	uint8_t all[64 + SAID_MAX] = "farmgate-statement-v1", said[SAID_MAX];
	size_t len = said_of(&code, said), label = strlen((char *)all) + 1;
	char line[ENROLMENT_CODE_SIZE] = ENROLMENT_CODE_PREFIX;

	(void)state;
	memcpy(all + label, said, len);
	crypto_make_signature(all, label + len, secret, said + len);
	crypto_base64url_encode(said, len + CRYPTO_SIGNATURE_SIZE,
	    line + strlen(line), sizeof(line) - strlen(line));
	refused(line, FG_ERR_UNSAFE);
}

/* As soon as it can be known; before that it is more than there is. */
static void
how_long_a_line_has_to_be_is_known(void **state)
{
	struct enrolment_code codes[] = { a_code("", ""),
		a_code("LT-0042", "bdusc") };
	char part[ENROLMENT_CODE_SIZE];
	size_t len, n, i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		len = strlen(made(&codes[i]));
		for (n = strlen(ENROLMENT_CODE_PREFIX); n <= len; n++) {
			(void)snprintf(part, sizeof(part), "%.*s", (int)n,
			    text);
			assert_true(n == len ||
			    enrolment_code_length(part) > n);
			if (n > len - 64)
				assert_int_equal(enrolment_code_length(part),
				    len);
		}
		(void)snprintf(part, sizeof(part), "%sAAAA", text);
		assert_int_equal(enrolment_code_length(part), len);
	}
	assert_int_equal(enrolment_code_length("farmgate-device-v2.AAAA"), 0);
	assert_int_equal(enrolment_code_length("hello"), 0);
	assert_int_equal(enrolment_code_length(""), 0);
	assert_int_equal(enrolment_code_length(ENROLMENT_CODE_PREFIX "****"),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_reads_back_as_it_was_made),
		cmocka_unit_test(it_is_one_line_of_plain_characters),
		cmocka_unit_test(the_shortest_and_the_longest_read_back),
		cmocka_unit_test(the_key_is_that_of_the_secret_one),
		cmocka_unit_test(what_cannot_be_read_back_is_not_made),
		cmocka_unit_test(every_character_that_is_changed_is_noticed),
		cmocka_unit_test(every_part_of_a_line_is_too_short),
		cmocka_unit_test(how_long_a_line_has_to_be_is_known),
		cmocka_unit_test(other_texts_are_no_line),
		cmocka_unit_test(a_line_that_is_too_long_is_refused),
		cmocka_unit_test(
		    what_a_key_has_signed_is_read_to_the_last_byte),
		cmocka_unit_test(another_key_than_the_one_named_is_noticed),
		cmocka_unit_test(what_was_signed_as_something_else_is_noticed),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
