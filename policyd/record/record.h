/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an audit record says about a decision; farmgate-audit(5) documents
 * each member. Coordinates are rounded to a tenth of a degree; command lines
 * never appear here.
 */
#ifndef FG_RECORD_H
#define FG_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "policyd/decide/outlook.h"
#include "policyd/facts.h"
#include "policyd/json/json.h"
#include "policyd/ruleset.h"
#include "policyd/store/store_session.h"

struct record_decision {
	const struct facts *facts;
	const struct ruleset *ruleset;
	const struct decision *decision;
	const struct stepup *stepup;	/* of the auth phase, or NULL */
	const struct outlook *outlook;	/* of a what-if's challenge, or NULL */
	const char	*ref;
	int64_t		 latency_us;	/* request received to record */
};

/* Fill in everything but v, seq, ts, event, prev and hash. */
void	record_decision(struct json *json, const struct record_decision *r);

/*
 * A session was opened under the reference of its decision (event "open"):
 * the user that it opened for, which sudo and su change, its process, and
 * what is known and found only now, as the key and whose it is.
 */
void	record_open(struct json *json, const struct facts *facts,
	    const struct decision *decision, const char *ref);

/*
 * A session is over (event "close"). open_s: seconds it lasted; how:
 * session_end_name() of it.
 */
void	record_close(struct json *json, const struct store_session *s,
	    int64_t open_s, const char *how);

/* Its leader has gone, so many processes of it have not (event "left"). */
void	record_left(struct json *json, const struct store_session *s,
	    uint32_t remains);

/*
 * Break-glass was used (event "breakglass"): what the module has noted, or
 * line as it is where that is no note (NULL).
 */
void	record_breakglass(struct json *json, const struct json *note,
	    const char *line);

/* Who asked for what is recorded (member "by"). */
void	record_by(struct json *by, const struct fact_peer *peer);

/* What a record does not say itself; all of it may be missing. */
struct record_context {
	/* The user's name here, fit for a terminal, or NULL. Returns buf. */
	const char	*(*name)(int64_t uid, char *buf, size_t size);
	/* The record of the step-up that this one relies on, or NULL. */
	const struct json *step_up;
	/* The first that relies on this one; NULL: none does, or nobody has
	 * looked. */
	const struct json *relying;
	bool		 looked;
};

/*
 * A record for people, one that was read back (explain) or has just been built
 * (test, person): a readable paragraph that ends with "next:" where it is a
 * decision. context may be NULL. Terminal-safe whatever the record holds.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	record_print(const struct json *json,
	    const struct record_context *context, FILE *out);

/* Whose word it was: "carol (uid 1003) as root". by may be NULL. */
void	record_print_by(const struct json *by,
	    const struct record_context *context, FILE *out);

#endif
