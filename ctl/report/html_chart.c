/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bars in SVG. What they show is in a table as well; here it has a title and a
 * description in words. The second series is hatched, so that colour is not all
 * that tells them apart.
 */
#include <string.h>

#include "ctl/report/page_parts.h"
#include "policyd/text.h"

#define WIDTH	 960u
#define HEIGHT	 240u
#define LEFT	 52u
#define TOP	 14u
#define PLOT_W	 (WIDTH - LEFT - 36u)
#define PLOT_H	 (HEIGHT - TOP - 30u)
#define LABELS	 8u /* along the time */
#define ROW	 24u
#define NAME_W	 270u
#define BAR_W	 (WIDTH - NAME_W - 70u)
#define NAME_MAX 32u /* characters of a label */

/* 1, 2 or 5 and zeros. */
static uint64_t
round_up(uint64_t most)
{
	uint64_t step = 1;

	while (step * 10 < most && step < UINT64_MAX / 100)
		step *= 10;
	return most <= step  ? step :
	    most <= 2 * step ? 2 * step :
	    most <= 5 * step ? 5 * step :
			       10 * step;
}

static void
put_title(FILE *out, const struct page_chart *c, size_t bar)
{
	fputs("<title>", out);
	html_text(out, c->label[bar]);
	for (size_t k = 0; k < PAGE_SERIES_MAX; k++)
		fprintf(out, "%s %llu %s", k == 0 ? ":" : ",",
		    (unsigned long long)c->n[bar][k], c->series[k]);
	fputs("</title>", out);
}

static void
put_rect(FILE *out, size_t series, double x, double y, double w, double h,
    unsigned int number)
{
	fprintf(out,
	    "<rect class=\"s%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	    "height=\"%.1f\"/>",
	    series, x, y, w, h);
	if (series == 1)
		fprintf(out,
		    "<rect fill=\"url(#h%u)\" x=\"%.1f\" y=\"%.1f\" "
		    "width=\"%.1f\" height=\"%.1f\"/>",
		    number, x, y, w, h);
}

/* ---- over time --------------------------------------------------------- */

static void
put_scale(FILE *out, uint64_t top)
{
	unsigned int parts = top % 2 == 0 ? 2 : 1;

	for (unsigned int i = 0; i <= parts; i++)
		fprintf(out,
		    "<line x1=\"%u\" x2=\"%u\" y1=\"%u\" y2=\"%u\"/>"
		    "<text class=\"axis\" x=\"%u\" y=\"%u\" "
		    "text-anchor=\"end\">%llu</text>\n",
		    LEFT, LEFT + PLOT_W, TOP + PLOT_H - i * PLOT_H / parts,
		    TOP + PLOT_H - i * PLOT_H / parts, LEFT - 7,
		    TOP + PLOT_H - i * PLOT_H / parts + 4,
		    (unsigned long long)(top * i / parts));
}

static void
put_time_label(FILE *out, const struct page_chart *c, size_t bar, double slot)
{
	fprintf(out,
	    "<text class=\"axis\" x=\"%.1f\" y=\"%u\" "
	    "text-anchor=\"middle\">",
	    LEFT + ((double)bar + 0.5) * slot, HEIGHT - 10);
	html_text(out, c->label[bar]);
	fputs("</text>\n", out);
}

static void
put_column(FILE *out, const struct page_chart *c, size_t bar, double slot,
    uint64_t top, unsigned int number)
{
	double y = TOP + PLOT_H, gap = slot > 6 ? 2 : slot / 4, h;

	fputs("<g>", out);
	put_title(out, c, bar);
	for (size_t k = 0; k < PAGE_SERIES_MAX; k++) {
		if (c->n[bar][k] == 0)
			continue;
		h = (double)c->n[bar][k] * PLOT_H / (double)top;
		y -= h;
		put_rect(out, k, LEFT + (double)bar * slot + gap / 2, y,
		    slot - gap, h, number);
	}
	fputs("</g>\n", out);
}

static void
put_columns(FILE *out, const struct page_chart *c, unsigned int number)
{
	uint64_t top = round_up(page_chart_most(c));
	double slot = (double)PLOT_W / (double)c->nbars;
	size_t every = (c->nbars + LABELS - 1) / LABELS;

	put_scale(out, top);
	for (size_t i = 0; i < c->nbars; i++)
		put_column(out, c, i, slot, top, number);
	for (size_t i = 0; i < c->nbars; i += every)
		put_time_label(out, c, i, slot);
}

/* ---- by rank ----------------------------------------------------------- */

/* What fits in front of a bar. */
static void
put_name(FILE *out, const char *label)
{
	char shown[4 * NAME_MAX + 1], *p;
	size_t n = 0;

	(void)text_escape_once_utf8(shown, sizeof(shown), label, strlen(label));
	for (p = shown; *p != '\0'; p++)
		if (((unsigned char)*p & 0xc0) != 0x80 && ++n > NAME_MAX)
			break;
	if (*p != '\0') {
		*p = '\0';
		html_text(out, shown);
		fputs("\xe2\x80\xa6", out);
	} else
		html_text(out, shown);
}

static void
put_row(FILE *out, const struct page_chart *c, size_t bar, uint64_t most,
    unsigned int number)
{
	unsigned int y = (unsigned int)bar * ROW;
	double x = NAME_W, w;

	fprintf(out, "<g>");
	put_title(out, c, bar);
	fprintf(out, "<text x=\"%u\" y=\"%u\" text-anchor=\"end\">", NAME_W - 8,
	    y + 17);
	put_name(out, c->label[bar]);
	fputs("</text>", out);
	for (size_t k = 0; k < PAGE_SERIES_MAX; k++) {
		if (c->n[bar][k] == 0)
			continue;
		w = (double)c->n[bar][k] * BAR_W / (double)most;
		put_rect(out, k, x, y + 4, w, ROW - 7, number);
		x += w;
	}
	fprintf(out, "<text class=\"axis\" x=\"%.1f\" y=\"%u\">%llu</text>",
	    x + 6, y + 17, (unsigned long long)page_chart_sum(c, bar));
	fputs("</g>\n", out);
}

/* ---- around it --------------------------------------------------------- */

static void
put_hatching(FILE *out, unsigned int number, const char *name)
{
	fprintf(out,
	    "<defs><pattern id=\"%s%u\" width=\"5\" height=\"5\" "
	    "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
	    "<line class=\"h\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"5\"/>"
	    "</pattern></defs>",
	    name, number);
}

static void
put_keys(FILE *out, const struct page_chart *c, unsigned int number)
{
	fputs("<span class=\"keys\">", out);
	for (size_t k = 0; k < PAGE_SERIES_MAX; k++) {
		fputs("<span><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\">",
		    out);
		if (k == 1)
			put_hatching(out, number, "k");
		fprintf(out,
		    "<rect class=\"s%zu\" width=\"14\" height=\"14\"/>", k);
		if (k == 1)
			fprintf(out,
			    "<rect fill=\"url(#k%u)\" width=\"14\" "
			    "height=\"14\"/>",
			    number);
		fprintf(out, "</svg>%s</span>", c->series[k]);
	}
	fputs("</span>", out);
}

static void
put_svg_head(FILE *out, const struct page_chart *c, unsigned int number)
{
	size_t height = c->over_time ? HEIGHT : c->nbars * ROW + 4;

	fprintf(out,
	    "<div role=\"region\" tabindex=\"0\" aria-labelledby=\"t%u\">"
	    "<svg class=\"chart\" viewBox=\"0 0 %u %zu\" role=\"img\" "
	    "aria-labelledby=\"t%u d%u\">\n<title id=\"t%u\">",
	    number, WIDTH, height, number, number, number);
	html_text(out, c->title);
	fprintf(out, "</title>\n<desc id=\"d%u\">", number);
	html_text(out, c->desc);
	fputs("</desc>\n", out);
	put_hatching(out, number, "h");
	fputc('\n', out);
}

void
html_chart(FILE *out, const struct page_chart *c, unsigned int number)
{
	uint64_t most = page_chart_most(c);

	fputs("<figure>\n<figcaption>", out);
	html_text(out, c->title);
	put_keys(out, c, number);
	fputs("</figcaption>\n", out);
	put_svg_head(out, c, number);
	if (c->over_time)
		put_columns(out, c, number);
	else
		for (size_t i = 0; i < c->nbars; i++)
			put_row(out, c, i, most, number);
	fputs("</svg></div>\n</figure>\n", out);
}
