/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access that was taken back, by the name of a person of the inventory or of
 * an account. Synced; it holds whatever is imported later.
 */
#ifndef FG_STORE_REVOCATION_H
#define FG_STORE_REVOCATION_H

#include "policyd/store/store.h"

struct store_revocation {
	char		 user[FG_USER_MAX + 1];	/* whose; one row each */
	int64_t		 at_s;		/* from when on */
	char		 reason[STORE_REASON_MAX + 1];
	uint32_t	 by_uid;	/* who did it */
	uint32_t	 by_loginuid;
	int64_t		 made_s;	/* when */
	/* It came by a bundle (store_bundle.h): done elsewhere, both numbers
	 * of .by are (uint32_t)-1. */
	bool		 bundled;
};

/*
 * From when on it holds, for a clock that says now_s. One that was to hold at
 * once does so by any clock: that of whoever said it may have stood later.
 */
int64_t	store_revocation_since(const struct store_revocation *r,
	    int64_t now_s);

/* Add it, or replace the user's; remembered like an inventory (.lost). One that
 * begins later than the user's did gives access back until then.
 * FG_ERR_FORMAT: it could not be read back. */
int	store_revocation_put(struct store *store,
	    const struct store_revocation *r);
/* One that came by no bundle; now_s is when access is given back.
 * FG_ERR_NOT_FOUND if there is none. */
int	store_revocation_remove(struct store *store, const char *user,
	    int64_t now_s, struct store_revocation *ret_removed);
/* Say in the next bundle that access was given back, of whom has none. */
int	store_revocation_none(struct store *store, const char *user,
	    int64_t now_s);
/* Of two, one's own and a bundle's, the one that begins first. */
int	store_revocation_of(struct store *store, const char *user,
	    struct store_revocation *ret_r);
/* One's own alone; the bundle's alone. */
int	store_revocation_own(struct store *store, const char *user,
	    struct store_revocation *ret_r);
int	store_revocation_bundled(struct store *store, const char *user,
	    struct store_revocation *ret_r);
/* In the order of their names, a bundle's after one's own. */
typedef int (*store_revocation_fn)(const struct store_revocation *r,
	    void *arg);
int	store_revocations_each(struct store *store, store_revocation_fn fn,
	    void *arg);

#endif
