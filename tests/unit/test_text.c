/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The escapes against hostile bytes, in every buffer size; the number parser
 * against everything that is no plain number.
 */
#include "policyd/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define ESCAPES(src, want) \
	assert_string_equal(text_escape(buf, sizeof(buf), src), want)
#define SHOWS(src, want)                                            \
	assert_string_equal(text_escape_utf8(buf, sizeof(buf), src, \
				sizeof(src) - 1),                   \
	    want)

static void
test_ascii_stays(void **state)
{
	char buf[256];

	(void)state;
	ESCAPES("", "");
	ESCAPES("alice", "alice");
	ESCAPES(" ~!\"'$`<>", " ~!\"'$`<>");
	SHOWS("", "");
	SHOWS("alice ~", "alice ~");
}

static void
test_control_bytes_are_escaped(void **state)
{
	char buf[256];

	(void)state;
	ESCAPES("a\nb", "a\\x0ab");
	ESCAPES("\r\t\x1b[2J\x7f", "\\x0d\\x09\\x1b[2J\\x7f");
	ESCAPES("\xc3\xa9\xff", "\\xc3\\xa9\\xff");
	SHOWS("a\nb\x1b]0;x\x07\x7f", "a\\x0ab\\x1b]0;x\\x07\\x7f");
	SHOWS("nul\0l", "nul\\x00l");
}

static void
test_backslash_cannot_forge_an_escape(void **state)
{
	char buf[256];

	(void)state;
	ESCAPES("\\x0a", "\\\\x0a");
	SHOWS("\\x0a", "\\\\x0a");
}

static void
test_what_is_escaped_is_not_escaped_again(void **state)
{
	static const char src[] = "a\\x01 \\\\ \x1b[2J";
	char buf[64];

	(void)state;
	assert_string_equal(text_escape_once_utf8(buf, sizeof(buf), src,
				strlen(src)),
	    "a\\x01 \\\\ \\x1b[2J");
}

static void
test_visible_utf8_stays_on_a_terminal(void **state)
{
	char buf[256];

	(void)state;
	SHOWS("J\xc3\xb6rg", "J\xc3\xb6rg");
	SHOWS("\xe6\x9d\xb1\xe4\xba\xac", "\xe6\x9d\xb1\xe4\xba\xac");
	SHOWS("\xf0\x9f\x94\x91", "\xf0\x9f\x94\x91");
}

static void
test_c1_controls_are_escaped(void **state)
{
	char buf[256];

	(void)state;
	SHOWS("\xc2\x80", "\\xc2\\x80");
	SHOWS("\xc2\x9b"
	      "2J",
	    "\\xc2\\x9b2J");
	SHOWS("\xc2\x9f", "\\xc2\\x9f");
	SHOWS("\xc2\xa0", "\xc2\xa0");
}

/* Encode without judging, so that surrogates can be tried too. */
static size_t
encode(uint32_t cp, char out[5])
{
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned int lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(lead[n] | cp);
	out[n] = '\0';
	return n;
}

static void
assert_range_escaped(uint32_t first, uint32_t last)
{
	char buf[32], utf8[5];
	size_t n;

	for (uint32_t cp = first; cp <= last; cp++) {
		n = encode(cp, utf8);
		(void)text_escape_utf8(buf, sizeof(buf), utf8, n);
		if (buf[0] != '\\' || strlen(buf) != 4 * n)
			fail_msg("U+%04X is shown as it is", cp);
	}
}

static void
test_invisible_code_points_are_escaped(void **state)
{
	(void)state;
	assert_range_escaped(0x200b, 0x200f);
	assert_range_escaped(0x2028, 0x202e);
	assert_range_escaped(0x2060, 0x2069);
	assert_range_escaped(0xfeff, 0xfeff);
	assert_range_escaped(0xe0001, 0xe0001);
	assert_range_escaped(0xe0020, 0xe007f);
	assert_range_escaped(0xfdd0, 0xfdef);
	for (uint32_t plane = 0; plane <= 0x10; plane++)
		assert_range_escaped((plane << 16) + 0xfffe,
		    (plane << 16) + 0xffff);
}

static void
test_surrogates_are_no_characters(void **state)
{
	(void)state;
	assert_range_escaped(0xd800, 0xdfff);
	assert_false(text_is_utf8("\xed\xa0\x80", 3));
	assert_false(text_is_utf8("\xed\xbf\xbf", 3));
	assert_true(text_is_utf8("\xed\x9f\xbf", 3));
	assert_true(text_is_utf8("\xee\x80\x80", 3));
}

static void
test_overlong_forms_are_refused(void **state)
{
	char buf[64];

	(void)state;
	assert_false(text_is_utf8("\xc0\x80", 2));
	assert_false(text_is_utf8("\xc1\xbf", 2));
	assert_false(text_is_utf8("\xe0\x80\x8a", 3));
	assert_false(text_is_utf8("\xe0\x9f\xbf", 3));
	assert_false(text_is_utf8("\xf0\x80\x80\x8a", 4));
	assert_false(text_is_utf8("\xf0\x8f\xbf\xbf", 4));
	SHOWS("\xc0\x8a", "\\xc0\\x8a");
	SHOWS("\xe0\x80\x8a", "\\xe0\\x80\\x8a");
}

static void
test_code_points_above_the_last_are_refused(void **state)
{
	(void)state;
	assert_true(text_is_utf8("\xf4\x8f\xbf\xbd", 4));
	assert_false(text_is_utf8("\xf4\x90\x80\x80", 4));
	assert_false(text_is_utf8("\xf5\x80\x80\x80", 4));
	assert_false(text_is_utf8("\xfe", 1));
	assert_false(text_is_utf8("\xff", 1));
}

static void
test_cut_sequences_are_refused(void **state)
{
	char buf[64];

	(void)state;
	assert_false(text_is_utf8("\x80", 1));
	assert_false(text_is_utf8("\xc3", 1));
	assert_false(text_is_utf8("\xe6\x9d", 2));
	assert_false(text_is_utf8("\xf0\x9f\x94", 3));
	assert_false(text_is_utf8("\xc3(", 2));
	assert_false(text_is_utf8("a\0b", 3));
	assert_true(text_is_utf8("", 0));
	SHOWS("\xe6\x9d", "\\xe6\\x9d");
	SHOWS("\xc3\n", "\\xc3\\x0a");
}

/* Nothing behind the buffer is touched, and no escape is cut in two. */
static void
assert_cut_well(const char *src, size_t len, bool utf8)
{
	char whole[512], *buf;
	size_t n;

	if (utf8)
		(void)text_escape_utf8(whole, sizeof(whole), src, len);
	else
		(void)text_escape(whole, sizeof(whole), src);
	for (size_t size = 1; size <= strlen(whole) + 2; size++) {
		assert_non_null(buf = malloc(size)); /* for the sanitizer */
		if (utf8)
			(void)text_escape_utf8(buf, size, src, len);
		else
			(void)text_escape(buf, size, src);
		n = strlen(buf);
		assert_true(n < size);
		if (size > strlen(whole)) {
			assert_string_equal(buf, whole);
		} else if (size >= 4) {
			assert_true(n >= 3);
			assert_string_equal(buf + n - 3, "...");
			assert_memory_equal(buf, whole, n - 3);
			/* the next unit starts where this one ended */
			assert_true(n == 3 || whole[n - 3] == '\\' ||
			    buf[n - 4] != '\\');
		}
		free(buf);
	}
}

static void
test_every_buffer_size_is_terminated(void **state)
{
	static const char hostile[] = "ab\x1b\\\n\xe2\x80\xae\xc3\xa9 z\xff";

	(void)state;
	assert_cut_well(hostile, sizeof(hostile) - 1, false);
	assert_cut_well(hostile, sizeof(hostile) - 1, true);
	assert_cut_well("", 0, false);
	assert_cut_well("\\\\\\\\\\\\", 6, false);
}

static void
test_cut_text_ends_in_dots(void **state)
{
	char buf[8];

	(void)state;
	ESCAPES("1234567", "1234567");
	ESCAPES("12345678", "1234...");
	ESCAPES("123\n567", "123...");
	ESCAPES("\n\n", "\\x0a...");
}

static void
test_plain_numbers_are_read(void **state)
{
	uint64_t v;

	(void)state;
	assert_int_equal(text_parse_uint("0", 0, 9, &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(text_parse_uint("0042", 0, 99, &v), 0);
	assert_int_equal(v, 42);
	assert_int_equal(text_parse_uint("18446744073709551615", 0, UINT64_MAX,
			     &v),
	    0);
	assert_true(v == UINT64_MAX);
}

static void
test_anything_else_is_no_number(void **state)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-1", "0x10",
		"1e3", "1.0", "1\n", "\xd9\xa1", "a", "99999999999999999999x" };
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		v = 7;
		assert_int_equal(text_parse_uint(bad[i], 0, UINT64_MAX, &v),
		    FG_ERR_FORMAT);
		assert_int_equal(v, 0);
	}
}

static void
test_numbers_out_of_range_are_refused(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_int_equal(text_parse_uint("10", 0, 9, &v), FG_ERR_LIMIT);
	assert_int_equal(v, 0);
	assert_int_equal(text_parse_uint("2", 3, 9, &v), FG_ERR_LIMIT);
	assert_int_equal(text_parse_uint("18446744073709551616", 0, UINT64_MAX,
			     &v),
	    FG_ERR_LIMIT);
	assert_int_equal(text_parse_uint("99999999999999999999999", 0,
			     UINT64_MAX, &v),
	    FG_ERR_LIMIT);
}

static void
test_format_says_when_it_cuts(void **state)
{
	char buf[4];

	(void)state;
	assert_int_equal(text_format(buf, sizeof(buf), "%d", 123), 0);
	assert_string_equal(buf, "123");
	assert_int_equal(text_format(buf, sizeof(buf), "%d", 1234),
	    FG_ERR_LIMIT);
	assert_string_equal(buf, "123");
}

static void
test_a_copy_that_does_not_fit_is_cut_and_terminated(void **state)
{
	char buf[4];

	(void)state;
	memset(buf, 'x', sizeof(buf));
	assert_int_equal(text_copy(buf, sizeof(buf), "abc"), 0);
	assert_string_equal(buf, "abc");
	assert_int_equal(text_copy(buf, sizeof(buf), "wxyz"), FG_ERR_LIMIT);
	assert_string_equal(buf, "wxy");
	assert_int_equal(text_copy(buf, 1, "w"), FG_ERR_LIMIT);
	assert_string_equal(buf, "");
	memset(buf, 'x', sizeof(buf));
	assert_int_equal(text_copy(buf, sizeof(buf), ""), 0);
	assert_memory_equal(buf, "\0xxx", sizeof(buf));
}

static void
test_an_error_is_errnos_or_its_own(void **state)
{
	(void)state;
	errno = ENOSPC;
	assert_string_equal(text_error(FG_ERR_SYSTEM), strerror(ENOSPC));
	assert_string_equal(text_error(FG_ERR_BUSY), fg_strerror(FG_ERR_BUSY));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii_stays),
		cmocka_unit_test(
		    test_a_copy_that_does_not_fit_is_cut_and_terminated),
		cmocka_unit_test(test_control_bytes_are_escaped),
		cmocka_unit_test(test_backslash_cannot_forge_an_escape),
		cmocka_unit_test(test_visible_utf8_stays_on_a_terminal),
		cmocka_unit_test(test_what_is_escaped_is_not_escaped_again),
		cmocka_unit_test(test_c1_controls_are_escaped),
		cmocka_unit_test(test_invisible_code_points_are_escaped),
		cmocka_unit_test(test_surrogates_are_no_characters),
		cmocka_unit_test(test_overlong_forms_are_refused),
		cmocka_unit_test(test_code_points_above_the_last_are_refused),
		cmocka_unit_test(test_cut_sequences_are_refused),
		cmocka_unit_test(test_every_buffer_size_is_terminated),
		cmocka_unit_test(test_cut_text_ends_in_dots),
		cmocka_unit_test(test_plain_numbers_are_read),
		cmocka_unit_test(test_anything_else_is_no_number),
		cmocka_unit_test(test_numbers_out_of_range_are_refused),
		cmocka_unit_test(test_format_says_when_it_cuts),
		cmocka_unit_test(test_an_error_is_errnos_or_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
