/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder of copies, for copy.c alone. HASH.mmdb is a copy; ID.from says
 * of which file it is one, ID being that of the path. Nothing in the folder is
 * of value: what is missing or does not fit is made again.
 */
#ifndef FG_COPY_FILE_H
#define FG_COPY_FILE_H

#include <sys/stat.h>

#include "policyd/geo/copy.h"

#define COPY_WHY_MAX 200u

/* An original that is open, and what it was then. */
struct copy_origin {
	const char	*path;
	int		 fd;
	struct stat	 st;
};

/*
 * What is known of the original as it is now. *ret_copy is open but for its
 * mapping; if the file was refused, why says so and there is no copy.
 * Returns 0, FG_ERR_NOT_FOUND (nothing is), or FG_ERR_FORMAT (refused, why is
 * set).
 */
int	copy_file_find(const char *folder, const struct copy_origin *origin,
	    struct geo_copy *ret_copy, char why[COPY_WHY_MAX]);

/*
 * All of the original into the empty file, with shared blocks where the file
 * system can. Returns 0, FG_ERR_SYSTEM, or FG_ERR_LIMIT: it changed meanwhile.
 */
int	copy_file_fill(const struct copy_origin *origin, int to);

/*
 * Copy, verify and keep. Returns 0, FG_ERR_FORMAT (why is set, and remembered),
 * FG_ERR_LIMIT (it changed meanwhile), FG_ERR_NOMEM, FG_ERR_SYSTEM,
 * FG_ERR_UNSAFE (the folder is not our own).
 */
int	copy_file_make(const char *folder, const struct copy_origin *origin,
	    char why[COPY_WHY_MAX]);

#endif
