/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 of many short texts, with the processor's instructions for it where
 * it has some; sha256.c is the only file that knows libcrypto.
 */
#ifndef FG_CTL_AUDIT_SHA256_H
#define FG_CTL_AUDIT_SHA256_H

#include <stddef.h>

#include "policyd/crypto.h"

struct sha256;

struct sha256	*sha256_new(void);		/* NULL: no memory */
void		 sha256_free(struct sha256 *sha256);	/* NULL is fine */

/*
 * Of len bytes and a closing brace behind them, in hexadecimal as
 * crypto_sha256_hex() has it. Returns 0 or FG_ERR_NOMEM.
 */
int		 sha256_record(struct sha256 *sha256, const void *data,
		    size_t len, char ret_hex[CRYPTO_HEX_SIZE]);

#endif
