/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of an asset that are neither IDs nor places. Whatever is not exactly
 * of its form is refused.
 */
#include <string.h>
#include <strings.h>

#include "policyd/device/asset_parts.h"
#include "policyd/key.h"
#include "policyd/people/cell.h"
#include "policyd/people/ssh_key.h"
#include "proto/result.h"

_Static_assert(KEY_TEXT_SIZE <= PERSON_KEY_MAX + 1, "a key has room");

int
asset_set_tag(struct asset *asset, const char *text, const char **ret_why)
{
	size_t len = strlen(text);

	memset(asset->tag, 0, sizeof(asset->tag));
	if (len > ASSET_TAG_MAX)
		return cell_too_long("is longer than 64 bytes; write the tag "
				     "that is on the machine",
		    ret_why);
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return cell_wrong("has a blank, or a character that "
					  "is not ASCII; write a tag such as "
					  "LT-0042",
			    ret_why);
	if (cell_is_formula(text))
		return cell_wrong("begins with '=', '+', '-' or '@', as a "
				  "formula does; write a tag such as LT-0042",
		    ret_why);
	memcpy(asset->tag, text, len);
	return 0;
}

static int
set_text(char buf[ASSET_TEXT_MAX + 1], const char *text, const char **ret_why)
{
	memset(buf, 0, ASSET_TEXT_MAX + 1);
	if (strlen(text) > ASSET_TEXT_MAX)
		return cell_too_long("is longer than 64 bytes; shorten it",
		    ret_why);
	if (!cell_is_visible(text))
		return cell_wrong("has a control character or one that is "
				  "not seen; type the name again, on one line",
		    ret_why);
	if (cell_is_formula(text))
		return cell_wrong("begins with '=', '+', '-' or '@', as a "
				  "formula does; write the name alone",
		    ret_why);
	memcpy(buf, text, strlen(text));
	return 0;
}

int
asset_set_vendor(struct asset *asset, const char *text, const char **ret_why)
{
	return set_text(asset->vendor, text, ret_why);
}

int
asset_set_model(struct asset *asset, const char *text, const char **ret_why)
{
	return set_text(asset->model, text, ret_why);
}

int
asset_set_form(struct asset *asset, const char *text, const char **ret_why)
{
	asset->form = ASSET_PHYSICAL;
	if (text[0] == '\0' ||
	    strcasecmp(text, asset_form_name(ASSET_PHYSICAL)) == 0)
		return 0;
	if (strcasecmp(text, asset_form_name(ASSET_VIRTUAL)) != 0)
		return cell_wrong("is no form of a machine; write physical "
				  "or virtual, or leave it empty",
		    ret_why);
	asset->form = ASSET_VIRTUAL;
	return 0;
}

int
asset_set_device_key(struct asset *asset, const char *text,
    const char **ret_why)
{
	uint8_t key[CRYPTO_KEY_SIZE];

	memset(asset->device_key, 0, sizeof(asset->device_key));
	if (text[0] == '\0')
		return 0;
	if (key_parse(KEY_DEVICE, text, key) != 0)
		return cell_wrong("is no key of a device; copy all 52 "
				  "characters of it, ed25519:...",
		    ret_why);
	key_text(KEY_DEVICE, key, asset->device_key);
	return 0;
}

/* ---- lists ---- */

int
asset_set_users(struct asset *asset, const char *text, const char **ret_why)
{
	const struct cell_list list = { asset->user[0], sizeof(asset->user[0]),
		ASSET_USERS_MAX, &asset->nusers, cell_check_account,
		"has a name longer than 256 bytes; separate users by blanks "
		"or ';'",
		"has more than 4 users; write those whom it was issued to" };

	return cell_list_set(&list, text, ret_why);
}

static const char *
check_key(char *item)
{
	if (strcmp(item, SSH_PRINCIPAL_PREFIX) == 0)
		return "has a principal without a name; write principal: and "
		       "its name without a blank between them";
	return cell_check_key(item);
}

int
asset_set_ssh_keys(struct asset *asset, const char *text, const char **ret_why)
{
	const struct cell_list list = { asset->key[0], sizeof(asset->key[0]),
		ASSET_KEYS_MAX, &asset->nkeys, check_key,
		"has a key longer than 80 bytes; write its fingerprint, "
		"SHA256:..., as ssh-keygen -l prints it",
		"has more than 8 keys; remove those that are not used" };

	return cell_list_set(&list, text, ret_why);
}

void
asset_get_users(const struct asset *asset, char buf[ASSET_FIELD_MAX])
{
	for (size_t i = 0; i < asset->nusers; i++)
		cell_list_append(buf, ASSET_FIELD_MAX, " ", asset->user[i]);
}

void
asset_get_ssh_keys(const struct asset *asset, char buf[ASSET_FIELD_MAX])
{
	for (size_t i = 0; i < asset->nkeys; i++)
		cell_list_append(buf, ASSET_FIELD_MAX, " ", asset->key[i]);
}
