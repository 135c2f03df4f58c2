/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Marked blocks: what was put in comes out again, and every byte around it is
 * what it was.
 */
#include "ctl/rollout/block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define GATE	"account required pam_farmgate.so\n"
#define SESSION "session required pam_farmgate.so\n"
#define MARKED	BLOCK_BEGIN "\n" GATE BLOCK_END "\n"

static const char stack[] = "#%PAM-1.0\n"
			    "auth include common-auth\n"
			    "account include \\\n"
			    "  common-account\n"
			    "\n"
			    "session include common-session";

/* bytes, taken apart. */
static void
split(const char *bytes, struct block_text *text)
{
	unsigned int line;

	assert_int_equal(block_split(bytes, strlen(bytes), text, &line), 0);
}

static void
want_joined(const struct block_text *text, const char *want)
{
	char *bytes;
	size_t len;

	assert_int_equal(block_join(text, &bytes, &len), 0);
	assert_int_equal(len, strlen(bytes));
	assert_string_equal(bytes, want);
	free(bytes);
}

static void
test_comes_out_as_it_was(void **state)
{
	struct block_text text, again;
	char *with;
	size_t len;

	(void)state;
	split(stack, &text);
	assert_int_equal(text.n, 0);
	assert_int_equal(block_add(&text, 6, SESSION), 0);
	assert_int_equal(block_add(&text, 3, GATE), 0);
	assert_int_equal(block_join(&text, &with, &len), 0);
	split(with, &again);
	assert_int_equal(again.n, 2);
	assert_int_equal(again.blocks[0].before, 3);
	assert_string_equal(again.blocks[0].lines, GATE);
	assert_int_equal(again.blocks[1].before, 6);
	want_joined(&again, with);
	block_clear(&again);
	want_joined(&again, stack);
	free(with);
	block_done(&text);
	block_done(&again);
}

static void
test_stands_in_front_of_its_line(void **state)
{
	struct block_text text;

	(void)state;
	split("a\nb\n", &text);
	assert_int_equal(block_add(&text, 2, GATE), 0);
	want_joined(&text, "a\n" MARKED "b\n");
	block_done(&text);
	split("a\nb\n", &text);
	assert_int_equal(block_add(&text, 1, GATE), 0);
	want_joined(&text, MARKED "a\nb\n");
	block_done(&text);
}

static void
test_two_of_one_place_keep_their_order(void **state)
{
	struct block_text text;

	(void)state;
	split("a\n", &text);
	assert_int_equal(block_add(&text, 1, GATE), 0);
	assert_int_equal(block_add(&text, 1, SESSION), 0);
	want_joined(&text, MARKED BLOCK_BEGIN "\n" SESSION BLOCK_END "\na\n");
	block_done(&text);
}

static void
test_needs_a_line_to_stand_before(void **state)
{
	struct block_text text;

	(void)state;
	split("a\nb", &text);
	assert_int_equal(block_add(&text, 0, GATE), FG_ERR_NOT_FOUND);
	assert_int_equal(block_add(&text, 3, GATE), FG_ERR_NOT_FOUND);
	assert_int_equal(block_add(&text, 2, GATE), 0);
	block_done(&text);
	split("", &text);
	assert_int_equal(block_add(&text, 1, GATE), FG_ERR_NOT_FOUND);
	block_done(&text);
}

static void
test_has_no_more_than_fit(void **state)
{
	struct block_text text;
	unsigned int i;

	(void)state;
	split("a\n", &text);
	for (i = 0; i < BLOCKS_MAX; i++)
		assert_int_equal(block_add(&text, 1, GATE), 0);
	assert_int_equal(block_add(&text, 1, GATE), FG_ERR_LIMIT);
	block_done(&text);
}

/* What somebody did to the file between enable and disable stays. */
static void
test_edits_around_it_stay(void **state)
{
	struct block_text text;

	(void)state;
	split("new\n" MARKED "b\nmore", &text);
	block_clear(&text);
	want_joined(&text, "new\nb\nmore");
	block_done(&text);
	/* the line that it stood before is gone */
	split("a\n" MARKED, &text);
	assert_int_equal(text.n, 1);
	want_joined(&text, "a\n" MARKED);
	block_clear(&text);
	want_joined(&text, "a\n");
	block_done(&text);
}

static void
test_a_comment_that_quotes_a_mark_is_none(void **state)
{
	static const char quoting[] = "# see: " BLOCK_BEGIN "\n" BLOCK_END " \n"
				      " " BLOCK_END "\n" BLOCK_END;
	struct block_text text;

	(void)state;
	split(quoting, &text);
	assert_int_equal(text.n, 0);
	want_joined(&text, quoting);
	block_done(&text);
}

static void
want_refused(const char *bytes, unsigned int want_line)
{
	struct block_text text;
	unsigned int line;

	assert_int_equal(block_split(bytes, strlen(bytes), &text, &line),
	    FG_ERR_FORMAT);
	assert_int_equal(line, want_line);
	assert_null(text.rest);
	assert_int_equal(text.n, 0);
}

static void
test_a_mark_without_its_counterpart_is_named(void **state)
{
	(void)state;
	want_refused("a\n" BLOCK_END "\n", 2);
	want_refused("a\n" BLOCK_BEGIN "\nb\n", 2);
	want_refused(MARKED BLOCK_BEGIN "\n" BLOCK_BEGIN "\n", 5);
	want_refused(MARKED MARKED MARKED MARKED MARKED, 13);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_out_as_it_was),
		cmocka_unit_test(test_stands_in_front_of_its_line),
		cmocka_unit_test(test_two_of_one_place_keep_their_order),
		cmocka_unit_test(test_needs_a_line_to_stand_before),
		cmocka_unit_test(test_has_no_more_than_fit),
		cmocka_unit_test(test_edits_around_it_stay),
		cmocka_unit_test(test_a_comment_that_quotes_a_mark_is_none),
		cmocka_unit_test(test_a_mark_without_its_counterpart_is_named),
	};

	return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
