/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the store of assets share, for policyd/store alone.
 */
#ifndef FG_STORE_ASSET_PARTS_H
#define FG_STORE_ASSET_PARTS_H

#include "policyd/store/store_asset.h"
#include "policyd/store/store_parts.h"

/* ---- store_asset_row.c: an asset as a row, and its names ---- */

#define STORE_ASSET_COLUMNS 15

/* The columns of the lists, joined; bound as long as the query runs. */
struct store_asset_row {
	char		 users[ASSET_USERS_MAX * (FG_USER_MAX + 1) + 1];
	char		 ids[HWIDS_MAX * (HWID_TEXT_MAX + 4) + 1];
	char		 keys[ASSET_KEYS_MAX * (PERSON_KEY_MAX + 1) + 1];
};

/* FG_ERR_FORMAT if the asset could not be read back as it is. */
int	store_asset_row_make(const struct asset *asset,
	    struct store_asset_row *ret_row);
/* Binds parameters 1 to STORE_ASSET_COLUMNS. */
void	store_asset_row_bind(struct store_query *q, const struct asset *asset,
	    const struct store_asset_row *row);
/*
 * Reads the current row, with the tag by which it was found in the column
 * behind the others; errors are the query's.
 */
void	store_asset_row_read(struct store_query *q, struct asset *ret_asset);

/*
 * By what an asset is found, kind as in the table: the tag and the device key,
 * which are nobody else's; hardware IDs, in their order, and SSH keys; then
 * whatever there is. fn returns non-zero to stop, which is returned; the name
 * is borrowed until it returns.
 */
typedef int (*store_asset_name_fn)(int kind, const char *name, void *arg);
int	store_asset_names(const struct asset *asset, store_asset_name_fn fn,
	    void *arg);

/* A place as a name: the letters of ASCII are made small. 0 or FG_ERR_LIMIT. */
int	store_asset_shipped_name(const char *place,
	    char ret_name[ASSET_PLACE_MAX + 1]);

/* ---- store_asset.c ---- */

/*
 * This database was begun after another one was lost that had assets, and has
 * had no import of them yet.
 */
int	store_assets_have_lost(struct store *store, bool *ret_lost);
/* Sets .assets and .assets_lost; .older is set. */
int	store_assets_look(struct store *store, struct store_outline *outline);

/* ---- store_asset_import.c ---- */

struct store_asset_import {
	struct store	*store;
	struct store_db	*stage;		/* a file of its own */
	int64_t		 assets;
	int64_t		 line;		/* of the last one */
	int64_t		 generation;	/* in the store; 0: not there yet */
	int64_t		 rows, copied;	/* of assets and names */
	store_asset_done_fn done;	/* or NULL */
	void		*done_arg;
	bool		 committed;
	int		 failed;	/* after this it cannot be whole */
	struct store_asset_row row;
};

#endif
