/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An inventory as a CSV file, which may have a million lines: its columns, and
 * reading it in the worker.
 */
#include <string.h>
#include <unistd.h>

#include "policyd/control/control_import.h"
#include "policyd/control/control_map.h"
#include "policyd/people/person_csv.h"
#include "policyd/text.h"
#include "proto/result.h"

bool
control_inventory_import_check(struct control_job *job)
{
	return control_map_check(job, person_fields) &&
	    control_import_check(job);
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

static int
open_csv(struct csv *csv)
{
	struct csv_table_map map[CSV_TABLE_MAP_MAX];
	struct person_csv_options options = {
		.map = map, .error = csv_error, .arg = csv->import
	};
	char why[CONTROL_PROBLEM_MAX];
	int r;

	options.nmap = control_map_read(csv->import->job, map);
	if ((r = control_cities_open(&csv->cities, why)) != 0)
		return r;
	if (why[0] != '\0')
		control_import_warn(csv->import, 0, why);
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
