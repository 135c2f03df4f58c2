/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of assets, for policyd/control alone.
 */
#ifndef FG_CONTROL_ASSET_H
#define FG_CONTROL_ASSET_H

#include "policyd/control/control_parts.h"
#include "policyd/device/asset.h"
#include "policyd/key.h"
#include "policyd/people/csv_table.h"
#include "policyd/store/store_asset.h"

#define CONTROL_ASSETS_MAX	(768u * 1024u * 1024u)	/* bytes of an import */

/* control_asset_import.c */
bool	control_asset_import_check(struct control_job *job);
void	control_asset_import(struct control_job *job);

/*
 * control_asset_warn.c, in the worker: what an import means for logins on this
 * machine, before it is in force. What is seen of the file's assets:
 */
struct control_asset_news {
	uint64_t	 keyed;		/* people's, issued, with SSH keys */
	bool		 has_own;	/* .own: this machine's */
	struct asset	 own;
};
struct control_asset_warner {
	csv_table_fn	 warn;		/* line 0: of none */
	void		*arg;
};
/*
 * control_asset_change.c: what it changes, of which each is seen. Judged, it is
 * false if assets that were lost or retired would be given back, unless that is
 * what restore says.
 */
#define CONTROL_ASSET_NAMED 5u	/* of those that are given back */
struct control_asset_changes {
	uint64_t	 added, changed, removed;
	uint64_t	 restored;	/* that were lost or retired */
	uint64_t	 bared;		/* that had a user, and have none */
	char		 back[CONTROL_ASSET_NAMED * (ASSET_TAG_MAX + 1) + 1];
};
void	control_asset_change_see(struct control_asset_changes *changes,
	    const struct store_asset_change *change);
struct json *control_asset_change_json(const struct store_asset_change *change);
/* The same for the record: its users if these are other ones now, no more. */
struct json *control_asset_change_named(
	    const struct store_asset_change *change);
bool	control_asset_change_judge(const struct control_asset_changes *changes,
	    bool restore, const struct control_asset_warner *warner,
	    char ret_problem[CONTROL_PROBLEM_MAX]);
/* The first that are given back, as objects with a name. */
void	control_asset_change_names(const struct control_asset_changes *changes,
	    struct json *list);

void	control_asset_see(struct control_asset_news *news,
	    const struct conf *conf, const struct asset *asset);
/* Whom it was issued to and the inventory of people does not have, where there
 * is one; and what is said when all have been seen. Return 0, or the store's
 * error. */
int	control_asset_warn_users(struct store *store, const struct conf *conf,
	    const struct asset *asset, unsigned long line,
	    const struct control_asset_warner *warner);
int	control_asset_warn(const struct control_asset_news *news,
	    const struct control_job *job, struct store *store,
	    const struct control_asset_warner *warner);
/* Before the first import of people, by whom assets begin to be somebody's. */
int	control_asset_warn_people(const struct control_job *job,
	    struct store *store, const struct control_asset_warner *warner);
/* The same of this machine, as strings for a report. */
void	control_asset_warn_reloaded(const struct daemon *daemon,
	    struct json *list);

/*
 * control_asset_key.c: the key that is enrolled for an asset, if the inventory
 * has another one, or "". A warning of that; and all of them, in the order of
 * their tags, whose fn returns 0 or an error. Return 0, or an error.
 */
int	control_asset_other_key(struct store *store, const struct asset *asset,
	    char ret_key[KEY_TEXT_SIZE]);
int	control_asset_warn_key(struct store *store, const struct asset *asset,
	    unsigned long line, const struct control_asset_warner *warner);
typedef int (*control_asset_key_fn)(const struct asset *asset, const char *key,
	    void *arg);
int	control_asset_other_keys(struct store *store, control_asset_key_fn fn,
	    void *arg);

/*
 * control_asset_far.c: those that are issued, and kept or sent far from home,
 * in the order of their tags; once for each whose home it is. Borrowed until fn
 * returns, which gives 0 or an error. Returns 0, or an error.
 */
struct control_asset_far {
	const struct asset *asset;
	const char	*user;
	const struct asset_place *place;
	bool		 sent;		/* it was sent there; else it is kept */
	double		 km;
};
typedef int (*control_asset_far_fn)(const struct control_asset_far *far,
	    void *arg);
int	control_asset_each_far(struct store *store, control_asset_far_fn fn,
	    void *arg);

/* control_asset.c */
void	control_asset_export(struct control_job *job);
bool	control_asset_show_check(struct control_job *job);
void	control_asset_show(struct control_job *job);
void	control_asset_check(struct control_job *job);

#endif
