/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the gate can be got past, and what becomes of its answers: with
 * every outcome that other lines can have.
 */
#include "ctl/pam/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <security/pam_modules.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/pamdir.h"

static struct stack *stack;

static int
empty(void **state)
{
	(void)state;
	stack_free(stack);
	stack = NULL;
	return 0;
}

static void
reads(const char *text)
{
	struct conf_errors errors = { 0 };

	stack_free(stack);
	pamdir_put("s", text);
	assert_int_equal(stack_read(pamdir, "s", &stack, &errors), 0);
}

/* "2:0 5:12 ": the lines after which the gate is not asked, and their codes. */
static void
want_ways(const char *want)
{
	struct reach_way ways[REACH_WAYS_MAX];
	char text[128] = "";
	size_t n, len = 0;

	assert_int_equal(reach_find_ways(stack, STACK_ACCOUNT, ways, &n), 0);
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%u:%d ", ways[i].line->line, ways[i].code);
	assert_string_equal(text, want);
}

static bool
gets_in(int code)
{
	bool in;

	assert_int_equal(reach_gets_in(stack, STACK_ACCOUNT, code, &in), 0);
	return in;
}

static void
a_gate_that_comes_first_is_always_asked(void **state)
{
	(void)state;
	reads("account required pam_farmgate.so\n"
	      "account sufficient a.so\naccount [default=1] b.so\n"
	      "account required c.so\n");
	want_ways("");
	reads("auth sufficient a.so\naccount required b.so\n"
	      "account optional c.so\naccount required pam_farmgate.so\n");
	want_ways("");
	reads("account sufficient a.so\n"); /* there is none to be asked */
	want_ways("");
}

static void
lines_that_end_the_stack_are_ways(void **state)
{
	(void)state;
	reads("account sufficient a.so\n"
	      "account [new_authtok_reqd=done default=ok] b.so\n"
	      "account [acct_expired=done default=ok] c.so\n"
	      "account required pam_farmgate.so\n"
	      "account sufficient d.so\n");
	/* The third fails the login as well: nobody gets in by it. */
	want_ways("1:0 2:12 ");
}

static void
lines_that_cannot_succeed_are_none(void **state)
{
	(void)state;
	reads("account sufficient pam_deny.so\n"
	      "account [success=ok default=1] pam_permit.so\n"
	      "account required pam_farmgate.so\n"
	      "account required a.so\n");
	want_ways("");
	reads("account required pam_deny.so\naccount sufficient a.so\n"
	      "account required pam_farmgate.so\n");
	want_ways("");
}

static void
jumps_over_the_gate_are_ways(void **state)
{
	(void)state;
	reads("account [success=1 default=ignore] a.so\n"
	      "account required pam_farmgate.so\n"
	      "account required b.so\n");
	want_ways("1:0 ");
	reads("account [user_unknown=2 success=1 default=die] a.so\n"
	      "account requisite pam_deny.so\n"
	      "account required pam_farmgate.so\n"
	      "account required b.so\n");
	want_ways("1:10 ");
	/* Nothing behind passes, or it leads over the end. */
	reads("account [success=1 default=ignore] a.so\n"
	      "account required pam_farmgate.so\n");
	want_ways("");
	reads("account [success=5 default=ignore] a.so\n"
	      "account required pam_farmgate.so\n");
	want_ways("");
}

static void
several_lines_together_are_a_way(void **state)
{
	(void)state;
	reads("account [success=ok default=1] a.so\n"
	      "account [success=2 default=ignore] b.so\n"
	      "account [success=1 default=ignore] c.so\n"
	      "account required pam_farmgate.so\n"
	      "account required d.so\n");
	want_ways("2:0 3:0 ");
}

static void
what_ends_a_substack_is_no_way(void **state)
{
	(void)state;
	pamdir_put("in", "account sufficient a.so\naccount required b.so\n");
	reads("account substack in\naccount required pam_farmgate.so\n");
	want_ways("");
	reads("account include in\naccount required pam_farmgate.so\n");
	want_ways("1:0 ");
}

static void
only_so_much_is_tried(void **state)
{
	struct reach_way ways[REACH_WAYS_MAX];
	char text[2048];
	size_t len = 0, n;

	(void)state;
	for (int i = 0; i < 20; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "account [success=1 default=ignore] a.so\n"
		    "account requisite pam_deny.so\n");
	(void)snprintf(text + len, sizeof(text) - len,
	    "account required pam_farmgate.so\naccount required b.so\n");
	reads(text);
	assert_int_equal(reach_find_ways(stack, STACK_ACCOUNT, ways, &n),
	    FG_ERR_LIMIT);
}

static void
answers_of_the_gate_get_in_or_not(void **state)
{
	(void)state;
	reads("account required pam_farmgate.so\naccount required a.so\n");
	assert_true(gets_in(PAM_SUCCESS));
	assert_true(gets_in(PAM_IGNORE));
	assert_false(gets_in(PAM_PERM_DENIED));
	reads("account sufficient pam_farmgate.so\naccount required a.so\n");
	assert_true(gets_in(PAM_PERM_DENIED));
	reads("account [default=bad success=ok] pam_farmgate.so\n"
	      "account required a.so\n");
	assert_false(gets_in(PAM_IGNORE));
	reads("account required pam_farmgate.so\n");
	assert_true(gets_in(PAM_SUCCESS));
	assert_false(gets_in(PAM_IGNORE));
	/* A reset forgets what the gate has said. */
	reads("account required pam_farmgate.so\n"
	      "account [default=reset] a.so\naccount required b.so\n");
	assert_true(gets_in(PAM_PERM_DENIED));
}

int
main(void)
{
#define T(name) cmocka_unit_test_teardown(name, empty)
	const struct CMUnitTest tests[] = {
		T(a_gate_that_comes_first_is_always_asked),
		T(lines_that_end_the_stack_are_ways),
		T(lines_that_cannot_succeed_are_none),
		T(jumps_over_the_gate_are_ways),
		T(several_lines_together_are_a_way),
		T(what_ends_a_substack_is_no_way),
		T(only_so_much_is_tried),
		T(answers_of_the_gate_get_in_or_not),
	};

	return cmocka_run_group_tests_name("reach", tests, pamdir_make,
	    pamdir_remove);
}
