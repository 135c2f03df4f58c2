/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of assets, for policyd/control alone.
 */
#ifndef FG_CONTROL_ASSET_H
#define FG_CONTROL_ASSET_H

#include "policyd/control/control_parts.h"
#include "policyd/device/asset.h"
#include "policyd/people/csv_table.h"

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
void	control_asset_see(struct control_asset_news *news,
	    const struct conf *conf, const struct asset *asset);
/* Whom it was issued to and the inventory of people does not have, where there
 * is one; and what is said when all have been seen. Return 0, or the store's
 * error. */
int	control_asset_warn_users(struct store *store,
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

/* control_asset.c */
void	control_asset_export(struct control_job *job);
bool	control_asset_show_check(struct control_job *job);
void	control_asset_show(struct control_job *job);
void	control_asset_check(struct control_job *job);

#endif
