/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame of every message, for msg*.c only.
 */
#ifndef FG_MSG_PARTS_H
#define FG_MSG_PARTS_H

#include "proto/buf.h"
#include "proto/msg.h"

/* Clear size bytes of data and write the header; the body follows. */
void	fg_msg_put_begin(struct fg_buf *buf, void *data, size_t size,
	    const struct fg_header *hdr, enum fg_msg_type type);

/* Write the length. Returns 0 or FG_ERR_LIMIT, with nothing left in data. */
int	fg_msg_put_end(struct fg_buf *buf, size_t *ret_len);

/* Set buf to the body; a datagram without a whole header has none. */
void	fg_msg_get_begin(struct fg_buf *buf, void *data, size_t len);

#endif
