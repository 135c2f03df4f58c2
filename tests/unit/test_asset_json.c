/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets as JSON: what is shown, and what is not.
 */
#include "policyd/device/asset_json.h"
#include "tests/unit/assets.h"

static char *
text_of(const struct asset *a)
{
	struct json *json = json_new();
	char *text;

	asset_to_json(a, json);
	text = json_text(json);
	json_free(json);
	assert_non_null(text);
	return text;
}

static void
want_text(const struct asset *a, const char *want)
{
	char *text = text_of(a);

	assert_string_equal(text, want);
	free(text);
}

static void
what_is_shown_sets_the_same_asset(void **state)
{
	struct asset a, again;
	const char *field;
	struct json *json;
	char *text;

	(void)state;
	for (unsigned int n = 0; n < 1000; n++) {
		random_asset(&a, n);
		text = text_of(&a);
		assert_non_null(json = json_parse(text, strlen(text)));
		asset_init(&again);
		for (size_t i = 0; asset_fields[i] != NULL; i++) {
			field = json_get_string(json, asset_fields[i], NULL);
			if (field != NULL)
				set(&again, asset_fields[i], field);
		}
		same_asset(&a, &again);
		json_free(json);
		free(text);
	}
}

static void
empty_columns_are_left_out(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	want_text(&a, "{\"form\":\"physical\",\"status\":\"issued\"}");
	set(&a, "asset_tag", "LT-0042");
	want_text(&a,
	    "{\"asset_tag\":\"LT-0042\",\"form\":\"physical\","
	    "\"status\":\"issued\"}");
}

static void
what_was_left_out_is_not_shown(void **state)
{
	const char *why;
	struct asset a;

	(void)state;
	asset_init(&a);
	assert_int_equal(asset_set(&a, "serial", "Default string", &why), 0);
	assert_int_not_equal(asset_set(&a, "uuid", "none", &why), 0);
	want_text(&a, "{\"form\":\"physical\",\"status\":\"issued\"}");
}

static void
a_city_has_a_point_only_once_it_was_found(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "location", "Oslo, NO");
	set(&a, "shipped_to", "Gate 4");
	want_text(&a,
	    "{\"form\":\"physical\",\"status\":\"issued\","
	    "\"location\":\"Oslo, NO\",\"shipped_to\":\"Gate 4\"}");
	a.location.has_point = true;
	a.location.latitude = 59.91273;
	a.location.longitude = -10.74609;
	want_text(&a,
	    "{\"form\":\"physical\",\"status\":\"issued\","
	    "\"location\":\"Oslo, NO\",\"shipped_to\":\"Gate 4\","
	    "\"location_point\":\"59.912730,-10.746090\"}");
	set(&a, "shipped_to", "0,-0.5");
	set(&a, "location", "");
	want_text(&a,
	    "{\"form\":\"physical\",\"status\":\"issued\","
	    "\"shipped_to\":\"0,-0.5\","
	    "\"shipped_to_point\":\"0.000000,-0.500000\"}");
}

static void
a_damaged_asset_is_still_shown(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	memcpy(a.tag, "a\xff", 3);
	a.form = ASSET_FORM_NONE;
	a.status = (enum asset_status)9;
	want_text(&a,
	    "{\"asset_tag\":\"a\\\\xff\",\"asset_tag_hex\":\"61ff\","
	    "\"form\":\"none\",\"status\":\"none\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_shown_sets_the_same_asset),
		TEST(empty_columns_are_left_out),
		TEST(what_was_left_out_is_not_shown),
		TEST(a_city_has_a_point_only_once_it_was_found),
		TEST(a_damaged_asset_is_still_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
