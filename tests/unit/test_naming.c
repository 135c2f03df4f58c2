/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records name somebody: as a value of a member of people or in a list,
 * and nothing that only looks so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/audit/naming.h"
#include "proto/result.h"

static bool
names(const char *name, const char *line)
{
	struct naming *naming = naming_new();
	bool has;

	assert_non_null(naming);
	assert_int_equal(naming_add(naming, name), 0);
	has = naming_has(naming, line, strlen(line));
	naming_free(naming);
	return has;
}

static void
test_a_member_of_people_names_them(void **state)
{
	static const char *const lines[] = {
		"{\"v\":1,\"user\":\"alice\",\"x\":1}",
		"{\"person\":{\"user\":\"alice\"},\"x\":1}",
		"{\"v\":1,\"ruser\":\"alice\",\"x\":1}",
		"{\"command\":\"dossier\",\"about\":\"alice\",\"x\":1}",
		"{\"device\":{\"issued\":\"others\",\"to\":\"alice\"},\"x\":1}",
		"{\"accounts\":[\"alice\"],\"x\":1}",
		"{\"accounts\":[\"bob\",\"alice\",\"carol\"],\"x\":1}",
		"{\"sharers\":[{\"user\":\"bob\"},{\"user\":\"alice\"}],\"x\":"
		"1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_true(names("alice", lines[i]));
		assert_false(names("alic", lines[i]));
		assert_false(names("lice", lines[i]));
	}
}

static void
test_what_only_looks_so_does_not(void **state)
{
	(void)state;
	/* keys, other members, and what stands within a string */
	assert_false(names("user", "{\"v\":1,\"user\":\"bob\",\"x\":1}"));
	assert_false(names("allow", "{\"v\":1,\"verdict\":\"allow\",\"x\":1}"));
	assert_false(names("alice",
	    "{\"text\":\"a \\\"user\\\":\\\"alice\\\" b\",\"x\":1}"));
	assert_false(names("alice", "{\"text\":\"alice\",\"x\":1}"));
	assert_false(names("alice", "{\"x_user\":\"alice\",\"x\":1}"));
	assert_false(names("alice", "\"alice\""));
	assert_false(names("alice", ""));
}

static void
test_odd_names_are_found_as_they_are_written(void **state)
{
	(void)state;
	assert_true(names("\xc3\xa4",
			"{\"v\":1,\"user\":\"\\u00e4\",\"x\":1}") ||
	    names("\xc3\xa4", "{\"v\":1,\"user\":\"\\u00E4\",\"x\":1}"));
	assert_true(names("a\"b", "{\"v\":1,\"user\":\"a\\\"b\",\"x\":1}"));
	assert_true(names("\xff",
	    "{\"v\":1,\"user\":\"\\\\xff\",\"user_hex\":\"ff\",\"x\":1}"));
	assert_false(names("\xff", "{\"v\":1,\"user\":\"ff\",\"x\":1}") &&
	    names("ff", "{\"v\":1,\"user\":\"\\\\xff\",\"x\":1}"));
}

static void
test_what_somebody_did_is_theirs(void **state)
{
	static const char line[] = "{\"event\":\"revocation\",\"user\":\"bob\","
				   "\"by\":{\"uid\":0,\"loginuid\":1003}}";
	struct naming *naming = naming_new();

	(void)state;
	assert_int_equal(naming_add_id(naming, 100), 0);
	assert_false(naming_has(naming, line, strlen(line)));
	assert_int_equal(naming_add_id(naming, 1003), 0);
	assert_true(naming_has(naming, line, strlen(line)));
	naming_free(naming);
}

static void
test_there_are_only_so_many_names(void **state)
{
	struct naming *naming = naming_new();

	(void)state;
	for (size_t i = 0; i < NAMING_NAMES_MAX; i++)
		assert_int_equal(naming_add(naming, "x"), 0);
	assert_int_equal(naming_add(naming, "x"), FG_ERR_LIMIT);
	naming_free(naming);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_member_of_people_names_them),
		cmocka_unit_test(test_what_only_looks_so_does_not),
		cmocka_unit_test(test_odd_names_are_found_as_they_are_written),
		cmocka_unit_test(test_what_somebody_did_is_theirs),
		cmocka_unit_test(test_there_are_only_so_many_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
