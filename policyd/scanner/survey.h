/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All processes at one time, with their parents: who descends from a session's
 * members is a member, too, also where nothing else ties them.
 */
#ifndef FG_SURVEY_H
#define FG_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/members.h"
#include "policyd/scanner/tie.h"

#define SURVEY_MAX	32768u	/* of those beyond, ties still tell */

struct survey_entry {
	uint64_t	 start;
	int32_t		 pid;
	int32_t		 ppid;
	int32_t		 session;	/* setsid(2)'s */
	bool		 tied;		/* the tie holds it */
	bool		 member;
	bool		 judged;	/* .spared is what it is to be */
	bool		 spared;	/* nobody's to end */
};

struct survey {
	struct survey_entry entry[SURVEY_MAX];	/* by rising numbers */
	size_t		 n;
	bool		 cut;		/* there were more, or no time */
	bool		 shared;	/* the tie is not the leader's own */
};

/* Look at them all until then. Returns 0 or FG_ERR_SYSTEM. */
int	survey_take(struct survey *survey, const struct tie *tie,
	    int64_t until_ns);

/*
 * Set .member of those that are tied to a session, or descend from known. False
 * if the time was over before all of them were.
 */
bool	survey_mark(struct survey *survey, const struct members *known,
    int64_t until_ns);

/*
 * Set .spared of who descends from those that are, or is in a session that one
 * of them has begun by setsid(2); none of them is a member. False if the time
 * was over before all of them were.
 */
bool	survey_spare(struct survey *survey, int64_t until_ns);

/* The same of one that was made since, by its parents as they are now. */
bool	survey_spares(const struct survey *survey,
    const struct tie_process *process);

#endif
