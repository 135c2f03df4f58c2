/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same for all that is signed. fg_buf's errors stick.
 */
#include "policyd/witness/hwids_wire.h"

#include <stdbool.h>

#include "proto/result.h"

/* A bit of one byte for each: another kind is another version. */
_Static_assert(HWID_TPM == 1 && HWID_MAC == 7 && HWID_KINDS == 8,
    "the kinds of version 1");

static bool
is_kind(unsigned int kind)
{
	return kind >= HWID_TPM && kind <= HWID_MAC;
}

/* Bit 0 would be of no kind. */
static bool
is_unread(uint32_t unread)
{
	return unread <= UINT8_MAX && (unread & 1u << HWID_NONE) == 0;
}

int
hwids_wire_put(struct fg_buf *buf, const struct hwid_digests *hwids, size_t max)
{
	if (hwids->n > max || hwids->n > HWIDS_MAX)
		return FG_ERR_LIMIT;
	if (!is_unread(hwids->unread))
		return FG_ERR_FORMAT;
	(void)fg_buf_put_u8(buf, (uint8_t)hwids->unread);
	(void)fg_buf_put_u8(buf, (uint8_t)hwids->n);
	for (size_t i = 0; i < hwids->n; i++) {
		if (!is_kind(hwids->list[i].kind))
			return FG_ERR_FORMAT;
		(void)fg_buf_put_u8(buf, (uint8_t)hwids->list[i].kind);
		(void)fg_buf_put_bytes(buf, hwids->list[i].bytes,
		    HWID_DIGEST_SIZE);
	}
	return buf->error;
}

int
hwids_wire_get(struct fg_buf *buf, size_t max, struct hwid_digests *ret_hwids)
{
	uint8_t unread, n, kind;

	(void)fg_buf_get_u8(buf, &unread);
	if (fg_buf_get_u8(buf, &n) != 0)
		return buf->error;
	if (!is_unread(unread))
		return FG_ERR_FORMAT;
	if (n > max || n > HWIDS_MAX)
		return FG_ERR_LIMIT;
	ret_hwids->unread = unread;
	ret_hwids->n = n;
	for (size_t i = 0; i < n; i++) {
		if (fg_buf_get_u8(buf, &kind) != 0 ||
		    fg_buf_get_bytes(buf, ret_hwids->list[i].bytes,
			HWID_DIGEST_SIZE) != 0)
			return buf->error;
		if (!is_kind(kind))
			return FG_ERR_FORMAT;
		ret_hwids->list[i].kind = (enum hwid_kind)kind;
	}
	return 0;
}
