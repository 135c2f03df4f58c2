/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes that administrators make: a revocation or an exception that is added
 * or removed, an import, the end of a bundle, what this machine's own devices
 * are, a laptop that is enrolled or revoked. They are counted, so that an older
 * copy of the database that somebody has put back is known for one.
 */
#ifndef FG_STORE_CHANGE_H
#define FG_STORE_CHANGE_H

#include "policyd/store/store.h"

#define STORE_CHANGES_MAX (UINT64_C(1) << 53) /* more than there can be */

struct store_changes {
	/* That this database has had, all of them up to this number. */
	uint64_t	 own;
	/* That there were: more than its own in a copy that is older, until an
	 * import or store_accept(). What it is given meanwhile counts here. */
	uint64_t	 known;
};

int	store_changes(struct store *store, struct store_changes *ret_changes);

/*
 * Somebody else, such as the audit log, knows of n changes. The database keeps
 * that in mind, if it can be written; else this store does.
 */
void	store_changes_known(struct store *store, uint64_t n);

/*
 * Take the database as it is, an older copy or one that was begun anew: it has
 * not lost anything any more (store_outline.lost). That is a change by itself.
 */
int	store_accept(struct store *store);

#endif
