/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From records to rows: what the columns are called, and what is wrong in a
 * line. Everything wrong in a line is said, not only the first.
 */
#include "policyd/people/csv_table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policyd/people/cell.h"
#include "policyd/people/csv_name.h"
#include "policyd/people/csv_record.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LABEL_MAX 160u
#define SHOWN_MAX 64u /* of a value */
#define ERROR_MAX 768u

/* What a column is: an index into the kind's fields, or one of these. */
#define COLUMN_LEFT_OUT (-1)
#define COLUMN_UNNAMED	(-2)

struct csv_table {
	struct csv_reader reader;
	struct csv_table_options options;
	unsigned long errors;
	size_t ncolumns;
	size_t current; /* the column whose value is being set */
	int column[CSV_FIELDS_MAX];
	char label[CSV_FIELDS_MAX][LABEL_MAX]; /* for errors */
};

static void report(struct csv_table *table, unsigned long line, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
report(struct csv_table *table, unsigned long line, const char *fmt, ...)
{
	char text[ERROR_MAX];
	va_list ap;

	table->errors++;
	if (table->options.error == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut if too long */
	va_end(ap);
	table->options.error(line, text, table->options.arg);
}

static const char *
field_text(const struct csv_table *table, size_t i)
{
	return table->reader.data + table->reader.field[i];
}

static void
report_record(struct csv_table *table)
{
	const struct csv_reader *r = &table->reader;

	report(table, r->quote != 0 ? r->quote : r->begins, "%s", r->why);
}

/* ---- the first line ---- */

static int
field_index(const struct csv_table *table, const char *name)
{
	const char *const *fields = table->options.kind->fields;

	for (int i = 0; fields[i] != NULL; i++)
		if (csv_name_is(name, fields[i]))
			return i;
	return COLUMN_LEFT_OUT;
}

static const struct csv_table_map *
find_map(const struct csv_table *table, const char *column)
{
	for (size_t i = 0; i < table->options.nmap; i++)
		if (strcasecmp(table->options.map[i].column, column) == 0)
			return &table->options.map[i];
	return NULL;
}

/* Without the blanks at its ends; the record is the reader's own. */
static const char *
column_name(struct csv_table *table, size_t i)
{
	char *name = table->reader.data + table->reader.field[i], *end;

	name += strspn(name, CELL_BLANKS);
	end = name + strlen(name);
	while (end > name && strchr(CELL_BLANKS, end[-1]) != NULL)
		end--;
	*end = '\0';
	return name;
}

static void
report_unknown(struct csv_table *table, const char *name, const char *shown)
{
	const struct csv_table_kind *kind = table->options.kind;
	const char *near = csv_name_near(kind, name);
	const char *other = kind->other;

	if (near != NULL)
		report(table, table->reader.begins,
		    "column \"%s\" is unknown; did you mean %s? write --map "
		    "\"%s=%s\", or --map \"%s=\" to leave it out",
		    shown, near, shown, near, shown);
	else
		report(table, table->reader.begins,
		    "column \"%s\" is unknown; write --map \"%s=FIELD\" if it "
		    "is one of %s, or --map \"%s=\" to leave it out%s",
		    shown, shown, kind->page, shown,
		    table->errors == 0 && other != NULL ? other : "");
}

static void
read_column(struct csv_table *table, size_t i)
{
	const char *name = column_name(table, i), *field = name;
	const struct csv_table_map *map = find_map(table, name);
	char shown[SHOWN_MAX];

	table->column[i] = COLUMN_UNNAMED;
	if (*name == '\0')
		return;
	(void)text_escape_utf8(shown, sizeof(shown), name, strlen(name));
	if (map != NULL)
		field = map->field;
	table->column[i] = field_index(table, field);
	if (table->column[i] >= 0)
		field = table->options.kind->fields[table->column[i]];
	if (strcasecmp(field, name) == 0)
		(void)text_format(table->label[i], LABEL_MAX, "%.60s", name);
	else
		(void)text_format(table->label[i], LABEL_MAX, "\"%s\" (%.60s)",
		    shown, field);
	if (table->column[i] == COLUMN_LEFT_OUT && map == NULL)
		report_unknown(table, name, shown);
}

static void
check_twice(struct csv_table *table, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (table->column[i] >= 0 &&
		    table->column[k] == table->column[i]) {
			report(table, table->reader.begins,
			    "%s is there twice, as columns %zu and %zu; leave "
			    "one of them out",
			    table->options.kind->fields[table->column[i]],
			    k + 1, i + 1);
			return;
		}
	}
}

static bool
has_column(struct csv_table *table, const char *name)
{
	for (size_t i = 0; i < table->ncolumns; i++)
		if (strcasecmp(column_name(table, i), name) == 0)
			return true;
	return false;
}

static void
check_map(struct csv_table *table, const struct csv_table_map *map)
{
	unsigned long line = table->reader.begins;
	char column[SHOWN_MAX], field[SHOWN_MAX];

	(void)text_escape_utf8(column, sizeof(column), map->column,
	    strlen(map->column));
	(void)text_escape_utf8(field, sizeof(field), map->field,
	    strlen(map->field));
	if (map->field[0] != '\0' && field_index(table, map->field) < 0)
		report(table, line,
		    "--map \"%s=%s\" names no field; write one of those in %s",
		    column, field, table->options.kind->page);
	if (!has_column(table, map->column))
		report(table, line,
		    "--map \"%s=%s\" names no column of this file; write a "
		    "name of its first line",
		    column, field);
}

static void
check_header(struct csv_table *table)
{
	const struct csv_table_kind *kind = table->options.kind;
	const int required = field_index(table, kind->required);
	bool has_required = false;
	size_t i;

	table->ncolumns = table->reader.nfields;
	for (i = 0; i < table->ncolumns; i++)
		read_column(table, i);
	for (i = 0; i < table->ncolumns; i++) {
		has_required = has_required || table->column[i] == required;
		check_twice(table, i);
	}
	for (i = 0; i < table->options.nmap; i++)
		check_map(table, &table->options.map[i]);
	if (!has_required)
		report(table, table->reader.begins,
		    "there is no column %s; name the columns in the first "
		    "line, or write --map \"COLUMN=%s\"",
		    kind->required, kind->required);
}

/* "sep=;" is what some spreadsheets write and hide again. */
static bool
is_separator_line(const struct csv_table *table)
{
	return table->reader.begins == 1 && table->reader.nfields == 2 &&
	    strcasecmp(field_text(table, 0), "sep=") == 0 &&
	    field_text(table, 1)[0] == '\0';
}

static int
read_header(struct csv_table *table)
{
	int r;

	do {
		r = csv_reader_next(&table->reader);
	} while (r == 0 && table->reader.why == NULL &&
	    (csv_reader_is_empty(&table->reader) || is_separator_line(table)));
	if (r == FG_ERR_NOT_FOUND) {
		report(table, 1,
		    "the file is empty; its first line names the columns, "
		    "such as %s",
		    table->options.kind->example);
		return FG_ERR_FORMAT;
	}
	if (r != 0)
		return r;
	if (table->reader.why != NULL) {
		report_record(table);
		return FG_ERR_FORMAT;
	}
	if (table->reader.delimiter == '\0')
		table->reader.delimiter = ',';
	check_header(table);
	return table->errors == 0 ? 0 : FG_ERR_FORMAT;
}

int
csv_table_open(FILE *in, const struct csv_table_options *options,
    struct csv_table **ret_table)
{
	struct csv_table *table;
	int r;

	*ret_table = NULL;
	if ((table = calloc(1, sizeof(*table))) == NULL)
		return FG_ERR_NOMEM;
	table->options = *options;
	csv_reader_init(&table->reader, in);
	if ((r = read_header(table)) != 0) {
		csv_table_free(table);
		return r;
	}
	table->options.map = NULL;
	table->options.nmap = 0;
	*ret_table = table;
	return 0;
}

void
csv_table_free(struct csv_table *table)
{
	free(table);
}

/* ---- the others ---- */

static bool
is_whole(struct csv_table *table)
{
	const struct csv_reader *r = &table->reader;

	if (r->why != NULL) {
		report_record(table);
		return false;
	}
	if (r->nfields != table->ncolumns) {
		report(table, r->begins,
		    "the line has %zu columns, and the first line %zu; write "
		    "the separator for empty ones too, and values that have "
		    "it in quotes",
		    r->nfields, table->ncolumns);
		return false;
	}
	return true;
}

int
csv_table_next(struct csv_table *table, unsigned long *ret_line)
{
	int r;

	*ret_line = 0;
	while ((r = csv_reader_next(&table->reader)) == 0) {
		if (table->reader.why == NULL &&
		    csv_reader_is_empty(&table->reader))
			continue;
		if (is_whole(table)) {
			*ret_line = table->reader.begins;
			return 0;
		}
	}
	return r;
}

/* "LABEL: "VALUE" WHY", as far as it fits. */
static void
format_value(char text[ERROR_MAX], const char *label, const char *value,
    const char *why)
{
	char shown[SHOWN_MAX];

	value += strspn(value, CELL_BLANKS);
	(void)text_escape_utf8(shown, sizeof(shown), value, strlen(value));
	(void)text_format(text, ERROR_MAX, "%s: \"%s\" %s", label, shown, why);
}

void
csv_table_wrong(struct csv_table *table, const char *why)
{
	report(table, table->reader.begins, "%s", why);
}

void
csv_table_wrong_value(struct csv_table *table, const char *name,
    const char *value, const char *why)
{
	char text[ERROR_MAX];

	format_value(text, name, value, why);
	csv_table_wrong(table, text);
}

void
csv_table_warn(struct csv_table *table, const char *value, const char *why)
{
	char text[ERROR_MAX];

	if (table->options.warn == NULL)
		return;
	format_value(text, table->label[table->current], value, why);
	table->options.warn(table->reader.begins, text, table->options.arg);
}

static void
set_field(struct csv_table *table, size_t i, csv_table_set_fn set, void *row)
{
	const char *field = table->options.kind->fields[table->column[i]];
	const char *text = field_text(table, i), *why;

	table->current = i;
	if (set(row, field, text, &why) != 0)
		csv_table_wrong_value(table, table->label[i], text, why);
}

bool
csv_table_fill(struct csv_table *table, csv_table_set_fn set, void *row)
{
	unsigned long before = table->errors;

	for (size_t i = 0; i < table->ncolumns; i++) {
		if (table->column[i] == COLUMN_UNNAMED &&
		    field_text(table, i)[0] != '\0')
			report(table, table->reader.begins,
			    "column %zu has a value and no name; name it in "
			    "the first line, or empty it",
			    i + 1);
		if (table->column[i] >= 0)
			set_field(table, i, set, row);
	}
	return table->errors == before;
}

/* ---- writing ---- */

int
csv_table_write_header(FILE *out, const char *const *fields)
{
	for (size_t i = 0; fields[i] != NULL; i++) {
		if (i > 0)
			(void)putc(',', out);
		(void)fputs(fields[i], out);
	}
	(void)putc('\n', out);
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}

int
csv_table_write(FILE *out, const char *const *fields, csv_table_get_fn get,
    const void *row)
{
	char value[CSV_TABLE_VALUE_MAX];

	for (size_t i = 0; fields[i] != NULL; i++) {
		if (i > 0)
			(void)putc(',', out);
		csv_write_field(out, get(row, fields[i], value));
	}
	(void)putc('\n', out);
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}
