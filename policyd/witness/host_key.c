/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The secret key as its file has it, and as it is computed with.
 */
#include "policyd/witness/host_key.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "proto/result.h"

struct host_key {
	char text[KEY_SECRET_SIZE];
	uint8_t secret[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
	bool known;
};

#define LOST                                                               \
	"put it back from a backup, or remove it, restart the daemon and " \
	"give each laptop the section that farmgatectl enrol host prints then"

/* All keys of this kind have texts of one length. */
static size_t
length_of_text(void)
{
	const uint8_t none[CRYPTO_KEY_SIZE] = { 0 };
	char text[KEY_SECRET_SIZE];

	key_secret_text(KEY_HOST, none, text);
	return strlen(text);
}

static struct secret_file
file_in(const char *folder, char why[HOST_KEY_WHY_SIZE])
{
	return (struct secret_file){ .folder = folder,
		.name = HOST_KEY_FILE,
		.fresh = HOST_KEY_FILE ".new",
		.size = length_of_text(),
		.lost = LOST,
		.exposed = "remove it, restart the daemon and give each "
			   "laptop the section that farmgatectl enrol host "
			   "prints then",
		.why = why };
}

/* What the file had, or what was drawn. */
static int
take_text(struct host_key *key)
{
	int r;

	if (strlen(key->text) != length_of_text())
		r = FG_ERR_FORMAT;
	else
		r = key_secret_parse(KEY_HOST, key->text, key->secret);
	crypto_wipe(key->text, sizeof(key->text));
	if (r != 0)
		return r;
	key_public(KEY_HOST, key->secret, key->public);
	key->known = true;
	return 0;
}

static int
load(const struct secret_file *file, struct host_key *key)
{
	int r;

	assert(file->size < sizeof(key->text)); /* which is zero */
	if ((r = secret_file_load(file, key->text)) == FG_ERR_NOT_FOUND)
		return 0;
	if (r == 0 && (r = take_text(key)) != 0)
		r = secret_file_refuse(file, r, "is no jump host's key; " LOST);
	return r;
}

int
host_key_open(const char *folder, struct host_key **ret_key,
    char ret_why[HOST_KEY_WHY_SIZE])
{
	const struct secret_file file = file_in(folder, ret_why);
	struct host_key *key;
	int r;

	*ret_key = NULL;
	ret_why[0] = '\0';
	if ((key = crypto_secret_new(sizeof(*key))) == NULL)
		r = secret_file_refuse(&file, FG_ERR_NOMEM,
		    "cannot be read: no memory");
	else
		r = load(&file, key);
	if (r == 0)
		*ret_key = key;
	else
		host_key_free(key);
	return r;
}

void
host_key_free(struct host_key *key)
{
	int saved = errno;

	crypto_secret_end(key, sizeof(*key));
	errno = saved;
}

int
host_key_make(struct host_key *key, const char *folder,
    char ret_why[HOST_KEY_WHY_SIZE])
{
	const struct secret_file file = file_in(folder, ret_why);
	int r;

	ret_why[0] = '\0';
	if (key->known)
		return 0;
	if ((r = crypto_random_try(key->secret, sizeof(key->secret))) != 0)
		return secret_file_refuse(&file, r,
		    "cannot be made: the kernel gives no randomness");
	key_secret_text(KEY_HOST, key->secret, key->text);
	if ((r = secret_file_make(&file, key->text)) == 0)
		r = take_text(key);
	crypto_wipe(key->text, sizeof(key->text));
	if (r != 0)
		crypto_wipe(key->secret, sizeof(key->secret));
	return r;
}

const uint8_t *
host_key_secret(const struct host_key *key)
{
	return key != NULL && key->known ? key->secret : NULL;
}

const uint8_t *
host_key_public(const struct host_key *key)
{
	return key != NULL && key->known ? key->public : NULL;
}
