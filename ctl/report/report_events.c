/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was set aside, and who has changed what.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/report/report.h"
#include "ctl/report/said.h"

#define EXCEPTIONS_SHOWN 200u

typedef unsigned long long ull;

/* ---- exceptions -------------------------------------------------------- */

static bool
is_within(const struct report *r, int64_t at_s)
{
	return at_s >= r->o->since_s && at_s < r->o->until_s;
}

static bool
is_told(const struct report *r, const struct exception *x)
{
	return x->used > 0 || is_within(r, x->until_s) ||
	    is_within(r, x->removed_s) || is_within(r, x->made_s);
}

static const char *
state_of(const struct report *r, const struct exception *x)
{
	if (!x->made)
		return "made before the log begins";
	if (x->removed_s != 0)
		return "removed";
	return x->until_s != 0 && x->until_s <= r->o->until_s ? "expired" :
								"in force";
}

static void
add_exception(struct grid *g, const struct report *r, const struct exception *x)
{
	char until[SAID_TIME_SIZE], used[SAID_TIME_SIZE];

	grid_add(g, "%lld", (long long)x->id);
	grid_add(g, "%s", x->bypass ? "bypass" : "exception");
	grid_add(g, "%s", x->made ? x->user : "-");
	grid_add(g, "%s", x->made ? x->finding : "-");
	grid_add(g, "%llu", (ull)x->used);
	grid_add(g, "%s", x->used == 0 ? "-" : said_time(x->used_s, used));
	grid_add(g, "%s", x->until_s == 0 ? "-" : said_time(x->until_s, until));
	grid_add(g, "%s", state_of(r, x));
	grid_add(g, "%s", x->made ? x->by : "-");
	grid_add(g, "%s", x->made ? x->reason : "-");
}

static void
show_exceptions(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Number", true },
		{ "Kind", false },
		{ "Person", false },
		{ "Finding", false },
		{ "Let in", true },
		{ "Last, UTC", false },
		{ "Until, UTC", false },
		{ "State", false },
		{ "Made by", false },
		{ "Reason", false },
		{ NULL, false },
	};
	const struct exceptions *all = r->c.exceptions;
	struct grid g;

	grid_init(&g, "Exceptions that were made, used, removed or expired",
	    columns, EXCEPTIONS_SHOWN);
	for (size_t i = 0; i < exceptions_count(all); i++)
		if (is_told(r, exceptions_at(all, i)))
			add_exception(&g, r, exceptions_at(all, i));
	page_grid(page, &g);
	grid_done(&g);
	if (exceptions_left_out(all) > 0)
		page_say(page, PAGE_WARNING,
		    "Cut: there was no room for more than %u exceptions; times "
		    "that another one was made or used: %llu.",
		    EXCEPTIONS_MAX, (ull)exceptions_left_out(all));
}

/* ---- the sections ------------------------------------------------------ */

void
report_overridden(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Failure", false },
		{ "Decisions", true },
		{ "Last, UTC", false },
		{ NULL, false },
	};
	show_exceptions(r, page);
	report_single(r, page, BY_FAILURE,
	    "Let in though something had failed, as the policy says", columns);
	page_grid(page, &r->c.events[EVENTS_GLASS]);
	page_say(page, PAGE_PLAIN,
	    "What the PAM module alone lets in while the daemon cannot be "
	    "asked, but for break-glass, has no record.");
}

void
report_new(const struct report *r, struct page *page)
{
	page_say(page, PAGE_PLAIN,
	    "Laptops that were enrolled, and SSH keys that their person had "
	    "not used in any record before.");
	page_grid(page, &r->c.events[EVENTS_DEVICES]);
	if (r->c.begun && r->c.begin_s > r->o->since_s)
		page_say(page, PAGE_WARNING,
		    "The log begins within the period: keys may have been used "
		    "before.");
	if (r->c.keys_lost > 0)
		page_say(page, PAGE_WARNING,
		    "Cut: there are too many people and keys to remember; uses "
		    "of keys of which it is not known whether they are new: "
		    "%llu.",
		    (ull)r->c.keys_lost);
}

void
report_live(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Finding: what became of the session", false },
		{ "Times", true },
		{ "Last, UTC", false },
		{ NULL, false },
	};
	report_single(r, page, BY_LIVE, "Found while a session was open",
	    columns);
}

void
report_policy(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "What, and who", false },
		{ "Times", true },
		{ "Last, UTC", false },
		{ NULL, false },
	};
	page_grid(page, &r->c.events[EVENTS_POLICY]);
	page_say(page, PAGE_PLAIN,
	    "Starts of the daemon: %llu. A hash is the beginning of the "
	    "SHA-256 of the configuration's file; each decision has the whole "
	    "of it.",
	    (ull)r->c.starts);
	if (r->c.same + r->c.refused_again > 0)
		page_say(page, PAGE_PLAIN,
		    "Not in this table: reloads that changed nothing, %llu; "
		    "that were refused again after one that was, %llu.",
		    (ull)r->c.same, (ull)r->c.refused_again);
	report_single(r, page, BY_ACTION, "What administrators have done",
	    columns);
}
