/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a record is, by the names of a person, and how often something was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/dossier/aliases.h"
#include "ctl/dossier/counts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* With ' for ". */
static bool
have(const struct aliases *names, const char *text)
{
	struct json *json;
	char line[512];
	bool is;

	assert_int_equal(text_copy(line, sizeof(line), text), 0);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	assert_non_null(json = json_parse(line, strlen(line)));
	is = aliases_have(names, json);
	json_free(json);
	return is;
}

static void
a_record_is_of_who_it_says(void **state)
{
	struct aliases names = { .n = 0 };

	(void)state;
	assert_int_equal(aliases_add(&names, "alice"), 0);
	assert_int_equal(aliases_add(&names, "alice.a"), 0);
	assert_int_equal(aliases_add(&names, "root"), 0);
	assert_int_equal(aliases_add(&names, "alice"), 0);
	assert_int_equal(aliases_add(&names, ""), 0);
	assert_int_equal(names.n, 3);
	assert_int_equal(aliases_add_asset(&names, "LT-7"), 0);
	assert_true(have(&names, "{'user':'alice'}"));
	assert_true(have(&names, "{'person':'alice.a'}"));
	assert_true(have(&names, "{'user':'x','person':{'user':'alice.a'}}"));
	assert_true(have(&names, "{'users':['bob','alice.a']}"));
	assert_true(have(&names, "{'accounts':['alice']}"));
	assert_true(have(&names, "{'asset':'LT-7'}"));
	assert_false(have(&names, "{'user':'LT-7'}"));
	assert_false(have(&names, "{'asset':'alice'}"));
	assert_false(have(&names, "{'user':'bob'}"));
	assert_false(have(&names, "{}"));
	/* by an account of several people, it is theirs who did it */
	assert_true(have(&names, "{'user':'root','person':{'user':'bob'}}"));
	names.is_person = true;
	assert_false(have(&names, "{'user':'root','person':{'user':'bob'}}"));
	assert_false(have(&names, "{'user':'root','person':'bob'}"));
	assert_true(have(&names,
	    "{'user':'root','person':{'user':'alice.a'}}"));
	assert_true(have(&names, "{'user':'root'}"));
	aliases_done(&names);
}

static void
lines_without_a_name_are_passed_over(void **state)
{
	static const char line[] =
	    "{\"user\":\"a\\\"\\u00E9\",\"x\":\"bobby\"}";
	struct aliases names = { .n = 0 };

	(void)state;
	assert_int_equal(aliases_add(&names, "bob"), 0);
	assert_false(aliases_may_be_in(&names, line, sizeof(line) - 1));
	/* as JSON has it */
	assert_int_equal(aliases_add(&names, "a\"\xc3\xa9"), 0);
	assert_true(aliases_may_be_in(&names, line, sizeof(line) - 1));
	aliases_done(&names);
}

static void
there_are_not_too_many_names(void **state)
{
	struct aliases names = { .n = 0 };
	char name[16];

	(void)state;
	for (unsigned int i = 0; i < NAMES_MAX; i++) {
		(void)text_format(name, sizeof(name), "n%u", i);
		assert_int_equal(aliases_add(&names, name), 0);
	}
	assert_int_equal(aliases_add(&names, "one more"), FG_ERR_LIMIT);
	aliases_done(&names);
}

static void
each_name_is_counted(void **state)
{
	struct counts counts = { .n = 0 };
	struct json *json = json_new();
	char long_name[2 * COUNTS_NAME_SIZE], name[16], *text;

	(void)state;
	assert_int_equal(counts_add(&counts, "NO", false, "1"), 0);
	assert_int_equal(counts_add(&counts, "BR", true, "2"), 0);
	assert_int_equal(counts_add(&counts, "NO", false, "3"), 0);
	assert_int_equal(counts_add(&counts, "NO", true, "4"), 0);
	counts_set(&counts, json, "by");
	assert_non_null(text = json_text(json));
	assert_string_equal(text,
	    "{\"by\":[{\"name\":\"NO\",\"in\":2,\"refused\":1,\"first\":\"1\","
	    "\"last\":\"4\"},{\"name\":\"BR\",\"in\":0,\"refused\":1,"
	    "\"first\":\"2\",\"last\":\"2\"}]}");
	json_text_free(text);
	json_free(json);
	/* one that is cut is the same one again */
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(counts_add(&counts, long_name, false, "5"), 0);
	assert_int_equal(counts_add(&counts, long_name, false, "6"), 0);
	assert_int_equal(counts.n, 3);
	for (unsigned int i = 0; i < COUNTS_NAMES_MAX; i++) {
		(void)text_format(name, sizeof(name), "n%u", i);
		assert_int_equal(counts_add(&counts, name, false, "7"), 0);
	}
	assert_int_equal(counts.n, COUNTS_NAMES_MAX);
	assert_int_equal(counts.others, 3);
	counts_done(&counts);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_of_who_it_says),
		cmocka_unit_test(lines_without_a_name_are_passed_over),
		cmocka_unit_test(there_are_not_too_many_names),
		cmocka_unit_test(each_name_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
