/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A laptop's statement on the wire: what is encoded is decoded, and neither a
 * token, a name nor an answer is anything else than PROTOCOL says.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define TOKEN	   "farmgate-challenge-v1.AbC_09-"
#define ANSWER	   "farmgate-statement-v1.AbC_09-"

static const struct fg_header header = { .sequence = 1, .id = { 1, 2, 3 } };
static uint8_t data[FG_MSG_MAX];

static int
put_witness(const char *token, const char *user, const char *host,
    size_t *ret_len)
{
	const struct fg_witness m = { token, user, host };

	return fg_msg_put_witness(data, sizeof(data), &header, &m, ret_len);
}

static int
put_statement(const char *answer, size_t *ret_len)
{
	const struct fg_statement m = { answer };

	return fg_msg_put_statement(data, sizeof(data), &header, &m, ret_len);
}

static const char *
repeat(char c, size_t n)
{
	static char text[FG_STATEMENT_MAX + 2];

	assert_true(n < sizeof(text));
	memset(text, c, n);
	text[n] = '\0';
	return text;
}

static void
assert_nothing_in(const struct fg_witness *m)
{
	assert_string_equal(m->token, "");
	assert_string_equal(m->user, "");
	assert_string_equal(m->host, "");
}

static void
a_question_comes_back(void **state)
{
	struct fg_witness back;
	struct fg_header hdr;
	size_t len;

	(void)state;
	assert_int_equal(put_witness(TOKEN, "CORP\\al\xc3\xafs@x", "fe80::1%lo",
			     &len),
	    0);
	assert_int_equal(fg_msg_get_header(data, len, &hdr), 0);
	assert_int_equal(hdr.type, FG_MSG_WITNESS);
	assert_int_equal(fg_msg_get_witness(data, len, &back), 0);
	assert_string_equal(back.token, TOKEN);
	assert_string_equal(back.user, "CORP\\al\xc3\xafs@x");
	assert_string_equal(back.host, "fe80::1%lo");
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_not_equal(fg_msg_get_witness(data, cut, &back), 0);
		assert_nothing_in(&back);
	}
	assert_int_equal(fg_msg_get_witness(data, len + 1, &back),
	    FG_ERR_TRAILING);
	assert_nothing_in(&back);
}

static void
an_answer_comes_back(void **state)
{
	struct fg_statement back;
	struct fg_header hdr;
	size_t len;

	(void)state;
	assert_int_equal(put_statement(ANSWER, &len), 0);
	assert_int_equal(fg_msg_get_header(data, len, &hdr), 0);
	assert_int_equal(hdr.type, FG_MSG_STATEMENT);
	assert_int_equal(fg_msg_get_statement(data, len, &back), 0);
	assert_string_equal(back.answer, ANSWER);
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_not_equal(fg_msg_get_statement(data, cut, &back), 0);
		assert_string_equal(back.answer, "");
	}
	assert_int_equal(fg_msg_get_statement(data, len + 1, &back),
	    FG_ERR_TRAILING);
	assert_string_equal(back.answer, "");
}

static void
what_is_empty_is_refused(void **state)
{
	size_t len;

	(void)state;
	assert_int_equal(put_witness("", "alice", "jump", &len), FG_ERR_FORMAT);
	assert_int_equal(put_witness(TOKEN, "", "jump", &len), FG_ERR_FORMAT);
	assert_int_equal(put_witness(TOKEN, "alice", "", &len), FG_ERR_FORMAT);
	assert_int_equal(put_statement("", &len), FG_ERR_FORMAT);
	assert_int_equal(len, 0);
}

/* Each byte that can stand in a string, in the middle of it. */
static void
a_word_is_a_word_and_a_name_a_name(void **state)
{
	size_t len;

	(void)state;
	for (int c = 1; c <= UINT8_MAX; c++) {
		char text[] = { 'a', (char)c, 'b', '\0' };
		int name = c < ' ' || c == 0x7f ? FG_ERR_FORMAT : 0;
		int word = FG_ERR_FORMAT;

		if (c < 0x80 && (isalnum(c) || strchr("._-", c) != NULL))
			word = 0;
		assert_int_equal(put_witness(text, "u", "h", &len), word);
		assert_int_equal(put_statement(text, &len), word);
		assert_int_equal(put_witness("t", text, "h", &len), name);
		assert_int_equal(put_witness("t", "u", text, &len), name);
	}
}

/* A peer that does not look: the byte is put in behind the encoder's back. */
static void
an_odd_byte_is_refused_by_who_reads(void **state)
{
	struct fg_statement answer;
	struct fg_witness question;
	size_t len;

	(void)state;
	assert_int_equal(put_witness("ttt", "uuu", "hhh", &len), 0);
	for (size_t at = FG_HEADER_SIZE; at < len; at++) {
		uint8_t was = data[at];

		if (was != 't' && was != 'u' && was != 'h')
			continue;
		data[at] = '\n';
		assert_int_equal(fg_msg_get_witness(data, len, &question),
		    FG_ERR_FORMAT);
		assert_nothing_in(&question);
		data[at] = was;
	}
	assert_int_equal(put_statement("sss", &len), 0);
	for (size_t at = FG_HEADER_SIZE + 2; at < len - 1; at++) {
		data[at] = '\n';
		assert_int_equal(fg_msg_get_statement(data, len, &answer),
		    FG_ERR_FORMAT);
		assert_string_equal(answer.answer, "");
		data[at] = 's';
	}
}

static void
the_longest_come_back_and_no_longer_ones(void **state)
{
	struct fg_statement answer;
	struct fg_witness question;
	size_t len;

	(void)state;
	assert_int_equal(put_witness(repeat('t', FG_TOKEN_MAX), "u", "h", &len),
	    0);
	assert_int_equal(fg_msg_get_witness(data, len, &question), 0);
	assert_int_equal(strlen(question.token), FG_TOKEN_MAX);
	assert_int_equal(put_witness(repeat('t', FG_TOKEN_MAX + 1), "u", "h",
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(put_witness("t", repeat('u', FG_USER_MAX), "h", &len),
	    0);
	assert_int_equal(put_witness("t", repeat('u', FG_USER_MAX + 1), "h",
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(put_witness("t", "u", repeat('h', FG_HOST_MAX), &len),
	    0);
	assert_int_equal(put_witness("t", "u", repeat('h', FG_HOST_MAX + 1),
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(put_statement(repeat('s', FG_STATEMENT_MAX), &len), 0);
	assert_int_equal(fg_msg_get_statement(data, len, &answer), 0);
	assert_int_equal(strlen(answer.answer), FG_STATEMENT_MAX);
	assert_int_equal(put_statement(repeat('s', FG_STATEMENT_MAX + 1), &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_comes_back),
		TEST(an_answer_comes_back),
		TEST(what_is_empty_is_refused),
		TEST(a_word_is_a_word_and_a_name_a_name),
		TEST(an_odd_byte_is_refused_by_who_reads),
		TEST(the_longest_come_back_and_no_longer_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
