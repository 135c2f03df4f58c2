/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.shared_site and session.shared_device: how many people's laptops may
 * be at one site, how many people may come with one, and what excuses whom.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

#define FEBRUARY 1769904000 /* 2026-02-01 */
#define NETWORKS                                                            \
	"network office { cidr = \"198.51.100.0/24\" shared = \"office\"\n" \
	" shared_until = 2026-02-01 }\n"                                    \
	"network hub { cidr = \"203.0.113.0/25\" trust = bastion }\n"       \
	"network gateway { cidr = \"203.0.113.128/25\" trust = place }\n"

enum {
	OFFICE,
	HUB,
	GATEWAY
};

#define SITE   "session.shared_site"
#define DEVICE "session.shared_device"

static const char everybody[] = NETWORKS "policy all { }";
static const char *const names[] = { "bob", "carol", "dave", "erin", "frank" };

static void
set_company(struct fact_company *c, size_t people, size_t beside)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	c->people = people;
	c->beside = beside;
	c->named = people < FACT_COMPANY_NAMED ? people : FACT_COMPANY_NAMED;
	for (i = 0; i < c->named; i++)
		(void)snprintf(c->name[i], sizeof(c->name[i]), "%s", names[i]);
}

/* alice, whose laptop has signed, and others at its site. */
static void
set_site(struct facts *f, size_t people, size_t beside)
{
	struct fact_attested *a = &f->proof.attested;

	set_facts(f);
	a->state = FACT_KNOWN;
	a->company_state = FACT_KNOWN;
	a->asset.standing = ASSET_OWN;
	(void)snprintf(a->asset.tag, sizeof(a->asset.tag), "LT-0042");
	set_company(&a->site, people, beside);
}

static void
set_device(struct facts *f, size_t people)
{
	set_site(f, 0, 0);
	set_company(&f->proof.attested.device, people, 0);
}

static void
set_network(struct facts *f, size_t index)
{
	f->networks.index[f->networks.count++] = index;
}

static void
assert_text(const struct facts *f, const char *text, const char *reason,
    const char *want)
{
	struct conf *conf = parse(text);
	struct decision d;

	decide(f, conf, &d);
	assert_reason(&d, reason);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_int_equal(d.findings.count, 1);
	assert_string_equal(d.findings.list[0].text, want);
	assert_int_equal(d.applied[0].action, ACTION_LOG);
	conf_free(conf);
}

/* ---- a site ------------------------------------------------------------- */

static void
two_people_have_one_site(void **state)
{
	struct facts f;

	(void)state;
	set_site(&f, 0, 0);
	assert_found(&f, everybody, "none");
	set_site(&f, 1, 1);
	assert_found(&f, everybody, "none");
	set_site(&f, 2, 0);
	assert_text(&f, everybody, SITE,
	    "3 people had laptops behind one gateway within 30 d, and 2 may: "
	    "alice, bob, carol");
	set_site(&f, 2, 2);
	assert_text(&f, everybody, SITE,
	    "3 people had laptops beside one monitor or input within 30 d, "
	    "and 2 may: alice, bob, carol");
	set_site(&f, 5, 1);
	assert_text(&f, "shared_window = 36h\npolicy all { }", SITE,
	    "6 people had laptops behind one gateway or beside one monitor or "
	    "input within 1 d 12 h, and 2 may: alice, bob, carol, dave, erin "
	    "and 1 more");
}

static void
the_number_is_configured(void **state)
{
	static const char one[] = "shared_people = 1\npolicy all { }";
	static const char most[] = "shared_people = 8\npolicy all { }";
	struct facts f;

	(void)state;
	set_site(&f, 1, 0);
	assert_found(&f, one, SITE);
	set_device(&f, 1);
	assert_found(&f, one, DEVICE);
	set_site(&f, 7, 7);
	assert_found(&f, most, "none");
	set_site(&f, 8, 0);
	assert_found(&f, most, SITE);
	set_device(&f, 7);
	assert_found(&f, most, "none");
	set_device(&f, 8);
	assert_found(&f, most, DEVICE);
}

static void
what_nobody_has_said_is_not_found(void **state)
{
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN };
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_site(&f, 5, 5);
		set_company(&f.proof.attested.device, 5, 0);
		f.proof.attested.company_state = states[i];
		assert_found(&f, everybody, "none");
	}
}

static void
a_shared_network_excuses_the_site_while_it_holds(void **state)
{
	struct facts f;

	(void)state;
	set_site(&f, 5, 5);
	f.at_s = FEBRUARY;
	set_network(&f, OFFICE);
	assert_found(&f, everybody, "none");
	f.at_s += 86399; /* the last second of its last day */
	assert_found(&f, everybody, "none");
	f.at_s++;
	assert_found(&f, everybody, SITE);
}

/* Which network it is that is behind it nobody can say; what is plugged in
 * there is no part of it. */
static void
a_bastion_excuses_the_gateway_alone(void **state)
{
	struct facts f;

	(void)state;
	set_site(&f, 5, 1);
	set_network(&f, HUB);
	assert_found(&f, everybody, "none");
	set_site(&f, 5, 2);
	set_network(&f, HUB);
	assert_text(&f, everybody, SITE,
	    "3 people had laptops beside one monitor or input within 30 d, "
	    "and 2 may: alice, bob, carol");
	set_network(&f, OFFICE);
	f.at_s = FEBRUARY;
	assert_found(&f, everybody, "none");
}

/* A gateway is in no provider's network, and no tunnel's end. */
static void
what_excuses_an_address_may_excuse_no_site(void **state)
{
	struct facts f;

	(void)state;
	set_site(&f, 5, 5);
	set_network(&f, GATEWAY);
	assert_found(&f, everybody, SITE);
	f.place.country_only = true;
	assert_found(&f, everybody, SITE);
	set_site(&f, 5, 5);
	f.origin.cls = ADDR_LOOPBACK;
	memset(&f.place, 0, sizeof(f.place));
	assert_found(&f, everybody, "geo.unknown:loopback," SITE);
	set_site(&f, 5, 5);
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_found(&f, everybody, SITE);
}

/* ---- a device ------------------------------------------------------------ */

static void
two_people_have_one_laptop(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f, 1);
	assert_found(&f, everybody, "none");
	set_device(&f, 2);
	assert_text(&f, everybody, DEVICE,
	    "3 people came with LT-0042 within 30 d, and 2 may: alice, bob, "
	    "carol");
	f.proof.attested.asset.tag[0] = '\0';
	set_company(&f.proof.attested.device, 5, 0);
	assert_text(&f, everybody, DEVICE,
	    "6 people came with an enrolled laptop within 30 d, and 2 may: "
	    "alice, bob, carol, dave, erin and 1 more");
}

static void
no_network_excuses_a_laptop(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f, 2);
	f.at_s = FEBRUARY;
	set_network(&f, OFFICE);
	set_network(&f, HUB);
	assert_found(&f, everybody, DEVICE);
}

/* ---- both ---------------------------------------------------------------- */

static void
whose_login_it_is_comes_first(void **state)
{
	struct facts f;

	(void)state;
	set_site(&f, 2, 0);
	set_owner(&f, "mallory", PERSON_KIND_PERSON);
	assert_text(&f, everybody, SITE,
	    "3 people had laptops behind one gateway within 30 d, and 2 may: "
	    "mallory, bob, carol");
}

static void
names_are_escaped_and_cut(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	set_site(&f, 4, 0);
	(void)snprintf(f.login.user, sizeof(f.login.user), "a\n\x1b[2J");
	for (i = 0; i < FACT_COMPANY_NAMED; i++)
		memset(f.proof.attested.site.name[i], 'x', FG_USER_MAX);
	decide(&f, conf, &d);
	assert_reason(&d, SITE);
	assert_non_null(strstr(d.findings.list[0].text,
	    "and 2 may: a\\x0a\\x1b[2J, xxx"));
	assert_int_equal(strlen(d.findings.list[0].text), FINDING_TEXT_MAX);
	conf_free(conf);
}

static void
exceptions_and_rules_know_them(void **state)
{
	static const enum finding_code codes[] = { FINDING_SESSION_SHARED_SITE,
		FINDING_SESSION_SHARED_DEVICE };
	struct conf *conf = parse("step_up = {device, approval}\n"
				  "policy all { actions = {"
				  "\"session.shared_site = deny\",\n"
				  "\"session.shared_device = deny\"} }");
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(codes); i++) {
		set_device(&f, i == 0 ? 0 : 2);
		set_company(&f.proof.attested.site, i == 0 ? 2 : 0, 0);
		assert_decided(&f, conf, &d, FG_VERDICT_DENY);
		add_exception(&f, codes[1 - i], "", "");
		assert_decided(&f, conf, &d, FG_VERDICT_DENY);
		add_exception(&f, codes[i], "", "");
		assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	}
	conf_free(conf);
}

/* Whoever sits behind a farm holds the laptop, and the seed. */
static void
a_second_person_alone_answers_for_them(void **state)
{
	struct conf *conf = parse("step_up = {device, approval}\n"
				  "policy all { actions = {"
				  "\"session.shared_site = challenge\",\n"
				  "\"session.shared_device = challenge\"} }");
	struct decision d;
	struct facts f;

	(void)state;
	set_site(&f, 2, 0);
	set_company(&f.proof.attested.device, 2, 0);
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	f.proof.state = FACT_KNOWN;
	f.proof.methods = 1u << METHOD_DEVICE | 1u << METHOD_TOTP |
	    1u << METHOD_SERIAL | 1u << METHOD_DELEGATE;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	f.proof.methods |= 1u << METHOD_APPROVAL;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY); /* of what? */
	decide_approved(&d, &f.proof.approved);
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	/* and for no other laptop */
	(void)snprintf(f.proof.attested.asset.tag,
	    sizeof(f.proof.attested.asset.tag), "LT-0043");
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_people_have_one_site),
		cmocka_unit_test(the_number_is_configured),
		cmocka_unit_test(what_nobody_has_said_is_not_found),
		cmocka_unit_test(
		    a_shared_network_excuses_the_site_while_it_holds),
		cmocka_unit_test(a_bastion_excuses_the_gateway_alone),
		cmocka_unit_test(what_excuses_an_address_may_excuse_no_site),
		cmocka_unit_test(two_people_have_one_laptop),
		cmocka_unit_test(no_network_excuses_a_laptop),
		cmocka_unit_test(whose_login_it_is_comes_first),
		cmocka_unit_test(names_are_escaped_and_cut),
		cmocka_unit_test(exceptions_and_rules_know_them),
		cmocka_unit_test(a_second_person_alone_answers_for_them),
	};

	return cmocka_run_group_tests_name("check_site", tests, NULL, NULL);
}
