/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and their text. What is not exactly of the form is no key.
 */
#include "policyd/key.h"

#include <assert.h>
#include <string.h>

#include "proto/result.h"

#define DIGITS 44u /* of 32 bytes in base 64 */

static const struct {
	const char *form; /* in front of the digits */
	const char *secret; /* in front of that, in a secret key's file */
} kinds[KEY_KINDS] = {
	[KEY_BUNDLE] = { "ed25519:", "farmgate-bundle-secret " },
	[KEY_DEVICE] = { "ed25519:", "farmgate-device-secret " },
	[KEY_HOST] = { "x25519:", "farmgate-host-secret " },
	[KEY_AUDIT] = { "ed25519:", "farmgate-audit-secret " },
};

void
key_public(enum key_kind kind, const uint8_t secret[CRYPTO_KEY_SIZE],
    uint8_t ret_public[CRYPTO_KEY_SIZE])
{
	assert(kind > KEY_NONE && kind < KEY_KINDS);
	if (kind == KEY_HOST)
		crypto_exchange_key(secret, ret_public);
	else
		crypto_public_key(secret, ret_public);
}

void
key_text(enum key_kind kind, const uint8_t key[CRYPTO_KEY_SIZE],
    char ret_text[KEY_TEXT_SIZE])
{
	size_t len;

	assert(kind > KEY_NONE && kind < KEY_KINDS);
	len = strlen(kinds[kind].form);
	memcpy(ret_text, kinds[kind].form, len);
	crypto_base64_encode(key, CRYPTO_KEY_SIZE, ret_text + len, DIGITS + 1);
}

/* What stands behind the start; NULL if text does not begin with it. */
static const char *
behind(const char *text, const char *start)
{
	size_t len = strlen(start);

	return strncmp(text, start, len) == 0 ? text + len : NULL;
}

int
key_parse(enum key_kind kind, const char *text,
    uint8_t ret_key[CRYPTO_KEY_SIZE])
{
	const char *digits;
	size_t len;

	assert(kind > KEY_NONE && kind < KEY_KINDS);
	memset(ret_key, 0, CRYPTO_KEY_SIZE);
	if ((digits = behind(text, kinds[kind].form)) == NULL ||
	    strlen(digits) != DIGITS ||
	    crypto_base64_decode(digits, DIGITS, ret_key, CRYPTO_KEY_SIZE,
		&len) != 0 ||
	    len != CRYPTO_KEY_SIZE) {
		crypto_wipe(ret_key, CRYPTO_KEY_SIZE);
		return FG_ERR_FORMAT;
	}
	return 0;
}

void
key_secret_text(enum key_kind kind, const uint8_t secret[CRYPTO_KEY_SIZE],
    char ret_text[KEY_SECRET_SIZE])
{
	char key[KEY_TEXT_SIZE];
	size_t n, len;

	key_text(kind, secret, key);
	n = strlen(kinds[kind].secret);
	len = strlen(key);
	memcpy(ret_text, kinds[kind].secret, n);
	memcpy(ret_text + n, key, len);
	memcpy(ret_text + n + len, "\n", 2);
	crypto_wipe(key, sizeof(key));
}

int
key_secret_parse(enum key_kind kind, const char *text,
    uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	char key[KEY_TEXT_SIZE];
	const char *at, *end;
	int r;

	assert(kind > KEY_NONE && kind < KEY_KINDS);
	memset(ret_secret, 0, CRYPTO_KEY_SIZE);
	if ((at = behind(text, kinds[kind].secret)) == NULL ||
	    (end = strchr(at, '\n')) == NULL || end[1] != '\0' ||
	    (size_t)(end - at) >= sizeof(key))
		return FG_ERR_FORMAT;
	memcpy(key, at, (size_t)(end - at));
	key[end - at] = '\0';
	r = key_parse(kind, key, ret_secret);
	crypto_wipe(key, sizeof(key));
	return r;
}
