/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a policy makes of the past: how many logins, by judgement, by policy and
 * by what was found, and whom it would change something for.
 */
#ifndef FG_CTL_REPLAY_SUMS_H
#define FG_CTL_REPLAY_SUMS_H

#include "ctl/past/past.h"
#include "ctl/replay/judge.h"
#include "policyd/decide/decide.h"

#define SUMS_ROWS_MAX	128u
#define SUMS_NAME_SIZE	80u

/* One that is told of, with why. */
struct sums_example {
	char		*where;		/* the reference, or FILE:LINE */
	int64_t		 at_s;
	char		*user, *from, *service;	/* as they came: bytes */
	enum judgement	 was, is;
	char		*is_why;	/* the line that decides */
	char		*is_text;	/* what was found; "" */
	char		*was_why;	/* likewise; "" */
	char		*next;		/* what would help */
};

struct sums_person {
	uint64_t	 logins;
	uint64_t	 flips;
	uint64_t	 flip[JUDGEMENTS][JUDGEMENTS];	/* from, to */
	struct sums_example *example;	/* the first; NULL: none */
};

/* "geo.country", "failure no_policy": how many logins by .by. */
struct sums_row {
	char		 name[SUMS_NAME_SIZE];
	enum finding_code code;		/* NONE: it is none */
	char		 grade[FINDING_GRADE_MAX + 1];
	uint64_t	 by[ACTION_DENY + 1];	/* actions, or judgements */
};

struct sums_rows {
	size_t		 n;
	bool		 lost;		/* there were more */
	struct sums_row row[SUMS_ROWS_MAX];
};

struct sums {
	uint64_t	 logins, failed, undated, other;
	int64_t		 first_s, last_s;
	uint64_t	 is[JUDGEMENTS], was[JUDGEMENTS];
	uint64_t	 flips, flip[JUDGEMENTS][JUDGEMENTS];
	uint64_t	 nobodys;	/* flips of more people than there is
					 * room for */
	struct sums_rows policies;	/* by judgement */
	struct sums_rows findings;	/* by action */
	struct sums_rows decided;	/* what denies or asks, by judgement */
	size_t		 people;	/* that have logins */
	struct sums_person *person;	/* by number of known_names() */
};

/* What it was before. */
struct sums_before {
	enum judgement	 judgement;
	const char	*why;		/* "" if nobody has said */
};

/* NULL: no memory. */
struct sums	*sums_new(void);
void		 sums_free(struct sums *sums);	/* NULL is fine */

/* A login that was decided, login->times times. */
void		 sums_take(struct sums *sums, const struct judge *judge,
		    const struct past_login *login, enum judgement is,
		    const struct sums_before *before);

/* The finding that decides, as it reads, or "". */
const char	*sums_text_of(const struct decision *decision);

#endif
