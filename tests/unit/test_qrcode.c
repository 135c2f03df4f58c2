/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QR code on a terminal: that it is one, with its quiet zone, in colours of
 * its own, and nothing where it does not fit.
 */
#include "ctl/qrcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define COLOURS "\033[0;97;40m"
#define PLAIN	"\033[0m"
#define QUIET	4
#define MAX	256

static const char text[] = "otpauth://totp/Farmgate%20h:a?secret=MZXW6YTB"
			   "&issuer=Farmgate%20h&algorithm=SHA1&digits=6";

/* What was printed, as modules again: white is true. */
static bool white[MAX][MAX];
static int width, height;

/* A half block at s: its bytes, and what it shows. */
static size_t
read_block(const char *s, bool *ret_upper, bool *ret_lower)
{
	if (*s == ' ') {
		*ret_upper = *ret_lower = false;
		return 1;
	}
	assert_memory_equal(s, "\xe2\x96", 2);
	*ret_upper = s[2] == '\x80' || s[2] == '\x88';
	*ret_lower = s[2] == '\x84' || s[2] == '\x88';
	assert_true(*ret_upper || *ret_lower);
	return 3;
}

static void
read_line(const char *line)
{
	const char *s = line + sizeof(COLOURS) - 1;
	int x;

	assert_memory_equal(line, COLOURS, sizeof(COLOURS) - 1);
	for (x = 0; *s != '\033'; x++) {
		assert_true(x < MAX && height + 1 < MAX);
		s += read_block(s, &white[height][x], &white[height + 1][x]);
	}
	assert_string_equal(s, PLAIN);
	assert_true(width == 0 || width == x);
	width = x;
	height += 2;
}

/* Print it, and read it back. Returns what qrcode_print() does. */
static int
print(const char *what, unsigned int columns)
{
	char *printed = NULL, *line, *end;
	size_t size;
	FILE *out = open_memstream(&printed, &size);
	int r;

	assert_non_null(out);
	r = qrcode_print(what, columns, out);
	assert_int_equal(fclose(out), 0);
	width = height = 0;
	for (line = printed; (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		*end = '\0';
		read_line(line);
	}
	assert_string_equal(line, "");
	free(printed);
	return r;
}

/* Black, white and black squares, one in the other, and white around them. */
static void
assert_finder(int left, int top)
{
	int x, y, ring, dx, dy;

	for (y = -1; y <= 7; y++)
		for (x = -1; x <= 7; x++) {
			dx = abs(x - 3);
			dy = abs(y - 3);
			ring = dx > dy ? dx : dy;
			assert_int_equal(white[top + y][left + x],
			    ring == 2 || ring == 4);
		}
}

static void
it_has_its_finders_in_three_corners(void **state)
{
	(void)state;
	assert_int_equal(print(text, 0), 0);
	assert_int_equal((width - 2 * QUIET - 17) % 4, 0);
	assert_int_equal(height, width + 1); /* of two rows a line */
	assert_finder(QUIET, QUIET);
	assert_finder(width - QUIET - 7, QUIET);
	assert_finder(QUIET, width - QUIET - 7);
}

static void
it_has_a_quiet_zone(void **state)
{
	int x, y;

	(void)state;
	assert_int_equal(print(text, 0), 0);
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			if (x < QUIET || y < QUIET || x >= width - QUIET ||
			    y >= width - QUIET)
				assert_true(white[y][x]);
}

static void
another_text_is_another_code(void **state)
{
	static bool first[MAX][MAX];

	(void)state;
	assert_int_equal(print("a", 0), 0);
	memcpy(first, white, sizeof(first));
	assert_int_equal(print("b", 0), 0);
	assert_memory_not_equal(first, white, sizeof(first));
}

static void
what_does_not_fit_is_not_printed(void **state)
{
	static char longest[4000];
	unsigned int columns;

	(void)state;
	assert_int_equal(print(text, 0), 0);
	columns = (unsigned int)width;
	assert_int_equal(print(text, columns), 0);
	assert_int_equal(print(text, columns - 1), FG_ERR_LIMIT);
	assert_int_equal(width, 0);
	memset(longest, 'a', sizeof(longest) - 1);
	assert_int_equal(print(longest, 0), FG_ERR_LIMIT);
	assert_int_equal(width, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_its_finders_in_three_corners),
		cmocka_unit_test(it_has_a_quiet_zone),
		cmocka_unit_test(another_text_is_another_code),
		cmocka_unit_test(what_does_not_fit_is_not_printed),
	};

	return cmocka_run_group_tests_name("QR codes", tests, NULL, NULL);
}
