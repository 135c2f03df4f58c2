/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the oldest of the files that the daemon has rotated its log into has
 * expired, and what its tombstone has to say. It takes as long as the file is
 * large: for a process of its own. Nothing is changed here but by
 * expired_remove().
 */
#ifndef FG_EXPIRED_H
#define FG_EXPIRED_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/audit/audit.h"
#include "policyd/audit/tombstone.h"

#define EXPIRED_WHY_SIZE 512u

struct expired {
	struct tombstone stone;	/* all but .at_s and .key */
	bool		 told;	/* the log has a tombstone of it already */
	bool		 young;	/* one of its records is not old enough: only
				 * .stone.file and .newest_s, of one of those,
				 * are set */
};

/*
 * The oldest rotated file of the log at path, whose records have all to be from
 * before before_s. It must be whole, and what follows it has to be there. head
 * is the hash of a record of the present file: of tombstones only those count
 * that the chain leads back to from there.
 * Returns 0, FG_ERR_NOT_FOUND: there is none; or FG_ERR_FORMAT, FG_ERR_SYSTEM,
 * FG_ERR_UNSAFE or FG_ERR_NOMEM, and ret_why names the file.
 */
int	expired_look(const char *path, const char *head, int64_t before_s,
	    struct expired *ret_expired, char ret_why[EXPIRED_WHY_SIZE]);

/* As one object from the worker to the daemon. The first takes nothing. */
void	expired_set(struct json *json, const struct expired *expired);
/* Returns 0 or FG_ERR_FORMAT. */
int	expired_get(const struct json *json, struct expired *ret_expired);

/*
 * Remove the file of this name beside path, a regular one by a name that the
 * daemon gives them; gone is as good. One that is compressed and not, by a
 * crash between the two, is looked at twice, and the second time told already.
 * It takes as long as the file is large. The folder is synced. Returns 0,
 * FG_ERR_UNSAFE, FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	expired_remove(const char *path, const char *name);

/*
 * Remove PATH.torn, what crashes have left of records, if nothing was added to
 * it since before_s; the records "recovered" have said of each piece how long
 * it was, and its hash. Small. Returns 0, FG_ERR_NOT_FOUND: there is none, or
 * it is younger; FG_ERR_UNSAFE, FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	expired_torn(const char *path, int64_t before_s);

#endif
