/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What imports of files have in common: the argument "map", which says which of
 * the columns is which field, and the list of cities.
 */
#include <string.h>

#include "policyd/control/control_map.h"
#include "policyd/text.h"
#include "proto/result.h"

static bool
field_exists(const char *const *fields, const char *field)
{
	size_t i;

	for (i = 0; fields[i] != NULL; i++)
		if (strcmp(fields[i], field) == 0)
			return true;
	return field[0] == '\0';
}

bool
control_map_check(struct control_job *job, const char *const *fields)
{
	const struct json *list = json_get(job->args, "map");
	const char *column, *field;
	size_t i;

	if (json_length(list) > CSV_TABLE_MAP_MAX) {
		control_problem(job, "more than %u maps", CSV_TABLE_MAP_MAX);
		return false;
	}
	for (i = 0; i < json_length(list); i++) {
		column = json_get_string(json_at(list, i), "column", "");
		field = json_get_string(json_at(list, i), "field", NULL);
		if (column[0] != '\0' && field != NULL &&
		    field_exists(fields, field))
			continue;
		control_problem(job,
		    "map %s=%s: there is no field %s; the fields are those of "
		    "farmgatectl inventory export, and none leaves the column "
		    "out",
		    column, field != NULL ? field : "",
		    field != NULL ? field : "");
		return false;
	}
	return true;
}

size_t
control_map_read(const struct control_job *job,
    struct csv_table_map map[CSV_TABLE_MAP_MAX])
{
	const struct json *list = json_get(job->args, "map");
	size_t n;

	for (n = 0; n < json_length(list); n++) {
		map[n].column = json_get_string(json_at(list, n), "column", "");
		map[n].field = json_get_string(json_at(list, n), "field", "");
	}
	return n;
}

int
control_cities_open(struct cities **ret_cities,
    char ret_why[CONTROL_PROBLEM_MAX])
{
	const char *why;
	int r = cities_open(CITIES_FILE, ret_cities, &why);

	ret_why[0] = '\0';
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		return 0;
	if (r == FG_ERR_NOMEM)
		return r;
	if (r == FG_ERR_FORMAT)
		why = "has a line that is none of its form; run "
		      "farmgate-geodata, which makes it anew";
	(void)text_format(ret_why, CONTROL_PROBLEM_MAX,
	    CITIES_FILE "%s %s; places need coordinates without it",
	    why == NULL ? ":" : "", why == NULL ? text_error(r) : why);
	return 0;
}
