/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who answers a challenge: how that is written, which of several lists holds,
 * and that no challenge is left to nobody or to whoever likes.
 */
#include "policyd/conf.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/conf_fixture.h"

#define MANUAL "man/farmgate.conf.5"

#define BOTH "step_up = {totp, approval}\n"
#define WEAK                                                                \
	"combination c { findings = {\"geo.stale\", \"remote.unknown\"}\n " \
	"action = "

/* "any totp approval", "all totp serial", "totp"; "" for none. */
static const char *
in_words(const struct methods *m, char buf[64])
{
	size_t i;

	buf[0] = '\0';
	if (m->n > 1)
		(void)strcat(buf, m->all ? "all" : "any");
	for (i = 0; i < m->n; i++) {
		if (buf[0] != '\0')
			(void)strcat(buf, " ");
		(void)strcat(buf, method_name(m->list[i]));
	}
	return buf;
}

/* Under the policy of that number; -1: under none. */
static void
answers(const struct conf *conf, int policy, const char *finding,
    const char *want)
{
	const struct conf_policy *p =
	    policy < 0 ? NULL : &conf->policies[policy];
	char name[64], buf[64], *grade;
	enum finding_code code;
	struct methods methods;
	unsigned int line;

	(void)snprintf(name, sizeof(name), "%s", finding);
	if ((grade = strchr(name, ':')) != NULL)
		*grade++ = '\0';
	code = finding_by_name(name);
	conf_methods(conf, p, code, grade, &methods);
	if (strcmp(in_words(&methods, buf), want) != 0)
		fail_msg("%s: \"%s\" and not \"%s\"", finding, buf, want);
	/* With one it is a challenge, and without one never an allow. */
	assert_int_equal(conf_action(conf, p, code, grade, &line) ==
		ACTION_CHALLENGE,
	    want[0] != '\0');
}

static void
test_a_rule_names_its_methods_in_their_order(void **state)
{
	struct conf *conf =
	    accepted("actions = {\"geo.country = challenge approval\",\n"
		     " \"geo.stale = challenge any approval totp\",\n"
		     " \"geo.unknown=challenge  all  serial totp \",\n"
		     " \"time.hours = challenge any delegate\",\n"
		     " \"geo.unknown:loopback = challenge all totp\"}\n");

	(void)state;
	answers(conf, -1, "geo.country", "approval");
	answers(conf, -1, "geo.stale", "any approval totp");
	answers(conf, -1, "geo.unknown:not_found", "all serial totp");
	answers(conf, -1, "time.hours", "delegate");
	answers(conf, -1, "geo.unknown:loopback", "totp");
	assert_true(conf_has_methods(conf));
	conf_free(conf);
}

static void
test_step_up_answers_what_names_no_method(void **state)
{
	struct conf *conf = accepted(BOTH
	    "actions = {\"session.shared_source = challenge\"}\n"
	    "policy p { users = a actions = \"time.hours = challenge\" }\n"
	    "policy q { users = b step_up = {approval, delegate} }\n"
	    "policy r { actions = \"geo.country = log\" }\n");

	(void)state;
	/* What is shipped as a challenge is one now. */
	answers(conf, -1, "geo.country", "any totp approval");
	answers(conf, -1, "net.anonymizer:tor", "any totp approval");
	/* Not the code, where it is no proof. */
	answers(conf, -1, "session.shared_source", "approval");
	answers(conf, 0, "session.shared_source", "approval");
	answers(conf, 0, "time.hours", "any totp approval");
	answers(conf, -1, "time.hours", "");
	/* The policy's list holds for what is written outside of it, too. */
	answers(conf, 1, "geo.country", "any approval delegate");
	answers(conf, 1, "session.shared_source", "approval");
	answers(conf, 2, "geo.country", "");
	/* No method makes a challenge of what is none. */
	answers(conf, -1, "person.revoked", "");
	answers(conf, -1, "geo.unknown:no_address", "");
	answers(conf, -1, "challenge.failed", "");
	conf_free(conf);
}

static void
test_without_a_method_a_challenge_is_a_deny(void **state)
{
	struct conf *conf =
	    accepted("policy p { users = a step_up = totp }\npolicy q { }\n");
	unsigned int line;

	(void)state;
	answers(conf, 0, "geo.country", "totp");
	answers(conf, 1, "geo.country", "");
	answers(conf, -1, "geo.country", "");
	assert_int_equal(conf_action(conf, NULL, FINDING_GEO_COUNTRY, NULL,
			     &line),
	    ACTION_DENY);
	assert_int_equal(line, 0);
	/* A code is none against what is reserved and shipped so. */
	answers(conf, 0, "remote.session", "");
	assert_int_equal(conf_action(conf, &conf->policies[0],
			     FINDING_REMOTE_SESSION, NULL, &line),
	    ACTION_DENY);
	assert_true(conf_has_methods(conf));
	conf_free(conf);
	conf = accepted("policy p { }\n");
	assert_false(conf_has_methods(conf));
	conf_free(conf);
}

static void
test_who_may_be_asked_by_another_module(void **state)
{
	struct conf *conf = accepted("policy p { services = {sshd} "
				     "actions = \"time.hours = challenge any "
				     "totp delegate\" }\n"
				     "policy q { services = {sudo} "
				     "step_up = totp }\n"
				     "policy r { users = a }\n");

	(void)state;
	assert_true(conf_delegates(conf, "sshd"));
	assert_false(conf_delegates(conf, "sudo"));
	assert_false(conf_delegates(conf, "login"));
	conf_free(conf);
	conf = accepted("policy p { users = a step_up = {delegate} }\n");
	assert_true(conf_delegates(conf, "login"));
	conf_free(conf);
	conf = accepted(BOTH "policy p { }\n");
	assert_false(conf_delegates(conf, "login"));
	conf_free(conf);
}

static void
test_a_combination_takes_what_answers_all_of_it(void **state)
{
	struct conf *conf = accepted(BOTH
	    "policy p { users = a\n" WEAK "challenge } }\n"
	    "policy q { users = b\n"
	    " combination c { findings = {\"geo.stale\", \"time.hours\"}\n"
	    " action = challenge } }\n"
	    "policy r { users = c " WEAK "\"challenge all totp approval\" } }\n"
	    "policy s { actions = {\"geo.stale = ignore\", \"remote.unknown = "
	    "ignore\"}\n" WEAK "log } }\n");
	static const char *const want[] = { "approval", "any totp approval",
		"all totp approval", "" };
	struct methods methods;
	const struct conf_policy *p;
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		p = &conf->policies[i];
		conf_combination_methods(conf, p, p->combinations, &methods);
		assert_string_equal(in_words(&methods, buf), want[i]);
		assert_int_equal(conf_combination_action(conf, p,
				     p->combinations),
		    i < 3 ? ACTION_CHALLENGE : ACTION_LOG);
	}
	/* Not in any file: that is an error. It still lets nobody in. */
	conf->step_up.n = 1;
	p = &conf->policies[0];
	conf_combination_methods(conf, p, p->combinations, &methods);
	assert_int_equal(methods.n, 0);
	assert_int_equal(conf_combination_action(conf, p, p->combinations),
	    ACTION_DENY);
	conf_free(conf);
}

static void
test_what_is_no_list_of_methods_is_refused(void **state)
{
	(void)state;
	refused("actions = {\"geo.country = challenge totpp\"}\n", 1,
	    "unknown method \"totpp\"; did you mean \"totp\"?");
	refused("actions = {\"geo.country = challenge sms\"}\n", 1,
	    "the methods are totp, approval, serial, delegate");
	refused("actions = {\"geo.country = challenge none\"}\n", 1,
	    "unknown method");
	refused("actions = {\"geo.country = challenge any any totp\"}\n", 1,
	    "unknown method \"any\"");
	refused("actions = {\"geo.country = challenge TOTP\"}\n", 1,
	    "unknown method");
	refused("actions = {\"geo.country = challenge totp,approval\"}\n", 1,
	    "unknown method");
	refused("actions = {\"geo.country = challenge totp approval\"}\n", 1,
	    "write any in front of them if one is enough, or all");
	refused("actions = {\"geo.country = challenge any\"}\n", 1,
	    "names no method");
	refused("actions = {\"geo.country = challenge all\"}\n", 1,
	    "names no method");
	refused("actions = {\"geo.country = challenge any totp totp\"}\n", 1,
	    "method totp is named twice; remove one");
	refused("actions = {\"geo.country = deny totp\"}\n", 1,
	    "only challenge takes methods; write deny alone");
	refused("actions = {\"geo.country = prove totp\"}\n", 1,
	    "unknown action \"prove\"; write ignore, log, challenge or deny");
	refused("policy p {\n" WEAK "\"challenge totp approval\" } }\n", 3,
	    "several methods");
}

static void
test_a_step_up_that_is_none_is_refused(void **state)
{
	(void)state;
	refused("step_up = {\"totp\",\n\"aproval\"}\n", 2,
	    "unknown method \"aproval\"; did you mean \"approval\"?");
	refused("step_up = {\"totp\",\n\"totp\"}\n", 2, "named twice");
	refused("step_up = serial\n", 1, "serial proves nothing alone");
	refused("step_up = {\"totp\", \"serial\"}\n", 1,
	    "serial proves nothing alone; take it out of step_up");
	refused("policy p {\nstep_up = {\"serial\",\n\"totp\"} }\n", 2,
	    "serial proves nothing alone");
	/* What is wrong with the list is not wrong with its challenges. */
	refused("step_up = {\"totp\", \"aproval\"}\n"
		"actions = {\"session.shared_source = challenge\"}\n",
	    1, "unknown method");
}

static void
test_a_challenge_that_nothing_answers_is_refused(void **state)
{
	(void)state;
	refused("actions = {\"geo.country = challenge\"}\n", 1,
	    "has no method; write step_up = {\"totp\", \"approval\"}, or name "
	    "them here");
	refused("policy p {\n" WEAK "challenge } }\n", 2, "has no method");
	refused("policy p { users = b\n"
		"actions = {\"time.hours = challenge\"}\n"
		"}\n"
		"policy q { users = a step_up = totp }\n",
	    2, "has no method");
	/* Each policy has one; where none matches there is none. */
	refused("actions = {\"geo.country = challenge\"}\n"
		"policy p { step_up = totp }\n",
	    1, "has no method");
	is_accepted("actions = {\"geo.country = challenge\"}\n" BOTH);
	is_accepted("actions = {\"geo.country = challenge delegate\"}\n");
}

static void
test_a_method_too_weak_is_refused(void **state)
{
	(void)state;
	refused("actions = {\"session.shared_source = challenge totp\"}\n", 1,
	    "totp is too weak for session.shared_source: whoever sits behind a "
	    "farm holds it; use approval");
	refused("actions = {\"remote.unknown = challenge any approval "
		"delegate\"}\n",
	    1, "delegate is too weak for remote.unknown");
	refused("actions = {\"remote.unknown = challenge all serial totp\"}\n",
	    1, "totp is too weak for remote.unknown");
	is_accepted(
	    "actions = {\"remote.unknown = challenge all totp approval\"}\n");
	is_accepted("actions = {\"remote.unknown = challenge approval\"}\n");
	refused("policy p {\n" WEAK "\"challenge any totp approval\" } }\n", 2,
	    "totp is too weak for remote.unknown");
	is_accepted("policy p {\n" WEAK
		    "\"challenge all totp serial approval\" } }\n");
}

static void
test_a_step_up_too_weak_is_refused(void **state)
{
	(void)state;
	refused("step_up = totp\n"
		"actions = {\"session.shared_source = challenge\"}\n",
	    2,
	    "totp of step_up in line 1 is too weak for session.shared_source");
	refused("step_up = {delegate, totp}\npolicy p {\n" WEAK
		"challenge } }\n",
	    3, "delegate of step_up in line 1 is too weak for remote.unknown");
	refused(BOTH "actions = {\"session.shared_source = challenge\"}\n"
		     "policy p {\n"
		     " step_up = totp }\n",
	    4,
	    "policy p is too weak for the challenge of session.shared_source "
	    "in line 2");
	is_accepted(BOTH "actions = {\"session.shared_source = challenge\"}\n"
			 "policy p { step_up = totp\n"
			 "actions = {\"session.shared_source = deny\"}\n"
			 "}\n");
	is_accepted(BOTH
	    "actions = {\"session.shared_source = challenge approval\"}\n"
	    "policy p { step_up = totp }\n");
}

static void
test_serial_stands_beside_another_method_only(void **state)
{
	(void)state;
	refused("actions = {\"geo.country = challenge serial\"}\n", 1,
	    "serial proves nothing alone; write all and another method");
	refused("actions = {\"geo.country = challenge all serial\"}\n", 1,
	    "serial proves nothing alone");
	refused("actions = {\"geo.country = challenge any approval serial\"}\n",
	    1, "serial proves nothing alone");
	is_accepted(
	    "actions = {\"geo.country = challenge all serial approval\"}\n");
}

static void
test_a_failed_challenge_is_never_milder_than_deny(void **state)
{
	static const char *const codes[] = { "challenge.failed",
		"challenge.impossible" };
	static const char *const mild[] = { "ignore", "log", "challenge",
		"challenge approval" };
	char text[128];
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 4; k++) {
			(void)snprintf(text, sizeof(text),
			    "policy p {\nactions = \"%s = %s\" }\n", codes[i],
			    mild[k]);
			refused(text, 2,
			    "would let in who proves nothing; remove it");
		}
		(void)snprintf(text, sizeof(text), "actions = \"%s = deny\"\n",
		    codes[i]);
		is_accepted(text);
	}
}

/* Each may ask for more than the other, or of somebody else. */
static void
test_a_combination_may_challenge_what_is_challenged(void **state)
{
	(void)state;
	is_accepted(BOTH
	    "actions = {\"time.hours = challenge\"}\n"
	    "policy p { combination c { findings = {\"time.hours\",\n"
	    " \"geo.stale\"} action = \"challenge all totp approval\" } }");
	is_accepted(BOTH
	    "actions = {\"time.hours = challenge\"}\n"
	    "policy p { combination c { findings = {\"time.hours\",\n"
	    " \"geo.stale\"} action = deny } }");
	refused(BOTH "actions = {\"time.hours = challenge\"}\n"
		     "policy p { combination c { findings = {\"time.hours\",\n"
		     " \"geo.stale\"} action = log } }",
	    3, "time.hours alone is challenge");
	refused(BOTH "actions = {\"time.hours = deny\"}\n"
		     "policy p { combination c { findings = {\"time.hours\",\n"
		     " \"geo.stale\"} action = challenge } }",
	    3, "time.hours alone is deny");
}

static void
test_times_of_a_step_up_have_bounds(void **state)
{
	struct conf *conf = accepted("");

	(void)state;
	assert_int_equal(conf->step_up_s, 90);
	assert_int_equal(conf->remember_s, 0);
	conf_free(conf);
	conf = accepted("step_up_time = 20s remember = 30d\n");
	assert_int_equal(conf->step_up_s, 20);
	assert_int_equal(conf->remember_s, 30 * 86400);
	conf_free(conf);
	is_accepted("step_up_time = 10m\n");
	refused("step_up_time = 19s\n", 1, "write one from \"20s\" to \"10m\"");
	refused("step_up_time = 601s\n", 1, "no time for a step-up");
	refused("step_up_time = 90\n", 1,
	    "is no duration; write digits and s, m, h or d, from \"20s\" to "
	    "\"10m\"");
	refused("remember = 2592001s\n", 1, "write \"30d\" or less");
	refused("remember = 0d\n", 1, "h or d, from \"1s\" to \"30d\"");
	refused("policy p {\nstep_up_time = 60s\n}\n", 2,
	    "in policy; it stands outside of all sections, move it there");
	refused("policy p {\nremember = 1d\n}\n", 2,
	    "it stands outside of all sections");
}

static bool
is_among(const char *list, size_t len, const char *name)
{
	const char *at = list;
	size_t n = strlen(name);

	while ((at = strstr(at, name)) != NULL && at < list + len) {
		if (!isalpha((unsigned char)at[n]) && at[n] != '_')
			return true;
		at++;
	}
	return false;
}

static void
test_the_manual_says_for_what_a_code_is_enough(void **state)
{
	static char text[256 * 1024];
	FILE *in = fopen(MANUAL, "r");
	const struct finding_info *info;
	enum finding_code code;
	const char *list, *end;

	(void)state;
	if (in == NULL)
		fail_msg("%s is missing; run this in the top folder", MANUAL);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	(void)fclose(in);
	assert_non_null(list = strstr(text, "\nThat is enough for\n"));
	assert_non_null(end = strstr(list, "\n.Pp\n"));
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		info = finding_info(code);
		if (is_among(list, (size_t)(end - list), info->name) !=
		    method_answers(METHOD_TOTP, code))
			fail_msg("%s: %s", MANUAL, info->name);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rule_names_its_methods_in_their_order),
		cmocka_unit_test(test_step_up_answers_what_names_no_method),
		cmocka_unit_test(test_without_a_method_a_challenge_is_a_deny),
		cmocka_unit_test(test_who_may_be_asked_by_another_module),
		cmocka_unit_test(
		    test_a_combination_takes_what_answers_all_of_it),
		cmocka_unit_test(test_what_is_no_list_of_methods_is_refused),
		cmocka_unit_test(test_a_step_up_that_is_none_is_refused),
		cmocka_unit_test(
		    test_a_challenge_that_nothing_answers_is_refused),
		cmocka_unit_test(test_a_method_too_weak_is_refused),
		cmocka_unit_test(test_a_step_up_too_weak_is_refused),
		cmocka_unit_test(test_serial_stands_beside_another_method_only),
		cmocka_unit_test(
		    test_a_failed_challenge_is_never_milder_than_deny),
		cmocka_unit_test(
		    test_a_combination_may_challenge_what_is_challenged),
		cmocka_unit_test(test_times_of_a_step_up_have_bounds),
		cmocka_unit_test(
		    test_the_manual_says_for_what_a_code_is_enough),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
