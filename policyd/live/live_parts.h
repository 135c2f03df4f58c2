/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of policyd/live share; nobody else includes this.
 */
#ifndef FG_LIVE_PARTS_H
#define FG_LIVE_PARTS_H

#include <stdbool.h>

#include "policyd/live/live.h"
#include "policyd/scanner/picture.h"

/* A sign that was seen lately: one that comes again is no news. */
struct live_known {
	uint32_t	 kind;
	uint32_t	 uid;
	uint32_t	 grade;		/* the furthest of that time */
	uint32_t	 confidence;
	uint64_t	 number;	/* of the picture that last had it */
	int64_t		 present_s;	/* and when that was, wall clock */
	int64_t		 present_ns;	/* CLOCK_BOOTTIME: seen */
	int64_t		 grade_ns;	/* seen as far as that */
	char		 what[SIGN_WHAT_MAX + 1];
};

#define LIVE_KNOWN_MAX	512u

struct live {
	struct daemon	*daemon;
	struct loop_timer *tick;	/* the next look */
	struct loop_timer *step;	/* the next sessions to be told of it */
	bool		 soon;		/* .tick is for a device that came */
	uint64_t	 number;	/* of the last picture; 0: none came */
	uint32_t	 rules;		/* by which it was taken */
	int64_t		 taken_s;	/* when */
	size_t		 nknown;
	struct live_known known[LIVE_KNOWN_MAX];
	bool		 first;		/* what .fresh has may be no news */
	size_t		 nfresh;	/* that are told at present */
	struct sign	 fresh[PICTURE_SIGNS_MAX];
	/* Sessions of that second or before were told of it, or decided by it,
	 * a moment ago; 0: none was. */
	int64_t		 fresh_told_s[PICTURE_SIGNS_MAX];
	struct session_cursor cursor;
	bool		 walking;
	bool		 again;		/* a picture came meanwhile */
	bool		 unsynced;	/* a record has to be on the disk */
};

/* live_tell.c: what .fresh comes to for one session. */
void		 live_tell(struct live *live, const struct store_session *s);

#endif
