/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines and words of a PAM file, cut as libpam 1.5.2 cuts them.
 */
#ifndef FG_CTL_PAM_SCAN_H
#define FG_CTL_PAM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define SCAN_LINE_SIZE 1024u	/* libpam's buffer, with the NUL */

struct scan {
	const char	*data;
	size_t		 len;
	size_t		 off;		/* where the next line begins */
	unsigned int	 line;		/* that were read */
};

/*
 * The next line that says something, without its comment; lines that a
 * backslash continues are one, and *ret_line is the first of them, also after
 * an error. An error costs that line only.
 * Returns 0, FG_ERR_NOT_FOUND (there are no more), FG_ERR_LIMIT (libpam would
 * take its rest for another line), FG_ERR_SHORT (the file ends where a
 * backslash continues it) or FG_ERR_FORMAT (it has a NUL).
 */
int	 scan_line(struct scan *scan, char buf[SCAN_LINE_SIZE],
	    unsigned int *ret_line);

/*
 * The next word of *rest, or NULL. One in [brackets] comes without them, and
 * with "\]" in it as "]". It lies in the line, which is written to.
 */
char	*scan_word(char **rest, bool *ret_bracketed);

#endif
