/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded cursor over bytes that somebody else owns: the only place where
 * integers and strings become wire bytes and back. Big-endian throughout.
 *
 * Errors stick: after the first one every further call on the same cursor
 * returns that error and touches nothing, so a codec may check once, at the
 * end, with fg_buf_end().
 */
#ifndef FG_BUF_H
#define FG_BUF_H

#include <stddef.h>
#include <stdint.h>

struct fg_buf {
	uint8_t	*base;		/* borrowed from whoever called fg_buf_init */
	size_t	 size;		/* bytes at base */
	size_t	 off;		/* next byte to read or write */
	int	 error;		/* 0, or the first FG_ERR_* */
};

/* Reads or writes start at base; size bytes belong to the cursor. */
void	fg_buf_init(struct fg_buf *buf, void *base, size_t size);

/* Each returns 0, FG_ERR_LIMIT (no room) or the error that stuck before. */
int	fg_buf_put_u8(struct fg_buf *buf, uint8_t v);
int	fg_buf_put_u16(struct fg_buf *buf, uint16_t v);
int	fg_buf_put_u32(struct fg_buf *buf, uint32_t v);
int	fg_buf_put_bytes(struct fg_buf *buf, const void *p, size_t len);

/*
 * Write s as a length (u16), its bytes, and one zero byte that the length does
 * not count. NULL is written as the empty string.
 * Returns 0 or FG_ERR_LIMIT (longer than max, or no room).
 */
int	fg_buf_put_string(struct fg_buf *buf, size_t max, const char *s);

/* Each returns 0, FG_ERR_SHORT or the error that stuck before. */
int	fg_buf_get_u8(struct fg_buf *buf, uint8_t *ret_v);
int	fg_buf_get_u16(struct fg_buf *buf, uint16_t *ret_v);
int	fg_buf_get_u32(struct fg_buf *buf, uint32_t *ret_v);
int	fg_buf_get_bytes(struct fg_buf *buf, void *p, size_t len);

/*
 * The next len bytes where they are, borrowed until the cursor's bytes are
 * reused; NULL on error. Returns as above.
 */
int	fg_buf_get_direct(struct fg_buf *buf, size_t len, const void **ret_p);

/*
 * Read a string of at most max bytes, as fg_buf_put_string writes it.
 * On success *ret_s points into the cursor's bytes (borrowed until those are
 * reused) and is NUL-terminated; it contains no NUL itself. It may hold any
 * other byte: UTF-8 is not assumed. On error *ret_s is "".
 * Returns 0, FG_ERR_SHORT, FG_ERR_LIMIT or FG_ERR_FORMAT.
 */
int	fg_buf_get_string(struct fg_buf *buf, size_t max, const char **ret_s);

/* Returns the error that stuck, FG_ERR_TRAILING if bytes are left, or 0. */
int	fg_buf_end(const struct fg_buf *buf);

#endif
