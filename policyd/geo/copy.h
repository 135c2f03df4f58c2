/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A database as the daemon reads it: a private, verified copy, so that whoever
 * truncates or overwrites the original can neither crash the daemon nor change
 * its answers. With a folder the copies are files there, named by their hash,
 * shared with the page cache and, where the file system can, with the original
 * (reflink); without one the copy is sealed memory, for programs that run
 * once.
 */
#ifndef FG_GEO_COPY_H
#define FG_GEO_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/geo/geo_verify.h"

#define GEO_FILE_MAX	(512u * 1024u * 1024u)	/* bytes of a database */
#define GEO_COPY_FOLDER	"geo"	/* in the state folder */

struct geo_copy {
	int		 fd;		/* of the copy; -1: none */
	const uint8_t	*data;		/* mapped, read-only */
	size_t		 len;
	char		 hash[CONF_HASH_SIZE];
	struct geo_layout layout;
};

/*
 * Open the copy of the database at path. If the file is the one that the last
 * copy was made from (device, inode, size, times), that one is mapped without
 * reading the original; otherwise it is copied, verified and kept, which takes
 * long: in a worker, whose result the daemon then only maps.
 * With wait false nothing is copied: FG_ERR_BUSY says that a worker has to.
 * With wait true a copy that cannot be kept in the folder is one in memory,
 * and errors says so.
 * Returns 0, FG_ERR_NOMEM, FG_ERR_BUSY, or FG_ERR_CONFIG with the reason and
 * the fix in errors.
 */
int	geo_copy_open(const char *path, const char *folder, bool wait,
	    struct geo_copy *ret_copy, struct conf_errors *errors);
void	geo_copy_close(struct geo_copy *copy);

/*
 * The worker's part: have a copy in folder, or the note that the file is none
 * that can be used. Returns 0 (also if it cannot be read: geo_copy_open() tells
 * why), FG_ERR_NOMEM, or FG_ERR_CONFIG if no copy could be made.
 */
int	geo_copy_make(const char *path, const char *folder,
	    struct conf_errors *errors);

/* Remove copies in folder that none of these hashes names. */
void	geo_copy_clean(const char *folder, const char (*hashes)[CONF_HASH_SIZE],
	    size_t n);

#endif
