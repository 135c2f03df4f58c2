/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of the inventory of assets as a value: its fields by name, and
 * what has to hold between them.
 */
#include "policyd/device/asset.h"

#include <string.h>

#include "policyd/device/asset_parts.h"
#include "policyd/people/cell.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef int (*asset_set_fn)(struct asset *asset, const char *text,
    const char **ret_why);

/* Without a setter it is a field of IDs. */
static const struct {
	const char *name;
	asset_set_fn set;
} fields[] = {
	{ "asset_tag", asset_set_tag },
	{ "user", asset_set_users },
	{ "vendor", asset_set_vendor },
	{ "model", asset_set_model },
	{ "form", asset_set_form },
	{ "status", asset_set_status },
	{ "serial", NULL },
	{ "uuid", NULL },
	{ "board_serial", NULL },
	{ "chassis_serial", NULL },
	{ "disk_serials", NULL },
	{ "macs", NULL },
	{ "tpm_ek", NULL },
	{ "device_key", asset_set_device_key },
	{ "ssh_keys", asset_set_ssh_keys },
	{ "location", asset_set_location },
	{ "shipped_to", asset_set_shipped_to },
};

const char *const asset_fields[] = { "asset_tag", "user", "vendor", "model",
	"form", "status", "serial", "uuid", "board_serial", "chassis_serial",
	"disk_serials", "macs", "tpm_ek", "device_key", "ssh_keys", "location",
	"shipped_to", NULL };

_Static_assert(COUNT(fields) + 1 == COUNT(asset_fields),
    "each field is set somewhere");
_Static_assert(ASSET_FIELD_MAX > ASSET_USERS_MAX * (FG_USER_MAX + 1) &&
	ASSET_FIELD_MAX > ASSET_KEYS_MAX * (PERSON_KEY_MAX + 1) &&
	ASSET_FIELD_MAX > HWIDS_EACH_MAX * (HWID_TEXT_MAX + 2),
    "each list fits");

void
asset_init(struct asset *ret_asset)
{
	memset(ret_asset, 0, sizeof(*ret_asset));
	ret_asset->form = ASSET_PHYSICAL;
	ret_asset->status = ASSET_ISSUED;
}

const char *
asset_form_name(enum asset_form form)
{
	switch (form) {
	case ASSET_PHYSICAL:
		return "physical";
	case ASSET_VIRTUAL:
		return "virtual";
	case ASSET_FORM_NONE:
		break;
	}
	return "none";
}

const char *
asset_status_name(enum asset_status status)
{
	switch (status) {
	case ASSET_ISSUED:
		return "issued";
	case ASSET_STOCK:
		return "stock";
	case ASSET_LOST:
		return "lost";
	case ASSET_RETIRED:
		return "retired";
	case ASSET_STATUS_NONE:
		break;
	}
	return "none";
}

/* COUNT(fields): there is none of that name. */
static size_t
find_field(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(fields); i++)
		if (strcmp(name, fields[i].name) == 0)
			break;
	return i;
}

static int
set_value(struct asset *asset, size_t i, const char *value,
    const char **ret_why)
{
	*ret_why = NULL;
	if (fields[i].set != NULL)
		return fields[i].set(asset, value, ret_why);
	return asset_set_ids(asset, asset_field_kind(fields[i].name), value,
	    ret_why);
}

int
asset_set(struct asset *asset, const char *field, const char *text,
    const char **ret_why)
{
	char value[ASSET_FIELD_MAX];
	size_t i = find_field(field);
	const char *why;
	int r;

	*ret_why = NULL;
	if (i == COUNT(fields)) {
		*ret_why = "is no field of an asset; see farmgate-assets(5)";
		return FG_ERR_NOT_FOUND;
	}
	if ((r = cell_take(text, value, sizeof(value), ret_why)) == 0)
		return set_value(asset, i, value, ret_why);
	(void)set_value(asset, i, "", &why); /* an empty one is no error */
	if (fields[i].set == asset_set_status)
		asset->status = ASSET_RETIRED;
	return r;
}

int
asset_finish(struct asset *asset, const char **ret_why)
{
	*ret_why = NULL;
	if (asset->tag[0] == '\0')
		return cell_wrong("asset_tag is missing; each asset needs the "
				  "tag that it is known by",
		    ret_why);
	return 0;
}

static void
get_value(const struct asset *asset, size_t i, char buf[ASSET_FIELD_MAX])
{
	asset_set_fn set = fields[i].set;
	const char *text = NULL;

	if (set == NULL)
		asset_get_ids(asset, asset_field_kind(fields[i].name), buf);
	else if (set == asset_set_users)
		asset_get_users(asset, buf);
	else if (set == asset_set_ssh_keys)
		asset_get_ssh_keys(asset, buf);
	else if (set == asset_set_tag)
		text = asset->tag;
	else if (set == asset_set_vendor)
		text = asset->vendor;
	else if (set == asset_set_model)
		text = asset->model;
	else if (set == asset_set_form)
		text = asset_form_name(asset->form);
	else if (set == asset_set_status)
		text = asset_status_name(asset->status);
	else if (set == asset_set_device_key)
		text = asset->device_key;
	else if (set == asset_set_location)
		text = asset->location.text;
	else if (set == asset_set_shipped_to)
		text = asset->shipped_to.text;
	if (text != NULL)
		(void)text_copy(buf, ASSET_FIELD_MAX, text);
}

const char *
asset_get(const struct asset *asset, const char *field,
    char buf[ASSET_FIELD_MAX])
{
	size_t i = find_field(field);

	buf[0] = '\0';
	if (i < COUNT(fields))
		get_value(asset, i, buf);
	return buf;
}

bool
asset_has_user(const struct asset *asset, const char *user)
{
	for (size_t i = 0; i < asset->nusers; i++)
		if (strcmp(asset->user[i], user) == 0)
			return true;
	return false;
}
