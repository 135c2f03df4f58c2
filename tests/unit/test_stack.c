/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAM stacks as they are read: lines, words, what files bring in, and what is
 * complained of. What is expected here is what libpam 1.5.2 was seen to do.
 */
#include "ctl/pam/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <security/pam_modules.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/pamdir.h"

static struct stack *stack;
static struct conf_errors errors;

static void
forget(void)
{
	stack_free(stack);
	stack = NULL;
	conf_errors_done(&errors);
	memset(&errors, 0, sizeof(errors));
}

static int
empty(void **state)
{
	(void)state;
	forget();
	return 0;
}

static void
read_want(int want)
{
	char line[512];
	int r = stack_read(pamdir, "s", &stack, &errors);

	if (r != want) {
		for (size_t i = 0; i < errors.count; i++) {
			conf_error_text(&errors.list[i], line, sizeof(line));
			print_error("%s\n", line);
		}
		fail_msg("stack_read gives %d", r);
	}
}

/* Read a service "s" of that text, with no complaint. */
static void
reads(const char *text)
{
	forget();
	pamdir_put("s", text);
	read_want(0);
	assert_int_equal(errors.count, 0);
}

/* With one, at a line of a file, that has part in it, and a fix. */
static void
complains_in(const char *file, unsigned int line, const char *part)
{
	read_want(FG_ERR_CONFIG);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.list[0].file, in_pamdir(file));
	assert_int_equal(errors.list[0].line, line);
	if (strstr(errors.list[0].text, part) == NULL)
		fail_msg("%s: wanted %s", errors.list[0].text, part);
	assert_non_null(strstr(errors.list[0].text, "; "));
	assert_non_null(stack);
}

static void
complains(const char *text, unsigned int line, const char *part)
{
	forget();
	pamdir_put("s", text);
	complains_in("s", line, part);
}

/* "account required m.so a b" of the line, or "account substack". */
static void
want_line(size_t i, unsigned int line, const char *want)
{
	char text[2048];
	const struct stack_line *l;
	size_t n;

	assert_true(i < stack->n);
	l = &stack->lines[i];
	n = (size_t)snprintf(text, sizeof(text), "%s%s %s",
	    l->is_optional ? "-" : "", stack_type_name(l->type), l->control);
	if (l->module != NULL)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " %s",
		    l->module);
	for (int k = 0; k < l->argc; k++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " %s",
		    l->argv[k]);
	assert_string_equal(text, want);
	assert_int_equal(l->line, line);
	if (l->module != NULL)
		assert_null(l->argv[l->argc]);
}

/* ---- lines and words ---------------------------------------------------- */

static void
an_empty_file_is_an_empty_stack(void **state)
{
	(void)state;
	reads("");
	assert_int_equal(stack->n, 0);
	assert_string_equal(stack->service, "s");
	assert_string_equal(stack->path, in_pamdir("s"));
	reads("# nothing\n\n   \t\n # more");
	assert_int_equal(stack->n, 0);
}

static void
types_and_words_may_be_in_either_case(void **state)
{
	(void)state;
	reads("auth required a.so\n"
	      "-ACCOUNT Required b.so\n"
	      "Session\tOPTIONAL  c.so\targ\n"
	      "  password sufficient d.so");
	assert_int_equal(stack->n, 4);
	want_line(0, 1, "auth required a.so");
	want_line(1, 2, "-account Required b.so");
	want_line(2, 3, "session OPTIONAL c.so arg");
	want_line(3, 4, "password sufficient d.so");
	assert_int_equal(stack->lines[2].type, STACK_SESSION);
	assert_int_equal(stack->lines[3].own_line, 4);
	assert_string_equal(stack->lines[3].file, in_pamdir("s"));
}

static void
a_comment_begins_at_any_hash(void **state)
{
	(void)state;
	reads("account required m.so a#b c\n"
	      "account required m.so # \\\n"
	      "account required m.so [x#y]\n");
	assert_int_equal(stack->n, 3);
	want_line(0, 1, "account required m.so a");
	want_line(1, 2, "account required m.so");
	want_line(2, 3, "account required m.so x");
}

static void
a_backslash_continues_a_line(void **state)
{
	(void)state;
	reads("account required m.so a\\\n"
	      " b \\ \t\n"
	      "# between\n"
	      "\n"
	      "c\\\\\n"
	      "d\n"
	      "auth required m.so\n");
	assert_int_equal(stack->n, 2);
	want_line(0, 1, "account required m.so a b c\\ d");
	want_line(1, 7, "auth required m.so");
}

static void
brackets_hold_a_word_together(void **state)
{
	(void)state;
	reads("account [success=ok default=bad] m.so [a \\] b] c[ ] [] [d");
	want_line(0, 1, "account [success=ok default=bad] m.so a ] b c[ ]  d");
	assert_int_equal(stack->lines[0].argc, 5);
	assert_string_equal(stack->lines[0].argv[3], "");
	reads("[account] [required] [m.so] x");
	want_line(0, 1, "account [required] m.so x");
	assert_int_equal(stack->lines[0].actions[PAM_SUCCESS], STACK_OK);
}

static void
lines_that_are_too_long_are_refused(void **state)
{
	char text[2048];
	int n = snprintf(text, sizeof(text), "account required m.so ");

	(void)state;
	memset(text + n, 'x', 1023 - (size_t)n);
	text[1022] = '\n';
	text[1023] = '\0';
	reads(text);
	assert_int_equal(stack->n, 1);
	text[1022] = 'x';
	text[1023] = '\n';
	text[1024] = '\0';
	complains(text, 1, "longer than libpam's 1,023 bytes");
	assert_int_equal(stack->n, 0);
	text[0] = '#'; /* also where it is a comment */
	complains(text, 1, "longer than libpam's 1,023 bytes");
	text[0] = 'a';
	text[1023] = 'x';
	text[1024] = '\n';
	text[1025] = '\0';
	memcpy(text + 1000, "\\\ny", 3); /* or two lines together */
	complains(text, 1, "longer than libpam's 1,023 bytes");
}

static void
a_file_that_ends_in_a_backslash_is_refused(void **state)
{
	(void)state;
	complains("auth required m.so\naccount required m.so \\\n", 2,
	    "ends in a backslash");
	complains("account required m.so \\", 1, "ends in a backslash");
	complains("account required m.so \\\n\n# end\n", 1,
	    "ends in a backslash");
	assert_int_equal(stack->n, 0);
}

static void
a_nul_is_refused(void **state)
{
	static const char text[] =
	    "account required m.so\0x\nauth required a.so";

	(void)state;
	pamdir_put_bytes("s", text, sizeof(text) - 1);
	complains_in("s", 1, "a NUL byte");
	assert_int_equal(stack->n, 1);
	want_line(0, 2, "auth required a.so");
}

static void
lines_that_fail_always_are_refused(void **state)
{
	(void)state;
	complains("acount required m.so\n", 1, "\"acount\" is no type");
	complains("-\n", 1, "\"-\" is no type");
	complains("\n\naccount\n", 3, "without a control");
	complains("account required\n", 1, "\"required\" without a module");
	assert_int_equal(stack->n, 0);
	complains("account bogus m.so\n", 1, "\"bogus\" is no return value");
	want_line(0, 1, "account bogus m.so");
	assert_int_equal(stack->lines[0].actions[PAM_SUCCESS], STACK_BAD);
}

/* ---- what a line is ----------------------------------------------------- */

static void
a_line_ends_or_jumps(void **state)
{
	(void)state;
	reads("account sufficient m.so\naccount required m.so\n"
	      "account [success=2 default=bad] m.so\n"
	      "account [acct_expired=done] m.so\n");
	assert_true(stack_ends(&stack->lines[0]));
	assert_false(stack_ends(&stack->lines[1]));
	assert_true(stack_ends(&stack->lines[3]));
	assert_false(stack_jumps(&stack->lines[0]));
	assert_true(stack_jumps(&stack->lines[2]));
	assert_false(stack_ends(&stack->lines[2]));
}

static void
the_gate_has_its_name_in_any_folder(void **state)
{
	(void)state;
	pamdir_put("e", "");
	reads("account required pam_farmgate.so\n"
	      "account required /usr/lib/security/pam_farmgate.so observe\n"
	      "account required xpam_farmgate.so\n"
	      "account required pam_farmgate.so.1\n"
	      "account substack e\n"
	      "auth required m.so pam_farmgate.so\n");
	assert_true(stack_is_gate(&stack->lines[0]));
	assert_true(stack_is_gate(&stack->lines[1]));
	for (size_t i = 2; i < stack->n; i++)
		assert_false(stack_is_gate(&stack->lines[i]));
}

/* ---- files that bring in others ----------------------------------------- */

static void
at_include_brings_in_every_type(void **state)
{
	(void)state;
	pamdir_put("in", "auth required a.so\n\naccount required b.so\n");
	reads(
	    "session required c.so\n  @INCLUDE in  and more\nauth required d");
	assert_int_equal(stack->n, 4);
	want_line(1, 1, "auth required a.so");
	want_line(2, 3, "account required b.so");
	want_line(3, 3, "auth required d");
	assert_string_equal(stack->lines[2].file, in_pamdir("in"));
	assert_int_equal(stack->lines[2].own_line, 2);
	assert_int_equal(stack->lines[2].depth, 0);
	assert_int_equal(stack->lines[3].own_line, 3);
}

static void
include_brings_in_one_type(void **state)
{
	char text[256];

	(void)state;
	pamdir_put("in2", "auth required x.so\naccount required y.so\n");
	pamdir_put("in",
	    "auth required a.so\naccount required b.so\n@include in2");
	(void)snprintf(text, sizeof(text), "-account Include %s/in arg\n",
	    pamdir);
	reads(text);
	assert_int_equal(stack->n, 2);
	want_line(0, 2, "account required b.so");
	want_line(1, 2, "account required y.so");
	assert_int_equal(stack->lines[1].own_line, 1);
	assert_string_equal(stack->lines[1].file, in_pamdir("in2"));
}

static void
a_substack_has_a_line_and_a_depth(void **state)
{
	(void)state;
	pamdir_put("in2", "account required x.so\n");
	pamdir_put("in", "account required b.so\naccount [substack] in2\n");
	reads("account substack in\naccount required c.so\n");
	assert_int_equal(stack->n, 5);
	want_line(0, 1, "account substack");
	want_line(1, 1, "account required b.so");
	want_line(2, 2, "account [substack]");
	want_line(3, 1, "account required x.so");
	want_line(4, 2, "account required c.so");
	assert_true(stack->lines[0].is_substack);
	assert_int_equal(stack->lines[0].depth, 0);
	assert_int_equal(stack->lines[1].depth, 1);
	assert_true(stack->lines[2].is_substack);
	assert_int_equal(stack->lines[2].depth, 1);
	assert_int_equal(stack->lines[3].depth, 2);
	assert_int_equal(stack->lines[3].own_line, 1);
	assert_int_equal(stack->lines[4].depth, 0);
	assert_false(stack_ends(&stack->lines[0]));
}

static void
what_cannot_be_brought_in_is_an_error(void **state)
{
	(void)state;
	complains("auth required a\n@include none\n", 2, "/none: No such file");
	complains("account include none\n", 1, "/none: No such file");
	complains("account substack none\n", 1, "/none: No such file");
	complains("@include\n", 1, "without a file, at which libpam crashes");
	complains("account include\n", 1, "without a file");
	complains("account substack\n", 1, "without a file");
	complains("@include s\n", 1, "in a circle");
	complains("account substack s\n", 1, "in a circle");
}

static void
an_error_in_a_file_is_named_there(void **state)
{
	(void)state;
	pamdir_put("in", "\nfoo required x.so\n");
	pamdir_put("s", "@include in\n");
	complains_in("in", 2, "\"foo\" is no type");
}

static void
files_nest_fifteen_deep(void **state)
{
	char name[16], text[64];

	(void)state;
	pamdir_put("n15", "account required deep.so\n");
	for (int i = 1; i < 15; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		(void)snprintf(text, sizeof(text), "account substack n%d\n",
		    i + 1);
		pamdir_put(name, text);
	}
	reads("account substack n1\n");
	want_line(15, 1, "account required deep.so");
	assert_int_equal(stack->lines[15].depth, 15);
	forget();
	pamdir_put("n15", "account substack n16\n");
	pamdir_put("n16", "account required deep.so\n");
	complains_in("n15", 1, "more than 15 deep");
}

/* ---- the file itself ---------------------------------------------------- */

static void
a_service_without_a_file_is_not_found(void **state)
{
	static const char *const names[] = { "missing", "", ".", "..", "../s",
		"/etc/passwd" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(stack_read(pamdir, names[i], &stack, &errors),
		    FG_ERR_NOT_FOUND);
		assert_null(stack);
	}
	assert_int_equal(errors.count, 0);
}

static void
a_file_that_others_write_is_refused(void **state)
{
	(void)state;
	pamdir_put("s", "account required m.so\n");
	assert_int_equal(chmod(in_pamdir("s"), 0666), 0);
	complains_in("s", 0, "can be written by others");
	assert_int_equal(stack->n, 0);
	forget();
	assert_int_equal(unlink(in_pamdir("s")), 0);
	assert_int_equal(symlink("in", in_pamdir("s")), 0);
	complains_in("s", 0, "is a symbolic link");
	assert_int_equal(unlink(in_pamdir("s")), 0);
	forget();
	pamdir_put("in", "");
	assert_int_equal(chmod(in_pamdir("in"), 0666), 0);
	pamdir_put("s", "@include in\n");
	complains_in("s", 1, "/in, which is brought in here, can be written");
	assert_int_equal(unlink(in_pamdir("in")), 0);
}

static void
a_stack_has_an_end(void **state)
{
	char *text = malloc(1001 * 16 + 1);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 1001; i++)
		memcpy(text + i * 16, "auth required m\n", 17);
	complains(text, 1001, "more than 1000 lines");
	assert_int_equal(stack->n, 1000);
	free(text);
}

int
main(void)
{
#define T(name) cmocka_unit_test_teardown(name, empty)
	const struct CMUnitTest tests[] = {
		T(an_empty_file_is_an_empty_stack),
		T(types_and_words_may_be_in_either_case),
		T(a_comment_begins_at_any_hash),
		T(a_backslash_continues_a_line),
		T(brackets_hold_a_word_together),
		T(lines_that_are_too_long_are_refused),
		T(a_file_that_ends_in_a_backslash_is_refused),
		T(a_nul_is_refused),
		T(lines_that_fail_always_are_refused),
		T(a_line_ends_or_jumps),
		T(the_gate_has_its_name_in_any_folder),
		T(at_include_brings_in_every_type),
		T(include_brings_in_one_type),
		T(a_substack_has_a_line_and_a_depth),
		T(what_cannot_be_brought_in_is_an_error),
		T(an_error_in_a_file_is_named_there),
		T(files_nest_fifteen_deep),
		T(a_service_without_a_file_is_not_found),
		T(a_file_that_others_write_is_refused),
		T(a_stack_has_an_end),
	};

	return cmocka_run_group_tests_name("stack", tests, pamdir_make,
	    pamdir_remove);
}
