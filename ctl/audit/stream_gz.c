/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compressed by gzip, by zlib: as logrotate(8) leaves logs.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "ctl/audit/stream_kinds.h"
#include "proto/result.h"

#define WINDOW_GZIP (15 + 16) /* the largest window, and gzip's own header */

struct stream_gz {
	z_stream z;
	bool ended; /* the next byte begins another member */
};

struct stream_gz *
stream_gz_new(void)
{
	struct stream_gz *gz;

	if ((gz = calloc(1, sizeof(*gz))) == NULL)
		return NULL;
	if (inflateInit2(&gz->z, WINDOW_GZIP) != Z_OK) {
		free(gz);
		return NULL;
	}
	return gz;
}

void
stream_gz_free(struct stream_gz *gz)
{
	if (gz == NULL)
		return;
	(void)inflateEnd(&gz->z); /* only read */
	free(gz);
}

static unsigned int
bounded(size_t n)
{
	return n > UINT_MAX ? UINT_MAX : (unsigned int)n;
}

int
stream_gz_step(struct stream_gz *gz, struct stream_step *step, bool *ret_whole)
{
	z_stream *z = &gz->z;
	unsigned int in = bounded(step->in_len), out = bounded(step->out_len);
	uint8_t *bytes;
	int r;

	*ret_whole = false;
	if (gz->ended && inflateReset(z) != Z_OK)
		return FG_ERR_FORMAT;
	gz->ended = false;
	/* zlib reads it, and has no const. */
	memcpy(&bytes, &step->in, sizeof(bytes));
	z->next_in = bytes;
	z->avail_in = in;
	z->next_out = step->out;
	z->avail_out = out;
	r = inflate(z, Z_NO_FLUSH);
	step->in += in - z->avail_in;
	step->in_len -= in - z->avail_in;
	step->out += out - z->avail_out;
	step->out_len -= out - z->avail_out;
	if (r == Z_STREAM_END)
		*ret_whole = gz->ended = true;
	else if (r == Z_MEM_ERROR)
		return FG_ERR_NOMEM;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		return FG_ERR_FORMAT;
	return 0;
}
