/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys of bundles as text: the public one stands in farmgate.conf, the secret
 * one in a file of whoever signs. Ed25519, RFC 8032; base 64 with padding.
 */
#ifndef FG_BUNDLE_KEY_H
#define FG_BUNDLE_KEY_H

#include "policyd/crypto.h"

/* "ed25519:" and 44 characters, and a NUL. */
#define BUNDLE_KEY_SIZE		53u
/* "farmgate-bundle-secret " and a key's text and a newline, and a NUL. */
#define BUNDLE_SECRET_SIZE	77u

void	bundle_key_text(const uint8_t key[CRYPTO_KEY_SIZE],
	    char ret_text[BUNDLE_KEY_SIZE]);
/* Returns 0 or FG_ERR_FORMAT. */
int	bundle_key_parse(const char *text, uint8_t ret_key[CRYPTO_KEY_SIZE]);

/* The file of a secret key, all of it. Both wipe what they do not return. */
void	bundle_secret_text(const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_text[BUNDLE_SECRET_SIZE]);
/* Returns 0 or FG_ERR_FORMAT. */
int	bundle_secret_parse(const char *text,
	    uint8_t ret_secret[CRYPTO_KEY_SIZE]);

#endif
