/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a policy makes of the past: how many logins, by outcome, policy and what
 * was found, and whom it would change something for.
 */
#ifndef FG_CTL_REPLAY_TALLY_H
#define FG_CTL_REPLAY_TALLY_H

#include "ctl/past/past.h"
#include "ctl/replay/judge.h"
#include "policyd/decide/decide.h"

#define TALLY_ROWS_MAX	128u
#define TALLY_NAME_SIZE	80u

/* One that is told of, with why. */
struct tally_example {
	char		*where;		/* the reference, or FILE:LINE */
	int64_t		 at_s;
	char		*user, *from, *service;	/* as they came: bytes */
	enum outcome	 was, is;
	char		*is_why;	/* the line that decides */
	char		*is_text;	/* what was found; "" */
	char		*was_why;	/* likewise; "" */
	char		*next;		/* what would help */
};

struct tally_person {
	uint64_t	 logins;
	uint64_t	 flips;
	uint64_t	 flip[OUTCOMES][OUTCOMES];	/* from, to */
	struct tally_example *example;	/* the first; NULL: none */
};

/* "geo.country", "failure no_policy": how many logins by .by. */
struct tally_row {
	char		 name[TALLY_NAME_SIZE];
	enum finding_code code;		/* NONE: it is none */
	char		 grade[FINDING_GRADE_MAX + 1];
	uint64_t	 by[ACTION_DENY + 1];	/* actions, or outcomes */
};

struct tally_rows {
	size_t		 n;
	bool		 lost;		/* there were more */
	struct tally_row row[TALLY_ROWS_MAX];
};

struct tally {
	uint64_t	 logins, failed, undated, other;
	int64_t		 first_s, last_s;
	uint64_t	 is[OUTCOMES], was[OUTCOMES];
	uint64_t	 flips, flip[OUTCOMES][OUTCOMES];
	uint64_t	 nobodys;	/* flips of more people than there is
					 * room for */
	struct tally_rows policies;	/* by outcome */
	struct tally_rows findings;	/* by action */
	struct tally_rows decided;	/* what denies or asks, by outcome */
	size_t		 people;	/* that have logins */
	struct tally_person *person;	/* by number of known_names() */
};

/* What it was before. */
struct tally_before {
	enum outcome	 outcome;
	const char	*why;		/* "" if nobody has said */
};

/* NULL: no memory. */
struct tally	*tally_new(void);
void		 tally_free(struct tally *tally);	/* NULL is fine */

/* A login that was decided, login->times times. */
void		 tally_take(struct tally *tally, const struct judge *judge,
		    const struct past_login *login, enum outcome is,
		    const struct tally_before *before);

/* The finding that decides, as it reads, or "". */
const char	*tally_text_of(const struct decision *decision);

#endif
