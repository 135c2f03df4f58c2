/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tar archive that is the same, to the byte, for the same content: files are
 * root's, 0600, and of the time that they are given. tar.c is the only file
 * that knows libarchive.
 */
#ifndef FG_CTL_AUDIT_TAR_H
#define FG_CTL_AUDIT_TAR_H

#include <stdbool.h>
#include <stdint.h>

struct tar;

/*
 * One that is written to fd, which stays open; compressed by gzip(1) if asked
 * for. NULL: no memory.
 */
struct tar	*tar_new(int fd, bool gzip);
void		 tar_free(struct tar *tar);	/* NULL is fine */

/* All of the file behind from, under name. Returns 0 or FG_ERR_SYSTEM. */
int		 tar_add(struct tar *tar, const char *name, int from,
		    int64_t at_s);

/* The end of it. Returns 0 or FG_ERR_SYSTEM. */
int		 tar_end(struct tar *tar);

/* Why the last call has failed; until the next one. */
const char	*tar_why(const struct tar *tar);

#endif
