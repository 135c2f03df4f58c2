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
say(FILE *out, enum page_tone tone, const char *text)
{
	static const char *const prefixes[] = { [PAGE_PLAIN] = "",
		[PAGE_WARNING] = "! ",
		[PAGE_GOOD] = "  ",
		[PAGE_BAD] = "!! " };

	put_filled(out, prefixes[tone], text);
}

static void
figures(FILE *out, const struct grid *g)
{
	char text[SHOWN_SIZE];

	fputc('\n', out);
	for (size_t i = 0; i < grid_rows(g); i++)
		fprintf(out, "%12s  %s\n", grid_cell(g, i, 0),
		    shown(grid_cell(g, i, 1), text));
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
grid(FILE *out, const struct grid *g)
{
	size_t width[GRID_COLUMNS_MAX], i, k;
	char text[SHOWN_SIZE];

	fprintf(out, "\n%s%s\n", g->caption, grid_rows(g) == 0 ? ": none" : "");
	if (grid_rows(g) == 0)
		return;
	for (k = 0; k < g->ncolumns; k++) {
		width[k] = width_of_column(g, k);
		if (k == 0)
			fputs("  ", out);
		put_cell(out, g->columns[k].name, width[k],
		    g->columns[k].number, k + 1 == g->ncolumns);
	}
	for (i = 0; i < grid_rows(g); i++) {
		fputs("  ", out);
		for (k = 0; k < g->ncolumns; k++)
			put_cell(out, shown(grid_cell(g, i, k), text), width[k],
			    g->columns[k].number, k + 1 == g->ncolumns);
	}
}

/* ---- charts ------------------------------------------------------------ */

static void
put_bar(FILE *out, const struct page_chart *c, size_t bar, uint64_t most)
{
	static const char marks[PAGE_SERIES_MAX] = { '#', 'o', '.' };
	uint64_t sum = 0, length, drawn = 0;

	for (size_t i = 0; i < PAGE_SERIES_MAX; i++) {
		sum += c->n[bar][i];
		length = most <= BAR ? sum : sum * BAR / most;
		if (c->n[bar][i] > 0 && length == drawn)
			length++; /* something is no nothing */
		for (; drawn < length; drawn++)
			fputc(marks[i], out);
	}
}

static size_t
width_of_labels(const struct page_chart *c)
{
	char text[SHOWN_SIZE];
	size_t width = 0, used;

	for (size_t i = 0; i < c->nbars; i++) {
		(void)shown(c->label[i], text);
		used = width_of(text, strlen(text));
		width = used > width ? used : width;
	}
	return width;
}

static void
chart(FILE *out, const struct page_chart *c, unsigned int number)
{
	uint64_t most = page_chart_most(c);
	size_t width = width_of_labels(c);
	char text[SHOWN_SIZE];

	(void)number;
	fprintf(out, "\n%s  (# %s  o %s  . %s)\n", c->title, c->series[0],
	    c->series[1], c->series[2]);
	for (size_t i = 0; i < c->nbars; i++) {
		fputs("  ", out);
		put_cell(out, shown(c->label[i], text), width, false, false);
		fprintf(out, "%7llu%s",
		    (unsigned long long)page_chart_sum(c, i),
		    page_chart_sum(c, i) > 0 ? " " : "");
		put_bar(out, c, i, most);
		fputc('\n', out);
	}
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
