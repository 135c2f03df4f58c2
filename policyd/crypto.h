/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hashes, randomness and signatures; crypto.c is the only file that knows
 * libsodium.
 */
#ifndef FG_CRYPTO_H
#define FG_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_HEX_SIZE		65u	/* SHA-256 as lower-case hex and NUL */
#define CRYPTO_REF_SIZE		10u	/* "7F3K-Q2MN" and NUL */

/* Once, before anything else here. Returns 0 or FG_ERR_SYSTEM. */
int	crypto_init(void);

/* SHA-256 of data as lower-case hex. */
void	crypto_sha256_hex(const void *data, size_t len,
	    char ret_hex[CRYPTO_HEX_SIZE]);

/* Of a file from its beginning; the offset is moved. 0 or FG_ERR_SYSTEM. */
int	crypto_sha256_file(int fd, char ret_hex[CRYPTO_HEX_SIZE]);

/* SHA-256 of data in base 64 without padding: 43 characters and a NUL. */
#define CRYPTO_BASE64_SIZE	44u
void	crypto_sha256_base64(const void *data, size_t len,
	    char ret_text[CRYPTO_BASE64_SIZE]);

/*
 * Decode base 64 with its padding, len characters of it, into buf.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT.
 */
int	crypto_base64_decode(const char *text, size_t len, void *buf,
	    size_t size, size_t *ret_len);

/* The other way; size has room for 4 characters of each 3 bytes and a NUL. */
void	crypto_base64_encode(const void *data, size_t len, char *text,
	    size_t size);

/* The same in the alphabet for names and without padding, RFC 4648 5. */
int	crypto_base64url_decode(const char *text, size_t len, void *buf,
	    size_t size, size_t *ret_len);
void	crypto_base64url_encode(const void *data, size_t len, char *text,
	    size_t size);

/*
 * SHA-256 over a label, without its NUL, and data: what was digested for one
 * purpose is no digest for another.
 */
#define CRYPTO_DIGEST_SIZE	32u
void	crypto_digest(const char *label, const void *data, size_t len,
	    uint8_t ret_digest[CRYPTO_DIGEST_SIZE]);

/* Ends the process where the kernel gives none. */
void	crypto_random(void *buf, size_t len);
/*
 * The same, at most 256 bytes, where that is an error: 0 or FG_ERR_SYSTEM, and
 * buf is zero then.
 */
int	crypto_random_try(void *buf, size_t len);

/* ---- signatures: Ed25519, RFC 8032 ---- */

#define CRYPTO_KEY_SIZE		32u	/* a public key; a secret one's seed */
#define CRYPTO_SIGNATURE_SIZE	64u

void	crypto_public_key(const uint8_t secret[CRYPTO_KEY_SIZE],
	    uint8_t ret_public[CRYPTO_KEY_SIZE]);
void	crypto_make_signature(const void *data, size_t len,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);
bool	crypto_check_signature(const void *data, size_t len,
	    const uint8_t public[CRYPTO_KEY_SIZE],
	    const uint8_t signature[CRYPTO_SIGNATURE_SIZE]);

/* Zero what was secret; not left out by the compiler. */
void	crypto_wipe(void *buf, size_t len);
/*
 * The same of what was copied last, which is in the vector registers until they
 * are used again: those of a process that waits are in a core of it. It is
 * called when all of the memory is wiped.
 */
void	crypto_wipe_registers(void);
/* Whether both are the same, in a time that does not say where they differ. */
bool	crypto_equal(const void *a, const void *b, size_t len);

/* ---- what is kept sealed: XSalsa20 and Poly1305 ---- */

#define CRYPTO_SEAL_EXTRA	40u	/* a nonce and a tag */

/* ret_sealed has room for len + CRYPTO_SEAL_EXTRA bytes. */
void	crypto_seal(const void *data, size_t len,
	    const uint8_t key[CRYPTO_KEY_SIZE], uint8_t *ret_sealed);
/*
 * ret_data has room for len - CRYPTO_SEAL_EXTRA bytes, zero on error.
 * Returns 0 or FG_ERR_FORMAT.
 */
int	crypto_unseal(const uint8_t *sealed, size_t len,
	    const uint8_t key[CRYPTO_KEY_SIZE], void *ret_data);

/* ---- what is sealed to somebody: X25519, XSalsa20 and Poly1305 ---- */

#define CRYPTO_SEAL_TO_EXTRA	48u	/* a key that is used once, and a tag */

/* Any 32 random bytes are a secret key; RFC 7748 6.1. */
void	crypto_exchange_key(const uint8_t secret[CRYPTO_KEY_SIZE],
	    uint8_t ret_public[CRYPTO_KEY_SIZE]);
/*
 * Seal so that only the secret key of public opens it, and nobody is named as
 * the sender. ret_sealed has room for len + CRYPTO_SEAL_TO_EXTRA bytes.
 * Returns 0; FG_ERR_SYSTEM: no randomness; or FG_ERR_FORMAT: public is a point
 * for which every secret would do.
 */
int	crypto_seal_to(const void *data, size_t len,
	    const uint8_t public[CRYPTO_KEY_SIZE], uint8_t *ret_sealed);
/*
 * ret_data has room for len - CRYPTO_SEAL_TO_EXTRA bytes, zero on error.
 * Returns 0 or FG_ERR_FORMAT.
 */
int	crypto_unseal_with(const uint8_t *sealed, size_t len,
	    const uint8_t secret[CRYPTO_KEY_SIZE], void *ret_data);

/* BLAKE2b-256 over a label, without its NUL, and data, with a key. */
void	crypto_keyed_digest(const uint8_t key[CRYPTO_KEY_SIZE],
	    const char *label, const void *data, size_t len,
	    uint8_t ret_digest[CRYPTO_DIGEST_SIZE]);

/* ---- memory for secrets ---- */

/*
 * Less than a page, zero, between pages that cannot be touched; in no core
 * dump, not swapped where the process may lock memory, and empty in a forked
 * child. Before the sandbox: it locks memory. NULL without memory.
 */
void	*crypto_secret_new(size_t size);
/*
 * Wipe it. The pages stay until the process ends, for munlock(2) is one more
 * call that a confined process has no use for. NULL is fine.
 */
void	crypto_secret_end(void *secret, size_t size);

/*
 * A new decision reference: 8 characters of Crockford's base 32 without
 * I, L, O, U, in two groups; 40 random bits.
 */
void	crypto_reference(char ret_ref[CRYPTO_REF_SIZE]);

#endif
