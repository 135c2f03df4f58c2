/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registries of findings and failures: every entry is whole, names are
 * found again, and the shipped actions are the documented ones.
 */
#include "policyd/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/failure.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static void
test_every_finding_is_whole_and_found_by_its_name(void **state)
{
	const struct finding_info *info;
	enum finding_code code;
	size_t i;

	(void)state;
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		assert_non_null(info = finding_info(code));
		assert_non_null(info->name);
		assert_non_null(strchr(info->name, '.'));
		assert_true(strlen(info->summary) > 10);
		assert_true(strlen(info->next) > 10);
		assert_true(info->shipped >= ACTION_LOG);
		assert_int_equal(finding_by_name(info->name), code);
		/* a labelled one has no grades of its own */
		assert_true(info->grades == NULL || !info->labelled);
		for (i = 0; info->grades != NULL && info->grades[i] != NULL;
		     i++)
			assert_true(strlen(info->grades[i]) <=
			    FINDING_GRADE_MAX);
	}
}

static void
test_no_other_name_or_code_is_a_finding(void **state)
{
	static const char *const bad[] = { "", "geo", "geo.", "geo.Country",
		"geo.country ", " geo.country", "geo.country:x", "none" };
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++)
		assert_int_equal(finding_by_name(bad[i]), FINDING_NONE);
	assert_null(finding_info(FINDING_NONE));
	assert_null(finding_info(FINDING_COUNT));
	assert_int_equal(finding_shipped(FINDING_NONE, ""), ACTION_DENY);
	assert_int_equal(finding_shipped(FINDING_COUNT, ""), ACTION_DENY);
}

static void
test_the_shipped_actions_are_the_documented_ones(void **state)
{
	static const struct {
		const char *name, *grade;
		enum action want;
	} t[] = {
		{ "person.revoked", "", ACTION_DENY },
		{ "device.clone", "", ACTION_DENY },
		{ "device.unissued", "", ACTION_DENY },
		{ "challenge.failed", "", ACTION_DENY },
		{ "challenge.impossible", "", ACTION_DENY },
		{ "geo.country", "", ACTION_CHALLENGE },
		{ "net.anonymizer", "", ACTION_CHALLENGE },
		{ "device.mismatch", "strong", ACTION_CHALLENGE },
		{ "device.mismatch", "weak", ACTION_LOG },
		{ "device.unenrolled", "key", ACTION_LOG },
		{ "device.unenrolled", "unattested", ACTION_LOG },
		{ "device.unenrolled", "pending", ACTION_CHALLENGE },
		{ "device.key", "", ACTION_CHALLENGE },
		{ "remote.session", "", ACTION_CHALLENGE },
		{ "remote.tool", "active", ACTION_CHALLENGE },
		{ "remote.kvm", "identity", ACTION_CHALLENGE },
		{ "geo.unknown", "no_address", ACTION_DENY },
		{ "net.asn", "denied", ACTION_DENY },
		{ "person.unknown", "shared", ACTION_DENY },
		{ "person.unknown", "elsewhere", ACTION_DENY },
		{ "person.unknown", "account", ACTION_LOG },
		{ "net.anonymizer", "tor", ACTION_CHALLENGE },
	};
	const struct finding_info *info;
	enum finding_code code;
	size_t i, strict = 0;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++)
		assert_int_equal(finding_shipped(finding_by_name(t[i].name),
				     t[i].grade),
		    t[i].want);
	/* and everything else is at log */
	assert_int_equal(finding_shipped(FINDING_REMOTE_TOOL, "running"),
	    ACTION_LOG);
	assert_int_equal(finding_shipped(FINDING_REMOTE_KVM, "composition"),
	    ACTION_LOG);
	assert_int_equal(finding_shipped(FINDING_GEO_UNKNOWN, "no_database"),
	    ACTION_LOG);
	assert_int_equal(finding_shipped(FINDING_GEO_UNKNOWN, "not_found"),
	    ACTION_LOG);
	assert_int_equal(finding_shipped(FINDING_NET_LISTED, "active"),
	    ACTION_LOG);
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		assert_non_null(info = finding_info(code));
		strict += info->shipped > ACTION_LOG;
	}
	assert_int_equal(strict, 10);
}

static void
test_actions_are_found_by_their_names(void **state)
{
	enum action action;

	(void)state;
	for (action = ACTION_IGNORE; action <= ACTION_DENY; action++)
		assert_int_equal(action_by_name(action_name(action)), action);
	assert_string_equal(action_name(ACTION_NONE), "none");
	assert_int_equal(action_by_name("none"), ACTION_NONE);
	assert_int_equal(action_by_name("allow"), ACTION_NONE);
	assert_int_equal(action_by_name(""), ACTION_NONE);
	assert_int_equal(action_by_name("Deny"), ACTION_NONE);
}

static void
test_evidence_is_printable_and_bounded(void **state)
{
	static struct finding_list list;
	char grade[FINDING_GRADE_MAX + 2], text[1000];

	(void)state;
	memset(&list, 0, sizeof(list));
	finding_add(&list, FINDING_NET_LISTED, "vpn", "in %s", "a\n\x1b[2J");
	assert_int_equal(list.count, 1);
	assert_string_equal(list.list[0].text, "in a\\x0a\\x1b[2J");
	assert_string_equal(list.list[0].grade, "vpn");
	finding_add(&list, FINDING_NET_LISTED, "vpn", "S\xc3\xa3o %s",
	    "\xc3 \xe2\x80\xae");
	assert_string_equal(list.list[1].text,
	    "S\xc3\xa3o \\xc3 \\xe2\\x80\\xae");

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	finding_add(&list, FINDING_NET_LISTED, "vpn", "%s", text);
	assert_int_equal(strlen(list.list[2].text), FINDING_TEXT_MAX);
	assert_false(list.overflow);

	/* a grade that does not fit is not another, shorter grade */
	memset(grade, 'g', sizeof(grade) - 1);
	grade[sizeof(grade) - 1] = '\0';
	finding_add(&list, FINDING_NET_LISTED, grade, "x");
	assert_int_equal(list.count, 3);
	assert_true(list.overflow);
}

static void
test_a_full_list_tells(void **state)
{
	static struct finding_list list;
	size_t i;

	(void)state;
	memset(&list, 0, sizeof(list));
	for (i = 0; i < FINDING_LIST_MAX; i++) {
		assert_false(list.overflow);
		finding_add(&list, FINDING_NET_LISTED, "vpn", "%zu", i);
	}
	finding_add(&list, FINDING_GEO_COUNTRY, "", "one more");
	assert_true(list.overflow);
	assert_int_equal(list.count, FINDING_LIST_MAX);
	assert_int_equal(list.list[FINDING_LIST_MAX - 1].code,
	    FINDING_NET_LISTED);
}

static void
test_the_failures_are_the_documented_ones(void **state)
{
	static const struct {
		const char *name;
		enum action remote, local;
	} t[] = {
		{ "no_policy", ACTION_DENY, ACTION_LOG },
		{ "groups_unknown", ACTION_DENY, ACTION_DENY },
		{ "audit_unwritable", ACTION_DENY, ACTION_LOG },
		{ "user_unknown", ACTION_DENY, ACTION_DENY },
		{ "store_unusable", ACTION_DENY, ACTION_LOG },
		{ "history_unknown", ACTION_LOG, ACTION_LOG },
		{ "overflow", ACTION_DENY, ACTION_DENY },
		{ "session_unkept", ACTION_DENY, ACTION_LOG },
		{ "bundle_stale", ACTION_LOG, ACTION_LOG },
		{ "clock_unset", ACTION_DENY, ACTION_LOG },
	};
	enum failure failure;
	size_t i;

	(void)state;
	assert_int_equal(N_ELEMENTS(t), FAILURE_COUNT - 1);
	for (i = 0; i < N_ELEMENTS(t); i++) {
		failure = failure_by_name(t[i].name);
		assert_int_equal(failure, i + 1);
		assert_string_equal(failure_info(failure)->name, t[i].name);
		assert_true(strlen(failure_info(failure)->next) > 10);
		assert_int_equal(failure_shipped(failure, SERVICE_REMOTE),
		    t[i].remote);
		assert_int_equal(failure_shipped(failure, SERVICE_NONE),
		    t[i].remote);
		assert_int_equal(failure_shipped(failure, SERVICE_NESTED),
		    t[i].local);
		assert_int_equal(failure_shipped(failure, SERVICE_CONSOLE),
		    t[i].local);
	}
	assert_int_equal(failure_by_name("nothing"), FAILURE_NONE);
	assert_int_equal(failure_by_name(""), FAILURE_NONE);
	assert_null(failure_info(FAILURE_NONE));
	assert_null(failure_info(FAILURE_COUNT));
	assert_int_equal(failure_shipped(FAILURE_NONE, SERVICE_CONSOLE),
	    ACTION_DENY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_every_finding_is_whole_and_found_by_its_name),
		cmocka_unit_test(test_no_other_name_or_code_is_a_finding),
		cmocka_unit_test(
		    test_the_shipped_actions_are_the_documented_ones),
		cmocka_unit_test(test_actions_are_found_by_their_names),
		cmocka_unit_test(test_evidence_is_printable_and_bounded),
		cmocka_unit_test(test_a_full_list_tells),
		cmocka_unit_test(test_the_failures_are_the_documented_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
