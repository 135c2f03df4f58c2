/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules as another process sends them: what may not be is refused, and globs
 * mean one thing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "policyd/scanner/rule.h"
#include "proto/result.h"

static struct rule_entry
an_entry(void)
{
	return (struct rule_entry){ .name = "x11vnc",
		.kind = ENTRY_VNC,
		.steers = ENTRY_STEERS_SEAT,
		.active = RULE_ACTIVE_LISTEN };
}

static struct rule
a_rule(enum rule_kind kind)
{
	struct rule rule;

	memset(&rule, 0, sizeof(rule));
	rule.kind = kind;
	return rule;
}

static void
test_globs_match_all_of_a_text_or_nothing(void **state)
{
	static const struct {
		const char *glob;
		const char *text;
		bool match;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "", false },
		{ "a", "a", true },
		{ "a", "aa", false },
		{ "aa", "a", false },
		{ "*", "", true },
		{ "*", "anything / at all", true },
		{ "**", "", true },
		{ "?", "", false },
		{ "?", "a", true },
		{ "?", "ab", false },
		{ "a*c", "abc", true },
		{ "a*c", "ac", true },
		{ "a*c", "abcb", false },
		{ "a*c", "abcbc", true },
		{ "*.so*", "ld-2.31.so.2", true },
		{ "a*b*c", "a-b-b-c", true },
		{ "a*b*c", "a-c-b", false },
		{ "*?", "", false },
		{ "*?", "x", true },
		{ "a?*", "a", false },
		{ "/usr/bin/x11vnc", "/usr/bin/X11vnc", false },
		{ "/opt/*/bin/x", "/opt/a/b/bin/x", true },
		/* nothing else is special */
		{ "[ab]", "a", false },
		{ "[ab]", "[ab]", true },
		{ "a\\*", "a*", false },
		{ "\\", "\\", true },
		{ "\xff*", "\xff\xfe", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (rule_glob(cases[i].glob, cases[i].text) == cases[i].match)
			continue;
		fail_msg("\"%s\" and \"%s\"", cases[i].glob, cases[i].text);
	}
}

/* Each star could be tried at each place: exponential, if it were. */
static void
test_no_glob_takes_long(void **state)
{
	char glob[RULE_TEXT_MAX + 1], text[4096];
	clock_t begin = clock();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(glob) - 2; i++)
		glob[i] = i % 2 == 0 ? '*' : 'a';
	glob[i] = 'b';
	glob[i + 1] = '\0';
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < 100; i++)
		assert_false(rule_glob(glob, text));
	assert_true(clock() - begin < 2 * CLOCKS_PER_SEC);
}

static void
test_only_a_leading_slash_makes_a_path(void **state)
{
	(void)state;
	assert_false(rule_is_bare("/usr/bin/x"));
	assert_false(rule_is_bare("/"));
	assert_true(rule_is_bare("x"));
	assert_true(rule_is_bare("*/x"));
	assert_true(rule_is_bare(""));
	assert_true(rule_is_bare("usr/bin/x"));
}

static void
test_entries_that_may_not_be_are_refused(void **state)
{
	struct rule_entry e = an_entry();

	(void)state;
	assert_true(rule_entry_is_valid(&e));
	e.kind = ENTRY_NONE;
	assert_false(rule_entry_is_valid(&e));
	e.kind = ENTRY_HIDDEN; /* nobody's to name */
	assert_false(rule_entry_is_valid(&e));
	e.kind = ENTRY_KEYBOARD;
	assert_false(rule_entry_is_valid(&e));
	e.kind = 0xffffffffu;
	assert_false(rule_entry_is_valid(&e));
	e.kind = ENTRY_ORDINARY;
	assert_true(rule_entry_is_valid(&e));
	e.steers = ENTRY_STEERS_SEAT + 1;
	assert_false(rule_entry_is_valid(&e));
	e = an_entry();
	e.active = 0x80000000u;
	assert_false(rule_entry_is_valid(&e));
	e = an_entry();
	e.name[0] = '\0';
	assert_false(rule_entry_is_valid(&e));
	memset(e.name, 'x', sizeof(e.name));
	assert_false(rule_entry_is_valid(&e));
}

static void
test_rules_that_may_not_be_are_refused(void **state)
{
	struct rule r = a_rule(RULE_EXE);

	(void)state;
	assert_true(rule_is_valid(&r, 1));
	assert_false(rule_is_valid(&r, 0));
	r.entry = 1;
	assert_false(rule_is_valid(&r, 1));
	assert_true(rule_is_valid(&r, 2));
	r = a_rule(RULE_NONE);
	assert_false(rule_is_valid(&r, 1));
	r = a_rule(RULE_KINDS);
	assert_false(rule_is_valid(&r, 1));
	r = a_rule(RULE_EXE);
	r.kind = 0xffffffffu;
	assert_false(rule_is_valid(&r, 1));
}

static void
test_a_text_without_an_end_is_refused(void **state)
{
	uint32_t kind;
	struct rule r;

	(void)state;
	for (kind = RULE_NONE + 1; kind < RULE_KINDS; kind++) {
		r = a_rule((enum rule_kind)kind);
		assert_true(rule_is_valid(&r, 1));
		memset(&r.device, 'x', sizeof(r.device));
		memset(r.text, 'x', sizeof(r.text));
		assert_false(rule_is_valid(&r, 1));
	}
}

/* The serial is a device's last string. */
static void
test_each_string_of_a_device_has_to_end(void **state)
{
	struct rule r = a_rule(RULE_USB);

	(void)state;
	memset(r.device.serial, 'x', sizeof(r.device.serial));
	assert_false(rule_is_valid(&r, 1));
	r = a_rule(RULE_DISPLAY);
	memset(r.device.product, 'x', sizeof(r.device.product));
	assert_false(rule_is_valid(&r, 1));
	r = a_rule(RULE_STORAGE);
	memset(r.device.manufacturer, 'x', sizeof(r.device.manufacturer));
	assert_false(rule_is_valid(&r, 1));
}

static void
test_a_catalogue_is_grouped_by_kind_and_keeps_its_order(void **state)
{
	struct rule_entry e = an_entry();
	struct rule r[5] = { a_rule(RULE_FILE), a_rule(RULE_EXE),
		a_rule(RULE_COMM), a_rule(RULE_EXE), a_rule(RULE_PCI) };
	struct rules rules;
	size_t i;

	(void)state;
	r[1].low = 1;
	r[3].low = 3;
	assert_int_equal(rules_make(&e, 1, r, 5, &rules), 0);
	assert_int_equal(rules.nentries, 1);
	assert_int_equal(rules.nrules, 5);
	assert_int_equal(rules.first[RULE_EXE + 1] - rules.first[RULE_EXE], 2);
	assert_int_equal(rules.rule[rules.first[RULE_EXE]].low, 1);
	assert_int_equal(rules.rule[rules.first[RULE_EXE] + 1].low, 3);
	assert_int_equal(rules.first[RULE_KINDS], 5);
	for (i = 1; i < 5; i++)
		assert_true(rules.rule[i - 1].kind <= rules.rule[i].kind);
	rules_done(&rules);
	assert_null(rules.rule);
	rules_done(&rules);
}

static void
test_one_bad_rule_spoils_the_catalogue(void **state)
{
	struct rule_entry e[2] = { an_entry(), an_entry() };
	struct rule r[2] = { a_rule(RULE_EXE), a_rule(RULE_EXE) };
	struct rules rules;

	(void)state;
	r[1].entry = 2;
	assert_int_equal(rules_make(e, 2, r, 2, &rules), FG_ERR_FORMAT);
	assert_null(rules.entry);
	assert_null(rules.rule);
	assert_int_equal(rules.nrules, 0);
	r[1].entry = 1;
	e[1].kind = ENTRY_NONE;
	assert_int_equal(rules_make(e, 2, r, 2, &rules), FG_ERR_FORMAT);
	assert_null(rules.entry);
}

static void
test_too_many_are_refused_before_they_are_read(void **state)
{
	struct rules rules;

	(void)state;
	assert_int_equal(rules_make(NULL, RULE_ENTRIES_MAX + 1, NULL, 0,
			     &rules),
	    FG_ERR_LIMIT);
	assert_int_equal(rules_make(NULL, 0, NULL, RULE_RULES_MAX + 1, &rules),
	    FG_ERR_LIMIT);
	assert_int_equal(rules_make(NULL, 0, NULL, SIZE_MAX, &rules),
	    FG_ERR_LIMIT);
	assert_null(rules.entry);
}

static void
test_an_empty_catalogue_is_one(void **state)
{
	struct rules rules;

	(void)state;
	assert_int_equal(rules_make(NULL, 0, NULL, 0, &rules), 0);
	assert_int_equal(rules.first[RULE_KINDS], 0);
	rules_done(&rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_globs_match_all_of_a_text_or_nothing),
		cmocka_unit_test(test_no_glob_takes_long),
		cmocka_unit_test(test_only_a_leading_slash_makes_a_path),
		cmocka_unit_test(test_entries_that_may_not_be_are_refused),
		cmocka_unit_test(test_rules_that_may_not_be_are_refused),
		cmocka_unit_test(test_a_text_without_an_end_is_refused),
		cmocka_unit_test(test_each_string_of_a_device_has_to_end),
		cmocka_unit_test(
		    test_a_catalogue_is_grouped_by_kind_and_keeps_its_order),
		cmocka_unit_test(test_one_bad_rule_spoils_the_catalogue),
		cmocka_unit_test(
		    test_too_many_are_refused_before_they_are_read),
		cmocka_unit_test(test_an_empty_catalogue_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
