/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several people behind one address or with one laptop, as farmgatectl farm has
 * them, but out of the records; and people whose laptops have seen others'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/report/report.h"
#include "ctl/report/said.h"

#define NAMES_MAX   12u /* of one cluster that are shown */
#define SOURCES_MAX 6u

typedef unsigned long long ull;

static bool
is_among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* "alice, bob and 3 more" */
static void
put_people(FILE *out, const struct farm_cluster *c,
    const struct farm_login *logins, size_t n)
{
	const char *names[NAMES_MAX];
	size_t shown = 0;

	for (size_t i = 0; i < n && shown < NAMES_MAX; i++) {
		if (is_among(names, shown, logins[i].person))
			continue;
		fprintf(out, "%s%s", shown == 0 ? "" : ", ", logins[i].person);
		names[shown++] = logins[i].person;
	}
	if (c->people > shown)
		fprintf(out, " and %zu more", c->people - shown);
}

static void
put_source(FILE *out, const struct farm_login *l)
{
	if (l->why == FARM_DEVICE) {
		fprintf(out, "laptop %s", l->source);
		return;
	}
	fputs(l->source, out);
	if (l->country[0] != '\0')
		fprintf(out, " %s", l->country);
	if (l->asn != 0)
		fprintf(out, " AS%u", (unsigned int)l->asn);
}

static void
put_sources(FILE *out, const struct farm_cluster *c,
    const struct farm_login *logins, size_t n)
{
	size_t shown = 0;

	for (size_t i = 0; i < n && shown < SOURCES_MAX; i++) {
		if (i > 0 && farm_same_source(&logins[i - 1], &logins[i]))
			continue;
		fputs(shown++ == 0 ? "" : "; ", out);
		put_source(out, &logins[i]);
	}
	if (c->sources > shown)
		fprintf(out, " and %zu more", c->sources - shown);
}

/* A cell of what put() prints. */
static void
add_put(struct grid *g, const struct farm_cluster *c,
    const struct farm_login *logins, size_t n,
    void (*put)(FILE *, const struct farm_cluster *, const struct farm_login *,
	size_t))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out != NULL) {
		put(out, c, logins, n);
		(void)fclose(out); /* what is missing is seen */
	}
	grid_add(g, "%s", text == NULL ? "?" : text);
	free(text);
}

static void
add_cluster(struct grid *g, const struct farm *farm, size_t number,
    const struct farm_login *logins, size_t n)
{
	const struct farm_cluster *c = &farm->clusters[number];
	char time[SAID_TIME_SIZE];

	grid_add(g, "%zu", number + 1);
	grid_add(g, "%zu", c->people);
	grid_add(g, "%zu", c->sources);
	grid_add(g, "%lld", (long long)c->logins);
	add_put(g, c, logins, n, put_people);
	add_put(g, c, logins, n, put_sources);
	grid_add(g, "%s", said_time(c->last_s, time));
}

static void
show_clusters(const struct report *r, struct page *page,
    const struct farm *farm)
{
	static const struct grid_column columns[] = {
		{ "Cluster", true },
		{ "People", true },
		{ "Sources", true },
		{ "Decisions", true },
		{ "Who", false },
		{ "Where", false },
		{ "Last, UTC", false },
		{ NULL, false },
	};
	size_t shown =
	    farm->nclusters < r->o->top ? farm->nclusters : r->o->top;
	size_t from = 0, n, i;
	struct grid g;

	grid_init(&g, "Clusters, the largest first", columns, r->o->top);
	for (i = 0; i < shown; i++, from += n) {
		for (n = 0; from + n < farm->nlogins &&
		     farm->logins[from + n].cluster == i;
		     n++)
			;
		add_cluster(&g, farm, i, &farm->logins[from], n);
	}
	page_grid(page, &g);
	if (shown < farm->nclusters)
		page_say(page, PAGE_PLAIN, "%zu smaller ones are not shown.",
		    farm->nclusters - shown);
	if (farm->nclusters == 0)
		page_say(page, PAGE_PLAIN,
		    "There is no known sign of two people who came from one "
		    "address or with one laptop.");
	grid_done(&g);
}

static void
show_sites(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Person", false },
		{ "Decisions", true },
		{ "Others, at most", true },
		{ "Last, UTC", false },
		{ NULL, false },
	};

	report_single(r, page, BY_SITE,
	    "People whose laptop shares a gateway, a monitor or an input with "
	    "others', or is used by others",
	    columns);
}

void
report_clusters(const struct report *r, struct page *page)
{
	struct farm farm;

	page_say(page, PAGE_PLAIN,
	    "People belong together who came from the same address (of IPv6, "
	    "the same /64) or with the same laptop, in any decision of the "
	    "period; offices and other places where that is expected are "
	    "among them, for records do not say which these are.");
	if (meetings_cluster(r->c.meetings, &farm) == 0)
		show_clusters(r, page, &farm);
	else
		page_say(page, PAGE_BAD, "Out of memory: none is told.");
	farm_done(&farm);
	if (meetings_left_out(r->c.meetings) > 0)
		page_say(page, PAGE_WARNING,
		    "Cut: there was no room for %llu decisions of people at "
		    "places that were new by then; clusters may be larger, and "
		    "there may be more of them.",
		    (ull)meetings_left_out(r->c.meetings));
	show_sites(r, page);
}
