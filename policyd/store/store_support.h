/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The help desk's own sessions: for which time which tool of the catalogue may
 * be used on this machine. What is changed is on the disk when a call returns.
 */
#ifndef FG_STORE_SUPPORT_H
#define FG_STORE_SUPPORT_H

#include "policyd/scanner/entry.h"
#include "policyd/store/store.h"
#include "policyd/store/store_verified.h"

#define STORE_SUPPORTS_MAX	16u	/* that hold at one time */

struct store_support {
	uint64_t	 id;		/* from 1, never reused */
	char		 asset[STORE_ASSET_MAX + 1];	/* the machine's tag */
	char		 tool[ENTRY_NAME_MAX + 1];	/* catalogued */
	int64_t		 from_s;
	int64_t		 until_s;	/* exclusive; always set */
	char		 reason[STORE_REASON_MAX + 1];
	uint32_t	 by_uid;	/* who added it */
	uint32_t	 by_loginuid;
	int64_t		 at_s;		/* when */
};

/*
 * .id is set. By its .at_s, those that ended STORE_EXCEPTION_KEPT_S ago are
 * gone then. FG_ERR_FORMAT: it is not complete; FG_ERR_LIMIT: as many as may
 * hold have not ended.
 */
int	store_support_add(struct store *store, struct store_support *s);
/* FG_ERR_NOT_FOUND if there is none with this id. */
int	store_support_remove(struct store *store, uint64_t id,
	    struct store_support *ret_removed);
/* In the order of their ids, expired ones too if wanted. fn returns non-zero to
 * stop. */
typedef int (*store_support_fn)(const struct store_support *s, void *arg);
int	store_supports_each(struct store *store, bool expired, int64_t at_s,
	    store_support_fn fn, void *arg);

/* What a login needs of them: which tools may be used. */
struct store_supported {
	size_t		 n;
	struct {
		uint64_t id;
		char	 tool[ENTRY_NAME_MAX + 1];
	} by[STORE_SUPPORTS_MAX];	/* in the order of .id */
};

/*
 * Those that hold at at_s on the machine with this tag; NULL: it has none, and
 * all are its own. Not worth a call while store_outline.supports is false.
 * FG_ERR_LIMIT: more than can be, as after a clock that was set back; *ret_s
 * has the first then.
 */
int	store_support_find(struct store *store, const char *asset,
	    int64_t at_s, struct store_supported *ret_s);
/* The number of one that has this tool, or 0. */
uint64_t store_supported_id(const struct store_supported *s,
	    const char *tool);

#endif
