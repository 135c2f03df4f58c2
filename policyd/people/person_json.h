/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person as JSON and back, for farmgatectl. Members are the columns of
 * people.csv with their text; empty ones are left out. "point" has a home's
 * coordinates, which a city's name alone does not say.
 */
#ifndef FG_PERSON_JSON_H
#define FG_PERSON_JSON_H

#include "policyd/json/json.h"
#include "policyd/people/person.h"

void	person_to_json(const struct person *person, struct json *json);

/* Returns 0 or FG_ERR_FORMAT. */
int	person_from_json(const struct json *json, struct person *ret_person);

/* Whether json has the members that person_to_json() writes of the person, each
 * of them a text, and no others. */
bool	person_json_is_all(const struct json *json,
	    const struct person *person);

#endif
