/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records are looked into, and what they are counted in.
 */
#include "ctl/report/collect.h"

#include <string.h>

#include "ctl/ctl.h"
#include "policyd/people/person.h"
#include "policyd/text.h"
#include "proto/result.h"

#define REFUSALS_MAX 131072u
#define MEETINGS_MAX 65536u
#define KEYS_MAX     1048576u
#define TS_SIZE	     40u

static const struct grid_column device_columns[] = {
	{ "Time", false },
	{ "What", false },
	{ "Person", false },
	{ "Device or key", false },
	{ "From, or by", false },
	{ NULL, false },
};

static const struct grid_column glass_columns[] = {
	{ "Time", false },
	{ "Reference", false },
	{ "User", false },
	{ "As", false },
	{ "Service", false },
	{ "From", false },
	{ "What had failed", false },
	{ "Entry", false },
	{ NULL, false },
};

static const struct grid_column policy_columns[] = {
	{ "Time", false },
	{ "Record", true },
	{ "What", false },
	{ "Who", false },
	{ "Hash before", false },
	{ "Hash after", false },
	{ "File", false },
	{ NULL, false },
};

int
collect_init(struct collect *c, int64_t since_s, int64_t until_s, uint64_t seed)
{
	memset(c, 0, sizeof(*c));
	c->since_s = since_s;
	c->until_s = until_s;
	grid_init(&c->events[EVENTS_DEVICES], "New devices and keys",
	    device_columns, COLLECT_EVENTS);
	grid_init(&c->events[EVENTS_GLASS], "Let in by break-glass",
	    glass_columns, COLLECT_EVENTS);
	grid_init(&c->events[EVENTS_POLICY], "Changes of the policy",
	    policy_columns, COLLECT_EVENTS);
	for (size_t i = 0; i < BYS; i++)
		if ((c->by[i] = tally_new(COLLECT_ROWS)) == NULL)
			return FG_ERR_NOMEM;
	c->refusals = refusals_new(seed, REFUSALS_MAX);
	c->challenges = refusals_new(seed, REFUSALS_MAX);
	c->meetings = meetings_new(MEETINGS_MAX);
	c->exceptions = exceptions_new();
	c->keys = seen_new(KEYS_MAX);
	return c->refusals == NULL || c->challenges == NULL ||
		c->meetings == NULL || c->exceptions == NULL ||
		c->keys == NULL ?
	    FG_ERR_NOMEM :
	    0;
}

void
collect_done(struct collect *c)
{
	for (size_t i = 0; i < BYS; i++)
		tally_free(c->by[i]);
	for (size_t i = 0; i < EVENTS; i++)
		grid_done(&c->events[i]);
	refusals_free(c->refusals);
	refusals_free(c->challenges);
	meetings_free(c->meetings);
	exceptions_free(c->exceptions);
	seen_free(c->keys);
}

/* ---- lines ------------------------------------------------------------- */

static bool
time_of(const struct line_parts *parts, int64_t *ret_s)
{
	char ts[TS_SIZE];

	if (parts->ts_len >= sizeof(ts))
		return false;
	memcpy(ts, parts->ts, parts->ts_len);
	ts[parts->ts_len] = '\0';
	return ctl_parse_time(ts, ret_s) == 0;
}

/* In their order: one wrong time says nothing of where the log begins. */
static void
take_ends(struct collect *c, int64_t at_s)
{
	if (at_s < PERSON_CLOCK_FIRST_S)
		return;
	if (!c->begun)
		c->begin_s = at_s;
	c->begun = true;
	c->end_s = at_s;
}

static void
add_strays(struct collect *c, uint64_t n, uint64_t first)
{
	if (n > 0 && c->strays == 0)
		c->stray = first;
	c->strays += n;
}

/* Whoever can set the clock must not be able to leave records out unseen. */
static void
take_stray(struct collect *c, uint64_t seq, int64_t at_s, bool counts)
{
	if (counts) {
		add_strays(c, c->later, c->later_first);
		c->later = 0;
	} else if (c->records > 0 && at_s < c->since_s)
		add_strays(c, 1, seq);
	else if (c->records > 0 && c->later++ == 0)
		c->later_first = seq;
}

/* What covers a period, whatever it says. */
static void
take_place(struct collect *c, const struct line_parts *parts, int64_t at_s,
    bool counts)
{
	take_ends(c, at_s);
	take_stray(c, parts->seq, at_s, counts);
	if (!counts)
		return;
	if (c->records++ == 0) {
		c->first = c->last = parts->seq;
		c->first_s = c->last_s = at_s;
	}
	c->first = parts->seq < c->first ? parts->seq : c->first;
	c->last = parts->seq > c->last ? parts->seq : c->last;
	c->first_s = at_s < c->first_s ? at_s : c->first_s;
	c->last_s = at_s > c->last_s ? at_s : c->last_s;
	timeline_cover(&c->timeline, at_s);
}

/* Of those before the period most say nothing that has to be remembered. */
static bool
is_wanted(const struct source_line *line, const struct line_parts *parts,
    bool counts, bool early)
{
	if (line_is_event(parts, "decision") || line_is_event(parts, "open"))
		return counts ||
		    (early && line_has(line->text, line->len, ",\"key\":{"));
	return counts || line_is_event(parts, "review") ||
	    (early &&
		(line_is_event(parts, "exception") ||
		    line_is_event(parts, "reload") ||
		    line_is_event(parts, "start")));
}

static int
take_record(struct collect *c, const struct collect_record *record,
    const struct line_parts *parts)
{
	if (line_is_event(parts, "decision"))
		return collect_decision(c, record);
	if (line_is_event(parts, "open"))
		return collect_key(c, record);
	return collect_event(c, record);
}

int
collect_line(struct collect *c, const struct source_line *line,
    const struct line_parts *parts)
{
	struct collect_record record = {
		.line = line->text, .len = line->len, .seq = parts->seq
	};
	struct json *json;
	bool done = false;
	int r = 0;

	if (parts->seq == 0 || !time_of(parts, &record.at_s)) {
		c->foreign++;
		return 0;
	}
	c->at_s = record.at_s;
	record.counts = record.at_s >= c->since_s && record.at_s < c->until_s;
	take_place(c, parts, record.at_s, record.counts);
	if (!is_wanted(line, parts, record.counts, record.at_s < c->since_s))
		return 0;
	if (line_is_event(parts, "decision"))
		r = collect_plain(c, &record, &done);
	if (done || r != 0)
		return r;
	if ((json = json_parse(line->text, line->len)) == NULL) {
		c->foreign++;
		return 0;
	}
	record.json = json;
	r = take_record(c, &record, parts);
	json_free(json);
	return r;
}

/* Where the log has more than the period, quiet days at its ends are days. */
void
collect_end(struct collect *c)
{
	if (!c->begun)
		return;
	if (c->begin_s < c->since_s && c->end_s >= c->since_s)
		timeline_cover(&c->timeline, c->since_s);
	if (c->end_s >= c->until_s && c->begin_s < c->until_s)
		timeline_cover(&c->timeline, c->until_s - 1);
}
