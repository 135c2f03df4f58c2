/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What came of it in numbers, what all of it is about, and whether it can be
 * believed.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/report/report.h"
#include "ctl/report/said.h"

typedef unsigned long long ull;

static void
add_figure(struct grid *g, uint64_t n, const char *what)
{
	grid_add(g, "%llu", (ull)n);
	grid_add(g, "%s", what);
}

/* People of whom something is told; at least, if there are very many. */
static void
add_people(struct grid *g, const struct tally *t)
{
	grid_add(g, "%s%zu", tally_is_cut(t) ? "> " : "", tally_rows(t));
	grid_add(g, "people denied or challenged");
}

/* What the log says of itself, by the line of audit verify. */
static enum page_tone
tone_of(const char *line)
{
	if (strncmp(line, "intact:", 7) == 0 ||
	    strncmp(line, "anchored to", 11) == 0)
		return PAGE_GOOD;
	if (strncmp(line, "NOT INTACT:", 11) == 0)
		return PAGE_BAD;
	return strncmp(line, "warning:", 8) == 0 ||
		strncmp(line, "not anchored", 12) == 0 ?
	    PAGE_WARNING :
	    PAGE_PLAIN;
}

/* What is most to know of the log. */
static void
say_first(const struct report *r, struct page *page)
{
	size_t len = strcspn(r->verdict, "\n");

	page_say(page, tone_of(r->verdict), "The log, by audit verify: %.*s",
	    (int)len, r->verdict);
	if (r->verify.unread > 0)
		page_say(page, PAGE_BAD,
		    "Files that could not be read: %llu. What is in them is "
		    "missing in all numbers.",
		    (ull)r->verify.unread);
}

static void
say_signs(const struct report *r, struct page *page)
{
	const uint64_t *n = r->c.n;

	if (n[OUTCOME_DENIED] + n[OUTCOME_WOULD] + n[OUTCOME_CHALLENGED] == 0)
		page_say(page, PAGE_PLAIN,
		    "There is no known sign of a login that the policy denies "
		    "or challenges in these records.");
	page_say(page, PAGE_PLAIN,
	    "A decision is counted where it was made: a login that passes a "
	    "challenge has two, the challenge, and the one that lets it in. "
	    "Challenged are those for which a proof was asked and that were "
	    "not refused. Challenges in all: %llu; the others were denied, or "
	    "would be.",
	    (ull)r->c.asked);
	page_say(page, PAGE_PLAIN,
	    "The report tells what the gate has recorded. It does not tell of "
	    "what the policy ignores, of services without the gate, or of time "
	    "in which the daemon did not run.");
}

void
report_glance(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Number", true },
		{ "What", false },
		{ NULL, false },
	};
	const uint64_t *n = r->c.n;
	struct grid g;

	grid_init(&g, "At a glance", columns, 20);
	add_figure(&g, n[OUTCOME_DENIED], "denied");
	add_figure(&g, n[OUTCOME_WOULD], "would be denied (only observed)");
	add_figure(&g, n[OUTCOME_CHALLENGED], "challenged");
	add_figure(&g, n[OUTCOME_ALLOWED], "allowed");
	add_people(&g, r->c.by[BY_PERSON]);
	add_figure(&g,
	    grid_rows(&r->c.events[EVENTS_GLASS]) +
		r->c.events[EVENTS_GLASS].dropped,
	    "let in by break-glass");
	add_figure(&g,
	    refusals_open(r->c.refusals, OUTCOME_DENIED) *
		refusals_part(r->c.refusals),
	    refusals_part(r->c.refusals) > 1 ? "denials not reviewed, about" :
					       "denials not reviewed");
	if (n[OUTCOME_EXEMPT] > 0)
		add_figure(&g, n[OUTCOME_EXEMPT], "exempt");
	if (n[OUTCOME_OTHER] > 0)
		add_figure(&g, n[OUTCOME_OTHER],
		    "others, as steps on the way to a decision");
	page_figures(page, &g);
	grid_done(&g);
	say_first(r, page);
	say_signs(r, page);
}

/* ---- what it covers ---------------------------------------------------- */

static void
add_fact(struct grid *g, const char *name, const char *value)
{
	grid_add(g, "%s", name);
	grid_add(g, "%s", value);
}

static void
add_times(struct grid *g, const struct report *r)
{
	char from[SAID_TIME_SIZE], to[SAID_TIME_SIZE];

	grid_add(g, "Period");
	grid_add(g, "%s to %s, UTC", said_time(r->o->since_s, from),
	    said_time(r->o->until_s, to));
	grid_add(g, "Records in it");
	if (r->c.records == 0)
		grid_add(g, "none");
	else
		grid_add(g, "%llu, numbers %llu to %llu, of %s to %s",
		    (ull)r->c.records, (ull)r->c.first, (ull)r->c.last,
		    said_time(r->c.first_s, from), said_time(r->c.last_s, to));
}

/* A log that begins or ends within the period covers less of it. */
static void
say_limits(const struct report *r, struct page *page)
{
	char text[SAID_TIME_SIZE];

	if (!r->c.begun)
		page_say(page, PAGE_WARNING,
		    "The log has no record of a known time.");
	else if (r->c.begin_s > r->o->since_s)
		page_say(page, PAGE_WARNING,
		    "The log begins within the period, at %s: nothing is known "
		    "of what was before.",
		    said_time(r->c.begin_s, text));
	if (r->c.begun && r->c.end_s < r->o->until_s &&
	    r->o->now_s > r->c.end_s + 86400)
		page_say(page, PAGE_WARNING,
		    "The last record is of %s: of later time nothing is known.",
		    said_time(r->c.end_s, text));
	if (r->c.strays > 0)
		page_say(page, PAGE_WARNING,
		    "The clock was wrong: among the records of the period are "
		    "others by whose time they are not of it, and count for "
		    "nothing: %llu, the first is record %llu.",
		    (ull)r->c.strays, (ull)r->c.stray);
	if (r->c.foreign > 0)
		page_say(page, PAGE_WARNING,
		    "Lines that are no records, and count for nothing: %llu.",
		    (ull)r->c.foreign);
	if (r->c.tries > 0)
		page_say(page, PAGE_PLAIN,
		    "Decisions that farmgatectl enable has made to try the "
		    "gate are left out: %llu.",
		    (ull)r->c.tries);
}

void
report_covers(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "What", false },
		{ "Value", false },
		{ NULL, false },
	};
	char time[SAID_TIME_SIZE];
	struct grid g;

	grid_init(&g, "Coverage", columns, 20);
	add_times(&g, r);
	add_fact(&g, "Log", r->path);
	grid_add(&g, "Host");
	grid_add(&g,
	    "%s is where this was made; records do not name their host, "
	    "anchors do",
	    r->host);
	grid_add(&g, "Made");
	grid_add(&g, "%s UTC, by farmgatectl %s", said_time(r->o->now_s, time),
	    FG_PACKAGE_VERSION);
	page_grid(page, &g);
	grid_done(&g);
	page_grid(page, &r->files);
	say_limits(r, page);
}

/* ---- is it whole ------------------------------------------------------- */

void
report_integrity(const struct report *r, struct page *page)
{
	char *lines = strdup(r->verdict), *at = lines, *line;

	page_say(page, PAGE_PLAIN,
	    "All records of all files that could be read were verified as "
	    "farmgatectl audit verify does, which says:");
	while (at != NULL && (line = strsep(&at, "\n")) != NULL)
		if (line[0] != '\0')
			page_say(page, tone_of(line), "%s", line);
	free(lines);
	if (r->verify.unread > 0)
		page_say(page, PAGE_BAD,
		    "Files that could not be read and are missing here: %llu; "
		    "the first: %s",
		    (ull)r->verify.unread, r->verify.why);
	if (verify_status(&r->verify) != CTL_OK)
		page_say(page, PAGE_BAD,
		    "What this report says is no better than the log: see "
		    "above what is wrong with it.");
	if (given_anchors(r->o->given) == NULL)
		page_say(page, PAGE_WARNING,
		    "No anchors were given (--anchors): that nothing was cut "
		    "off the end, and that nobody wrote all of the log anew, "
		    "is not shown.");
}
