/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report as one file of HTML: no script, no address of anything outside, and
 * a policy in it by which a browser would refuse both.
 */
#include <string.h>

#include "ctl/report/page_parts.h"
#include "policyd/crypto.h"

#define LONG_WORD 32u /* bytes; one like this may be broken anywhere */
#define WIDE	  24u /* bytes; a cell like this is not made narrow */
#define SHORT	  12u /* rows; a table like this is not parted on paper */

static bool
has_long_word(const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ' '))
		if ((len = strcspn(text, " ")) > LONG_WORD)
			return true;
	return false;
}

/* "2026-03-01", and with more behind it. */
static bool
is_time(const char *text)
{
	return strlen(text) >= 10 && strlen(text) <= 19 && text[4] == '-' &&
	    text[7] == '-' && strspn(text, "0123456789-: ") == strlen(text);
}

static const char *
class_of(const struct grid *g, size_t column, const char *text)
{
	if (g->columns[column].number)
		return " class=\"n\"";
	if (is_time(text))
		return " class=\"t\"";
	if (has_long_word(text))
		return " class=\"long\"";
	return strlen(text) > WIDE ? " class=\"w\"" : "";
}

static void
put_head(FILE *out, const char *title)
{
	char hash[CRYPTO_BASE64_SIZE];

	crypto_sha256_base64(html_style, strlen(html_style), hash);
	fprintf(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'sha256-%s='; base-uri 'none'; "
	    "form-action 'none'\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	    hash);
	html_text(out, title);
	fprintf(out, "</title>\n<style>%s</style>\n</head>\n", html_style);
}

static void
begin(FILE *out, const char *title, const char *below,
    const struct page_section *sections)
{
	put_head(out, title);
	fputs("<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n"
	      "<header>\n<h1>",
	    out);
	html_text(out, title);
	fputs("</h1>\n<p class=\"below\">", out);
	html_text(out, below);
	fputs("</p>\n<nav aria-label=\"Sections\">\n<ul>\n", out);
	for (; sections->id != NULL; sections++)
		fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", sections->id,
		    sections->title);
	fputs("</ul>\n</nav>\n</header>\n<main id=\"main\">\n", out);
}

static void
section(FILE *out, const struct page_section *s, bool first)
{
	fprintf(out,
	    "%s<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n",
	    first ? "" : "</section>\n", s->id, s->id, s->title);
}

static void
say(FILE *out, enum page_tone tone, const char *text, bool first)
{
	static const char *const begins[] = {
		[PAGE_PLAIN] = "<p>",
		[PAGE_WARNING] = "<p class=\"warning\">",
		[PAGE_GOOD] = "<p class=\"good\">",
		[PAGE_BAD] = "<p class=\"bad\">",
	};

	(void)first;
	fputs(begins[tone], out);
	html_text(out, text);
	fputs("</p>\n", out);
}

static void
figures(FILE *out, const struct grid *g)
{
	fputs("<dl class=\"figures\">\n", out);
	for (size_t i = 0; i < grid_rows(g); i++) {
		fputs("<div><dt>", out);
		html_text(out, grid_cell(g, i, 1));
		fputs("</dt><dd>", out);
		html_text(out, grid_cell(g, i, 0));
		fputs("</dd></div>\n", out);
	}
	fputs("</dl>\n", out);
}

static void
put_row(FILE *out, const struct grid *g, size_t row)
{
	const char *cell, *text;

	fputs("<tr>", out);
	for (size_t k = 0; k < g->ncolumns; k++) {
		cell = k == 0 ? "th" : "td";
		text = grid_cell(g, row, k);
		fprintf(out, "<%s%s%s>", cell, k == 0 ? " scope=\"row\"" : "",
		    class_of(g, k, text));
		html_text(out, text);
		fprintf(out, "</%s>", cell);
	}
	fputs("</tr>\n", out);
}

static void
grid(FILE *out, const struct grid *g)
{
	if (grid_rows(g) == 0) {
		fputs("<p class=\"none\">", out);
		html_text(out, g->caption);
		fputs(": none</p>\n", out);
		return;
	}
	fprintf(out,
	    "<div class=\"scroll%s\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"",
	    grid_rows(g) <= SHORT ? " short" : "");
	html_text(out, g->caption);
	fputs("\">\n<table>\n<caption>", out);
	html_text(out, g->caption);
	fputs("</caption>\n<thead><tr>", out);
	for (size_t k = 0; k < g->ncolumns; k++) {
		fprintf(out, "<th scope=\"col\"%s>", class_of(g, k, ""));
		html_text(out, g->columns[k].name);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < grid_rows(g); i++)
		put_row(out, g, i);
	fputs("</tbody>\n</table>\n</div>\n", out);
}

static void
chart(FILE *out, const struct page_chart *c, const struct grid *g,
    unsigned int number)
{
	html_chart(out, c, number);
	grid(out, g);
}

static void
end(FILE *out)
{
	fputs("</section>\n</main>\n<footer><p>Made by farmgatectl report from "
	      "the audit log of Farmgate. Times are UTC. Nothing in this file "
	      "is loaded from anywhere else.</p></footer>\n</body>\n</html>\n",
	    out);
}

const struct page_kind page_html_kind = {
	.begin = begin,
	.section = section,
	.say = say,
	.figures = figures,
	.grid = grid,
	.chart = chart,
	.end = end,
};
