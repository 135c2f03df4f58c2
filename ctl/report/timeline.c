/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spans of one width, each wider one a whole number of those before it, all
 * counted from one Monday.
 */
#include "ctl/report/timeline.h"

#include <string.h>

#define HOUR   3600
#define DAY    (24 * HOUR)
#define MONDAY (4 * DAY) /* 1970-01-05 */
#define LIMIT  ((int64_t)1 << 37) /* s; the widest spans hold that */

static const struct {
	int64_t seconds;
	const char *name;
} widths[] = {
	{ HOUR, "hour" },
	{ DAY, "day" },
	{ 7 * DAY, "week" },
	{ 28 * DAY, "four weeks" },
	{ 364 * DAY, "52 weeks" },
	{ (int64_t)364 * DAY * 100, "5200 weeks" },
};

#define WIDTHS (sizeof(widths) / sizeof(widths[0]))

static int64_t
begin_of(int64_t at_s, size_t width)
{
	int64_t seconds = widths[width].seconds;
	int64_t rest = (at_s - MONDAY) % seconds;

	return at_s - (rest < 0 ? rest + seconds : rest);
}

/* As many spans as from a to b, both included. */
static int64_t
spans_between(int64_t a, int64_t b, size_t width)
{
	return (begin_of(b, width) - begin_of(a, width)) /
	    widths[width].seconds +
	    1;
}

static void
add_all(struct timeline_span *to, const struct timeline_span *from)
{
	for (size_t i = 0; i < OUTCOMES; i++)
		to->n[i] += from->n[i];
}

/* The same counts in spans of this width from first_s on. */
static void
lay_out(struct timeline *t, int64_t first_s, int64_t last_s, size_t width)
{
	struct timeline old = *t;
	int64_t begin = begin_of(first_s, width), seconds;
	size_t i;

	seconds = widths[width].seconds;
	memset(t->spans, 0, sizeof(t->spans));
	t->width = width;
	t->n = (size_t)spans_between(first_s, last_s, width);
	for (i = 0; i < t->n; i++)
		t->spans[i].at_s = begin + (int64_t)i * seconds;
	for (i = 0; i < old.n; i++)
		add_all(&t->spans[(old.spans[i].at_s - begin) / seconds],
		    &old.spans[i]);
}

void
timeline_cover(struct timeline *t, int64_t at_s)
{
	int64_t first, last;
	size_t width = t->width;

	at_s = at_s < -LIMIT ? -LIMIT : at_s > LIMIT ? LIMIT : at_s;
	first = t->n == 0 || at_s < t->spans[0].at_s ? at_s : t->spans[0].at_s;
	last = t->n == 0 || at_s > t->spans[t->n - 1].at_s ?
	    at_s :
	    t->spans[t->n - 1].at_s;
	while (width + 1 < WIDTHS &&
	    spans_between(first, last, width) > TIMELINE_MAX)
		width++;
	if (t->n == 0 || width != t->width || first < t->spans[0].at_s ||
	    spans_between(first, last, width) > (int64_t)t->n)
		lay_out(t, first, last, width);
}

void
timeline_add(struct timeline *t, int64_t at_s, enum outcome outcome)
{
	int64_t hour;

	timeline_cover(t, at_s);
	at_s = at_s < -LIMIT ? -LIMIT : at_s > LIMIT ? LIMIT : at_s;
	t->spans[(at_s - t->spans[0].at_s) / widths[t->width].seconds]
	    .n[outcome]++;
	if (outcome >= OUTCOME_ODD)
		return;
	hour = (at_s - begin_of(at_s, 1)) / HOUR;
	t->hours[hour][outcome]++;
}

int64_t
timeline_width(const struct timeline *t)
{
	return widths[t->width].seconds;
}

const char *
timeline_unit(const struct timeline *t)
{
	return widths[t->width].name;
}
