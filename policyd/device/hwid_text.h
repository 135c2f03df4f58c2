/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Digests of hardware IDs as text, for the store: "2:0011223344556677 3:-",
 * each with the number of its kind; "-" is a kind that could not be read. There
 * is one text for each list.
 */
#ifndef FG_HWID_TEXT_H
#define FG_HWID_TEXT_H

#include "policyd/device/hwid.h"

/* "K:" and 16 digits and a blank for each; "K:-" and a blank for each kind. */
#define HWID_DIGESTS_SIZE \
	(HWIDS_MAX * (3u + 2u * HWID_DIGEST_SIZE) + HWID_KINDS * 4u + 1u)

/* FG_ERR_FORMAT or FG_ERR_LIMIT, and "": it could not be read back. */
int	hwid_digests_text(const struct hwid_digests *digests,
	    char ret_text[HWID_DIGESTS_SIZE]);

/* Returns 0 or FG_ERR_FORMAT; ret_digests is zero then. */
int	hwid_digests_parse(const char *text, struct hwid_digests *ret_digests);

#endif
