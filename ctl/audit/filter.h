/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records of the audit log are asked for. A line is looked through for
 * the bytes that the daemon would have written before any of it is parsed: most
 * lines end there.
 */
#ifndef FG_CTL_AUDIT_FILTER_H
#define FG_CTL_AUDIT_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

struct filter;

enum filter_text {
	FILTER_USER,	/* the account, or the person whose it is */
	FILTER_COUNTRY,
	FILTER_FINDING,	/* "CODE" or "CODE:GRADE" */
	FILTER_SERVICE,
	FILTER_EVENT,
	FILTER_REF,	/* its own, or that of a request for approval */
	FILTER_TEXTS
};

enum filter_answer {
	FILTER_NO,
	FILTER_YES,
	FILTER_NO_RECORD /* the line is none: not of JSON in printable ASCII */
};

struct filter	*filter_new(void);		/* NULL: no memory */
void		 filter_free(struct filter *filter);	/* NULL is fine */

/* Each narrows it down, and is set once. Returns 0 or FG_ERR_NOMEM. */
int		 filter_text(struct filter *filter, enum filter_text which,
		    const char *text);
/* An address or a prefix. Returns 0, FG_ERR_FORMAT or FG_ERR_NOMEM. */
int		 filter_from(struct filter *filter, const char *text);
/*
 * "allow", "deny" or "exempt"; "challenge", where something was asked for, or
 * would have been; or "would-deny": enforcing would have denied it, and it was
 * not denied. Returns 0, FG_ERR_FORMAT or FG_ERR_NOMEM.
 */
int		 filter_verdict(struct filter *filter, const char *text);
/*
 * Whether "challenge" is true of a decision: also of one for which nobody was
 * asked, as the service cannot, or it is only observed.
 */
bool		 filter_is_challenge(const struct json *record);
/* From then on, and before then; INT64_MIN and INT64_MAX are no limit. */
void		 filter_time(struct filter *filter, int64_t since_s,
		    int64_t until_s);

/*
 * Is this line wanted? Of one that is, *ret_record is the record, which the
 * caller frees, if ret_record is not NULL; else NULL.
 */
enum filter_answer filter_line(const struct filter *filter, const char *text,
		    size_t len, struct json **ret_record);

#endif
