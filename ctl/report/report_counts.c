/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Denials, would-be denials and challenges by what they have in common.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/report/report.h"
#include "ctl/report/said.h"
#include "policyd/finding.h"
#include "policyd/text.h"

#define CHARTED	  10u
#define LABEL	  32u
#define LEAST	  "\xe2\x89\xa5 " /* at least */
#define CODE_SIZE 64u

typedef unsigned long long ull;

/* ---- one tally --------------------------------------------------------- */

struct view {
	const struct report *r;
	struct page *page;
	enum by by;
	const char *caption;
	const char *charted; /* NULL: no chart */
	const struct grid_column *columns;
};

static void
set_series(struct page_chart *chart)
{
	for (size_t i = 0; i < OUTCOME_ODD; i++)
		chart->series[i] = outcome_name((enum outcome)i);
}

static void
draw_rows(const struct view *v, const struct grid *g,
    const struct tally_row *rows, size_t n)
{
	struct page_chart chart = { .title = v->charted };
	char desc[2 * TALLY_KEY_MAX];

	if (v->charted == NULL || n < 2) {
		page_grid(v->page, g);
		return;
	}
	(void)text_format(desc, sizeof(desc),
	    "Horizontal bars, the longest first: %s with %llu. The table below "
	    "has the same numbers.",
	    rows[0].key, (ull)rows[0].all);
	chart.desc = desc;
	set_series(&chart);
	chart.nbars = n < CHARTED ? n : CHARTED;
	for (size_t i = 0; i < chart.nbars; i++) {
		chart.label[i] = rows[i].key;
		memcpy(chart.n[i], rows[i].n, sizeof(chart.n[i]));
	}
	page_chart(v->page, &chart, g);
}

static void
add_row(struct grid *g, const struct view *v, const struct tally_row *row)
{
	const char *least = row->missed > 0 ? LEAST : "";
	char time[SAID_TIME_SIZE], code[CODE_SIZE];
	enum finding_code finding;

	grid_add(g, "%s", row->key);
	for (size_t i = 0; i < OUTCOME_ODD; i++)
		grid_add(g, "%s%llu", row->n[i] > 0 ? least : "",
		    (ull)row->n[i]);
	grid_add(g, "%s%llu", least, (ull)row->all);
	grid_add(g, "%s", said_time(row->last_s, time));
	if (v->by != BY_REASON)
		return;
	(void)text_copy(code, sizeof(code), row->key);
	code[strcspn(code, ":")] = '\0';
	finding = finding_by_name(code);
	grid_add(g, "%s",
	    finding == FINDING_NONE ? "-" : finding_info(finding)->summary);
}

/* What the table does not have. */
static void
say_rest(const struct view *v, const struct tally_row *rows, size_t n)
{
	const struct tally *t = v->r->c.by[v->by];
	uint64_t missed = 0;

	for (size_t i = 0; i < n; i++)
		if (rows[i].missed > missed)
			missed = rows[i].missed;
	if (tally_is_cut(t))
		page_say(v->page, PAGE_WARNING,
		    "Cut: there were more than %zu different ones, and those "
		    "that came least were dropped for others. Numbers in this "
		    "table are at least what it says, and more by at most "
		    "%llu.",
		    tally_rows(t), (ull)missed);
	else if (tally_rows(t) > n)
		page_say(v->page, PAGE_PLAIN,
		    "%zu more came less often; --top shows more of them.",
		    tally_rows(t) - n);
}

static void
show(const struct view *v)
{
	size_t max = v->r->o->top, n;
	struct tally_row *rows = calloc(max, sizeof(*rows));
	struct grid g;

	if (rows == NULL)
		return;
	n = tally_top(v->r->c.by[v->by], max, rows);
	grid_init(&g, v->caption, v->columns, max);
	for (size_t i = 0; i < n; i++)
		add_row(&g, v, &rows[i]);
	draw_rows(v, &g, rows, n);
	say_rest(v, rows, n);
	grid_done(&g);
	free(rows);
}

static void
show_by(const struct report *r, struct page *page, enum by by,
    const char *caption, const char *charted)
{
	static const struct grid_column columns[] = {
		{ "Name", false },
		{ "Denied", true },
		{ "Would be denied", true },
		{ "Challenged", true },
		{ "Together", true },
		{ "Last, UTC", false },
		{ NULL, false },
	};
	struct view v = { .r = r,
		.page = page,
		.by = by,
		.caption = caption,
		.charted = charted,
		.columns = columns };

	show(&v);
}

void
report_single(const struct report *r, struct page *page, enum by by,
    const char *caption, const struct grid_column *columns)
{
	const struct tally *t = r->c.by[by];
	struct tally_row *rows = calloc(r->o->top, sizeof(*rows));
	char time[SAID_TIME_SIZE];
	struct grid g;
	size_t n;

	if (rows == NULL)
		return;
	n = tally_top(t, r->o->top, rows);
	grid_init(&g, caption, columns, r->o->top);
	for (size_t i = 0; i < n; i++) {
		grid_add(&g, "%s", rows[i].key);
		grid_add(&g, "%s%llu", rows[i].missed > 0 ? LEAST : "",
		    (ull)rows[i].all);
		if (by == BY_SITE)
			grid_add(&g, "%llu", (ull)rows[i].most);
		grid_add(&g, "%s", said_time(rows[i].last_s, time));
	}
	page_grid(page, &g);
	if (tally_rows(t) > n || tally_is_cut(t))
		page_say(page, PAGE_WARNING,
		    "Cut: there are more of them than are shown%s.",
		    tally_is_cut(t) ? ", and numbers are at least these" : "");
	grid_done(&g);
	free(rows);
}

/* ---- the sections ------------------------------------------------------ */

void
report_reasons(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Finding", false },
		{ "Denied", true },
		{ "Would be denied", true },
		{ "Challenged", true },
		{ "Together", true },
		{ "Last, UTC", false },
		{ "It means", false },
		{ NULL, false },
	};
	struct view v = { .r = r,
		.page = page,
		.by = BY_REASON,
		.caption = "By reason",
		.charted = "The most frequent reasons",
		.columns = columns };

	page_say(page, PAGE_PLAIN,
	    "A decision with several reasons counts for each of them.");
	show(&v);
}

void
report_people(const struct report *r, struct page *page)
{
	show_by(r, page, BY_PERSON, "By person", "People with the most");
}

void
report_places(const struct report *r, struct page *page)
{
	show_by(r, page, BY_COUNTRY, "By country", "Countries with the most");
	show_by(r, page, BY_AS, "By autonomous system", NULL);
	show_by(r, page, BY_NETWORK, "By named network, list and anonymizer",
	    NULL);
	show_by(r, page, BY_PREFIX, "By prefix (IPv4 /24, IPv6 /64)", NULL);
}

void
report_devices(const struct report *r, struct page *page)
{
	show_by(r, page, BY_DEVICE, "By device: its asset, or the key used",
	    NULL);
	show_by(r, page, BY_SERVICE, "By service", NULL);
	show_by(r, page, BY_POLICY, "By policy", NULL);
}

/* ---- over time --------------------------------------------------------- */

static void
label_span(int64_t at_s, int64_t width, char label[LABEL])
{
	(void)said_time(at_s, label);
	label[width < 86400 ? 16 : 10] = '\0';
}

/* Bars, and the same as a table with what was allowed. */
static void
show_spans(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Begins, UTC", false },
		{ "Denied", true },
		{ "Would be denied", true },
		{ "Challenged", true },
		{ "Allowed", true },
		{ NULL, false },
	};
	const struct timeline *t = &r->c.timeline;
	char labels[TIMELINE_MAX][LABEL], title[64], desc[128];
	struct page_chart chart = {
		.title = title, .desc = desc, .over_time = true, .nbars = t->n
	};
	struct grid g;

	(void)text_format(title, sizeof(title), "By %s", timeline_unit(t));
	(void)text_format(desc, sizeof(desc),
	    "Upright bars, one a %s; the table below has the same numbers.",
	    timeline_unit(t));
	set_series(&chart);
	grid_init(&g, title, columns, TIMELINE_MAX);
	for (size_t i = 0; i < t->n; i++) {
		label_span(t->spans[i].at_s, timeline_width(t), labels[i]);
		chart.label[i] = labels[i];
		memcpy(chart.n[i], t->spans[i].n, sizeof(chart.n[i]));
		grid_add(&g, "%s", labels[i]);
		for (size_t k = 0; k <= OUTCOME_ALLOWED; k++)
			grid_add(&g, "%llu", (ull)t->spans[i].n[k]);
	}
	page_chart(page, &chart, &g);
	grid_done(&g);
}

static void
show_hours(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Hour, UTC", false },
		{ "Denied", true },
		{ "Would be denied", true },
		{ "Challenged", true },
		{ NULL, false },
	};
	char labels[24][LABEL];
	struct page_chart chart = { .title = "By hour of the day, UTC",
		.desc = "Upright bars, one for each hour of the day; the "
			"table below has the same numbers.",
		.over_time = true,
		.nbars = 24 };
	struct grid g;

	set_series(&chart);
	grid_init(&g, "By hour of the day", columns, 24);
	for (size_t i = 0; i < 24; i++) {
		(void)text_format(labels[i], LABEL, "%02zu:00", i);
		chart.label[i] = labels[i];
		memcpy(chart.n[i], r->c.timeline.hours[i], sizeof(chart.n[i]));
		grid_add(&g, "%s", labels[i]);
		for (size_t k = 0; k < OUTCOME_ODD; k++)
			grid_add(&g, "%llu", (ull)r->c.timeline.hours[i][k]);
	}
	page_chart(page, &chart, &g);
	grid_done(&g);
}

void
report_time(const struct report *r, struct page *page)
{
	show_spans(r, page);
	show_hours(r, page);
}
