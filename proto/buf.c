/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bounded cursor: integers and strings to wire bytes and back. It must not
 * allocate or log, and no byte outside base..base+size is ever touched.
 */
#include "proto/buf.h"

#include <string.h>

#include "proto/result.h"

void
fg_buf_init(struct fg_buf *buf, void *base, size_t size)
{
	buf->base = base;
	buf->size = size;
	buf->off = 0;
	buf->error = 0;
}

static int
buf_fail(struct fg_buf *buf, int error)
{
	if (buf->error == 0)
		buf->error = error;
	return buf->error;
}

/* The next len bytes, or NULL with the given error stuck. */
static uint8_t *
buf_take(struct fg_buf *buf, size_t len, int error)
{
	uint8_t *p;

	if (buf->error != 0)
		return NULL;
	if (len > buf->size - buf->off) {
		(void)buf_fail(buf, error);
		return NULL;
	}
	p = buf->base + buf->off;
	buf->off += len;
	return p;
}

static int
put_uint(struct fg_buf *buf, uint32_t v, size_t width)
{
	uint8_t *p;

	if ((p = buf_take(buf, width, FG_ERR_LIMIT)) == NULL)
		return buf->error;
	for (size_t i = width; i-- > 0; v >>= 8)
		p[i] = (uint8_t)(v & 0xff);
	return 0;
}

int
fg_buf_put_u8(struct fg_buf *buf, uint8_t v)
{
	return put_uint(buf, v, 1);
}

int
fg_buf_put_u16(struct fg_buf *buf, uint16_t v)
{
	return put_uint(buf, v, 2);
}

int
fg_buf_put_u32(struct fg_buf *buf, uint32_t v)
{
	return put_uint(buf, v, 4);
}

int
fg_buf_put_bytes(struct fg_buf *buf, const void *p, size_t len)
{
	uint8_t *to;

	if (len == 0 || (to = buf_take(buf, len, FG_ERR_LIMIT)) == NULL)
		return buf->error;
	memcpy(to, p, len);
	return 0;
}

int
fg_buf_put_string(struct fg_buf *buf, size_t max, const char *s)
{
	uint8_t *to;
	size_t len;

	if (buf->error != 0)
		return buf->error;
	if (s == NULL)
		s = "";
	len = strlen(s);
	if (len > max || len > UINT16_MAX)
		return buf_fail(buf, FG_ERR_LIMIT);
	/* All or nothing: a length without its bytes is never written. */
	if ((to = buf_take(buf, 2 + len + 1, FG_ERR_LIMIT)) == NULL)
		return buf->error;
	to[0] = (uint8_t)(len >> 8);
	to[1] = (uint8_t)(len & 0xff);
	memcpy(to + 2, s, len + 1);
	return 0;
}

static int
get_uint(struct fg_buf *buf, size_t width, uint32_t *ret_v)
{
	const uint8_t *p;

	*ret_v = 0;
	if ((p = buf_take(buf, width, FG_ERR_SHORT)) == NULL)
		return buf->error;
	for (size_t i = 0; i < width; i++)
		*ret_v = *ret_v << 8 | p[i];
	return 0;
}

int
fg_buf_get_u8(struct fg_buf *buf, uint8_t *ret_v)
{
	uint32_t v;
	int r = get_uint(buf, 1, &v);

	*ret_v = (uint8_t)v;
	return r;
}

int
fg_buf_get_u16(struct fg_buf *buf, uint16_t *ret_v)
{
	uint32_t v;
	int r = get_uint(buf, 2, &v);

	*ret_v = (uint16_t)v;
	return r;
}

int
fg_buf_get_u32(struct fg_buf *buf, uint32_t *ret_v)
{
	return get_uint(buf, 4, ret_v);
}

int
fg_buf_get_bytes(struct fg_buf *buf, void *p, size_t len)
{
	const uint8_t *from;

	if (len == 0)
		return buf->error;
	memset(p, 0, len);
	if ((from = buf_take(buf, len, FG_ERR_SHORT)) == NULL)
		return buf->error;
	memcpy(p, from, len);
	return 0;
}

int
fg_buf_get_direct(struct fg_buf *buf, size_t len, const void **ret_p)
{
	*ret_p = buf_take(buf, len, FG_ERR_SHORT);
	return buf->error;
}

int
fg_buf_get_string(struct fg_buf *buf, size_t max, const char **ret_s)
{
	uint8_t *p;
	uint16_t len;

	*ret_s = "";
	if (fg_buf_get_u16(buf, &len) != 0)
		return buf->error;
	if (len > max)
		return buf_fail(buf, FG_ERR_LIMIT);
	if ((p = buf_take(buf, (size_t)len + 1, FG_ERR_SHORT)) == NULL)
		return buf->error;
	/* The first NUL has to be the terminator, exactly where len says. */
	if (memchr(p, '\0', (size_t)len + 1) != p + len)
		return buf_fail(buf, FG_ERR_FORMAT);
	*ret_s = (const char *)p;
	return 0;
}

int
fg_buf_end(const struct fg_buf *buf)
{
	if (buf->error != 0)
		return buf->error;
	return buf->off == buf->size ? 0 : FG_ERR_TRAILING;
}
