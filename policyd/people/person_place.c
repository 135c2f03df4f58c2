/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a person lives, and how far from there they may be.
 */
#include <string.h>
#include <strings.h>

#include "policyd/people/person_parts.h"
#include "policyd/people/point.h"
#include "policyd/text.h"
#include "proto/result.h"

#define RADIUS_MIN_KM 1u
#define RADIUS_MAX_KM 20000u /* half way around */

_Static_assert(POINT_TEXT_MAX <= PERSON_HOME_MAX, "a home has room for it");

int
person_set_home(struct person *person, const char *text, const char **ret_why)
{
	int r;

	memset(person->home, 0, sizeof(person->home));
	r = point_parse(text, &person->has_point, &person->latitude,
	    &person->longitude, ret_why);
	if (r == 0)
		memcpy(person->home, text, strlen(text));
	return r;
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
		return cell_wrong("is no radius; write whole kilometres "
				  "with their unit, such as 100km",
		    ret_why);
	memcpy(digits, text, n);
	if (text_parse_uint(digits, RADIUS_MIN_KM, RADIUS_MAX_KM, &km) != 0)
		return cell_too_long("is not from 1km to 20000km; write "
				     "another one, or leave it empty for "
				     "no limit",
		    ret_why);
	person->radius_km = (double)km;
	return 0;
}
