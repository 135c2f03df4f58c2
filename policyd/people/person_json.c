/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person as JSON: the columns' own text, so that there is one parser only.
 */
#include "policyd/people/person_json.h"

#include "policyd/people/degrees.h"
#include "policyd/text.h"
#include "proto/result.h"

#include <string.h>

#define POINT "point"

void
person_to_json(const struct person *person, struct json *json)
{
	char value[PERSON_FIELD_MAX], point[DEGREES_PAIR_MAX];

	for (size_t i = 0; person_fields[i] != NULL; i++) {
		(void)person_get(person, person_fields[i], value);
		if (value[0] == '\0')
			continue;
		if (text_is_utf8(value, strlen(value)))
			json_set_string(json, person_fields[i], value);
		else /* no person that was set; a damaged one is shown */
			json_set_untrusted(json, person_fields[i], value);
	}
	if (person->has_point)
		json_set_string(json, POINT,
		    degrees_format_pair(person->latitude, person->longitude,
			point));
}

/* The point of a home that is a city. */
static int
set_point(const struct json *json, struct person *person)
{
	const char *point = json_get_string(json, POINT, NULL);

	if (point == NULL || person->home[0] == '\0' || person->has_point)
		return 0;
	if (degrees_parse_pair(point, &person->latitude, &person->longitude) !=
	    0)
		return FG_ERR_FORMAT;
	person->has_point = true;
	return 0;
}

int
person_from_json(const struct json *json, struct person *ret_person)
{
	const char *text, *why;

	person_init(ret_person);
	for (size_t i = 0; person_fields[i] != NULL; i++) {
		text = json_get_string(json, person_fields[i], NULL);
		if (text != NULL &&
		    person_set(ret_person, person_fields[i], text, &why) != 0)
			goto bad;
	}
	if (set_point(json, ret_person) == 0 &&
	    person_finish(ret_person, &why) == 0)
		return 0;
bad:
	person_init(ret_person);
	return FG_ERR_FORMAT;
}

static bool
has_text(const struct json *json, const char *key)
{
	return json_get_string(json, key, NULL) != NULL;
}

bool
person_json_is_all(const struct json *json, const struct person *person)
{
	struct json *all = json_new();
	size_t i, n;
	bool same;

	person_to_json(person, all);
	n = has_text(json, POINT);
	same = has_text(json, POINT) == has_text(all, POINT);
	for (i = 0; person_fields[i] != NULL; i++) {
		n += has_text(json, person_fields[i]);
		same &= has_text(json, person_fields[i]) ==
		    has_text(all, person_fields[i]);
	}
	json_free(all);
	return same && n == json_members(json);
}
