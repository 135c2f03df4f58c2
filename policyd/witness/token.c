/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Challenges: whose they are, and the number that makes each of them new.
 */
#include "policyd/witness/token.h"

#include <string.h>

#define HOST_LABEL "farmgate-host-v1"

void
token_host_id(const uint8_t host_key[CRYPTO_KEY_SIZE],
    uint8_t ret_id[FG_TOKEN_HOST_SIZE])
{
	uint8_t digest[CRYPTO_DIGEST_SIZE];

	crypto_digest(HOST_LABEL, host_key, CRYPTO_KEY_SIZE, digest);
	memcpy(ret_id, digest, FG_TOKEN_HOST_SIZE);
}

int
token_make(const uint8_t host_key[CRYPTO_KEY_SIZE], struct fg_token *ret_token)
{
	uint8_t nonce[FG_TOKEN_NONCE_SIZE];
	int r;

	memset(ret_token, 0, sizeof(*ret_token));
	if ((r = crypto_random_try(nonce, sizeof(nonce))) != 0)
		return r;
	token_host_id(host_key, ret_token->host_id);
	memcpy(ret_token->nonce, nonce, sizeof(nonce));
	return 0;
}

void
token_prompt(const struct fg_token *token, char ret_prompt[TOKEN_PROMPT_SIZE])
{
	fg_token_text(token, ret_prompt);
	memcpy(ret_prompt + FG_TOKEN_SIZE - 1, ": ", 3);
}
