/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ctl/pam/walk.c says that a stack gives, against libpam itself: the same
 * files, read by both, with Debian's pam_debug.so in every line.
 */
#include "ctl/pam/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <security/pam_appl.h>

#include <cmocka.h>

#include "ctl/pam/control.h"
#include "tests/pam/spy.h"
#include "tests/unit/pamdir.h"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))
#define RANDOMS	  300

static const char *const controls[] = { "required", "requisite", "sufficient",
	"optional", "[success=1 default=ignore]", "[success=2 default=bad]",
	"[default=bad success=ok user_unknown=ignore]",
	"[success=done new_authtok_reqd=done default=ignore]",
	"[success=done default=die]", "[success=reset default=1]",
	"[default=reset]", "[success=ok ignore=ignore default=die]",
	"[default=done]", "[success=1 ignore=ok default=1]",
	"[success=ignore default=die ignore=bad]", "[success=9 default=ok]",
	"[success=3 user_unknown=1 ignore=die default=bad]" };

static const char *const codes[] = { "success", "success", "success", "ignore",
	"auth_err", "user_unknown", "new_authtok_reqd", "perm_denied",
	"acct_expired", "abort" };

/* pam_debug.so's: "acct=CODE" is what it returns. */
static int
returns(const struct stack_line *line, void *arg)
{
	(void)arg;
	for (int i = 0; i < line->argc; i++)
		for (int code = 0; code < STACK_CODES; code++)
			if (strncmp(line->argv[i], "acct=", 5) == 0 &&
			    strcmp(line->argv[i] + 5,
				control_code_name(code)) == 0)
				return code;
	return PAM_SUCCESS;
}

static int
ask_libpam(const char *service)
{
	pam_handle_t *pamh;
	int code;

	assert_int_equal(pam_start_confdir(service, "root", &spy_conv, pamdir,
			     &pamh),
	    PAM_SUCCESS);
	code = pam_acct_mgmt(pamh, 0);
	assert_int_equal(pam_end(pamh, code), PAM_SUCCESS);
	return code;
}

static void
show(const struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		print_error("%u: %s %s\n", stack->lines[i].depth,
		    stack->lines[i].control,
		    stack->lines[i].argc > 0 ? stack->lines[i].argv[0] : "");
}

/* The same from both. Returns it, and by which line: 0 for none. */
static struct walk
compare(const char *service, unsigned int *ret_line)
{
	struct conf_errors errors = { 0 };
	struct stack *stack;
	struct walk walk;
	int code = ask_libpam(service);

	assert_int_equal(stack_read(pamdir, service, &stack, &errors), 0);
	walk_run(stack, STACK_ACCOUNT, returns, NULL, &walk);
	if (walk.code != code) {
		show(stack);
		fail_msg("libpam gives %s, the walk %s",
		    control_code_name(code), control_code_name(walk.code));
	}
	*ret_line = walk.decided != NULL ? walk.decided->line : 0;
	walk.decided = NULL;
	stack_free(stack);
	return walk;
}

static const char *
numbered(const char *name, size_t i)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "%s%zu", name, i);
	return text;
}

/* ---- every pair of lines ------------------------------------------------ */

#define PAIRED 10u /* of the controls */
#define PAIRS  (PAIRED * PAIRED * NELEMS(two) * NELEMS(two))

static const char *const two[] = { "success", "ignore", "auth_err" };

static void
put_pair(size_t i)
{
	char text[512];
	size_t k = i % (NELEMS(two) * NELEMS(two));
	size_t c = i / (NELEMS(two) * NELEMS(two));

	(void)snprintf(text, sizeof(text),
	    "account %s pam_debug.so acct=%s\n"
	    "account %s pam_debug.so acct=%s\n",
	    controls[c / PAIRED], two[k / NELEMS(two)], controls[c % PAIRED],
	    two[k % NELEMS(two)]);
	pamdir_put(numbered("pair", i), text);
}

/* All are written first: a file is read when it has been left alone. */
static void
two_lines_give_what_libpam_gives(void **state)
{
	unsigned int line;
	size_t i;

	(void)state;
	for (i = 0; i < PAIRS; i++)
		put_pair(i);
	for (i = 0; i < PAIRS; i++)
		(void)compare(numbered("pair", i), &line);
}

/* ---- many lines, with files in files ------------------------------------ */

static unsigned int seed = 20260301;

static unsigned int
pick(unsigned int n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

/* Those of level 3 bring in none, others some of the next level. */
static void
put_random(unsigned int level, size_t i)
{
	char text[4096], name[32];
	size_t len = 0;

	for (unsigned int n = 1 + pick(5); n > 0; n--) {
		if (level < 3 && pick(4) == 0)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "account %s %s/random%u-%zu\n",
			    pick(3) == 0 ? "include" : "substack", pamdir,
			    level + 1, i);
		else
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "account %s pam_debug.so acct=%s\n",
			    controls[pick(NELEMS(controls))],
			    codes[pick(NELEMS(codes))]);
	}
	(void)snprintf(name, sizeof(name), "random%u-%zu", level, i);
	pamdir_put(name, text);
}

static void
random_stacks_give_what_libpam_gives(void **state)
{
	unsigned int seen[STACK_CODES] = { 0 }, jumps = 0, line;
	struct walk walk;
	size_t i;

	(void)state;
	for (i = 0; i < RANDOMS; i++)
		for (unsigned int level = 0; level <= 3; level++)
			put_random(level, i);
	for (i = 0; i < RANDOMS; i++) {
		walk = compare(numbered("random0-", i), &line);
		seen[walk.code]++;
		jumps += walk.bad_jump;
	}
	/* They are no trivial ones. */
	assert_true(seen[PAM_SUCCESS] > RANDOMS / 20);
	assert_true(seen[PAM_PERM_DENIED] > RANDOMS / 20);
	assert_true(seen[PAM_AUTH_ERR] > RANDOMS / 50);
	assert_true(seen[PAM_ACCT_EXPIRED] > RANDOMS / 50);
	assert_true(jumps > RANDOMS / 20);
}

/* ---- what is said beside the code --------------------------------------- */

static void
want(const char *text, int code, unsigned int want_line)
{
	unsigned int line;

	pamdir_put("s", text);
	assert_int_equal(compare("s", &line).code, code);
	assert_int_equal(line, want_line);
}

static void
a_line_decides(void **state)
{
	(void)state;
	want("account required pam_debug.so acct=ignore\n", PAM_PERM_DENIED, 0);
	want("account required pam_debug.so acct=acct_expired\n"
	     "account required pam_debug.so acct=auth_err\n",
	    PAM_ACCT_EXPIRED, 1);
	want("account required pam_debug.so\n"
	     "account required pam_debug.so acct=auth_err\n"
	     "account required pam_debug.so\n",
	    PAM_AUTH_ERR, 2);
	want("account optional pam_debug.so acct=auth_err\n"
	     "account sufficient pam_debug.so\n"
	     "account requisite pam_deny.so\n",
	    PAM_SUCCESS, 2);
	want("account [success=2 default=ignore] pam_debug.so\n"
	     "account required pam_debug.so\n",
	    PAM_PERM_DENIED, 1);
}

static void
the_gate_is_seen_if_it_is_reached(void **state)
{
	struct conf_errors errors = { 0 };
	struct stack *stack;
	struct walk walk;

	(void)state;
	pamdir_put("s",
	    "account sufficient pam_debug.so\n"
	    "account required pam_farmgate.so\n"
	    "session required pam_farmgate.so\n");
	assert_int_equal(stack_read(pamdir, "s", &stack, &errors), 0);
	walk_run(stack, STACK_ACCOUNT, returns, NULL, &walk);
	assert_int_equal(walk.code, PAM_SUCCESS);
	assert_false(walk.gate);
	walk_run(stack, STACK_SESSION, returns, NULL, &walk);
	assert_true(walk.gate);
	assert_int_equal(walk.decided->line, 3);
	walk_run(stack, STACK_AUTH, returns, NULL, &walk);
	assert_int_equal(walk.code, PAM_PERM_DENIED);
	assert_null(walk.decided);
	stack_free(stack);
}

/* A module that returns what is no code is as bad as one that denies. */
static int
returns_nonsense(const struct stack_line *line, void *arg)
{
	(void)line;
	return *(const int *)arg;
}

static void
a_code_that_is_none_denies(void **state)
{
	struct conf_errors errors = { 0 };
	struct stack *stack;
	struct walk walk;
	int nonsense[] = { -1, STACK_CODES, INT32_MAX };

	(void)state;
	pamdir_put("s", "account optional m.so\n");
	assert_int_equal(stack_read(pamdir, "s", &stack, &errors), 0);
	for (size_t i = 0; i < NELEMS(nonsense); i++) {
		walk_run(stack, STACK_ACCOUNT, returns_nonsense, &nonsense[i],
		    &walk);
		assert_int_equal(walk.code, PAM_PERM_DENIED);
		assert_int_equal(walk.decided->line, 1);
	}
	stack_free(stack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_lines_give_what_libpam_gives),
		cmocka_unit_test(random_stacks_give_what_libpam_gives),
		cmocka_unit_test(a_line_decides),
		cmocka_unit_test(the_gate_is_seen_if_it_is_reached),
		cmocka_unit_test(a_code_that_is_none_denies),
	};

	spy_reset();
	spy_quiet = true;
	return cmocka_run_group_tests_name("walk", tests, pamdir_make,
	    pamdir_remove);
}
