/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What "sshd -T" prints: which texts are taken, what is found in them, and for
 * whom it is said to hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/sshd/effective.h"
#include "ctl/sshd/look.h"
#include "proto/result.h"

#define LEAST "port 22\npermitrootlogin no\n"
/* Nothing is to be said of these. */
#define GOOD                                                                  \
	LEAST "usepam yes\nlogingracetime 120\npubkeyauthentication yes\n"    \
	      "passwordauthentication no\nkbdinteractiveauthentication yes\n" \
	      "maxstartups 30:30:100\nmaxsessions 1\n"
#define METHODS "authenticationmethods publickey,keyboard-interactive\n"
#define CASES	4

static struct look_findings findings;

static int
empty(void **state)
{
	(void)state;
	look_findings_done(&findings);
	return 0;
}

static struct effective *
parse(const char *text)
{
	struct effective *e;
	unsigned int line;

	assert_int_equal(effective_parse(text, strlen(text), &e, &line), 0);
	return e;
}

static int
refuse(const char *text, size_t len, unsigned int want_line)
{
	struct effective *e;
	unsigned int line;
	int r = effective_parse(text, len, &e, &line);

	assert_null(e);
	assert_int_equal(line, want_line);
	return r;
}

/* Look at n texts, each of another user. */
static void
look_users(const char *const *texts, const char *const *users, size_t n)
{
	struct look_case cases[CASES] = { { .user = NULL } };
	struct look_world world = { .cases = cases, .ncases = n };
	size_t i;

	for (i = 0; i < n; i++) {
		cases[i].user = users[i];
		cases[i].from = "192.0.2.1";
		cases[i].settings = parse(texts[i]);
	}
	look_findings_done(&findings);
	assert_int_equal(look_run(&world, &findings), 0);
	for (i = 0; i < n; i++)
		effective_free(cases[i].settings);
}

static void
look(const char *text)
{
	const char *user = "root";

	look_users(&text, &user, 1);
}

static const struct look_finding *
found(const char *check)
{
	for (size_t i = 0; i < findings.n; i++)
		if (strcmp(findings.v[i].check, check) == 0)
			return &findings.v[i];
	return NULL;
}

static bool
holds(const char *check, size_t nth)
{
	const struct look_finding *f = found(check);

	return f != NULL && f->holds[nth];
}

/* Of this text the check says something with that in it; NULL: nothing. */
static void
want(const char *text, const char *check, const char *part)
{
	const struct look_finding *f;

	look(text);
	f = found(check);
	if (part == NULL && f != NULL)
		fail_msg("%s says of \"%s\": %s", check, text, f->text);
	if (part != NULL && f == NULL)
		fail_msg("%s says nothing of \"%s\"", check, text);
	if (part != NULL && strstr(f->text, part) == NULL)
		fail_msg("%s says of \"%s\": %s", check, text, f->text);
}

/* ---- the text ---------------------------------------------------------- */

static void
each_value_of_a_keyword_is_found(void **state)
{
	struct effective *e = parse(LEAST "acceptenv LANG\nacceptenv LC_*\n"
					  "banner\nx  two  words \n");
	uint64_t v;

	(void)state;
	assert_string_equal(effective_get(e, "acceptenv", 0), "LANG");
	assert_string_equal(effective_get(e, "acceptenv", 1), "LC_*");
	assert_null(effective_get(e, "acceptenv", 2));
	assert_null(effective_get(e, "accept", 0));
	assert_string_equal(effective_get(e, "banner", 0), "");
	assert_string_equal(effective_get(e, "x", 0), " two  words ");
	assert_true(effective_is(e, "permitrootlogin", "no"));
	assert_false(effective_is(e, "permitrootlogin", "n"));
	assert_false(effective_is(e, "none", ""));
	assert_int_equal(effective_uint(e, "port", &v), 0);
	assert_int_equal(v, 22);
	assert_int_equal(effective_uint(e, "banner", &v), FG_ERR_FORMAT);
	assert_int_equal(effective_uint(e, "none", &v), FG_ERR_NOT_FOUND);
	effective_free(e);
}

static void
the_last_line_needs_no_end(void **state)
{
	struct effective *e = parse(LEAST "usepam yes");

	(void)state;
	assert_true(effective_is(e, "usepam", "yes"));
	effective_free(e);
}

static void
what_no_sshd_prints_is_refused(void **state)
{
	static const char zero[] = LEAST "use\0pam yes\n";

	(void)state;
#define REFUSE(text, line) \
	assert_int_equal(refuse(text, strlen(text), line), FG_ERR_FORMAT)
	REFUSE("", 0);
	REFUSE("port 22\n", 0);
	REFUSE("permitrootlogin no\n", 0);
	REFUSE("Port 22\nPermitRootLogin no\n", 1);
	REFUSE(LEAST "UsePAM yes\n", 3);
	REFUSE(LEAST "\nusepam yes\n", 3);
	REFUSE(LEAST " usepam yes\n", 3);
	REFUSE(LEAST "usepam\tyes\n", 3);
	REFUSE(LEAST "usepam=yes\n", 3);
	REFUSE(LEAST "# usepam yes\n", 3);
	REFUSE("<html>\n" LEAST, 1);
#undef REFUSE
	assert_int_equal(refuse(zero, sizeof(zero) - 1, 0), FG_ERR_FORMAT);
}

static void
too_many_lines_are_refused(void **state)
{
	size_t i, len = strlen(LEAST);
	char *text = malloc(len + 2 * EFFECTIVE_LINES_MAX);

	(void)state;
	assert_non_null(text);
	memcpy(text, LEAST, len);
	for (i = 0; i < EFFECTIVE_LINES_MAX; i++)
		memcpy(text + len + 2 * i, "x\n", 2);
	len += 2 * (EFFECTIVE_LINES_MAX - 2);
	text[len] = '\0';
	effective_free(parse(text));
	text[len] = 'x';
	assert_int_equal(refuse(text, len + 2, EFFECTIVE_LINES_MAX + 1),
	    FG_ERR_LIMIT);
	free(text);
}

/* ---- what is found ----------------------------------------------------- */

static void
of_a_good_sshd_nothing_is_said(void **state)
{
	(void)state;
	look(GOOD METHODS);
	assert_int_equal(findings.n, 0);
}

static void
an_sshd_that_asks_no_gate_is_an_error(void **state)
{
	(void)state;
	want(LEAST, "use-pam", "without PAM");
	want(LEAST "usepam no\n", "use-pam", "write UsePAM yes");
	want(LEAST "usepam yes\n", "use-pam", NULL);
	look(LEAST "usepam no\n");
	assert_int_equal(look_count(&findings, LOOK_ERROR), 1);
	assert_int_equal(findings.v[0].severity, LOOK_ERROR);
}

static void
each_list_of_methods_has_to_ask(void **state)
{
	static const char check[] = "authentication-methods";

	(void)state;
	want(GOOD, check, "Methods any: one factor");
	want(GOOD "authenticationmethods any\n", check, "Methods any: one");
	want(GOOD METHODS, check, NULL);
	want(GOOD "authenticationmethods publickey\n", check,
	    "write publickey,keyboard-interactive:pam");
	want(GOOD "authenticationmethods publickey,keyboard-interactive:pam "
		  "hostbased,publickey\n",
	    check, "write hostbased,publickey,keyboard-interactive:pam");
	want(GOOD "authenticationmethods keyboard-interactiv\n", check,
	    "Methods keyboard-interactiv:");
	want(LEAST "authenticationmethods any\npubkeyauthentication no\n"
		   "kbdinteractiveauthentication yes\n",
	    check, NULL);
}

static void
what_asks_has_to_be_the_last(void **state)
{
	static const char check[] = "method-order";

	(void)state;
	want(GOOD METHODS, check, NULL);
	want(GOOD, check, NULL);
	want(GOOD "authenticationmethods keyboard-interactive\n", check, NULL);
	want(GOOD "authenticationmethods keyboard-interactive,publickey\n",
	    check, "before the rest is proven");
	want(GOOD "authenticationmethods publickey,keyboard-interactive "
		  "password,keyboard-interactive:pam,publickey\n",
	    check, "Methods password,keyboard-interactive:pam,publickey:");
}

static void
passwords_count_where_they_are_enough(void **state)
{
	(void)state;
	want(LEAST "passwordauthentication yes\n", "password", "hidden prompt");
	want(LEAST "passwordauthentication no\n", "password", NULL);
	want(LEAST "passwordauthentication yes\n" METHODS, "password", NULL);
	want(LEAST "passwordauthentication yes\n"
		   "authenticationmethods publickey,password\n",
	    "password", "hidden prompt");
}

/* SSH-15 */
static void
root_has_to_be_asked_for_real(void **state)
{
	static const char text[] = "port 22\npermitrootlogin "
				   "without-password\n";
	static const char *const texts[] = { text, text };
	static const char *const users[] = { "alice", "root" };

	(void)state;
	want(text, "root-login",
	    "PermitRootLogin prohibit-password: root can never pass step-up "
	    "with this PermitRootLogin");
	want("port 22\npermitrootlogin forced-commands-only\n", "root-login",
	    "forced-commands-only");
	want("port 22\npermitrootlogin yes\n", "root-login", NULL);
	want("port 22\npermitrootlogin no\n", "root-login", NULL);
	look_users(texts, users, 2);
	assert_false(holds("root-login", 0));
	assert_true(holds("root-login", 1));
	look_users(texts, users, 1);
	assert_null(found("root-login"));
}

/* SSH-13 */
static void
a_step_up_has_the_grace_time_but_ten_seconds(void **state)
{
	static const char check[] = "login-grace-time";

	(void)state;
	want(LEAST "logingracetime 40\n", check, NULL);
	want(LEAST "logingracetime 39\n", check, "has 29 seconds");
	want(LEAST "logingracetime 11\n", check, "has 1 seconds");
	want(LEAST "logingracetime 10\n", check, "has 0 seconds");
	want(LEAST "logingracetime 1\n", check, "has 0 seconds");
	want(LEAST "logingracetime 0\n", check, "all the time there is");
	want(LEAST "logingracetime x\n", check, NULL);
}

/* SSH-14 */
static void
enough_logins_may_wait(void **state)
{
	static const char check[] = "max-startups";

	(void)state;
	want(LEAST "maxstartups 29:30:100\n", check, "from 29 of them on");
	want(LEAST "maxstartups 30:30:100\n", check, NULL);
	want(LEAST "maxstartups 2\n", check, "from 2 of them on");
	want(LEAST "maxstartups 300\n", check, NULL);
	want(LEAST "maxstartups :::\n", check, NULL);
	want(LEAST, check, NULL);
}

static void
variables_that_look_like_sshds_are_noted(void **state)
{
	(void)state;
	want(LEAST "acceptenv LANG\nacceptenv LC_*\n", "accept-env", NULL);
	want(LEAST "acceptenv LANG\nacceptenv SSH_*\n", "accept-env", "SSH_*:");
	want(LEAST "acceptenv *\n", "accept-env", "AcceptEnv *:");
	want(LEAST "acceptenv A,SSH_C*\n", "accept-env", "SSH_C*");
	want(LEAST "permituserenvironment no\n", "user-environment", NULL);
	want(LEAST "permituserenvironment yes\n", "user-environment", "yes:");
	want(LEAST "permituserenvironment A*\n", "user-environment", "A*:");
}

/* What a version does not have is no mistake. */
static void
what_a_version_has_not_is_no_mistake(void **state)
{
	(void)state;
	look(LEAST "usepam yes\nkbdinteractiveauthentication yes\n"
		   "authenticationmethods any\n");
	assert_int_equal(findings.n, 0);
	want(LEAST, "per-source-penalties", NULL);
	want(LEAST "persourcepenalties no\n", "per-source-penalties", NULL);
	want(LEAST "persourcepenalties crash:90\n"
		   "persourcepenaltyexemptlist none\n",
	    "per-source-penalties", "PerSourcePenaltyExemptList");
	want(LEAST "persourcepenalties crash:90\n"
		   "persourcepenaltyexemptlist 192.0.2.0/24\n",
	    "per-source-penalties", NULL);
	want(LEAST "persourcemaxstartups 1\n", "per-source-max-startups", NULL);
}

/* ---- networks ---------------------------------------------------------- */

/* What is said of an exempt list where these are an office's. */
static void
want_missing(const char *cidrs, const char *exempt, const char *part)
{
	char conf[512], text[512];
	struct conf_errors errors = { 0 };
	struct look_case c = { .user = "root", .from = "192.0.2.1" };
	struct look_world world = { .cases = &c, .ncases = 1, .now_s = 1000 };
	struct conf *parsed;

	(void)snprintf(conf, sizeof(conf),
	    "network office { cidr = {%s} place = \"NO\" shared = \"office\" "
	    "shared_until = 2030-01-01 }\n"
	    "network list { cidr = {\"198.51.100.0/24\"} label = \"x\" }\n",
	    cidrs);
	(void)snprintf(text, sizeof(text),
	    LEAST "persourcepenalties crash:90\n"
		  "persourcepenaltyexemptlist %s\npersourcemaxstartups 9\n",
	    exempt);
	if (conf_parse("conf", conf, strlen(conf), &parsed, &errors) != 0)
		fail_msg("%s", errors.list[0].text);
	world.conf = parsed;
	c.settings = parse(text);
	look_findings_done(&findings);
	assert_int_equal(look_run(&world, &findings), 0);
	if (part == NULL)
		assert_null(found("per-source-penalties"));
	else if (found("per-source-penalties") == NULL ||
	    strstr(found("per-source-penalties")->text, part) == NULL)
		fail_msg("%s, exempt %s: not said: %s", cidrs, exempt, part);
	assert_non_null(found("per-source-max-startups"));
	effective_free(c.settings);
	conf_free(parsed);
}

static void
an_office_has_to_be_exempt_as_a_whole(void **state)
{
	(void)state;
	want_missing("\"203.0.113.0/24\"", "none",
	    "of office; add to PerSourcePenaltyExemptList "
	    "203.0.113.0/24");
	want_missing("\"203.0.113.0/24\"", "203.0.113.0/24", NULL);
	want_missing("\"203.0.113.0/24\"", "10.0.0.0/8,203.0.113.0/24", NULL);
	want_missing("\"203.0.113.0/24\"", "203.0.0.0/16", NULL);
	want_missing("\"203.0.113.0/24\"", "0.0.0.0/0", NULL);
	want_missing("\"203.0.113.0/24\"", "203.0.113.0/25", "203.0.113.0/24");
	want_missing("\"203.0.113.0/24\"", "203.0.112.0/24", "203.0.113.0/24");
	want_missing("\"203.0.113.7\"", "203.0.113.7", NULL);
	want_missing("\"203.0.113.7\"", "203.0.113.6", "203.0.113.7");
	want_missing("\"203.0.113.7\"", "203.0.113.4/30", NULL);
	want_missing("\"203.0.113.8\"", "203.0.113.4/30", "203.0.113.8");
	want_missing("\"2001:db8::/48\"", "2001:db8::/47", NULL);
	want_missing("\"2001:db8::/48\"", "2001:db8:1::/48", "2001:db8::/48");
	want_missing("\"203.0.113.0/24\"", "!203.0.113.0/24,x,",
	    "203.0.113.0/24");
	want_missing("\"203.0.113.1\", \"203.0.113.2\"", "203.0.113.2",
	    "ExemptList 203.0.113.1");
}

/* ---- cases ------------------------------------------------------------- */

static void
what_holds_for_several_is_said_once(void **state)
{
	static const char *const texts[] = { GOOD METHODS, GOOD,
		GOOD "usepam no\n", GOOD "authenticationmethods publickey\n" };
	static const char *const users[] = { "a", "b", "c", "d" };
	const struct look_finding *f;

	(void)state;
	look_users(texts, users, 4);
	assert_int_equal(findings.n, 2);
	f = &findings.v[0];
	assert_string_equal(f->check, "authentication-methods");
	assert_int_equal(f->nholds, 2);
	assert_false(f->holds[0]);
	assert_true(f->holds[1]);
	assert_true(f->holds[2]);
	assert_int_equal(findings.v[1].nholds, 1);
	assert_true(findings.v[1].holds[3]);
}

static void
the_gravest_come_first(void **state)
{
	enum look_severity last = LOOK_ERROR;

	(void)state;
	look("port 22\npermitrootlogin without-password\nusepam no\n"
	     "maxsessions 10\nexposeauthinfo yes\nusedns yes\n"
	     "gssapiauthentication yes\nhostbasedauthentication yes\n"
	     "logingracetime 0\nmaxstartups 1\npermitemptypasswords yes\n");
	assert_true(findings.n >= 9);
	for (size_t i = 0; i < findings.n; i++) {
		assert_true(findings.v[i].severity <= last);
		last = findings.v[i].severity;
	}
	assert_int_equal(look_count(&findings, LOOK_ERROR), 1);
}

/* The text is cut where a setting is too long for it. */
static void
long_values_are_no_harm(void **state)
{
	char text[4096];
	size_t len =
	    (size_t)snprintf(text, sizeof(text), "%sacceptenv SSH_", LEAST);

	(void)state;
	memset(text + len, '*', sizeof(text) - len - 1);
	text[sizeof(text) - 1] = '\0';
	want(text, "accept-env", NULL); /* longer than sshd's own */
	text[len + 200] = '\0';
	want(text, "accept-env", "AcceptEnv SSH_***");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(each_value_of_a_keyword_is_found,
		    empty),
		cmocka_unit_test_teardown(the_last_line_needs_no_end, empty),
		cmocka_unit_test_teardown(what_no_sshd_prints_is_refused,
		    empty),
		cmocka_unit_test_teardown(too_many_lines_are_refused, empty),
		cmocka_unit_test_teardown(of_a_good_sshd_nothing_is_said,
		    empty),
		cmocka_unit_test_teardown(an_sshd_that_asks_no_gate_is_an_error,
		    empty),
		cmocka_unit_test_teardown(each_list_of_methods_has_to_ask,
		    empty),
		cmocka_unit_test_teardown(what_asks_has_to_be_the_last, empty),
		cmocka_unit_test_teardown(passwords_count_where_they_are_enough,
		    empty),
		cmocka_unit_test_teardown(root_has_to_be_asked_for_real, empty),
		cmocka_unit_test_teardown(
		    a_step_up_has_the_grace_time_but_ten_seconds, empty),
		cmocka_unit_test_teardown(enough_logins_may_wait, empty),
		cmocka_unit_test_teardown(
		    variables_that_look_like_sshds_are_noted, empty),
		cmocka_unit_test_teardown(what_a_version_has_not_is_no_mistake,
		    empty),
		cmocka_unit_test_teardown(an_office_has_to_be_exempt_as_a_whole,
		    empty),
		cmocka_unit_test_teardown(what_holds_for_several_is_said_once,
		    empty),
		cmocka_unit_test_teardown(the_gravest_come_first, empty),
		cmocka_unit_test_teardown(long_values_are_no_harm, empty),
	};

	return cmocka_run_group_tests_name("sshd_check", tests, NULL, NULL);
}
