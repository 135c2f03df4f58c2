/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever its lists have in them, a report fits into one message, and says
 * how many it left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/control/control_parts.h"

static struct json *
report_new(void)
{
	struct json *json = json_new();

	json_set_bool(json, "degraded", true);
	return json;
}

static void
add_texts(struct json *json, const char *key, size_t n, size_t len)
{
	struct json *list = json_set_array(json, key);
	static char text[FG_REPORT_MAX];

	memset(text, 'x', len);
	text[len] = '\0';
	for (size_t i = 0; i < n; i++)
		json_add_string(list, text);
}

/* Its length once it is made to fit. */
static size_t
fit(struct json *json)
{
	size_t len;
	char *text;

	control_fit(json);
	assert_non_null(text = json_text(json));
	len = strlen(text);
	free(text);
	return len;
}

static void
assert_list(const struct json *json, const char *key, size_t n)
{
	const struct json *more = json_get(json, "more");
	size_t there = json_length(json_get(json, key));

	assert_int_equal(there + (size_t)json_get_int(more, key, 0), n);
}

static void
what_fits_is_left_alone(void **state)
{
	struct json *json = report_new();

	(void)state;
	add_texts(json, "warnings", 10, 100);
	add_texts(json, "holds", 0, 0);
	assert_true(fit(json) < FG_REPORT_MAX);
	assert_null(json_get(json, "more"));
	assert_int_equal(json_length(json_get(json, "warnings")), 10);
	json_free(json);
	/* To the last byte; the rest is {"degraded":true,"warnings":[""]}. */
	json = report_new();
	add_texts(json, "warnings", 1, FG_REPORT_MAX - 33);
	assert_int_equal(fit(json), FG_REPORT_MAX);
	assert_null(json_get(json, "more"));
	json_free(json);
	json = report_new();
	add_texts(json, "warnings", 1, FG_REPORT_MAX - 32);
	assert_true(fit(json) < 100);
	assert_list(json, "warnings", 1);
	json_free(json);
}

static void
one_long_list_is_cut(void **state)
{
	struct json *json = report_new();

	(void)state;
	add_texts(json, "warnings", 500, 200);
	json_set_int(json, "sessions", 7);
	assert_true(fit(json) <= FG_REPORT_MAX);
	assert_list(json, "warnings", 500);
	assert_true(json_length(json_get(json, "warnings")) > 20);
	assert_int_equal(json_get_int(json, "sessions", 0), 7);
	json_free(json);
}

/* And has what the others do not need, wherever it stands. */
static void
the_only_long_one_has_the_room(void **state)
{
	static const char *const lists[] = { "databases", "holds", "errors",
		"warnings", "anonymizer_coverage" };
	struct json *json;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		json = report_new();
		add_texts(json, lists[i], 100, 300);
		assert_in_range(fit(json), FG_REPORT_MAX - 600, FG_REPORT_MAX);
		assert_list(json, lists[i], 100);
		json_free(json);
	}
}

/* None of them takes the room of all others. */
static void
long_lists_share_the_room(void **state)
{
	static const char *const lists[] = { "databases", "holds", "errors",
		"warnings", "anonymizer_coverage" };
	struct json *json = report_new();

	(void)state;
	for (size_t i = 0; i < 5; i++)
		add_texts(json, lists[i], 100, 300);
	assert_true(fit(json) <= FG_REPORT_MAX);
	for (size_t i = 0; i < 5; i++) {
		assert_list(json, lists[i], 100);
		assert_in_range(json_length(json_get(json, lists[i])), 8, 13);
	}
	json_free(json);
}

static void
what_is_too_long_without_them_stays_so(void **state)
{
	struct json *json = report_new();

	(void)state;
	add_texts(json, "others", 10, 2000);
	add_texts(json, "holds", 10, 10);
	assert_true(fit(json) > FG_REPORT_MAX);
	assert_int_equal(json_length(json_get(json, "holds")), 10);
	json_free(json);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_left_alone),
		cmocka_unit_test(one_long_list_is_cut),
		cmocka_unit_test(the_only_long_one_has_the_room),
		cmocka_unit_test(long_lists_share_the_room),
		cmocka_unit_test(what_is_too_long_without_them_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
