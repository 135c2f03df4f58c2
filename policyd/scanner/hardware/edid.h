/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EDID: what a display says of itself. Only its first block is of use here:
 * maker, product, serial numbers and name. The bytes are the display's, or
 * whatever has been plugged in instead of one.
 */
#ifndef FG_EDID_H
#define FG_EDID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDID_BLOCK	128u	/* bytes */
#define EDID_TEXT_MAX	13u

struct edid {
	char	 maker[4];	/* three letters; "@" to "_" for what is none */
	uint32_t product;
	uint32_t serial_number;
	char	 name[EDID_TEXT_MAX + 1];	/* its bytes, or "" */
	char	 serial[EDID_TEXT_MAX + 1];
	bool	 checksum;	/* is right */
};

/*
 * The first block of an EDID; what follows it is not looked at. Returns 0,
 * FG_ERR_SHORT, or FG_ERR_FORMAT: it does not begin as one.
 */
int	edid_parse(const uint8_t *data, size_t len, struct edid *ret_edid);

#endif
