/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of an import as large as it may be the record names a few, and each kind of
 * change has its own.
 */
#include "policyd/control/control_named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/people/person.h"

/* Whether it had room. */
static bool
add(struct control_named *named, char what, const char *user)
{
	struct json *change;

	if (!control_named_may(named, what))
		return false;
	change = json_new();
	json_set_string(change, "change", control_change_name(what));
	json_set_untrusted(change, "user", user);
	control_named_add(named, what, change);
	return true;
}

static void
fill(struct control_named *named, char what, size_t n)
{
	char user[32];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(user, sizeof(user), "%c%06zu", what, i);
		(void)add(named, what, user);
	}
}

static void
test_the_first_of_each_kind_are_named(void **state)
{
	struct control_named named = { .json = NULL };
	const struct json *list;

	(void)state;
	fill(&named, 'A', 100000);
	fill(&named, 'C', 2);
	fill(&named, 'R', 100000);
	fill(&named, 'D', 100000);
	list = json_get(named.json, "named");
	assert_int_equal(json_length(list), 3 * CONTROL_NAMED_MAX + 2);
	assert_string_equal(json_get_string(json_at(list, 0), "user", ""),
	    "A000000");
	assert_string_equal(json_get_string(json_at(list, 64), "change", ""),
	    "changed");
	assert_string_equal(json_get_string(json_at(list, 66), "change", ""),
	    "removed");
	assert_string_equal(json_get_string(json_at(list, 193), "user", ""),
	    "D000063");
	json_free(named.json);
}

/* Bytes that are none of UTF-8 are the longest. */
static void
test_long_names_take_no_more_than_there_is(void **state)
{
	struct control_named named = { .json = NULL };
	char user[FG_USER_MAX + 1];
	size_t before;
	char *text;

	(void)state;
	memset(user, 0x81, FG_USER_MAX);
	user[FG_USER_MAX] = '\0';
	for (const char *what = "ACRD"; *what != '\0'; what++)
		while (add(&named, *what, user))
			;
	before = json_length(json_get(named.json, "named"));
	assert_in_range(before, 4, 12);
	/* a short one behind it would be out of order */
	assert_false(add(&named, 'A', "x"));
	text = json_text(named.json);
	assert_in_range(strlen(text), 4 * 2000, FG_DATA_MAX);
	json_text_free(text);
	json_free(named.json);
}

/* An entry's own name is as long as that, and all of its fields differ. */
static void
test_all_fields_are_named(void **state)
{
	static struct person a, b;
	char fields[PERSON_DIFFER_SIZE], want[PERSON_DIFFER_SIZE] = "";

	(void)state;
	person_differ(&a, &b, fields);
	assert_string_equal(fields, "");
	memset(&b, 1, sizeof(b));
	person_differ(&a, &b, fields);
	for (size_t i = 0; person_fields[i] != NULL; i++) {
		if (i > 0)
			strcat(want, " ");
		strcat(want, person_fields[i]);
	}
	assert_string_equal(fields, want);
}

/* Whoever has taken the worker over writes no other member of a record. */
static void
test_the_record_takes_these_alone(void **state)
{
	static const char text[] =
	    "{\"ok\":true,\"by\":{\"uid\":0},"
	    "\"named\":[{\"change\":\"added\",\"user\":\"bob\"},7]}";
	struct json *said = json_parse(text, sizeof(text) - 1);
	struct json *record = json_new();
	const struct json *list;

	(void)state;
	json_set_bool(record, "ok", false);
	control_named_record(record, NULL);
	assert_null(json_get(record, "named"));
	control_named_record(record, said);
	assert_false(json_get_bool(record, "ok", true));
	assert_null(json_get(record, "by"));
	list = json_get(record, "named");
	assert_int_equal(json_length(list), 2);
	assert_string_equal(json_get_string(json_at(list, 0), "user", ""),
	    "bob");
	json_free(said);
	json_free(record);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_of_each_kind_are_named),
		cmocka_unit_test(test_long_names_take_no_more_than_there_is),
		cmocka_unit_test(test_all_fields_are_named),
		cmocka_unit_test(test_the_record_takes_these_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
