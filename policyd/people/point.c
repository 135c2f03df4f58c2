/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be said of a place, and the point that belongs to it.
 */
#include "policyd/people/point.h"

#include <stddef.h>
#include <string.h>

#include "policyd/conf/countries.h"
#include "policyd/people/cell.h"
#include "policyd/people/degrees.h"
#include "policyd/text.h"
#include "proto/result.h"

/* "City, CC"; cities.c finds out where that is. */
static bool
is_city(const char *text)
{
	const char *comma = strrchr(text, ',');
	const char *code;
	char upper[3];

	if (comma == NULL || comma == text || !cell_is_visible(text) ||
	    cell_is_formula(text))
		return false;
	code = comma + 1 + strspn(comma + 1, " ");
	if (strlen(code) != 2)
		return false;
	for (size_t i = 0; i < 3; i++)
		upper[i] = text_upper(code[i]);
	return country_is_known(upper);
}

/* It begins as degrees do, so it is no city, and perhaps no degrees. */
static bool
looks_like_degrees(const char *text)
{
	return strchr("0123456789+-", text[0]) != NULL;
}

int
point_parse(const char *text, bool *ret_has_point, double *ret_latitude,
    double *ret_longitude, const char **ret_why)
{
	*ret_has_point = false;
	*ret_latitude = *ret_longitude = 0;
	if (strlen(text) > POINT_TEXT_MAX)
		return cell_too_long("is longer than 96 bytes; write the "
				     "city and its country alone",
		    ret_why);
	if (looks_like_degrees(text)) {
		if (text[0] == '+' ||
		    degrees_parse_pair(text, ret_latitude, ret_longitude) != 0)
			return cell_wrong("is no point; write degrees north "
					  "and east with a decimal point, "
					  "such as 59.91,10.75",
			    ret_why);
		*ret_has_point = true;
	} else if (!is_city(text)) {
		return cell_wrong("is no place; write a city and the two "
				  "letters of its country, such as "
				  "\"Oslo, NO\", or degrees such as "
				  "59.91,10.75",
		    ret_why);
	}
	return 0;
}

int
point_find(const struct cities *cities, const char *city, double *ret_latitude,
    double *ret_longitude, const char **ret_why)
{
	*ret_latitude = *ret_longitude = 0;
	if (cities == NULL)
		*ret_why = "cannot be found without a list of cities; run "
			   "farmgate-geodata, or write degrees such as "
			   "59.91,10.75";
	else if (cities_find(cities, city, ret_latitude, ret_longitude) == 0)
		return 0;
	else
		*ret_why = "is not in the list of cities; write its English "
			   "name, a bigger city nearby, or degrees such as "
			   "59.91,10.75";
	return FG_ERR_NOT_FOUND;
}
