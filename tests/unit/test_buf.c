/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cursor: what it writes it reads back, it never leaves its bytes, and
 * the first error stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/buf.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)

static void
integers_are_big_endian(void **state)
{
	static const uint8_t want[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
		0x07 };
	uint8_t data[7];
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_put_u8(&buf, 0x01), 0);
	assert_int_equal(fg_buf_put_u16(&buf, 0x0203), 0);
	assert_int_equal(fg_buf_put_u32(&buf, 0x04050607), 0);
	assert_int_equal(fg_buf_end(&buf), 0);
	assert_memory_equal(data, want, sizeof(want));
}

static void
integers_are_read_back(void **state)
{
	uint8_t data[7], u8;
	uint16_t u16;
	uint32_t u32;
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	(void)fg_buf_put_u8(&buf, UINT8_MAX);
	(void)fg_buf_put_u16(&buf, UINT16_MAX - 1);
	(void)fg_buf_put_u32(&buf, UINT32_MAX - 2);
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_u8(&buf, &u8), 0);
	assert_int_equal(fg_buf_get_u16(&buf, &u16), 0);
	assert_int_equal(fg_buf_get_u32(&buf, &u32), 0);
	assert_int_equal(fg_buf_end(&buf), 0);
	assert_true(u8 == UINT8_MAX && u16 == UINT16_MAX - 1);
	assert_true(u32 == UINT32_MAX - 2);
}

static void
an_integer_that_does_not_fit_writes_nothing(void **state)
{
	uint8_t data[4] = { 0xaa, 0xaa, 0xaa, 0xaa };
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, 3);
	assert_int_equal(fg_buf_put_u32(&buf, 0), FG_ERR_LIMIT);
	assert_int_equal(buf.off, 0);
	assert_int_equal(data[0], 0xaa);
	assert_int_equal(data[3], 0xaa);
}

static void
a_short_read_gives_zero_and_an_error(void **state)
{
	uint8_t data[7] = { 1, 2, 3, 4, 5, 6, 7 }, out[8] = { 9 };
	uint32_t v = 9;
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, 3);
	assert_int_equal(fg_buf_get_u32(&buf, &v), FG_ERR_SHORT);
	assert_true(v == 0);
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_bytes(&buf, out, 8), FG_ERR_SHORT);
	assert_int_equal(out[0], 0);
	assert_int_equal(buf.off, 0);
}

static void
the_first_error_stays(void **state)
{
	uint8_t data[4] = { 0, 9, 'a', 0 }, u8 = 7;
	const char *s = "x";
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_string(&buf, 4, &s), FG_ERR_LIMIT);
	assert_string_equal(s, "");
	/* There are bytes left, and they must not be given out any more. */
	assert_int_equal(fg_buf_get_u8(&buf, &u8), FG_ERR_LIMIT);
	assert_int_equal(u8, 0);
	assert_int_equal(fg_buf_put_u8(&buf, 1), FG_ERR_LIMIT);
	assert_int_equal(fg_buf_put_string(&buf, 1, ""), FG_ERR_LIMIT);
	assert_int_equal(fg_buf_put_bytes(&buf, "a", 1), FG_ERR_LIMIT);
	assert_int_equal(fg_buf_end(&buf), FG_ERR_LIMIT);
	assert_int_equal(data[2], 'a');
}

static void
leftover_bytes_are_an_error(void **state)
{
	uint8_t data[2] = { 0 }, u8;
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	(void)fg_buf_get_u8(&buf, &u8);
	assert_int_equal(fg_buf_end(&buf), FG_ERR_TRAILING);
	(void)fg_buf_get_u8(&buf, &u8);
	assert_int_equal(fg_buf_end(&buf), 0);
}

static void
a_string_is_read_back_in_place(void **state)
{
	uint8_t data[16];
	const char *s;
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, 3 + 5);
	assert_int_equal(fg_buf_put_string(&buf, 5, "\xff\x1b%n\n"), 0);
	assert_int_equal(fg_buf_end(&buf), 0);
	fg_buf_init(&buf, data, 3 + 5);
	assert_int_equal(fg_buf_get_string(&buf, 5, &s), 0);
	assert_string_equal(s, "\xff\x1b%n\n");
	assert_ptr_equal(s, data + 2);
	assert_int_equal(fg_buf_end(&buf), 0);
}

static void
null_is_written_as_the_empty_string(void **state)
{
	uint8_t data[3] = { 1, 1, 1 };
	const char *s = NULL;
	struct fg_buf buf;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_put_string(&buf, 0, NULL), 0);
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_string(&buf, 0, &s), 0);
	assert_string_equal(s, "");
	assert_int_equal(fg_buf_end(&buf), 0);
}

static void
a_string_one_byte_over_its_limit_is_refused(void **state)
{
	uint8_t data[32] = { 0 };
	struct fg_buf buf;
	const char *s;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_put_string(&buf, 3, "abcd"), FG_ERR_LIMIT);
	assert_int_equal(data[1], 0);
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_put_string(&buf, 4, "abcd"), 0);
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_string(&buf, 3, &s), FG_ERR_LIMIT);
}

static void
a_string_beyond_what_a_length_can_say_is_refused(void **state)
{
	size_t n = (size_t)UINT16_MAX + 1;
	uint8_t *data = calloc(1, n + 64);
	char *s = calloc(1, n + 1);
	struct fg_buf buf;

	(void)state;
	assert_non_null(data);
	assert_non_null(s);
	memset(s, 'a', n);
	fg_buf_init(&buf, data, n + 64);
	assert_int_equal(fg_buf_put_string(&buf, SIZE_MAX, s), FG_ERR_LIMIT);
	s[n - 1] = '\0';
	fg_buf_init(&buf, data, n + 64);
	assert_int_equal(fg_buf_put_string(&buf, SIZE_MAX, s), 0);
	free(s);
	free(data);
}

static void
a_string_without_room_for_its_end_writes_nothing(void **state)
{
	uint8_t data[8];

	(void)state;
	for (size_t size = 0; size < 6; size++) {
		struct fg_buf buf;

		memset(data, 0xaa, sizeof(data));
		fg_buf_init(&buf, data, size);
		assert_int_equal(fg_buf_put_string(&buf, 3, "abc"),
		    FG_ERR_LIMIT);
		for (size_t i = 0; i < sizeof(data); i++)
			assert_int_equal(data[i], 0xaa);
	}
}

static void
a_nul_inside_a_string_is_refused(void **state)
{
	uint8_t data[] = { 0, 3, 'a', 0, 'c', 0 };
	struct fg_buf buf;
	const char *s;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_string(&buf, 8, &s), FG_ERR_FORMAT);
	assert_string_equal(s, "");
	assert_int_equal(fg_buf_end(&buf), FG_ERR_FORMAT);
}

static void
a_string_without_its_terminator_is_refused(void **state)
{
	uint8_t data[] = { 0, 3, 'a', 'b', 'c', 'd' };
	struct fg_buf buf;
	const char *s;

	(void)state;
	fg_buf_init(&buf, data, sizeof(data));
	assert_int_equal(fg_buf_get_string(&buf, 8, &s), FG_ERR_FORMAT);
	fg_buf_init(&buf, data, sizeof(data) - 1);
	assert_int_equal(fg_buf_get_string(&buf, 8, &s), FG_ERR_SHORT);
}

static void
an_empty_cursor_has_nothing_to_read(void **state)
{
	struct fg_buf buf;
	uint8_t u8;

	(void)state;
	fg_buf_init(&buf, NULL, 0);
	assert_int_equal(fg_buf_end(&buf), 0);
	assert_int_equal(fg_buf_get_bytes(&buf, NULL, 0), 0);
	assert_int_equal(fg_buf_put_bytes(&buf, NULL, 0), 0);
	assert_int_equal(fg_buf_get_u8(&buf, &u8), FG_ERR_SHORT);
}

static void
every_result_has_a_text_and_strangers_share_one(void **state)
{
	const char *unknown = fg_strerror(1);

	(void)state;
	for (int r = FG_OK; r >= FG_ERR_CONFIG; r--) {
		assert_non_null(fg_strerror(r));
		assert_string_not_equal(fg_strerror(r), unknown);
		for (int other = FG_OK; other > r; other--)
			assert_string_not_equal(fg_strerror(r),
			    fg_strerror(other));
	}
	assert_string_equal(fg_strerror(FG_ERR_CONFIG - 1), unknown);
	assert_string_equal(fg_strerror(INT32_MIN), unknown);
	assert_string_equal(fg_strerror(INT32_MAX), unknown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(integers_are_big_endian),
		TEST(integers_are_read_back),
		TEST(an_integer_that_does_not_fit_writes_nothing),
		TEST(a_short_read_gives_zero_and_an_error),
		TEST(the_first_error_stays),
		TEST(leftover_bytes_are_an_error),
		TEST(a_string_is_read_back_in_place),
		TEST(null_is_written_as_the_empty_string),
		TEST(a_string_one_byte_over_its_limit_is_refused),
		TEST(a_string_beyond_what_a_length_can_say_is_refused),
		TEST(a_string_without_room_for_its_end_writes_nothing),
		TEST(a_nul_inside_a_string_is_refused),
		TEST(a_string_without_its_terminator_is_refused),
		TEST(an_empty_cursor_has_nothing_to_read),
		TEST(every_result_has_a_text_and_strangers_share_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
