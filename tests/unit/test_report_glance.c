/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decision that simply allows is read without being parsed, and to the same;
 * anything else is left to be parsed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/report/login.h"
#include "ctl/report/outcome.h"
#include "policyd/text.h"

#define MODEL_SIZE 4096u

static char record[MODEL_SIZE];

/* A decision, with some of its members replaced. */
static void
decision(const char *from, const char *to)
{
	static const char model[] =
	    "{\"v\":1,\"seq\":7,\"ts\":\"2026-01-01T08:30:00.000001Z\","
	    "\"event\":\"decision\",\"ref\":\"7F3K-Q2MN\","
	    "\"phase\":\"account\",\"verdict\":\"allow\",\"would\":\"allow\","
	    "\"mode\":\"enforce\",\"user\":\"al\",\"uid\":1000,"
	    "\"service\":\"sshd\",\"kind\":\"remote\","
	    "\"key\":{\"fingerprint\":\"SHA256:one\",\"id\":\"x\"},"
	    "\"origin\":{\"kind\":\"address\",\"source\":\"ssh_connection\","
	    "\"address\":\"2001:db8:1:2::7\"},"
	    "\"place\":{\"state\":\"known\",\"country\":\"NO\"},"
	    "\"asn\":{\"state\":\"known\",\"number\":64500,\"org\":\"x\"},"
	    "\"person\":{\"state\":\"known\",\"shared\":true,"
	    "\"user\":\"alice\",\"kind\":\"person\"},"
	    "\"bound\":{\"state\":\"known\",\"asset\":\"LT-1\"},"
	    "\"attested\":{\"device\":\"ed25519:y\",\"asset\":\"LT-2\"},"
	    "\"last\":{\"ref\":\"AAAA-AAAA\",\"address\":\"198.51.100.1\","
	    "\"country\":\"DE\",\"asn\":1},\"findings\":[],"
	    "\"decided\":{\"by\":\"policy\",\"why\":\"x\"},"
	    "\"reason\":\"none\",\"peer\":{\"state\":\"none\"}}";
	const char *at = from == NULL ? NULL : strstr(model, from);

	if (from == NULL) {
		(void)text_copy(record, sizeof(record), model);
		return;
	}
	assert_non_null(at);
	(void)text_format(record, sizeof(record), "%.*s%s%s", (int)(at - model),
	    model, to, at + strlen(from));
}

static bool
glance(struct login *ret)
{
	return login_glance(record, strlen(record), ret);
}

/* As it is parsed, but for what the glance leaves out. */
static void
expect_same(void)
{
	struct login a, b;
	struct json *json = json_parse(record, strlen(record));

	assert_non_null(json);
	assert_int_equal(outcome_of(json), OUTCOME_ALLOWED);
	login_of(json, &a);
	json_free(json);
	assert_true(glance(&b));
	assert_string_equal(a.person, b.person);
	assert_int_equal(a.named, b.named);
	assert_string_equal(a.address, b.address);
	assert_string_equal(a.source, b.source);
	assert_string_equal(a.prefix, b.prefix);
	assert_string_equal(a.country[0] == '(' ? "" : a.country, b.country);
	assert_int_equal(a.asn, b.asn);
	assert_string_equal(a.asset, b.asset);
	assert_string_equal(a.fingerprint, b.fingerprint);
}

static void
it_is_the_same_as_parsed(void **state)
{
	static const char *const changes[][2] = {
		{ "2001:db8:1:2::7", "192.0.2.7" },
		{ "2001:db8:1:2::7", "nonsense" },
		{ "\"address\":\"2001:db8:1:2::7\"", "\"problem\":\"x\"" },
		{ "\"state\":\"known\",\"country\":\"NO\"",
		    "\"state\":\"unknown\"" },
		{ "\"state\":\"known\",\"number\":64500,",
		    "\"state\":\"unknown\"," },
		{ "64500", "99999999999" },
		{ "64500", "0" },
		{ "\"state\":\"known\",\"shared\":true,\"user\":\"alice\",",
		    "\"state\":\"unknown\"," },
		{ ",\"asset\":\"LT-2\"", "" },
		{ "\"asset\":\"LT-1\"", "\"assets\":3" },
		{ "\"key\":{\"fingerprint\":\"SHA256:one\",\"id\":\"x\"},",
		    "" },
		{ "\"fingerprint\":\"SHA256:one\",", "" },
	};

	(void)state;
	decision(NULL, NULL);
	expect_same();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		decision(changes[i][0], changes[i][1]);
		expect_same();
	}
}

static void
others_are_left_to_be_parsed(void **state)
{
	static const char *const changes[][2] = {
		{ "\"verdict\":\"allow\"", "\"verdict\":\"deny\"" },
		{ "\"verdict\":\"allow\"", "\"verdict\":\"exempt\"" },
		{ "\"would\":\"allow\"", "\"would\":\"deny\"" },
		{ "\"findings\":[]",
		    "\"findings\":[{\"code\":\"x\",\"exception\":3}]" },
		{ "\"findings\":[]",
		    "\"findings\":[{\"action\":"
		    "\"challenge\"}]" },
		{ "\"findings\":[]", "\"step_up\":[]" },
		{ "\"by\":\"policy\"", "\"by\":\"failure\",\"failure\":\"x\"" },
		{ "\"asset\":\"LT-2\"", "\"site_people\":3" },
		{ "\"asset\":\"LT-2\"", "\"device_people\":3" },
		{ "\"service\"", "\"tty\":\"farmgatectl\",\"service\"" },
		{ "alice", "al\\\"ice" },
		{ "alice", "" },
		{ "\"user\":\"al\"", "\"user\":\"\\u00e9\"" },
	};
	char name[300];
	struct login l;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		decision(changes[i][0], changes[i][1]);
		assert_false(glance(&l));
	}
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	decision("alice", name);
	assert_false(glance(&l));
	decision("\"user\":\"al\"", "\"user\":null,\"invalid_user\":true");
	assert_true(glance(&l)); /* the person's */
	decision("{\"v\":1", "");
	for (size_t n = 0; n < strlen(record); n++)
		(void)login_glance(record, n, &l);
}

/* Nobody's, who is not told: not one of all people. */
static void
names_are_needed(void **state)
{
	struct login l;

	(void)state;
	decision("\"state\":\"known\",\"shared\":true,\"user\":\"alice\",",
	    "\"state\":\"unknown\",");
	assert_true(glance(&l));
	assert_string_equal(l.person, "al");
	(void)text_copy(record, sizeof(record),
	    "{\"verdict\":\"allow\",\"would\":\"allow\",\"user\":null,"
	    "\"invalid_user\":true}");
	assert_false(glance(&l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_same_as_parsed),
		cmocka_unit_test(others_are_left_to_be_parsed),
		cmocka_unit_test(names_are_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
