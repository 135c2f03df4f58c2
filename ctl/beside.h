/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that is written beside the one whose place it takes: a reader sees the
 * old one or the new one, and never half of one.
 */
#ifndef FG_CTL_BESIDE_H
#define FG_CTL_BESIDE_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

struct beside {
	FILE	*out;
	char	 fresh[PATH_MAX];
};

/* Returns 0 or FG_ERR_SYSTEM. */
int	beside_open(const char *path, mode_t mode, struct beside *ret_beside);
/* It takes the place of path, on the disk, if all of it could be written.
 * Returns likewise; then path is as it was. */
int	beside_close(struct beside *beside, const char *path);
/* It does not. */
void	beside_drop(struct beside *beside);

#endif
