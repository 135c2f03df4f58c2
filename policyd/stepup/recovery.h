/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recovery codes: for the lost phone, each of them once. Three groups of four
 * in Crockford's base 32, 60 random bits: nobody guesses one, so that a plain
 * hash of it is enough.
 */
#ifndef FG_RECOVERY_H
#define FG_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/crypto.h"

#define RECOVERY_CODE_SIZE 15u	/* "7F3K-Q2MN-W8XD" and a NUL */

/* A new code as it is handed out, and the hash that is kept. */
void	recovery_new(char ret_code[RECOVERY_CODE_SIZE],
	    char ret_hash[CRYPTO_HEX_SIZE]);

/*
 * The hash of what somebody typed, in whichever case, with or without hyphens,
 * O for 0 and I or L for 1. Whether it has the form of a code; else the hash is
 * one of no code.
 */
bool	recovery_hash(const char *text, size_t len,
	    char ret_hash[CRYPTO_HEX_SIZE]);

#endif
