/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anchors of the audit log: their text, which every reader has to take as it
 * is, that no byte of it can be another, and when the next one is due.
 */
#include "policyd/audit/anchor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/audit/anchor_due.h"
#include "policyd/text.h"
#include "proto/result.h"

/* The first key of RFC 8032 7.1, and its public half. */
#define SECRET                                                             \
	"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4" \
	"\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BODY                                                        \
	"seq=48211 hash=" HASH " at=1796040000 host=jump1.example " \
	"key=ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* openssl pkeyutl -sign -rawin, of "farmgate-anchor-v1", a NUL and BODY. */
#define SIG                                                                    \
	"AhPgw1qXN4g4ojo1pbqhK3jm7xNKvcRBs6e4a1OmDC0PTUUMBgGjVu8Oz4tevdlRhm29" \
	"MEyXIq8oAeASCmA1AA=="
#define TEXT "farmgate-anchor-v1 " BODY " sig=" SIG

static const uint8_t *const secret = (const uint8_t *)SECRET;

static struct anchor
made(void)
{
	struct anchor anchor = { .seq = 48211,
		.hash = HASH,
		.at_s = 1796040000,
		.host = "jump1.example" };

	key_public(KEY_AUDIT, secret, anchor.key);
	return anchor;
}

static int
read_text(const char *text, struct anchor *ret_anchor)
{
	return anchor_read(text, strlen(text), ret_anchor);
}

static void
assert_read(const char *text)
{
	struct anchor want = made(), got;

	assert_int_equal(read_text(text, &got), 0);
	assert_int_equal(got.seq, want.seq);
	assert_string_equal(got.hash, want.hash);
	assert_int_equal(got.at_s, want.at_s);
	assert_string_equal(got.host, want.host);
	assert_memory_equal(got.key, want.key, sizeof(got.key));
}

static void
assert_refused(const char *text, size_t len, int want)
{
	const struct anchor none = { 0 };
	struct anchor got;
	int r = anchor_read(text, len, &got);

	assert_true(want == 0 ? r != 0 : r == want);
	assert_memory_equal(&got, &none, sizeof(none));
}

static void
its_text_is_the_documented_one(void **state)
{
	struct anchor anchor = made();
	char text[ANCHOR_TEXT_SIZE];

	(void)state;
	anchor_text(&anchor, secret, text);
	assert_string_equal(text, TEXT);
	assert_read(text);
}

static void
the_longest_one_has_room(void **state)
{
	struct anchor anchor = made(), got;
	char text[ANCHOR_TEXT_SIZE];

	(void)state;
	anchor.seq = INT64_MAX;
	anchor.at_s = INT64_MAX;
	memset(anchor.host, 'x', sizeof(anchor.host) - 1);
	anchor_text(&anchor, secret, text);
	assert_int_equal(read_text(text, &got), 0);
	assert_memory_equal(&got, &anchor, sizeof(got));
}

static void
others_may_write_around_it(void **state)
{
	(void)state;
	assert_read("Nov 30 12:00:00 jump1 farmgate-policyd[12]: audit: " TEXT);
	assert_read("{\"MESSAGE\":\"audit: " TEXT "\",\"_PID\":\"12\"}");
	assert_read(TEXT "\r\n");
	/* What a stranger had written into the line before it. */
	assert_read("user farmgate-anchor-v1 seq=1 hash=2: " TEXT);
}

static void
a_line_without_one_has_none(void **state)
{
	(void)state;
	assert_refused("", 0, FG_ERR_NOT_FOUND);
	assert_refused("farmgate-anchor-v1", 18, FG_ERR_NOT_FOUND);
	assert_refused("farmgate-anchor-v2 " BODY " sig=" SIG, strlen(TEXT),
	    FG_ERR_NOT_FOUND);
	assert_refused("farmgate-anchor-v1 ", 19, FG_ERR_FORMAT);
}

/* Each byte of each field, and each field as another that could be. */
static void
no_byte_can_be_another(void **state)
{
	size_t i, len = strlen(TEXT);
	char *text = strdup(TEXT);
	int bit;

	(void)state;
	for (i = 0; i < len; i++) {
		for (bit = 0; bit < 8; bit++) {
			text[i] = (char)(TEXT[i] ^ (1 << bit));
			assert_refused(text, len, 0);
		}
		text[i] = TEXT[i];
	}
	free(text);
}

static void
assert_wrong_signature(const char *body)
{
	char text[ANCHOR_TEXT_SIZE + 64];

	assert_int_equal(text_format(text, sizeof(text),
			     "farmgate-anchor-v1 %s sig=%s", body, SIG),
	    0);
	assert_refused(text, strlen(text), FG_ERR_UNSAFE);
}

static void
every_field_is_signed(void **state)
{
#define KEY "key=ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
	(void)state;
	assert_wrong_signature("seq=48212 hash=" HASH
			       " at=1796040000 host=jump1.example " KEY);
	assert_wrong_signature("seq=048211 hash=" HASH
			       " at=1796040000 host=jump1.example " KEY);
	assert_wrong_signature(
	    "seq=48211 hash="
	    "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	    " at=1796040000 host=jump1.example " KEY);
	assert_wrong_signature("seq=48211 hash=" HASH
			       " at=1796040001 host=jump1.example " KEY);
	assert_wrong_signature("seq=48211 hash=" HASH
			       " at=1796040000 host=jump2.example " KEY);
	assert_wrong_signature(
	    "seq=48211 hash=" HASH " at=1796040000 host=jump1.example "
	    "key=ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
}

static void
what_is_cut_or_goes_on_is_none(void **state)
{
	size_t len = strlen(TEXT);

	(void)state;
	for (size_t n = strlen("farmgate-anchor-v1 "); n < len; n++)
		assert_refused(TEXT, n, FG_ERR_FORMAT);
	assert_refused(TEXT "A", len + 1, FG_ERR_FORMAT);
	assert_refused(TEXT "=", len + 1, FG_ERR_FORMAT);
}

static void
the_host_is_one_word(void **state)
{
	char host[ANCHOR_HOST_SIZE];

	(void)state;
	anchor_host(host);
	assert_true(host[0] != '\0' && strpbrk(host, " =\n") == NULL);
}

/* ---- when one is due ---------------------------------------------------- */

#define S INT64_C(1000000000)

static void
nothing_new_needs_none(void **state)
{
	struct anchor_due due = { 0 };

	(void)state;
	assert_int_equal(anchor_due_ms(&due, 5 * S), -1);
	anchor_due_record(&due, 7, 5 * S);
	assert_int_equal(anchor_due_ms(&due, 5 * S), 60000);
	assert_int_equal(anchor_due_ms(&due, 6 * S), 59000);
	assert_int_equal(anchor_due_ms(&due, 70 * S), 0);
	anchor_due_tried(&due, 7, true, 70 * S);
	assert_int_equal(anchor_due_ms(&due, 9000 * S), -1);
	assert_false(anchor_due_late(&due, 9000 * S));
}

static void
sixty_four_records_are_enough(void **state)
{
	struct anchor_due due = { 0 };
	uint64_t seq;

	(void)state;
	for (seq = 100; seq < 163; seq++)
		anchor_due_record(&due, seq, 5 * S);
	assert_int_equal(anchor_due_ms(&due, 5 * S), 60000);
	anchor_due_record(&due, seq++, 5 * S);
	assert_int_equal(anchor_due_ms(&due, 5 * S), 100);
	/* More of them do not put it off, ... */
	anchor_due_record(&due, seq++, 5 * S + S / 20);
	assert_int_equal(anchor_due_ms(&due, 5 * S + S / 20), 50);
	anchor_due_tried(&due, seq - 1, true, 6 * S);
	/* ... and it is one a second. */
	for (int i = 0; i < 70; i++)
		anchor_due_record(&due, seq++, 6 * S);
	assert_int_equal(anchor_due_ms(&due, 6 * S), 1000);
}

static void
what_fails_is_tried_once_a_minute(void **state)
{
	struct anchor_due due = { 0 };
	uint64_t seq = 1;
	int64_t t = 10 * S;

	(void)state;
	anchor_due_record(&due, seq++, t);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(anchor_due_ms(&due, t), 60000);
		t += 60 * S;
		assert_int_equal(anchor_due_ms(&due, t), 0);
		assert_false(anchor_due_late(&due, t));
		/* Made, and not kept; or not even made. */
		anchor_due_tried(&due, i % 2 == 0 ? 1 : 0, false, t);
	}
	assert_true(anchor_due_late(&due, t + 1));
	while (seq < 100)
		anchor_due_record(&due, seq++, t);
	assert_int_equal(anchor_due_ms(&due, t), 1000); /* to the log */
	anchor_due_tried(&due, 0, false, t);
	assert_int_equal(anchor_due_ms(&due, t), 60000);
	anchor_due_tried(&due, 99, true, t);
	assert_false(anchor_due_late(&due, t + 1000 * S));
	assert_int_equal(anchor_due_ms(&due, t), -1);
}

static void
numbers_that_are_used_again_count(void **state)
{
	struct anchor_due due = { 0 };

	(void)state;
	anchor_due_record(&due, 50, 5 * S);
	anchor_due_tried(&due, 50, true, 6 * S);
	anchor_due_record(&due, 48, 7 * S);
	assert_int_equal(anchor_due_ms(&due, 7 * S), 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_text_is_the_documented_one),
		cmocka_unit_test(the_longest_one_has_room),
		cmocka_unit_test(others_may_write_around_it),
		cmocka_unit_test(a_line_without_one_has_none),
		cmocka_unit_test(no_byte_can_be_another),
		cmocka_unit_test(every_field_is_signed),
		cmocka_unit_test(what_is_cut_or_goes_on_is_none),
		cmocka_unit_test(the_host_is_one_word),
		cmocka_unit_test(nothing_new_needs_none),
		cmocka_unit_test(sixty_four_records_are_enough),
		cmocka_unit_test(what_fails_is_tried_once_a_minute),
		cmocka_unit_test(numbers_that_are_used_again_count),
	};

	return crypto_init() != 0 ||
	    cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
