/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading audit files one line of bounded length at a time. From here on every
 * byte is whoever's could write there; most lines are passed over unparsed.
 */
#include "ctl/readiness/records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "proto/result.h"

#define STAMP_SIZE sizeof("2026-01-01T08:30:00")
#define HEAD_BYTES 96u /* in which a record has its time */

struct reading {
	struct records *records;
	record_fn fn;
	void *arg;
	char since[STAMP_SIZE]; /* as records have it */
};

static const struct {
	enum record_event event;
	const char *name, *member;
} events[] = {
	{ RECORD_DECISION, "decision", "\"event\":\"decision\"" },
	{ RECORD_OPEN, "open", "\"event\":\"open\"" },
	{ RECORD_CLOSE, "close", "\"event\":\"close\"" },
};

#define EVENTS (sizeof(events) / sizeof(events[0]))

/* ---- a line ------------------------------------------------------------ */

static bool
may_be_wanted(const char *line, size_t len)
{
	for (size_t i = 0; i < EVENTS; i++)
		if (memmem(line, len, events[i].member,
			strlen(events[i].member)) != NULL)
			return true;
	return false;
}

/* Times of one form are in the order of their bytes. */
static bool
is_too_old(const struct reading *reading, const char *line, size_t len)
{
	static const char ts[] = "\"ts\":\"";
	size_t n = len < HEAD_BYTES ? len : HEAD_BYTES;
	const char *at = memmem(line, n, ts, sizeof(ts) - 1);

	if (at == NULL)
		return false; /* its parsed one will tell */
	at += sizeof(ts) - 1;
	return (size_t)(line + len - at) >= STAMP_SIZE &&
	    memcmp(at, reading->since, STAMP_SIZE - 1) < 0;
}

static enum record_event
event_of(const struct json *json)
{
	const char *name = json_get_string(json, "event", "");

	if (strcmp(json_get_string(json, "tty", ""), CTL_PROOF_TTY) == 0)
		return RECORD_NONE;
	for (size_t i = 0; i < EVENTS; i++)
		if (strcmp(name, events[i].name) == 0)
			return events[i].event;
	return RECORD_NONE;
}

static int
take_line(struct reading *reading, const char *line, size_t len)
{
	struct record record = { .event = RECORD_NONE };
	struct json *json;
	int r = CTL_OK;

	if (is_too_old(reading, line, len) || !may_be_wanted(line, len))
		return CTL_OK;
	json = json_parse(line, len);
	if (json == NULL ||
	    ctl_parse_time(json_get_string(json, "ts", ""), &record.at_s) !=
		0) {
		json_free(json);
		reading->records->foreign++;
		return CTL_OK;
	}
	record.json = json;
	record.event = event_of(json);
	if (record.event != RECORD_NONE &&
	    record.at_s >= reading->records->since_s)
		r = reading->fn(&record, reading->arg);
	json_free(json);
	return r;
}

/* ---- files ------------------------------------------------------------- */

static int
take_source(struct reading *reading, struct source *source)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	int r = CTL_OK, status;

	while (r == CTL_OK &&
	    (status = source_next(source, &line, why)) != FG_ERR_NOT_FOUND) {
		if (status != 0) {
			ctl_complain("readiness: %s", why);
			r = CTL_ERROR;
		} else if (line.cut)
			reading->records->foreign++;
		else
			r = take_line(reading, line.text, line.len);
	}
	return r;
}

static int
take_log(struct reading *reading, const char *path, bool rotated)
{
	char why[SOURCE_WHY_SIZE];
	struct source *source;
	int r;

	if (source_open(path, rotated, &source, why) != 0) {
		ctl_complain("readiness: %s", why);
		return CTL_ERROR;
	}
	source_since(source, reading->records->since_s);
	r = take_source(reading, source);
	source_free(source);
	return r;
}

/* Nobody has logged in yet, where there is none: that is no error. */
static int
take_configured(struct reading *reading)
{
	struct records *records = reading->records;
	char *path = ctl_audit_path("readiness", records->config);
	struct stat st;
	int r = CTL_OK;

	if (path == NULL) {
		ctl_complain("readiness: out of memory");
		return CTL_ERROR;
	}
	records->missing = lstat(path, &st) != 0 && errno == ENOENT;
	if (!records->missing)
		r = take_log(reading, path, true);
	free(path);
	return r;
}

int
records_each(struct records *records, record_fn fn, void *arg)
{
	struct reading reading = { .records = records, .fn = fn, .arg = arg };
	time_t since = (time_t)records->since_s;
	struct tm tm;
	int r = CTL_OK;
	size_t i;

	if (gmtime_r(&since, &tm) == NULL ||
	    strftime(reading.since, sizeof(reading.since), "%Y-%m-%dT%H:%M:%S",
		&tm) == 0)
		reading.since[0] = '\0';
	if (records->nfiles == 0)
		return take_configured(&reading);
	for (i = 0; i < records->nfiles && r == CTL_OK; i++)
		r = take_log(&reading, records->files[i], false);
	return r;
}
