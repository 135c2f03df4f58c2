/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The secret key as its file has it, and as it is computed with.
 */
#include "policyd/key_file.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "proto/result.h"

struct key_file {
	const struct key_file_form *form;
	char text[KEY_SECRET_SIZE];
	uint8_t secret[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
	bool known;
};

/* All keys of one kind have texts of one length. */
static size_t
length_of_text(enum key_kind kind)
{
	const uint8_t none[CRYPTO_KEY_SIZE] = { 0 };
	char text[KEY_SECRET_SIZE];

	key_secret_text(kind, none, text);
	return strlen(text);
}

static struct secret_file
file_in(const struct key_file_form *form, const char *folder,
    char why[SECRET_FILE_WHY_SIZE])
{
	why[0] = '\0';
	return (struct secret_file){ .folder = folder,
		.name = form->name,
		.fresh = form->fresh,
		.size = length_of_text(form->kind),
		.lost = form->lost,
		.exposed = form->exposed,
		.why = why };
}

/* What the file had, or what was drawn. */
static int
take_text(struct key_file *key)
{
	enum key_kind kind = key->form->kind;
	int r;

	if (strlen(key->text) != length_of_text(kind))
		r = FG_ERR_FORMAT;
	else
		r = key_secret_parse(kind, key->text, key->secret);
	crypto_wipe(key->text, sizeof(key->text));
	if (r != 0)
		return r;
	key_public(kind, key->secret, key->public);
	key->known = true;
	return 0;
}

static int
load(const struct secret_file *file, struct key_file *key)
{
	int r;

	assert(file->size < sizeof(key->text)); /* which is zero */
	if ((r = secret_file_load(file, key->text)) == FG_ERR_NOT_FOUND)
		return 0;
	if (r == 0 && (r = take_text(key)) != 0)
		r = secret_file_refuse(file, r, key->form->other);
	return r;
}

int
key_file_open(const struct key_file_form *form, const char *folder,
    struct key_file **ret_key, char ret_why[SECRET_FILE_WHY_SIZE])
{
	const struct secret_file file = file_in(form, folder, ret_why);
	struct key_file *key;
	int r;

	*ret_key = NULL;
	if ((key = crypto_secret_new(sizeof(*key))) == NULL)
		return secret_file_refuse(&file, FG_ERR_NOMEM,
		    "cannot be read: no memory");
	key->form = form;
	if ((r = load(&file, key)) == 0)
		*ret_key = key;
	else
		key_file_free(key);
	return r;
}

void
key_file_free(struct key_file *key)
{
	int saved = errno;

	crypto_secret_end(key, sizeof(*key));
	errno = saved;
}

int
key_file_make(struct key_file *key, const char *folder,
    char ret_why[SECRET_FILE_WHY_SIZE])
{
	const struct secret_file file = file_in(key->form, folder, ret_why);
	int r;

	if (key->known)
		return 0;
	if ((r = crypto_random_try(key->secret, sizeof(key->secret))) != 0)
		return secret_file_refuse(&file, r,
		    "cannot be made: the kernel gives no randomness");
	key_secret_text(key->form->kind, key->secret, key->text);
	if ((r = secret_file_make(&file, key->text)) == 0)
		r = take_text(key);
	crypto_wipe(key->text, sizeof(key->text));
	if (r != 0)
		crypto_wipe(key->secret, sizeof(key->secret));
	return r;
}

const uint8_t *
key_file_secret(const struct key_file *key)
{
	return key != NULL && key->known ? key->secret : NULL;
}

const uint8_t *
key_file_public(const struct key_file *key)
{
	return key != NULL && key->known ? key->public : NULL;
}
