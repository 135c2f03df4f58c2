/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report for a terminal or a mail: 80 columns where the words allow it, and
 * nothing in it that a terminal obeys.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/report/page_parts.h"
#include "policyd/text.h"

#define SHOWN_SIZE 2048u
#define WIDTH	   78u
#define BAR	   40u

static const char *
shown(const char *text, char buf[SHOWN_SIZE])
{
	return text_escape_once_utf8(buf, SHOWN_SIZE, text, strlen(text));
}

/* Code points; what follows the first byte of one is none. */
static size_t
width_of(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

static void
underline(FILE *out, const char *text, char c)
{
	for (size_t i = width_of(text, strlen(text)); i > 0; i--)
		fputc(c, out);
	fputc('\n', out);
}

/* Words up to the right margin. */
static void
put_filled(FILE *out, const char *prefix, const char *given)
{
	char text[SHOWN_SIZE];
	const char *at = shown(given, text);
	size_t used = 0, len, width;

	for (; *at != '\0'; at += strspn(at, " ")) {
		len = strcspn(at, " ");
		width = width_of(at, len);
		if (used > 0 && used + 1 + width > WIDTH) {
			fputc('\n', out);
			used = 0;
		}
		if (used == 0) {
			fputs(prefix, out);
			used = strlen(prefix);
		} else {
			fputc(' ', out);
			used++;
		}
		(void)fwrite(at, 1, len, out);
		used += width;
		at += len;
	}
	fputc('\n', out);
}

static void
begin(FILE *out, const char *title, const char *below,
    const struct page_section *sections)
{
	char text[SHOWN_SIZE];

	(void)sections; /* few enough to be found */
	fprintf(out, "%s\n", shown(title, text));
	underline(out, text, '=');
	put_filled(out, "", below);
}

static void
section(FILE *out, const struct page_section *s, bool first)
{
	(void)first;
	fprintf(out, "\n\n%s\n", s->title);
	underline(out, s->title, '-');
}

static void
say(FILE *out, enum page_tone tone, const char *text, bool first)
{
	static const char *const prefixes[] = { [PAGE_PLAIN] = "",
		[PAGE_WARNING] = "! ",
		[PAGE_GOOD] = "  ",
		[PAGE_BAD] = "!! " };

	if (!first)
		fputc('\n', out);
	put_filled(out, prefixes[tone], text);
}

static void
figures(FILE *out, const struct grid *g)
{
	char number[SHOWN_SIZE], text[SHOWN_SIZE];

	fputc('\n', out);
	for (size_t i = 0; i < grid_rows(g); i++)
		fprintf(out, "%12s  %s\n", shown(grid_cell(g, i, 0), number),
		    shown(grid_cell(g, i, 1), text));
}

/* ---- bars -------------------------------------------------------------- */

static void
put_bar(FILE *out, const struct page_chart *c, size_t bar)
{
	static const char marks[PAGE_SERIES_MAX] = { '#', 'o', '.' };
	uint64_t most = page_chart_most(c), sum = 0, length, drawn = 0;

	for (size_t i = 0; i < PAGE_SERIES_MAX; i++) {
		sum += c->n[bar][i];
		length = most <= BAR ?
		    sum :
		    (uint64_t)((double)sum * BAR / (double)most);
		if (c->n[bar][i] > 0 && length <= drawn)
			length = drawn + 1; /* something is no nothing */
		for (; drawn < length; drawn++)
			fputc(marks[i], out);
	}
	fputc('\n', out);
}

/* ---- tables ------------------------------------------------------------ */

static size_t
width_of_column(const struct grid *g, size_t column)
{
	const char *name = g->columns[column].name;
	size_t most = width_of(name, strlen(name)), width;
	char text[SHOWN_SIZE];

	for (size_t i = 0; i < grid_rows(g); i++) {
		(void)shown(grid_cell(g, i, column), text);
		width = width_of(text, strlen(text));
		if (width > most)
			most = width;
	}
	return most;
}

static void
put_cell(FILE *out, const char *text, size_t width, bool number, bool last)
{
	size_t used = width_of(text, strlen(text));
	int pad = used < width ? (int)(width - used) : 0;

	if (number)
		fprintf(out, "%*s%s", pad, "", text);
	else
		fprintf(out, "%s%*s", text, last ? 0 : pad, "");
	fputs(last ? "\n" : "  ", out);
}

static void
put_heading(FILE *out, const struct grid *g, const size_t *width)
{
	char text[SHOWN_SIZE];

	fprintf(out, "\n%s\n  ", shown(g->caption, text));
	for (size_t k = 0; k < g->ncolumns; k++)
		put_cell(out, g->columns[k].name, width[k],
		    g->columns[k].number, k + 1 == g->ncolumns);
}

/* With the bars of the first rows, or without any. */
static void
put_grid(FILE *out, const struct grid *g, const struct page_chart *c)
{
	size_t width[GRID_COLUMNS_MAX], i, k;
	char text[SHOWN_SIZE];
	bool bar;

	for (k = 0; k < g->ncolumns; k++)
		width[k] = width_of_column(g, k);
	put_heading(out, g, width);
	for (i = 0; i < grid_rows(g); i++) {
		bar = c != NULL && i < c->nbars && page_chart_sum(c, i) > 0;
		fputs("  ", out);
		for (k = 0; k < g->ncolumns; k++)
			put_cell(out, shown(grid_cell(g, i, k), text), width[k],
			    g->columns[k].number, !bar && k + 1 == g->ncolumns);
		if (bar)
			put_bar(out, c, i);
	}
}

static void
grid(FILE *out, const struct grid *g)
{
	char text[SHOWN_SIZE];

	if (grid_rows(g) == 0)
		fprintf(out, "\n%s: none\n", shown(g->caption, text));
	else
		put_grid(out, g, NULL);
}

/* Along the time; else the numbers alone are short enough. */
static void
chart(FILE *out, const struct page_chart *c, const struct grid *g,
    unsigned int number)
{
	(void)number;
	put_grid(out, g, c->over_time ? c : NULL);
	if (c->over_time)
		fprintf(out, "  # %s, o %s, . %s\n", c->series[0], c->series[1],
		    c->series[2]);
}

static void
end(FILE *out)
{
	(void)out; /* there is nothing to close */
}

const struct page_kind page_text_kind = {
	.begin = begin,
	.section = section,
	.say = say,
	.figures = figures,
	.grid = grid,
	.chart = chart,
	.end = end,
};
