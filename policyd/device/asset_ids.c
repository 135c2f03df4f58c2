/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hardware IDs of an asset, whose fields are one kind each. Only disks and
 * network cards may be several.
 */
#include <string.h>

#include "policyd/device/asset_parts.h"
#include "policyd/people/cell.h"
#include "proto/result.h"

/* What is wrong with an ID, and how to mend it. */
struct whys {
	const char *form;
	const char *too_long;
	const char *formula;
};

static const struct whys serial = {
	.form = "has other characters than ASCII's; write the serial number "
		"as dmidecode shows it",
	.too_long = "is longer than 64 bytes; write the serial number alone",
	.formula = "begins with '=', '+', '-' or '@', as a formula does; "
		   "write the serial number alone",
};
static const struct whys disks = {
	.form = "has other characters than ASCII's; write serial numbers as "
		"lsblk shows them, separated by ';'",
	.too_long = "has one longer than 64 bytes; write serial numbers alone, "
		    "separated by ';'",
	.formula = "has one that begins with '=', '+', '-' or '@', as a "
		   "formula does; write serial numbers alone",
};
/* These have digits only, and as many as they have to. */
static const struct whys uuid = {
	.form = "is no UUID; write 32 hexadecimal digits, such as "
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
};
static const struct whys macs = {
	.form = "has what is no MAC address; write ones such as "
		"00:00:5e:00:53:01, separated by blanks or ';'",
};
static const struct whys tpm = {
	.form = "is no hash of an endorsement key; write its SHA-256 as 64 "
		"hexadecimal digits",
};

static const struct {
	const char *field;
	const char *separators; /* "": there is one only */
	const struct whys *whys;
} kinds[HWID_KINDS] = {
	[HWID_NONE] = { "", "", NULL }, /* one of another field */
	[HWID_TPM] = { "tpm_ek", "", &tpm },
	[HWID_BOARD] = { "board_serial", "", &serial },
	[HWID_DISK] = { "disk_serials", ";", &disks },
	[HWID_UUID] = { "uuid", "", &uuid },
	[HWID_SERIAL] = { "serial", "", &serial },
	[HWID_CHASSIS] = { "chassis_serial", "", &serial },
	[HWID_MAC] = { "macs", CELL_BLANKS ";", &macs },
};

enum hwid_kind
asset_field_kind(const char *field)
{
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (strcmp(field, kinds[kind].field) == 0)
			return kind;
	return HWID_NONE;
}

bool
asset_next_id(enum hwid_kind kind, const char **text,
    char item[ASSET_FIELD_MAX])
{
	const char *separators = kinds[kind].separators;
	size_t len;

	*text += strspn(*text, CELL_BLANKS);
	while (**text != '\0' && strchr(separators, **text) != NULL)
		*text += 1 + strspn(*text + 1, CELL_BLANKS);
	len = strcspn(*text, separators);
	if (len == 0 || len >= ASSET_FIELD_MAX)
		return false;
	memcpy(item, *text, len);
	*text += len;
	while (strchr(CELL_BLANKS, item[len - 1]) != NULL)
		len--;
	item[len] = '\0';
	return true;
}

static void
remove_ids(struct hwids *ids, enum hwid_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < ids->n; i++)
		if (ids->list[i].kind != kind)
			ids->list[n++] = ids->list[i];
	memset(&ids->list[n], 0, (ids->n - n) * sizeof(ids->list[0]));
	ids->n = n;
}

/* Why it is none, or none to keep; NULL if it is one. */
static const char *
why_not(const struct whys *whys, int made, const struct hwid *id)
{
	if (made == FG_ERR_LIMIT && whys->too_long != NULL)
		return whys->too_long;
	if (made != 0)
		return whys->form;
	return cell_is_formula(id->text) ? whys->formula : NULL;
}

/* *ret_why keeps the first reason why one was left out. */
static int
add_id(struct hwids *ids, enum hwid_kind kind, const char *item,
    const char **ret_why)
{
	const char *nothing, *why;
	struct hwid id;
	int r = hwid_make(kind, item, &id, &nothing);

	if (r == FG_ERR_NOT_FOUND) {
		if (*ret_why == NULL)
			*ret_why = nothing;
		return 0;
	}
	if ((why = why_not(kinds[kind].whys, r, &id)) != NULL) {
		*ret_why = why;
		return r != 0 ? r : FG_ERR_FORMAT;
	}
	if (hwids_add(ids, &id) != 0)
		return cell_too_long("has more than 8; write those that are "
				     "built in",
		    ret_why);
	return 0;
}

int
asset_set_ids(struct asset *asset, enum hwid_kind kind, const char *text,
    const char **ret_why)
{
	char item[ASSET_FIELD_MAX];
	int r;

	*ret_why = NULL;
	remove_ids(&asset->ids, kind);
	while (asset_next_id(kind, &text, item)) {
		if ((r = add_id(&asset->ids, kind, item, ret_why)) != 0) {
			remove_ids(&asset->ids, kind);
			return r;
		}
	}
	return 0;
}

void
asset_get_ids(const struct asset *asset, enum hwid_kind kind,
    char buf[ASSET_FIELD_MAX])
{
	const char *separator = kind == HWID_DISK ? "; " : " ";
	const struct hwids *ids = &asset->ids;

	for (size_t i = 0; i < ids->n; i++)
		if (ids->list[i].kind == kind)
			cell_list_append(buf, ASSET_FIELD_MAX, separator,
			    ids->list[i].text);
}
