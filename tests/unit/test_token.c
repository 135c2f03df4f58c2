/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Challenges: how they are made, their text, and how a laptop finds the one
 * among all that a server may say.
 */
#include "policyd/witness/token.h"
#include "proto/msg.h"
#include "tests/unit/stating.h"

/* 0xf0 to 0xff and 0 to 15, as Python's base64 has it. */
#define DIGITS "8PHy8_T19vf4-fr7_P3-_wABAgMEBQYHCAkKCwwNDg8"
#define WORD   FG_TOKEN_PREFIX DIGITS

static const struct fg_token none;

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

/* ---- text --------------------------------------------------------------- */

static void
a_token_is_one_word_of_a_known_form(void **state)
{
	struct fg_token token, back;
	char word[FG_TOKEN_SIZE];

	(void)state;
	for (uint8_t i = 0; i < 16; i++) {
		token.host_id[i] = (uint8_t)(0xf0 + i);
		token.nonce[i] = i;
	}
	fg_token_text(&token, word);
	assert_string_equal(word, WORD);
	assert_int_equal(fg_token_parse(WORD, &back), 0);
	assert_memory_equal(&back, &token, sizeof(token));
}

static void
tokens_read_back_as_they_were_written(void **state)
{
	struct fg_token token, back;
	char word[FG_TOKEN_SIZE], want[44];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		random_bytes(&token, sizeof(token));
		fg_token_text(&token, word);
		assert_int_equal(strlen(word), FG_TOKEN_SIZE - 1);
		crypto_base64url_encode(&token, sizeof(token), want,
		    sizeof(want));
		assert_string_equal(word + strlen(FG_TOKEN_PREFIX), want);
		assert_int_equal(fg_token_parse(word, &back), 0);
		assert_memory_equal(&back, &token, sizeof(token));
	}
}

/* In each place of the word each byte that there is. */
static void
another_text_is_another_token_or_none(void **state)
{
	struct fg_token token, back;
	char word[FG_TOKEN_SIZE], again[FG_TOKEN_SIZE];
	size_t taken = 0;

	(void)state;
	assert_int_equal(fg_token_parse(WORD, &token), 0);
	for (size_t i = 0; i < strlen(WORD); i++)
		for (int c = 0; c < 256; c++) {
			memcpy(word, WORD, sizeof(word));
			word[i] = (char)c;
			if (fg_token_parse(word, &back) != 0) {
				assert_memory_equal(&back, &none, sizeof(none));
				continue;
			}
			fg_token_text(&back, again);
			assert_string_equal(again, word);
			taken += memcmp(&back, &token, sizeof(token)) != 0;
		}
	/* 42 digits of six bits, one of four, and none in the prefix */
	assert_int_equal(taken, 42 * 63 + 15);
}

static void
a_token_that_is_cut_or_longer_is_none(void **state)
{
	char word[FG_TOKEN_SIZE + 1];
	struct fg_token back;

	(void)state;
	for (size_t i = 0; i < strlen(WORD); i++) {
		memcpy(word, WORD, i);
		word[i] = '\0';
		assert_int_equal(fg_token_parse(word, &back), FG_ERR_FORMAT);
		assert_int_equal(fg_token_parse(WORD + i + 1, &back),
		    FG_ERR_FORMAT);
	}
	for (int c = 1; c < 256; c++) {
		(void)snprintf(word, sizeof(word), "%s%c", WORD, c);
		assert_int_equal(fg_token_parse(word, &back), FG_ERR_FORMAT);
		(void)snprintf(word, sizeof(word), "%c%s", c, WORD);
		assert_int_equal(fg_token_parse(word, &back), FG_ERR_FORMAT);
		assert_memory_equal(&back, &none, sizeof(none));
	}
}

static void
a_token_of_another_version_is_told_from_a_damaged_one(void **state)
{
	static const struct {
		const char *text;
		int want;
	} t[] = {
		{ "farmgate-challenge-v2." DIGITS, FG_ERR_VERSION },
		{ "farmgate-challenge-v2.x", FG_ERR_VERSION },
		{ "farmgate-challenge-v10." DIGITS, FG_ERR_VERSION },
		{ "farmgate-challenge-v11." DIGITS, FG_ERR_VERSION },
		{ "farmgate-challenge-v0." DIGITS, FG_ERR_VERSION },
		{ "farmgate-challenge-v." DIGITS, FG_ERR_FORMAT },
		{ "farmgate-challenge-1." DIGITS, FG_ERR_FORMAT },
		{ "farmgate-challenge-vv1." DIGITS, FG_ERR_FORMAT },
		{ "farmgate-challenge-v1" DIGITS, FG_ERR_FORMAT },
		{ "farmgate-challenge-v2" DIGITS, FG_ERR_FORMAT },
		{ "farmgate-challenge-V2." DIGITS, FG_ERR_FORMAT },
		{ "farmgate-statement-v1." DIGITS, FG_ERR_FORMAT },
		{ "", FG_ERR_FORMAT },
	};
	struct fg_token back;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++)
		if (fg_token_parse(t[i].text, &back) != t[i].want)
			fail_msg("%s", t[i].text);
}

/* ---- finding it --------------------------------------------------------- */

/* CONV-15 */
static void
the_token_is_found_wherever_it_is_in_what_ssh_hands_over(void **state)
{
	static const char *const texts[] = {
		WORD,
		WORD ": ",
		"(alice@jump.example.org) " WORD ": ",
		"(alice@jump.example.org) This is a managed host.\n" WORD ": ",
		"Welcome.\nIt is monitored.\n(bob@192.0.2.1) " WORD ": ",
		"(bob@2001:db8::1) \n\n" WORD ":",
		"\t" WORD "\n",
		"\"" WORD "\"",
		"x=" WORD "&y",
		"Gr\xc3\xbc\xc3\x9f Gott:\xff" WORD "\xff\r\n",
		"farmgate-challenge farmgate- challenge-v1. " WORD,
		"FARMGATE-CHALLENGE-V1." DIGITS " " WORD,
	};
	char word[FG_TOKEN_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (fg_token_find(texts[i], word) != 0)
			fail_msg("%s", texts[i]);
		assert_string_equal(word, WORD);
	}
}

static void
a_prompt_without_a_token_is_somebody_elses(void **state)
{
	static const char *const texts[] = { "", " ", "Password: ",
		"(alice@jump.example.org) Verification code: ", DIGITS,
		"farmgate-challenge", "farmgate challenge-v1." DIGITS,
		"farmgate-statement-v1." DIGITS,
		"Farmgate-challenge-v1." DIGITS };
	char word[FG_TOKEN_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (fg_token_find(texts[i], word) != FG_ERR_NOT_FOUND)
			fail_msg("%s", texts[i]);
		assert_string_equal(word, "");
	}
}

/* A server that shows two lets the laptop choose; it chooses none. */
static void
two_tokens_are_an_error(void **state)
{
	static const char *const texts[] = {
		WORD " " WORD,
		WORD "\n" WORD ": ",
		"(alice@" WORD ") " WORD ": ",
		WORD ": " FG_TOKEN_PREFIX
		     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		WORD " farmgate-challenge-",
		WORD " farmgate-challenge-v2.x",
	};
	char word[FG_TOKEN_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (fg_token_find(texts[i], word) != FG_ERR_LIMIT)
			fail_msg("%s", texts[i]);
		assert_string_equal(word, "");
	}
}

static void
a_damaged_token_is_an_error_whatever_else_is_there(void **state)
{
	static const char *const texts[] = {
		"farmgate-challenge- " WORD,
		"farmgate-challenge-v1.short " WORD,
		"farmgate-challenge-v1. " DIGITS,
		"farmgate-challenge-v1.\n" DIGITS,
		"farmgate-challenge-v1 ." DIGITS,
		"x" WORD,
		"." WORD,
		"-" WORD ": ",
		WORD ". ",
		WORD "_",
		WORD "A: ",
		WORD WORD,
		"farmgate-challenge-" WORD,
		"farmgate-challenge-v1." DIGITS "=",
		"farmgate-challenge-v1.8PHy8/T19vf4+fr7/P3+/wABAgMEBQYHCAkKCww",
	};
	char word[FG_TOKEN_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		int want = texts[i][strlen(texts[i]) - 1] == '=' ?
		    0 : /* '=' is of no word, and ends one */
		    FG_ERR_FORMAT;

		if (fg_token_find(texts[i], word) != want)
			fail_msg("%s", texts[i]);
		assert_string_equal(word, want == 0 ? WORD : "");
	}
	assert_int_equal(fg_token_find("(a@b) farmgate-challenge-v2.x: ", word),
	    FG_ERR_VERSION);
	assert_string_equal(word, "");
}

/* Each character of a prompt replaced by each byte. */
static void
what_is_found_is_a_token_that_is_there(void **state)
{
	static const char prompt[] = "info\n(a@b) " WORD ": ";
	char text[sizeof(prompt)], word[FG_TOKEN_SIZE];
	struct fg_token token;
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(prompt) - 1; i++)
		for (int c = 0; c < 256; c++) {
			memcpy(text, prompt, sizeof(text));
			text[i] = (char)c;
			if ((r = fg_token_find(text, word)) != 0) {
				assert_string_equal(word, "");
				continue;
			}
			assert_non_null(strstr(text, word));
			assert_int_equal(fg_token_parse(word, &token), 0);
		}
}

/* ---- making it ---------------------------------------------------------- */

static void
a_prompt_is_short_and_printable_and_has_its_token(void **state)
{
	char prompt[TOKEN_PROMPT_SIZE], word[FG_TOKEN_SIZE];
	uint8_t key[CRYPTO_KEY_SIZE];
	struct fg_token token, back;

	(void)state;
	random_bytes(key, sizeof(key));
	for (int i = 0; i < 100; i++) {
		assert_int_equal(token_make(key, &token), 0);
		token_prompt(&token, prompt);
		assert_true(strlen(prompt) <= FG_PROMPT_MAX);
		for (const char *c = prompt; *c != '\0'; c++)
			assert_true(*c >= ' ' && *c <= '~');
		assert_string_equal(prompt + strlen(prompt) - 2, ": ");
		assert_int_equal(fg_token_find(prompt, word), 0);
		assert_int_equal(fg_token_parse(word, &back), 0);
		assert_memory_equal(&back, &token, sizeof(token));
	}
}

/* What Python's hashlib says. */
static void
a_host_is_called_by_its_key(void **state)
{
	static const uint8_t want[] = { 0x34, 0x2e, 0x76, 0x59, 0x79, 0x07,
		0x2b, 0x45, 0x43, 0xc9, 0xe1, 0x14, 0x14, 0x97, 0x20, 0xdc };
	uint8_t key[CRYPTO_KEY_SIZE], id[FG_TOKEN_HOST_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	token_host_id(key, id);
	assert_memory_equal(id, want, sizeof(id));
	for (size_t i = 0; i < 8 * sizeof(key); i++) {
		key[i / 8] ^= (uint8_t)(1 << i % 8);
		token_host_id(key, id);
		assert_memory_not_equal(id, want, sizeof(id));
		key[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

/* DEV-03: an answer is to one of them. */
static void
each_challenge_is_new(void **state)
{
	static struct fg_token token[200];
	uint8_t key[CRYPTO_KEY_SIZE], sum[FG_TOKEN_NONCE_SIZE] = { 0 };

	(void)state;
	random_bytes(key, sizeof(key));
	for (size_t i = 0; i < COUNT(token); i++) {
		assert_int_equal(token_make(key, &token[i]), 0);
		assert_memory_equal(token[i].host_id, token[0].host_id,
		    FG_TOKEN_HOST_SIZE);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(token[i].nonce, token[j].nonce,
			    FG_TOKEN_NONCE_SIZE);
		for (size_t j = 0; j < sizeof(sum); j++)
			sum[j] |= token[i].nonce[j];
	}
	for (size_t j = 0; j < sizeof(sum); j++)
		assert_int_equal(sum[j], 0xff);
}

/* DEV-08 */
static void
without_randomness_there_is_no_challenge(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE];
	struct fg_token token;
	int r;

	(void)state;
	random_bytes(key, sizeof(key));
	memset(&token, 1, sizeof(token));
	without_randomness = true;
	r = token_make(key, &token);
	without_randomness = false;
	assert_int_equal(r, FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOSYS);
	assert_memory_equal(&token, &none, sizeof(none));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_token_is_one_word_of_a_known_form),
		TEST(tokens_read_back_as_they_were_written),
		TEST(another_text_is_another_token_or_none),
		TEST(a_token_that_is_cut_or_longer_is_none),
		TEST(a_token_of_another_version_is_told_from_a_damaged_one),
		TEST(the_token_is_found_wherever_it_is_in_what_ssh_hands_over),
		TEST(a_prompt_without_a_token_is_somebody_elses),
		TEST(two_tokens_are_an_error),
		TEST(a_damaged_token_is_an_error_whatever_else_is_there),
		TEST(what_is_found_is_a_token_that_is_there),
		TEST(a_prompt_is_short_and_printable_and_has_its_token),
		TEST(a_host_is_called_by_its_key),
		TEST(each_challenge_is_new),
		TEST(without_randomness_there_is_no_challenge),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
