/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table (RFC 4180) for spreadsheets, which take a cell that begins like a
 * formula for one: such a cell gets an apostrophe in front. What is in them is
 * anybody's words.
 */
#include <string.h>

#include "ctl/audit/export.h"
#include "ctl/ctl.h"
#include "policyd/people/cell.h"
#include "policyd/people/csv_record.h"
#include "policyd/people/csv_table.h"
#include "policyd/text.h"

#define FINDINGS "findings"

/* A member, or one of an object in it. */
static const struct {
	const char *column, *object, *member;
} columns[] = {
	{ "time", NULL, "ts" },
	{ "seq", NULL, "seq" },
	{ "event", NULL, "event" },
	{ "action", NULL, "action" },
	{ "ref", NULL, "ref" },
	{ "of", NULL, "of" },
	{ "verdict", NULL, "verdict" },
	{ "would", NULL, "would" },
	{ "mode", NULL, "mode" },
	{ "phase", NULL, "phase" },
	{ "user", NULL, "user" },
	{ "uid", NULL, "uid" },
	{ "invalid_user", NULL, "invalid_user" },
	{ "ruser", NULL, "ruser" },
	{ "person", NULL, NULL },
	{ "service", NULL, "service" },
	{ "kind", NULL, "kind" },
	{ "address", NULL, NULL },
	{ "rhost", "origin", "rhost" },
	{ "country", "place", "country" },
	{ "city", "place", "city" },
	{ "asn", "asn", "number" },
	{ "asn_org", "asn", "org" },
	{ "key", "key", "fingerprint" },
	{ "asset", "bound", "asset" },
	{ "device", "attested", "asset" },
	{ FINDINGS, NULL, NULL },
	{ "reason", NULL, "reason" },
	{ "decided_by", "decided", "by" },
	{ "decided", "decided", "why" },
	{ "policy", "policy", "name" },
	{ "config_sha256", "config", "sha256" },
	{ "until", NULL, "until" },
	{ "ok", NULL, "ok" },
	{ "disposition", NULL, "disposition" },
	{ "ticket", NULL, "ticket" },
	{ "note", NULL, "note" },
	{ "by_uid", "by", "uid" },
	{ "by_loginuid", "by", "loginuid" },
	{ "open_s", NULL, "open_s" },
	{ "latency_us", NULL, "latency_us" },
	{ "hash", NULL, "hash" },
	{ "command", NULL, "command" },
	{ "about", NULL, "about" },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Also of the wide ones, which some spreadsheets take for the same. */
static bool
is_formula(const char *text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b",
		"\xef\xbc\x8d", "\xef\xbc\xa0" };

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return cell_is_formula(text);
}

/* One line, and nothing that a terminal takes for an order. */
static void
write_cell(FILE *out, const char *text)
{
	char shown[CSV_TABLE_VALUE_MAX], cell[CSV_TABLE_VALUE_MAX + 1];

	(void)text_escape_once_utf8(shown, sizeof(shown), text, strlen(text));
	(void)text_format(cell, sizeof(cell), "%s%s",
	    is_formula(shown) ? "'" : "", shown);
	csv_write_field(out, cell);
}

static void
write_member(FILE *out, const struct json *json, const char *key)
{
	int64_t number = json_get_int(json, key, -1);
	bool yes = json_get_bool(json, key, false);
	char text[32] = "";

	if (json_get_string(json, key, NULL) != NULL) {
		write_cell(out, json_get_string(json, key, ""));
		return;
	}
	if (number == json_get_int(json, key, 0))
		(void)text_format(text, sizeof(text), "%lld",
		    (long long)number);
	else if (yes == json_get_bool(json, key, true))
		(void)text_copy(text, sizeof(text), yes ? "true" : "false");
	csv_write_field(out, text);
}

static void
write_findings(FILE *out, const struct exported *e)
{
	struct json *json = json_new();
	const struct json *list;
	char text[CSV_TABLE_VALUE_MAX] = "";
	size_t len = 0;

	exported_findings(e, json, FINDINGS);
	list = json_get(json, FINDINGS);
	for (size_t i = 0; i < json_length(list); i++) {
		(void)text_format(text + len, sizeof(text) - len, "%s%s",
		    i > 0 ? " " : "", json_string_at(list, i, "-"));
		len += strlen(text + len);
	}
	write_cell(out, text);
	json_free(json);
}

static void
write_column(FILE *out, const struct exported *e, size_t i)
{
	const struct json *from = columns[i].object == NULL ?
	    e->record :
	    json_get(e->record, columns[i].object);

	if (columns[i].member != NULL)
		write_member(out, from, columns[i].member);
	else if (strcmp(columns[i].column, FINDINGS) == 0)
		write_findings(out, e);
	else
		write_cell(out,
		    strcmp(columns[i].column, "person") == 0 ? e->person :
							       e->address);
}

void
export_csv_heading(FILE *out)
{
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", columns[i].column);
	fputc('\n', out);
}

int
export_csv(const struct exported *e, FILE *out)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i > 0)
			fputc(',', out);
		write_column(out, e, i);
	}
	fputc('\n', out);
	return 0;
}
