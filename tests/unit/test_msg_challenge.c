/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rounds of step-up on the wire: what is encoded is decoded, and neither a
 * prompt nor an answer is anything else than PROTOCOL says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)

static const struct fg_header header = { .sequence = 3, .id = { 1, 2, 3 } };
static uint8_t data[FG_MSG_MAX];

static int
put_challenge(uint8_t style, const char *prompt, size_t *ret_len)
{
	const struct fg_challenge m = { style, prompt };

	return fg_msg_put_challenge(data, sizeof(data), &header, &m, ret_len);
}

static int
put_answer(uint8_t how, const void *bytes, size_t n, size_t *ret_len)
{
	const struct fg_answer m = { how, bytes, n };

	return fg_msg_put_answer(data, sizeof(data), &header, &m, ret_len);
}

static void
a_prompt_comes_back(void **state)
{
	struct fg_challenge back;
	struct fg_header hdr;
	size_t len;

	(void)state;
	assert_int_equal(put_challenge(FG_STYLE_VISIBLE, "Code: ", &len), 0);
	assert_int_equal(fg_msg_get_header(data, len, &hdr), 0);
	assert_int_equal(hdr.type, FG_MSG_CHALLENGE);
	assert_int_equal(fg_msg_get_challenge(data, len, &back), 0);
	assert_int_equal(back.style, FG_STYLE_VISIBLE);
	assert_string_equal(back.prompt, "Code: ");
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_not_equal(fg_msg_get_challenge(data, cut, &back), 0);
		assert_string_equal(back.prompt, "");
	}
	assert_int_equal(fg_msg_get_challenge(data, len + 1, &back),
	    FG_ERR_TRAILING);
}

static void
a_prompt_that_is_none_is_refused_on_both_sides(void **state)
{
	static const char *const bad[] = { "", ": ", "Code",
		"Code:", "Co\nde: ", "Co\033[2Jde: ",
		"C\xc3\xb6"
		"de: ",
		"Co\x7f"
		"de: " };
	struct fg_challenge back;
	size_t len, at;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(put_challenge(FG_STYLE_VISIBLE, bad[i], &len),
		    FG_ERR_FORMAT);
	assert_int_equal(put_challenge(0, "Code: ", &len), FG_ERR_FORMAT);
	assert_int_equal(put_challenge(3, "Code: ", &len), FG_ERR_FORMAT);
	/* The same from a peer that does not look. */
	assert_int_equal(put_challenge(FG_STYLE_VISIBLE, "Code: ", &len), 0);
	for (at = FG_HEADER_SIZE + 3; at < len - 1; at++) {
		uint8_t was = data[at];

		data[at] = 0x1b;
		assert_int_not_equal(fg_msg_get_challenge(data, len, &back), 0);
		data[at] = was;
	}
	assert_int_equal(fg_msg_get_challenge(data, len, &back), 0);
}

static void
the_longest_prompt_comes_back_and_no_longer_one(void **state)
{
	char prompt[FG_PROMPT_MAX + 2];
	struct fg_challenge back;
	size_t len;

	(void)state;
	memset(prompt, 'x', sizeof(prompt));
	memcpy(prompt + FG_PROMPT_MAX - 2, ": ", 3);
	assert_int_equal(put_challenge(FG_STYLE_HIDDEN, prompt, &len), 0);
	assert_int_equal(fg_msg_get_challenge(data, len, &back), 0);
	assert_string_equal(back.prompt, prompt);
	memset(prompt, 'x', sizeof(prompt));
	memcpy(prompt + FG_PROMPT_MAX - 1, ": ", 3);
	assert_int_not_equal(put_challenge(FG_STYLE_HIDDEN, prompt, &len), 0);
}

static void
an_answer_comes_back(void **state)
{
	static const char text[] = "123456 \xc3\xa6\xff";
	struct fg_answer back;
	struct fg_header hdr;
	size_t len;

	(void)state;
	assert_int_equal(put_answer(FG_ANSWER_GIVEN, text, strlen(text), &len),
	    0);
	assert_int_equal(fg_msg_get_header(data, len, &hdr), 0);
	assert_int_equal(hdr.type, FG_MSG_ANSWER);
	assert_int_equal(fg_msg_get_answer(data, len, &back), 0);
	assert_int_equal(back.how, FG_ANSWER_GIVEN);
	assert_int_equal(back.len, strlen(text));
	assert_memory_equal(back.bytes, text, strlen(text));
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_not_equal(fg_msg_get_answer(data, cut, &back), 0);
		assert_int_equal(back.len, 0);
	}
	assert_int_equal(put_answer(FG_ANSWER_GIVEN, "", 0, &len), 0);
	assert_int_equal(fg_msg_get_answer(data, len, &back), 0);
	assert_int_equal(back.len, 0);
}

static void
CONV_07_an_answer_has_no_control_characters(void **state)
{
	struct fg_answer back;
	size_t len;
	unsigned int c;

	(void)state;
	for (c = 0; c <= UINT8_MAX; c++) {
		const char text[] = { '1', (char)c, '2' };

		assert_int_equal(put_answer(FG_ANSWER_GIVEN, text, 3, &len), 0);
		assert_int_equal(fg_msg_get_answer(data, len, &back),
		    c < ' ' || c == 0x7f ? FG_ERR_FORMAT : 0);
	}
}

static void
CONV_07_an_answer_has_1024_bytes_at_most(void **state)
{
	static char text[FG_ANSWER_MAX + 1];
	struct fg_answer back;
	size_t len;

	(void)state;
	memset(text, '7', sizeof(text));
	assert_int_equal(put_answer(FG_ANSWER_GIVEN, text, FG_ANSWER_MAX, &len),
	    0);
	assert_int_equal(fg_msg_get_answer(data, len, &back), 0);
	assert_int_equal(back.len, FG_ANSWER_MAX);
	assert_int_equal(put_answer(FG_ANSWER_GIVEN, text, FG_ANSWER_MAX + 1,
			     &len),
	    FG_ERR_LIMIT);
	/* From a peer that does not look. */
	assert_int_equal(put_answer(FG_ANSWER_GIVEN, text, FG_ANSWER_MAX, &len),
	    0);
	data[FG_HEADER_SIZE + 2]++;
	data[len] = '7';
	assert_int_equal(fg_msg_get_answer(data, len + 1, &back), FG_ERR_LIMIT);
}

static void
what_was_not_given_has_no_bytes(void **state)
{
	struct fg_answer back;
	size_t len;
	unsigned int how;

	(void)state;
	for (how = 0; how <= UINT8_MAX; how++) {
		bool known = how >= FG_ANSWER_GIVEN && how <= FG_ANSWER_SILENT;

		assert_int_equal(put_answer((uint8_t)how, NULL, 0, &len), 0);
		assert_int_equal(fg_msg_get_answer(data, len, &back),
		    known ? 0 : FG_ERR_FORMAT);
		assert_int_equal(put_answer((uint8_t)how, "1", 1, &len), 0);
		assert_int_equal(fg_msg_get_answer(data, len, &back),
		    how == FG_ANSWER_GIVEN ? 0 : FG_ERR_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_prompt_comes_back),
		TEST(a_prompt_that_is_none_is_refused_on_both_sides),
		TEST(the_longest_prompt_comes_back_and_no_longer_one),
		TEST(an_answer_comes_back),
		TEST(CONV_07_an_answer_has_no_control_characters),
		TEST(CONV_07_an_answer_has_1024_bytes_at_most),
		TEST(what_was_not_given_has_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
