/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a statement is asked for by one user. So many at once are all
 * right, and then one in so many seconds. A user may have subordinate uids by
 * the thousand, and nothing tells those from a directory's users: the uids that
 * they are taken from have a second limit, which is for all of them together.
 * The others are each somebody's own, and nobody can keep them out. Pure, but
 * for what is kept here.
 */
#ifndef FG_PACE_H
#define FG_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_UIDS	32u
#define PACE_UID_BURST	16u
#define PACE_UID_MS	1000
#define PACE_SHARED_UID	65536u	/* from here on; see login.defs(5) */
#define PACE_BURST	32u
#define PACE_MS		500

/* Zeroed is one that nobody has asked yet. */
struct pace {
	int64_t		 due_ms;	/* when all of those are paid for */
	size_t		 n;
	struct {
		uint32_t	 uid;
		int64_t		 due_ms;
	} uids[PACE_UIDS];
};

/*
 * Whether this uid may ask now, by a clock that does not go back; if so, it
 * has. Of more uids than there is room for the one with the least to pay is
 * forgotten.
 */
bool	pace_take(struct pace *pace, uint32_t uid, int64_t now_ms);

#endif
