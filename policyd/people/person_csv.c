/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From rows to people, and back. What depends on this machine is asked here:
 * zones, and where a city is.
 */
#include "policyd/people/person_csv.h"

#include <stdlib.h>
#include <time.h>

#include "policyd/people/point.h"
#include "policyd/people/zone.h"
#include "proto/result.h"

_Static_assert(CSV_TABLE_VALUE_MAX >= PERSON_FIELD_MAX, "a value fits");

static const struct csv_table_kind people = { .fields = person_fields,
	.required = "user",
	.page = "farmgate-people(5)",
	.example = "user,name,countries",
	.other = "; a file of assets names a column asset_tag, or has one by "
		 "--map \"COLUMN=asset_tag\"" };

struct person_csv {
	struct csv_table *table;
	const struct cities *cities;
};

int
person_csv_open(FILE *in, const struct person_csv_options *options,
    struct person_csv **ret_csv)
{
	const struct csv_table_options table = { .kind = &people,
		.map = options->map,
		.nmap = options->nmap,
		.error = options->error,
		.arg = options->arg };
	struct person_csv *csv;
	int r;

	*ret_csv = NULL;
	if ((csv = calloc(1, sizeof(*csv))) == NULL)
		return FG_ERR_NOMEM;
	csv->cities = options->cities;
	if ((r = csv_table_open(in, &table, &csv->table)) != 0) {
		person_csv_free(csv);
		return r;
	}
	*ret_csv = csv;
	return 0;
}

static int
set_field(void *row, const char *field, const char *text, const char **ret_why)
{
	return person_set(row, field, text, ret_why);
}

static bool
place_person(struct person_csv *csv, struct person *person)
{
	const char *why;
	struct tm tm;

	if (zone_time(person->zone, 0, &tm) != 0) {
		csv_table_wrong_value(csv->table, "zone", person->zone,
		    "is not known to this machine; write a name of "
		    "/usr/share/zoneinfo, such as Europe/Oslo, or install "
		    "tzdata");
		return false;
	}
	if (person->home[0] == '\0' || person->has_point)
		return true;
	if (point_find(csv->cities, person->home, &person->latitude,
		&person->longitude, &why) == 0) {
		person->has_point = true;
		return true;
	}
	csv_table_wrong_value(csv->table, "home", person->home, why);
	return false;
}

static bool
read_person(struct person_csv *csv, struct person *person)
{
	const char *why;

	person_init(person);
	if (!csv_table_fill(csv->table, set_field, person) ||
	    !place_person(csv, person))
		return false;
	if (person_finish(person, &why) != 0) {
		csv_table_wrong(csv->table, why);
		return false;
	}
	return true;
}

int
person_csv_next(struct person_csv *csv, struct person *ret_person,
    unsigned long *ret_line)
{
	int r;

	while ((r = csv_table_next(csv->table, ret_line)) == 0)
		if (read_person(csv, ret_person))
			return 0;
	person_init(ret_person);
	return r;
}

void
person_csv_free(struct person_csv *csv)
{
	if (csv == NULL)
		return;
	csv_table_free(csv->table);
	free(csv);
}

/* ---- writing ---- */

int
person_csv_header(FILE *out)
{
	return csv_table_write_header(out, person_fields);
}

static const char *
get_field(const void *row, const char *field, char buf[CSV_TABLE_VALUE_MAX])
{
	return person_get(row, field, buf);
}

int
person_csv_write(FILE *out, const struct person *person)
{
	return csv_table_write(out, person_fields, get_field, person);
}
