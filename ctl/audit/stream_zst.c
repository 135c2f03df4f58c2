/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compressed by zstd: as the daemon leaves what it has rotated.
 */
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "ctl/audit/stream_kinds.h"
#include "proto/result.h"

#define WINDOW_LOG_MAX 27 /* 128 MiB, zstd's own limit without --long */

struct stream_zst {
	ZSTD_DStream *z;
};

struct stream_zst *
stream_zst_new(void)
{
	struct stream_zst *zst;

	if ((zst = calloc(1, sizeof(*zst))) == NULL)
		return NULL;
	if ((zst->z = ZSTD_createDStream()) == NULL ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(zst->z, ZSTD_d_windowLogMax,
		WINDOW_LOG_MAX))) {
		stream_zst_free(zst);
		return NULL;
	}
	return zst;
}

void
stream_zst_free(struct stream_zst *zst)
{
	if (zst == NULL)
		return;
	(void)ZSTD_freeDStream(zst->z); /* only read */
	free(zst);
}

int
stream_zst_step(struct stream_zst *zst, struct stream_step *step,
    bool *ret_whole)
{
	ZSTD_inBuffer in = { step->in, step->in_len, 0 };
	ZSTD_outBuffer out = { step->out, step->out_len, 0 };
	size_t n = ZSTD_decompressStream(zst->z, &out, &in);

	*ret_whole = false;
	if (ZSTD_isError(n))
		return ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation ?
		    FG_ERR_NOMEM :
		    FG_ERR_FORMAT;
	step->in += in.pos;
	step->in_len -= in.pos;
	step->out += out.pos;
	step->out_len -= out.pos;
	*ret_whole = n == 0;
	return 0;
}
