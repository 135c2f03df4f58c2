/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report is written on: text for a terminal, or one file of HTML that
 * needs nothing beside it. Whatever it is given is escaped here, and may be
 * anybody's words; what was escaped for a terminal before stays as it is.
 */
#ifndef FG_CTL_REPORT_PAGE_H
#define FG_CTL_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/report/grid.h"

#define PAGE_SERIES_MAX	3u
#define PAGE_BARS_MAX	128u

struct page;

/* A section that is to come: for the list of them. id: [a-z-]+ */
struct page_section {
	const char	*id, *title;
};

/* Bars of the numbers that also are in a table. */
struct page_chart {
	const char	*title, *desc;	/* in words, for who does not see it */
	bool		 over_time;	/* upright, one beside the other */
	const char	*series[PAGE_SERIES_MAX];
	size_t		 nbars;
	const char	*label[PAGE_BARS_MAX];
	uint64_t	 n[PAGE_BARS_MAX][PAGE_SERIES_MAX];
};

enum page_tone {
	PAGE_PLAIN,
	PAGE_WARNING,	/* a limit of what the report says */
	PAGE_GOOD,	/* what the log says of itself */
	PAGE_BAD
};

/* To out, which the caller closes; ferror(3) tells. NULL: no memory. */
struct page	*page_new_text(FILE *out);
struct page	*page_new_html(FILE *out);
/* Writes the end of it. NULL is fine. */
void		 page_free(struct page *page);

/* First of all; sections ends with an id that is NULL. */
void		 page_begin(struct page *page, const char *title,
		    const char *below, const struct page_section *sections);
/* A section; each of them, in that order. */
void		 page_section(struct page *page,
		    const struct page_section *section);
void		 page_say(struct page *page, enum page_tone tone,
		    const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));
/* The few numbers that matter most: a number, then what it is. */
void		 page_figures(struct page *page, const struct grid *figures);
/* A table; without rows its caption and "none". */
void		 page_grid(struct page *page, const struct grid *grid);
/*
 * The same with bars, of which one belongs to each of the first rows: a chart
 * and the table, or bars in it. No chart where no bar has any length.
 */
void		 page_chart(struct page *page, const struct page_chart *chart,
		    const struct grid *grid);

#endif
