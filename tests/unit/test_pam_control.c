/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The controls of PAM lines: which action each return code leads to, and what
 * libpam takes for none.
 */
#include "ctl/pam/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <security/pam_modules.h>

#include <cmocka.h>

#include "proto/result.h"

static int actions[STACK_CODES];

static void
parses(const char *word)
{
	const char *why, *at;

	if (control_parse(word, actions, &why, &at) != 0)
		fail_msg("%s: \"%s\" %s", word, at, why);
	assert_null(why);
}

static void
does_not_parse(const char *word, const char *want)
{
	const char *why, *at;
	char text[256];

	assert_int_equal(control_parse(word, actions, &why, &at),
	    FG_ERR_FORMAT);
	(void)snprintf(text, sizeof(text), "%s|%s", at, why);
	assert_string_equal(text, want);
	for (size_t i = 0; i < STACK_CODES; i++)
		assert_int_equal(actions[i], STACK_BAD);
}

static void
want_actions(int success, int ignore, int others)
{
	assert_int_equal(actions[PAM_SUCCESS], success);
	assert_int_equal(actions[PAM_IGNORE], ignore);
	for (size_t i = 0; i < STACK_CODES; i++)
		if (i != PAM_SUCCESS && i != PAM_IGNORE &&
		    i != PAM_NEW_AUTHTOK_REQD)
			assert_int_equal(actions[i], others);
}

static void
the_four_words_are_controls(void **state)
{
	(void)state;
	parses("required");
	want_actions(STACK_OK, STACK_IGNORE, STACK_BAD);
	assert_int_equal(actions[PAM_NEW_AUTHTOK_REQD], STACK_OK);
	parses("requisite");
	want_actions(STACK_OK, STACK_IGNORE, STACK_DIE);
	assert_int_equal(actions[PAM_NEW_AUTHTOK_REQD], STACK_OK);
	parses("optional");
	want_actions(STACK_OK, STACK_IGNORE, STACK_IGNORE);
	parses("sufficient");
	want_actions(STACK_DONE, STACK_IGNORE, STACK_IGNORE);
	assert_int_equal(actions[PAM_NEW_AUTHTOK_REQD], STACK_DONE);
}

static void
values_lead_to_actions(void **state)
{
	(void)state;
	parses("success=1 default=ignore");
	want_actions(1, STACK_IGNORE, STACK_IGNORE);
	parses("default=die success=done ignore=reset");
	want_actions(STACK_DONE, STACK_RESET, STACK_DIE);
	parses("\tsuccess = ok\vignore= reset  default =bad ");
	want_actions(STACK_OK, STACK_RESET, STACK_BAD);
	parses("success=okdefault=ignore"); /* libpam wants no blank */
	want_actions(STACK_OK, STACK_IGNORE, STACK_IGNORE);
	parses("success=12ignore=ok");
	want_actions(12, STACK_OK, STACK_BAD);
	parses("success=ok success=bad");
	assert_int_equal(actions[PAM_SUCCESS], STACK_BAD);
	parses("");
	want_actions(STACK_BAD, STACK_BAD, STACK_BAD);
}

static void
every_code_has_its_name(void **state)
{
	char word[64];

	(void)state;
	for (int i = 0; i < STACK_CODES; i++) {
		(void)snprintf(word, sizeof(word), "%s=7",
		    control_code_name(i));
		parses(word);
		for (int k = 0; k < STACK_CODES; k++)
			assert_int_equal(actions[k], k == i ? 7 : STACK_BAD);
	}
	assert_string_equal(control_code_name(STACK_CODES), "?");
	assert_string_equal(control_code_name(-1), "?");
}

static void
values_that_are_wrong_make_all_bad(void **state)
{
	(void)state;
	does_not_parse("succes=ok", "succes=ok|is no return value");
	does_not_parse("Success=ok", "Success=ok|is no return value");
	does_not_parse("success", "|should be \"=\" and an action");
	does_not_parse("success=", "|is no action");
	does_not_parse("success=okay", "ay|is no return value");
	does_not_parse("success=-1", "-1|is no action");
	does_not_parse("success=0 default=bad",
	    " default=bad|comes after a jump over no line");
	does_not_parse("success=ok,default=bad",
	    ",default=bad|is no return value");
	parses("success=99999999999999999999");
	assert_true(actions[PAM_SUCCESS] > 100000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_four_words_are_controls),
		cmocka_unit_test(values_lead_to_actions),
		cmocka_unit_test(every_code_has_its_name),
		cmocka_unit_test(values_that_are_wrong_make_all_bad),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
