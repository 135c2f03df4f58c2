/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records a query finds, by bytes and by members, and which lines are
 * none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/audit/filter.h"
#include "ctl/audit/line.h"
#include "policyd/text.h"
#include "proto/result.h"

/* A decision, with some of its members replaced. */
static char record[4096];

static void
decision(const char *from, const char *to)
{
	static const char model[] =
	    "{\"v\":1,\"seq\":7,\"ts\":\"2026-01-01T08:30:00.000001Z\","
	    "\"event\":\"decision\",\"ref\":\"7F3K-Q2MN\",\"phase\":\"auth\","
	    "\"verdict\":\"allow\",\"would\":\"allow\",\"user\":\"alice\","
	    "\"service\":\"sshd\",\"origin\":{\"kind\":\"address\","
	    "\"address\":\"192.0.2.7\",\"rhost\":\"deny.example\"},"
	    "\"place\":{\"state\":\"known\",\"country\":\"NO\"},"
	    "\"person\":{\"state\":\"known\",\"user\":\"alice.a\"},"
	    "\"findings\":[{\"code\":\"net.listed\",\"grade\":\"vpn\","
	    "\"text\":\"x\",\"action\":\"log\"},{\"code\":\"geo.travel\"}],"
	    "\"last\":{\"ref\":\"AAAA-AAAA\",\"address\":\"198.51.100.1\","
	    "\"country\":\"DE\"}}";
	const char *at = from == NULL ? NULL : strstr(model, from);

	if (from == NULL) {
		(void)text_copy(record, sizeof(record), model);
		return;
	}
	assert_non_null(at);
	(void)text_format(record, sizeof(record), "%.*s%s%s", (int)(at - model),
	    model, to, at + strlen(from));
}

static struct filter *
new_filter(void)
{
	struct filter *f = filter_new();

	assert_non_null(f);
	return f;
}

static enum filter_answer
answer(struct filter *f)
{
	struct json *json;
	enum filter_answer a = filter_line(f, record, strlen(record), &json);

	assert_int_equal(json != NULL, a == FILTER_YES);
	json_free(json);
	assert_int_equal(filter_line(f, record, strlen(record), NULL), a);
	return a;
}

/* The filter is used up. */
static void
expect(struct filter *f, enum filter_answer want)
{
	assert_int_equal(answer(f), want);
	filter_free(f);
}

static void
expect_text(enum filter_text which, const char *text, enum filter_answer want)
{
	struct filter *f = new_filter();

	assert_int_equal(filter_text(f, which, text), 0);
	expect(f, want);
}

static void
members_have_to_be_the_same(void **state)
{
	(void)state;
	decision(NULL, NULL);
	expect(new_filter(), FILTER_YES);
	expect_text(FILTER_USER, "alice", FILTER_YES);
	expect_text(FILTER_USER, "alice.a", FILTER_YES);
	expect_text(FILTER_USER, "alic", FILTER_NO);
	expect_text(FILTER_USER, "sshd", FILTER_NO);
	expect_text(FILTER_USER, "", FILTER_NO);
	expect_text(FILTER_COUNTRY, "NO", FILTER_YES);
	expect_text(FILTER_COUNTRY, "DE", FILTER_NO); /* of the last one */
	expect_text(FILTER_SERVICE, "sshd", FILTER_YES);
	expect_text(FILTER_SERVICE, "ssh", FILTER_NO);
	expect_text(FILTER_EVENT, "decision", FILTER_YES);
	expect_text(FILTER_EVENT, "open", FILTER_NO);
	expect_text(FILTER_REF, "7F3K-Q2MN", FILTER_YES);
	expect_text(FILTER_REF, "AAAA-AAAA", FILTER_NO);
	expect_text(FILTER_FINDING, "net.listed", FILTER_YES);
	expect_text(FILTER_FINDING, "net.listed:vpn", FILTER_YES);
	expect_text(FILTER_FINDING, "net.listed:tor", FILTER_NO);
	expect_text(FILTER_FINDING, "geo.travel", FILTER_YES);
	expect_text(FILTER_FINDING, "geo.travel:vpn", FILTER_NO);
	expect_text(FILTER_FINDING, "net.", FILTER_NO);
	decision("\"person\":{\"state\":\"known\",\"user\":\"alice.a\"}",
	    "\"person\":\"bob\"");
	expect_text(FILTER_USER, "bob", FILTER_YES);
	decision("\"findings\":[",
	    "\"step_up\":[{\"request\":\"BBBB-BBBB\"}],"
	    "\"findings\":[");
	expect_text(FILTER_REF, "BBBB-BBBB", FILTER_YES);
	decision("\"ref\":", "\"of\":");
	expect_text(FILTER_REF, "7F3K-Q2MN", FILTER_YES);
}

/* As the daemon writes what is no plain ASCII, or no UTF-8. */
static void
hostile_names_are_found(void **state)
{
	static const char *const names[] = { "a\"b", "a\\b", "a\033[2J",
		"\342\200\256evil", "\360\237\222\251", "x\xff",
		"\",\"user\":\"" };
	char *line;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json *json = json_new();

		json_set_untrusted(json, "user", names[i]);
		assert_non_null(line = json_text(json));
		(void)text_copy(record, sizeof(record), line);
		expect_text(FILTER_USER, names[i], FILTER_YES);
		expect_text(FILTER_USER, "evil", FILTER_NO);
		expect_text(FILTER_USER, "", FILTER_NO);
		json_text_free(line);
		json_free(json);
	}
	/* What looks like a member in a string is none. */
	decision("\"rhost\":\"deny.example\"",
	    "\"rhost\":\"\\\"user\\\":\\\"bob\\\"\"");
	expect_text(FILTER_USER, "bob", FILTER_NO);
}

static void
expect_from(const char *text, enum filter_answer want)
{
	struct filter *f = new_filter();

	assert_int_equal(filter_from(f, text), 0);
	expect(f, want);
}

static void
addresses_are_the_origins(void **state)
{
	struct filter *f = new_filter();

	(void)state;
	decision(NULL, NULL);
	expect_from("192.0.2.7", FILTER_YES);
	expect_from("::ffff:192.0.2.7", FILTER_YES);
	expect_from("192.0.2.70", FILTER_NO);
	expect_from("198.51.100.1", FILTER_NO);
	expect_from("198.51.100.0/24", FILTER_NO);
	expect_from("192.0.2.0/24", FILTER_YES);
	expect_from("192.0.2.6/31", FILTER_YES);
	expect_from("192.0.2.8/29", FILTER_NO);
	expect_from("0.0.0.0/0", FILTER_YES);
	expect_from("2001:db8::/32", FILTER_NO);
	decision("192.0.2.7", "2001:db8::7");
	expect_from("2001:db8::/32", FILTER_YES);
	expect_from("2001:0DB8:0::7", FILTER_YES);
	expect_from("192.0.2.0/24", FILTER_NO);
	expect_from("0.0.0.0/0", FILTER_NO);
	decision("\"address\":\"192.0.2.7\",", "");
	expect_from("192.0.2.0/24", FILTER_NO);
	assert_int_equal(filter_from(f, "192.0.2.7/24"), FG_ERR_FORMAT);
	assert_int_equal(filter_from(f, "host.example"), FG_ERR_FORMAT);
	filter_free(f);
}

/* Which has no origin, and the spelling of who told the module. */
static void
breakglass_is_from_where_it_says(void **state)
{
	static const char glass[] =
	    "{\"v\":1,\"seq\":7,\"ts\":\"2026-01-01T08:30:00.000001Z\","
	    "\"event\":\"breakglass\",\"ref\":\"M7F3K-Q2MN\","
	    "\"user\":\"alice\",\"from\":\"%s\"}";

	(void)state;
	(void)text_format(record, sizeof(record), glass, "203.0.113.77");
	expect_from("203.0.113.77", FILTER_YES);
	expect_from("203.0.113.7", FILTER_NO);
	expect_from("203.0.113.0/24", FILTER_YES);
	expect_from("192.0.2.0/24", FILTER_NO);
	(void)text_format(record, sizeof(record), glass, "2001:DB8:0::7");
	expect_from("2001:db8::7", FILTER_YES);
	expect_from("2001:db8::/32", FILTER_YES);
	(void)text_format(record, sizeof(record), glass, "console");
	expect_from("0.0.0.0/0", FILTER_NO);
	/* as no other event has it: "from" is a time there, or a text */
	decision("\"address\":\"192.0.2.7\",", "\"from\":\"192.0.2.7\",");
	expect_from("192.0.2.7", FILTER_NO);
	decision("\"last\":{", "\"from\":\"198.51.100.9\",\"last\":{");
	expect_from("198.51.100.9", FILTER_NO);
}

static void
expect_verdict(const char *text, enum filter_answer want)
{
	struct filter *f = new_filter();

	assert_int_equal(filter_verdict(f, text), 0);
	expect(f, want);
}

static void
verdicts_are_what_happened(void **state)
{
	struct filter *f = new_filter();

	(void)state;
	decision(NULL, NULL);
	expect_verdict("allow", FILTER_YES);
	expect_verdict("deny", FILTER_NO);
	expect_verdict("challenge", FILTER_NO);
	expect_verdict("would-deny", FILTER_NO);
	decision("\"would\":\"allow\"", "\"would\":\"deny\"");
	expect_verdict("would-deny", FILTER_YES);
	decision("\"verdict\":\"allow\",\"would\":\"allow\"",
	    "\"verdict\":\"deny\",\"would\":\"deny\"");
	expect_verdict("would-deny", FILTER_NO);
	expect_verdict("deny", FILTER_YES);
	decision("\"findings\":[",
	    "\"step_up\":[{\"method\":\"totp\"}],"
	    "\"findings\":[");
	expect_verdict("challenge", FILTER_YES);
	decision("\"findings\":[",
	    "\"decided\":{\"why\":\"shipped default: geo.travel = challenge\"},"
	    "\"findings\":[");
	expect_verdict("challenge", FILTER_YES);
	assert_int_equal(filter_verdict(f, "maybe"), FG_ERR_FORMAT);
	filter_free(f);
}

static void
expect_time(int64_t since_s, int64_t until_s, enum filter_answer want)
{
	struct filter *f = new_filter();

	filter_time(f, since_s, until_s);
	expect(f, want);
}

static void
times_are_from_until_before(void **state)
{
	const int64_t at = 1767256200; /* 2026-01-01T08:30:00Z */

	(void)state;
	decision(NULL, NULL);
	expect_time(INT64_MIN, INT64_MAX, FILTER_YES);
	expect_time(at, INT64_MAX, FILTER_YES);
	expect_time(at + 1, INT64_MAX, FILTER_NO);
	expect_time(INT64_MIN, at, FILTER_NO);
	expect_time(INT64_MIN, at + 1, FILTER_YES);
	expect_time(at, at + 1, FILTER_YES);
	decision("\"ts\":\"2026-01-01T08:30:00.000001Z\",", "");
	expect_time(at, INT64_MAX, FILTER_NO);
}

static void
all_that_is_asked_for_has_to_be_so(void **state)
{
	struct filter *f = new_filter();

	(void)state;
	decision(NULL, NULL);
	assert_int_equal(filter_text(f, FILTER_USER, "alice"), 0);
	assert_int_equal(filter_text(f, FILTER_FINDING, "net.listed:vpn"), 0);
	assert_int_equal(filter_verdict(f, "allow"), 0);
	assert_int_equal(filter_from(f, "192.0.2.0/24"), 0);
	assert_int_equal(answer(f), FILTER_YES);
	assert_int_equal(filter_text(f, FILTER_COUNTRY, "DE"), 0);
	expect(f, FILTER_NO);
}

static void
other_lines_are_no_records(void **state)
{
	static const char *const lines[] = { "", "x", "{", "[]", "{}x",
		"{\"user\":\"\342\200\256\"}", "{\"user\":\"\177\"}",
		"{\"a\":1,\"a\":2}" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		(void)text_copy(record, sizeof(record), lines[i]);
		expect(new_filter(), FILTER_NO_RECORD);
	}
}

/* Each byte at each place of a word. */
static void
only_printable_bytes_are(void **state)
{
	char text[17];

	(void)state;
	assert_true(line_is_printable("", 0));
	for (unsigned int c = 0; c < 256; c++)
		for (size_t i = 0; i < sizeof(text); i++) {
			memset(text, i % 2 == 0 ? 0x7e : 0x20, sizeof(text));
			text[i] = (char)c;
			assert_int_equal(line_is_printable(text, sizeof(text)),
			    c >= 0x20 && c <= 0x7e);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_have_to_be_the_same),
		cmocka_unit_test(hostile_names_are_found),
		cmocka_unit_test(addresses_are_the_origins),
		cmocka_unit_test(breakglass_is_from_where_it_says),
		cmocka_unit_test(verdicts_are_what_happened),
		cmocka_unit_test(times_are_from_until_before),
		cmocka_unit_test(all_that_is_asked_for_has_to_be_so),
		cmocka_unit_test(other_lines_are_no_records),
		cmocka_unit_test(only_printable_bytes_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
