/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A step-up from being passed to being asked for again: written, gathered and
 * decided by the real parts, over a real store. One thing differs at a time.
 */
#include "policyd/stepup/remember.h"

#include "policyd/decide/decide.h"
#include "policyd/gather/gather.h"
#include "policyd/store/store_proof.h"
#include "tests/unit/storing.h"

#include "tests/unit/deciding.h"

#define TOTP	 (1u << METHOD_TOTP)
#define DELEGATE (1u << METHOD_DELEGATE)
#define DAY_S	 86400

#define RULES                                                           \
	"step_up = {\"totp\"}\n"                                        \
	"policy all { countries = {\"NO\"} actions = {\"geo.country = " \
	"challenge\"} }\n"

/* A challenge, a mere sign, and what both are together. */
#define FAR(action)                                                       \
	"step_up = {\"totp\"}\n"                                          \
	"network vpn { cidr = {\"192.0.2.0/24\"} label = \"vpn\" }\n"     \
	"policy all { countries = {\"NO\"} actions = {\"geo.country = "   \
	"challenge\", \"net.listed:vpn = log\"}\n"                        \
	"combination far { findings = {\"geo.country\", \"net.listed\"} " \
	"action = \"" action "\" } }\n"

static struct store *store;
static struct conf *conf;
static struct facts facts;
static struct decision decision;

/* alice with her key, from Germany; the account phase, without a proof. */
static void
set_login(void)
{
	set_facts(&facts);
	set_owner(&facts, "alice", PERSON_KIND_PERSON);
	set_address(&facts.origin, "192.0.2.7");
	facts.login.key_state = FACT_KNOWN;
	facts.login.keys.n = 1;
	(void)snprintf(facts.login.keys.list[0].fingerprint,
	    sizeof(facts.login.keys.list[0].fingerprint), "SHA256:device");
	facts.proof.state = FACT_UNKNOWN;
}

static void
set_listed(void)
{
	gather_net(conf, &facts.origin, &facts.networks);
}

static enum fg_verdict
decided(const struct gather_parent *parent)
{
	gather_remembered(conf, store, parent, &facts);
	decide(&facts, conf, &decision);
	return decision.verdict;
}

/* Pass it, in the auth phase. */
static void
prove(uint32_t methods)
{
	gather_remembered(conf, store, NULL, &facts);
	facts.proof.state = FACT_NONE;
	decide(&facts, conf, &decision);
	decide_approved(&decision, &facts.proof.approved);
	facts.proof.state = FACT_KNOWN;
	facts.proof.methods = methods;
	decide(&facts, conf, &decision);
	assert_int_equal(decision.verdict, FG_VERDICT_ALLOW);
	assert_int_equal(remember_proof(store, conf, &facts, &decision,
			     "7F3K-Q2MN"),
	    0);
}

static void
begin(const char *text)
{
	conf = parse(text);
	store = open_store();
	set_login();
}

static void
end(void)
{
	store_close(store);
	conf_free(conf);
}

static void
begin_proved(void)
{
	begin("remember = 12h\n" RULES);
	prove(TOTP);
	set_login();
}

static void
it_is_asked_for_once(void **state)
{
	(void)state;
	begin("remember = 12h\n" RULES);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	prove(TOTP);
	assert_true(decision.applied[0].proved);
	set_login();
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	assert_int_equal(decision.applied[0].remembered, 1);
	assert_int_equal(decision.applied[0].action, ACTION_LOG);
	assert_false(decision.applied[0].proved);
	assert_int_equal(decision.nneeds, 0);
	/* What is remembered is not begun anew by a step-up for more. */
	prove(TOTP);
	assert_int_equal(decision.applied[0].remembered, 1);
	end();
}

/* What it says is of that moment. */
static void
a_laptop_is_asked_each_time(void **state)
{
	(void)state;
	begin("remember = 12h step_up = {\"device\", \"totp\"}\n"
	      "policy all { countries = {\"NO\"} actions = {\"geo.country = "
	      "challenge\"} }\n");
	prove(1u << METHOD_DEVICE);
	assert_true(decision.applied[0].proved);
	set_login();
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	prove(1u << METHOD_DEVICE | TOTP);
	set_login();
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	end();
}

static void
without_remember_it_is_asked_for_each_time(void **state)
{
	(void)state;
	begin(RULES);
	prove(TOTP);
	set_login();
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	end();
}

static void
anybody_else_is_asked(void **state)
{
	(void)state;
	begin_proved();
	set_owner(&facts, "bob", PERSON_KIND_PERSON);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	set_owner(&facts, "alice", PERSON_KIND_SHARED);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	set_owner(&facts, "alice", PERSON_KIND_PERSON);
	facts.person.nobody = true;
	gather_remembered(conf, store, NULL, &facts);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	facts.person.nobody = false;
	facts.person.state = FACT_ERROR;
	gather_remembered(conf, store, NULL, &facts);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	end();
}

static void
another_device_is_asked(void **state)
{
	(void)state;
	begin_proved();
	facts.login.keys.list[0].fingerprint[7] = 'D';
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	set_login();
	facts.login.keys.n = 0; /* a password */
	facts.login.key_state = FACT_UNKNOWN;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	/* Keys that cannot be read are no device. */
	set_login();
	facts.login.key_state = FACT_ERROR;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	end();
}

static void
another_network_is_asked(void **state)
{
	static const struct {
		const char *address, *source;
		enum fg_verdict verdict;
	} t[] = {
		{ "192.0.2.255", "192.0.2.0/24", FG_VERDICT_ALLOW },
		{ "192.0.2.0", "192.0.2.0/24", FG_VERDICT_ALLOW },
		{ "192.0.3.7", "192.0.3.0/24", FG_VERDICT_DENY },
		{ "192.0.1.255", "192.0.1.0/24", FG_VERDICT_DENY },
		{ "2001:db8:7:8::9", "2001:db8:7::/48", FG_VERDICT_DENY },
	};
	size_t i;

	(void)state;
	begin_proved();
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		set_address(&facts.origin, t[i].address);
		assert_int_equal(decided(NULL), t[i].verdict);
		assert_string_equal(facts.remembered.source, t[i].source);
	}
	set_no_address(&facts);
	set_place(&facts, "DE");
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.state, FACT_NONE);
	end();
}

static void
an_ipv6_network_has_48_bits(void **state)
{
	(void)state;
	begin("remember = 12h\n" RULES);
	set_address(&facts.origin, "2001:db8:7:8::9");
	prove(TOTP);
	set_login();
	set_address(&facts.origin, "2001:db8:7:ffff::1");
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	set_address(&facts.origin, "2001:db8:6:8::9");
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	end();
}

static void
another_finding_or_grade_is_asked(void **state)
{
	(void)state;
	begin_proved();
	decided(NULL);
	facts.remembered.list[0].code = FINDING_GEO_DISTANCE;
	decide(&facts, conf, &decision);
	assert_int_equal(decision.verdict, FG_VERDICT_DENY);
	facts.remembered.list[0].code = FINDING_GEO_COUNTRY;
	(void)snprintf(facts.remembered.list[0].grade,
	    sizeof(facts.remembered.list[0].grade), "other");
	decide(&facts, conf, &decision);
	assert_int_equal(decision.verdict, FG_VERDICT_DENY);
	assert_int_equal(decision.applied[0].remembered, 0);
	end();
}

static void
weaker_than_now_wanted_is_asked(void **state)
{
	static const char *const more[] = { "challenge all totp delegate",
		"challenge delegate", "challenge approval" };
	char text[300];
	size_t i;

	(void)state;
	begin_proved();
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		conf_free(conf);
		(void)snprintf(text, sizeof(text),
		    "remember = 12h\npolicy all { countries = {\"NO\"} "
		    "actions = {\"geo.country = %s\"} }\n",
		    more[i]);
		conf = parse(text);
		set_login();
		assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	}
	/* And what has more than is wanted is enough. */
	prove(TOTP | DELEGATE | 1u << METHOD_APPROVAL);
	conf_free(conf);
	conf = parse("remember = 12h\n" RULES);
	set_login();
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	end();
}

static void
it_ends_by_any_clock(void **state)
{
	int64_t at_s;

	(void)state;
	begin_proved();
	at_s = facts.at_s;
	facts.at_s = at_s + DAY_S / 2 - 1;
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	facts.at_s = at_s + DAY_S / 2;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	/* Set back, it was not made yet. */
	facts.at_s = at_s - 1;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	facts.at_s = at_s;
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	end();
}

static void
less_to_remember_ends_it_sooner(void **state)
{
	(void)state;
	begin_proved();
	facts.at_s += 3600;
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	conf_free(conf);
	conf = parse("remember = 1h\n" RULES);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	end();
}

static void
what_a_second_person_answers_is_asked_each_time(void **state)
{
	enum finding_code code;

	(void)state;
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		const char *name = finding_info(code)->name;

		if (strncmp(name, "remote.", 7) == 0 ||
		    strncmp(name, "device.", 7) == 0 ||
		    strncmp(name, "person.", 7) == 0 ||
		    strncmp(name, "challenge.", 10) == 0 ||
		    strncmp(name, "session.shared_", 15) == 0)
			assert_false(method_is_remembered(code));
		else
			assert_true(method_is_remembered(code));
	}
	begin("remember = 12h\nshared_people = 2\npolicy all { actions = "
	      "{\"session.shared_source = challenge approval\"} }\n");
	facts.history.sharers_state = FACT_KNOWN;
	facts.history.nsharers = 5;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	prove(1u << METHOD_APPROVAL);
	assert_true(decision.applied[0].proved);
	facts.proof.state = FACT_UNKNOWN;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.count, 0);
	end();
}

static void
a_combination_is_asked_each_time(void **state)
{
	(void)state;
	begin("remember = 12h\n" FAR("challenge"));
	set_listed();
	prove(TOTP);
	set_login();
	set_listed();
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(decision.applied[0].remembered, 1);
	assert_int_equal(decision.nneeds, 1);
	end();
}

static void
what_is_denied_stays_denied(void **state)
{
	(void)state;
	begin_proved();
	conf_free(conf);
	conf = parse("remember = 12h\nstep_up = {\"totp\"}\npolicy all { "
		     "countries = {\"NO\"} actions = {\"geo.country = deny\"} "
		     "}\n");
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	end();
}

static void
sudo_goes_by_the_key_of_its_session(void **state)
{
	struct gather_parent parent = { .device = "SHA256:device" };

	(void)state;
	begin_proved();
	facts.kind = SERVICE_NESTED;
	facts.login.key_state = FACT_NONE;
	facts.login.keys.n = 0;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(decided(&parent), FG_VERDICT_ALLOW);
	parent.device = "SHA256:other";
	assert_int_equal(decided(&parent), FG_VERDICT_DENY);
	/* Nobody else has a session's key. */
	parent.device = "SHA256:device";
	facts.kind = SERVICE_REMOTE;
	assert_int_equal(decided(&parent), FG_VERDICT_DENY);
	end();
}

static void
a_store_that_fails_remembers_nothing(void **state)
{
	(void)state;
	begin_proved();
	store_close(store);
	run_behind("UPDATE proof SET methods = 'all'");
	store = open_store();
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(facts.remembered.state, FACT_ERROR);
	end();
}

/* ---- the bypass --------------------------------------------------------- */

static void
set_bypass(enum finding_code code)
{
	facts.exceptions.state = FACT_KNOWN;
	facts.exceptions.count = 1;
	facts.exceptions.list[0] = (struct fact_exception){ .id = 9,
		.code = (int)code,
		.bypass = true,
		.until_s = facts.at_s + 60 };
}

static void
a_bypass_answers_a_challenge_alone(void **state)
{
	(void)state;
	begin(RULES);
	set_bypass(FINDING_GEO_COUNTRY);
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	assert_int_equal(decision.applied[0].exception, 9);
	assert_true(decision.applied[0].bypass);
	facts.at_s += 60;
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	facts.at_s -= 60;
	conf_free(conf);
	conf = parse("policy all { countries = {\"NO\"} actions = "
		     "{\"geo.country = deny\"} }\n");
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(decision.applied[0].exception, 0);
	/* A challenge that nobody can answer is a denial. */
	conf_free(conf);
	conf = parse("policy all { countries = {\"NO\"} }\n");
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	end();
}

static void
a_bypass_leaves_combinations_as_they_are(void **state)
{
	(void)state;
	begin(FAR("deny"));
	set_listed();
	set_bypass(FINDING_GEO_COUNTRY);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(decision.by, DECIDED_BY_COMBINATION);
	facts.exceptions.list[0].bypass = false;
	assert_int_equal(decided(NULL), FG_VERDICT_ALLOW);
	end();
}

static void
a_bypass_is_for_no_second_person(void **state)
{
	(void)state;
	begin("shared_people = 2\npolicy all { actions = "
	      "{\"session.shared_source = challenge approval\"} }\n");
	facts.history.sharers_state = FACT_KNOWN;
	facts.history.nsharers = 5;
	set_bypass(FINDING_SESSION_SHARED_SOURCE);
	assert_int_equal(decided(NULL), FG_VERDICT_DENY);
	assert_int_equal(decision.applied[0].exception, 0);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_asked_for_once),
		STORE_TEST(a_laptop_is_asked_each_time),
		STORE_TEST(without_remember_it_is_asked_for_each_time),
		STORE_TEST(anybody_else_is_asked),
		STORE_TEST(another_device_is_asked),
		STORE_TEST(another_network_is_asked),
		STORE_TEST(an_ipv6_network_has_48_bits),
		STORE_TEST(another_finding_or_grade_is_asked),
		STORE_TEST(weaker_than_now_wanted_is_asked),
		STORE_TEST(it_ends_by_any_clock),
		STORE_TEST(less_to_remember_ends_it_sooner),
		STORE_TEST(what_a_second_person_answers_is_asked_each_time),
		STORE_TEST(a_combination_is_asked_each_time),
		STORE_TEST(what_is_denied_stays_denied),
		STORE_TEST(sudo_goes_by_the_key_of_its_session),
		STORE_TEST(a_store_that_fails_remembers_nothing),
		STORE_TEST(a_bypass_answers_a_challenge_alone),
		STORE_TEST(a_bypass_leaves_combinations_as_they_are),
		STORE_TEST(a_bypass_is_for_no_second_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
