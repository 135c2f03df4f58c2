/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the configuration says of sessions, of journeys and of people who share
 * an address: how it is read, within which bounds, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/facts.h"
#include "tests/unit/conf_fixture.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define ASN_DB	      "database asn { files = {\"/nonexistent/a.mmdb\"} }\n"
#define DAY	      INT64_C(86400)
#define NET(keys)     "network n { cidr = 192.0.2.0/24\n" keys " }\n"

/* KEY = "VALUE" on line 2 is refused for each value. */
static void
refused_each(const char *key, const char *const *values, size_t n,
    const char *part)
{
	char text[512];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text), "\n%s = \"%s\"\n", key,
		    values[i]);
		refused(text, 2, part);
	}
}

static void
test_without_a_word_all_is_as_shipped(void **state)
{
	struct conf *conf = accepted(NET("label = x") "policy p { }");

	(void)state;
	assert_true(conf->max_speed_kmh == 900);
	assert_true(conf->travel_floor_km == 100);
	assert_int_equal(conf->asn_learning, 3);
	assert_int_equal(conf->shared_people, 2);
	assert_int_equal(conf->shared_window_s, 30 * DAY);
	assert_int_equal(conf->history_s, 90 * DAY);
	assert_false(conf->terminate);
	assert_int_equal(conf->bundle_keys.n, 0);
	assert_int_equal(conf->bundle_max_age_s, 7 * DAY);
	assert_int_equal(conf->policies[0].max_sessions, 0);
	assert_int_equal(conf->policies[0].places, CONF_PLACE_COUNTRY);
	assert_int_equal(conf->policies[0].places_line, 0);
	assert_null(conf->networks[0].shared);
	assert_int_equal(conf->networks[0].shared_until_s, 0);
	conf_free(conf);
}

static void
test_each_key_is_read(void **state)
{
	struct conf *conf =
	    accepted(NET("shared = \"an office\" shared_until = "
			 "1970-01-02") "max_speed = 100000km/h "
				       "travel_floor = \"20000km\"\n"
				       "asn_learning = 1000 "
				       "shared_people = 8 "
				       "shared_window = 1s\n"
				       "history = 36500d terminate = "
				       "yes bundle_max_age = 1s\n"
				       "policy p { max_sessions = "
				       "\"10000\" }");

	(void)state;
	assert_true(conf->max_speed_kmh == 100000);
	assert_true(conf->travel_floor_km == 20000);
	assert_int_equal(conf->asn_learning, 1000);
	assert_int_equal(conf->shared_people, 8);
	assert_int_equal(conf->shared_window_s, 1);
	assert_int_equal(conf->history_s, 36500 * DAY);
	assert_true(conf->terminate);
	assert_int_equal(conf->bundle_max_age_s, 1);
	assert_int_equal(conf->policies[0].max_sessions, 10000);
	assert_string_equal(conf->networks[0].shared, "an office");
	/* The last day counts whole. */
	assert_int_equal(conf->networks[0].shared_until_s, 2 * DAY);
	conf_free(conf);
}

static void
test_places_are_bits_in_any_order(void **state)
{
	struct conf *conf = accepted(ASN_DB CONF_DB
	    "policy p { users = a max_sessions = 1\n"
	    " places = {\"network\", \"country\", \"asn\"} }\n"
	    "policy q { places = asn }");
	const struct conf_policy *p = conf->policies;

	(void)state;
	assert_int_equal(p[0].max_sessions, 1);
	assert_int_equal(p[0].max_sessions_line, 3);
	assert_int_equal(p[0].places,
	    CONF_PLACE_COUNTRY | CONF_PLACE_ASN | CONF_PLACE_NETWORK);
	assert_int_equal(p[0].places_line, 4);
	assert_int_equal(p[1].places, CONF_PLACE_ASN);
	conf_free(conf);
	refused("policy p {\n places = {\"devices\"} }", 2,
	    "\"devices\" makes no place; write country, asn, network or "
	    "device");
	refused("policy p {\n places = {} }", 2, "the list places is empty");
	refused("policy p {\n places = {network, network} }", 2,
	    "\"network\" is in places twice");
}

static void
test_speeds_are_digits_and_km_an_hour(void **state)
{
	static const char *const bad[] = { "", "km/h", "900", "900km", "900kmh",
		"900 km/h", "-1km/h", "0km/h", "1.5km/h", "100001km/h",
		"900km/hkm/h", "99999999999999999999999km/h" };

	(void)state;
	is_accepted("max_speed = 1km/h");
	refused_each("max_speed", bad, N_ELEMENTS(bad),
	    "is no speed; write digits and km/h, from \"1km/h\" to "
	    "\"100000km/h\"");
}

static void
test_numbers_have_bounds(void **state)
{
	static const struct {
		const char *key;
		const char *most;
		const char *more;
	} keys[] = { { "asn_learning", "1000", "1001" },
		{ "shared_people", "8", "9" } };
	static const char *const bad[] = { "", "0", "-1", "1.0", "+1", " 1",
		"1x", "two", "4294967297", "99999999999999999999999" };
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(keys); i++) {
		(void)snprintf(text, sizeof(text), "%s = %s", keys[i].key,
		    keys[i].most);
		is_accepted(text);
		(void)snprintf(text, sizeof(text),
		    "is no number for %s; write digits, from \"1\" to \"%s\"",
		    keys[i].key, keys[i].most);
		refused_each(keys[i].key, bad, N_ELEMENTS(bad), text);
		refused_each(keys[i].key, &keys[i].more, 1, text);
	}
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    "policy p {\n max_sessions = \"%s\" }", bad[i]);
		refused(text, 2, "is no number for max_sessions");
	}
	refused("policy p {\n max_sessions = 10001 }", 2, "\"10000\"");
}

/* All of the sharers that are counted, and one more, have to be enough. */
static void
test_people_of_an_address_can_be_counted(void **state)
{
	(void)state;
	assert_true(CONF_SHARED_PEOPLE_MAX <= FACT_SHARERS_MAX);
	assert_true(CONF_SHARED_TEXT_MAX <= FACT_REASON_MAX);
}

static void
test_keys_of_bundles_are_whole(void **state)
{
	static const char *const bad[] = { "", "ed25519:", "SHA256:x",
		"ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zg=",
		"ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw",
		" ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=" };
	static const char key[] =
	    "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
	struct conf *conf;
	char text[200];

	(void)state;
	(void)snprintf(text, sizeof(text), "bundle_keys = {\"%s\"}", key);
	conf = accepted(text);
	assert_true(conf_trusts_bundle_key(conf, key));
	assert_false(conf_trusts_bundle_key(conf, key + 1));
	conf_free(conf);
	refused_each("bundle_keys", bad, N_ELEMENTS(bad),
	    "is no public key of bundles");
	refused("bundle_max_age = never", 1, "is no duration");
}

static void
test_terminate_is_yes_or_no(void **state)
{
	static const char *const bad[] = { "", "Yes", "true", "1", "on",
		"yes " };

	(void)state;
	is_accepted("terminate = no");
	refused_each("terminate", bad, N_ELEMENTS(bad), "\"yes\" or \"no\"");
}

static void
test_the_window_is_within_the_history(void **state)
{
	struct conf *conf = accepted("history = 29d");

	(void)state;
	assert_int_equal(conf->shared_window_s, 29 * DAY);
	conf_free(conf);
	conf = accepted("history = 31d");
	assert_int_equal(conf->shared_window_s, 30 * DAY);
	conf_free(conf);
	is_accepted("history = 7d shared_window = 7d");
	refused("history = 7d\nshared_window = 169h", 2,
	    "shared_window is longer than history");
	refused("\nshared_window = 91d", 2,
	    "shared_window is longer than history");
	refused("\nshared_window = 0d", 2, "is no duration");
	refused("history = 1w\nshared_window = 91d", 1, "is no duration");
}

static void
test_an_excuse_has_a_reason_and_an_end(void **state)
{
	static const char *const bad[] = { "", "2026-02-29", "2026-13-01",
		"2026-1-1", "26-01-01", "20260101", "1969-12-31", "9999-01-01",
		"2026-01-01 ", "2026-01-01T00:00:00Z", "tomorrow" };
	char text[512], longest[CONF_SHARED_TEXT_MAX + 2];
	size_t i;

	(void)state;
	is_accepted(NET("shared = x shared_until = 2028-02-29"));
	is_accepted(NET("shared = x shared_until = 9998-12-31"));
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    NET("shared = x\n shared_until = \"%s\""), bad[i]);
		refused(text, 3, "is no day; write the last one");
	}
	refused(NET("shared = x"), 2, "shared of network n has no end");
	refused(NET("shared_until = 2026-01-01"), 2,
	    "shared_until of network n has no reason");
	refused(NET("shared = \"\" shared_until = 2026-01-01"), 2,
	    "shared has 0 bytes and needs 1 to 200");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	(void)snprintf(text, sizeof(text),
	    NET("shared = \"%s\" shared_until = 2026-01-01"), longest);
	refused(text, 2, "shared has 201 bytes");
	(void)snprintf(text, sizeof(text),
	    NET("shared = \"%s\" shared_until = 2026-01-01"), longest + 1);
	is_accepted(text);
	refused(NET("trust = bastion shared = x shared_until = 2026-01-01"), 1,
	    "many people come through a bastion anyway");
	is_accepted(NET("trust = place shared = x shared_until = 2026-01-01"));
}

static void
test_places_that_nothing_tells_are_refused(void **state)
{
	(void)state;
	refused("policy p {\n places = asn }", 2,
	    "nothing tells the autonomous system");
	refused(ASN_DB "policy p {\n places = {\"asn\", \"country\"} }", 3,
	    "nothing tells the country of an address");
	is_accepted(NET("place = NO") "policy p { places = country }");
	is_accepted("policy p { places = network }");
}

static void
test_an_excuse_that_ended_is_told(void **state)
{
	struct conf *conf =
	    accepted("\n" NET("shared = x shared_until = 2025-12-31"));
	struct parsed p = { .conf = conf };

	(void)state;
	conf_warn(conf, &p.errors);
	conf_warn_old(conf, 1767225599, &p.errors);
	assert_int_equal(p.errors.count, 0);
	conf_warn_old(conf, 1767225600, &p.errors);
	assert_int_equal(p.errors.count, 1);
	assert_true(has_error(&p, 2,
	    "warning: network n was shared until 2025-12-31, and people"));
	parsed_done(&p);
}

static void
test_what_sessions_cannot_be_found_for_is_refused(void **state)
{
	(void)state;
	refused("actions = \"session.limit = deny\"\npolicy p { }", 1,
	    "session.limit is never found; add max_sessions = \"...\" to a "
	    "policy");
	refused("policy p { users = a max_sessions = 2 }\n"
		"policy q { actions = \"session.limit = deny\" }",
	    2, "add max_sessions = \"...\" to the policy");
	is_accepted("actions = \"session.limit = deny\"\n"
		    "policy p { users = a max_sessions = 2 }");
	refused("policy p {\n actions = \"session.places = deny\" }", 2,
	    "session.places is never found; add database country");
	refused("\nactions = \"session.places = deny\"\npolicy p { }", 2,
	    "session.places is never found");
	is_accepted(CONF_DB "actions = \"session.places = deny\"");
	is_accepted(NET("place = NO") "actions = \"session.places = deny\"");
	is_accepted("actions = \"session.places = deny\"\n"
		    "policy p { places = network }");
	is_accepted(ASN_DB "policy p { places = asn\n"
			   "actions = \"session.places = deny\" }");
	refused("policy p { combination c { findings = {\"session.limit\",\n"
		"\"remote.unknown\"} action = deny } }",
	    1, "session.limit is never found");
}

/* They say it themselves, when they are asked. */
static void
test_where_laptops_are_is_found_where_they_are_asked(void **state)
{
	(void)state;
	refused("actions = \"session.shared_site = deny\"\npolicy p { }", 1,
	    "session.shared_site is never found; let laptops say what they "
	    "are, with device in step_up, or remove this");
	refused("policy p {\n actions = \"session.shared_device = deny\" }", 2,
	    "session.shared_device is never found");
	refused("policy p { combination c { findings = {\"remote.unknown\",\n"
		"\"session.shared_site\"} action = deny } }",
	    2, "session.shared_site is never found");
	is_accepted("step_up = {device, approval}\n"
		    "actions = \"session.shared_site = deny\"\n"
		    "policy p { actions = \"session.shared_device = "
		    "challenge\" }");
	is_accepted("actions = \"session.shared_site = deny\"\n"
		    "policy p { step_up = {device, approval} }");
}

static void
test_what_is_ignored_is_not_set_up(void **state)
{
	(void)state;
	refused("policy p { max_sessions = 2\n"
		" actions = \"session.limit = ignore\" }",
	    1, "max_sessions of policy p has no effect, because line 2");
	refused("actions = \"session.limit = ignore\"\n"
		"policy p { max_sessions = 2 }",
	    2, "because line 1 ignores session.limit");
	is_accepted("policy p { max_sessions = 2\n"
		    " actions = \"session.limit = ignore\"\n"
		    " combination c { findings = {\"session.limit\",\n"
		    " \"remote.unknown\"} action = deny } }");
	refused("policy p { places = network\n"
		" actions = \"session.places = ignore\" }",
	    1, "places of policy p have no effect, because line 2");
	refused("actions = \"session.shared_source = ignore\"\n" NET(
		    "shared = x shared_until = 2026-01-01"),
	    2,
	    "shared of network n has no effect, because "
	    "session.shared_source is ignored everywhere");
	is_accepted("actions = \"session.shared_source = ignore\"\n" NET(
	    "shared = x shared_until = 2026-01-01") "policy p { actions = "
						    "\"session.shared_source = "
						    "log\" }");
	is_accepted(
	    NET("shared = x shared_until = 2026-01-01") "policy p { actions = "
							"\"session.shared_"
							"source = ignore\" }");
	/* where laptops are asked, of their sites as well */
	is_accepted("step_up = {device, approval}\n"
		    "actions = \"session.shared_source = ignore\"\n" NET(
			"shared = x shared_until = 2026-01-01"));
	refused("step_up = {device, approval}\n"
		"actions = {\"session.shared_source = ignore\",\n"
		"\"session.shared_site = ignore\"}\n" NET(
		    "shared = x shared_until = 2026-01-01"),
	    4,
	    "because session.shared_source and session.shared_site are "
	    "ignored everywhere");
	/* what is shipped is no wish */
	is_accepted(CONF_DB
	    "policy p { actions = \"session.places = ignore\" }");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_word_all_is_as_shipped),
		cmocka_unit_test(test_each_key_is_read),
		cmocka_unit_test(test_places_are_bits_in_any_order),
		cmocka_unit_test(test_speeds_are_digits_and_km_an_hour),
		cmocka_unit_test(test_numbers_have_bounds),
		cmocka_unit_test(test_people_of_an_address_can_be_counted),
		cmocka_unit_test(test_terminate_is_yes_or_no),
		cmocka_unit_test(test_keys_of_bundles_are_whole),
		cmocka_unit_test(test_the_window_is_within_the_history),
		cmocka_unit_test(test_an_excuse_has_a_reason_and_an_end),
		cmocka_unit_test(test_places_that_nothing_tells_are_refused),
		cmocka_unit_test(test_an_excuse_that_ended_is_told),
		cmocka_unit_test(
		    test_what_sessions_cannot_be_found_for_is_refused),
		cmocka_unit_test(
		    test_where_laptops_are_is_found_where_they_are_asked),
		cmocka_unit_test(test_what_is_ignored_is_not_set_up),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
