/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vendors' values mean: numbers, flags, AS numbers, days and texts that
 * are written in every way, and countries by their names.
 */
#include "policyd/geo/geo_value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/conf/countries.h"
#include "policyd/geo/country_name.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

/* In memory of its own size, so that a byte too far is seen. */
static struct geo_value
text_value(const char *text)
{
	struct geo_value v = { .type = GEO_VALUE_TEXT, .len = strlen(text) };
	char *copy = malloc(v.len + 1);

	assert_non_null(copy);
	memcpy(copy, text, v.len);
	v.text = realloc(copy, v.len > 0 ? v.len : 1);
	assert_non_null(v.text);
	return v;
}

static void
text_done(struct geo_value *v)
{
	char *text;

	memcpy(&text, &v->text, sizeof(text));
	free(text);
}

static struct geo_value
number_value(double number)
{
	struct geo_value v = { .type = GEO_VALUE_NUMBER, .number = number };

	return v;
}

static struct geo_value
bool_value(bool set)
{
	struct geo_value v = { .type = GEO_VALUE_BOOL, .number = set };

	return v;
}

static const enum geo_value_type no_scalars[] = { GEO_VALUE_NONE, GEO_VALUE_MAP,
	GEO_VALUE_OTHER };

static void
test_numbers_are_plain_decimals(void **state)
{
	static const struct {
		const char *text;
		double want;
	} good[] = { { "0", 0 }, { "-0.0931", -0.0931 }, { "51.5142", 51.5142 },
		{ "007", 7 }, { "180", 180 }, { "0.000000000000000000001", 0 },
		{ "51.51420000000000000000000000", 51.5142 } };
	static const char *const bad[] = { "", "-", ".", "1.", ".5", "-.5",
		"1e5", "0x10", "inf", "nan", "NaN", "+1", " 1", "1 ", "1,5",
		"1.2.3", "--1", "1-", "\xd9\xa1",
		"111111111111111111111111111111111" };
	struct geo_value v;
	double number;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(good); i++) {
		v = text_value(good[i].text);
		assert_true(geo_value_number(&v, &number));
		assert_true(fabs(number - good[i].want) < 1e-12);
		text_done(&v);
	}
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		v = text_value(bad[i]);
		if (geo_value_number(&v, &number) || number != 0)
			fail_msg("\"%s\" is %f", bad[i], number);
		text_done(&v);
	}
	v = number_value(-12.25);
	assert_true(geo_value_number(&v, &number) && number == -12.25);
	v = number_value((double)NAN);
	assert_false(geo_value_number(&v, &number));
	v = number_value((double)INFINITY);
	assert_false(geo_value_number(&v, &number));
	v = bool_value(true);
	assert_false(geo_value_number(&v, &number));
	for (i = 0; i < N_ELEMENTS(no_scalars); i++) {
		v = number_value(1);
		v.type = no_scalars[i];
		assert_false(geo_value_number(&v, &number));
	}
}

static void
test_a_flag_is_raised_or_not_or_none(void **state)
{
	static const char *const raised[] = { "true", "TRUE", "True", "yes",
		"1" };
	static const char *const lowered[] = { "", "false", "No", "0" };
	static const char *const none[] = { "t", "2", "tor", "truee", "tru",
		" true", "-1" };
	struct geo_value v;
	bool set;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(raised); i++) {
		v = text_value(raised[i]);
		assert_true(geo_value_flag(&v, &set) && set);
		text_done(&v);
	}
	for (i = 0; i < N_ELEMENTS(lowered); i++) {
		v = text_value(lowered[i]);
		assert_true(geo_value_flag(&v, &set));
		assert_false(set);
		text_done(&v);
	}
	for (i = 0; i < N_ELEMENTS(none); i++) {
		v = text_value(none[i]);
		assert_false(geo_value_flag(&v, &set));
		assert_false(set);
		text_done(&v);
	}
	v = bool_value(true);
	assert_true(geo_value_flag(&v, &set) && set);
	v = bool_value(false);
	assert_true(geo_value_flag(&v, &set) && !set);
	v = number_value(1);
	assert_true(geo_value_flag(&v, &set) && set);
	v = number_value(0);
	assert_true(geo_value_flag(&v, &set) && !set);
	v = number_value(0.5);
	assert_false(geo_value_flag(&v, &set) || set);
	for (i = 0; i < N_ELEMENTS(no_scalars); i++) {
		v = number_value(1);
		v.type = no_scalars[i];
		assert_false(geo_value_flag(&v, &set) || set);
	}
}

static void
test_as_numbers_come_with_and_without_their_letters(void **state)
{
	static const struct {
		const char *text;
		uint32_t want; /* 0: none */
	} t[] = { { "AS13335", 13335 }, { "as1", 1 },
		{ "4294967295", UINT32_MAX }, { "AS4294967296", 0 },
		{ "AS0", 0 }, { "0", 0 }, { "AS", 0 }, { "", 0 },
		{ "A13335", 0 }, { "AS-1", 0 }, { "AS1.5", 0 }, { "ASAS1", 0 },
		{ "13335 Example", 0 }, { "-1", 0 } };
	static const double none[] = { 0, -1, 1.5, 4294967296.0, 1e300 };
	struct geo_value v;
	uint32_t asn;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		v = text_value(t[i].text);
		assert_int_equal(geo_value_asn(&v, &asn), t[i].want != 0);
		assert_int_equal(asn, t[i].want);
		text_done(&v);
	}
	for (i = 0; i < N_ELEMENTS(none); i++) {
		v = number_value(none[i]);
		assert_false(geo_value_asn(&v, &asn));
		assert_int_equal(asn, 0);
	}
	v = number_value(20712);
	assert_true(geo_value_asn(&v, &asn));
	assert_int_equal(asn, 20712);
}

static void
test_days_are_those_of_the_calendar(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none */
	} t[] = { { "1970-01-01", 0 }, { "1970-12-31", 31449600 },
		{ "2000-02-29", 951782400 }, { "2000-03-01", 951868800 },
		{ "2024-02-29", 1709164800 }, { "2025-04-14", 1744588800 },
		{ "2100-03-01", 4107542400 }, { "2100-02-29", -1 },
		{ "2025-02-29", -1 }, { "1969-12-31", -1 },
		{ "2025-00-01", -1 }, { "2025-13-01", -1 },
		{ "2025-01-00", -1 }, { "2025-01-32", -1 },
		{ "2025-04-31", -1 }, { "2025-1-1", -1 }, { "", -1 },
		{ "20250414", -1 }, { "2025/04/14", -1 }, { "2025-04-1x", -1 },
		{ "-025-04-14", -1 }, { "2025-04-14T", -1 } };
	struct geo_value v;
	int64_t got;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		v = text_value(t[i].text);
		assert_int_equal(geo_value_day(&v, &got), t[i].want >= 0);
		assert_int_equal(got, t[i].want >= 0 ? t[i].want : 0);
		text_done(&v);
	}
	v = number_value(1744588800);
	assert_false(geo_value_day(&v, &got));
}

static void
test_texts_are_whole_characters_or_none(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = { { "abc", "abc" }, { "abcdefgh", "abcdefg" },
		{ "abcdef\xc3\xa9", "abcdef" },
		{ "\xf0\x9f\x8c\x8d\xf0\x9f\x8c\x8d", "\xf0\x9f\x8c\x8d" },
		{ "", NULL }, { "a\xff", NULL }, { "\xc3", NULL },
		{ "\xed\xa0\x80", NULL } };
	struct geo_value v;
	char got[8];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		v = text_value(t[i].text);
		assert_int_equal(geo_value_text(&v, got, sizeof(got)),
		    t[i].want != NULL);
		assert_string_equal(got, t[i].want != NULL ? t[i].want : "");
		text_done(&v);
	}
	v.type = GEO_VALUE_TEXT;
	v.text = "n\0l";
	v.len = 3;
	assert_false(geo_value_text(&v, got, sizeof(got)));
}

static void
test_a_country_is_a_code_or_a_name(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = { { "GB", "GB" }, { "gb", "GB" }, { "UK", "GB" },
		{ "United Kingdom", "GB" }, { "UNITED STATES", "US" },
		{ "united states of america", "US" }, { "Sweden", "SE" },
		{ "Cote d'Ivoire", "CI" }, { "C\xc3\xb4te d'Ivoire", "CI" },
		{ "Ivory Coast", "CI" }, { "Korea, Republic of", "KR" },
		{ "North Korea", "KP" }, { "Congo (Kinshasa)", "CD" },
		{ "Congo", "CG" }, { "Niger", "NE" }, { "Nigeria", "NG" },
		{ "T\xc3\xbcrkiye", "TR" }, { "\xc3\x85land", "AX" },
		{ "Afghanistan", "AF" }, { "Zimbabwe", "ZW" }, { "", "" },
		{ "United", "" }, { "Swede", "" }, { "Swedenn", "" },
		{ "EU", "" }, { "ZZ", "" }, { "AP", "" }, { "Europe", "" },
		{ "GBR", "" }, { "..", "" }, { "\xff\xff", "" } };
	struct geo_value v;
	char got[3];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		v = text_value(t[i].text);
		if (geo_value_country(&v, got) != (t[i].want[0] != '\0') ||
		    strcmp(got, t[i].want) != 0)
			fail_msg("\"%s\" is \"%s\"", t[i].text, got);
		text_done(&v);
	}
	v = number_value(1);
	assert_false(geo_value_country(&v, got));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_plain_decimals),
		cmocka_unit_test(test_a_flag_is_raised_or_not_or_none),
		cmocka_unit_test(
		    test_as_numbers_come_with_and_without_their_letters),
		cmocka_unit_test(test_days_are_those_of_the_calendar),
		cmocka_unit_test(test_texts_are_whole_characters_or_none),
		cmocka_unit_test(test_a_country_is_a_code_or_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
