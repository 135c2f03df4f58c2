/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log is read twice: for the first and the last record of the period, and
 * for all between them, whatever the clock said, as these are one piece of the
 * chain. Most lines are copied without being parsed.
 */
#include <string.h>

#include "ctl/audit/export.h"
#include "ctl/audit/line.h"
#include "ctl/audit/papers.h"
#include "ctl/audit/source.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WHAT "audit bundle"

/* Events that have a part of their own. */
static const struct {
	const char *event;
	enum papers_part part;
} parts[] = {
	{ "approval", PAPERS_APPROVALS },
	{ "exception", PAPERS_EXCEPTIONS },
	{ "inventory", PAPERS_INVENTORY },
	{ "assets", PAPERS_INVENTORY },
	{ "bundle", PAPERS_INVENTORY },
	{ "review", PAPERS_REVIEWS },
	{ "revocation", PAPERS_REVOCATIONS },
};

#define EVENTS (sizeof(parts) / sizeof(parts[0]))

typedef int (*take_fn)(struct papers *p, const struct source_line *line,
    const struct line_parts *parts);

/* A line of the piece that is none: the verifier could not read it. */
static void
count_foreign(struct papers *p)
{
	if (p->at[0] != '\0' && strcmp(p->at, p->head) != 0)
		p->foreign++;
}

/* Every line of the log that is a record. */
static int
each_record(struct papers *p, take_fn take)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	struct line_parts at;
	struct source *source;
	int r, status = CTL_OK;

	if (source_open(p->path, true, &source, why) != 0) {
		ctl_complain(WHAT ": %s", why);
		return CTL_ERROR;
	}
	while (status == CTL_OK &&
	    (r = source_next(source, &line, why)) != FG_ERR_NOT_FOUND) {
		if (r != 0) {
			ctl_complain(WHAT ": %s", why);
			status = CTL_ERROR;
		} else if (!line.cut && !line.torn &&
		    line_parse(line.text, line.len, &at))
			status = take(p, &line, &at);
		else
			count_foreign(p);
	}
	source_free(source);
	return status;
}

static int
write_line(struct papers *p, enum papers_part part,
    const struct source_line *line)
{
	FILE *out = p->part[part];

	if (fwrite(line->text, 1, line->len, out) == line->len &&
	    fputc('\n', out) != EOF)
		return CTL_OK;
	ctl_complain(WHAT ": %s: %m", p->output);
	return CTL_ERROR;
}

/* ---- which ones ---------------------------------------------------------- */

static void
copy_part(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

static bool
is_in_period(const struct papers *p, const struct line_parts *at,
    int64_t *ret_s)
{
	char ts[sizeof(p->last_ts)];

	copy_part(ts, sizeof(ts), at->ts, at->ts_len);
	return ctl_parse_time(ts, ret_s) == 0 && *ret_s >= p->since_s &&
	    *ret_s < p->until_s;
}

/* One that was made before, and holds in it. */
static int
keep_exception(struct papers *p, const struct source_line *line,
    const struct line_parts *at)
{
	struct json *record;
	int64_t until;

	if (!line_is_event(at, "exception") ||
	    (record = json_parse(line->text, line->len)) == NULL)
		return CTL_OK;
	until = json_get_int(record, "until", 0);
	json_free(record);
	return until >= p->since_s ? write_line(p, PAPERS_EXCEPTIONS, line) :
				     CTL_OK;
}

static int
find_record(struct papers *p, const struct source_line *line,
    const struct line_parts *at)
{
	int64_t s;

	if (!is_in_period(p, at, &s)) {
		if (p->first == 0)
			return keep_exception(p, line, at);
		return line_is_event(at, "review") ?
		    papers_later_find(p, line) :
		    CTL_OK;
	}
	if (p->first == 0) {
		p->first = at->seq;
		copy_part(p->prev, sizeof(p->prev), at->prev, LINE_HASH_LEN);
		copy_part(p->first_ts, sizeof(p->first_ts), at->ts, at->ts_len);
	}
	p->last = at->seq;
	p->last_s = s;
	copy_part(p->head, sizeof(p->head), at->hash, LINE_HASH_LEN);
	copy_part(p->last_ts, sizeof(p->last_ts), at->ts, at->ts_len);
	return CTL_OK;
}

int
papers_find(struct papers *p)
{
	int r = each_record(p, find_record);

	if (r != CTL_OK || p->first != 0)
		return r;
	ctl_complain(WHAT ": the log has no records of that time");
	return CTL_NO;
}

/* ---- what of them ------------------------------------------------------- */

/* Between quotation marks behind key, which no string can look like. */
static bool
find_hash(const char *text, size_t len, const char *key,
    char ret_hash[CRYPTO_HEX_SIZE])
{
	const char *at = memmem(text, len, key, strlen(key));
	size_t rest;

	if (at == NULL)
		return false;
	at += strlen(key);
	rest = (size_t)(text + len - at);
	at = memmem(at, rest, "\"sha256\":\"", 10);
	if (at == NULL || (size_t)(text + len - at) < 10 + CRYPTO_HEX_SIZE)
		return false;
	copy_part(ret_hash, CRYPTO_HEX_SIZE, at + 10, CRYPTO_HEX_SIZE - 1);
	return true;
}

static int
want_both(struct papers *p, const struct json *record)
{
	const char *was = json_get_string(record, "old_sha256", "");
	const char *is = json_get_string(record, "sha256", "");
	int r = CTL_OK;

	if (was[0] != '\0')
		r = papers_want_policy(p, was);
	if (r == CTL_OK && is[0] != '\0')
		r = papers_want_policy(p, is);
	(void)text_copy(p->audit_key, sizeof(p->audit_key),
	    json_get_string(record, "audit_key", p->audit_key));
	return r;
}

/* Decisions are most of all records; their hash is found without parsing. */
static int
take_policies(struct papers *p, const struct source_line *line,
    const struct line_parts *at)
{
	char hash[CRYPTO_HEX_SIZE];
	struct json *record;
	int r = CTL_OK;

	if (line_is_event(at, "decision"))
		return find_hash(line->text, line->len, ",\"config\":{", hash) ?
		    papers_want_policy(p, hash) :
		    CTL_OK;
	if (!line_is_event(at, "start") && !line_is_event(at, "reload"))
		return CTL_OK;
	if ((record = json_parse(line->text, line->len)) != NULL)
		r = want_both(p, record);
	json_free(record);
	return r;
}

/* What somebody has wanted of the daemon, and not a login. */
static int
take_control(struct papers *p, const struct source_line *line,
    const struct line_parts *at)
{
	struct exported exported;
	struct json *record;
	int r = CTL_OK;

	if (line_is_event(at, "decision") || line_is_event(at, "witness") ||
	    !line_has(line->text, line->len, ",\"by\":{") ||
	    (record = json_parse(line->text, line->len)) == NULL)
		return CTL_OK;
	if (json_get(record, "by") != NULL) {
		exported_read(&exported, record, p->host);
		(void)export_csv(&exported, p->part[PAPERS_CONTROL_CSV]);
		r = write_line(p, PAPERS_CONTROL, line);
	}
	json_free(record);
	return r;
}

/* What its hash is worth is the verifier's to say. */
static void
follow_chain(struct papers *p, const struct line_parts *at)
{
	const char *before = p->at[0] == '\0' ? p->prev : p->at;

	p->breaks += memcmp(before, at->prev, LINE_HASH_LEN) != 0;
	copy_part(p->at, sizeof(p->at), at->hash, LINE_HASH_LEN);
}

static int
copy_record(struct papers *p, const struct source_line *line,
    const struct line_parts *at)
{
	int r;

	if (at->seq > p->last && line_is_event(at, "review") &&
	    papers_later_is_wanted(p, line))
		return write_line(p, PAPERS_REVIEWS, line);
	if (at->seq < p->first || at->seq > p->last)
		return CTL_OK;
	if (line_is_event(at, "decision") || line_is_event(at, "breakglass"))
		papers_later_decided(p, line);
	follow_chain(p, at);
	if ((r = write_line(p, PAPERS_LOG, line)) != CTL_OK ||
	    (r = take_policies(p, line, at)) != CTL_OK ||
	    (r = take_control(p, line, at)) != CTL_OK)
		return r;
	for (size_t i = 0; i < EVENTS; i++)
		if (line_is_event(at, parts[i].event))
			return write_line(p, parts[i].part, line);
	return CTL_OK;
}

int
papers_copy(struct papers *p)
{
	int r;

	papers_later_sort(p);
	export_csv_heading(p->part[PAPERS_CONTROL_CSV]);
	r = each_record(p, copy_record);
	if (r == CTL_OK && (p->foreign > 0 || p->breaks > 0))
		ctl_complain(WHAT ": warning: the log is not intact at that "
				  "time; see farmgatectl audit verify");
	return r;
}
