/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secrets of the daemon's own, each a file of one size in its state folder:
 * made whole or not at all, never replaced, and nobody else's. One that
 * somebody else could have read or written is none.
 */
#ifndef FG_SECRET_FILE_H
#define FG_SECRET_FILE_H

#include <stddef.h>

#define SECRET_FILE_WHY_SIZE	512u

struct secret_file {
	const char	*folder;
	const char	*name;		/* in it */
	const char	*fresh;		/* until it is whole */
	size_t		 size;		/* of its content, bytes */
	/* What to do about one that is gone or damaged, and about one that
	 * others may have read; for people, behind "; " and ", or if somebody
	 * may have read it ". */
	const char	*lost;
	const char	*exposed;
	char		*why;		/* SECRET_FILE_WHY_SIZE; set on error */
};

/*
 * Read it into bytes, .size of them, as the daemon's user. Returns 0;
 * FG_ERR_NOT_FOUND, without a word: there is none; FG_ERR_UNSAFE,
 * FG_ERR_FORMAT: it has another size; or FG_ERR_SYSTEM.
 */
int	secret_file_load(const struct secret_file *file, void *bytes);

/*
 * Make it of .size bytes. It is on the disk when this returns. FG_ERR_SYSTEM,
 * also if there is one (EEXIST).
 */
int	secret_file_make(const struct secret_file *file, const void *bytes);

/* Say why: the file's name, then what. Returns r. */
int	secret_file_refuse(const struct secret_file *file, int r,
	    const char *what);

#endif
