/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last line of a bundle, which signs all that stands before it. What is
 * signed is a statement that is nobody else's: "farmgate bundle 1", a newline
 * and the SHA-256 of those bytes in lower-case hex. Nothing of a bundle is
 * looked at before its seal.
 */
#ifndef FG_BUNDLE_SEAL_H
#define FG_BUNDLE_SEAL_H

#include "policyd/key.h"

#define BUNDLE_MAX		(512u * 1024u * 1024u)	/* bytes of all of it */
#define BUNDLE_SEAL_MAX		256u	/* bytes of the line, and a NUL */

struct bundle_seal {
	size_t		 len;		/* of what is signed */
	char		 key[KEY_TEXT_SIZE];
	char		 sha256[CRYPTO_HEX_SIZE];
};

/* The line for len bytes, with its newline. Returns 0 or FG_ERR_NOMEM. */
int	bundle_seal(const void *bytes, size_t len,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_line[BUNDLE_SEAL_MAX]);

/*
 * Check a whole bundle's seal by one of n keys, as text.
 * Returns 0; FG_ERR_FORMAT: it has no seal; FG_ERR_PEER: it is signed by
 * ret_seal->key, which is none of them; FG_ERR_UNSAFE: it is not what that key
 * has signed; or FG_ERR_NOMEM.
 */
int	bundle_seal_check(const char *bytes, size_t len,
	    const char *const *keys, size_t n, struct bundle_seal *ret_seal);

#endif
