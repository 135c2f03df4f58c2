/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records stay one line of valid ASCII JSON whatever is put into them, and
 * give every byte back. Two independent parsers read them again: jq, python3.
 */
#include "policyd/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/text.h"

/* jansson's own, to make its allocations fail; json.c alone has its header. */
void json_set_alloc_funcs(void *(*alloc)(size_t), void (*release)(void *));

/* Allocations that are left before one fails; -1: no limit. */
static long allocations = -1;

/* IN-07 and AUD-05: what could deceive a parser, a terminal or a reader. */
static const char *const hostile[] = {
	"",
	"alice",
	"x\nnov 23 sshd: Accepted publickey for root from 192.0.2.1",
	"\r\n\t\b\f\v\a",
	"\x1b[2J\x1b]0;title\x07",
	"\x7f\x7f",
	"\"quoted\" \\ back\\\\slash / \\u0041",
	"\",\"verdict\":\"allow\",\"x\":\"",
	"\xe2\x80\xae"
	"gnp.exe",
	"\xe2\x80\xa8line\xe2\x80\xa9",
	"\xef\xbb\xbf"
	"bom",
	"\xf3\xa0\x80\x81tag",
	"\xed\xa0\x80",
	"\xed\xb0\x80\xed\xa0\x80",
	"\xff\xfe",
	"\xc0\x80",
	"\xc3",
	"\xf4\x90\x80\x80",
	"\xef\xbf\xbe\xef\xbf\xbf",
	"J\xc3\xb6rg \xf0\x9f\x94\x91",
	"%s%n%x",
	"\\xff",
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

static void
assert_one_ascii_line(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			fail_msg("byte 0x%02x in JSON", (unsigned char)*text);
}

/* The bytes that a member stands for. */
static void
member_bytes(const struct json *json, const char *key, char *out)
{
	const char *hex, *text;
	char name[64];
	unsigned int byte;

	(void)text_format(name, sizeof(name), "%s_hex", key);
	if ((hex = json_get_string(json, name, NULL)) == NULL) {
		text = json_get_string(json, key, NULL);
		assert_non_null(text);
		memcpy(out, text, strlen(text) + 1);
		return;
	}
	for (; hex[0] != '\0'; hex += 2) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		*out++ = (char)byte;
	}
	*out = '\0';
}

static struct json *
hostile_record(void)
{
	struct json *json, *array;
	char key[16];

	assert_non_null(json = json_new());
	for (size_t i = 0; i < HOSTILE; i++) {
		(void)text_format(key, sizeof(key), "k%zu", i);
		json_set_untrusted(json, key, hostile[i]);
	}
	array = json_set_array(json, "list");
	for (size_t i = 0; i < 40; i++)
		json_set_untrusted(json_add_object(array), "name",
		    hostile[i % HOSTILE]);
	return json;
}

static void
test_hostile_strings_come_back_byte_for_byte(void **state)
{
	struct json *json, *back;
	char key[16], bytes[256];
	char *text;

	(void)state;
	json = hostile_record();
	assert_non_null(text = json_text(json));
	assert_int_equal(json_text_length(json), strlen(text));
	assert_one_ascii_line(text);
	assert_non_null(back = json_parse(text, strlen(text)));
	for (size_t i = 0; i < HOSTILE; i++) {
		(void)text_format(key, sizeof(key), "k%zu", i);
		member_bytes(back, key, bytes);
		assert_string_equal(bytes, hostile[i]);
	}
	free(text);
	json_free(json);
	json_free(back);
}

/* A program that prints k0, k1, ... as hex, one a line, from JSON on stdin. */
static const char *const parsers[] = {
	"python3 -c 'import json,sys\n"
	"d=json.loads(sys.stdin.buffer.read())\n"
	"for i in range(%zu):\n"
	" k=\"k%%d\"%%i\n"
	" h=d.get(k+\"_hex\")\n"
	" print(h if h is not None else d[k].encode().hex())' <%s",
	"jq -r 'def b: explode | map(if . < 128 then [.]"
	" elif . < 2048 then [192+(./64|floor), 128+.%%64]"
	" elif . < 65536 then [224+(./4096|floor), 128+((./64|floor)%%64),"
	" 128+.%%64] else [240+(./262144|floor), 128+((./4096|floor)%%64),"
	" 128+((./64|floor)%%64), 128+.%%64] end) | add // [];"
	" def d: \"0123456789abcdef\"[.:.+1];"
	" . as $o | range(0;%zu) | \"k\\(.)\" | $o[.+\"_hex\"] //"
	" ($o[.] | b | map((./16|floor|d) + (.%%16|d)) | add // \"\")' <%s",
};

static void
assert_parser_agrees(const char *format, const char *path)
{
	char command[1024], line[600], want[600];
	FILE *out;
	int status;

	/* The formats are the constants above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(command, sizeof(command), format, HOSTILE, path);
#pragma GCC diagnostic pop
	assert_non_null(out = popen(command, "r"));
	for (size_t i = 0; i < HOSTILE; i++) {
		const char *s = hostile[i];

		want[0] = '\0';
		for (size_t j = 0; s[j] != '\0'; j++)
			(void)snprintf(want + 2 * j, 3, "%02x",
			    (unsigned char)s[j]);
		assert_non_null(fgets(line, sizeof(line), out));
		line[strcspn(line, "\n")] = '\0';
		assert_string_equal(line, want);
	}
	assert_null(fgets(line, sizeof(line), out));
	status = pclose(out);
	assert_int_equal(status, 0);
}

/* AUD-05 */
static void
test_two_other_parsers_read_the_same_bytes(void **state)
{
	char path[] = "/tmp/test_json.XXXXXX";
	struct json *json;
	char *text;
	int fd;

	(void)state;
	json = hostile_record();
	assert_non_null(text = json_text(json));
	assert_int_not_equal(fd = mkstemp(path), -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	for (size_t i = 0; i < 2; i++)
		assert_parser_agrees(parsers[i], path);
	unlink(path);
	free(text);
	json_free(json);
}

static void
test_valid_utf8_is_left_alone(void **state)
{
	struct json *json = json_new();
	char *text;

	(void)state;
	json_set_untrusted(json, "a", "J\xc3\xb6rg");
	json_set_untrusted(json, "b", "\xf0\x9f\x94\x91");
	json_set_untrusted(json, "c", NULL);
	assert_non_null(text = json_text(json));
	assert_string_equal(text,
	    "{\"a\":\"J\\u00F6rg\",\"b\":\"\\uD83D\\uDD11\",\"c\":null}");
	free(text);
	json_free(json);
}

static void
test_invalid_bytes_are_shown_and_kept(void **state)
{
	struct json *json = json_new();
	char *text;

	(void)state;
	json_set_untrusted(json, "u", "a\xff\n");
	assert_non_null(text = json_text(json));
	assert_string_equal(text,
	    "{\"u\":\"a\\\\xff\\\\x0a\",\"u_hex\":\"61ff0a\"}");
	free(text);
	json_free(json);
}

static void
assert_cut(const char *unit, size_t bytes, size_t want)
{
	struct json *json = json_new();
	char *big, *out;
	size_t n = strlen(unit);

	assert_non_null(big = malloc(bytes + 1));
	assert_non_null(out = calloc(1, bytes + 1));
	for (size_t i = 0; i < bytes; i++)
		big[i] = unit[i % n];
	big[bytes] = '\0';
	json_set_untrusted(json, "k", big);
	member_bytes(json, "k", out);
	assert_int_equal(strlen(out), want);
	assert_memory_equal(out, big, want);
	assert_int_equal(json_get_int(json, "k_bytes", -1),
	    want < bytes ? (int64_t)bytes : -1);
	free(big);
	free(out);
	json_free(json);
}

static void
test_long_strings_are_cut_and_say_so(void **state)
{
	(void)state;
	assert_cut("a", 1024, 1024);
	assert_cut("a", 1025, 1024);
	assert_cut("a", 65536, 1024);
	assert_cut("\xc3\xa9", 65536, 1024);
	assert_cut("\xe6\x9d\xb1", 1023, 1023);
	assert_cut("\xe6\x9d\xb1", 65535, 1023);
	assert_cut("\xf0\x9f\x94\x91", 65536, 1024);
	assert_cut("\xff", 65536, 1024);
	assert_cut("\x80", 65536, 1021);
}

static void
test_members_keep_their_order(void **state)
{
	struct json *json = json_new(), *array;
	char *text;

	(void)state;
	json_set_int(json, "z", INT64_MAX);
	json_set_bool(json, "a", true);
	json_set_bool(json, "b", false);
	json_set_null(json, "m");
	json_set_string(json_set_object(json, "o"), "s", "t");
	array = json_set_array(json, "l");
	json_add_string(array, "x");
	json_add_int(array, INT64_MIN);
	json_set_int(json_add_object(array), "i", -1);
	json_set_string(json, "n", NULL);
	json_set_int(json, "z", 1); /* replaced where it stands */
	assert_non_null(text = json_text(json));
	assert_string_equal(text,
	    "{\"z\":1,\"a\":true,\"b\":false,\"m\":null,\"o\":{\"s\":\"t\"},"
	    "\"l\":[\"x\",-9223372036854775808,{\"i\":-1}],\"n\":null}");
	free(text);
	json_free(json);
}

static void
test_readers_fall_back_on_the_wrong_type(void **state)
{
	static const char text[] = "{\"i\":5,\"s\":\"x\",\"b\":true,\"n\":null,"
				   "\"o\":{\"k\":1},\"a\":[\"y\",2,{\"z\":3}],"
				   "\"r\":1.5}";
	struct json *json = json_parse(text, sizeof(text) - 1), *a;

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_get_int(json, "i", -1), 5);
	assert_int_equal(json_get_int(json, "s", -1), -1);
	assert_int_equal(json_get_int(json, "r", -1), -1);
	assert_int_equal(json_get_int(json, "none", -1), -1);
	assert_string_equal(json_get_string(json, "s", "d"), "x");
	assert_string_equal(json_get_string(json, "i", "d"), "d");
	assert_string_equal(json_get_string(json, "n", "d"), "d");
	assert_true(json_get_bool(json, "b", false));
	assert_true(json_get_bool(json, "i", true));
	assert_null(json_get(json, "s"));
	assert_null(json_get(json, "none"));
	assert_int_equal(json_get_int(json_get(json, "o"), "k", -1), 1);
	assert_non_null(a = json_get(json, "a"));
	assert_int_equal(json_length(a), 3);
	assert_string_equal(json_string_at(a, 0, "d"), "y");
	assert_string_equal(json_string_at(a, 1, "d"), "d");
	assert_string_equal(json_string_at(a, 9, "d"), "d");
	assert_int_equal(json_int_at(a, 1, -1), 2);
	assert_int_equal(json_int_at(a, 0, -1), -1);
	assert_null(json_at(a, 0));
	assert_null(json_at(a, 3));
	assert_int_equal(json_get_int(json_at(a, 2), "z", -1), 3);
	json_free(json);
}

static void
test_null_is_taken_everywhere(void **state)
{
	(void)state;
	json_free(NULL);
	json_set_int(NULL, "a", 1);
	json_set_bool(NULL, "a", true);
	json_set_null(NULL, "a");
	json_set_string(NULL, "a", "b");
	json_set_untrusted(NULL, "a", "\xff");
	json_add_string(NULL, "a");
	json_add_int(NULL, 1);
	assert_null(json_set_object(NULL, "a"));
	assert_null(json_set_array(NULL, "a"));
	assert_null(json_add_object(NULL));
	assert_null(json_text(NULL));
	assert_null(json_get(NULL, "a"));
	assert_null(json_at(NULL, 0));
	assert_int_equal(json_length(NULL), 0);
	assert_string_equal(json_get_string(NULL, "a", "d"), "d");
	assert_string_equal(json_string_at(NULL, 0, "d"), "d");
	assert_int_equal(json_get_int(NULL, "a", 7), 7);
}

static void
test_invalid_text_of_our_own_fails_the_record(void **state)
{
	struct json *json = json_new();

	(void)state;
	json_set_string(json, "a", "\xff");
	json_set_string(json, "b", "fine");
	assert_null(json_text(json));
	json_free(json);
	json = json_new();
	json_add_string(json_set_array(json, "a"), "\xff");
	assert_null(json_text(json));
	json_free(json);
}

static void
test_what_is_no_object_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "null", "1", "\"x\"", "[]",
		"[{}]", "{", "{}}", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":}",
		"{'a':1}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xff\"}",
		"{\"a\":\"\\ud800\"}", "{\"a\":99999999999999999999}",
		"{\"a\":\"\n\"}", "{\"a\":1e999}" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (json_parse(bad[i], strlen(bad[i])) != NULL)
			fail_msg("parsed: %s", bad[i]);
	assert_null(json_parse("{}\0", 3));
	assert_null(json_parse("{}", 1));
}

static void
test_deep_nesting_is_refused(void **state)
{
	static char deep[200000];

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / 5; i++)
		memcpy(deep + 5 * i, "{\"a\":", 5);
	assert_null(json_parse(deep, sizeof(deep)));
}

static void *
failing_malloc(size_t size)
{
	if (allocations == 0)
		return NULL;
	allocations -= allocations > 0;
	return malloc(size);
}

/* Build a record of every kind of member; NULL if anything failed. */
static char *
build_text(void)
{
	struct json *json = json_new(), *array;
	char *text;

	json_set_int(json, "i", 1);
	json_set_bool(json, "b", true);
	json_set_null(json, "n");
	json_set_string(json, "s", "text");
	json_set_untrusted(json, "u", "\xff");
	json_set_int(json_set_object(json, "o"), "i", 2);
	array = json_set_array(json, "a");
	json_add_string(array, "x");
	json_add_int(array, 3);
	for (int i = 0; i < 40; i++)
		json_set_int(json_add_object(array), "i", i);
	text = json_text(json);
	json_free(json);
	return text;
}

/* The first of them, as they are written, and not a byte more. */
static void
test_arrays_are_cut_to_a_size(void **state)
{
	struct json *json = json_new(), *array = json_set_array(json, "a");
	char *text;

	(void)state;
	assert_int_equal(json_cut(NULL, 0), 0);
	assert_int_equal(json_cut(array, 0), 0);
	json_add_string(array, "\xc3\xb6"); /* ["\u00F6", */
	json_set_int(json_add_object(array), "i", 1); /* {"i":1}, */
	json_add_int(array, 22); /* 22] */
	assert_int_equal(json_cut(array, 21), 0);
	assert_int_equal(json_cut(array, 20), 1);
	assert_int_equal(json_cut(array, 18), 0);
	assert_int_equal(json_cut(array, 17), 1);
	assert_non_null(text = json_text(json));
	assert_string_equal(text, "{\"a\":[\"\\u00F6\"]}");
	free(text);
	assert_int_equal(json_cut(array, 2), 1);
	assert_int_equal(json_length(array), 0);
	json_free(json);
}

static void
test_any_failed_allocation_fails_the_record(void **state)
{
	char *text, *whole;
	long n = 0;

	(void)state;
	assert_non_null(whole = build_text());
	json_set_alloc_funcs(failing_malloc, free);
	for (;; n++) {
		allocations = n;
		text = build_text();
		if (text != NULL)
			break;
	}
	allocations = -1;
	json_set_alloc_funcs(malloc, free);
	assert_string_equal(text, whole);
	assert_true(n > 100);
	free(text);
	free(whole);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_strings_come_back_byte_for_byte),
		cmocka_unit_test(test_two_other_parsers_read_the_same_bytes),
		cmocka_unit_test(test_valid_utf8_is_left_alone),
		cmocka_unit_test(test_invalid_bytes_are_shown_and_kept),
		cmocka_unit_test(test_long_strings_are_cut_and_say_so),
		cmocka_unit_test(test_members_keep_their_order),
		cmocka_unit_test(test_readers_fall_back_on_the_wrong_type),
		cmocka_unit_test(test_null_is_taken_everywhere),
		cmocka_unit_test(test_invalid_text_of_our_own_fails_the_record),
		cmocka_unit_test(test_what_is_no_object_is_refused),
		cmocka_unit_test(test_deep_nesting_is_refused),
		cmocka_unit_test(test_arrays_are_cut_to_a_size),
		cmocka_unit_test(test_any_failed_allocation_fails_the_record),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
