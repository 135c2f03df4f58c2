/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions that administrators have made: what the log says of each, and how
 * often a login was let in by it.
 */
#ifndef FG_CTL_REPORT_EXCEPTIONS_H
#define FG_CTL_REPORT_EXCEPTIONS_H

#include <stdint.h>

#include "policyd/json/json.h"

#define EXCEPTIONS_MAX	4096u
#define EXCEPTION_TEXT	256u

struct exception {
	int64_t		 id;
	bool		 made;		/* the log has that */
	bool		 bypass;
	char		 user[EXCEPTION_TEXT], finding[EXCEPTION_TEXT],
			 reason[EXCEPTION_TEXT], by[EXCEPTION_TEXT];
	int64_t		 made_s, until_s, removed_s; /* 0: not */
	uint64_t	 used;
	int64_t		 used_s;	/* the last time */
};

struct exceptions;

struct exceptions *exceptions_new(void);	/* NULL: no memory */
void		 exceptions_free(struct exceptions *exceptions);

/* A record of an event "exception". Returns 0 or FG_ERR_NOMEM. */
int		 exceptions_take(struct exceptions *exceptions,
		    const struct json *record, int64_t at_s);
/* It has let somebody in. Returns likewise. */
int		 exceptions_use(struct exceptions *exceptions, int64_t id,
		    int64_t at_s);

/* In the order in which they were met; those that had no room are counted. */
size_t		 exceptions_count(const struct exceptions *exceptions);
const struct exception *exceptions_at(const struct exceptions *exceptions,
		    size_t i);
uint64_t	 exceptions_left_out(const struct exceptions *exceptions);

#endif
