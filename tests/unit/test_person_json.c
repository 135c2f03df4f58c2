/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People as JSON, there and back.
 */
#include "policyd/people/person_json.h"
#include "tests/unit/people.h"

static char *
text_of(const struct person *p)
{
	struct json *json = json_new();
	char *text;

	person_to_json(p, json);
	text = json_text(json);
	json_free(json);
	assert_non_null(text);
	return text;
}

static void
what_is_shown_reads_back_to_the_same_person(void **state)
{
	struct person p, again;
	struct json *json;
	char *text;

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		random_person(&p, i);
		if (i % 3 == 0 && p.kind != PERSON_KIND_SERVICE) {
			set(&p, "home", "Oslo, NO");
			p.has_point = true;
			p.latitude = 59.91273;
			p.longitude = -10.74609;
		}
		text = text_of(&p);
		assert_non_null(json = json_parse(text, strlen(text)));
		assert_int_equal(person_from_json(json, &again), 0);
		same_person(&p, &again);
		json_free(json);
		free(text);
	}
}

static void
empty_columns_are_left_out(void **state)
{
	struct person p;
	char *text;

	(void)state;
	person_init(&p);
	set(&p, "user", "alice");
	finish(&p);
	text = text_of(&p);
	assert_string_equal(text,
	    "{\"user\":\"alice\",\"kind\":\"person\",\"status\":\"active\"}");
	free(text);
}

static void
what_is_no_person_is_refused(void **state)
{
	static const char *const bad[] = { "{}", "{\"name\":\"Alice\"}",
		"{\"user\":\"\"}", "{\"user\":1}",
		"{\"user\":\"a\",\"kind\":\"robot\"}",
		"{\"user\":\"a\",\"kind\":\"service\"}",
		"{\"user\":\"a\",\"countries\":\"XX\"}",
		"{\"user\":\"a\",\"home\":\"Oslo, NO\",\"point\":\"x\"}",
		"{\"user\":\"a\",\"home\":\"Oslo, NO\",\"point\":\"91,0\"}",
		"{\"user\":\"a\\u202e\"}",
		"{\"user\":\"a\",\"status\":\"Actived\"}" };
	struct person p, empty;
	struct json *json;

	(void)state;
	person_init(&empty);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_non_null(json = json_parse(bad[i], strlen(bad[i])));
		if (person_from_json(json, &p) != FG_ERR_FORMAT)
			fail_msg("%s", bad[i]);
		assert_memory_equal(&p, &empty, sizeof(p));
		json_free(json);
	}
}

static void
a_damaged_person_is_still_shown(void **state)
{
	struct person p;
	char *text;

	(void)state;
	person_init(&p);
	memcpy(p.user, "a\xff", 3);
	text = text_of(&p);
	assert_non_null(strstr(text, "\"user_hex\":\"61ff\""));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_shown_reads_back_to_the_same_person),
		TEST(empty_columns_are_left_out),
		TEST(what_is_no_person_is_refused),
		TEST(a_damaged_person_is_still_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
