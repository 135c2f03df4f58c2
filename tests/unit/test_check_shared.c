/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.shared_source: how many people one address may have, and which
 * addresses may have any number.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

/* set_facts() is on 2026-01-01, before which no clock is believed. */
#define FEBRUARY 1769904000 /* 2026-02-01 */
#define NETWORKS                                                            \
	"network home { cidr = \"192.0.2.0/24\" label = home }\n"           \
	"network office { cidr = \"198.51.100.0/24\" shared = \"office\"\n" \
	" shared_until = 2026-02-01 }\n"                                    \
	"network old { cidr = \"198.51.100.0/25\" shared = \"office\"\n"    \
	" shared_until = 2026-01-31 }\n"                                    \
	"network hub { cidr = \"203.0.113.0/25\" trust = bastion }\n"       \
	"network gateway { cidr = \"203.0.113.128/25\" trust = place }\n"   \
	"actions = {\"net.listed = ignore\"}\n"

enum {
	HOME,
	OFFICE,
	OLD,
	HUB,
	GATEWAY
};

static const char everybody[] = NETWORKS "policy all { }";

static void
set_sharers(struct facts *f, size_t n)
{
	static const char *const names[] = { "bob", "carol", "dave", "erin",
		"frank", "grace", "heidi", "ivan" };
	size_t i;

	assert_true(n <= N_ELEMENTS(names));
	set_facts(f);
	f->history.sharers_state = FACT_KNOWN;
	f->history.nsharers = n;
	for (i = 0; i < n; i++)
		(void)snprintf(f->history.sharer[i],
		    sizeof(f->history.sharer[i]), "%s", names[i]);
}

static void
set_network(struct facts *f, size_t index)
{
	f->networks.index[f->networks.count++] = index;
}

static void
shared(const struct facts *f)
{
	assert_found(f, everybody, "session.shared_source");
}

static void
excused(const struct facts *f)
{
	assert_found(f, everybody, "none");
}

static void
assert_text(const struct facts *f, const char *text, const char *want)
{
	struct conf *conf = parse(text);
	struct decision d;

	decide(f, conf, &d);
	assert_reason(&d, "session.shared_source");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_true(d.findings.count > 0);
	assert_string_equal(d.findings.list[d.findings.count - 1].text, want);
	conf_free(conf);
}

static void
two_people_have_one_address(void **state)
{
	struct facts f;

	(void)state;
	set_sharers(&f, 0);
	excused(&f);
	set_sharers(&f, 1);
	excused(&f);
	set_sharers(&f, 2);
	shared(&f);
	assert_text(&f, everybody,
	    "3 people came from 5.1.80.1 within 30 d, and 2 may: alice, bob, "
	    "carol");
	assert_int_equal(addr_parse("2001:db8::1", &f.origin.addr), 0);
	assert_text(&f, "shared_window = 36h\npolicy all { }",
	    "3 people came from 2001:db8::1 or its /64 within 1 d 12 h, and 2 "
	    "may: alice, bob, carol");
}

static void
the_number_is_configured(void **state)
{
	static const char one[] = "shared_people = 1\npolicy all { }";
	static const char most[] = "shared_people = 8\npolicy all { }";
	struct facts f;

	(void)state;
	set_sharers(&f, 0);
	assert_found(&f, one, "none");
	set_sharers(&f, 1);
	assert_found(&f, one, "session.shared_source");
	set_sharers(&f, 7);
	assert_found(&f, most, "none");
	set_sharers(&f, FACT_SHARERS_MAX);
	assert_text(&f, most,
	    "at least 9 people came from 5.1.80.1 within 30 d, and 8 may: "
	    "alice, bob, carol, dave, erin, frank, grace, heidi, ivan");
}

static void
what_nobody_looked_for_is_not_found(void **state)
{
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN };
	struct facts f;
	size_t i;

	(void)state;
	set_sharers(&f, 4);
	for (i = 0; i < N_ELEMENTS(states); i++) {
		f.history.sharers_state = states[i];
		excused(&f);
	}
}

static void
declared_networks_are_excused_while_it_holds(void **state)
{
	struct facts f;

	(void)state;
	set_sharers(&f, 4);
	f.at_s = FEBRUARY;
	set_network(&f, HOME);
	shared(&f);
	set_network(&f, OLD);
	shared(&f);
	assert_text(&f, everybody,
	    "5 people came from 5.1.80.1 within 30 d, and 2 may (network old "
	    "was shared until 2026-01-31): alice, bob, carol, dave, erin");
	set_network(&f, OFFICE);
	excused(&f);
	/* the last second of its last day, and the next one */
	f.at_s += 86399;
	excused(&f);
	f.at_s++;
	shared(&f);
	f.at_s = FEBRUARY - 1;
	f.networks.count = 2;
	excused(&f);
}

static void
other_sources_of_many_people_are_excused(void **state)
{
	struct facts f;

	(void)state;
	set_sharers(&f, 4);
	set_network(&f, GATEWAY);
	shared(&f);
	set_network(&f, HUB);
	excused(&f);
	set_sharers(&f, 4);
	f.place.country_only = true;
	excused(&f);
	memset(&f.place, 0, sizeof(f.place));
	assert_found(&f, everybody, "session.shared_source");
	f.origin.cls = ADDR_PRIVATE;
	assert_found(&f, everybody, "session.shared_source");
	f.origin.cls = ADDR_LOOPBACK;
	assert_found(&f, everybody, "geo.unknown:loopback");
}

static void
whose_account_it_is_does_not_matter(void **state)
{
	struct facts f;

	(void)state;
	set_sharers(&f, 2);
	set_owner(&f, "mallory", PERSON_KIND_PERSON);
	assert_text(&f, everybody,
	    "3 people came from 5.1.80.1 within 30 d, and 2 may: mallory, "
	    "bob, carol");
	f.person.person.kind = PERSON_KIND_SERVICE;
	assert_found(&f, everybody,
	    "person.unknown:elsewhere,session.shared_source");
}

static void
names_are_escaped_and_cut(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	set_sharers(&f, 8);
	(void)snprintf(f.login.user, sizeof(f.login.user), "a\n\x1b[2J");
	for (i = 0; i < 8; i++)
		memset(f.history.sharer[i], 'x', FG_USER_MAX);
	decide(&f, conf, &d);
	assert_reason(&d, "session.shared_source");
	assert_non_null(strstr(d.findings.list[0].text,
	    "and 2 may: a\\x0a\\x1b[2J, xxx"));
	assert_int_equal(strlen(d.findings.list[0].text), FINDING_TEXT_MAX);
	conf_free(conf);
}

static void
exceptions_and_rules_know_it(void **state)
{
	struct conf *conf =
	    parse("policy all { actions = \"session.shared_source = deny\" }");
	struct decision d;
	struct facts f;

	(void)state;
	set_sharers(&f, 2);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	add_exception(&f, FINDING_SESSION_SHARED_SOURCE, "", "")->id = 7;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_people_have_one_address),
		cmocka_unit_test(the_number_is_configured),
		cmocka_unit_test(what_nobody_looked_for_is_not_found),
		cmocka_unit_test(declared_networks_are_excused_while_it_holds),
		cmocka_unit_test(other_sources_of_many_people_are_excused),
		cmocka_unit_test(whose_account_it_is_does_not_matter),
		cmocka_unit_test(names_are_escaped_and_cut),
		cmocka_unit_test(exceptions_and_rules_know_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
