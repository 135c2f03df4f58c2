/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HID report descriptors: what tells a keyboard, a mouse that moves, one that
 * points at places, and what only resembles them. Hostile ones end the reading.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/scanner/hardware/hid.h"
#include "proto/result.h"

/* Pieces of descriptors, as HID 1.11 writes them. */
#define DESKTOP	      0x05, 0x01
#define KEYS	      0x05, 0x07
#define BUTTONS	      0x05, 0x09
#define DIGITIZER     0x05, 0x0d
#define USAGE(u)      0x09, (u)
#define FROM_TO(a, b) 0x19, (a), 0x29, (b)
#define APPLICATION   0xa1, 0x01
#define PHYSICAL      0xa1, 0x00
#define END	      0xc0
#define RANGE_1	      0x15, 0x00, 0x25, 0x01
#define RANGE_15BIT   0x15, 0x00, 0x26, 0xff, 0x7f
#define RANGE_BYTE    0x15, 0x81, 0x25, 0x7f
#define FIELDS(n, s)  0x95, (n), 0x75, (s)
#define ABSOLUTE      0x81, 0x02
#define RELATIVE      0x81, 0x06
#define ARRAY	      0x81, 0x00
#define CONSTANT      0x81, 0x03
#define XY	      USAGE(0x30), USAGE(0x31)

#define KEYBOARD                                                               \
	DESKTOP, USAGE(0x06), APPLICATION, KEYS, FROM_TO(0xe0, 0xe7), RANGE_1, \
	    FIELDS(8, 1), ABSOLUTE, FIELDS(6, 8), 0x15, 0, 0x25, 0x65,         \
	    FROM_TO(0x00, 0x65), ARRAY, END
#define THREE_BUTTONS                                                          \
	BUTTONS, FROM_TO(1, 3), RANGE_1, FIELDS(3, 1), ABSOLUTE, FIELDS(1, 5), \
	    CONSTANT
#define MOUSE DESKTOP, USAGE(0x02), APPLICATION, USAGE(0x01), PHYSICAL

#define ABSOLUTE_MOUSE                                                 \
	MOUSE, THREE_BUTTONS, DESKTOP, XY, RANGE_15BIT, FIELDS(2, 16), \
	    ABSOLUTE, END, END
#define RELATIVE_MOUSE                                                         \
	MOUSE, THREE_BUTTONS, DESKTOP, XY, RANGE_BYTE, FIELDS(2, 8), RELATIVE, \
	    END, END

#define PARSE(r, uses, ...)                                                    \
	do {                                                                   \
		static const uint8_t bytes[] = { __VA_ARGS__ };                \
		assert_int_equal(hid_parse(bytes, sizeof(bytes), &uses), (r)); \
	} while (0)

static void
expect(const struct hid_uses *uses, const char *want)
{
	char have[8];

	have[0] = uses->keyboard ? 'k' : '-';
	have[1] = uses->relative_mouse ? 'r' : '-';
	have[2] = uses->absolute_mouse ? 'a' : '-';
	have[3] = uses->touch_screen ? 't' : '-';
	have[4] = uses->digitizer ? 'd' : '-';
	have[5] = '\0';
	assert_string_equal(have, want);
}

static void
test_keyboard(void **state)
{
	struct hid_uses uses;

	(void)state;
	PARSE(0, uses, KEYBOARD);
	expect(&uses, "k----");
	/* Keys of a pad: what stands above the letters. */
	PARSE(0, uses, DESKTOP, USAGE(0x06), APPLICATION, KEYS,
	    FROM_TO(0x68, 0x73), RANGE_1, FIELDS(12, 1), ABSOLUTE, END);
	expect(&uses, "-----");
	/* A presenter's four keys. */
	PARSE(0, uses, DESKTOP, USAGE(0x06), APPLICATION, KEYS, USAGE(0x05),
	    USAGE(0x29), USAGE(0x4b), USAGE(0x4e), RANGE_1, FIELDS(4, 1),
	    ABSOLUTE, END);
	expect(&uses, "-----");
	/* Letters as lights, and as bits that mean nothing. */
	PARSE(0, uses, DESKTOP, USAGE(0x06), APPLICATION, KEYS,
	    FROM_TO(0x00, 0x65), RANGE_1, FIELDS(0x65, 1), 0x91, 0x02,
	    FROM_TO(0x00, 0x65), CONSTANT, END);
	expect(&uses, "-----");
}

static void
test_keys_elsewhere(void **state)
{
	struct hid_uses uses;

	(void)state;
	/* In a vendor's collection they type as well. */
	PARSE(0, uses, 0x06, 0x00, 0xff, USAGE(0x01), APPLICATION, KEYS,
	    FROM_TO(0x00, 0x65), ARRAY, END);
	expect(&uses, "k----");
}

static void
test_mice(void **state)
{
	struct hid_uses uses;

	(void)state;
	PARSE(0, uses, RELATIVE_MOUSE);
	expect(&uses, "-r---");
	PARSE(0, uses, ABSOLUTE_MOUSE);
	expect(&uses, "--a--");
	PARSE(0, uses, KEYBOARD, RELATIVE_MOUSE, ABSOLUTE_MOUSE);
	expect(&uses, "kra--");
}

static void
test_no_mice(void **state)
{
	struct hid_uses uses;

	(void)state;
	/* Without a button. */
	PARSE(0, uses, MOUSE, DESKTOP, XY, RANGE_15BIT, FIELDS(2, 16), ABSOLUTE,
	    END, END);
	expect(&uses, "-----");
	/* One axis. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, DESKTOP, USAGE(0x30), RANGE_15BIT,
	    FIELDS(1, 16), ABSOLUTE, END, END);
	expect(&uses, "-----");
	/* No room to point at: a flag that was forgotten. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, DESKTOP, XY, RANGE_BYTE,
	    FIELDS(2, 8), ABSOLUTE, END, END);
	expect(&uses, "-----");
	/* A stick. */
	PARSE(0, uses, DESKTOP, USAGE(0x04), APPLICATION, THREE_BUTTONS,
	    DESKTOP, XY, RANGE_15BIT, FIELDS(2, 16), ABSOLUTE, END);
	expect(&uses, "-----");
	/* X and Y of two collections. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, DESKTOP, USAGE(0x30), RANGE_15BIT,
	    FIELDS(1, 16), ABSOLUTE, END, END, MOUSE, THREE_BUTTONS, DESKTOP,
	    USAGE(0x31), ABSOLUTE, END, END);
	expect(&uses, "-----");
	/* 30 and 31 of the page of buttons. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, XY, RANGE_15BIT, FIELDS(2, 16),
	    ABSOLUTE, END, END);
	expect(&uses, "-----");
}

static void
test_digitizers(void **state)
{
	struct hid_uses uses;

	(void)state;
	PARSE(0, uses, DIGITIZER, USAGE(0x04), APPLICATION, USAGE(0x22), 0xa1,
	    0x02, USAGE(0x42), RANGE_1, FIELDS(1, 1), ABSOLUTE, DESKTOP, XY,
	    RANGE_15BIT, FIELDS(2, 16), ABSOLUTE, END, END);
	expect(&uses, "---td");
	PARSE(0, uses, DIGITIZER, USAGE(0x02), APPLICATION, DESKTOP, XY,
	    RANGE_15BIT, FIELDS(2, 16), ABSOLUTE, END);
	expect(&uses, "----d");
	PARSE(0, uses, DIGITIZER, USAGE(0x05), APPLICATION, END,
	    RELATIVE_MOUSE);
	expect(&uses, "-r--d");
}

/* What the standard lets a device write otherwise. */
static void
test_other_forms(void **state)
{
	struct hid_uses uses;

	(void)state;
	/* The page after the usage, for it is the main item's. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, XY, DESKTOP, RANGE_15BIT,
	    FIELDS(2, 16), ABSOLUTE, END, END);
	expect(&uses, "--a--");
	/* Usages with their page in four bytes, and one as a range. */
	PARSE(0, uses, 0x0b, 0x02, 0, 0x01, 0, APPLICATION, 0x0b, 0x01, 0, 0x09,
	    0, RANGE_1, ABSOLUTE, 0x1b, 0x30, 0, 0x01, 0, 0x2b, 0x31, 0, 0x01,
	    0, RANGE_15BIT, ABSOLUTE, END);
	expect(&uses, "--a--");
	/* Pages that are put away and taken back; a range in two bytes. */
	PARSE(0, uses, DESKTOP, USAGE(0x02), APPLICATION, 0xa4, THREE_BUTTONS,
	    0xb4, 0x1a, 0x30, 0, 0x2a, 0x31, 0, RANGE_15BIT, ABSOLUTE, END);
	expect(&uses, "--a--");
	/* A long item between; from -32768 to 32767. */
	PARSE(0, uses, 0xfe, 0x02, 0x10, 0xaa, 0xbb, MOUSE, THREE_BUTTONS,
	    DESKTOP, XY, 0x16, 0x00, 0x80, 0x26, 0xff, 0x7f, ABSOLUTE, END,
	    END);
	expect(&uses, "--a--");
	/* To 65535 in two bytes, which a sign would make -1. */
	PARSE(0, uses, MOUSE, THREE_BUTTONS, DESKTOP, XY, 0x15, 0, 0x26, 0xff,
	    0xff, ABSOLUTE, END, END);
	expect(&uses, "--a--");
	/* A mouse within another's collection. */
	PARSE(0, uses, DESKTOP, USAGE(0x06), APPLICATION, ABSOLUTE_MOUSE, KEYS,
	    FROM_TO(0, 0x65), ARRAY, END);
	expect(&uses, "k-a--");
}

static void
test_broken(void **state)
{
	struct hid_uses uses;
	static const uint8_t big[HID_REPORT_MAX + 1];

	(void)state;
	/* What comes before counts. */
	PARSE(FG_ERR_FORMAT, uses, KEYBOARD, 0x26, 0xff);
	expect(&uses, "k----");
	PARSE(FG_ERR_FORMAT, uses, KEYBOARD, END);
	expect(&uses, "k----");
	PARSE(FG_ERR_FORMAT, uses, KEYBOARD, 0xb4, ABSOLUTE_MOUSE);
	expect(&uses, "k----");
	PARSE(FG_ERR_FORMAT, uses, 0xa4, 0xa4, 0xa4, 0xa4, 0xa4, KEYBOARD);
	expect(&uses, "-----");
	PARSE(FG_ERR_FORMAT, uses, 0xfe);
	PARSE(FG_ERR_FORMAT, uses, 0xfe, 0x02, 0x00, 0x01);
	PARSE(FG_ERR_FORMAT, uses, 0x27, 0, 0, 0);
	expect(&uses, "-----");
	assert_int_equal(hid_parse(big, sizeof(big), &uses), FG_ERR_FORMAT);
	assert_int_equal(hid_parse(NULL, 0, &uses), 0);
	expect(&uses, "-----");
}

/* What was left open is judged as if it had ended. */
static void
test_open(void **state)
{
	struct hid_uses uses;

	(void)state;
	PARSE(FG_ERR_FORMAT, uses, MOUSE, THREE_BUTTONS, DESKTOP, XY,
	    RANGE_15BIT, ABSOLUTE);
	expect(&uses, "--a--");
}

static void
test_depth(void **state)
{
	uint8_t deep[HID_REPORT_MAX];
	struct hid_uses uses;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(deep); i += 2) {
		deep[i] = 0xa1;
		deep[i + 1] = i % 4 == 0;
	}
	assert_int_equal(hid_parse(deep, sizeof(deep), &uses), FG_ERR_FORMAT);
	expect(&uses, "-----");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, NULL, NULL, NULL }
		TEST(test_keyboard, "a keyboard has letters to type"),
		TEST(test_keys_elsewhere, "letters of any collection type"),
		TEST(test_mice, "mice move by so much, or point at places"),
		TEST(test_no_mice, "what lacks a part is no mouse"),
		TEST(test_digitizers, "pens and touch screens say so"),
		TEST(test_other_forms, "other ways to write it are the same"),
		TEST(test_broken, "what is broken counts up to there"),
		TEST(test_open, "a collection that does not end counts"),
		TEST(test_depth, "collections in each other are bounded"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
