/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing a bundle and checking that. From a key's name in a file nothing
 * follows: only a key that the administrator has named is tried.
 */
#include "policyd/bundle/bundle_seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/json/json.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STATEMENT_SIZE (18 + CRYPTO_HEX_SIZE)

/* 64 bytes in base 64, and a NUL. */
#define SIGNATURE_TEXT_SIZE 89u

static void
make_statement(const char sha256[CRYPTO_HEX_SIZE], char ret[STATEMENT_SIZE])
{
	(void)snprintf(ret, STATEMENT_SIZE, "farmgate bundle 1\n%s", sha256);
}

int
bundle_seal(const void *bytes, size_t len,
    const uint8_t secret[CRYPTO_KEY_SIZE], char ret_line[BUNDLE_SEAL_MAX])
{
	uint8_t public[CRYPTO_KEY_SIZE], signature[CRYPTO_SIGNATURE_SIZE];
	char statement[STATEMENT_SIZE], sha256[CRYPTO_HEX_SIZE];
	char key[KEY_TEXT_SIZE], text[SIGNATURE_TEXT_SIZE], *line;
	struct json *json = json_new();
	int r;

	crypto_sha256_hex(bytes, len, sha256);
	make_statement(sha256, statement);
	crypto_make_signature(statement, strlen(statement), secret, signature);
	crypto_public_key(secret, public);
	key_text(KEY_BUNDLE, public, key);
	crypto_base64_encode(signature, sizeof(signature), text, sizeof(text));
	json_set_string(json, "signature", text);
	json_set_string(json, "key", key);
	line = json_text(json);
	json_free(json);
	if (line == NULL)
		return FG_ERR_NOMEM;
	r = text_format(ret_line, BUNDLE_SEAL_MAX, "%s\n", line);
	free(line);
	return r;
}

/* The last line; NULL if it cannot be one. */
static struct json *
parse_seal(const char *bytes, size_t len, struct bundle_seal *ret_seal)
{
	const char *before;

	if (len == 0 || bytes[len - 1] != '\n' ||
	    (before = memrchr(bytes, '\n', len - 1)) == NULL)
		return NULL;
	ret_seal->len = (size_t)(before - bytes) + 1;
	if (len - ret_seal->len >= BUNDLE_SEAL_MAX)
		return NULL;
	return json_parse(before + 1, len - 1 - ret_seal->len);
}

static int
read_seal(const char *bytes, size_t len, struct bundle_seal *seal,
    uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
	struct json *json = parse_seal(bytes, len, seal);
	const char *text = json_get_string(json, "signature", "");
	int r = FG_ERR_FORMAT;
	size_t n;

	if (json_members(json) == 2 &&
	    crypto_base64_decode(text, strlen(text), ret_signature,
		CRYPTO_SIGNATURE_SIZE, &n) == 0 &&
	    n == CRYPTO_SIGNATURE_SIZE &&
	    strlen(json_get_string(json, "key", "")) == KEY_TEXT_SIZE - 1) {
		memcpy(seal->key, json_get_string(json, "key", ""),
		    sizeof(seal->key));
		r = 0;
	}
	json_free(json);
	return r;
}

int
bundle_seal_check(const char *bytes, size_t len, const char *const *keys,
    size_t n, struct bundle_seal *ret_seal)
{
	uint8_t public[CRYPTO_KEY_SIZE], signature[CRYPTO_SIGNATURE_SIZE];
	char statement[STATEMENT_SIZE];
	size_t i;
	int r;

	memset(ret_seal, 0, sizeof(*ret_seal));
	if ((r = read_seal(bytes, len, ret_seal, signature)) != 0)
		return r;
	for (i = 0; i < n; i++)
		if (strcmp(keys[i], ret_seal->key) == 0)
			break;
	if (i == n || key_parse(KEY_BUNDLE, keys[i], public) != 0)
		return FG_ERR_PEER;
	crypto_sha256_hex(bytes, ret_seal->len, ret_seal->sha256);
	make_statement(ret_seal->sha256, statement);
	return crypto_check_signature(statement, strlen(statement), public,
		   signature) ?
	    0 :
	    FG_ERR_UNSAFE;
}
