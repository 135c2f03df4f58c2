/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and their text. What is not exactly of the form is no key.
 */
#include "policyd/bundle/bundle_key.h"

#include <string.h>

#include "proto/result.h"

#define KIND   "ed25519:"
#define SECRET "farmgate-bundle-secret "

#define DIGITS (BUNDLE_KEY_SIZE - sizeof(KIND))

void
bundle_key_text(const uint8_t key[CRYPTO_KEY_SIZE],
    char ret_text[BUNDLE_KEY_SIZE])
{
	memcpy(ret_text, KIND, sizeof(KIND) - 1);
	crypto_base64_encode(key, CRYPTO_KEY_SIZE, ret_text + sizeof(KIND) - 1,
	    DIGITS + 1);
}

int
bundle_key_parse(const char *text, uint8_t ret_key[CRYPTO_KEY_SIZE])
{
	size_t len;

	memset(ret_key, 0, CRYPTO_KEY_SIZE);
	if (strlen(text) != BUNDLE_KEY_SIZE - 1 ||
	    strncmp(text, KIND, sizeof(KIND) - 1) != 0 ||
	    crypto_base64_decode(text + sizeof(KIND) - 1, DIGITS, ret_key,
		CRYPTO_KEY_SIZE, &len) != 0 ||
	    len != CRYPTO_KEY_SIZE) {
		crypto_wipe(ret_key, CRYPTO_KEY_SIZE);
		return FG_ERR_FORMAT;
	}
	return 0;
}

void
bundle_secret_text(const uint8_t secret[CRYPTO_KEY_SIZE],
    char ret_text[BUNDLE_SECRET_SIZE])
{
	char *at = ret_text + sizeof(SECRET) - 1;

	memcpy(ret_text, SECRET, sizeof(SECRET) - 1);
	bundle_key_text(secret, at);
	memcpy(at + BUNDLE_KEY_SIZE - 1, "\n", 2);
}

int
bundle_secret_parse(const char *text, uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	char key[BUNDLE_KEY_SIZE];
	int r;

	memset(ret_secret, 0, CRYPTO_KEY_SIZE);
	if (strlen(text) != BUNDLE_SECRET_SIZE - 1 ||
	    strncmp(text, SECRET, sizeof(SECRET) - 1) != 0 ||
	    text[BUNDLE_SECRET_SIZE - 2] != '\n')
		return FG_ERR_FORMAT;
	memcpy(key, text + sizeof(SECRET) - 1, sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	r = bundle_key_parse(key, ret_secret);
	crypto_wipe(key, sizeof(key));
	return r;
}
