/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds: while one is in force nothing of the audit log and of the history
 * expires, and nobody is forgotten. What is changed is on the disk when a call
 * returns.
 */
#ifndef FG_STORE_HOLD_H
#define FG_STORE_HOLD_H

#include "policyd/store/store.h"

#define STORE_HOLD_NAME_MAX	63u
#define STORE_HOLDS_MAX		64u	/* that are kept at one time */

struct store_hold {
	char		 name[STORE_HOLD_NAME_MAX + 1];
	char		 reason[STORE_REASON_MAX + 1];
	int64_t		 until_s;	/* exclusive; 0: until it is removed */
	uint32_t	 by_uid;	/* who added it */
	uint32_t	 by_loginuid;
	int64_t		 at_s;		/* when */
};

/* Letters, digits and . - _, the first of them no mark. */
bool	store_hold_is_name(const char *name);
bool	store_hold_is_over(const struct store_hold *hold, int64_t now_s);

/*
 * FG_ERR_FORMAT: it is not complete; FG_ERR_LIMIT: there are as many as may be;
 * FG_ERR_TRAILING: there is one of that name.
 */
int	store_hold_add(struct store *store, const struct store_hold *hold);
int	store_hold_get(struct store *store, const char *name,
	    struct store_hold *ret_hold);
/* FG_ERR_NOT_FOUND if there is none of this name. */
int	store_hold_remove(struct store *store, const char *name);

/* All of them, in the order of their names; fn returns non-zero to stop. */
typedef int (*store_hold_fn)(const struct store_hold *hold, void *arg);
int	store_holds_each(struct store *store, store_hold_fn fn, void *arg);
/* Whether one is in force. */
int	store_holds_any(struct store *store, int64_t now_s, bool *ret_any);

#endif
