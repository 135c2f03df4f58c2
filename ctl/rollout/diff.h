/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A change of a file as people read it, by diff(1).
 */
#ifndef FG_CTL_ROLLOUT_DIFF_H
#define FG_CTL_ROLLOUT_DIFF_H

#include <stddef.h>

/*
 * "diff -u" from the file at path to len bytes, on standard output. Complains.
 * Returns CTL_OK or CTL_ERROR.
 */
int	diff_print(const char *path, const char *bytes, size_t len);

#endif
