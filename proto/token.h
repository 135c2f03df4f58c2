/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The token of a challenge, by which a jump host asks a laptop for a statement:
 * who asks, and a number that is used once. It travels in the prompt that ssh
 * shows, as one word: "farmgate-challenge-v1." and 43 characters of base 64 in
 * the alphabet for names (RFC 4648 5) without padding. What it is answered
 * with is told by STATEMENT in policyd/witness. libc only; nothing here
 * allocates.
 */
#ifndef FG_TOKEN_H
#define FG_TOKEN_H

#include <stdint.h>

#define FG_TOKEN_HOST_SIZE	16u
#define FG_TOKEN_NONCE_SIZE	16u
#define FG_TOKEN_PREFIX		"farmgate-challenge-v1."
#define FG_TOKEN_SIZE		66u	/* of the word, with its NUL */

struct fg_token {
	uint8_t		 host_id[FG_TOKEN_HOST_SIZE];
	uint8_t		 nonce[FG_TOKEN_NONCE_SIZE];
};

void	fg_token_text(const struct fg_token *token,
	    char ret_word[FG_TOKEN_SIZE]);

/*
 * All of text is the word. Returns 0; FG_ERR_VERSION: a word of this kind, of
 * another version; or FG_ERR_FORMAT. ret_token is zero on error.
 */
int	fg_token_parse(const char *text, struct fg_token *ret_token);

/*
 * The one word in a text that may hold anything else, before, between and
 * behind. Words are of A-Z, a-z, 0-9, '.', '_' and '-': what holds
 * "farmgate-challenge-" and is not exactly a token is damaged, and no other
 * one in the text is then good enough.
 * Returns 0; FG_ERR_NOT_FOUND: there is none; FG_ERR_LIMIT: there are more,
 * even if they are the same; FG_ERR_VERSION or FG_ERR_FORMAT as
 * fg_token_parse(). ret_word is "" on error.
 */
int	fg_token_find(const char *text, char ret_word[FG_TOKEN_SIZE]);

#endif
