/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What came when: in hours while they are few, else in days, weeks or longer
 * spans, so that memory is bounded whatever the times are. All of it is UTC;
 * weeks begin on Monday.
 */
#ifndef FG_CTL_REPORT_TIMELINE_H
#define FG_CTL_REPORT_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#include "ctl/report/outcome.h"

#define TIMELINE_MAX	100u	/* spans */

struct timeline_span {
	int64_t		 at_s;
	uint64_t	 n[OUTCOMES];
};

/* Zeroed it is empty. */
struct timeline {
	struct timeline_span spans[TIMELINE_MAX];
	size_t		 n;
	size_t		 width;		/* which of the widths */
	uint64_t	 hours[24][OUTCOME_ODD];
};

/* The time is within what is covered, though nothing came of it. */
void	timeline_cover(struct timeline *timeline, int64_t at_s);
void	timeline_add(struct timeline *timeline, int64_t at_s,
	    enum outcome outcome);

/* Seconds of a span, and what it is called: "hour". Static. */
int64_t	timeline_width(const struct timeline *timeline);
const char *timeline_unit(const struct timeline *timeline);

#endif
