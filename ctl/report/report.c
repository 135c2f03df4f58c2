/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log is read once: the same lines that are counted are verified.
 */
#include "ctl/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/report/said.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FILES_SHOWN 100u

/* ---- files ------------------------------------------------------------- */

static void
add_file(struct report *r)
{
	const struct report_file *f = &r->file;
	char first[SAID_TIME_SIZE], last[SAID_TIME_SIZE];
	typedef unsigned long long ull;

	if (f->path == NULL)
		return;
	grid_add(&r->files, "%s", f->path);
	grid_add(&r->files, "%llu", (ull)f->records);
	grid_add(&r->files, "%llu", (ull)f->first);
	grid_add(&r->files, "%llu", (ull)f->last);
	grid_add(&r->files, "%s",
	    f->records == 0 ? "-" : said_time(f->first_s, first));
	grid_add(&r->files, "%s",
	    f->records == 0 ? "-" : said_time(f->last_s, last));
}

static void
take_file(struct report *r, const struct source_line *line,
    const struct line_parts *parts, uint64_t before)
{
	struct report_file *f = &r->file;
	int64_t at_s = r->c.at_s;

	if (f->path == NULL || strcmp(f->path, line->file) != 0) {
		add_file(r);
		memset(f, 0, sizeof(*f));
		f->path = line->file;
	}
	if (r->c.foreign != before)
		return; /* it is no record */
	if (f->records++ == 0) {
		f->first = parts->seq;
		f->first_s = at_s;
	}
	f->last = parts->seq;
	f->last_s = at_s;
}

static int
take_line(const struct source_line *line, const struct line_parts *parts,
    void *arg)
{
	struct report *r = arg;
	uint64_t before = r->c.foreign;
	int error;

	if ((error = collect_line(&r->c, line, parts)) != 0)
		return error;
	take_file(r, line, parts, before);
	return 0;
}

/* ---- all of it --------------------------------------------------------- */

static int
keep_verdict(struct report *r)
{
	char key[KEY_TEXT_SIZE];
	size_t len;
	FILE *out;

	if ((out = open_memstream(&r->verdict, &len)) == NULL)
		return FG_ERR_NOMEM;
	(void)verify_print(&r->verify, given_anchors(r->o->given), out);
	if (given_unsaid_key(r->o->given, key) != NULL)
		fprintf(out,
		    "the anchors' key is %s: nobody has said that it is right, "
		    "see --key\n",
		    key);
	return fclose(out) == 0 ? 0 : FG_ERR_NOMEM;
}

static int
read_source(struct report *r, struct source *source)
{
	struct verify_watch watch = { .line = take_line, .arg = r };
	int error;

	error = verify_read(source, r->o->given->list, &watch, &r->verify);
	if (error == 0)
		error = keep_verdict(r);
	add_file(r);
	collect_end(&r->c);
	if (error == 0)
		return CTL_OK;
	ctl_complain("report: %s", fg_strerror(error));
	return CTL_ERROR;
}

int
report_read(struct report *r, const struct report_options *o, const char *path)
{
	static const struct grid_column columns[] = {
		{ "File", false },
		{ "Records", true },
		{ "First", true },
		{ "Last", true },
		{ "From", false },
		{ "To", false },
		{ NULL, false },
	};
	char why[SOURCE_WHY_SIZE];
	struct source *source;
	int status;

	memset(r, 0, sizeof(*r));
	r->o = o;
	r->path = path;
	grid_init(&r->files, "Files that were read", columns, FILES_SHOWN);
	if (gethostname(r->host, sizeof(r->host) - 1) != 0)
		(void)text_copy(r->host, sizeof(r->host), "-");
	if (collect_init(&r->c, o->since_s, o->until_s, o->seed) != 0) {
		ctl_complain("report: out of memory");
		return CTL_ERROR;
	}
	if (source_open(path, true, &source, why) != 0) {
		ctl_complain("report: %s", why);
		return CTL_ERROR;
	}
	status = read_source(r, source);
	source_free(source);
	return status;
}

void
report_done(struct report *r)
{
	collect_done(&r->c);
	grid_done(&r->files);
	free(r->verdict);
}

/* ---- sections ---------------------------------------------------------- */

static const struct page_section sections[] = {
	{ "glance", "At a glance" },
	{ "covers", "What this covers" },
	{ "integrity", "Is the log whole" },
	{ "time", "Over time" },
	{ "reasons", "Reasons" },
	{ "people", "People" },
	{ "places", "Countries and networks" },
	{ "devices", "Devices, services, policies" },
	{ "clusters", "Shared places and laptops" },
	{ "new", "New devices and keys" },
	{ "overridden", "Overridden" },
	{ "live", "In open sessions" },
	{ "policy", "Policy and administrators" },
	{ "review", "Review" },
	{ NULL, NULL },
};

static void (*const writers[])(const struct report *, struct page *) = {
	report_glance,
	report_covers,
	report_integrity,
	report_time,
	report_reasons,
	report_people,
	report_places,
	report_devices,
	report_clusters,
	report_new,
	report_overridden,
	report_live,
	report_policy,
	report_review,
};

bool
report_write(const struct report *r, struct page *page)
{
	char since[SAID_TIME_SIZE], until[SAID_TIME_SIZE], below[128];
	bool whole = !r->files.failed;

	(void)snprintf(below, sizeof(below), "%s to %s UTC",
	    said_time(r->o->since_s, since), said_time(r->o->until_s, until));
	page_begin(page, "Farmgate: logins denied and challenged", below,
	    sections);
	for (size_t i = 0; sections[i].id != NULL; i++) {
		page_section(page, &sections[i]);
		writers[i](r, page);
	}
	page_free(page);
	for (size_t i = 0; i < EVENTS; i++)
		whole = whole && !r->c.events[i].failed;
	return whole;
}
