/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report's pages make of other people's words, and of numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/report/page_parts.h"
#include "policyd/text.h"

static const struct page_section sections[] = { { "one", "One" },
	{ NULL, NULL } };
static const struct grid_column columns[] = { { "Name", false },
	{ "Number", true }, { NULL, false } };

static char *written;
static size_t written_len;

static FILE *
open_page(void)
{
	FILE *out = open_memstream(&written, &written_len);

	assert_non_null(out);
	return out;
}

static bool
has(const char *text)
{
	return strstr(written, text) != NULL;
}

static void
escaped(const char *text, const char *want)
{
	FILE *out = open_page();

	html_text(out, text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(written, want);
	free(written);
}

static void
words_become_no_markup(void **state)
{
	(void)state;
	escaped("<b a=\"1\" c='2'>&lt;",
	    "&lt;b a=&quot;1&quot; "
	    "c=&#39;2&#39;&gt;&amp;lt;");
	escaped("\n\t\x1b[2J\x7f", "\\x0a\\x09\\x1b[2J\\x7f");
	escaped("\xe2\x80\xae\xe2\x81\xa6\xc2\x85",
	    "\\xe2\\x80\\xae"
	    "\\xe2\\x81\\xa6\\xc2\\x85");
	escaped("\xff<\xc3", "\\xff&lt;\\xc3");
	escaped("\\x1b", "\\x1b"); /* escaped before */
	escaped("\xd7\x90\xe4\xb8\xad", "\xd7\x90\xe4\xb8\xad");
	escaped("", "");
}

/* With a hostile text wherever one may be given. */
static void
put_all(struct page *p, const char *bad)
{
	struct page_chart chart = { .title = bad,
		.desc = bad,
		.series = { "s", "t", "u" },
		.nbars = 2,
		.label = { bad, "plain" },
		.n = { { 3, 2, 1 }, { 0, 0, 1 } } };
	struct grid g;

	grid_init(&g, bad, columns, 2);
	for (int i = 0; i < 3; i++) {
		grid_add(&g, "%s", bad);
		grid_add(&g, "%d", i);
	}
	page_begin(p, bad, bad, sections);
	page_section(p, &sections[0]);
	page_say(p, PAGE_WARNING, "%s", bad);
	page_figures(p, &g);
	page_grid(p, &g);
	page_chart(p, &chart, &g);
	chart.over_time = true;
	page_chart(p, &chart, &g);
	memset(chart.n, 0, sizeof(chart.n));
	page_chart(p, &chart, &g);
	grid_done(&g);
	page_grid(p, &g);
	page_free(p);
}

static void
hostile_words_are_only_words(void **state)
{
	static const char bad[] = "\"><script>x</script>\x1b\xe2\x80\xae'";
	FILE *out = open_page();

	(void)state;
	put_all(page_new_html(out), bad);
	assert_int_equal(fclose(out), 0);
	assert_true(has("&quot;&gt;&lt;script&gt;x&lt;/script&gt;\\x1b"));
	assert_false(has("<script"));
	assert_false(has("\x1b") || has("\xe2\x80\xae"));
	assert_true(has("Cut: 1 more came before these"));
	assert_false(has("http:") || has("https:") || has("src="));
	free(written);
	out = open_page();
	put_all(page_new_text(out), bad);
	assert_int_equal(fclose(out), 0);
	assert_false(has("\x1b") || has("\xe2\x80\xae"));
	assert_true(has("  # s, o t, . u\n"));
	free(written);
}

static void
tables_are_told_to_all(void **state)
{
	FILE *out = open_page();

	(void)state;
	put_all(page_new_html(out), "words");
	assert_int_equal(fclose(out), 0);
	assert_true(has("<html lang=\"en\">"));
	assert_true(has("default-src 'none'; style-src 'sha256-"));
	assert_true(has("<caption>words</caption>"));
	assert_true(has("<th scope=\"col\">Name</th>"));
	assert_true(has("<th scope=\"row\">words</th><td class=\"n\">2</td>"));
	assert_false(has("<td class=\"n\">0</td>")); /* dropped */
	assert_true(has("role=\"img\" aria-labelledby=\"t1 d1\""));
	assert_true(has("<title id=\"t2\">") && has("<desc id=\"d2\">"));
	assert_true(has("<title>words: 3 s, 2 t, 1 u</title>"));
	assert_false(has("id=\"t3\"")); /* no bar has any length */
	assert_true(has("words: none"));
	free(written);
}

/* The bars are as long as their numbers say, in the order of their series. */
static void
bars_have_their_length(void **state)
{
	struct page_chart chart = { .title = "t",
		.desc = "d",
		.over_time = true,
		.series = { "s", "t", "u" },
		.nbars = 2,
		.label = { "a", "b" },
		.n = { { 1000, 500, 500 }, { 0, 0, 1 } } };
	struct page *p;
	struct grid g;
	FILE *out;

	(void)state;
	grid_init(&g, "c", columns, 2);
	grid_add(&g, "a");
	grid_add(&g, "2000");
	grid_add(&g, "b");
	grid_add(&g, "1");
	out = open_page();
	p = page_new_text(out);
	page_chart(p, &chart, &g);
	page_free(p);
	assert_int_equal(fclose(out), 0);
	assert_true(has("  a       2000  ####################oooooooooo"
			"..........\n"));
	assert_true(has("  b          1  .\n"));
	free(written);
	out = open_page();
	html_chart(out, &chart, 1);
	assert_int_equal(fclose(out), 0);
	assert_true(has("class=\"s0\" x=\"53.0\" y=\"112.0\" "
			"width=\"434.0\" height=\"98.0\""));
	assert_true(has(">2000</text>"));
	free(written);
	grid_done(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_no_markup),
		cmocka_unit_test(hostile_words_are_only_words),
		cmocka_unit_test(tables_are_told_to_all),
		cmocka_unit_test(bars_have_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
