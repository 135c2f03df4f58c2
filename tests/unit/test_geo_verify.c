/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verifier against files made by hand to hurt a reader: nesting, fan-out,
 * sizes that overflow, pointers that lead nowhere or in circles.
 */
#include "policyd/geo/geo_verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define BYTES(s) (const uint8_t *)(s), sizeof(s) - 1
#define GOOD           \
	"\xe1\x4c"     \
	"country_code" \
	"\x42"         \
	"GB"
#define FILE_ROOM 65536u

static uint8_t file[FILE_ROOM];
static size_t used;

static void
put(const void *data, size_t len)
{
	assert_true(len <= FILE_ROOM - used);
	memcpy(file + used, data, len);
	used += len;
}

static void
put_u32(uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	put(b, sizeof(b));
}

/* One node of two 32-bit records, the separator, and the data. */
static void
put_body(uint32_t left, uint32_t right, const uint8_t *data, size_t len)
{
	static const uint8_t separator[16];

	used = 0;
	put_u32(left);
	put_u32(right);
	put(separator, sizeof(separator));
	put(data, len);
}

struct meta {
	uint32_t nodes;
	uint8_t bits;
	uint8_t version;
	const uint8_t *more; /* one more pair, as it is */
	size_t len;
};

static void
put_metadata(const struct meta *m)
{
	uint8_t pairs = m->more != NULL ? 0xe4 : 0xe3;

	put(BYTES("\xab\xcd\xefMaxMind.com"));
	put(&pairs, 1);
	put(BYTES("\x4a"
		  "node_count"
		  "\xc4"));
	put_u32(m->nodes);
	put(BYTES("\x4b"
		  "record_size"
		  "\xa1"));
	put(&m->bits, 1);
	put(BYTES("\x4a"
		  "ip_version"
		  "\xa1"));
	put(&m->version, 1);
	if (m->more != NULL)
		put(m->more, m->len);
}

static const struct meta plain = { .nodes = 1, .bits = 32, .version = 4 };

static int
verify(void)
{
	struct geo_layout layout;
	const char *why = NULL;
	uint8_t *exact;
	int r;

	/* in a block of its own size, so that a sanitizer sees one byte more */
	assert_non_null(exact = malloc(used));
	memcpy(exact, file, used);
	r = geo_verify(exact, used, &layout, &why);
	free(exact);
	assert_int_equal(r == 0, why == NULL);
	return r;
}

static int
verify_data(const uint8_t *data, size_t len)
{
	put_body(17, 1, data, len);
	put_metadata(&plain);
	return verify();
}

static int
verify_metadata(const struct meta *m)
{
	put_body(17, 1, BYTES(GOOD));
	put_metadata(m);
	return verify();
}

static void
test_a_small_whole_file_passes(void **state)
{
	(void)state;
	assert_int_equal(verify_data(BYTES(GOOD)), 0);
	/* a boolean's size is its value: no byte follows it */
	assert_int_equal(verify_data(BYTES("\xe2\x41"
					   "a"
					   "\x01\x07"
					   "\x41"
					   "b"
					   "\xa1\x07")),
	    0);
	assert_int_equal(verify_data(BYTES("\xe1\x41"
					   "k"
					   "\x20\x06"
					   "\x00"
					   "\x42"
					   "GB")),
	    0);
}

/* The members of a file with these data, with room for size bytes. */
static void
assert_members(const uint8_t *data, size_t len, size_t size, const char *want)
{
	struct geo_layout layout;
	const char *why;
	char *names;

	put_body(17, 1, data, len);
	put_metadata(&plain);
	assert_int_equal(geo_verify(file, used, &layout, &why), 0);
	assert_non_null(names = malloc(size));
	geo_members(file, used, &layout, names, size);
	assert_string_equal(names, want);
	free(names);
}

static void
test_members_are_told_once_and_within_their_room(void **state)
{
	static const char pairs[] = "\xe6\x40\x41x\x42"
				    "ab\x41x\x41"
				    "b\x41x\x42"
				    "ab\x41x\x42\x00y\x41x\x43"
				    "a\x00"
				    "c\x41x";

	(void)state;
	assert_members(BYTES(GOOD), 64, "country_code");
	assert_members(BYTES(GOOD), 15, "country_code");
	assert_members(BYTES(GOOD), 14, "");
	assert_members(BYTES(GOOD), 1, "");
	/* empty, twice, part of another, and with a NUL */
	assert_members(BYTES(pairs), 64, "ab, b, a");
	assert_members(BYTES(pairs), 6, "ab, b");
	assert_members(BYTES("\xe0"), 64, "");
	assert_members(BYTES("\x42"
			     "GB"),
	    64, "");
}

static void
test_broken_values_are_refused(void **state)
{
	(void)state;
#define REFUSED(s) assert_int_equal(verify_data(BYTES(s)), FG_ERR_FORMAT)
	REFUSED("");
	REFUSED("\xe1");
	REFUSED("\xe1\x41"
		"k");
	REFUSED("\xe1\x4c"
		"country_code"
		"\x43"
		"GB"); /* cut string */
	REFUSED("\x5d"); /* size byte missing */
	REFUSED("\x5f\xff\xff"); /* ... one of three missing */
	REFUSED("\x5f\xff\xff\xff"
		"x"); /* far longer than the file */
	REFUSED("\xff\xff\xff\xff"); /* 16 million pairs */
	REFUSED("\x1f\x04\xff\xff\xff"); /* 16 million elements */
	REFUSED("\xe1\xa1\x01\x41"
		"x"); /* a key that is no string */
	REFUSED("\xa3\x01\x02\x03"); /* 3 bytes of a 16-bit number */
	REFUSED("\xc5\x01\x02\x03\x04\x05");
	REFUSED("\x64\x01\x02\x03\x04"); /* half a double */
	REFUSED("\x03\x08\x01\x02\x03"); /* three quarters of a float */
	REFUSED("\x02\x07"); /* a boolean of 2 */
	REFUSED("\x00\x05"); /* container */
	REFUSED("\x00\x06"); /* end marker */
	REFUSED("\x00\x00"); /* extended type 7 */
	REFUSED("\x00\x09"); /* type 16 */
	REFUSED("\x00\xff");
	REFUSED("\x00");
}

static void
test_broken_pointers_are_refused(void **state)
{
	(void)state;
	REFUSED("\xe1\x41"
		"k"
		"\x27\xff"); /* behind the data */
	REFUSED("\xe1\x41"
		"k"
		"\x3f\xff\xff\xff\xff");
	REFUSED("\xe1\x41"
		"k"
		"\x3f\xff"); /* cut itself */
	REFUSED("\xe1\x41"
		"k"
		"\x20\x05\x20\x00"); /* pointer to pointer */
	REFUSED("\xe1\x20\x06\x42"
		"GB"
		"\xa1\x01"); /* key: to a number */
}

static void
test_a_circle_ends(void **state)
{
	(void)state;
	assert_int_equal(verify_data(BYTES("\xe1\x41"
					   "k"
					   "\x20\x00")),
	    0);
}

static void
test_deep_nesting_is_refused(void **state)
{
	uint8_t data[3 * 5000 + 1];
	size_t depth;

	(void)state;
	for (depth = 1; depth <= 5000; depth++) {
		memcpy(data + 3 * (depth - 1), "\xe1\x41k", 3);
		data[3 * depth] = 0x40;
		if (depth > 20 && depth % 1000 != 0)
			continue;
		assert_int_equal(verify_data(data, 3 * depth + 1),
		    depth <= 16 ? 0 : FG_ERR_FORMAT);
	}
}

static void
test_a_chain_of_pointers_is_refused(void **state)
{
	uint8_t data[3000];
	size_t i, n = 0;

	(void)state;
	/* an array of one pointer to the next such array, and so on */
	for (i = 0; i < 500; i++) {
		memcpy(data + n, "\x01\x04\x20\x00", 4);
		data[n + 2] = (uint8_t)(0x20 | ((n + 4) >> 8));
		data[n + 3] = (uint8_t)(n + 4);
		n += 4;
	}
	data[n++] = 0x40;
	assert_int_equal(verify_data(data, n), FG_ERR_FORMAT);
}

static void
test_records_that_point_nowhere_are_refused(void **state)
{
	static const uint32_t bad[] = { 2, 16, 17 + sizeof(GOOD) - 1, 1000,
		0x7fffffff, 0xffffffff };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_body(17, bad[i], BYTES(GOOD));
		put_metadata(&plain);
		assert_int_equal(verify(), FG_ERR_FORMAT);
		put_body(bad[i], 17, BYTES(GOOD));
		put_metadata(&plain);
		assert_int_equal(verify(), FG_ERR_FORMAT);
	}
	/* to itself, and to nothing: no address has a record */
	put_body(0, 1, BYTES(GOOD));
	put_metadata(&plain);
	assert_int_equal(verify(), FG_ERR_FORMAT);
}

static void
test_a_tree_larger_than_the_file_is_refused(void **state)
{
	struct meta m = plain;

	(void)state;
	m.nodes = 2;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
	m.nodes = 0;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
	m.nodes = 0xffffffff;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
	/* 0x20000001 * 8 is 8 in 32 bits */
	m.nodes = 0x20000001;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
}

static void
test_metadata_of_no_known_form_is_refused(void **state)
{
	struct meta m;
	unsigned int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		m = plain;
		m.bits = (uint8_t)i;
		if (i != 32)
			assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
		m = plain;
		m.version = (uint8_t)i;
		assert_int_equal(verify_metadata(&m),
		    i == 4 || i == 6 ? 0 : FG_ERR_FORMAT);
	}
}

static void
test_a_key_that_is_there_twice_is_refused(void **state)
{
	static const char twice[] = "\x4a"
				    "node_count"
				    "\xc1\x01";
	struct meta m = plain;

	(void)state;
	m.more = (const uint8_t *)twice;
	m.len = sizeof(twice) - 1;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
}

/*
 * Arrays of eight pointers to the array before: a few hundred bytes that a
 * reader which follows them all never finishes.
 */
static int
verify_pair(const uint8_t *pair, size_t len)
{
	struct meta m = plain;

	m.more = pair;
	m.len = len;
	return verify_metadata(&m);
}

/* The library loses memory over these. */
static void
test_languages_and_descriptions_are_texts(void **state)
{
	(void)state;
#define LANGUAGES "\x49languages"
#define DESCRIPTION \
	"\x4b"      \
	"description"
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\x00\x04")), 0);
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\x02\x04\x42"
						     "en\x42"
						     "de")),
	    0);
	assert_int_equal(verify_pair(BYTES(DESCRIPTION "\xe1\x42"
						       "en\x41"
						       "x")),
	    0);
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\x01\x04\xa1\x01")),
	    FG_ERR_FORMAT);
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\x02\x04\x42"
						     "en\xe0")),
	    FG_ERR_FORMAT);
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\xe0")), FG_ERR_FORMAT);
	assert_int_equal(verify_pair(BYTES(LANGUAGES "\x42"
						     "en")),
	    FG_ERR_FORMAT);
	assert_int_equal(verify_pair(BYTES(DESCRIPTION "\xe1\x42"
						       "en\xa1\x01")),
	    FG_ERR_FORMAT);
	assert_int_equal(verify_pair(BYTES(DESCRIPTION "\x00\x04")),
	    FG_ERR_FORMAT);
}

static void
test_fan_out_in_metadata_is_refused(void **state)
{
	uint8_t more[512];
	struct meta m = plain;
	/* the pair starts behind map, node_count, record_size, ip_version */
	size_t base = 1 + 16 + 14 + 13, n = 0, at, before, level, i;

	(void)state;
	memcpy(more, "\x41k", 2);
	n = 2;
	memcpy(more + n, "\x0b\x04", 2); /* array of 11, one a level */
	n += 2;
	before = base + n;
	more[n++] = 0x40;
	for (level = 1; level < 11; level++) {
		at = base + n;
		memcpy(more + n, "\x08\x04", 2);
		n += 2;
		for (i = 0; i < 8; i++) {
			more[n++] = (uint8_t)(0x20 | (before >> 8));
			more[n++] = (uint8_t)before;
		}
		before = at;
	}
	m.more = more;
	m.len = n;
	assert_int_equal(verify_metadata(&m), FG_ERR_FORMAT);
	/* two levels of it are no harm */
	more[2] = 0x03;
	m.len = 2 + 2 + 1 + 2 * 18;
	assert_int_equal(verify_metadata(&m), 0);
}

static void
test_the_last_marker_counts(void **state)
{
	struct meta m = plain;

	(void)state;
	put_body(17, 1, BYTES(GOOD));
	m.bits = 25;
	put_metadata(&m);
	put_metadata(&plain);
	assert_int_equal(verify(), 0);
	put_body(17, 1, BYTES(GOOD));
	put_metadata(&plain);
	put_metadata(&m);
	assert_int_equal(verify(), FG_ERR_FORMAT);
}

static void
test_every_truncation_is_refused(void **state)
{
	size_t whole;

	(void)state;
	put_body(17, 1, BYTES(GOOD));
	put_metadata(&plain);
	assert_int_equal(verify(), 0);
	for (whole = used - 1; whole > 0; whole--) {
		used = whole;
		assert_int_equal(verify(), FG_ERR_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_small_whole_file_passes),
		cmocka_unit_test(
		    test_members_are_told_once_and_within_their_room),
		cmocka_unit_test(test_broken_values_are_refused),
		cmocka_unit_test(test_broken_pointers_are_refused),
		cmocka_unit_test(test_a_circle_ends),
		cmocka_unit_test(test_deep_nesting_is_refused),
		cmocka_unit_test(test_a_chain_of_pointers_is_refused),
		cmocka_unit_test(test_records_that_point_nowhere_are_refused),
		cmocka_unit_test(test_a_tree_larger_than_the_file_is_refused),
		cmocka_unit_test(test_metadata_of_no_known_form_is_refused),
		cmocka_unit_test(test_a_key_that_is_there_twice_is_refused),
		cmocka_unit_test(test_languages_and_descriptions_are_texts),
		cmocka_unit_test(test_fan_out_in_metadata_is_refused),
		cmocka_unit_test(test_the_last_marker_counts),
		cmocka_unit_test(test_every_truncation_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
