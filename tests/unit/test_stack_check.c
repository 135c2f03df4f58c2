/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mistakes that depend on what is around a stack: break-glass for a console.
 * All others are made, through farmgatectl, in tests/golden/pam.
 */
#include "ctl/pam/stack_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/asroot.h"
#include "tests/unit/conf_fixture.h"
#include "tests/unit/pamdir.h"

/* Whether this service's stack is said to lock the console. */
static bool
is_locked(const char *service, const char *arguments, const char *glass)
{
	struct parsed p = parse("");
	struct conf_errors errors = { 0 };
	struct mistakes mistakes = { 0 };
	struct surroundings around = { .confdir = pamdir, .conf = p.conf };
	struct stack *stack;
	char text[512], path[64];
	bool locked = false;

	pamdir_put("pam_farmgate.so", "");
	(void)snprintf(path, sizeof(path), "%s/breakglass", pamdir);
	(void)unlink(path);
	if (glass != NULL)
		pamdir_put("breakglass", glass);
	(void)snprintf(text, sizeof(text),
	    "account required %s/pam_farmgate.so breakglass=%s %s\n", pamdir,
	    path, arguments);
	pamdir_put(service, text);
	assert_int_equal(stack_read(pamdir, service, &stack, &errors), 0);
	assert_int_equal(stack_check(stack, &around, &mistakes), 0);
	for (size_t i = 0; i < mistakes.n; i++)
		if (strcmp(mistakes.list[i].code, "console-locked") == 0)
			locked = true;
	mistakes_done(&mistakes);
	stack_free(stack);
	parsed_done(&p);
	return locked;
}

static void
a_console_without_a_way_in_is_locked(void **state)
{
	(void)state;
	assert_true(is_locked("login", "", NULL));
	assert_true(is_locked("login", "on_error=deny", ""));
	assert_false(is_locked("login", "on_error=allow", NULL));
	assert_false(is_locked("login", "observe", NULL));
	assert_false(is_locked("sshd", "", NULL));
}

static void
an_entry_of_break_glass_is_a_way_in(void **state)
{
	(void)state;
	assert_false(is_locked("login", "", "alice login console\n"));
	assert_false(is_locked("login", "", "nonsense\nalice * any\n"));
	assert_true(is_locked("login", "", "alice login 192.0.2.1\n"));
	assert_true(is_locked("login", "", "alice gdm-password console\n"));
	assert_true(is_locked("login", "", "nonsense\n"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_console_without_a_way_in_is_locked),
		cmocka_unit_test(an_entry_of_break_glass_is_a_way_in),
	};

	(void)argc;
	asroot_or_skip(argv);
	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests_name("stack_check", tests, pamdir_make,
	    pamdir_remove);
}
