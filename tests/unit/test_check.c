/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checks: what each finds, and what it leaves alone.
 */
#include "policyd/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

static const char networks[] =
    "network office { cidr = {\"198.51.100.0/24\"} place = \"DE\" "
    "trust = \"place\" }\n"
    "network vpn { cidr = {\"203.0.113.0/24\"} label = \"vpn\" }\n"
    "network vpn2 { cidr = {\"203.0.113.0/25\"} label = \"vpn\" }\n"
    "network tor { cidr = {\"203.0.113.0/26\"} label = \"tor\" }\n"
    "policy all { countries = {\"DE\"} "
    "actions = {\"net.listed:tor = deny\", \"net.listed = log\"} }\n";

static void
test_each_check_finds_what_it_is_for(void **state)
{
	struct conf *conf = parse(networks);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	assert_int_equal(d.by, DECIDED_BY_POLICY);

	set_place(&f, "FR");
	decide(&f, conf, &d);
	assert_reason(&d, "geo.country");
	assert_string_equal(d.findings.list[0].text,
	    "FR is not among the countries of policy all");

	set_facts(&f);
	f.place.state = FACT_UNKNOWN;
	f.place.country[0] = '\0';
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:not_found");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);

	f.place.state = FACT_ERROR;
	f.place.problem = "a country database could not be opened";
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:no_database");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);

	set_no_address(&f);
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:no_address");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);

	/* the end of a tunnel, which a nested login may well inherit */
	set_facts(&f);
	memset(&f.place, 0, sizeof(f.place));
	assert_int_equal(addr_parse("127.0.0.1", &f.origin.addr), 0);
	f.origin.cls = ADDR_LOOPBACK;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:loopback");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	f.kind = SERVICE_NESTED;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	/* a private one is just a network without a name */
	set_facts(&f);
	memset(&f.place, 0, sizeof(f.place));
	f.origin.cls = ADDR_PRIVATE;
	decide(&f, conf, &d);
	assert_reason(&d, "none");

	/* sudo below no session that is known */
	set_kind(&f, SERVICE_NESTED, "sudo");
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:no_session");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	set_kind(&f, SERVICE_CONSOLE, "login");
	decide(&f, conf, &d);
	assert_reason(&d, "none");

	set_facts(&f);
	f.peer.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_reason(&d, "remote.unknown");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);

	/* one finding a label, and the strictest counts */
	set_facts(&f);
	f.networks.count = 3;
	f.networks.index[0] = 1;
	f.networks.index[1] = 2;
	f.networks.index[2] = 3;
	decide(&f, conf, &d);
	assert_reason(&d, "net.listed:vpn,net.listed:tor");
	assert_string_equal(d.findings.list[0].text, "in network vpn");
	assert_int_equal(d.index, 1);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
test_a_trusted_network_makes_no_geo_findings(void **state)
{
	static const enum fact_state states[] = { FACT_KNOWN, FACT_UNKNOWN,
		FACT_ERROR };
	struct conf *conf = parse(networks);
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_facts(&f);
		set_place(&f, "FR");
		f.place.state = states[i];
		decide(&f, conf, &d);
		assert_int_equal(d.findings.count, 1);
		f.networks.count = 1;
		f.networks.index[0] = 1; /* one without trust */
		decide(&f, conf, &d);
		assert_int_equal(d.findings.count, 2);
		f.networks.count = 2;
		f.networks.index[1] = 0;
		decide(&f, conf, &d);
		assert_reason(&d, "net.listed:vpn");
	}
	/* but a login without an address is in no network */
	set_no_address(&f);
	f.networks.count = 0;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.unknown:no_address");
	conf_free(conf);
}

static void
test_a_country_is_no_finding_without_a_rule(void **state)
{
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_place(&f, "FR");
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, 0);
	/* a private origin has no place, and needs none */
	memset(&f.place, 0, sizeof(f.place));
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, 0);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_check_finds_what_it_is_for),
		cmocka_unit_test(test_a_trusted_network_makes_no_geo_findings),
		cmocka_unit_test(test_a_country_is_no_finding_without_a_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
