/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As much of DER as leads to a certificate's key. Each length is compared with
 * what is left before anything behind it is looked at: the bytes are a TPM's.
 */
#include "policyd/device/ek.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "proto/result.h"

#define INTEGER	   0x02u
#define BIT_STRING 0x03u
#define OID	   0x06u
#define SEQUENCE   0x30u
#define VERSION	   0xa0u /* [0], explicit */

#define LONG_FORM  0x80u /* of a length: the low bits count its bytes */
#define LENGTH_MAX 2u /* bytes; no certificate that is looked at has more */

struct der {
	const uint8_t *bytes;
	size_t len;
};

/* ---- the digest --------------------------------------------------------- */

/* Without its leading zeros, and one in front of a first bit that is set. */
static size_t
put_exponent(uint8_t *out, uint32_t exponent)
{
	size_t n = 0;
	int shift = 24;

	while (shift > 0 && exponent >> shift == 0)
		shift -= 8;
	if ((exponent >> shift & 0x80u) != 0)
		out[n++] = 0;
	for (; shift >= 0; shift -= 8)
		out[n++] = (uint8_t)(exponent >> shift);
	return n;
}

int
ek_digest(const uint8_t modulus[EK_MODULUS_SIZE], uint32_t exponent,
    char ret_hex[CRYPTO_HEX_SIZE])
{
	/* The modulus has its first bit set, and so a zero in front. */
	uint8_t key[9 + EK_MODULUS_SIZE + 7] = { SEQUENCE, LONG_FORM | 2, 0, 0,
		INTEGER, LONG_FORM | 2, (EK_MODULUS_SIZE + 1) >> 8,
		(EK_MODULUS_SIZE + 1) & 0xff, 0 };
	size_t n = 9 + EK_MODULUS_SIZE, size;

	ret_hex[0] = '\0';
	if ((modulus[0] & 0x80u) == 0 || (exponent & 1u) == 0 || exponent == 1)
		return FG_ERR_FORMAT;
	memcpy(key + 9, modulus, EK_MODULUS_SIZE);
	key[n] = INTEGER;
	size = put_exponent(key + n + 2, exponent);
	key[n + 1] = (uint8_t)size;
	n += 2 + size;
	assert(n <= sizeof(key));
	key[2] = (uint8_t)((n - 4) >> 8);
	key[3] = (uint8_t)((n - 4) & 0xff);
	crypto_sha256_hex(key, n, ret_hex);
	return 0;
}

/* ---- DER ---------------------------------------------------------------- */

/* Takes the tag and the length. Returns the content's length, or -1. */
static int
take_head(struct der *der, unsigned int tag)
{
	size_t len, n;

	if (der->len < 2 || der->bytes[0] != tag)
		return -1;
	len = der->bytes[1];
	der->bytes += 2;
	der->len -= 2;
	if ((len & LONG_FORM) != 0) {
		n = len & ~(size_t)LONG_FORM;
		if (n == 0 || n > LENGTH_MAX || n > der->len)
			return -1;
		for (len = 0; n > 0; n--) {
			len = len << 8 | *der->bytes++;
			der->len--;
		}
	}
	return len > der->len ? -1 : (int)len;
}

/* The content of what comes next, which has this tag; der is moved behind. */
static bool
take(struct der *der, unsigned int tag, struct der *ret_content)
{
	int len = take_head(der, tag);

	*ret_content = (struct der){ der->bytes, 0 };
	if (len < 0)
		return false;
	ret_content->len = (size_t)len;
	der->bytes += len;
	der->len -= (size_t)len;
	return true;
}

static bool
skip_one(struct der *der, unsigned int tag)
{
	struct der content;

	return take(der, tag, &content);
}

/* ---- a certificate ------------------------------------------------------ */

/*
 * From Certificate to its SubjectPublicKeyInfo, RFC 5280, 4.1: behind version,
 * serial number, algorithm, issuer, validity and subject.
 */
static bool
find_key(struct der der, struct der *ret_info)
{
	struct der certificate, tbs;

	if (!take(&der, SEQUENCE, &certificate) ||
	    !take(&certificate, SEQUENCE, &tbs))
		return false;
	if (tbs.len > 0 && tbs.bytes[0] == VERSION && !skip_one(&tbs, VERSION))
		return false;
	return skip_one(&tbs, INTEGER) && skip_one(&tbs, SEQUENCE) &&
	    skip_one(&tbs, SEQUENCE) && skip_one(&tbs, SEQUENCE) &&
	    skip_one(&tbs, SEQUENCE) && take(&tbs, SEQUENCE, ret_info);
}

/* 1.2.840.113549.1.1.1, or .7, which endorsement keys may be marked with. */
static bool
is_rsa(struct der algorithm)
{
	static const uint8_t pkcs1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01, 0x01 };
	struct der oid;

	return take(&algorithm, OID, &oid) && oid.len == sizeof(pkcs1) + 1 &&
	    memcmp(oid.bytes, pkcs1, sizeof(pkcs1)) == 0 &&
	    (oid.bytes[sizeof(pkcs1)] == 1 || oid.bytes[sizeof(pkcs1)] == 7);
}

/* Into the RSAPublicKey within a SubjectPublicKeyInfo. */
static bool
find_rsa(struct der info, struct der *ret_key)
{
	struct der algorithm, bits;

	if (!take(&info, SEQUENCE, &algorithm) || !is_rsa(algorithm) ||
	    !take(&info, BIT_STRING, &bits) || bits.len == 0 ||
	    bits.bytes[0] != 0) /* bits of the last byte that do not count */
		return false;
	bits.bytes++;
	bits.len--;
	return take(&bits, SEQUENCE, ret_key) && bits.len == 0;
}

static bool
take_exponent(struct der *key, uint32_t *ret_exponent)
{
	struct der n;

	*ret_exponent = 0;
	if (!take(key, INTEGER, &n) || n.len == 0 || n.len > 5 ||
	    (n.len == 5 && n.bytes[0] != 0))
		return false;
	for (size_t i = 0; i < n.len; i++)
		*ret_exponent = *ret_exponent << 8 | n.bytes[i];
	return true;
}

int
ek_digest_certificate(const void *der, size_t len,
    char ret_hex[CRYPTO_HEX_SIZE])
{
	struct der certificate = { der, len }, info, key, modulus;
	uint32_t exponent;

	ret_hex[0] = '\0';
	if (len > EK_CERTIFICATE_MAX || !find_key(certificate, &info) ||
	    !find_rsa(info, &key) || !take(&key, INTEGER, &modulus) ||
	    modulus.len != EK_MODULUS_SIZE + 1 || modulus.bytes[0] != 0 ||
	    !take_exponent(&key, &exponent) || key.len != 0)
		return FG_ERR_FORMAT;
	return ek_digest(modulus.bytes + 1, exponent, ret_hex);
}
