/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An inventory as a CSV file, which may have a million lines: its columns, and
 * reading it in the worker.
 */
#include <string.h>
#include <unistd.h>

#include "policyd/control/control_import.h"
#include "policyd/people/person_csv.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- the arguments ----------------------------------------------------- */

static bool
import_field_exists(const char *field)
{
	size_t i;

	for (i = 0; person_fields[i] != NULL; i++)
		if (strcmp(person_fields[i], field) == 0)
			return true;
	return field[0] == '\0';
}

static bool
import_check_map(struct control_job *job)
{
	const struct json *list = json_get(job->args, "map");
	const char *column, *field;
	size_t i;

	if (json_length(list) > PERSON_CSV_MAP_MAX) {
		control_problem(job, "more than %u maps", PERSON_CSV_MAP_MAX);
		return false;
	}
	for (i = 0; i < json_length(list); i++) {
		column = json_get_string(json_at(list, i), "column", "");
		field = json_get_string(json_at(list, i), "field", NULL);
		if (column[0] != '\0' && field != NULL &&
		    import_field_exists(field))
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

bool
control_inventory_import_check(struct control_job *job)
{
	return import_check_map(job) && control_import_check(job);
}

/* ---- in the child ------------------------------------------------------ */

struct csv {
	struct control_import *import;
	struct cities *cities;
	struct person_csv *csv;
	FILE *in;
};

static void
csv_error(unsigned long line, const char *text, void *arg)
{
	control_import_error(arg, line, text);
}

/* why: what is wrong with the file itself, or NULL. */
static void
warn_cities(struct control_import *import, int r, const char *why)
{
	char text[512];

	if (r == FG_ERR_FORMAT)
		why = "has a line that is none of its form; run "
		      "farmgate-geodata, which makes it anew";
	(void)text_format(text, sizeof(text),
	    CITIES_FILE "%s %s; homes need coordinates without it",
	    why == NULL ? ":" : "", why == NULL ? text_error(r) : why);
	control_import_warn(import, 0, text);
}

static int
open_csv(struct csv *csv)
{
	const struct json *list = json_get(csv->import->job->args, "map");
	struct person_csv_map map[PERSON_CSV_MAP_MAX];
	struct person_csv_options options = {
		.map = map, .error = csv_error, .arg = csv->import
	};
	const char *why;
	int r;

	for (; options.nmap < json_length(list); options.nmap++) {
		map[options.nmap].column =
		    json_get_string(json_at(list, options.nmap), "column", "");
		map[options.nmap].field =
		    json_get_string(json_at(list, options.nmap), "field", "");
	}
	r = cities_open(CITIES_FILE, &csv->cities, &why);
	if (r == FG_ERR_NOMEM)
		return r;
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		warn_cities(csv->import, r, why);
	options.cities = csv->cities;
	return person_csv_open(csv->in, &options, &csv->csv);
}

static int
read_all(struct csv *csv)
{
	struct person person;
	unsigned long line;
	int r;

	if (lseek(csv->import->job->spool, 0, SEEK_SET) != 0 ||
	    (csv->in = fdopen(csv->import->job->spool, "r")) == NULL)
		return FG_ERR_SYSTEM;
	if ((r = open_csv(csv)) != 0)
		return r;
	while ((r = person_csv_next(csv->csv, &person, &line)) == 0)
		if ((r = control_import_add(csv->import, &person, line)) != 0)
			return r;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
csv_read(struct control_import *import)
{
	struct csv csv = { .import = import };
	int r = read_all(&csv);

	person_csv_free(csv.csv);
	cities_free(csv.cities);
	return r;
}

static int
csv_run(int out_fd, void *arg)
{
	return control_import_run(arg, out_fd, csv_read);
}

void
control_inventory_import(struct control_job *job)
{
	control_import(job, csv_run);
}
