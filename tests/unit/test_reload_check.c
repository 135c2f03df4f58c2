/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a reload may not change: all that the daemon opened or kept as root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/reload/reload_check.h"
#include "tests/unit/conf_fixture.h"

#define PATHS(audit, state) "audit = \"" audit "\"\nstate = \"" state "\"\n"

/* Both texts are good; what one reload says of the other. */
static void
expect_fixed(const char *old_text, bool old_terminate, const char *new_text,
    bool new_terminate, const char *want)
{
	struct parsed old = parse(old_text), new = parse(new_text);
	struct conf_errors errors = { 0 };
	int r;

	assert_int_equal(old.r, 0);
	assert_int_equal(new.r, 0);
	old.conf->terminate = old_terminate;
	new.conf->terminate = new_terminate;
	r = reload_check_fixed(old.conf, new.conf, &errors);
	assert_int_equal(r, want == NULL ? 0 : FG_ERR_CONFIG);
	assert_int_equal(errors.count, want == NULL ? 0 : 1);
	if (want != NULL)
		assert_string_equal(errors.list[0].text, want);
	conf_errors_done(&errors);
	parsed_done(&old);
	parsed_done(&new);
}

static void
test_the_same_again_needs_no_restart(void **state)
{
	(void)state;
	expect_fixed("", false, "", false, NULL);
	expect_fixed("", true, "", true, NULL);
	expect_fixed("mode = observe\n", true, "mode = enforce\n", true, NULL);
}

static void
test_other_files_need_a_restart(void **state)
{
	(void)state;
	expect_fixed(PATHS("/a/audit", "/s"), false, PATHS("/b/audit", "/s"),
	    false, "audit changed to /b/audit; restart needed");
	expect_fixed(PATHS("/a/audit", "/s"), false, PATHS("/a/audit", "/t"),
	    false, "state changed to /t; restart needed");
}

/* The scanner has given up what it does not need, for good. */
static void
test_leave_to_end_sessions_needs_a_restart(void **state)
{
	(void)state;
	expect_fixed("", false, "", true,
	    "terminate changed to yes; restart needed");
	expect_fixed("", true, "", false,
	    "terminate changed to no; restart needed");
}

/* What is shipped may be missing from the start, and may come. */
static void
test_a_catalogue_does_not_go_missing(void **state)
{
	struct parsed p = parse("");
	struct ruleset old = { .conf = p.conf }, new = { .conf = p.conf };
	struct conf_errors errors = { 0 };

	(void)state;
	assert_int_equal(reload_check_catalogue(&old, &new, &errors), 0);
	old.partial = true;
	assert_int_equal(reload_check_catalogue(&old, &new, &errors), 0);
	new.partial = true;
	assert_int_equal(reload_check_catalogue(&old, &new, &errors), 0);
	assert_int_equal(errors.count, 0);
	old.partial = false;
	assert_int_equal(reload_check_catalogue(&old, &new, &errors),
	    FG_ERR_CONFIG);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.list[0].file, CATALOGUE_SHIPPED);
	conf_errors_done(&errors);
	parsed_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_again_needs_no_restart),
		cmocka_unit_test(test_other_files_need_a_restart),
		cmocka_unit_test(test_leave_to_end_sessions_needs_a_restart),
		cmocka_unit_test(test_a_catalogue_does_not_go_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
