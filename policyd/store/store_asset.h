/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inventory of assets: one whole generation is in force, as with people,
 * and apart from theirs. Errors are store.h's. Whether there is one at all, or
 * one was lost, is in its outline; an asset that is found by what it does not
 * have is damage (FG_ERR_FORMAT), as is a device key that two have.
 */
#ifndef FG_STORE_ASSET_H
#define FG_STORE_ASSET_H

#include "policyd/device/asset.h"
#include "policyd/store/store.h"

/* Assets of the generation in force, 0 without an inventory of them. */
int	store_assets_count(struct store *store, size_t *ret_n);
/* Another number after each import, and since when. FG_ERR_NOT_FOUND: none. */
int	store_assets_generation(struct store *store, uint64_t *ret_generation,
	    int64_t *ret_at_s);

/* FG_ERR_NOT_FOUND: there is none with this tag, or device key. */
int	store_asset_by_tag(struct store *store, const char *tag,
	    struct asset *ret_asset);
int	store_asset_by_device_key(struct store *store, const char *key,
	    struct asset *ret_asset);
/* The tag of one whose tag differs in the case of its letters alone, which
 * takes a look at all. FG_ERR_NOT_FOUND: there is none. */
int	store_asset_alike(struct store *store, const char *tag,
	    char ret_tag[ASSET_TAG_MAX + 1]);

/*
 * All of those of a person, of an SSH key, or with this hardware ID, in the
 * order of their tags; fn returns non-zero to stop. None is no error. The asset
 * is valid until fn returns, which may ask for one by its tag or device key,
 * and not for others by a name.
 */
typedef int (*store_asset_fn)(const struct asset *asset, void *arg);
int	store_assets_of_user(struct store *store, const char *user,
	    store_asset_fn fn, void *arg);
int	store_assets_of_key(struct store *store, const char *key,
	    store_asset_fn fn, void *arg);
int	store_assets_of_hwid(struct store *store, const struct hwid *hwid,
	    store_asset_fn fn, void *arg);
int	store_assets_each(struct store *store, store_asset_fn fn, void *arg);

/*
 * Addresses to which at least so many assets that are issued were shipped, the
 * most first, without regard to the case of ASCII's letters. place is as the
 * first one has it, users how many people their first ones are; tags: at most
 * eight of them, separated by blanks. Both are borrowed until fn returns.
 */
typedef int (*store_shipped_fn)(const char *place, size_t assets,
	    size_t users, const char *tags, void *arg);
int	store_assets_shipped(struct store *store, size_t at_least,
	    store_shipped_fn fn, void *arg);

/*
 * How many other people have an asset that is issued and was shipped there; of
 * each asset the first of its users counts.
 */
int	store_assets_shipped_beside(struct store *store, const char *place,
	    const char *user, size_t *ret_people);

/*
 * An import, as one of people (store.h), of whom there is one at a time with
 * these together. line is where the asset is in its file, greater each time.
 * Two assets with one tag, or else with one device key: FG_ERR_LIMIT, and
 * ret_other is the first one; that, and an asset that could not be read back
 * (FG_ERR_FORMAT), leaves the import as it was; any other error ends it. A
 * hardware ID or SSH key that others have is no error: ret_other is one of
 * them, and .kind says which (HWID_NONE: an SSH key).
 */
struct store_asset_import;
struct store_asset_other {
	char		 tag[ASSET_TAG_MAX + 1];	/* "": nobody has any */
	uint32_t	 line;
	enum hwid_kind	 kind;
	/* Whose tag differs in the case of its letters alone; or "". */
	char		 alike[ASSET_TAG_MAX + 1];
};
int	store_asset_import_begin(struct store *store,
	    struct store_asset_import **ret_import);
int	store_asset_import_add(struct store_asset_import *import,
	    const struct asset *asset, uint32_t line,
	    struct store_asset_other *ret_other);
/* In the order of the tags; borrowed. Of one that changed fields names what
 * differs, separated by blanks, and old and new are there; else it is "", and
 * they are NULL, as for one in force that cannot be read. */
struct store_asset_change {
	char		 what;	/* 'A' added, 'C' changed, 'R' removed */
	const char	*tag;
	const char	*fields;
	const struct asset *old, *new;
};
typedef int (*store_asset_change_fn)(const struct store_asset_change *change,
	    void *arg);
int	store_asset_import_changes(struct store_asset_import *import,
	    store_asset_change_fn fn, void *arg);
/* Have fn told now and then how much of the commit is done, below 100. */
typedef void (*store_asset_done_fn)(unsigned int percent, void *arg);
void	store_asset_import_watch(struct store_asset_import *import,
	    store_asset_done_fn fn, void *arg);
/* Of an older copy of the database (store.h) it settles nothing else. */
int	store_asset_import_commit(struct store_asset_import *import);
void	store_asset_import_free(struct store_asset_import *import); /* aborts */

#endif
