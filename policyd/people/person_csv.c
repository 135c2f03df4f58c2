/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From records to people: what the columns are called, what is wrong in a
 * line, and where a city is. Everything wrong in a line is said, not only the
 * first.
 */
#include "policyd/people/person_csv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policyd/people/csv_record.h"
#include "policyd/people/person_parts.h"
#include "policyd/people/zone.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LABEL_MAX 160u
#define SHOWN_MAX 64u /* of a value */
#define ERROR_MAX 768u

/* What a column is: an index into person_fields, or one of these. */
#define COLUMN_LEFT_OUT (-1)
#define COLUMN_UNNAMED	(-2)

struct person_csv {
	struct csv_reader reader;
	struct person_csv_options options;
	unsigned long errors;
	size_t ncolumns;
	int column[CSV_FIELDS_MAX];
	char label[CSV_FIELDS_MAX][LABEL_MAX]; /* for errors */
};

static void report(struct person_csv *csv, unsigned long line, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
report(struct person_csv *csv, unsigned long line, const char *fmt, ...)
{
	char text[ERROR_MAX];
	va_list ap;

	csv->errors++;
	if (csv->options.error == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut if too long */
	va_end(ap);
	csv->options.error(line, text, csv->options.arg);
}

static const char *
field_text(const struct person_csv *csv, size_t i)
{
	return csv->reader.data + csv->reader.field[i];
}

static void
report_record(struct person_csv *csv)
{
	const struct csv_reader *r = &csv->reader;

	report(csv, r->quote != 0 ? r->quote : r->begins, "%s", r->why);
}

/* ---- the first line ---- */

static int
field_index(const char *name)
{
	for (int i = 0; person_fields[i] != NULL; i++)
		if (strcasecmp(name, person_fields[i]) == 0)
			return i;
	return COLUMN_LEFT_OUT;
}

static const struct person_csv_map *
find_map(const struct person_csv *csv, const char *column)
{
	for (size_t i = 0; i < csv->options.nmap; i++)
		if (strcasecmp(csv->options.map[i].column, column) == 0)
			return &csv->options.map[i];
	return NULL;
}

/* Without the blanks at its ends; the record is the reader's own. */
static const char *
column_name(struct person_csv *csv, size_t i)
{
	char *name = csv->reader.data + csv->reader.field[i], *end;

	name += strspn(name, PERSON_BLANKS);
	end = name + strlen(name);
	while (end > name && strchr(PERSON_BLANKS, end[-1]) != NULL)
		end--;
	*end = '\0';
	return name;
}

static void
read_column(struct person_csv *csv, size_t i)
{
	const char *name = column_name(csv, i), *field = name;
	const struct person_csv_map *map = find_map(csv, name);
	char shown[SHOWN_MAX];

	csv->column[i] = COLUMN_UNNAMED;
	if (*name == '\0')
		return;
	(void)text_escape_utf8(shown, sizeof(shown), name, strlen(name));
	if (map != NULL)
		field = map->field;
	csv->column[i] = field_index(field);
	if (strcasecmp(field, name) == 0)
		(void)text_format(csv->label[i], LABEL_MAX, "%.60s", field);
	else
		(void)text_format(csv->label[i], LABEL_MAX, "\"%s\" (%.60s)",
		    shown, field);
	if (csv->column[i] == COLUMN_LEFT_OUT && map == NULL)
		report(csv, csv->reader.begins,
		    "column \"%s\" is unknown; write --map \"%s=FIELD\" if it "
		    "is one of farmgate-people(5), or --map \"%s=\" to leave "
		    "it out",
		    shown, shown, shown);
}

static void
check_twice(struct person_csv *csv, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (csv->column[i] >= 0 && csv->column[k] == csv->column[i]) {
			report(csv, csv->reader.begins,
			    "%s is there twice, as columns %zu and %zu; leave "
			    "one of them out",
			    person_fields[csv->column[i]], k + 1, i + 1);
			return;
		}
	}
}

static bool
has_column(struct person_csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->ncolumns; i++)
		if (strcasecmp(column_name(csv, i), name) == 0)
			return true;
	return false;
}

static void
check_map(struct person_csv *csv, const struct person_csv_map *map)
{
	unsigned long line = csv->reader.begins;
	char column[SHOWN_MAX], field[SHOWN_MAX];

	(void)text_escape_utf8(column, sizeof(column), map->column,
	    strlen(map->column));
	(void)text_escape_utf8(field, sizeof(field), map->field,
	    strlen(map->field));
	if (map->field[0] != '\0' && field_index(map->field) < 0)
		report(csv, line,
		    "--map \"%s=%s\" names no field; write one of those in "
		    "farmgate-people(5)",
		    column, field);
	if (!has_column(csv, map->column))
		report(csv, line,
		    "--map \"%s=%s\" names no column of this file; write a "
		    "name of its first line",
		    column, field);
}

static void
check_header(struct person_csv *csv)
{
	const int user = field_index("user");
	bool has_user = false;
	size_t i;

	csv->ncolumns = csv->reader.nfields;
	for (i = 0; i < csv->ncolumns; i++)
		read_column(csv, i);
	for (i = 0; i < csv->ncolumns; i++) {
		has_user = has_user || csv->column[i] == user;
		check_twice(csv, i);
	}
	for (i = 0; i < csv->options.nmap; i++)
		check_map(csv, &csv->options.map[i]);
	if (!has_user)
		report(csv, csv->reader.begins,
		    "there is no column user; name the columns in the first "
		    "line, or write --map \"COLUMN=user\"");
}

/* "sep=;" is what some spreadsheets write and hide again. */
static bool
is_separator_line(const struct person_csv *csv)
{
	return csv->reader.begins == 1 && csv->reader.nfields == 2 &&
	    strcasecmp(field_text(csv, 0), "sep=") == 0 &&
	    field_text(csv, 1)[0] == '\0';
}

static int
read_header(struct person_csv *csv)
{
	int r;

	do {
		r = csv_reader_next(&csv->reader);
	} while (r == 0 && csv->reader.why == NULL &&
	    (csv_reader_is_empty(&csv->reader) || is_separator_line(csv)));
	if (r == FG_ERR_NOT_FOUND) {
		report(csv, 1,
		    "the file is empty; its first line names the columns, "
		    "such as user,name,countries");
		return FG_ERR_FORMAT;
	}
	if (r != 0)
		return r;
	if (csv->reader.why != NULL) {
		report_record(csv);
		return FG_ERR_FORMAT;
	}
	if (csv->reader.delimiter == '\0')
		csv->reader.delimiter = ',';
	check_header(csv);
	return csv->errors == 0 ? 0 : FG_ERR_FORMAT;
}

int
person_csv_open(FILE *in, const struct person_csv_options *options,
    struct person_csv **ret_csv)
{
	struct person_csv *csv;
	int r;

	*ret_csv = NULL;
	if ((csv = calloc(1, sizeof(*csv))) == NULL)
		return FG_ERR_NOMEM;
	csv->options = *options;
	csv_reader_init(&csv->reader, in);
	if ((r = read_header(csv)) != 0) {
		person_csv_free(csv);
		return r;
	}
	*ret_csv = csv;
	return 0;
}

/* ---- the others ---- */

static void
report_value(struct person_csv *csv, const char *label, const char *value,
    const char *why)
{
	char shown[SHOWN_MAX];

	value += strspn(value, PERSON_BLANKS);
	(void)text_escape_utf8(shown, sizeof(shown), value, strlen(value));
	report(csv, csv->reader.begins, "%s: \"%s\" %s", label, shown, why);
}

static bool
set_fields(struct person_csv *csv, struct person *person)
{
	unsigned long before = csv->errors;
	const char *why, *text;

	person_init(person);
	for (size_t i = 0; i < csv->ncolumns; i++) {
		text = field_text(csv, i);
		if (csv->column[i] == COLUMN_UNNAMED && text[0] != '\0')
			report(csv, csv->reader.begins,
			    "column %zu has a value and no name; name it in "
			    "the first line, or empty it",
			    i + 1);
		if (csv->column[i] >= 0 &&
		    person_set(person, person_fields[csv->column[i]], text,
			&why) != 0)
			report_value(csv, csv->label[i], text, why);
	}
	return csv->errors == before;
}

/* What depends on this machine: zones and the list of cities. */
static bool
place_person(struct person_csv *csv, struct person *person)
{
	const char *why = "cannot be found without a list of cities; run "
			  "farmgate-geodata, or write degrees such as "
			  "59.91,10.75";
	struct tm tm;

	if (zone_time(person->zone, 0, &tm) != 0) {
		report_value(csv, "zone", person->zone,
		    "is not known to this machine; write a name of "
		    "/usr/share/zoneinfo, such as Europe/Oslo, or install "
		    "tzdata");
		return false;
	}
	if (person->home[0] == '\0' || person->has_point)
		return true;
	if (csv->options.cities != NULL) {
		if (cities_find(csv->options.cities, person->home,
			&person->latitude, &person->longitude) == 0) {
			person->has_point = true;
			return true;
		}
		why = "is not in the list of cities; write its English name, a "
		      "bigger city nearby, or degrees such as 59.91,10.75";
	}
	report_value(csv, "home", person->home, why);
	return false;
}

static bool
read_person(struct person_csv *csv, struct person *person)
{
	const struct csv_reader *r = &csv->reader;
	const char *why;

	if (r->why != NULL) {
		report_record(csv);
		return false;
	}
	if (r->nfields != csv->ncolumns) {
		report(csv, r->begins,
		    "the line has %zu columns, and the first line %zu; write "
		    "the separator for empty ones too, and values that have "
		    "it in quotes",
		    r->nfields, csv->ncolumns);
		return false;
	}
	if (!set_fields(csv, person) || !place_person(csv, person))
		return false;
	if (person_finish(person, &why) != 0) {
		report(csv, r->begins, "%s", why);
		return false;
	}
	return true;
}

int
person_csv_next(struct person_csv *csv, struct person *ret_person,
    unsigned long *ret_line)
{
	int r;

	while ((r = csv_reader_next(&csv->reader)) == 0) {
		if (csv->reader.why == NULL &&
		    csv_reader_is_empty(&csv->reader))
			continue;
		if (read_person(csv, ret_person)) {
			*ret_line = csv->reader.begins;
			return 0;
		}
	}
	person_init(ret_person);
	*ret_line = 0;
	return r;
}

void
person_csv_free(struct person_csv *csv)
{
	free(csv);
}

/* ---- writing ---- */

int
person_csv_header(FILE *out)
{
	for (size_t i = 0; person_fields[i] != NULL; i++) {
		if (i > 0)
			(void)putc(',', out);
		(void)fputs(person_fields[i], out);
	}
	(void)putc('\n', out);
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}

int
person_csv_write(FILE *out, const struct person *person)
{
	char value[PERSON_FIELD_MAX];

	for (size_t i = 0; person_fields[i] != NULL; i++) {
		if (i > 0)
			(void)putc(',', out);
		csv_write_field(out,
		    person_get(person, person_fields[i], value));
	}
	(void)putc('\n', out);
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}
