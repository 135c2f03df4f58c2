/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way to the folder of a file, for safeopen.c and the store.
 */
#ifndef FG_SAFEWALK_H
#define FG_SAFEWALK_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A way to a folder, one name at a time: what was checked is held open, and
 * the next name is looked up from there.
 */
struct safewalk {
	int		 dir;		/* the folder that was reached */
	bool		 roots;		/* it belongs to root */
	bool		 shared;	/* others can put something into it */
	unsigned int	 links;		/* that were followed */
	int		 any_owner;	/* folders may be of the file's owner */
	bool		 owned;		/* one belongs to owner */
	uid_t		 owner;
	char		 owned_name[PATH_MAX];
	char		 name[PATH_MAX]; /* of dir, for people */
	char		 rest[PATH_MAX]; /* what is still to be walked */
};

/*
 * Walk to the folder of path. Start with {.dir = -1, .any_owner = ...}; w->dir
 * is the caller's to close, on error as well.
 * Returns 0, FG_ERR_SYSTEM, or FG_ERR_UNSAFE with *ret_why, which is valid
 * until the next walk.
 */
int	safewalk_to_folder(struct safewalk *w, const char *path,
	    const char **ret_why);

/* Whether a folder on the way speaks against a file of this user's. */
int	safewalk_check_owner(const struct safewalk *w, uid_t uid,
	    const char **ret_why);

/* Root's, or the caller's own as long as that counts. */
bool	safewalk_owner_is_safe(uid_t uid);

#endif
