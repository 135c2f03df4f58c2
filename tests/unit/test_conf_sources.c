/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Databases, networks and lists of autonomous systems in the configuration:
 * what is read, and what is refused because it means nothing or never has an
 * effect.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "tests/unit/conf_fixture.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

#define ASN_DB	"database asn { files = {\"/nonexistent/a.mmdb\"} }\n"
#define ANON_DB "database anonymous { files = {\"/nonexistent/n.mmdb\"} }\n"
#define NET(name, body) \
	"network " name " { cidr = {\"192.0.2.0/24\"} " body " }\n"

static void
test_each_file_of_a_section_is_a_database(void **state)
{
	struct conf *conf = accepted(
	    "database city { files = {\"/b4.mmdb\", /b6.mmdb} max_age = 60d }\n"
	    "database country { files = /c.mmdb }\n"
	    "database asn { files = /b4.mmdb max_age = \"90m\" }\n"
	    "database anonymous { files = {/n.mmdb} max_age = 12h }\n"
	    "policy p { countries = NO }\n");
	static const struct {
		enum conf_database_kind kind;
		const char *path;
		int64_t max_age_s;
		unsigned int line;
	} want[] = {
		{ CONF_DATABASE_CITY, "/b4.mmdb", 60 * 86400, 1 },
		{ CONF_DATABASE_CITY, "/b6.mmdb", 60 * 86400, 1 },
		{ CONF_DATABASE_COUNTRY, "/c.mmdb", 0, 2 },
		{ CONF_DATABASE_ASN, "/b4.mmdb", 5400, 3 },
		{ CONF_DATABASE_ANONYMOUS, "/n.mmdb", 43200, 4 },
	};
	size_t i;

	(void)state;
	assert_int_equal(conf->ndatabases, N_ELEMENTS(want));
	for (i = 0; i < N_ELEMENTS(want); i++) {
		assert_int_equal(conf->databases[i].kind, want[i].kind);
		assert_string_equal(conf->databases[i].path, want[i].path);
		assert_int_equal(conf->databases[i].max_age_s,
		    want[i].max_age_s);
		assert_int_equal(conf->databases[i].line, want[i].line);
	}
	conf_free(conf);
}

static void
test_databases_that_cannot_be_meant_are_refused(void **state)
{
	char text[4096];
	size_t i, n;

	(void)state;
	refused("database town { files = /x }", 1,
	    "write country, city, asn or anonymous");
	refused("database none { files = /x }", 1, "unknown kind");
	refused("\ndatabase city { max_age = 1d }", 2, "has no file");
	refused("database asn { files = {\"/x\",\n \"y\"} }", 2,
	    "no absolute path");
	refused("database asn { files = {\"/x\",\n \"/x\"} }", 2,
	    "is in files twice");
	complains("database asn { file = \"/x\" }", 1,
	    "did you mean \"files\"?");
	refused("database asn { files = /x }\ndatabase asn { files = /y }\n", 2,
	    "was defined in line 1 already");
	n = (size_t)snprintf(text, sizeof(text), "database asn { files = {");
	for (i = 0; i < 33; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "/%zu,", i);
	(void)snprintf(text + n, sizeof(text) - n, "} }\n");
	refused(text, 1, "more than 32 database files");
}

static void
test_durations_are_digits_and_a_unit(void **state)
{
	static const char *const bad[] = { "", "d", "0d", "60", "60 d", "60D",
		"6 0d", "-1d", "+1d", "1.5d", "1w", "1dd", "36501d", "60d ",
		"3153600001s", "99999999999999999999999d", "0x1d", "km" };
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = { { "1s", 1 }, { "1m", 60 }, { "2h", 7200 },
		{ "36500d", 3153600000 }, { "3153600000s", 3153600000 },
		{ "007d", 604800 } };
	struct conf *conf;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    "database country {\nmax_age = \"%s\" files = /x }",
		    bad[i]);
		refused(text, 2,
		    "is no duration; write digits and s, m, h or d");
	}
	for (i = 0; i < N_ELEMENTS(good); i++) {
		(void)snprintf(text, sizeof(text),
		    "database country { max_age = \"%s\" files = /x }",
		    good[i].text);
		conf = accepted(text);
		assert_int_equal(conf->databases[0].max_age_s, good[i].seconds);
		conf_free(conf);
	}
}

static void
test_distances_are_digits_and_km(void **state)
{
	static const char *const bad[] = { "", "km", "200", "200m", "200 km",
		"200KM", "-1km", "1.5km", "20001km", "1kmkm",
		"99999999999999999999999km" };
	struct conf *conf = accepted("missing_accuracy = \"20000km\"");
	char text[128];
	size_t i;

	(void)state;
	assert_true(conf->missing_accuracy_km == 20000);
	conf_free(conf);
	conf = accepted("missing_accuracy = 0km");
	assert_true(conf->missing_accuracy_km == 0);
	conf_free(conf);
	conf = accepted("");
	assert_true(conf->missing_accuracy_km == 200);
	conf_free(conf);
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    "\nmissing_accuracy = \"%s\"\n", bad[i]);
		refused(text, 2, "is no distance; write digits and km");
	}
}

static void
test_networks_have_kinds_and_trust(void **state)
{
	struct conf *conf =
	    accepted(NET("a", "kind = vpn") NET("b", "kind = proxy label = x")
		    NET("c", "kind = \"tor\"") NET("d", "kind = hosting")
			NET("e", "trust = bastion") NET("f", "label = y"));
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(conf->networks[i].kind, CONF_NET_VPN + i);
	assert_int_equal(conf->networks[4].trust, CONF_TRUST_BASTION);
	assert_int_equal(conf->networks[4].kind, CONF_NET_NONE);
	assert_int_equal(conf->networks[0].listed_at_s, 0);
	conf_free(conf);
	refused(NET("n", "kind = mobile label = x"), 1,
	    "unknown kind \"mobile\"; write \"vpn\", \"proxy\"");
	refused(NET("n", "kind = cgnat label = x"), 1,
	    "unknown kind \"cgnat\"; write \"vpn\", \"proxy\"");
	refused(NET("n", "kind = none label = x"), 1, "unknown kind");
	refused(NET("n", "kind = VPN label = x"), 1, "unknown kind");
	refused(NET("n", "kind = \"\" label = x"), 1, "unknown kind");
	refused(NET("n", "trust = full label = x"), 1,
	    "write \"none\", \"place\" or \"bastion\"");
}

static void
test_autonomous_systems_are_sorted_each_once(void **state)
{
	static const uint32_t in[] = { 1, 7, 64500, 4294967295u };
	static const uint32_t out[] = { 0, 2, 6, 8, 64499, 64501, 4294967294u };
	struct conf *conf = accepted(ASN_DB
	    "asn a {\n numbers = {AS64500, \"7\", \"as1\", AS4294967295,"
	    " \"64500\"} kind = hosting }\n"
	    "asn b { numbers = 5 kind = mobile }\n"
	    "asn c { numbers = 6 kind = cgnat }\n");
	size_t i;

	(void)state;
	assert_int_equal(conf->nasns, 3);
	assert_int_equal(conf->asns[0].nsorted, N_ELEMENTS(in));
	assert_int_equal(conf->asns[0].line, 2);
	for (i = 0; i < N_ELEMENTS(in); i++) {
		assert_int_equal(conf->asns[0].sorted[i], in[i]);
		assert_true(conf_asns_has(&conf->asns[0], in[i]));
	}
	for (i = 0; i < N_ELEMENTS(out); i++)
		assert_false(conf_asns_has(&conf->asns[0], out[i]));
	assert_int_equal(conf->asns[1].kind, CONF_NET_MOBILE);
	assert_int_equal(conf->asns[2].kind, CONF_NET_CGNAT);
	conf_free(conf);
}

static void
test_what_is_no_autonomous_system_is_refused(void **state)
{
	static const char *const bad[] = { "", "AS", "AS0", "0", "-1", "AS-1",
		"AS4294967296", "4294967296", "1.10", "AS 64500", "AS64500 ",
		"ASN64500", "64500x", "example", "192.0.2.1" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    ASN_DB "asn a { kind = vpn numbers = {AS1,\n\"%s\"} }\n",
		    bad[i]);
		refused(text, 3, "is no number of an autonomous system");
	}
	complains(ASN_DB "asn a { kind = tor numbers = AS1 }", 2,
	    "unknown kind \"tor\"; write \"hosting\", \"vpn\", \"mobile\" or "
	    "\"cgnat\"");
	complains(ASN_DB "asn a { kind = proxy numbers = AS1 }", 2,
	    "unknown kind");
	refused(ASN_DB "asn a { kind = vpn numbers = {AS1,\n AS1} }", 3,
	    "is in numbers twice");
	refused(ASN_DB "asn A { kind = vpn numbers = AS1 }", 2,
	    "is no name for an asn");
}

static void
test_policies_deny_systems_by_number_or_list(void **state)
{
	struct conf *conf = accepted(ASN_DB
	    "policy p { deny_asns = {\"AS64500\", \"bad\", \"as1\"} }\n"
	    "asn as1 { numbers = AS2 }\nasn bad { numbers = AS3 }\n");
	const struct conf_asn_rule *rule = conf->policies[0].asn_rules;

	(void)state;
	assert_int_equal(conf->policies[0].deny_asns.n, 3);
	assert_int_equal(rule[0].number, 64500);
	assert_int_equal(rule[1].number, 0);
	assert_int_equal(rule[1].list, 1);
	/* In small letters it can only be a list. */
	assert_int_equal(rule[2].number, 0);
	assert_int_equal(rule[2].list, 0);
	conf_free(conf);
	refused(ASN_DB "asn bad { numbers = AS3 kind = vpn }\n"
		       "policy p { deny_asns = {\n\"bat\"} }\n",
	    4, "did you mean \"bad\"?");
	refused(ASN_DB "policy p { deny_asns = AS0 }\n", 2,
	    "write a number such as \"AS64500\"");
	refused(ASN_DB "policy p { deny_asns = \"64500\" }\n", 2,
	    "is no list of autonomous systems");
	refused(ASN_DB "policy p { deny_asns = {AS1,\nAS1} }\n", 3,
	    "is in deny_asns twice");
}

static void
test_lists_without_an_effect_are_refused(void **state)
{
	(void)state;
	refused(NET("n", "label = x max_age = 1d"), 1,
	    "max_age of network n has no effect without files");
	refused(NET("n", "kind = vpn trust = place"), 1,
	    "kind of network n has no effect");
	refused(NET("n", "kind = tor trust = bastion"), 1,
	    "kind of network n has no effect");
	refused("network n { kind = vpn }", 1, "has no address");
	is_accepted(NET("n", "kind = vpn trust = none"));
	refused("asn a { numbers = AS1 kind = vpn }", 1,
	    "add database asn { files = {...} }");
	refused(ASN_DB "asn a { numbers = AS1 }", 2,
	    "asn a has no effect; name it in deny_asns");
	refused(ASN_DB "asn a { kind = hosting }", 2, "asn a has no number");
	refused(ASN_DB "asn a { numbers = AS1 kind = vpn max_age = 1d }", 2,
	    "max_age of asn a has no effect");
	refused("policy p { deny_asns = AS1 }", 1,
	    "nothing tells the autonomous system of an address; add database");
	refused(ASN_DB "policy p { deny_asns = AS1\n"
		       "actions = {\"net.asn:denied = ignore\"} }",
	    2, "deny_asns of policy p have no effect, because line 3 ignores");
	/* A rule for the code does not lower the grade. */
	is_accepted(ASN_DB "policy p { deny_asns = AS1\n"
			   "actions = {\"net.asn = ignore\"} }");
	is_accepted(ASN_DB "policy p { deny_asns = AS1\n"
			   "actions = {\"net.asn:denied = ignore\"}\n"
			   "combination c { findings = {\"net.asn\",\n"
			   "\"remote.unknown\"} action = deny } }");
}

static void
test_rules_for_what_is_never_found_are_refused(void **state)
{
	(void)state;
	refused("actions = \"net.anonymizer = log\"", 1,
	    "net.anonymizer is never found; add database anonymous");
	refused(NET("n", "kind = hosting") "actions = \"net.anonymizer = log\"",
	    2, "net.anonymizer is never found");
	refused(NET("n", "kind = vpn") "actions = \"net.anonymizer:tor = log\"",
	    2, "net.anonymizer:tor is never found");
	refused(
	    NET("n",
		"kind = tor") "actions = \"net.anonymizer:residential = log\"",
	    2, "net.anonymizer:residential is never found");
	is_accepted(NET("n",
	    "kind = tor") "actions = {\"net.anonymizer:tor = log\",\n"
			  "\"net.anonymizer = log\"}");
	is_accepted(ANON_DB
	    "actions = {\"net.anonymizer:any = log\", \"net.hosting = deny\"}");
	refused(NET("n", "kind = vpn") "actions = \"net.hosting = deny\"", 2,
	    "net.hosting is never found");
	refused(ASN_DB "asn a { numbers = AS1 kind = mobile }\n"
		       "actions = \"net.hosting = deny\"",
	    3, "net.hosting is never found");
	refused(ASN_DB "asn a { numbers = AS1 kind = cgnat }\n"
		       "actions = \"net.hosting = deny\"",
	    3, "net.hosting is never found");
	is_accepted(ASN_DB "asn a { numbers = AS1 kind = vpn }\n"
			   "actions = \"net.hosting = deny\"");
	is_accepted(NET("n",
	    "kind = hosting") "actions = \"net.hosting=deny\"");
	refused("\nactions = \"net.asn = log\"", 2,
	    "net.asn is never found; add database asn { files = {...} }");
	refused("\nactions = \"net.asn:new = log\"", 2,
	    "net.asn:new is never found; add database asn");
	is_accepted(ASN_DB "actions = {\"net.asn = log\",\n"
			   "\"net.asn:new = deny\"}");
	refused(ASN_DB "actions = \"net.asn:denied = log\"", 2,
	    "net.asn:denied is never found; add deny_asns = {...} to a "
	    "policy");
	refused(ASN_DB "policy p { users = a deny_asns = AS1 }\n"
		       "policy q { actions = \"net.asn:denied = log\" }",
	    3, "add deny_asns = {...} to the policy");
	is_accepted(ASN_DB "actions = \"net.asn:denied = log\"\n"
			   "policy p { deny_asns = AS1 }");
	refused("policy p { combination c { findings = {\"net.hosting\",\n"
		"\"remote.unknown\"} action = deny } }",
	    1, "net.hosting is never found");
	refused(ANON_DB "policy p { combination c {\n"
			"findings = {\"net.anonymizer:vpn\", \"net.hosting\"}"
			" action = deny } }",
	    2, "net.anonymizer:vpn alone is deny");
	refused(ANON_DB "actions = \"net.anonymizer:wireguard = log\"", 2,
	    "it has vpn, proxy, residential, tor, any");
}

static void
test_journeys_need_points(void **state)
{
	(void)state;
	refused(CONF_DB "actions = \"geo.travel = deny\"", 2,
	    "geo.travel is never found; add database city { files = {...} }");
	is_accepted("database city { files = /x }\n"
		    "actions = \"geo.travel = deny\"");
}

static void
test_a_city_database_tells_countries_too(void **state)
{
	(void)state;
	is_accepted("database city { files = /x }\n"
		    "policy p { countries = NO }");
	refused(ASN_DB ANON_DB "policy p { countries = NO }", 3,
	    "nothing tells the country of an address");
}

static void
test_lists_that_are_too_old_are_told(void **state)
{
	struct conf *conf = accepted(ASN_DB NET("n",
	    "label = x") "asn a { numbers = AS1 kind = vpn }\n");
	struct parsed p = { .conf = conf };

	(void)state;
	conf_warn_old(conf, 1767225600, &p.errors);
	assert_int_equal(p.errors.count, 0);
	conf->networks[0].listed_at_s = 1767225600 - 86400;
	conf->asns[0].listed_at_s = 1767225600 - 86400;
	conf_warn_old(conf, 1767225600, &p.errors);
	assert_int_equal(p.errors.count, 0);
	conf->networks[0].max_age_s = 86400;
	conf->asns[0].max_age_s = 86400;
	conf_warn_old(conf, 1767225600, &p.errors);
	assert_int_equal(p.errors.count, 0);
	/* A clock that was set back makes nothing old. */
	conf_warn_old(conf, 0, &p.errors);
	assert_int_equal(p.errors.count, 0);
	conf_warn_old(conf, 1767225601, &p.errors);
	assert_int_equal(p.errors.count, 2);
	assert_true(has_error(&p, 2,
	    "warning: network n is of 2025-12-31 and older than its max_age; "
	    "it stays in use"));
	assert_true(has_error(&p, 3, "warning: asn a is of 2025-12-31"));
	parsed_done(&p);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_file_of_a_section_is_a_database),
		cmocka_unit_test(
		    test_databases_that_cannot_be_meant_are_refused),
		cmocka_unit_test(test_durations_are_digits_and_a_unit),
		cmocka_unit_test(test_distances_are_digits_and_km),
		cmocka_unit_test(test_networks_have_kinds_and_trust),
		cmocka_unit_test(test_autonomous_systems_are_sorted_each_once),
		cmocka_unit_test(test_what_is_no_autonomous_system_is_refused),
		cmocka_unit_test(test_policies_deny_systems_by_number_or_list),
		cmocka_unit_test(test_lists_without_an_effect_are_refused),
		cmocka_unit_test(
		    test_rules_for_what_is_never_found_are_refused),
		cmocka_unit_test(test_journeys_need_points),
		cmocka_unit_test(test_a_city_database_tells_countries_too),
		cmocka_unit_test(test_lists_that_are_too_old_are_told),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
