/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows libsodium. crypto_init() finds its source of
 * randomness while files may still be opened; afterwards getrandom(2) is all
 * that is needed. Were that refused, libsodium would end the process: what may
 * not end it asks by crypto_random_try().
 */
#include "policyd/crypto.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <sodium.h>

#include "proto/result.h"

#define REGISTERS_ALL 1024u /* bytes; twice what eight of them hold */
#define RANDOM_WHOLE  256u /* bytes; getrandom(2) */

/* Crockford's: nothing that is mistaken for a digit, and no U. */
static const char reference_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int
crypto_init(void)
{
	unsigned char first[16];

	if (sodium_init() < 0)
		return FG_ERR_SYSTEM;
	randombytes_buf(first, sizeof(first));
	sodium_memzero(first, sizeof(first));
	return 0;
}

void
crypto_sha256_hex(const void *data, size_t len, char ret_hex[CRYPTO_HEX_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, data, len); /* always 0 */
	sodium_bin2hex(ret_hex, CRYPTO_HEX_SIZE, hash, sizeof(hash));
}

int
crypto_sha256_file(int fd, char ret_hex[CRYPTO_HEX_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES], buf[65536];
	crypto_hash_sha256_state state;
	ssize_t n;

	ret_hex[0] = '\0';
	if (lseek(fd, 0, SEEK_SET) != 0)
		return FG_ERR_SYSTEM;
	(void)crypto_hash_sha256_init(&state); /* always 0, as the next */
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n > 0)
			(void)crypto_hash_sha256_update(&state, buf, (size_t)n);
		else if (errno != EINTR)
			return FG_ERR_SYSTEM;
	}
	(void)crypto_hash_sha256_final(&state, hash); /* the same */
	sodium_bin2hex(ret_hex, CRYPTO_HEX_SIZE, hash, sizeof(hash));
	return 0;
}

void
crypto_sha256_base64(const void *data, size_t len,
    char ret_text[CRYPTO_BASE64_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, data, len); /* always 0 */
	(void)sodium_bin2base64(ret_text, CRYPTO_BASE64_SIZE, hash,
	    sizeof(hash), sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

void
crypto_digest(const char *label, const void *data, size_t len,
    uint8_t ret_digest[CRYPTO_DIGEST_SIZE])
{
	crypto_hash_sha256_state state;

	(void)crypto_hash_sha256_init(&state); /* all three always 0 */
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)label,
	    strlen(label));
	(void)crypto_hash_sha256_update(&state, data, len);
	(void)crypto_hash_sha256_final(&state, ret_digest);
}

void
crypto_keyed_digest(const uint8_t key[CRYPTO_KEY_SIZE], const char *label,
    const void *data, size_t len, uint8_t ret_digest[CRYPTO_DIGEST_SIZE])
{
	crypto_generichash_state state;

	/* All four always 0: the lengths are fixed. */
	(void)crypto_generichash_init(&state, key, CRYPTO_KEY_SIZE,
	    CRYPTO_DIGEST_SIZE);
	(void)crypto_generichash_update(&state, (const unsigned char *)label,
	    strlen(label));
	(void)crypto_generichash_update(&state, data, len);
	(void)crypto_generichash_final(&state, ret_digest, CRYPTO_DIGEST_SIZE);
}

/* ---- base 64 ------------------------------------------------------------ */

/* The library takes '/' | 0x80 for '/', and so with the other signs. */
static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] & 0x80) != 0)
			return false;
	return true;
}

static int
decode(int variant, const char *text, size_t len, void *buf, size_t size,
    size_t *ret_len)
{
	const char *end;

	*ret_len = 0;
	if (len / 4 * 3 > size + 2)
		return FG_ERR_LIMIT;
	if (is_ascii(text, len) &&
	    sodium_base642bin(buf, size, text, len, NULL, ret_len, &end,
		variant) == 0 &&
	    end == text + len)
		return 0;
	*ret_len = 0;
	return FG_ERR_FORMAT;
}

int
crypto_base64_decode(const char *text, size_t len, void *buf, size_t size,
    size_t *ret_len)
{
	return decode(sodium_base64_VARIANT_ORIGINAL, text, len, buf, size,
	    ret_len);
}

void
crypto_base64_encode(const void *data, size_t len, char *text, size_t size)
{
	(void)sodium_bin2base64(text, size, data, len,
	    sodium_base64_VARIANT_ORIGINAL);
}

int
crypto_base64url_decode(const char *text, size_t len, void *buf, size_t size,
    size_t *ret_len)
{
	return decode(sodium_base64_VARIANT_URLSAFE_NO_PADDING, text, len, buf,
	    size, ret_len);
}

void
crypto_base64url_encode(const void *data, size_t len, char *text, size_t size)
{
	(void)sodium_bin2base64(text, size, data, len,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* ---- signatures --------------------------------------------------------- */

void
crypto_public_key(const uint8_t secret[CRYPTO_KEY_SIZE],
    uint8_t ret_public[CRYPTO_KEY_SIZE])
{
	unsigned char both[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(ret_public, both, secret); /* 0 */
	sodium_memzero(both, sizeof(both));
}

void
crypto_make_signature(const void *data, size_t len,
    const uint8_t secret[CRYPTO_KEY_SIZE],
    uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
	unsigned char both[crypto_sign_SECRETKEYBYTES];
	unsigned char public[crypto_sign_PUBLICKEYBYTES];

	(void)crypto_sign_seed_keypair(public, both, secret); /* always 0 */
	(void)crypto_sign_detached(ret_signature, NULL, data, len, both);
	sodium_memzero(both, sizeof(both));
}

bool
crypto_check_signature(const void *data, size_t len,
    const uint8_t public[CRYPTO_KEY_SIZE],
    const uint8_t signature[CRYPTO_SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(signature, data, len, public) == 0;
}

void
crypto_wipe(void *buf, size_t len)
{
	sodium_memzero(buf, len);
}

typedef void *(*copy_fn)(void *to, const void *from, size_t len);

/*
 * The C library picks the registers by the processor and the length: beyond
 * eight of the widest there are no others.
 */
void
crypto_wipe_registers(void)
{
	const volatile copy_fn copy = memcpy; /* not left out */
	static const unsigned char nothing[REGISTERS_ALL];
	unsigned char to[REGISTERS_ALL];
	size_t n;

	for (n = sizeof(to); n > 0; n /= 2)
		(void)copy(to, nothing, n); /* returns to */
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

/* ---- what is kept sealed ------------------------------------------------ */

void
crypto_seal(const void *data, size_t len, const uint8_t key[CRYPTO_KEY_SIZE],
    uint8_t *ret_sealed)
{
	const size_t nonce = crypto_secretbox_NONCEBYTES;

	randombytes_buf(ret_sealed, nonce);
	(void)crypto_secretbox_easy(ret_sealed + nonce, data, len, ret_sealed,
	    key); /* always 0 */
}

int
crypto_unseal(const uint8_t *sealed, size_t len,
    const uint8_t key[CRYPTO_KEY_SIZE], void *ret_data)
{
	const size_t nonce = crypto_secretbox_NONCEBYTES;

	if (len < CRYPTO_SEAL_EXTRA)
		return FG_ERR_FORMAT;
	if (crypto_secretbox_open_easy(ret_data, sealed + nonce, len - nonce,
		sealed, key) == 0)
		return 0;
	sodium_memzero(ret_data, len - CRYPTO_SEAL_EXTRA);
	return FG_ERR_FORMAT;
}

/* ---- what is sealed to somebody ----------------------------------------- */

void
crypto_exchange_key(const uint8_t secret[CRYPTO_KEY_SIZE],
    uint8_t ret_public[CRYPTO_KEY_SIZE])
{
	(void)crypto_scalarmult_base(ret_public, secret); /* always 0 */
}

int
crypto_seal_to(const void *data, size_t len,
    const uint8_t public[CRYPTO_KEY_SIZE], uint8_t *ret_sealed)
{
	uint8_t first;

	/* Without randomness the library ends the process: ask before. */
	if (crypto_random_try(&first, sizeof(first)) != 0)
		return FG_ERR_SYSTEM;
	return crypto_box_seal(ret_sealed, data, len, public) == 0 ?
	    0 :
	    FG_ERR_FORMAT;
}

int
crypto_unseal_with(const uint8_t *sealed, size_t len,
    const uint8_t secret[CRYPTO_KEY_SIZE], void *ret_data)
{
	uint8_t public[CRYPTO_KEY_SIZE];

	if (len < CRYPTO_SEAL_TO_EXTRA)
		return FG_ERR_FORMAT;
	crypto_exchange_key(secret, public);
	if (crypto_box_seal_open(ret_data, sealed, len, public, secret) == 0)
		return 0;
	sodium_memzero(ret_data, len - CRYPTO_SEAL_TO_EXTRA);
	return FG_ERR_FORMAT;
}

/* ---- memory for secrets ------------------------------------------------- */

/* What it returns ends where its only page does. */
void *
crypto_secret_new(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *secret = sodium_malloc(size);

	if (secret == NULL)
		return NULL;
	/* What could not be is a child's copy, which nobody asks for. */
	(void)madvise(secret - ((uintptr_t)secret & (page - 1)), page,
	    MADV_WIPEONFORK);
	sodium_memzero(secret, size);
	return secret;
}

void
crypto_secret_end(void *secret, size_t size)
{
	if (secret != NULL)
		sodium_memzero(secret, size);
}

/* ---- randomness --------------------------------------------------------- */

void
crypto_random(void *buf, size_t len)
{
	randombytes_buf(buf, len);
}

/* What comes whole, without a signal's being able to come in between. */
int
crypto_random_try(void *buf, size_t len)
{
	if (len <= RANDOM_WHOLE && getrandom(buf, len, 0) == (ssize_t)len)
		return 0;
	if (len > RANDOM_WHOLE)
		errno = EINVAL;
	memset(buf, 0, len);
	return FG_ERR_SYSTEM;
}

void
crypto_reference(char ret_ref[CRYPTO_REF_SIZE])
{
	unsigned char random[5];
	uint64_t bits = 0;
	size_t i, at = 0;

	randombytes_buf(random, sizeof(random));
	for (i = 0; i < sizeof(random); i++)
		bits = bits << 8 | random[i];
	for (i = 0; i < 8; i++) {
		if (i == 4)
			ret_ref[at++] = '-';
		ret_ref[at++] = reference_digits[bits & 31];
		bits >>= 5;
	}
	ret_ref[at] = '\0';
}
