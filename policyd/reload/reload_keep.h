/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which copies of databases are still mapped, for reload.c alone. The last who
 * lets go of a removed one gives its blocks back, which takes long: that has
 * to be a worker, and not a login that was under way.
 */
#ifndef FG_RELOAD_KEEP_H
#define FG_RELOAD_KEEP_H

#include "policyd/ruleset.h"

#define RELOAD_FOLDER_MAX 4096u

struct reload_keep {
	char		 folder[RELOAD_FOLDER_MAX]; /* of the copies */
	char		(*hashes)[CONF_HASH_SIZE];
	size_t		 n;
	bool		 known;		/* else nothing is removed */
	struct ruleset	*old;		/* held while logins use it; or NULL */
};

/*
 * Those of rules, and of old (may be NULL) if it is in use elsewhere; then it
 * is held until the next call, and something is left to remove.
 */
void	reload_keep_set(struct reload_keep *keep, const struct ruleset *rules,
	    struct ruleset *old);
bool	reload_keep_is_used(const struct reload_keep *keep);

/* Remove all others. */
void	reload_keep_only(const struct reload_keep *keep);
void	reload_keep_done(struct reload_keep *keep);

#endif
