/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Digests of hardware IDs as bytes of what a laptop signs: what could not be
 * read (u8), a count (u8), and for each its kind (u8) and its digest.
 */
#ifndef FG_HWIDS_WIRE_H
#define FG_HWIDS_WIRE_H

#include "policyd/device/hwid.h"
#include "proto/buf.h"

/* Of n of them. */
#define HWIDS_WIRE_SIZE(n)	(2u + (n) * (1u + HWID_DIGEST_SIZE))

/*
 * At most max of them. Returns 0, FG_ERR_LIMIT, FG_ERR_FORMAT for a kind that
 * there is not, or buf's error. What is read is zero before.
 */
int	hwids_wire_put(struct fg_buf *buf, const struct hwid_digests *hwids,
	    size_t max);
int	hwids_wire_get(struct fg_buf *buf, size_t max,
	    struct hwid_digests *ret_hwids);

#endif
