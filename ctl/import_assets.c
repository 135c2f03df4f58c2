/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory import of assets: which files are, what would change,
 * and how far it is, which a million lines make a question.
 */
#include "ctl/import_assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "policyd/people/cell.h"
#include "policyd/people/csv_name.h"
#include "policyd/people/csv_record.h"

#define TAG "asset_tag"

/* What the map makes of a column; NULL: it says nothing of it. */
static const char *
mapped(const struct json *map, const char *column)
{
	size_t i;

	for (i = 0; i < json_length(map); i++)
		if (strcasecmp(json_get_string(json_at(map, i), "column", ""),
			column) == 0)
			return json_get_string(json_at(map, i), "field", "");
	return NULL;
}

static bool
is_tag(const struct json *map, char *name)
{
	const char *field;
	size_t len;

	name += strspn(name, CELL_BLANKS);
	for (len = strlen(name);
	     len > 0 && strchr(CELL_BLANKS, name[len - 1]) != NULL; len--)
		name[len - 1] = '\0';
	field = mapped(map, name);
	return csv_name_is(field == NULL ? name : field, TAG);
}

/* "sep=;", which spreadsheets write in front, and empty lines. */
static bool
is_before_columns(const struct csv_reader *reader)
{
	return csv_reader_is_empty(reader) ||
	    (reader->begins == 1 && reader->nfields == 2 &&
		strcasecmp(reader->data, "sep=") == 0);
}

static bool
has_tag(FILE *in, const struct json *map)
{
	struct csv_reader *reader = malloc(sizeof(*reader));
	bool is = false;
	size_t i;
	int r;

	if (reader == NULL)
		return false; /* the daemon says what is wrong */
	csv_reader_init(reader, in);
	do {
		r = csv_reader_next(reader);
	} while (r == 0 && reader->why == NULL && is_before_columns(reader));
	for (i = 0; r == 0 && i < reader->nfields && !is; i++)
		is = is_tag(map, reader->data + reader->field[i]);
	free(reader);
	return is;
}

bool
import_is_of_assets(int fd, const struct json *map)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	FILE *in = NULL;
	int copy = dup(fd);
	bool is = false;

	if (copy >= 0 && (in = fdopen(copy, "r")) != NULL)
		is = has_tag(in, map);
	if (in != NULL)
		(void)fclose(in); /* nothing was written */
	else if (copy >= 0)
		(void)close(copy);
	(void)lseek(fd, at, SEEK_SET); /* a regular file */
	return is;
}

/* On a terminal alone, in place. */
static void
show_progress(struct import_assets *import, const struct json *line)
{
	if (isatty(STDERR_FILENO) != 1)
		return;
	fprintf(stderr, "\r%s %lld assets ",
	    strcmp(json_get_string(line, "progress", ""), "write") == 0 ?
		"writing" :
		"read",
	    (long long)json_get_int(line, "assets", 0));
	if (json_get_int(line, "percent", 0) > 0)
		fprintf(stderr, "%lld %% ",
		    (long long)json_get_int(line, "percent", 0));
	import->in_progress = true;
}

static void
end_progress(struct import_assets *import)
{
	if (import->in_progress)
		fputc('\n', stderr);
	import->in_progress = false;
}

void
import_assets_problem(struct import_assets *import, bool is_warning)
{
	end_progress(import);
	import->warnings += is_warning;
}

static const char *
side(const struct json *json, const char *field, char buf[CTL_TEXT_SIZE])
{
	return json_get_string(json, field, "")[0] == '\0' ?
	    "nobody" :
	    ctl_text(json, field, "-", buf);
}

/* Whether the first len bytes of text are a field whose sides were told. */
static bool
has_side(const struct json *old, const char *text, size_t len)
{
	char field[32];

	if (len >= sizeof(field))
		return false;
	memcpy(field, text, len);
	field[len] = '\0';
	return json_get_string(old, field, NULL) != NULL;
}

/* "user alice -> nobody, status lost -> issued, model serial" */
static void
print_fields(const struct json *line)
{
	static const char *const sides[] = { "user", "status" };
	const struct json *old = json_get(line, "old");
	const struct json *new = json_get(line, "new");
	char a[CTL_TEXT_SIZE], b[CTL_TEXT_SIZE], fields[CTL_TEXT_SIZE];
	const char *p = ctl_text(line, "fields", "", fields), *lead = ": ";
	size_t i, len;

	for (i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (json_get_string(old, sides[i], NULL) == NULL)
			continue;
		printf("%s%s %s -> %s", lead, sides[i], side(old, sides[i], a),
		    side(new, sides[i], b));
		lead = ", ";
	}
	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (has_side(old, p, len))
			continue;
		printf("%s%.*s", lead, (int)len, p);
		lead = " ";
	}
}

void
import_assets_line(struct import_assets *import, const struct json *line)
{
	char change[CTL_TEXT_SIZE], tag[CTL_TEXT_SIZE];

	if (json_get_string(line, "progress", NULL) != NULL) {
		show_progress(import, line);
		return;
	}
	end_progress(import);
	if (!import->is_all && import->changes++ >= import->max)
		return;
	printf("%-8s %s", ctl_text(line, "change", "-", change),
	    ctl_text(line, "asset", "-", tag));
	print_fields(line);
	putchar('\n');
}

void
import_assets_report(struct import_assets *import, const struct json *report,
    bool dry_run)
{
	static const char *const names[] = { "added", "changed", "removed" };
	int64_t all = 0, warnings = json_get_int(report, "warnings", 0);
	int64_t restored = json_get_int(report, "restored", 0);
	char hash[CTL_TEXT_SIZE];
	size_t i;

	end_progress(import);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		all += json_get_int(report, names[i], 0);
	if (!import->is_all && all > (int64_t)import->max)
		printf("... and %lld more\n",
		    (long long)all - (int64_t)import->max);
	printf("%s: assets %lld: %lld added, %lld changed, %lld removed, "
	       "sha256 %.12s\n",
	    dry_run ? "dry run, nothing is changed" : "imported",
	    (long long)json_get_int(report, "assets", 0),
	    (long long)json_get_int(report, "added", 0),
	    (long long)json_get_int(report, "changed", 0),
	    (long long)json_get_int(report, "removed", 0),
	    ctl_text(report, "sha256", "-", hash));
	if (restored > 0)
		printf("%lld %s lost or retired, and %s not any more\n",
		    (long long)restored,
		    restored == 1 ? "asset was" : "assets were",
		    restored == 1 ? "is" : "are");
	if (warnings > (int64_t)import->warnings)
		printf("warnings %lld, of which these are the first\n",
		    (long long)warnings);
	else if (warnings > 0)
		printf("warnings %lld\n", (long long)warnings);
}
