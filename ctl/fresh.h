/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that comes to its place when it is whole, and is on the disk by then.
 * Until it is, and if it never is, what had its name before stays. It is 0600:
 * it has people's names in it.
 */
#ifndef FG_CTL_FRESH_H
#define FG_CTL_FRESH_H

#include <limits.h>
#include <stdio.h>

struct fresh {
	const char	*what;		/* "bundle", for complaints */
	const char	*path;		/* borrowed */
	FILE		*out;		/* read and written; NULL: not open */
	char		 name[PATH_MAX]; /* until it is whole */
};

/* Both return CTL_OK, or CTL_ERROR after a complaint. */
int	fresh_begin(struct fresh *fresh, const char *what, const char *path);
int	fresh_finish(struct fresh *fresh);
/* Nothing is left of one that was not finished. */
void	fresh_end(struct fresh *fresh);

#endif
