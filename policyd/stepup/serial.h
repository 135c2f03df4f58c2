/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The serial number of a laptop, as it is kept. Whoever reads the store learns
 * none at once, but can try them: a serial number is no secret, which is why
 * it proves nothing alone. Pure but for the salt.
 */
#ifndef FG_SERIAL_H
#define FG_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/crypto.h"

#define SERIAL_MAX	 64u	/* characters that count */
#define SERIAL_SALT_SIZE 33u	/* 16 random bytes as hex, and a NUL */

void	serial_salt(char ret_salt[SERIAL_SALT_SIZE]);

/*
 * The hash of what somebody typed: in whichever case, blanks and hyphens left
 * out. Whether it has the form of a serial number; else the hash is one of
 * none.
 */
bool	serial_hash(const char *salt, const char *text, size_t len,
	    char ret_hash[CRYPTO_HEX_SIZE]);

#endif
