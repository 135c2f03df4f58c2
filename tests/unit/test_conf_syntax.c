/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that are no configuration, and configurations that are nearly one.
 * Nothing of it may crash, hang, reach the environment, or be taken leniently.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "tests/unit/conf_fixture.h"

/* times pieces of text, one after the other; the caller frees. */
static char *
repeat(const char *text, size_t times)
{
	size_t len = strlen(text), i;
	char *all = malloc(len * times + 1);

	assert_non_null(all);
	for (i = 0; i < times; i++)
		memcpy(all + i * len, text, len);
	all[len * times] = '\0';
	return all;
}

static void
refused_often(const char *text, size_t times, const char *part)
{
	char *all = repeat(text, times);
	struct parsed p = parse(all);
	bool found = false;
	size_t i;

	for (i = 0; i < p.errors.count; i++)
		found = found || strstr(p.errors.list[i].text, part) != NULL;
	if (!found) {
		show(&p, text);
		fail_msg("wanted %s", part);
	}
	assert_int_equal(p.r, FG_ERR_CONFIG);
	assert_true(p.errors.count <= CONF_SCAN_ERRORS_MAX + 1);
	parsed_done(&p);
	free(all);
}

static void
test_unknown_keys_do_not_end_the_list(void **state)
{
	struct parsed p = parse("mod = \"observe\"\n"
				"polices a { users = {\"x\"} y { z = {1} } }\n"
				"include(\"~x\")\n"
				"policy a {\n userz = {\"}\", \"b\"}\n"
				" zzz = 1 users = {\"*\"}\n}\n"
				"network { }\naudit = \"x\"\n");

	(void)state;
	assert_true(has_error(&p, 1, "did you mean \"mode\"?"));
	assert_true(has_error(&p, 2, "did you mean \"policy\"?"));
	assert_true(has_error(&p, 3, "no file can be included"));
	assert_true(has_error(&p, 5, "did you mean \"users\"?"));
	assert_true(has_error(&p, 6, "keys here are users, services"));
	assert_true(has_error(&p, 6, "no patterns"));
	assert_true(has_error(&p, 8, "network without a name"));
	assert_true(has_error(&p, 9, "no absolute path"));
	assert_int_equal(p.errors.count, 10); /* and ( and ) */
	parsed_done(&p);
}

/* Put a key's name for every @, then expect the complaint. */
static void
form(const char *pattern, const char *name, unsigned int line, const char *part)
{
	char text[512];
	size_t len = 0;

	for (; *pattern != '\0'; pattern++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    *pattern == '@' ? "%s" : "%.1s",
		    *pattern == '@' ? name : pattern);
	complains(text, line, part);
}

/* CFG-06 */
static void
test_every_key_has_one_form(void **state)
{
	const struct conf_key *key;

	(void)state;
	for (key = conf_schema; key->name != NULL; key++) {
		switch (key->kind) {
		case CONF_KEY_STRING:
			form("@ = {\"a\"}", key->name, 1, "a list after");
			form("@ = {}", key->name, 1, "a list after");
			form("@ = a\n@ = b", key->name, 2, "twice");
			form("@ = \n@ = b", key->name, 1, "no value after");
			form("@ =", key->name, 1, "no value after");
			form("@ {}", key->name, 1, "no = after");
			form("@", key->name, 1, "no = after");
			form("@ a", key->name, 1, "no = after");
			form("@ += a", key->name, 1, "+= after");
			break;
		case CONF_KEY_LIST:
			form("@ = {}", key->name, 1, "is empty");
			form("@ = {a}\n@ = b", key->name, 2, "twice");
			form("@ = \n@ = b", key->name, 1, "no value after");
			form("@ = {,}", key->name, 1, "goes wrong here");
			form("@ = {a,,b}", key->name, 1, "goes wrong here");
			form("@ = {a b}", key->name, 1, "goes wrong here");
			form("@ = {a = b}", key->name, 1, "goes wrong here");
			form("@ {a}", key->name, 1, "no = after");
			form("@ += {\"a\"}", key->name, 1, "+= after");
			break;
		case CONF_KEY_SECTION:
			form("@ { }\n@ { }", key->name, 2, "twice");
			form("@ = a", key->name, 1, "no { after");
			form("@ x { }", key->name, 1, "no { after");
			form("@", key->name, 1, "no { after");
			break;
		case CONF_KEY_TITLED:
			form("@ { }", key->name, 1, "without a name");
			form("@ = a", key->name, 1, "without a name");
			form("@", key->name, 1, "without a name");
			form("@ A { }", key->name, 1, "is no name");
			form("@ \"\" { }", key->name, 1, "is no name");
			form("@ a { }\n@ a { }", key->name, 2,
			    "was defined in line 1");
			form("@ a\n", key->name, 1, "no { after");
			break;
		case CONF_KEY_NONE:
			fail();
		}
	}
}

static void
test_names_are_short_and_plain(void **state)
{
	char text[256];

	(void)state;
	(void)snprintf(text, sizeof(text), "policy %032d { }", 1);
	is_accepted(text);
	(void)snprintf(text, sizeof(text), "policy %033d { }", 1);
	refused(text, 1, "is no name");
	is_accepted("policy \"a-b_9\" { }");
	refused("policy \"a b\" { }", 1, "is no name");
	refused("policy a.b { }", 1, "is no name");
	refused("policy p { combination A { } }", 1, "is no name");
	is_accepted("policy a { users = x combination c {\n"
		    "findings = {\"geo.unknown\", \"remote.unknown\"}\n"
		    "action = deny } }\n policy b { combination c {\n"
		    "findings = {\"geo.unknown\", \"remote.unknown\"}\n"
		    "action = deny } }");
}

static void
test_braces_that_do_not_match_are_located(void **state)
{
	(void)state;
	refused("mode = observe\npolicy a {\n", 2, "policy is not closed");
	refused("policy a { }\n}\n", 2, "} closes nothing");
	complains("policy a {\nusers = {\"x\"}\npolicy b { }\n", 3,
	    "close this one with } first");
	refused("policy a {\nusers = {\"x\"\nservices = {\"sshd\"}\n}\n", 3,
	    "the list users of line 2 goes wrong here");
	refused("policy a { users = {\"x\" \"y\"} }", 1, "goes wrong here");
	complains("policy a { users = {\"x\",\n", 2, "goes wrong here");
	refused("{ }", 1, "no key here");
	refused("\"mode\" = \"observe\"", 1, "no key here");
	refused("= , = {", 1, "no key here");
}

/* CFG-05 */
static void
test_strings_end_on_their_line(void **state)
{
	(void)state;
	refused("help = \"x\n", 1, "not closed");
	refused("help = \"x", 1, "not closed");
	refused("help = \"", 1, "not closed");
	refused("help = \"x\\\"", 1, "not closed");
	complains("help = \"x\\\n\"", 1, "not closed");
	refused("help = 'x'", 1, "single quotes");
	refused("help = '", 1, "single quotes");
	is_accepted("help = \"x # no comment\" # comment");
}

static void
test_escapes_cannot_hide_bytes(void **state)
{
	(void)state;
	refused("help = \"a\\0b\"", 1, "a backslash");
	refused("help = \"a\\nb\"", 1, "a backslash");
	refused("help = \"a\\x41\"", 1, "a backslash");
	refused("help = \"a\\e[2J\"", 1, "a backslash");
	refused("help = \"a\tb\"", 1, "cannot be seen");
	refused("help = \"a\x1b[2J\"", 1, "cannot be seen");
	refused("help = \"\x7f\"", 1, "cannot be seen");
	refused("help = \"\xe6\"", 1, "cannot be seen");
	refused("help = \"\xc2\x9b\"", 1, "cannot be seen");
	refused("help = \"\xe2\x80\xae\"", 1, "cannot be seen");
	is_accepted("help = \"Ring \xc3\xa6\xc3\xb8\xc3\xa5\"");
}

static void
test_stray_bytes_are_not_dropped(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} nul = { "mode = enforce\n\0\nhelp = \"a\0b\"", 29 };
	struct parsed p = parse_bytes(nul.text, nul.len);

	(void)state;
	assert_true(has_error(&p, 2, "a NUL byte"));
	assert_true(has_error(&p, 3, "cannot be seen"));
	parsed_done(&p);
	refused("policy p { users = {a*} }", 1, "stray *");
	complains("policy p { users = {*} }\n", 1, "stray *");
	complains("policy p { users = {a+b} }", 1, "stray +");
	complains("policy|p = 1", 1, "stray |");
	complains("mode = $HOME", 1, "stray $");
	complains("mode = \xef\xbb\xbfobserve", 1, "stray byte 0xef");
	complains("\xef\xbbmode = observe", 1, "stray byte 0xef");
	complains("mode = observe;", 1, "stray ;");
}

/* Also what only a file as a whole can have wrong. */
static void
test_a_section_given_twice_hides_nothing_behind_it(void **state)
{
	struct parsed p = parse("policy p { }\n"
				"policy p { combination x { } }\n"
				"network n { cidr = 192.0.2.1 }\n"
				"network n { cidr = 192.0.2.2 label = l }\n"
				"actions = {\"geo.country:none = log\"}\n"
				"policy q { countries = {NO} users = {a, a} }");

	(void)state;
	assert_true(has_error(&p, 2, "in line 1 already"));
	assert_true(has_error(&p, 4, "in line 3 already"));
	assert_true(has_error(&p, 5, "geo.country has no grades"));
	assert_true(has_error(&p, 6, "\"a\" is in users twice"));
	parsed_done(&p);
}

static void
test_comments_begin_with_a_hash(void **state)
{
	(void)state;
	/* editors may put a byte order mark in front */
	is_accepted("\xef\xbb\xbf# conf\nmode = observe");
	is_accepted("\xef\xbb\xbf");
	is_accepted("#");
	is_accepted("####\n#\n\n#\n");
	is_accepted("mode = observe # at the end");
	is_accepted("policy p { # x }\n users = { # {\n a # ,\n } # \"\n }");
	is_accepted("# ${HOME} \"\n");
	refused("// mode\nmode = observe", 1, "begin comments with #");
	refused("/* mode\n */ mode = observe", 1, "begin comments with #");
	complains("/* mode\n */\nmode = x", 3, "unknown mode");
	refused("/*", 1, "begin comments with #");
	complains("audit = //x", 1, "begin comments with #");
}

static void
test_the_environment_is_not_used(void **state)
{
	char **before;

	(void)state;
	assert_int_equal(setenv("FG_TEST_MODE", "observe", 1), 0);
	before = environ;
	refused("mode = \"${FG_TEST_MODE}\"", 1, "environment is not used");
	refused("mode = \"x\\\\${FG_TEST_MODE}\"", 1, "environment");
	refused("help = \"${FG_TEST_NONE:-x}\"", 1, "environment");
	complains("mode = ${FG_TEST_MODE}", 1, "stray $");
	assert_ptr_equal(environ, before);
	assert_string_equal(getenv("FG_TEST_MODE"), "observe");
	is_accepted("help = \"$5 {each}\"");
}

/* CFG-05 */
static void
test_nesting_is_refused_before_the_parser_sees_it(void **state)
{
	(void)state;
	refused_often("policy a {", 10000, "close this one with } first");
	refused_often("x {", 10000, "unknown key \"x\"");
	refused_often("policy a { combination b { ", 10000, "not closed");
	refused_often("a = {", 10000, "unknown key");
	refused_often("{", 10000, "no key here");
	refused_often("}", 10000, "} closes nothing");
	refused_often("=", 10000, "no key here");
	refused_often("(", 10000, "stray (");
	refused_often("\"", 10000, "no key here");
	refused_often("users = ", 10000, "unknown key");
	refused_often("/*", 10000, "begin comments with #");
}

static void
test_sizes_are_bounded(void **state)
{
	char *digits = repeat("1", 1000000), *text;

	(void)state;
	refused_often(digits, 1, "too long");
	text = malloc(1000100);
	assert_non_null(text);
	(void)sprintf(text, "mode = %s", digits);
	refused(text, 1, "too long");
	(void)sprintf(text, "mode = -%s", digits);
	refused(text, 1, "too long");
	(void)sprintf(text, "help = \"%s\"", digits);
	refused(text, 1, "too long");
	free(text);
	free(digits);
	refused_often("# comment\n", CONF_FILE_MAX / 10 + 1, "larger than");
	refused_often("p = 1\n", 1000, "unknown key");
	refused_often("database country { }\n", 6000, "in line 1 already");
}

static void
test_lists_and_sections_are_counted(void **state)
{
	char *list = repeat("\"192.0.2.1\",", CONF_LIST_MAX + 1);
	size_t size = strlen(list) + CONF_SECTIONS_MAX * 16 + 100, i;
	char *text = malloc(size);
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	(void)sprintf(text, "network n {\ncidr = {%s} }", list);
	complains(text, 2, "has 4097 values and may have 4096");
	for (i = 0; i <= CONF_SECTIONS_MAX; i++)
		len += (size_t)sprintf(text + len, "policy p%zu {}\n", i);
	complains(text, CONF_SECTIONS_MAX + 1, "more than 5000 sections");
	free(text);
	free(list);
}

/* The lexer's state is global: what one file leaves must not meet the next. */
static void
test_an_error_leaves_nothing_behind(void **state)
{
	static const char *const bad[] = { "help = \"x", "/* x", "help = 'x",
		"policy a {", "users = {\"a\",", "mode = \"${X", "\\", "+=" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct parsed p = parse(bad[i]);

		assert_int_equal(p.r, FG_ERR_CONFIG);
		parsed_done(&p);
		is_accepted("mode = \"observe\"\npolicy p { users = \"a\" }\n");
	}
}

static void
test_line_ends_of_windows_are_taken(void **state)
{
	struct conf *conf = accepted("mode = observe\r\n\r\npolicy p {\r\n"
				     "\tusers = {\r\n\"a\"} }\r\n");

	(void)state;
	assert_int_equal(conf->policies[0].line, 3);
	assert_int_equal(conf->policies[0].users.lines[0], 5);
	assert_string_equal(conf->policies[0].users.v[0], "a");
	conf_free(conf);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_keys_do_not_end_the_list),
		cmocka_unit_test(test_every_key_has_one_form),
		cmocka_unit_test(test_names_are_short_and_plain),
		cmocka_unit_test(test_braces_that_do_not_match_are_located),
		cmocka_unit_test(test_strings_end_on_their_line),
		cmocka_unit_test(test_escapes_cannot_hide_bytes),
		cmocka_unit_test(test_stray_bytes_are_not_dropped),
		cmocka_unit_test(
		    test_a_section_given_twice_hides_nothing_behind_it),
		cmocka_unit_test(test_comments_begin_with_a_hash),
		cmocka_unit_test(test_the_environment_is_not_used),
		cmocka_unit_test(
		    test_nesting_is_refused_before_the_parser_sees_it),
		cmocka_unit_test(test_sizes_are_bounded),
		cmocka_unit_test(test_lists_and_sections_are_counted),
		cmocka_unit_test(test_an_error_leaves_nothing_behind),
		cmocka_unit_test(test_line_ends_of_windows_are_taken),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
