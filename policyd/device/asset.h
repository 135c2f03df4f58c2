/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of the inventory of assets: a machine that was issued, to whom,
 * and what identifies it. A value without pointers. Only the tag is required;
 * what is empty makes no rule. Assets come from a CSV file (asset_csv.c), live
 * in the store, and are shown as JSON (asset_json.c).
 */
#ifndef FG_ASSET_H
#define FG_ASSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/device/hwid.h"
#include "policyd/people/person.h"

#define ASSET_TAG_MAX		64u	/* printable ASCII, no blanks */
#define ASSET_USERS_MAX		4u
#define ASSET_TEXT_MAX		64u	/* vendor, model; UTF-8 */
#define ASSET_KEYS_MAX		8u
#define ASSET_PLACE_MAX		PERSON_HOME_MAX

enum asset_form {
	ASSET_FORM_NONE = 0,
	ASSET_PHYSICAL,		/* also where nothing is said */
	ASSET_VIRTUAL		/* a virtual machine was issued */
};

/* Only what is issued may be logged in with. */
enum asset_status {
	ASSET_STATUS_NONE = 0,
	ASSET_ISSUED,
	ASSET_STOCK,		/* nobody's yet, or no more */
	ASSET_LOST,		/* lost or stolen */
	ASSET_RETIRED		/* broken, sold, thrown away */
};

struct asset_place {
	char		 text[ASSET_PLACE_MAX + 1];	/* as written; "" */
	bool		 has_point;
	double		 latitude;	/* degrees, north and east positive */
	double		 longitude;
};

struct asset {
	char		 tag[ASSET_TAG_MAX + 1];
	enum asset_form	 form;
	enum asset_status status;
	size_t		 nusers;	/* the people's entries, by user */
	char		 user[ASSET_USERS_MAX][FG_USER_MAX + 1];
	char		 vendor[ASSET_TEXT_MAX + 1];
	char		 model[ASSET_TEXT_MAX + 1];
	struct hwids	 ids;
	/* "ed25519:..." of farmgatectl enrol; "" where there is none. */
	char		 device_key[PERSON_KEY_MAX + 1];
	/* SSH keys that are used from it: "SHA256:...", a certificate's key
	 * id, or "principal:NAME" of a certificate. */
	size_t		 nkeys;
	char		 key[ASSET_KEYS_MAX][PERSON_KEY_MAX + 1];
	struct asset_place location;	/* where it is expected to be */
	struct asset_place shipped_to;
};

/* An empty, issued, physical asset. */
void		 asset_init(struct asset *ret_asset);

/*
 * Set one field from its text, as a column of the file has it: "asset_tag",
 * "user", "vendor", "model", "form", "status", "serial", "uuid",
 * "board_serial", "chassis_serial", "disk_serials", "macs", "tpm_ek",
 * "device_key", "ssh_keys", "location", "shipped_to", in any order. Lists are
 * separated by blanks or ';' (disk serial numbers by ';' alone). An ID that
 * identifies nothing (hwid.h) is left out: 0 is returned, and *ret_why says
 * why, which is NULL otherwise. A location that is a city has no point yet.
 * No value begins as a formula of a spreadsheet does. On error the field is
 * empty (a status: retired), and *ret_why says what is wrong and how to mend
 * it, without the value; static.
 * Returns 0, FG_ERR_FORMAT, FG_ERR_LIMIT, or FG_ERR_NOT_FOUND for a field that
 * does not exist.
 */
int		 asset_set(struct asset *asset, const char *field,
		    const char *text, const char **ret_why);

/* What only shows when all fields are there. Returns as asset_set(). */
int		 asset_finish(struct asset *asset, const char **ret_why);

/* A field in the form that asset_set() takes. Returns buf. */
#define ASSET_FIELD_MAX 1400u
const char	*asset_get(const struct asset *asset, const char *field,
		    char buf[ASSET_FIELD_MAX]);

/* The fields in the order of the columns, NULL-terminated. */
extern const char *const asset_fields[];

bool		 asset_has_user(const struct asset *asset, const char *user);

const char	*asset_form_name(enum asset_form form);		/* static */
const char	*asset_status_name(enum asset_status status);	/* static */

#endif
