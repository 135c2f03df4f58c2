/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The challenge of a jump host, as it is made. What a token is, and its text,
 * are proto/token.h's.
 */
#ifndef FG_WITNESS_TOKEN_H
#define FG_WITNESS_TOKEN_H

#include "policyd/crypto.h"
#include "proto/token.h"

#define TOKEN_PROMPT_SIZE (FG_TOKEN_SIZE + 2u)	/* ": " behind it */

/* What a jump host is called in tokens and statements, from its public key. */
void	token_host_id(const uint8_t host_key[CRYPTO_KEY_SIZE],
	    uint8_t ret_id[FG_TOKEN_HOST_SIZE]);

/*
 * A new challenge of the jump host with that public key. Returns 0, or
 * FG_ERR_SYSTEM: there is no randomness, and nobody can be asked. ret_token is
 * zero then, which no answer is ever taken for.
 */
int	token_make(const uint8_t host_key[CRYPTO_KEY_SIZE],
	    struct fg_token *ret_token);

/* What the user's ssh is shown: the token's word, a colon and a blank. */
void	token_prompt(const struct fg_token *token,
	    char ret_prompt[TOKEN_PROMPT_SIZE]);

#endif
