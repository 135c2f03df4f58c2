/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key is read or made, never replaced: what was sealed with it is worth
 * nothing without it.
 */
#include "policyd/stepup/keyring.h"

#include <errno.h>
#include <string.h>

#include "policyd/crypto.h"
#include "proto/result.h"

struct keyring {
	uint8_t key[CRYPTO_KEY_SIZE];
	uint8_t seed[TOTP_SEED_MAX];
	size_t len; /* of the seed; 0: there is none */
};

/* ---- the file ----------------------------------------------------------- */

#define LOST                                                         \
	"put it back from a backup, or remove everybody's codes by " \
	"farmgatectl totp remove, restart the daemon and enrol them anew"

/* It is on the disk before anything is sealed with it. */
static int
make(const struct secret_file *file, struct keyring *keyring)
{
	crypto_random(keyring->key, CRYPTO_KEY_SIZE);
	return secret_file_make(file, keyring->key);
}

static int
load_or_make(const struct secret_file *file, bool enrolled,
    struct keyring *keyring)
{
	int r = secret_file_load(file, keyring->key);

	if (r != FG_ERR_NOT_FOUND)
		return r;
	if (enrolled)
		return secret_file_refuse(file, FG_ERR_NOT_FOUND,
		    "is missing, and the codes of those who are enrolled were "
		    "sealed with it; " LOST);
	return make(file, keyring);
}

int
keyring_open(const char *folder, bool enrolled, struct keyring **ret_keyring,
    char ret_why[KEYRING_WHY_SIZE])
{
	const struct secret_file file = { .folder = folder,
		.name = KEYRING_FILE,
		.fresh = KEYRING_FILE ".new",
		.size = CRYPTO_KEY_SIZE,
		.lost = LOST,
		.exposed = "enrol everybody anew",
		.why = ret_why };
	struct keyring *keyring;
	int r;

	*ret_keyring = NULL;
	ret_why[0] = '\0';
	if ((keyring = crypto_secret_new(sizeof(*keyring))) == NULL)
		r = secret_file_refuse(&file, FG_ERR_NOMEM,
		    "cannot be read: no memory");
	else
		r = load_or_make(&file, enrolled, keyring);
	if (r == 0)
		*ret_keyring = keyring;
	else
		keyring_free(keyring);
	return r;
}

void
keyring_free(struct keyring *keyring)
{
	int saved = errno;

	crypto_secret_end(keyring, sizeof(*keyring));
	errno = saved;
}

/* ---- a seed ------------------------------------------------------------- */

void
keyring_wipe(struct keyring *keyring)
{
	crypto_wipe(keyring->seed, sizeof(keyring->seed));
	keyring->len = 0;
}

const uint8_t *
keyring_new_seed(struct keyring *keyring, size_t len)
{
	keyring_wipe(keyring);
	keyring->len = len < TOTP_SEED_MAX ? len : TOTP_SEED_MAX;
	crypto_random(keyring->seed, keyring->len);
	return keyring->seed;
}

int
keyring_unseal(struct keyring *keyring, const char *sealed,
    const uint8_t **ret_seed, size_t *ret_len)
{
	uint8_t bytes[TOTP_SEED_MAX + CRYPTO_SEAL_EXTRA];
	size_t len;

	*ret_seed = NULL;
	*ret_len = 0;
	keyring_wipe(keyring);
	if (crypto_base64_decode(sealed, strlen(sealed), bytes, sizeof(bytes),
		&len) != 0 ||
	    len <= CRYPTO_SEAL_EXTRA ||
	    crypto_unseal(bytes, len, keyring->key, keyring->seed) != 0)
		return FG_ERR_FORMAT;
	keyring->len = len - CRYPTO_SEAL_EXTRA;
	*ret_seed = keyring->seed;
	*ret_len = keyring->len;
	return 0;
}

void
keyring_seal(const struct keyring *keyring,
    char ret_sealed[KEYRING_SEALED_SIZE])
{
	uint8_t bytes[TOTP_SEED_MAX + CRYPTO_SEAL_EXTRA];

	crypto_seal(keyring->seed, keyring->len, keyring->key, bytes);
	crypto_base64_encode(bytes, keyring->len + CRYPTO_SEAL_EXTRA,
	    ret_sealed, KEYRING_SEALED_SIZE);
}
