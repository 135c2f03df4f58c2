/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that the store has on one person, or on an account that is in nobody's
 * entry: for who asks for it, and to be forgotten.
 */
#ifndef FG_STORE_PERSON_H
#define FG_STORE_PERSON_H

#include "policyd/store/store_history.h"
#include "policyd/store/store_site.h"

/* Their logins, and where their laptops were, the oldest first. fn returns
 * non-zero to stop. Long: for a worker. */
typedef int (*store_login_fn)(const struct store_login *l, void *arg);
int	store_history_each(struct store *store, const char *person,
	    store_login_fn fn, void *arg);
int	store_sites_of(struct store *store, const char *person,
	    store_site_fn fn, void *arg);

/* What was removed, in rows; and reasons of revocations. */
struct store_forgotten {
	uint64_t	 history, sites, exceptions, totp, recovery, backoff,
			 proofs, verified, reasons;
};

/*
 * Remove all of it but that their access was taken back, which stays without
 * its reason, and what the inventory, a bundle and open sessions have. The
 * bytes are overwritten, in the database and, unless others read it, in its
 * log. It is a change, on the disk when it returns; if there was nothing, it is
 * none, and *ret_forgotten is zero. record is called before the change is made;
 * unless it returns 0 nothing is removed, and that is returned.
 */
typedef int (*store_forgotten_fn)(const struct store_forgotten *f, void *arg);
int	store_person_forget(struct store *store, const char *person,
	    store_forgotten_fn record, void *arg,
	    struct store_forgotten *ret_forgotten);
uint64_t store_forgotten_rows(const struct store_forgotten *forgotten);

#endif
