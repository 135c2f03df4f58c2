/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is shown of a record may be anybody's words: all of it is escaped.
 */
#include "ctl/audit/table.h"

#include <string.h>

#include "policyd/record/show.h"
#include "policyd/text.h"

#define CELL_SIZE 256u

static const struct {
	const char *name;
	int width;
} columns[] = {
	{ "TIME", 20 },
	{ "VERDICT", 10 },
	{ "USER", 12 },
	{ "SERVICE", 8 },
	{ "FROM", 15 },
	{ "COUNTRY", 7 },
	{ "FINDINGS", 24 },
	{ "REF", 0 },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Code points that are shown; what follows the first byte of one is none. */
static int
width_of(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void
print_cell(size_t column, const char *text, FILE *out)
{
	int pad = columns[column].width - width_of(text);

	fprintf(out, "%s%*s%s", text, pad > 0 ? pad : 0, "",
	    column + 1 == COLUMNS ? "\n" : " ");
}

void
table_heading(FILE *out)
{
	for (size_t i = 0; i < COLUMNS; i++)
		print_cell(i, columns[i].name, out);
}

/* What happened; of other events, which it is. */
static const char *
verdict_of(const struct json *record)
{
	const char *verdict = json_get_string(record, "verdict", "");

	if (verdict[0] == '\0')
		return json_get_string(record, "event", "-");
	if (strcmp(json_get_string(record, "would", ""), "deny") == 0 &&
	    strcmp(verdict, "deny") != 0)
		return "would-deny";
	return verdict;
}

static const char *
from_of(const struct json *record)
{
	const struct json *origin = json_get(record, "origin");

	return json_get_string(origin, "address",
	    json_get_string(origin, "kind",
		json_get_string(record, "from", "-")));
}

/* "2026-03-01T08:30:00Z", without the parts of a second. */
static void
print_time(const struct json *record, FILE *out)
{
	char text[CELL_SIZE];
	const char *ts = json_get_string(record, "ts", "-");
	size_t len = strlen(ts);

	if (len == 27 && ts[19] == '.' && ts[26] == 'Z')
		(void)text_format(text, sizeof(text), "%.19sZ", ts);
	else
		(void)text_copy(text, sizeof(text), ts);
	print_cell(0,
	    text_escape_utf8((char[CELL_SIZE]){ "" }, CELL_SIZE, text,
		strlen(text)),
	    out);
}

static void
print_text(size_t column, const char *text, FILE *out)
{
	char cell[CELL_SIZE];

	print_cell(column,
	    text_escape_utf8(cell, sizeof(cell), text, strlen(text)), out);
}

/* Of a review, what it says. */
static void
print_findings(size_t column, const struct json *record, FILE *out)
{
	const struct json *list = json_get(record, "findings"), *o;
	const char *grade;
	char text[CELL_SIZE] = "";
	size_t len = 0;

	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		grade = json_get_string(o, "grade", "");
		(void)text_format(text + len, sizeof(text) - len, "%s%s%s%s",
		    i == 0 ? "" : ",", json_get_string(o, "code", "-"),
		    grade[0] == '\0' ? "" : ":", grade);
		len += strlen(text + len);
	}
	print_text(column,
	    len > 0 ? text : json_get_string(record, "disposition", "-"), out);
}

void
table_record(const struct json *record, FILE *out)
{
	print_time(record, out);
	print_text(1, verdict_of(record), out);
	print_cell(2, show_member(&(struct shown){ "" }, record, "user", "-"),
	    out);
	print_text(3, json_get_string(record, "service", "-"), out);
	print_text(4, from_of(record), out);
	print_text(5,
	    json_get_string(json_get(record, "place"), "country", "-"), out);
	print_findings(6, record, out);
	print_text(7,
	    json_get_string(record, "ref", json_get_string(record, "of", "-")),
	    out);
}
