/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl report: what the audit log has of a period, for who reviews it.
 * report.c reads, the others write it down, section by section.
 */
#ifndef FG_CTL_REPORT_REPORT_H
#define FG_CTL_REPORT_REPORT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "ctl/audit/given.h"
#include "ctl/audit/verify.h"
#include "ctl/report/collect.h"
#include "ctl/report/page.h"

struct report_options {
	struct given	*given;		/* anchors */
	int64_t		 since_s, until_s, now_s;
	uint64_t	 seed, sample, top;
};

/* A file that is being read. */
struct report_file {
	const char	*path;
	uint64_t	 first, last, records;
	int64_t		 first_s, last_s;
};

struct report {
	const struct report_options *o;
	const char	*path;		/* of the log */
	char		 host[HOST_NAME_MAX + 1]; /* where it is made */
	struct collect	 c;
	struct verify	 verify;
	char		*verdict;	/* what audit verify says, in lines */
	struct report_file file;
	struct grid	 files;
};

/*
 * Read the log at path, all of it. Returns CTL_OK, or CTL_ERROR after a
 * complaint: there is no report. report_done() in any case. What could not be
 * read of it the report says itself, see verify_status().
 */
int	report_read(struct report *report, const struct report_options *o,
	    const char *path);
void	report_done(struct report *report);

/* Everything on a page, which is freed. False: some memory was not there. */
bool	report_write(const struct report *report, struct page *page);

/*
 * report_counts.c: a tally that has one number a row, its name before and the
 * last time behind it; of BY_SITE with the largest value.
 */
void	report_single(const struct report *report, struct page *page,
	    enum by by, const char *caption,
	    const struct grid_column *columns);

/* ---- the sections ---- */

void	report_glance(const struct report *report, struct page *page);
void	report_covers(const struct report *report, struct page *page);
void	report_integrity(const struct report *report, struct page *page);
void	report_time(const struct report *report, struct page *page);
void	report_reasons(const struct report *report, struct page *page);
void	report_people(const struct report *report, struct page *page);
void	report_places(const struct report *report, struct page *page);
void	report_devices(const struct report *report, struct page *page);
void	report_clusters(const struct report *report, struct page *page);
void	report_new(const struct report *report, struct page *page);
void	report_overridden(const struct report *report, struct page *page);
void	report_live(const struct report *report, struct page *page);
void	report_policy(const struct report *report, struct page *page);
void	report_review(const struct report *report, struct page *page);

#endif
