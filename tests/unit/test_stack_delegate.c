/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines that hand a step-up over: each control of each of the three, in every
 * order, by themselves and between others. Where check-pam has no error to
 * name, whoever walks through the stack gets where they belong.
 */
#include "ctl/pam/stack_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <security/pam_modules.h>

#include <cmocka.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/walk.h"
#include "proto/result.h"
#include "tests/unit/asroot.h"
#include "tests/unit/conf_fixture.h"
#include "tests/unit/pamdir.h"

static const char *const controls[] = { "required", "requisite", "sufficient",
	"optional", STACK_HANDS_OVER, "[success=ok default=die]",
	"[success=1 ignore=1 cred_insufficient=ignore default=die]",
	"[success=3 ignore=3 cred_insufficient=ignore default=die]",
	"[success=2 ignore=2 default=ignore]",
	"[success=2 ignore=2 cred_insufficient=ignore default=1]",
	"[success=2 ignore=2 cred_insufficient=ok default=die]",
	"[success=1 default=ignore]", "[success=1 default=die]",
	"[success=done default=die]", "[success=ok ignore=ignore default=die]",
	"[success=ok new_authtok_reqd=1 default=die]", "[default=die]",
	"[default=ignore]" };

#define CONTROLS (sizeof(controls) / sizeof(controls[0]))

/* A letter a line: the gate's that asks, the other module's, the gate's with
 * delegated, and what may stand around them. */
static const struct {
	char letter;
	const char *control; /* NULL: each of them in turn */
	const char *module;
} lines[] = {
	{ 'a', NULL, "pam_farmgate.so" },
	{ 'o', NULL, "other.so" },
	{ 'd', NULL, "pam_farmgate.so delegated" },
	{ 'p', "requisite", "password.so" },
	{ 'P', "[success=1 default=ignore]", "password.so" },
	{ 'n', "requisite", "pam_deny.so" },
	{ 'y', "required", "pam_permit.so" },
};

#define LINES (sizeof(lines) / sizeof(lines[0]))
#define ROLES 3u

static struct stack *stack;

/* What each line returns. */
struct login {
	int password;
	int asking;
	int other;
	int delegated;
	bool heard;
};

static int
returns(const struct stack_line *line, void *arg)
{
	struct login *login = arg;

	if (stack_is_module(line, "pam_deny.so"))
		return PAM_AUTH_ERR;
	if (stack_is_module(line, "password.so"))
		return login->password;
	if (stack_is_module(line, "other.so"))
		return login->other;
	if (!stack_is_gate(line))
		return PAM_SUCCESS;
	if (!guarded_has_argument(line, "delegated"))
		return login->asking;
	login->heard = true;
	return login->delegated;
}

static bool
gets_in(struct login *login)
{
	struct walk walk;

	walk_run(stack, STACK_AUTH, returns, login, &walk);
	return walk.code == PAM_SUCCESS;
}

static bool
refuses_who_fails(int other)
{
	struct login l = { .asking = PAM_CRED_INSUFFICIENT,
		.other = other,
		.delegated = PAM_IGNORE };

	return !gets_in(&l) && !l.heard;
}

static bool
lets_in_who_is_not_challenged(int other)
{
	struct login l = {
		.asking = PAM_IGNORE, .other = other, .delegated = PAM_IGNORE
	};
	struct login setcred = { .other = other };

	return gets_in(&l) && gets_in(&setcred);
}

static bool
refuses_who_knows_no_password(int asking)
{
	struct login l = { .password = PAM_AUTH_ERR,
		.asking = asking,
		.delegated = PAM_IGNORE };

	return !gets_in(&l);
}

/* Everybody gets where they belong. */
static bool
is_right(void)
{
	struct login token = { .asking = PAM_CRED_INSUFFICIENT,
		.delegated = PAM_IGNORE };
	struct login failed = { .asking = PAM_AUTH_ERR,
		.delegated = PAM_IGNORE };

	if (!gets_in(&token) || !token.heard || gets_in(&failed))
		return false;
	for (int code = 0; code < PAM_INCOMPLETE; code++)
		if ((code != PAM_SUCCESS && code != PAM_NEW_AUTHTOK_REQD &&
			!refuses_who_fails(code)) ||
		    !lets_in_who_is_not_challenged(code))
			return false;
	return refuses_who_knows_no_password(PAM_IGNORE) &&
	    refuses_who_knows_no_password(PAM_CRED_INSUFFICIENT);
}

/* ---- what is said of it ------------------------------------------------- */

static size_t
write_line(char *text, size_t size, char letter, const size_t control[ROLES])
{
	size_t i = 0;

	while (lines[i].letter != letter)
		assert_true(++i < LINES);
	return (size_t)snprintf(text, size, "auth %s %s/%s\n",
	    i < ROLES ? controls[control[i]] : lines[i].control, pamdir,
	    lines[i].module);
}

/* The i-th of all ways to give n controls to the roles. */
struct way {
	const char *order;
	char service[16];
	size_t control[ROLES];
};

static struct way
way_of(const char *order, size_t n, size_t i)
{
	struct way way = { .order = order,
		.control = { i % n, i / n % n, i / n / n } };

	(void)snprintf(way.service, sizeof(way.service), "s%zu", i);
	return way;
}

static void
write_stack(const struct way *way)
{
	char text[2048];
	const char *o;
	size_t len = 0;

	for (o = way->order; *o != '\0'; o++)
		len += write_line(text + len, sizeof(text) - len, *o,
		    way->control);
	(void)snprintf(text + len, sizeof(text) - len,
	    "account required %s/pam_farmgate.so\n"
	    "account required %s/pam_permit.so\n"
	    "session required %s/pam_farmgate.so\n"
	    "session required %s/pam_permit.so\n",
	    pamdir, pamdir, pamdir, pamdir);
	(void)unlink(in_pamdir(way->service)); /* ext4 flushes what is cut */
	pamdir_put(way->service, text);
}

static bool
is_silent(const struct way *way)
{
	struct surroundings around = { .confdir = pamdir };
	struct conf_errors errors = { 0 };
	struct mistakes mistakes = { 0 };
	bool silent;

	assert_int_equal(stack_read(pamdir, way->service, &stack, &errors), 0);
	assert_int_equal(stack_check(stack, &around, &mistakes), 0);
	silent = mistakes.errors == 0;
	if (silent && !is_right())
		fail_msg("no error: %s, %s, %s, %s", way->order,
		    controls[way->control[0]], controls[way->control[1]],
		    controls[way->control[2]]);
	mistakes_done(&mistakes);
	stack_free(stack);
	stack = NULL;
	return silent;
}

/* How many of them have no error. All are written first: what was changed a
 * moment ago waits to be read. */
static size_t
silent_ones(const char *order, size_t n)
{
	struct way way;
	size_t silent = 0;

	for (size_t i = 0; i < n * n * n; i++) {
		way = way_of(order, n, i);
		write_stack(&way);
	}
	for (size_t i = 0; i < n * n * n; i++) {
		way = way_of(order, n, i);
		if (is_silent(&way))
			silent++;
	}
	return silent;
}

/* ---- the tests ---------------------------------------------------------- */

/* For the last line required, requisite and optional are right, and brackets
 * that say the same. */
static void
with_every_control(void **state)
{
	(void)state;
	assert_int_equal(silent_ones("paod", CONTROLS), 5);
	assert_int_equal(silent_ones("Pnyaod", CONTROLS), 5);
}

static void
in_every_order(void **state)
{
	static const char *const orders[] = { "pado", "poad", "poda", "pdao",
		"pdoa", "paaod", "paodd", "paoda", "paaodd", "paood", "pad",
		"pod", "paodaod", "aopd", "apod" };

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		assert_int_equal(silent_ones(orders[i], 6), 0);
}

/* Who jumps over the three needs another line that passes. */
static void
where_nothing_else_passes(void **state)
{
	(void)state;
	assert_int_equal(silent_ones("Pnaod", 6), 0);
	assert_int_equal(silent_ones("Pnaody", 6), 3);
	assert_int_equal(silent_ones("paody", 6), 3);
}

static int
make(void **state)
{
	if (pamdir_make(state) != 0)
		return -1;
	for (size_t i = 0; i < LINES; i++)
		if (strchr(lines[i].module, ' ') == NULL)
			pamdir_put(lines[i].module, "");
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_every_control),
		cmocka_unit_test(in_every_order),
		cmocka_unit_test(where_nothing_else_passes),
	};

	(void)argc;
	asroot_or_skip(argv);
	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests_name("stack_delegate", tests, make,
	    pamdir_remove);
}
