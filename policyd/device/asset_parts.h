/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of one asset share, and nobody else needs. A setter empties
 * its field, then fills it from text, which is valid UTF-8 without blanks at
 * its ends; an empty one is no error. Setters and texts are as asset_set()
 * says, a getter's as asset_get() does: buf is "" before.
 */
#ifndef FG_ASSET_PARTS_H
#define FG_ASSET_PARTS_H

#include <stdbool.h>

#include "policyd/device/asset.h"

/* asset_fields.c */
int	asset_set_tag(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_users(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_vendor(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_model(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_form(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_device_key(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_ssh_keys(struct asset *asset, const char *text,
	    const char **ret_why);
void	asset_get_users(const struct asset *asset, char buf[ASSET_FIELD_MAX]);
void	asset_get_ssh_keys(const struct asset *asset,
	    char buf[ASSET_FIELD_MAX]);

/* asset_status.c */
int	asset_set_status(struct asset *asset, const char *text,
	    const char **ret_why);

/* asset_place.c */
int	asset_set_location(struct asset *asset, const char *text,
	    const char **ret_why);
int	asset_set_shipped_to(struct asset *asset, const char *text,
	    const char **ret_why);

/* ---- asset_ids.c ---- */

/* The IDs of one kind; one that identifies nothing is left out. */
int	asset_set_ids(struct asset *asset, enum hwid_kind kind,
	    const char *text, const char **ret_why);
void	asset_get_ids(const struct asset *asset, enum hwid_kind kind,
	    char buf[ASSET_FIELD_MAX]);

/* The kind of ID that a field has; HWID_NONE: none. */
enum hwid_kind	asset_field_kind(const char *field);
/*
 * Copy the next of what is in *text, of at most ASSET_FIELD_MAX bytes, and move
 * *text behind it. Returns false at the end.
 */
bool	asset_next_id(enum hwid_kind kind, const char **text,
	    char item[ASSET_FIELD_MAX]);

#endif
