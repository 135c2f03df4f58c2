/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One anchor of the audit log as text: which record was the last by then, with
 * its hash, signed by the daemon's audit key. Kept where who can write the log
 * cannot, it tells whether the log is still the same up to there. For the
 * daemon, which makes them, and for readers.
 *
 *	farmgate-anchor-v1 seq=N hash=HEX at=SECONDS host=NAME key=KEY sig=SIG
 */
#ifndef FG_ANCHOR_H
#define FG_ANCHOR_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/key.h"

#define ANCHOR_HOST_SIZE	65u
#define ANCHOR_TEXT_SIZE	384u	/* of printable ASCII, and a NUL */

struct anchor {
	uint64_t	 seq;		/* of the record, from 1 */
	char		 hash[CRYPTO_HEX_SIZE];
	int64_t		 at_s;		/* since 1970, by the daemon's clock */
	char		 host[ANCHOR_HOST_SIZE]; /* letters, digits, . - _ */
	uint8_t		 key[CRYPTO_KEY_SIZE];	/* whose signature it has */
};

/* This machine's name, as far as it is made of what .host may have. */
void	anchor_host(char ret_host[ANCHOR_HOST_SIZE]);

/* One line without its newline. .key is the public key of secret. */
void	anchor_text(const struct anchor *anchor,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_text[ANCHOR_TEXT_SIZE]);

/*
 * The anchor in a line of any program's log: others' words may stand in front,
 * and behind it what does not look as if it went on. Whether ret_anchor->key is
 * a key that is believed is the caller's to say.
 * Returns 0: that key has signed it; FG_ERR_NOT_FOUND: the line has none;
 * FG_ERR_FORMAT: what is there is not of the form; or FG_ERR_UNSAFE: it is, and
 * the signature is wrong. All of *ret_anchor is zero then.
 */
int	anchor_read(const char *line, size_t len, struct anchor *ret_anchor);

#endif
