/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a step-up does to a decision: what has to be proved, that nothing else
 * is enough, and that it makes nothing else milder.
 */
#include "tests/unit/deciding.h"

#define TOTP	 (1u << METHOD_TOTP)
#define APPROVAL (1u << METHOD_APPROVAL)
#define SERIAL	 (1u << METHOD_SERIAL)
#define DELEGATE (1u << METHOD_DELEGATE)

#define ABROAD "policy all { countries = {\"NO\"} }\n"

static struct facts f;
static struct decision d;

/* A proof by these; 0: there was none. */
static void
proved(uint32_t methods)
{
	f.proof.state = methods != 0 ? FACT_KNOWN : FACT_UNKNOWN;
	f.proof.methods = methods;
	f.proof.step_failed = false;
}

/* Who approves is asked about what is found now. */
static void
shown(const struct conf *conf)
{
	f.proof.state = FACT_NONE;
	decide(&f, conf, &d);
	decide_approved(&d, &f.proof.approved);
}

static void
challenged_is_denied_until_it_is_proved(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	/* It is to come: in auth, and where it is only thought of. */
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_true(d.challenge);
	assert_reason(&d, "geo.country");
	assert_int_equal(d.nneeds, 1);
	assert_true(methods_have(&d.needs[0], METHOD_TOTP));
	proved(TOTP);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_false(d.challenge);
	assert_int_equal(d.nneeds, 0);
	assert_true(d.applied[0].proved);
	assert_int_equal(d.applied[0].action, ACTION_LOG);
	conf_free(conf);
}

static void
CONV_04_without_a_step_up_it_is_impossible(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	proved(0);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_true(d.challenge);
	assert_reason(&d, "geo.country,challenge.impossible");
	assert_int_equal(d.findings.list[d.index].code,
	    FINDING_CHALLENGE_IMPOSSIBLE);
	assert_non_null(strstr(decide_next(&d), "keyboard-interactive"));
	conf_free(conf);
}

static void
a_step_up_that_failed_says_so(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	f.proof.state = FACT_ERROR;
	f.proof.methods = TOTP; /* which is worth nothing then */
	(void)snprintf(f.proof.why, sizeof(f.proof.why), "totp: wrong code");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "geo.country,challenge.failed");
	assert_string_equal(d.findings.list[d.index].text, "totp: wrong code");
	conf_free(conf);
}

/* Each set of methods against each need. */
static void
nothing_less_is_enough(void **state)
{
	static const struct {
		const char *action;
		uint32_t enough[3];
	} row[] = {
		{ "challenge totp", { TOTP, TOTP | SERIAL, 0 } },
		{ "challenge approval", { APPROVAL, APPROVAL | TOTP, 0 } },
		{ "challenge any totp approval",
		    { TOTP, APPROVAL, TOTP | APPROVAL } },
		{ "challenge all totp serial",
		    { TOTP | SERIAL, TOTP | SERIAL | APPROVAL, 0 } },
		{ "challenge delegate", { DELEGATE, DELEGATE | TOTP, 0 } },
	};
	static const uint32_t all[] = { TOTP, APPROVAL, SERIAL, DELEGATE,
		TOTP | SERIAL, TOTP | APPROVAL, APPROVAL | SERIAL,
		DELEGATE | SERIAL };
	struct conf *conf;
	char text[256];
	uint32_t m, e;
	bool enough;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(row); i++) {
		(void)snprintf(text, sizeof(text),
		    "policy all { countries = {\"NO\"}\n"
		    "actions = {\"geo.country = %s\"} }\n",
		    row[i].action);
		conf = parse(text);
		for (size_t k = 0; k < N_ELEMENTS(all); k++) {
			set_facts(&f);
			shown(conf);
			proved(m = all[k]);
			enough = false;
			for (size_t j = 0; j < 3; j++) {
				e = row[i].enough[j];
				/* More than enough is enough. */
				enough |= e != 0 && (m & e) == e;
			}
			decide(&f, conf, &d);
			if ((d.verdict == FG_VERDICT_ALLOW) != enough)
				fail_msg("%s, by %#x", row[i].action, m);
		}
		conf_free(conf);
	}
}

static void
each_challenge_wants_its_own(void **state)
{
	struct conf *conf = parse("policy all { countries = {\"NO\"}\n"
				  "actions = {\"geo.country = challenge totp\","
				  "\"person.unknown:account = challenge "
				  "approval\"} }\n");

	(void)state;
	set_facts(&f);
	f.person.state = FACT_UNKNOWN; /* there is an inventory */
	shown(conf);
	assert_int_equal(d.nneeds, 2);
	proved(TOTP);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.nneeds, 1);
	assert_true(methods_have(&d.needs[0], METHOD_APPROVAL));
	proved(TOTP | APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

/* One list of methods is asked for once. */
static void
alike_challenges_are_one_need(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	f.anonymous.state = FACT_KNOWN;
	f.anonymous.flags = FACT_ANON_VPN;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.country,net.anonymizer:vpn");
	assert_int_equal(d.nneeds, 1);
	conf_free(conf);
}

static void
a_denial_is_not_proved_away(void **state)
{
	struct conf *conf =
	    parse("step_up = {totp}\npolicy all { countries = {\"NO\"}\n"
		  "actions = {\"person.unknown:account = deny\"} }\n");

	(void)state;
	set_facts(&f);
	f.person.state = FACT_UNKNOWN; /* there is an inventory */
	proved(TOTP);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_false(d.challenge);
	assert_reason(&d, "person.unknown:account,geo.country");
	conf_free(conf);
}

static void
a_failure_is_not_proved_away(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	proved(TOTP);
	f.revocation.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_FAILURE);
	/* Nor is one alone what keeps out who would be challenged. */
	proved(0);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_false(d.alone);
	conf_free(conf);
}

/* Nobody is asked there, so nobody can be said to have failed. */
static void
observe_finds_no_failed_challenge(void **state)
{
	struct conf *conf = parse("mode = observe\nstep_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	proved(0);
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_DENY);
	assert_true(d.challenge);
	assert_reason(&d, "geo.country");
	assert_int_equal(d.applied[0].action, ACTION_CHALLENGE);
	conf_free(conf);
}

static void
a_combination_is_proved_like_a_finding(void **state)
{
	struct conf *conf = parse("policy all { countries = {\"NO\"}\n"
				  "actions = {\"geo.country = log\"}\n"
				  "combination c { findings = {\"geo.country\","
				  "\"remote.unknown\"}\n"
				  "action = \"challenge approval\" } }\n");

	(void)state;
	set_facts(&f);
	f.peer.state = FACT_ERROR;
	shown(conf);
	assert_true(d.challenge);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	assert_int_equal(d.nneeds, 1);
	proved(TOTP);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

#define TOLD "approval: more was found than was approved"

static void
an_approval_is_for_what_was_shown(void **state)
{
	struct conf *conf = parse("step_up = {totp, approval}\n" ABROAD);

	(void)state;
	set_facts(&f);
	shown(conf);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	/* It came to be, or was seen, while somebody thought about it. */
	f.anonymous.state = FACT_KNOWN;
	f.anonymous.flags = FACT_ANON_VPN;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_true(d.challenge);
	assert_reason(&d, "geo.country,net.anonymizer:vpn,challenge.failed");
	assert_string_equal(d.findings.list[d.index].text, TOLD);
	assert_true(d.applied[0].proved);
	assert_false(d.applied[1].proved);
	assert_int_equal(decide_passed(&f, &d.findings.list[0]), APPROVAL);
	assert_int_equal(decide_passed(&f, &d.findings.list[1]), 0);
	/* A code says who is there, whatever else is found. */
	proved(TOTP | APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_int_equal(decide_passed(&f, &d.findings.list[1]), TOTP);
	/* Asked anew, they know of it. */
	shown(conf);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	/* And of this grade only. */
	f.anonymous.flags = FACT_ANON_TOR;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

#define STRANGER                              \
	"policy all { countries = {\"NO\"}\n" \
	"actions = {\"geo.country = log\","   \
	"\"person.unknown:account = challenge approval\","

static void
what_was_ignored_then_was_not_approved(void **state)
{
	struct conf *conf = parse(STRANGER "\"remote.unknown = ignore\"} }\n");

	(void)state;
	set_facts(&f);
	f.person.state = FACT_UNKNOWN;
	f.peer.state = FACT_ERROR;
	shown(conf);
	assert_int_equal(f.proof.approved.count, 2);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
	/* Reloaded in between. */
	conf = parse(STRANGER "\"remote.unknown = challenge approval\"} }\n");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_string_equal(d.findings.list[d.index].text, TOLD);
	conf_free(conf);
}

/* Also of what is ignored alone. */
static void
a_combination_is_approved_as_a_whole(void **state)
{
	struct conf *conf = parse("policy all { countries = {\"NO\"}\n"
				  "actions = {\"geo.country = ignore\","
				  "\"remote.unknown = ignore\","
				  "\"person.unknown:account = challenge "
				  "approval\"}\n"
				  "combination c { findings = {\"geo.country\","
				  "\"remote.unknown\"}\n"
				  "action = \"challenge approval\" } }\n");

	(void)state;
	set_facts(&f);
	f.person.state = FACT_UNKNOWN;
	shown(conf);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	f.peer.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_string_equal(d.findings.list[d.index].text, TOLD);
	shown(conf);
	assert_int_equal(f.proof.approved.count, 3);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

/* A keyboard that is plugged in meanwhile is another one. */
static void
an_approval_is_for_the_device_that_was_shown(void **state)
{
	struct conf *conf =
	    parse("step_up = {totp, approval}\npolicy all { actions = "
		  "{\"device.new_input = challenge approval\"} }\n");
	struct fact_sign *s = f.remote.list;

	(void)state;
	set_facts(&f);
	f.remote.state = FACT_KNOWN;
	f.remote.count = 1;
	memset(s, 0, 2 * sizeof(*s));
	s->counts = true;
	s->sign.kind = ENTRY_KEYBOARD;
	s->sign.grade = SIGN_PRESENT;
	s->sign.confidence = SIGN_BY_IDENTITY;
	s->sign.owner = SIGN_OF_MACHINE;
	(void)strcpy(s->sign.what, "1111:1111");
	shown(conf);
	assert_true(d.challenge);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	s[1] = s[0];
	(void)strcpy(s[1].sign.what, "2222:2222");
	f.remote.count = 2;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_string_equal(d.findings.list[d.index].text, TOLD);
	assert_true(d.applied[0].proved);
	assert_false(d.applied[1].proved);
	/* Nor is it in the other one's place. */
	s[0] = s[1];
	f.remote.count = 1;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	shown(conf);
	proved(APPROVAL);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

/* More kinds of findings than are kept: those are not approved. */
static void
what_finds_no_room_is_not_approved(void **state)
{
	struct fact_approved approved;
	struct finding *x;
	size_t i;

	(void)state;
	memset(&d, 0, sizeof(d));
	for (i = 0; i < FINDING_LIST_MAX; i++) {
		x = &d.findings.list[i];
		x->code = FINDING_NET_LISTED;
		(void)snprintf(x->grade, sizeof(x->grade), "n%zu",
		    i < 2 ? 0 : i - 1);
		d.applied[i].action = ACTION_CHALLENGE;
	}
	d.findings.count = FINDING_LIST_MAX;
	decide_approved(&d, &approved);
	assert_int_equal(approved.count, FACT_APPROVED_MAX);
	assert_string_equal(approved.list[FACT_APPROVED_MAX - 1].grade, "n39");
	d.findings.list[0].minor = true;
	d.findings.list[1].minor = true;
	decide_approved(&d, &approved);
	assert_string_equal(approved.list[0].grade, "n1");
}

static void
an_exception_comes_before_a_challenge(void **state)
{
	struct conf *conf = parse("step_up = {totp}\n" ABROAD);

	(void)state;
	set_facts(&f);
	proved(0);
	(void)add_exception(&f, FINDING_GEO_COUNTRY, "", "");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_false(d.challenge);
	/* None makes up for want of a proof. */
	set_facts(&f);
	proved(0);
	(void)add_exception(&f, FINDING_CHALLENGE_IMPOSSIBLE, "", "");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

/* As before there was any. */
static void
without_methods_a_challenge_is_a_denial(void **state)
{
	struct conf *conf = parse(ABROAD);

	(void)state;
	set_facts(&f);
	proved(TOTP | APPROVAL | SERIAL | DELEGATE);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_false(d.challenge);
	assert_int_equal(d.nneeds, 0);
	conf_free(conf);
}

/* That a laptop is enrolled is no finding any more, and what was asked beside
 * it is still to be right. */
static void
a_laptop_is_not_enough_where_all_are_wanted(void **state)
{
	struct conf *conf =
	    parse("step_up = {totp, device}\npolicy all {\nactions = {"
		  "\"device.unenrolled:unattested = challenge all totp "
		  "device\"} }\n");

	(void)state;
	set_facts(&f);
	f.proof.attested.state = FACT_KNOWN;
	f.proof.methods = 1u << METHOD_DEVICE;
	f.proof.state = FACT_ERROR;
	f.proof.step_failed = true;
	(void)snprintf(f.proof.why, sizeof(f.proof.why), "totp: wrong code");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.findings.list[d.index].code,
	    FINDING_CHALLENGE_FAILED);
	proved(TOTP | 1u << METHOD_DEVICE);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(challenged_is_denied_until_it_is_proved),
		cmocka_unit_test(CONV_04_without_a_step_up_it_is_impossible),
		cmocka_unit_test(a_step_up_that_failed_says_so),
		cmocka_unit_test(nothing_less_is_enough),
		cmocka_unit_test(each_challenge_wants_its_own),
		cmocka_unit_test(alike_challenges_are_one_need),
		cmocka_unit_test(a_denial_is_not_proved_away),
		cmocka_unit_test(a_failure_is_not_proved_away),
		cmocka_unit_test(observe_finds_no_failed_challenge),
		cmocka_unit_test(a_combination_is_proved_like_a_finding),
		cmocka_unit_test(an_approval_is_for_what_was_shown),
		cmocka_unit_test(what_was_ignored_then_was_not_approved),
		cmocka_unit_test(a_combination_is_approved_as_a_whole),
		cmocka_unit_test(an_approval_is_for_the_device_that_was_shown),
		cmocka_unit_test(what_finds_no_room_is_not_approved),
		cmocka_unit_test(an_exception_comes_before_a_challenge),
		cmocka_unit_test(without_methods_a_challenge_is_a_denial),
		cmocka_unit_test(a_laptop_is_not_enough_where_all_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
