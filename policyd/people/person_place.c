/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a person lives, and how far from there they may be.
 */
#include <string.h>
#include <strings.h>

#include "policyd/conf/countries.h"
#include "policyd/people/degrees.h"
#include "policyd/people/person_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define RADIUS_MIN_KM 1u
#define RADIUS_MAX_KM 20000u /* half way around */

/* "City, CC"; cities.c finds out where that is. */
static bool
is_city(const char *text)
{
	const char *comma = strrchr(text, ',');
	const char *code;
	char upper[3];

	if (comma == NULL || comma == text || !person_is_visible(text) ||
	    person_is_formula(text))
		return false;
	code = comma + 1 + strspn(comma + 1, " ");
	if (strlen(code) != 2)
		return false;
	for (size_t i = 0; i < 3; i++)
		upper[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ?
			code[i] - 'a' + 'A' :
			code[i]);
	return country_is_known(upper);
}

static bool
looks_like_degrees(const char *text)
{
	return strchr("0123456789+-", text[0]) != NULL;
}

int
person_set_home(struct person *person, const char *text, const char **ret_why)
{
	memset(person->home, 0, sizeof(person->home));
	person->has_point = false;
	person->latitude = person->longitude = 0;
	if (strlen(text) > PERSON_HOME_MAX)
		return person_too_long("is longer than 96 bytes; write the "
				       "city and its country alone",
		    ret_why);
	if (looks_like_degrees(text)) {
		if (text[0] == '+' ||
		    degrees_parse_pair(text, &person->latitude,
			&person->longitude) != 0)
			return person_wrong("is no point; write degrees north "
					    "and east with a decimal point, "
					    "such as 59.91,10.75",
			    ret_why);
		person->has_point = true;
	} else if (!is_city(text)) {
		return person_wrong("is no place; write a city and the two "
				    "letters of its country, such as "
				    "\"Oslo, NO\", or degrees such as "
				    "59.91,10.75",
		    ret_why);
	}
	memcpy(person->home, text, strlen(text));
	return 0;
}

int
person_set_radius(struct person *person, const char *text, const char **ret_why)
{
	char digits[16] = "";
	size_t n = strspn(text, "0123456789");
	uint64_t km = 0;

	person->radius_km = 0;
	if (n == 0 || n >= sizeof(digits) ||
	    strcasecmp(text + n + strspn(text + n, " "), "km") != 0)
		return person_wrong("is no radius; write whole kilometres "
				    "with their unit, such as 100km",
		    ret_why);
	memcpy(digits, text, n);
	if (text_parse_uint(digits, RADIUS_MIN_KM, RADIUS_MAX_KM, &km) != 0)
		return person_too_long("is not from 1km to 20000km; write "
				       "another one, or leave it empty for "
				       "no limit",
		    ret_why);
	person->radius_km = (double)km;
	return 0;
}
