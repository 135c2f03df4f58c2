/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What both kinds of pages have in common.
 */
#include "ctl/report/page.h"

#include <stdarg.h>
#include <stdlib.h>

#include "ctl/report/page_parts.h"

struct page {
	FILE *out;
	const struct page_kind *kind;
	bool in_section;
	bool filled; /* something is in it */
	unsigned int charts;
};

static struct page *
new_page(FILE *out, const struct page_kind *kind)
{
	struct page *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->out = out;
	p->kind = kind;
	return p;
}

struct page *
page_new_text(FILE *out)
{
	return new_page(out, &page_text_kind);
}

struct page *
page_new_html(FILE *out)
{
	return new_page(out, &page_html_kind);
}

void
page_free(struct page *p)
{
	if (p != NULL)
		p->kind->end(p->out);
	free(p);
}

void
page_begin(struct page *p, const char *title, const char *below,
    const struct page_section *sections)
{
	p->kind->begin(p->out, title, below, sections);
}

void
page_section(struct page *p, const struct page_section *section)
{
	p->kind->section(p->out, section, !p->in_section);
	p->in_section = true;
	p->filled = false;
}

void
page_say(struct page *p, enum page_tone tone, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (r == -1)
		return;
	p->kind->say(p->out, tone, text, !p->filled);
	p->filled = true;
	free(text);
}

void
page_figures(struct page *p, const struct grid *figures)
{
	p->kind->figures(p->out, figures);
	p->filled = true;
}

/* Behind a table. */
static void
say_dropped(struct page *p, const struct grid *grid)
{
	p->filled = true;
	if (grid->dropped > 0)
		page_say(p, PAGE_WARNING,
		    "Cut: %llu more came before these and are left out.",
		    (unsigned long long)grid->dropped);
}

void
page_grid(struct page *p, const struct grid *grid)
{
	p->kind->grid(p->out, grid);
	say_dropped(p, grid);
}

uint64_t
page_chart_sum(const struct page_chart *chart, size_t bar)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < PAGE_SERIES_MAX; i++)
		sum += chart->n[bar][i];
	return sum;
}

uint64_t
page_chart_most(const struct page_chart *chart)
{
	uint64_t most = 0;

	for (size_t i = 0; i < chart->nbars; i++)
		if (page_chart_sum(chart, i) > most)
			most = page_chart_sum(chart, i);
	return most;
}

void
page_chart(struct page *p, const struct page_chart *chart,
    const struct grid *grid)
{
	if (page_chart_most(chart) == 0) {
		page_grid(p, grid);
		return;
	}
	p->kind->chart(p->out, chart, grid, ++p->charts);
	say_dropped(p, grid);
}
