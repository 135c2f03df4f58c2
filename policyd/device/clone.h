/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that one device key was seen with, in the order in which they
 * were, and whether they tell that there are two of that key. A key that moves
 * from one machine to another one was repaired: a new board is another machine.
 * When the first one is seen again, the key is on both. Pure.
 */
#ifndef FG_CLONE_H
#define FG_CLONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/device/hwid.h"

#define CLONE_MACHINES_MAX	8u
#define CLONE_SEEN_S		INT64_C(86400)	/* .last_s may lag so far */

struct clone_machine {
	/* What it has shown last, of looks that have read no less. */
	struct hwid_digests digests;
	/* When it was seen first and last: one more for each change from one
	 * machine to another, from 1 on. No clock is asked for the order. */
	uint32_t	 first_n;
	uint32_t	 last_n;
	int64_t		 first_s;	/* for people, by the wall clock */
	int64_t		 last_s;
};

/* In the order of .first_n; each is another machine than those before. */
struct clone {
	size_t		 n;
	struct clone_machine list[CLONE_MACHINES_MAX];
};

/*
 * By what both show: one is less than the same as the other (compare.h). What
 * could not be read makes nothing another machine, so a disk that is exchanged,
 * or a look that saw little, is the same one.
 */
bool	clone_is_another(const struct hwid_digests *a,
	    const struct hwid_digests *b);

/*
 * The key was seen with this machine now. Returns whether there is something to
 * keep: that the same one is seen again is, once in CLONE_SEEN_S, and of the
 * first one the second time.
 */
bool	clone_see(struct clone *clone, const struct hwid_digests *machine,
	    int64_t at_s);

/*
 * One of them was seen before and after another one was; or there were so many
 * that there is no room to tell. It stays so: whoever has looked into it enrols
 * a new key.
 */
bool	clone_is(const struct clone *clone);

/* The one that was seen last, or NULL. */
const struct clone_machine *clone_latest(const struct clone *clone);

#endif
