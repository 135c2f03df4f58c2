/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of places as they are compared: without case, accents, hyphens and
 * apostrophes, under every locale alike.
 */
#ifndef FG_FOLD_H
#define FG_FOLD_H

#include <stddef.h>

/*
 * Fold len bytes of UTF-8 into dst. At most two bytes become of one, so that
 * 2 * len are always enough; dst is not terminated.
 * Returns the number of bytes, 0 if src is no UTF-8 or nothing is left.
 */
size_t	fold_name(const char *src, size_t len, char *dst, size_t size);

#endif
