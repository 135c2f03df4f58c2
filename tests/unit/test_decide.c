/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision as tables: which policy, which findings, which verdict, and
 * what explains it. Facts are made by hand, configurations are parsed.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

/* One combination of a rule, where it stands, two modes, and a login. */
struct combination {
	size_t global, mode, rule, where, place, flag;
};

#define COMBINATIONS (2u * 3u * 4u * 2u * 2u * 2u)

static void
set_combination(size_t n, struct combination *c)
{
	c->global = 1 + n % 2;
	c->mode = n / 2 % 3;
	c->rule = n / 6 % 4;
	c->where = n / 24 % 2;
	c->place = n / 48 % 2;
	c->flag = n / 96 % 2;
}

static struct conf *
parse_combination(const struct combination *c)
{
	static const char *const modes[] = { "", "mode = \"enforce\"\n",
		"mode = \"observe\"\n" };
	static const char *const rules[] = { "",
		"actions = {\"geo.country = log\"}\n",
		"actions = {\"geo.country = log\"}\n",
		"actions = {\"geo.country = deny\"}\n" };
	struct conf *conf;
	char text[512];

	(void)snprintf(text, sizeof(text),
	    "%s%spolicy all {\ncountries = {\"DE\"}\n%s%s}\n", modes[c->global],
	    c->where == 0 ? rules[c->rule] : "",
	    c->where == 1 ? rules[c->rule] : "", modes[c->mode]);
	conf = parse(text);
	/* a file that says so beside a rule for countries is refused */
	if (c->rule == 1 && c->where == 0)
		conf->rules[0].action = ACTION_IGNORE;
	else if (c->rule == 1)
		conf->policies[0].rules[0].action = ACTION_IGNORE;
	return conf;
}

static void
test_actions_modes_and_places_give_the_documented_verdict(void **state)
{
	static const char *const places[] = { "DE", "FR" };
	struct combination c;
	struct decision d;
	struct facts f;
	struct conf *conf;
	bool denied, observed;
	size_t n;

	(void)state;
	for (n = 0; n < COMBINATIONS; n++) {
		set_combination(n, &c);
		conf = parse_combination(&c);
		set_facts(&f);
		set_place(&f, places[c.place]);
		f.login.flags = c.flag != 0 ? FG_LOGIN_OBSERVE : 0;
		decide(&f, conf, &d);

		/* what is shipped denies, as there is no step-up */
		denied = c.place == 1 && (c.rule == 0 || c.rule == 3);
		observed =
		    c.flag != 0 || (c.mode != 0 ? c.mode : c.global) == 2;
		assert_verdict(&d,
		    denied && !observed ? FG_VERDICT_DENY : FG_VERDICT_ALLOW,
		    denied ? FG_VERDICT_DENY : FG_VERDICT_ALLOW);
		assert_int_equal(d.findings.count, c.place);
		assert_int_equal(d.mode,
		    observed ? CONF_MODE_OBSERVE : CONF_MODE_ENFORCE);
		assert_int_equal(d.by,
		    denied ? DECIDED_BY_FINDING : DECIDED_BY_POLICY);
		assert_reason(&d,
		    c.place == 1 && c.rule != 1 ? "geo.country" : "none");
		conf_free(conf);
	}
}

struct policy_case {
	const char *policies;
	const char *user;
	const char *service;
	enum fact_state groups;
	const char *want; /* policy's name, or the failure's with a "!" */
	enum fg_verdict would;
};

static void
test_the_first_matching_policy_is_used(void **state)
{
	static const struct policy_case t[] = {
		{ "policy p { users = {\"alice\"} }", "alice", "sshd",
		    FACT_NONE, "p", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"alice\"} }", "bob", "sshd", FACT_NONE,
		    "!no_policy", FG_VERDICT_DENY },
		{ "policy p { users = {\"alice\"} }", "Alice", "sshd",
		    FACT_NONE, "!no_policy", FG_VERDICT_DENY },
		{ "policy p { users = {\"alice\"} }", "alice2", "sshd",
		    FACT_NONE, "!no_policy", FG_VERDICT_DENY },
		{ "policy p { users = {\"alice\"} }", "root", "sshd", FACT_NONE,
		    "!no_policy", FG_VERDICT_DENY },
		{ "policy p { users = {\"root\"} }", "root", "sshd", FACT_NONE,
		    "p", FG_VERDICT_ALLOW },
		{ "policy p { services = {\"cockpit\"} }", "alice", "sshd",
		    FACT_NONE, "!no_policy", FG_VERDICT_DENY },
		{ "policy p { services = {\"cockpit\", \"sshd\"} }", "alice",
		    "sshd", FACT_NONE, "p", FG_VERDICT_ALLOW },
		{ "policy p { services = {\"sshd\"} } policy q { }", "alice",
		    "sshd", FACT_NONE, "p", FG_VERDICT_ALLOW },
		{ "policy p { services = {\"sshd\"} } policy q { }", "alice",
		    "vsftpd", FACT_NONE, "q", FG_VERDICT_ALLOW },
		/* groups */
		{ "policy p { users = {\"@staff\"} } policy q { }", "alice",
		    "sshd", FACT_KNOWN, "p", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"@other\"} } policy q { }", "alice",
		    "sshd", FACT_KNOWN, "q", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"staff\"} } policy q { }", "alice",
		    "sshd", FACT_KNOWN, "q", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"@staff\"} } policy q { }", "alice",
		    "sshd", FACT_UNKNOWN, "q", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"@alice\"} } policy q { }", "alice",
		    "sshd", FACT_KNOWN, "q", FG_VERDICT_ALLOW },
		/* CFG-09: what is not known is never "not a member" */
		{ "policy p { users = {\"@staff\"} } policy q { }", "alice",
		    "sshd", FACT_ERROR, "!groups_unknown", FG_VERDICT_DENY },
		{ "policy p { users = {\"@staff\"} } policy q { }", "alice",
		    "sshd", FACT_NONE, "!groups_unknown", FG_VERDICT_DENY },
		{ "policy p { users = {\"@staff\"} } policy q { }", "root",
		    "sshd", FACT_ERROR, "!groups_unknown", FG_VERDICT_DENY },
		/* ... unless the group does not matter */
		{ "policy p { users = {\"@staff\", \"alice\"} }", "alice",
		    "sshd", FACT_ERROR, "p", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"alice\"} } "
		  "policy q { users = {\"@staff\"} }",
		    "alice", "sshd", FACT_ERROR, "p", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"@staff\"} services = {\"cockpit\"} } "
		  "policy q { }",
		    "alice", "sshd", FACT_ERROR, "q", FG_VERDICT_ALLOW },
		{ "policy p { users = {\"@staff\"} networks = {\"n\"} } "
		  "policy q { } network n { cidr = {\"10.0.0.0/8\"} }",
		    "alice", "sshd", FACT_ERROR, "q", FG_VERDICT_ALLOW },
	};
	static const char *const names[] = { "users", "staff" };
	struct decision d;
	struct facts f;
	struct conf *conf;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		conf = parse(t[i].policies);
		set_facts(&f);
		(void)snprintf(f.login.user, sizeof(f.login.user), "%s",
		    t[i].user);
		(void)snprintf(f.login.service, sizeof(f.login.service), "%s",
		    t[i].service);
		f.groups.state = t[i].groups;
		if (t[i].groups == FACT_KNOWN) {
			f.groups.names = names;
			f.groups.count = N_ELEMENTS(names);
		}
		decide(&f, conf, &d);
		if (d.would != t[i].would)
			fail_msg("%s as %s is decided otherwise", t[i].policies,
			    t[i].user);
		assert_int_equal(d.verdict, t[i].would);
		if (t[i].want[0] == '!') {
			assert_int_equal(d.by, DECIDED_BY_FAILURE);
			assert_string_equal(failure_info(d.failure)->name,
			    t[i].want + 1);
		} else {
			assert_int_equal(d.by, DECIDED_BY_POLICY);
			assert_string_equal(d.policy->name, t[i].want);
		}
		conf_free(conf);
	}
}

static void
test_networks_of_a_policy_must_hold_the_origin(void **state)
{
	struct conf *conf =
	    parse("network a { cidr = {\"198.51.100.0/24\"} label = \"a\" }\n"
		  "network b { cidr = {\"203.0.113.0/24\"} }\n"
		  "policy inside { networks = {\"b\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	assert_int_equal(d.failure, FAILURE_NO_POLICY);
	f.networks.count = 1;
	f.networks.index[0] = 0;
	decide(&f, conf, &d);
	assert_int_equal(d.failure, FAILURE_NO_POLICY);
	f.networks.count = 2;
	f.networks.index[1] = 1;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_string_equal(d.policy->name, "inside");
	conf_free(conf);
}

static void
test_an_exempt_service_is_not_judged(void **state)
{
	struct conf *conf = parse("policy p { countries = {\"DE\"} }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_place(&f, "FR");
	f.kind = SERVICE_EXEMPT;
	f.peer.state = FACT_ERROR;
	f.login.flags = FG_LOGIN_INVALID_USER;
	assert_decided(&f, conf, &d, FG_VERDICT_EXEMPT);
	assert_int_equal(d.by, DECIDED_BY_EXEMPTION);
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_verdict(&d, FG_VERDICT_EXEMPT, FG_VERDICT_EXEMPT);
	assert_non_null(strstr(decide_next(&d), "nothing to fix"));
	conf_free(conf);
}

static const char networks[] =
    "network office { cidr = {\"198.51.100.0/24\"} place = \"DE\" "
    "trust = \"place\" }\n"
    "network vpn { cidr = {\"203.0.113.0/24\"} label = \"vpn\" }\n"
    "network vpn2 { cidr = {\"203.0.113.0/25\"} label = \"vpn\" }\n"
    "network tor { cidr = {\"203.0.113.0/26\"} label = \"tor\" }\n"
    "policy all { countries = {\"DE\"} "
    "actions = {\"net.listed:tor = deny\", \"net.listed = log\"} }\n";

static uint32_t seed = 521288629u;

static uint32_t
next_random(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static void
random_facts(struct facts *f)
{
	static const char *const users[] = { "alice", "bob", "root", "" };
	static const char *const countries[] = { "DE", "FR", "GB" };

	set_facts(f);
	(void)snprintf(f->login.user, sizeof(f->login.user), "%s",
	    users[next_random(N_ELEMENTS(users))]);
	f->login.flags = next_random(FG_LOGIN_FLAGS + 1) & ~FG_LOGIN_OBSERVE;
	f->kind = (enum service_kind)next_random(SERVICE_EXEMPT + 1);
	f->groups.state = (enum fact_state)next_random(FACT_ERROR + 1);
	f->peer.state = (enum fact_state)next_random(FACT_ERROR + 1);
	f->origin.kind = (enum origin_kind)next_random(ORIGIN_NO_ADDRESS + 1);
	set_place(f, countries[next_random(N_ELEMENTS(countries))]);
	f->place.state = (enum fact_state)next_random(FACT_ERROR + 1);
	f->networks.count = next_random(5);
	f->networks.index[0] = next_random(4);
	f->networks.overflow = next_random(8) == 0;
}

/* The same input twice is the same output, and the input is untouched. */
static void
test_the_decision_is_pure(void **state)
{
	static struct facts f, copy;
	static struct decision a, b;
	struct conf *conf = parse(networks);
	size_t i, allowed = 0;

	(void)state;
	for (i = 0; i < 5000; i++) {
		random_facts(&f);
		memcpy(&copy, &f, sizeof(f));
		memset(&a, 0x55, sizeof(a));
		memset(&b, 0xaa, sizeof(b));
		decide(&f, conf, &a);
		decide(&f, conf, &b);
		assert_memory_equal(&f, &copy, sizeof(f));
		assert_memory_equal(&a, &b, sizeof(a));
		assert_int_not_equal(a.verdict, FG_VERDICT_NONE);
		assert_int_equal(a.verdict, a.would);
		if (f.kind != SERVICE_NONE && f.origin.kind != ORIGIN_NONE)
			assert_int_not_equal(a.by, DECIDED_NONE);
		allowed += a.verdict == FG_VERDICT_ALLOW;
		if (a.verdict != FG_VERDICT_ALLOW)
			continue;
		/* nobody gets in without a name, a kind and an origin */
		assert_true(f.login.user[0] != '\0' &&
		    (f.login.flags & FG_LOGIN_INVALID_USER) == 0);
		assert_true(f.kind != SERVICE_NONE &&
		    f.origin.kind != ORIGIN_NONE &&
		    f.origin.kind != ORIGIN_NO_ADDRESS);
		assert_false(f.networks.overflow);
	}
	assert_true(allowed > 0);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_actions_modes_and_places_give_the_documented_verdict),
		cmocka_unit_test(test_the_first_matching_policy_is_used),
		cmocka_unit_test(
		    test_networks_of_a_policy_must_hold_the_origin),
		cmocka_unit_test(test_an_exempt_service_is_not_judged),
		cmocka_unit_test(test_the_decision_is_pure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
