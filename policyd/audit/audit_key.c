/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The secret key as its file has it, and as it is computed with.
 */
#include "policyd/audit/audit_key.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "proto/result.h"

struct audit_key {
	char text[KEY_SECRET_SIZE];
	uint8_t secret[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
	bool is_new;
};

#define REMOVE                                                        \
	"remove it and restart the daemon, which makes another: the " \
	"anchors that it has signed stay what they are"

/* All keys of this kind have texts of one length. */
static size_t
length_of_text(void)
{
	const uint8_t none[CRYPTO_KEY_SIZE] = { 0 };
	char text[KEY_SECRET_SIZE];

	key_secret_text(KEY_AUDIT, none, text);
	return strlen(text);
}

static struct secret_file
file_in(const char *folder, char why[AUDIT_KEY_WHY_SIZE])
{
	return (struct secret_file){ .folder = folder,
		.name = AUDIT_KEY_FILE,
		.fresh = AUDIT_KEY_FILE ".new",
		.size = length_of_text(),
		.lost = "put it back from a backup, or " REMOVE,
		.exposed = REMOVE,
		.why = why };
}

static int
make(const struct secret_file *file, struct audit_key *key)
{
	int r;

	if ((r = crypto_random_try(key->secret, sizeof(key->secret))) != 0)
		return secret_file_refuse(file, r,
		    "cannot be made: the kernel gives no randomness");
	key->is_new = true;
	key_secret_text(KEY_AUDIT, key->secret, key->text);
	return secret_file_make(file, key->text);
}

static int
load_or_make(const struct secret_file *file, struct audit_key *key)
{
	int r;

	if ((r = secret_file_load(file, key->text)) == FG_ERR_NOT_FOUND)
		r = make(file, key);
	if (r != 0)
		return r;
	if (strlen(key->text) != file->size ||
	    key_secret_parse(KEY_AUDIT, key->text, key->secret) != 0)
		return secret_file_refuse(file, FG_ERR_FORMAT,
		    "is no audit key; put it back from a backup, or " REMOVE);
	key_public(KEY_AUDIT, key->secret, key->public);
	return 0;
}

int
audit_key_open(const char *folder, struct audit_key **ret_key,
    char ret_why[AUDIT_KEY_WHY_SIZE])
{
	const struct secret_file file = file_in(folder, ret_why);
	struct audit_key *key;
	int r;

	*ret_key = NULL;
	ret_why[0] = '\0';
	if ((key = crypto_secret_new(sizeof(*key))) == NULL)
		return secret_file_refuse(&file, FG_ERR_NOMEM,
		    "cannot be read: no memory");
	r = load_or_make(&file, key);
	crypto_wipe(key->text, sizeof(key->text));
	if (r == 0)
		*ret_key = key;
	else
		audit_key_free(key);
	return r;
}

void
audit_key_free(struct audit_key *key)
{
	int saved = errno;

	crypto_secret_end(key, sizeof(*key));
	errno = saved;
}

const uint8_t *
audit_key_secret(const struct audit_key *key)
{
	return key->secret;
}

const uint8_t *
audit_key_public(const struct audit_key *key)
{
	return key->public;
}

bool
audit_key_is_new(const struct audit_key *key)
{
	return key->is_new;
}
