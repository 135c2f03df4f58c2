/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checks: what each finds, and what it leaves alone.
 */
#include "policyd/decide/decide.h"

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
	assert_reason(&d, "remote.unknown:partial");
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

/* A list of 2025-12-31, which is a day old at the time of the facts. */
#define LISTED_S (1767225600 - 86400)

static const char anonymizers[] =
    "network vpns { cidr = {\"203.0.113.0/24\"} kind = vpn label = vpn }\n"
    "network exits { cidr = {\"203.0.113.0/25\"} kind = tor }\n"
    "network hosts { cidr = {\"203.0.113.0/26\"} kind = hosting }\n"
    "network ours { cidr = {\"203.0.113.0/27\"} trust = bastion }\n"
    "database asn { files = {\"/nonexistent/asn.mmdb\"} }\n"
    "database anonymous { files = {\"/nonexistent/anon.mmdb\"} "
    "max_age = \"1h\" }\n"
    "asn hosters { numbers = {AS64500} kind = hosting }\n"
    "asn exits { numbers = {AS64501} kind = vpn }\n"
    "asn phones { numbers = {AS64502} kind = mobile }\n"
    "asn unwanted { numbers = {\"64510\", \"AS64503\"} }\n"
    "policy all { deny_asns = {\"AS4200000000\", \"unwanted\"} "
    "actions = {\"net.anonymizer = log\", \"net.asn = ignore\", "
    "\"net.asn:denied = deny\"} }\n";

/* Bit i of mask: the origin is in network i. */
static void
set_networks(struct facts *f, unsigned int mask)
{
	size_t i;

	f->networks.count = 0;
	for (i = 0; i < FACT_NETWORKS_MAX; i++)
		if ((mask & (1u << i)) != 0)
			f->networks.index[f->networks.count++] = i;
}

static void
set_asn(struct facts *f, const struct conf *conf, uint32_t number)
{
	size_t i;

	memset(&f->asn, 0, sizeof(f->asn));
	f->asn.state = FACT_KNOWN;
	f->asn.number = number;
	for (i = 0; i < conf->nasns; i++)
		if (conf_asns_has(&conf->asns[i], number))
			f->asn.list[f->asn.nlists++] = i;
}

static void
set_anonymous(struct facts *f, uint32_t flags)
{
	memset(&f->anonymous, 0, sizeof(f->anonymous));
	f->anonymous.state = FACT_KNOWN;
	f->anonymous.flags = flags;
	f->anonymous.index = 1;
	f->anonymous.build_s = f->at_s - 3 * 86400;
}

static void
finds(const struct facts *f, const struct conf *conf, const char *want)
{
	struct decision d;

	decide(f, conf, &d);
	assert_reason(&d, want);
}

static void
test_networks_of_a_kind_are_anonymizers_or_data_centres(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_networks(&f, 1);
	finds(&f, conf, "net.anonymizer:vpn,net.listed:vpn");
	set_networks(&f, 2);
	finds(&f, conf, "net.anonymizer:tor");
	set_networks(&f, 4);
	finds(&f, conf, "net.hosting");
	conf->networks[1].listed_at_s = LISTED_S;
	conf->networks[2].listed_at_s = LISTED_S;
	conf->networks[2].max_age_s = 3600;
	set_networks(&f, 7);
	decide(&f, conf, &d);
	assert_reason(&d,
	    "net.anonymizer:vpn,net.anonymizer:tor,"
	    "net.hosting,net.listed:vpn");
	assert_string_equal(d.findings.list[0].text, "in network vpns");
	assert_string_equal(d.findings.list[1].text,
	    "in network exits of 2025-12-31, 1 day old");
	assert_string_equal(d.findings.list[2].text,
	    "in network hosts of 2025-12-31, 1 day old (too old)");
	conf_free(conf);
}

static void
test_one_grade_is_found_once_with_all_its_sources(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_networks(&f, 2);
	conf->networks[1].listed_at_s = LISTED_S - 86400;
	set_anonymous(&f, FACT_ANON_TOR | FACT_ANON_ANY);
	(void)snprintf(f.anonymous.provider, sizeof(f.anonymous.provider),
	    "x\n");
	f.anonymous.confidence = 99;
	f.anonymous.seen_s = LISTED_S;
	decide(&f, conf, &d);
	assert_reason(&d, "net.anonymizer:tor");
	assert_string_equal(d.findings.list[0].text,
	    "in network exits of 2025-12-30, 2 days old; anon.mmdb of "
	    "2025-12-29, 3 days old (too old): Tor by x\\x0a, 99 %, seen of "
	    "2025-12-31, 1 day old");
	conf_free(conf);
}

static void
test_a_database_of_anonymous_addresses_is_believed(void **state)
{
	static const struct {
		uint32_t flags;
		const char *want;
	} t[] = {
		{ 0, "none" },
		{ FACT_ANON_VPN, "net.anonymizer:vpn" },
		{ FACT_ANON_PROXY | FACT_ANON_ANY, "net.anonymizer:proxy" },
		{ FACT_ANON_RESIDENTIAL, "net.anonymizer:residential" },
		{ FACT_ANON_TOR | FACT_ANON_VPN,
		    "net.anonymizer:vpn,net.anonymizer:tor" },
		{ FACT_ANON_ANY, "net.anonymizer:any" },
		/* "anonymous" only repeats "hosting" */
		{ FACT_ANON_HOSTING | FACT_ANON_ANY, "net.hosting" },
		{ FACT_ANON_HOSTING | FACT_ANON_VPN,
		    "net.anonymizer:vpn,net.hosting" },
	};
	struct conf *conf = parse(anonymizers);
	struct facts f;
	size_t i;

	(void)state;
	set_facts(&f);
	for (i = 0; i < N_ELEMENTS(t); i++) {
		set_anonymous(&f, t[i].flags);
		finds(&f, conf, t[i].want);
	}
	/* what nobody looked up, or could not, says nothing */
	f.anonymous.state = FACT_NONE;
	f.anonymous.flags = FACT_ANON_VPN;
	finds(&f, conf, "none");
	f.anonymous.state = FACT_ERROR;
	finds(&f, conf, "none");
	conf_free(conf);
}

static void
test_an_announcing_organisation_is_context(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_asn(&f, conf, 64500);
	conf->asns[0].listed_at_s = LISTED_S;
	(void)snprintf(f.asn.org, sizeof(f.asn.org), "Example");
	decide(&f, conf, &d);
	assert_reason(&d, "net.hosting");
	assert_string_equal(d.findings.list[0].text,
	    "AS64500 Example is on asn hosters of 2025-12-31, 1 day old");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	/* of a VPN provider's not every address is a VPN */
	set_asn(&f, conf, 64501);
	finds(&f, conf, "net.hosting");
	set_asn(&f, conf, 64502);
	finds(&f, conf, "none");
	set_asn(&f, conf, 64499);
	finds(&f, conf, "none");
	set_asn(&f, conf, 64500);
	f.asn.state = FACT_ERROR;
	finds(&f, conf, "none");
	conf_free(conf);
}

static void
test_denied_autonomous_systems_are_found_by_their_policy(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_asn(&f, conf, 4200000000u);
	decide(&f, conf, &d);
	assert_reason(&d, "net.asn:denied");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_string_equal(d.findings.list[0].text,
	    "AS4200000000 is among deny_asns of policy all");
	set_asn(&f, conf, 64510);
	conf->asns[3].listed_at_s = LISTED_S;
	decide(&f, conf, &d);
	assert_reason(&d, "net.asn:denied");
	assert_string_equal(d.findings.list[0].text,
	    "AS64510 is among deny_asns of policy all, by asn unwanted of "
	    "2025-12-31, 1 day old");
	set_asn(&f, conf, 64503);
	finds(&f, conf, "net.asn:denied");
	set_asn(&f, conf, 64504);
	finds(&f, conf, "none");
	set_asn(&f, conf, 64503);
	f.asn.state = FACT_UNKNOWN;
	finds(&f, conf, "none");
	/* what could not be looked up is not known to be another one */
	f.asn.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, 1);
	assert_string_equal(d.findings.list[0].grade, "unknown");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	f.asn.state = FACT_NONE;
	decide(&f, conf, &d);
	assert_int_equal(d.findings.count, 0);
	conf_free(conf);
}

static void
test_what_lists_say_does_not_count_with_trust(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct facts f;

	(void)state;
	set_facts(&f);
	set_networks(&f, 6);
	set_asn(&f, conf, 64510);
	set_anonymous(&f, FACT_ANON_VPN | FACT_ANON_HOSTING);
	finds(&f, conf,
	    "net.anonymizer:vpn,net.anonymizer:tor,"
	    "net.asn:denied,net.hosting");
	/* but what an administrator put on a list by name does */
	set_networks(&f, 15);
	finds(&f, conf, "net.listed:vpn");
	conf->networks[3].trust = CONF_TRUST_PLACE;
	finds(&f, conf, "net.listed:vpn");
	set_place(&f, "FR");
	f.place.state = FACT_ERROR;
	conf->networks[3].trust = CONF_TRUST_BASTION;
	finds(&f, conf, "net.listed:vpn");
	conf_free(conf);
}

static void
test_long_evidence_is_cut_and_stays_text(void **state)
{
	struct conf *conf = parse(anonymizers);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_networks(&f, 1);
	free(conf->networks[0].name);
	conf->networks[0].name = calloc(1, 300);
	assert_non_null(conf->networks[0].name);
	memset(conf->networks[0].name, 'n', 299);
	set_anonymous(&f, FACT_ANON_VPN);
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].grade, "vpn");
	assert_int_equal(strlen(d.findings.list[0].text), FINDING_TEXT_MAX);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_check_finds_what_it_is_for),
		cmocka_unit_test(test_a_trusted_network_makes_no_geo_findings),
		cmocka_unit_test(test_a_country_is_no_finding_without_a_rule),
		cmocka_unit_test(
		    test_networks_of_a_kind_are_anonymizers_or_data_centres),
		cmocka_unit_test(
		    test_one_grade_is_found_once_with_all_its_sources),
		cmocka_unit_test(
		    test_a_database_of_anonymous_addresses_is_believed),
		cmocka_unit_test(test_an_announcing_organisation_is_context),
		cmocka_unit_test(
		    test_denied_autonomous_systems_are_found_by_their_policy),
		cmocka_unit_test(test_what_lists_say_does_not_count_with_trust),
		cmocka_unit_test(test_long_evidence_is_cut_and_stays_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
