/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys as text: a public one stands in farmgate.conf and in inventories, a
 * secret one in a file of whoever it belongs to. A key says what it is for by
 * how it is computed with (Ed25519, RFC 8032; X25519, RFC 7748), a secret one
 * also by its name, so that none is taken for another. Base 64 with padding.
 */
#ifndef FG_KEY_H
#define FG_KEY_H

#include "policyd/crypto.h"

/* "ed25519:" and 44 characters, and a NUL. */
#define KEY_TEXT_SIZE	53u
/* "farmgate-bundle-secret " and a key's text and a newline, and a NUL. */
#define KEY_SECRET_SIZE	77u

enum key_kind {
	KEY_NONE = 0,
	KEY_BUNDLE,		/* signs bundles; Ed25519 */
	KEY_DEVICE,		/* a laptop's, signs statements; Ed25519 */
	KEY_HOST,		/* a jump host's, opens statements; X25519 */
	KEY_AUDIT,		/* a daemon's, signs anchors; Ed25519 */
	KEY_KINDS
};

/* The public key of a secret one. A kind is never KEY_NONE here or below. */
void	key_public(enum key_kind kind, const uint8_t secret[CRYPTO_KEY_SIZE],
	    uint8_t ret_public[CRYPTO_KEY_SIZE]);

void	key_text(enum key_kind kind, const uint8_t key[CRYPTO_KEY_SIZE],
	    char ret_text[KEY_TEXT_SIZE]);
/* Returns 0 or FG_ERR_FORMAT; ret_key is zero then. */
int	key_parse(enum key_kind kind, const char *text,
	    uint8_t ret_key[CRYPTO_KEY_SIZE]);

/* The file of a secret key, all of it. Both wipe what they do not return. */
void	key_secret_text(enum key_kind kind,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_text[KEY_SECRET_SIZE]);
/* Returns 0 or FG_ERR_FORMAT; ret_secret is zero then. */
int	key_secret_parse(enum key_kind kind, const char *text,
	    uint8_t ret_secret[CRYPTO_KEY_SIZE]);

#endif
