/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts of the result codes. It must not log, allocate or touch errno.
 */
#include "proto/result.h"

#include <stddef.h>

const char *
fg_strerror(int result)
{
	static const char *const texts[] = {
		[FG_OK] = "success",
		[-FG_ERR_SYSTEM] = "system error",
		[-FG_ERR_NOMEM] = "out of memory",
		[-FG_ERR_SHORT] = "data ends too early",
		[-FG_ERR_TRAILING] = "unexpected bytes at the end",
		[-FG_ERR_LIMIT] = "limit exceeded",
		[-FG_ERR_FORMAT] = "malformed data",
		[-FG_ERR_VERSION] = "version not supported",
		[-FG_ERR_TIMEOUT] = "timed out",
		[-FG_ERR_BUSY] = "too busy",
		[-FG_ERR_PEER] = "peer is not trusted",
		[-FG_ERR_CLOSED] = "connection closed by peer",
		[-FG_ERR_REFUSED] = "request refused",
		[-FG_ERR_UNREACHABLE] = "nobody listens",
		[-FG_ERR_NOT_FOUND] = "not found",
		[-FG_ERR_UNSAFE] = "unsafe owner, mode or type",
		[-FG_ERR_CONFIG] = "configuration has errors",
	};

	/* Compared before negation, which INT_MIN would not survive. */
	if (result > 0 || result <= -(int)(sizeof(texts) / sizeof(texts[0])))
		return "unknown error";
	return texts[-result];
}
