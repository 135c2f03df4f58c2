/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the machine was seen to have lately, and what of a new picture is news,
 * and for whom. Sessions are told apart by the numbers that they are opened
 * with, and by no clock: whoever was opened behind a picture was decided by it.
 */
#ifndef FG_LIVE_KNOWN_H
#define FG_LIVE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/picture.h"

/* How far a sign is, and how well it is known: the order counts in both. */
#define LIVE_FAR  3u /* installed; running, or a thing that is there; active */
#define LIVE_SURE 4u /* enum sign_confidence */

/* A sign as far and as sure as that. */
struct live_level {
	uint64_t	 picture;	/* the last that had it; 0: none yet */
	int64_t		 taken_ns;	/* when that was, CLOCK_BOOTTIME */
	uint64_t	 told;		/* once it is over: sessions up to this
					 * one know of it */
};

struct live_known {
	uint32_t	 kind;
	uint32_t	 uid;
	bool		 users;		/* SIGN_OF_USER: no other's business */
	char		 what[SIGN_WHAT_MAX + 1];
	struct live_level level[LIVE_FAR][LIVE_SURE];
};

struct live_fresh {
	struct sign	 sign;
	uint64_t	 told;		/* sessions up to this one know of it */
	int64_t		 since_boot_s;	/* CLOCK_BOOTTIME; INT64_MAX: unknown */
	bool		 missed;	/* the look before may not have seen it,
					 * and it was there all the same */
};

#define LIVE_KNOWN_MAX	512u

/* Zeroed is the beginning. */
struct live_memory {
	uint64_t	 picture;	/* the last one; 0: none came */
	uint32_t	 rules;		/* by which it was taken */
	uint32_t	 unseen;	/* PICTURE_*: not all of it was seen */
	uint32_t	 lost;		/* as in it: what found no room */
	uint32_t	 nlost_uids;
	uint32_t	 lost_uid[PICTURE_LOST_UIDS];
	size_t		 n;
	struct live_known known[LIVE_KNOWN_MAX];
	/* What is new in the last one. Of the first one, or the first by new
	 * rules, that may have been there all along. */
	bool		 first;
	size_t		 nfresh;
	struct live_fresh fresh[PICTURE_SIGNS_MAX];
};

/* A picture has come, when opened was the number of the last session. */
void	live_known_take(struct live_memory *memory, const struct picture *p,
	    uint64_t opened);

#endif
