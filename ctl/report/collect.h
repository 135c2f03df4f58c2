/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report has of the records of a period, one after the other, in memory
 * that is bounded however many there are. Of those before the period it is
 * remembered what was known by then: exceptions, SSH keys, the configuration;
 * of those after it, what reviews say.
 */
#ifndef FG_CTL_REPORT_COLLECT_H
#define FG_CTL_REPORT_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/audit/line.h"
#include "ctl/audit/source.h"
#include "ctl/report/exceptions.h"
#include "ctl/report/grid.h"
#include "ctl/report/meetings.h"
#include "ctl/report/outcome.h"
#include "ctl/report/refusals.h"
#include "ctl/report/seen.h"
#include "ctl/report/tally.h"
#include "ctl/report/timeline.h"
#include "policyd/crypto.h"

#define COLLECT_ROWS	4096u	/* of each tally */
#define COLLECT_EVENTS	50u	/* of each list of events */

enum by {
	BY_REASON,
	BY_PERSON,
	BY_COUNTRY,
	BY_AS,
	BY_NETWORK,	/* named ones, and lists */
	BY_PREFIX,
	BY_DEVICE,
	BY_SERVICE,
	BY_POLICY,
	/* All in one column: */
	BY_LIVE,	/* found in an open session, and what became of it */
	BY_SITE,	/* people whose laptops are not alone */
	BY_FAILURE,	/* let in though that had failed */
	BY_ACTION,	/* administrators' */
	BYS
};

/* Lists of events. */
enum events {
	EVENTS_DEVICES,
	EVENTS_GLASS,	/* break-glass */
	EVENTS_POLICY,
	EVENTS
};

struct collect {
	int64_t		 since_s, until_s;
	struct tally	*by[BYS];
	struct timeline	 timeline;
	struct refusals	*refusals;
	struct refusals	*challenges;	/* nothing but why, and reviews */
	struct meetings	*meetings;
	struct exceptions *exceptions;
	struct seen	*keys;		/* people, and each with a key */
	struct grid	 events[EVENTS];

	uint64_t	 n[OUTCOMES];	/* decisions */
	uint64_t	 asked;		/* challenges, all of them */
	uint64_t	 tries;		/* of farmgatectl enable, left out */
	uint64_t	 other_reviews;	/* in the period, of others */
	uint64_t	 odd_reviews;	/* with no known disposition */
	uint64_t	 starts;
	uint64_t	 same;		/* reloads that changed nothing */
	uint64_t	 refused_again;	/* that had failed just before, too */
	bool		 refused;	/* the last one was */
	uint64_t	 keys_lost;	/* that could not be remembered */

	uint64_t	 records;	/* in the period */
	uint64_t	 foreign;	/* lines that are no records */
	uint64_t	 first, last;	/* sequence numbers; 0: none */
	int64_t		 first_s, last_s; /* in the period */
	/* Of the first and the last of all that have a time. */
	bool		 begun;
	int64_t		 begin_s, end_s;
	/* Among those of the period, but of other times: the clock was wrong.
	 * Of those of later times it is not known before the next one. */
	uint64_t	 strays, later;
	uint64_t	 stray, later_first; /* the first one's number */
	int64_t		 at_s;		/* of the last record */
	char		 config[CRYPTO_HEX_SIZE]; /* "": not known */
};

/* Returns 0 or FG_ERR_NOMEM; collect_done() in any case. */
int	collect_init(struct collect *collect, int64_t since_s, int64_t until_s,
	    uint64_t seed);
void	collect_done(struct collect *collect);

/* The next line of the log. Returns 0 or FG_ERR_NOMEM. */
int	collect_line(struct collect *collect, const struct source_line *line,
	    const struct line_parts *parts);

/* That was the last one. */
void	collect_end(struct collect *collect);

/* What came, and when. */
struct collect_record {
	const struct json *json;	/* NULL: it is not parsed yet */
	const char	*line;
	size_t		 len;
	int64_t		 at_s;
	uint64_t	 seq;
	bool		 counts;	/* it is in the period */
};

/* collect_decision.c, collect_event.c; they return 0 or FG_ERR_NOMEM. */
int	collect_decision(struct collect *collect,
	    const struct collect_record *record);
/* The same of one that is not parsed, if it need not be: else *ret_done is
 * false, and nothing has happened. */
int	collect_plain(struct collect *collect,
	    const struct collect_record *record, bool *ret_done);
int	collect_event(struct collect *collect,
	    const struct collect_record *record);
/* collect_decision.c: somebody has used a key, maybe for the first time. */
int	collect_key(struct collect *collect,
	    const struct collect_record *record);

#endif
