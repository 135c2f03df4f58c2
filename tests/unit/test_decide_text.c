/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What explains a decision: the strictest reason, its line, the codes and the
 * help. Combinations are here too, as reasons that are made of others.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

static void
test_findings_together_count_more_than_alone(void **state)
{
	struct conf *conf = parse(
	    "network vpn { cidr = {\"203.0.113.0/24\"} label = \"vpn\" }\n"
	    "network tor { cidr = {\"203.0.113.0/25\"} label = \"tor\" }\n"
	    "policy all {\n"
	    "	countries = {\"DE\"}\n"
	    "	actions = {\"geo.country = log\"}\n"
	    "	combination weak {\n"
	    "		findings = {\"net.listed:vpn\", \"geo.country\"}\n"
	    "		action = \"deny\"\n"
	    "	}\n"
	    "}\n");
	struct decision d;
	struct facts f;
	size_t n;

	(void)state;
	set_facts(&f);
	set_place(&f, "FR");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	f.networks.count = 1;
	f.networks.index[0] = 1;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.country,net.listed:tor");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	f.networks.index[0] = 0;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	assert_why(&d, conf, "test.conf:6: combination weak = deny");
	assert_non_null(strstr(decide_next(&d), "farmgatectl reload"));

	/* no step-up stands behind a challenge, wherever it comes from */
	conf->policies[0].combinations[0].action = ACTION_CHALLENGE;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf->policies[0].combinations[0].action = ACTION_NONE;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	n = conf->policies[0].combinations[0].nfindings;
	conf->policies[0].combinations[0].nfindings = 0;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf->policies[0].combinations[0].nfindings = n;
	conf_free(conf);
}

static void
test_the_first_of_equally_strict_reasons_explains(void **state)
{
	struct conf *conf = parse("actions = {\"remote.unknown = deny\"}\n"
				  "policy all { countries = {\"DE\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_place(&f, "FR");
	f.peer.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, 2);
	assert_int_equal(d.index, 0);
	assert_int_equal(d.line, 0);
	assert_why(&d, conf, "shipped default: geo.country = deny");
	assert_non_null(strstr(decide_next(&d), "countries of the policy"));
	assert_int_equal(d.applied[1].action, ACTION_DENY);
	assert_int_equal(d.applied[1].line, 1);

	set_place(&f, "DE");
	decide(&f, conf, &d);
	assert_why(&d, conf, "test.conf:1: remote.unknown = deny");
	conf_free(conf);
}

static void
test_the_deciding_line_is_named(void **state)
{
	struct conf *conf = parse(
	    "on_failure = {\"no_policy = deny\"}\n"
	    "network vpn { cidr = {\"203.0.113.0/24\"} label = \"vpn\" }\n"
	    "actions = {\"net.listed = deny\"}\n"
	    "policy staff {\n"
	    "	users = {\"alice\"}\n"
	    "	countries = {\"DE\"}\n"
	    "	actions = {\"geo.country = deny\"}\n"
	    "}\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	assert_why(&d, conf, "test.conf:4: policy staff, nothing in it denies");
	assert_string_equal(decide_next(&d),
	    "nothing to fix: the login is allowed");
	set_place(&f, "FR");
	decide(&f, conf, &d);
	assert_why(&d, conf, "test.conf:7: geo.country = deny");
	set_place(&f, "DE");
	f.networks.count = 1;
	decide(&f, conf, &d);
	assert_why(&d, conf, "test.conf:3: net.listed = deny");
	(void)snprintf(f.login.user, sizeof(f.login.user), "bob");
	f.networks.count = 0;
	decide(&f, conf, &d);
	assert_why(&d, conf, "test.conf:1: no_policy = deny");
	assert_reason(&d, "no_policy");
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
test_a_long_reason_is_cut_at_a_whole_code(void **state)
{
	char text[4096] = "policy all { }\n", reason[FG_REASON_MAX + 1];
	struct decision d;
	struct facts f;
	struct conf *conf;
	size_t i, used;

	(void)state;
	for (i = 0; i < FACT_NETWORKS_MAX; i++) {
		used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used,
		    "network n%zu { cidr = {\"10.0.0.%zu\"} "
		    "label = \"label-%zu-of-some-length\" }\n",
		    i, i, i);
	}
	conf = parse(text);
	set_facts(&f);
	f.networks.count = FACT_NETWORKS_MAX;
	for (i = 0; i < FACT_NETWORKS_MAX; i++)
		f.networks.index[i] = i;
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, FACT_NETWORKS_MAX);
	(void)decide_reason(&d, reason);
	assert_true(strlen(reason) <= FG_REASON_MAX);
	assert_string_equal(reason + strlen(reason) - 11, "-length,...");
	conf_free(conf);
}

static void
set_person(struct facts *f, const char *countries)
{
	const char *why;

	f->person.state = FACT_KNOWN;
	person_init(&f->person.person);
	assert_int_equal(person_set(&f->person.person, "user", "alice", &why),
	    0);
	assert_int_equal(person_set(&f->person.person, "countries", countries,
			     &why),
	    0);
	assert_int_equal(person_finish(&f->person.person, &why), 0);
}

/* To whom the policy's list means nothing, it is no help. */
static void
test_the_help_names_the_list_that_counted(void **state)
{
	struct conf *conf = parse("policy all { countries = {\"DE\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_place(&f, "FR");
	set_person(&f, "DE NO");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_non_null(strstr(decide_next(&d),
	    "person's countries in the inventory"));
	assert_non_null(strstr(decide_next(&d), "those of the policy"));
	assert_non_null(strstr(decide_next(&d), "farmgatectl except add"));
	assert_null(strstr(decide_next(&d), "farmgatectl reload"));

	set_person(&f, "");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_non_null(strstr(decide_next(&d),
	    "add it to countries of the policy"));
	assert_non_null(strstr(decide_next(&d), "farmgatectl reload"));
	conf_free(conf);
}

/* Its account is in the inventory already. */
static void
test_the_help_for_a_strangers_key_is_its_own(void **state)
{
	struct conf *conf = parse("policy all {\n"
				  "	actions = {\"person.unknown = deny\"}\n"
				  "}\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.person.state = FACT_KNOWN;
	f.person.shared = f.person.nobody = true;
	person_init(&f.person.person);
	decide(&f, conf, &d);
	assert_reason(&d, "person.unknown:shared");
	assert_non_null(strstr(decide_next(&d),
	    "put the key under keys of the person who uses it"));
	f.person.state = FACT_UNKNOWN;
	f.person.shared = f.person.nobody = false;
	decide(&f, conf, &d);
	assert_reason(&d, "person.unknown:account");
	assert_non_null(strstr(decide_next(&d), "inventory suggest"));
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings_together_count_more_than_alone),
		cmocka_unit_test(
		    test_the_first_of_equally_strict_reasons_explains),
		cmocka_unit_test(test_the_deciding_line_is_named),
		cmocka_unit_test(test_a_long_reason_is_cut_at_a_whole_code),
		cmocka_unit_test(test_the_help_names_the_list_that_counted),
		cmocka_unit_test(test_the_help_for_a_strangers_key_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
