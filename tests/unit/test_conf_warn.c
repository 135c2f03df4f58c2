/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations that are used as they are, and leave something open that
 * looks closed: each is told, and nothing else is.
 */
#include "policyd/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/conf_fixture.h"

#define ROOT                              \
	"policy root { users = \"root\" " \
	"actions = \"remote.unknown = log\" }\n"
#define OFFICE "network office { cidr = \"192.0.2.0/24\" }\n"

/* One warning, or with line 0 none. */
static void
warned(const char *text, unsigned int line, const char *part)
{
	struct parsed p = { .conf = accepted(text) };

	conf_warn(p.conf, &p.errors);
	if (p.errors.count != (line == 0 ? 0 : 1) ||
	    (line != 0 &&
		(!has_error(&p, line, part) ||
		    strncmp(p.errors.list[0].text, "warning: ", 9) != 0 ||
		    strstr(p.errors.list[0].text, "; ") == NULL))) {
		show(&p, text);
		fail_msg("wanted line %u: %s", line, part);
	}
	parsed_done(&p);
}

static void
quiet(const char *text)
{
	warned(text, 0, "");
}

static void
test_exempting_a_remote_service_is_told(void **state)
{
	(void)state;
	warned("services {\n exempt = {\"backup\",\n\"sshd\"} }\n", 3,
	    "\"sshd\"");
	quiet("services { exempt = {\"backup\", \"sudo\", \"login\"} }\n");
	quiet("services { nested = \"sshd\" }\n");
	quiet("");
}

static void
test_geo_country_without_countries_is_told(void **state)
{
	(void)state;
	warned("policy p {\n actions = \"geo.country = deny\" }\n", 2,
	    "has no countries");
	warned("actions = \"geo.country = log\"\npolicy p {\n"
	       " combination c { findings = {\n"
	       "\"geo.country\", \"remote.unknown\"} action = deny } }\n",
	    4, "has no countries");
}

static void
test_a_denial_that_any_user_can_bring_about_is_told(void **state)
{
	(void)state;
	warned(ROOT "actions = {\n\"remote.unknown = deny\"}\n", 3,
	    "remote.unknown:blind = deny");
	warned("policy p {\nactions = \"remote.unknown:partial = deny\" }\n", 2,
	    "keeps everybody out");
	quiet(ROOT "actions = {\"remote.unknown:blind = deny\", "
		   "\"remote.unknown:partial = log\"}\n");
	quiet("actions = {\"remote.unknown = log\"}\n");
}

#define BLIND "actions = {\"remote.unknown:blind = deny\"}"

static void
test_a_lost_scanner_that_keeps_everybody_out_is_told(void **state)
{
	(void)state;
	warned("\n" BLIND, 2, "at the console and by sudo included");
	warned("policy p {\n" BLIND " }\n", 2, "blind = log");
	warned("policy p {\n" BLIND " users = {\"x\", \"@sudo\"} }\n", 2,
	    "keeps administrators out while the scanner is lost, at the "
	    "console and by sudo");
	warned("policy p {\n" BLIND " services = {\"sshd\", \"su\"} }\n", 2,
	    "lost, by sudo included, and break-glass does not");
	warned("policy p {\n" BLIND " services = \"login\" }\n", 2,
	    "lost, at the console included, ");
	/* the network of an office is no way in at the console */
	warned(OFFICE "policy o { networks = \"office\" users = \"root\" "
		      "actions = \"remote.unknown = log\" }\n"
		      "policy p {\n" BLIND " }\n",
	    4, "blind = log");
	warned("\n" BLIND "\npolicy p { users = \"x\" }\n", 2, "at the");
}

static void
test_a_lost_scanner_with_a_way_in_is_quiet(void **state)
{
	(void)state;
	quiet(ROOT "policy p {\n" BLIND " }\n");
	quiet(ROOT BLIND);
	quiet("policy c { services = \"login\" users = \"root\" "
	      "actions = \"remote.unknown = log\" }\n"
	      "policy p {\n" BLIND " }\n");
	quiet("policy p {\n" BLIND " users = \"@students\" }\n");
	quiet("policy p {\n" BLIND " services = \"sshd\" }\n");
	quiet("policy p {\n" BLIND " mode = \"observe\" }\n");
	quiet("actions = {\"remote.unknown:partial = log\"}\n");
}

static void
test_a_network_for_the_inventory_alone_is_told(void **state)
{
	static const char bare[] = "network n { cidr = {\"192.0.2.0/24\"} }\n";
	char text[256];

	(void)state;
	warned(bare, 1, "service accounts");
	(void)snprintf(text, sizeof(text), "%spolicy p { networks = n }\n",
	    bare);
	quiet(text);
	quiet("network n { cidr = {\"192.0.2.0/24\"} place = NO }\n");
	quiet("network n { cidr = {\"192.0.2.0/24\"} label = x }\n");
	quiet("network n { cidr = {\"192.0.2.0/24\"} kind = vpn }\n");
	quiet("network n { cidr = {\"192.0.2.0/24\"} trust = bastion }\n");
}

static void
test_trust_in_half_of_the_world_is_told(void **state)
{
	static const char *const wide[] = { "0.0.0.0/0", "::/0", "128.0.0.0/1",
		"10.0.0.0/7", "2000::/3", "2000::/15", "fc00::/6", "f000::/4" };
	static const char *const fine[] = { "10.0.0.0/8", "192.0.2.1",
		"2001::/16", "fc00::/7", "fe80::/10", "fd00::/8" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "network n {\ncidr = {192.0.2.1, \"%s\"} trust = place }\n",
		    wide[i]);
		warned(text, 1, "is wider than an IPv4 /8");
		(void)snprintf(text, sizeof(text),
		    "network n { cidr = \"%s\" place = NO }\n", wide[i]);
		warned(text, 1, "place is believed of all of it");
		(void)snprintf(text, sizeof(text),
		    "network n { cidr = \"%s\" label = all }\n", wide[i]);
		quiet(text);
	}
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "network n { cidr = \"%s\" trust = bastion place = NO }\n",
		    fine[i]);
		quiet(text);
	}
}

static void
test_a_local_service_with_networks_alone_is_told(void **state)
{
	(void)state;
	warned(OFFICE
	    "policy p {\n services = \"sudo\"\n networks = office }\n",
	    3, "\"sudo\"");
	warned(OFFICE "policy p {\n services = {\"sshd\",\n \"login\"}\n"
		      " networks = office }\n",
	    4, "no_policy");
	/* Others than the policy's users do not help. */
	warned(OFFICE "policy p {\n users = {\"alice\", \"bob\"}\n"
		      " services = su networks = office }\n"
		      "policy q { users = alice }\n"
		      "policy r { services = sudo }\n",
	    4, "\"su\"");
	warned(OFFICE "policy p {\n services = su networks = office }\n"
		      "policy q { users = alice }\n",
	    3, "\"su\"");
}

static void
test_laptops_that_are_refused_unasked_are_told(void **state)
{
	(void)state;
	warned("step_up = device\npolicy p { actions = "
	       "\"device.unenrolled:unattested = deny\" }\n",
	    2, "refuses everybody, as no laptop is asked");
	warned("step_up = device\nactions = \"device.unenrolled = deny\"\n"
	       "policy p { }\n",
	    2, "write \"challenge device\"");
	quiet("step_up = device\npolicy p { actions = "
	      "\"device.unenrolled:unattested = challenge device\" }\n");
	/* where no laptop is asked, that is never found */
	quiet("policy p { actions = \"device.unenrolled = deny\" }\n");
}

static void
test_what_is_decided_elsewhere_too_is_not_told(void **state)
{
	(void)state;
	quiet(OFFICE "on_failure = \"no_policy = deny\"\n"
		     "policy p { services = sudo networks = office }\n");
	quiet(OFFICE "policy p { services = sudo networks = office }\n"
		     "policy q { services = sudo }\n");
	quiet(OFFICE "policy p { services = sudo networks = office }\n"
		     "policy q { }\n");
	quiet(OFFICE "policy p { users = alice services = sudo\n"
		     " networks = office }\n"
		     "policy q { users = {\"bob\", \"alice\"} }\n");
	/* A remote service without a policy is refused anyway. */
	quiet(OFFICE "policy p { services = sshd networks = office }\n");
	quiet(OFFICE "policy p { networks = office }\n");
	quiet("policy p { services = sudo }\n");
}

/* As shipped, geo.country and net.anonymizer are challenges. */
static void
test_a_step_up_that_nothing_uses_is_told(void **state)
{
#define REFUSED                                                          \
	"actions = {\"geo.country = deny\", \"net.anonymizer = deny\", " \
	"\"remote.tool:active = deny\", \"remote.session = deny\", "     \
	"\"remote.kvm:identity = deny\", \"device.key = deny\"} "        \
	"network v { cidr = 192.0.2.9 kind = vpn }\n"
	(void)state;
	quiet("step_up = totp\n");
	warned(REFUSED "step_up = totp\n", 2, "no challenge uses step_up");
	warned(REFUSED "step_up = totp\n"
		       "policy p { actions = \"time.hours = challenge "
		       "approval\" }\n",
	    2, "no challenge uses step_up");
	warned(REFUSED "policy p {\n step_up = approval }\n", 3,
	    "policy p uses its step_up");
	/* One of all the places where it holds is enough. */
	quiet(REFUSED "step_up = totp\n"
		      "policy p { actions = \"time.hours = challenge\" }\n");
	quiet(REFUSED
	    "step_up = totp network n { cidr = 192.0.2.1 label = x }\n"
	    "policy p { actions = \"net.listed:x = challenge\" }\n");
	quiet(REFUSED "step_up = totp policy p { combination c { findings =\n"
		      " {\"time.hours\", \"geo.stale\"}\n"
		      " action = challenge } }\n");
	warned(REFUSED "step_up = totp\npolicy p { step_up = approval\n"
		       " actions = \"time.hours = challenge\" }\n",
	    2, "no challenge uses step_up");
#undef REFUSED
}

static void
test_methods_without_a_step_up_are_told(void **state)
{
	static const char named[] = "policy p { countries = NO\n"
				    "actions = \"geo.country = challenge "
				    "totp\" }\n";
	char text[256];

	(void)state;
	(void)snprintf(text, sizeof(text), CONF_DB "%s", named);
	warned(text, 3, "sees the difference");
	warned("actions = \"time.hours = challenge totp\"\n", 1,
	    "write a step_up as well");
	(void)snprintf(text, sizeof(text),
	    CONF_DB "step_up = totp actions = \"time.hours = challenge\"\n%s",
	    named);
	quiet(text);
	quiet("policy p { step_up = totp actions = {\"time.hours = challenge\","
	      " \"session.limit = challenge totp\"} max_sessions = 2 }\n");
}

static void
test_times_for_no_challenge_are_told(void **state)
{
	(void)state;
	warned("\nstep_up_time = 60s\n", 2, "step_up_time is of no use");
	warned("remember = 1d\n", 1, "remember is of no use");
	quiet("remember = 1d step_up = totp\n"
	      "actions = \"time.hours = challenge\"\n");
	quiet("");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exempting_a_remote_service_is_told),
		cmocka_unit_test(test_geo_country_without_countries_is_told),
		cmocka_unit_test(
		    test_a_denial_that_any_user_can_bring_about_is_told),
		cmocka_unit_test(
		    test_a_lost_scanner_that_keeps_everybody_out_is_told),
		cmocka_unit_test(test_a_lost_scanner_with_a_way_in_is_quiet),
		cmocka_unit_test(
		    test_a_network_for_the_inventory_alone_is_told),
		cmocka_unit_test(test_trust_in_half_of_the_world_is_told),
		cmocka_unit_test(
		    test_a_local_service_with_networks_alone_is_told),
		cmocka_unit_test(test_a_step_up_that_nothing_uses_is_told),
		cmocka_unit_test(
		    test_laptops_that_are_refused_unasked_are_told),
		cmocka_unit_test(
		    test_what_is_decided_elsewhere_too_is_not_told),
		cmocka_unit_test(test_methods_without_a_step_up_are_told),
		cmocka_unit_test(test_times_for_no_challenge_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
