/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The meaning of values. They come from other people's files: every text is
 * bounded, nothing is terminated, and a number may be none.
 */
#include "policyd/geo/geo_value.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "policyd/conf/countries.h"
#include "policyd/geo/country_name.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"

#define NUMBER_MAX 32u /* bytes of a number in a text */
#define DIGITS_MAX 15u /* that a double holds exactly; more are rounded off */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
text_is(const struct geo_value *v, const char *want)
{
	return v->type == GEO_VALUE_TEXT && v->len == strlen(want) &&
	    strncasecmp(v->text, want, v->len) == 0;
}

/* strtod(3) would take hexadecimals, "inf" and whatever the locale has. */
static bool
parse_decimal(const char *s, size_t len, double *ret_number)
{
	bool negative = len > 0 && s[0] == '-', point = false;
	double mantissa = 0, scale = 1;
	size_t i, digits = 0;

	if (len > NUMBER_MAX)
		return false;
	for (i = negative ? 1 : 0; i < len; i++) {
		if (s[i] == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (!is_digit(s[i]))
			return false;
		digits++;
		if (digits > DIGITS_MAX && point)
			continue;
		mantissa = mantissa * 10 + (s[i] - '0');
		scale *= point ? 10 : 1;
	}
	if (digits == 0 || s[len - 1] == '.')
		return false;
	*ret_number = (negative ? -mantissa : mantissa) / scale;
	return true;
}

bool
geo_value_number(const struct geo_value *v, double *ret_number)
{
	*ret_number = 0;
	if (v->type == GEO_VALUE_TEXT)
		return parse_decimal(v->text, v->len, ret_number);
	if (v->type != GEO_VALUE_NUMBER || !isfinite(v->number))
		return false;
	*ret_number = v->number;
	return true;
}

bool
geo_value_flag(const struct geo_value *v, bool *ret_set)
{
	*ret_set = false;
	if (v->type == GEO_VALUE_BOOL || v->type == GEO_VALUE_NUMBER) {
		*ret_set = v->number == 1;
		return v->number == 0 || v->number == 1;
	}
	if (v->type != GEO_VALUE_TEXT)
		return false;
	*ret_set = text_is(v, "true") || text_is(v, "yes") || text_is(v, "1");
	return *ret_set || v->len == 0 || text_is(v, "false") ||
	    text_is(v, "no") || text_is(v, "0");
}

/* "EU", "AP" and "ZZ" occur, and are no countries. */
bool
geo_value_country(const struct geo_value *v, char ret_country[3])
{
	size_t i;

	ret_country[0] = '\0';
	if (v->type != GEO_VALUE_TEXT)
		return false;
	if (v->len != 2)
		return country_from_name(v->text, v->len, ret_country);
	for (i = 0; i < 2; i++) {
		char c = v->text[i];

		ret_country[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
	ret_country[2] = '\0';
	if (country_is_known(ret_country))
		return true;
	return country_from_name(v->text, v->len, ret_country);
}

bool
geo_value_asn(const struct geo_value *v, uint32_t *ret_asn)
{
	struct geo_value rest = *v;
	double number;

	*ret_asn = 0;
	if (v->type == GEO_VALUE_TEXT && v->len > 2 &&
	    strncasecmp(v->text, "AS", 2) == 0) {
		rest.text += 2;
		rest.len -= 2;
	}
	if (!geo_value_number(&rest, &number) || !(number >= 1) ||
	    number > UINT32_MAX || number != (double)(uint32_t)number)
		return false;
	*ret_asn = (uint32_t)number;
	return true;
}

bool
geo_value_day(const struct geo_value *v, int64_t *ret_s)
{
	const char *s = v->text;
	int64_t days;

	*ret_s = 0;
	if (v->type != GEO_VALUE_TEXT || v->len != strlen("2026-03-31") ||
	    !civil_take_day(&s, &days))
		return false;
	*ret_s = days * CIVIL_DAY_S;
	return true;
}

bool
geo_value_text(const struct geo_value *v, char *ret_text, size_t size)
{
	size_t used = 0, n;
	uint32_t cp;

	ret_text[0] = '\0';
	if (v->type != GEO_VALUE_TEXT || v->len == 0)
		return false;
	while (used < v->len) {
		n = text_utf8_next(v->text + used, v->len - used, &cp);
		if (n == 0 || cp == 0) {
			ret_text[0] = '\0';
			return false;
		}
		if (n > size - 1 - used)
			break;
		memcpy(ret_text + used, v->text + used, n);
		used += n;
	}
	ret_text[used] = '\0';
	return true;
}
