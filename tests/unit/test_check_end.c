/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places and spans of time in words, and when two addresses are one line's.
 */
#include "policyd/check/check_end.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/check/check.h"

static void
set_address(struct fact_origin *origin, const char *text)
{
	memset(origin, 0, sizeof(*origin));
	origin->kind = ORIGIN_ADDRESS;
	assert_int_equal(addr_parse(text, &origin->addr), 0);
}

static void
assert_end(const struct fact_origin *origin, const struct fact_where *where,
    const char *want)
{
	char buf[CHECK_END_SIZE];

	assert_string_equal(check_end_text(origin, where, buf), want);
}

static void
an_end_has_what_is_known_of_it(void **state)
{
	struct fact_where where = { 0 };
	struct fact_origin origin;

	(void)state;
	set_address(&origin, "192.0.2.1");
	assert_end(&origin, &where, "192.0.2.1");
	where.asn = 64500;
	assert_end(&origin, &where, "192.0.2.1 (AS64500)");
	memcpy(where.country, "NO", 3);
	assert_end(&origin, &where, "192.0.2.1 (NO, AS64500)");
	memcpy(where.network, "office", 7);
	assert_end(&origin, &where, "192.0.2.1 (NO, AS64500, office)");
	where.asn = 0;
	where.country[0] = '\0';
	assert_end(&origin, &where, "192.0.2.1 (office)");
	origin.kind = ORIGIN_CONSOLE;
	assert_end(&origin, &where, "console (office)");
}

static void
the_longest_end_fits(void **state)
{
	struct fact_where where = { .country = "NO", .asn = UINT32_MAX };
	char buf[CHECK_END_SIZE];
	struct fact_origin origin;

	(void)state;
	set_address(&origin,
	    "fe80:1111:1111:1111:1111:1111:1111:1111"
	    "%abcdefghijklmnopqrstuvwxyz01234");
	memset(where.network, 'n', sizeof(where.network) - 1);
	(void)check_end_text(&origin, &where, buf);
	assert_non_null(strstr(buf, " (NO, AS4294967295, nnnn"));
	assert_int_equal(buf[strlen(buf) - 1], ')');
}

static void
spans_are_told_in_two_units(void **state)
{
	static const struct {
		int64_t s;
		const char *text;
	} t[] = { { INT64_MIN, "0 s" }, { -1, "0 s" }, { 0, "0 s" },
		{ 59, "59 s" }, { 60, "1 min" }, { 3599, "59 min" },
		{ 3600, "1 h" }, { 7859, "2 h 10 min" },
		{ 86399, "23 h 59 min" }, { 86400, "1 d" },
		{ 90000, "1 d 1 h" }, { 2592000, "30 d" },
		{ INT64_MAX, "106751991167300 d 15 h" } };
	char buf[CHECK_SPAN_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_string_equal(check_span_text(t[i].s, buf), t[i].text);
}

static void
another_session_is_told_with_its_reference(void **state)
{
	struct fact_other other = { .ref = "7F3K-Q2MN",
		.service = "sshd",
		.since_s = 1000,
		.where = { .country = "NO" } };
	struct check_source source = { 0 };

	(void)state;
	set_address(&other.origin, "192.0.2.1");
	check_end_add(&source, &other, true, 8800);
	assert_string_equal(source.text,
	    "7F3K-Q2MN by sshd from 192.0.2.1 (NO), 2 h 10 min ago");
	other.reserved = true;
	(void)snprintf(other.device, sizeof(other.device), "LT-0042");
	check_end_add(&source, &other, false, 8800);
	assert_string_equal(source.text,
	    "7F3K-Q2MN by sshd from 192.0.2.1 (NO), 2 h 10 min ago; "
	    "7F3K-Q2MN by sshd from 192.0.2.1 (NO), being opened");
	memset(&source, 0, sizeof(source));
	check_end_add(&source, &other, true, 8800);
	assert_string_equal(source.text,
	    "7F3K-Q2MN by sshd from 192.0.2.1 (NO) with LT-0042, being opened");
}

static bool
same(const char *a, const char *b)
{
	struct addr x, y;

	assert_int_equal(addr_parse(a, &x), 0);
	assert_int_equal(addr_parse(b, &y), 0);
	assert_int_equal(check_same_source(&x, &y), check_same_source(&y, &x));
	return check_same_source(&x, &y);
}

static void
a_line_has_an_address_or_a_64(void **state)
{
	(void)state;
	assert_true(same("192.0.2.1", "192.0.2.1"));
	assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
	assert_false(same("192.0.2.1", "192.0.2.0"));
	assert_true(same("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff"));
	assert_false(same("2001:db8::1", "2001:db8:0:1::1"));
	assert_true(same("fe80::1%eth0", "fe80::1%eth1"));
	/* IPv4 in its mapped form begins with 64 zeros, too. */
	assert_false(same("::1", "127.0.0.1"));
	assert_false(same("::1", "192.0.2.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_has_what_is_known_of_it),
		cmocka_unit_test(the_longest_end_fits),
		cmocka_unit_test(spans_are_told_in_two_units),
		cmocka_unit_test(another_session_is_told_with_its_reference),
		cmocka_unit_test(a_line_has_an_address_or_a_64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
