/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsodium, which crypto.c has, knows none of the processor's instructions for
 * SHA-256: a log of millions of records would take four times as long.
 */
#include "ctl/audit/sha256.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "proto/result.h"

struct sha256 {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	/* Fetched once: that takes as long as a record's hash. */
	s->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	s->ctx = EVP_MD_CTX_new();
	if (s->md == NULL || s->ctx == NULL) {
		sha256_free(s);
		return NULL;
	}
	return s;
}

void
sha256_free(struct sha256 *s)
{
	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	EVP_MD_free(s->md);
	free(s);
}

static void
put_hex(const unsigned char *digest, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*hex++ = digits[digest[i] >> 4];
		*hex++ = digits[digest[i] & 15];
	}
	*hex = '\0';
}

int
sha256_record(struct sha256 *s, const void *data, size_t len,
    char ret_hex[CRYPTO_HEX_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	ret_hex[0] = '\0';
	if (EVP_DigestInit_ex(s->ctx, s->md, NULL) != 1 ||
	    EVP_DigestUpdate(s->ctx, data, len) != 1 ||
	    EVP_DigestUpdate(s->ctx, "}", 1) != 1 ||
	    EVP_DigestFinal_ex(s->ctx, digest, &n) != 1 ||
	    n != CRYPTO_DIGEST_SIZE)
		return FG_ERR_NOMEM;
	put_hex(digest, n, ret_hex);
	return 0;
}
