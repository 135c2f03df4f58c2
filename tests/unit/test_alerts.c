/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which event a decision is: of what says most about it, and only of what a
 * policy wants something for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/alerts.h"

struct found {
	enum finding_code code;
	enum action action;
	bool proved;
};

static enum hook_class
class_of(enum fg_phase phase, enum fg_verdict verdict,
    const struct found *found, size_t n)
{
	static struct facts facts;
	static struct decision decision;

	memset(&facts, 0, sizeof(facts));
	memset(&decision, 0, sizeof(decision));
	facts.login.phase = phase;
	decision.verdict = verdict;
	for (size_t i = 0; i < n; i++) {
		decision.findings.list[i].code = found[i].code;
		decision.applied[i].action = found[i].action;
		decision.applied[i].proved = found[i].proved;
	}
	decision.findings.count = n;
	return alerts_class(&facts, &decision);
}

static void
a_login_is_what_says_most_of_it(void **state)
{
	static const struct found all[] = {
		{ FINDING_GEO_COUNTRY, ACTION_DENY, false },
		{ FINDING_DEVICE_CLONE, ACTION_DENY, false },
		{ FINDING_PERSON_REVOKED, ACTION_DENY, false },
		{ FINDING_REMOTE_TOOL, ACTION_CHALLENGE, false },
	};

	(void)state;
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, all, 0),
	    HOOK_DENIED);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, all, 1),
	    HOOK_DENIED);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, all, 2),
	    HOOK_NEW_DEVICE);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, all, 4),
	    HOOK_REVOKED_LOGIN);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, all + 3,
			     1),
	    HOOK_REMOTE_CONTROL);
	/* Also where it was only observed. */
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_ALLOW, all, 4),
	    HOOK_REVOKED_LOGIN);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_ALLOW, all, 1),
	    HOOK_NONE);
}

static void
what_is_only_logged_is_none(void **state)
{
	static const struct found logged[] = {
		{ FINDING_REMOTE_TOOL, ACTION_LOG, false },
		{ FINDING_DEVICE_NEW_INPUT, ACTION_IGNORE, false },
		{ FINDING_REMOTE_UNKNOWN, ACTION_DENY, false },
	};
	static const struct found proved[] = {
		{ FINDING_REMOTE_TOOL, ACTION_CHALLENGE, true },
	};

	(void)state;
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_ALLOW, logged,
			     2),
	    HOOK_NONE);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_DENY, logged, 3),
	    HOOK_DENIED);
	assert_int_equal(class_of(FG_PHASE_ACCOUNT, FG_VERDICT_ALLOW, proved,
			     1),
	    HOOK_NONE);
}

/* One event for a login that auth lets pass and account decides. */
static void
auth_tells_only_what_it_refuses(void **state)
{
	static const struct found tool[] = {
		{ FINDING_REMOTE_TOOL, ACTION_CHALLENGE, false },
	};

	(void)state;
	assert_int_equal(class_of(FG_PHASE_AUTH, FG_VERDICT_ALLOW, tool, 1),
	    HOOK_NONE);
	assert_int_equal(class_of(FG_PHASE_AUTH, FG_VERDICT_DENY, tool, 1),
	    HOOK_REMOTE_CONTROL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_is_what_says_most_of_it),
		cmocka_unit_test(what_is_only_logged_is_none),
		cmocka_unit_test(auth_tells_only_what_it_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
