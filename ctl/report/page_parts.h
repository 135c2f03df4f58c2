/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two kinds of pages, for page.c alone.
 */
#ifndef FG_CTL_REPORT_PAGE_PARTS_H
#define FG_CTL_REPORT_PAGE_PARTS_H

#include "ctl/report/page.h"

struct page_kind {
	void	(*begin)(FILE *out, const char *title, const char *below,
		    const struct page_section *sections);
	void	(*section)(FILE *out, const struct page_section *section,
		    bool first);
	void	(*say)(FILE *out, enum page_tone tone, const char *text,
		    bool first); /* of its section */
	void	(*figures)(FILE *out, const struct grid *figures);
	void	(*grid)(FILE *out, const struct grid *grid);
	void	(*chart)(FILE *out, const struct page_chart *chart,
		    const struct grid *grid, unsigned int number);
	void	(*end)(FILE *out);
};

extern const struct page_kind page_text_kind, page_html_kind;

/* The largest bar, all its series together. */
uint64_t page_chart_most(const struct page_chart *chart);
uint64_t page_chart_sum(const struct page_chart *chart, size_t bar);

/* html_text.c: as content, or between quotation marks. */
void	html_text(FILE *out, const char *text);
/* html_chart.c */
void	html_chart(FILE *out, const struct page_chart *chart,
	    unsigned int number);
/* html_style.c: all the style there is. */
extern const char html_style[];

#endif
