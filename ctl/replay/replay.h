/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl replay: a candidate's policy over logins of the past, against
 * what happened or another policy.
 */
#ifndef FG_CTL_REPLAY_REPLAY_H
#define FG_CTL_REPLAY_REPLAY_H

#include <stdio.h>

#include "ctl/past/past.h"
#include "ctl/replay/sums.h"

struct replay {
	const char	*config;	/* the candidate */
	const char	*against;	/* one, too; NULL: what happened */
	bool		 against_set;	/* somebody has said so */
	enum past_format format;
	int64_t		 since_s, until_s;
	size_t		 top;		/* people to tell of */
	bool		 json;
	char		*const *files;	/* none: the present audit log */
	size_t		 nfiles;
};

/* Returns the exit status: CTL_OK, CTL_NO if something flips, CTL_ERROR. */
int	replay_run(struct replay *replay);

/* What has to be said beside the numbers. */
struct replay_notes {
	bool		 logs, records;	/* lines of which kind there were */
	bool		 no_ends;	/* of sessions, in logs */
	bool		 by_device;	/* places of sessions, a policy's */
	const char	*people;	/* why there is no inventory; "" */
	uint64_t	 strangers;	/* users without an account here */
	uint64_t	 gone;		/* logins of who is in no entry now */
	const struct past_bad *bad;
	uint64_t	 lines;
	bool		 observes;	/* the candidate's mode is */
};

/* print.c, print_json.c: names are those of sums->person. */
void	replay_print(const struct replay *replay, const struct sums *sums,
	    const struct names *names, const struct replay_notes *notes);
int	replay_print_json(const struct replay *replay,
	    const struct sums *sums, const struct names *names,
	    const struct replay_notes *notes);

/* The people with the most flips, at most max, in their order. */
size_t	replay_most(const struct sums *sums, const struct names *names,
	    size_t max, uint32_t *ret_who);

#endif
