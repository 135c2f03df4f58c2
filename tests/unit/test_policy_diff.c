/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two configurations held against each other, by what is dumped of each.
 */
#include "ctl/policy/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/result.h"
#include "tests/unit/deciding.h"

static char told[4096];

static void
tell(const struct policy_change *c, void *arg)
{
	size_t len = strlen(told);

	assert_null(arg);
	(void)snprintf(told + len, sizeof(told) - len, "[%s%s%s]%s:%s>%s\n",
	    c->where, c->added ? "+" : "", c->removed ? "-" : "", c->key,
	    c->was == NULL ? "" : c->was, c->is == NULL ? "" : c->is);
}

static void
read_conf(const char *text, struct settings *ret_settings)
{
	struct conf *conf = parse(text);
	char *dump = NULL;
	size_t len;
	FILE *out = open_memstream(&dump, &len);

	assert_non_null(out);
	assert_int_equal(conf_dump(conf, out), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(settings_read(dump, ret_settings), 0);
	free(dump);
	conf_free(conf);
}

/* Whether policies come in another order; what differs is in told. */
static bool
compare(const char *a, const char *b)
{
	struct settings old, new;
	bool order;

	told[0] = '\0';
	read_conf(a, &old);
	read_conf(b, &new);
	policy_diff(&old, &new, tell, NULL);
	order = policy_diff_order(&old, &new);
	settings_done(&old);
	settings_done(&new);
	return order;
}

static const char one[] = "policy a { users = {\"u\"} countries = {\"NO\"} }\n"
			  "policy b { users = {\"v\"} countries = {\"SE\"} }\n";

static void
the_same_has_no_difference(void **state)
{
	(void)state;
	assert_false(compare(one, one));
	assert_string_equal(told, "");
	/* nor has the same in other words */
	assert_false(compare(one,
	    "# comment\nmode = enforce\n"
	    "policy \"a\" { countries = NO users = u }\n"
	    "policy b { users = {\"v\"} countries = {\"SE\"} }\n"));
	assert_string_equal(told, "");
}

static void
a_value_is_changed_added_or_taken_out(void **state)
{
	(void)state;
	assert_false(compare(one,
	    "help = \"Call\"\n"
	    "policy a { users = {\"u\"} countries = {\"NO\", \"DK\"} }\n"
	    "policy b { users = {\"v\"} countries = {\"SE\"} "
	    "mode = observe }\n"));
	assert_string_equal(told,
	    "[]help:\"\">\"Call\"\n"
	    "[policy a]countries:{\"NO\"}>{\"NO\", \"DK\"}\n"
	    "[policy b]mode:\"enforce\">\"observe\"\n");
}

static void
of_a_list_by_lines_its_values_are(void **state)
{
	static const char a[] =
	    "policy p { countries = {\"NO\"} actions = {\"geo.country = "
	    "deny\", \"geo.unknown = log\"} }\n";
	static const char b[] =
	    "policy p { countries = {\"NO\"} actions = {\"geo.unknown = "
	    "log\", \"geo.country = log\", \"geo.stale = deny\"} }\n";

	(void)state;
	(void)compare(a, b);
	assert_string_equal(told,
	    "[policy p]actions:\"geo.country = deny\">\n"
	    "[policy p]actions:>\"geo.country = log\"\n"
	    "[policy p]actions:>\"geo.stale = deny\"\n");
}

static void
what_is_shipped_changes_with_what_is_configured(void **state)
{
	(void)state;
	(void)compare(one,
	    "step_up = totp\n"
	    "policy a { users = {\"u\"} countries = {\"NO\"} }\n"
	    "policy b { users = {\"v\"} countries = {\"SE\"} }\n");
	assert_non_null(strstr(told,
	    "[shipped actions]geo.country:deny>challenge\n"));
	assert_non_null(strstr(told,
	    "[shipped actions]net.anonymizer:vpn:deny>challenge\n"));
	assert_null(strstr(told, "shipped failures"));
}

static void
sections_are_new_or_gone(void **state)
{
	(void)state;
	assert_false(compare(one,
	    "network n { cidr = {\"192.0.2.0/24\"} place = NO }\n"
	    "policy b { users = {\"v\"} countries = {\"SE\"} }\n"));
	assert_string_equal(told,
	    "[policy a-]users:{\"u\"}>\n"
	    "[policy a-]countries:{\"NO\"}>\n"
	    "[policy a-]mode:\"enforce\">\n"
	    "[network n+]cidr:>{\"192.0.2.0/24\"}\n"
	    "[network n+]place:>\"NO\"\n"
	    "[network n+]trust:>\"none\"\n");
}

/* The first that matches is used. */
static void
the_order_of_policies_counts(void **state)
{
	(void)state;
	assert_true(compare(one,
	    "policy b { users = {\"v\"} countries = {\"SE\"} }\n"
	    "policy a { users = {\"u\"} countries = {\"NO\"} }\n"));
	assert_string_equal(told, "");
	assert_false(compare(one,
	    "policy x { users = {\"w\"} countries = {\"SE\"} }\n"
	    "policy a { users = {\"u\"} countries = {\"NO\"} }\n"));
}

#define LISTED "network vpn { cidr = {\"192.0.2.0/24\"} label = \"vpn\" }\n"

static void
a_combination_is_of_its_policy(void **state)
{
	static const char a[] = LISTED
	    "policy p { countries = {\"NO\"} actions = {\"geo.country = log\"} "
	    "combination c { findings = {\"geo.country\", \"net.listed\"} "
	    "action = \"deny\" } }\n";

	(void)state;
	(void)compare(LISTED "policy p { countries = {\"NO\"} actions = "
			     "{\"geo.country = log\"} }\n",
	    a);
	assert_non_null(strstr(told, "[policy p, combination c+]action:>"));
	(void)compare(a, a);
	assert_string_equal(told, "");
}

static void
what_is_no_dump_is_refused(void **state)
{
	static const char *const bad[] = { "policy p {\n", "}\n", "x\n",
		"a = {\n", "a {\nb {\nc {\n}\n}\n}\n" };
	struct settings s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(settings_read(bad[i], &s), FG_ERR_FORMAT);
		settings_done(&s);
	}
	assert_int_equal(settings_read("", &s), 0);
	assert_int_equal(s.n, 0);
	settings_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_has_no_difference),
		cmocka_unit_test(a_value_is_changed_added_or_taken_out),
		cmocka_unit_test(of_a_list_by_lines_its_values_are),
		cmocka_unit_test(
		    what_is_shipped_changes_with_what_is_configured),
		cmocka_unit_test(sections_are_new_or_gone),
		cmocka_unit_test(the_order_of_policies_counts),
		cmocka_unit_test(a_combination_is_of_its_policy),
		cmocka_unit_test(what_is_no_dump_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
