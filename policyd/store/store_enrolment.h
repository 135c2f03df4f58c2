/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Laptops that were enrolled: the device key by which each signs, whose asset
 * it is, and with which machines it was seen since. A laptop that is made anew
 * has another key; the old one counts until the new one does.
 * What is changed is on the disk when a call returns. Errors are store.h's: an
 * error is never an enrolment, and never an absence.
 */
#ifndef FG_STORE_ENROLMENT_H
#define FG_STORE_ENROLMENT_H

#include "policyd/device/asset.h"
#include "policyd/device/clone.h"
#include "policyd/key.h"
#include "policyd/store/store.h"

#define STORE_ENROLMENTS_EACH_MAX 32u	/* of one asset, also past ones */
#define STORE_NEVER_S	INT64_MAX

struct store_enrolment {
	char		 key[KEY_TEXT_SIZE];		/* "ed25519:..." */
	char		 asset[ASSET_TAG_MAX + 1];
	struct hwid_digests digests;	/* what it showed when it was */
	int64_t		 made_s;
	int64_t		 from_s;	/* when it begins to count */
	uint32_t	 by_uid;	/* who enrolled it */
	uint32_t	 by_loginuid;
	/* The rest is set by the store. When another one of the asset takes its
	 * place, and when it was revoked; or STORE_NEVER_S. */
	int64_t		 replaced_s;
	int64_t		 revoked_s;
	uint32_t	 revoked_by_uid;
	uint32_t	 revoked_by_loginuid;
	char		 reason[STORE_REASON_MAX + 1];	/* why; or "" */
};

/* Only what is enrolled counts. */
enum store_enrolment_state {
	STORE_ENROLMENT_NONE = 0,
	STORE_ENROLMENT_ENROLLED,
	STORE_ENROLMENT_PENDING,	/* not yet */
	STORE_ENROLMENT_REPLACED,	/* by a later one of the asset */
	STORE_ENROLMENT_REVOKED,	/* lost, or stolen */
	/* What is known of enrolments was lost, or is that of an older copy of
	 * the database: it may have been revoked since. */
	STORE_ENROLMENT_UNCERTAIN
};

/*
 * lost: store_outline.enrolments_lost. Whatever clock steps back, a revoked one
 * stays revoked.
 */
enum store_enrolment_state
	    store_enrolment_state(const struct store_enrolment *e,
		int64_t now_s, bool lost);
/* "enrolled", "pending", "replaced", "revoked", "uncertain"; "none". Static. */
const char *store_enrolment_state_name(enum store_enrolment_state state);

/*
 * Enrol a key, which was seen with .digests then. From .from_s on it takes the
 * place of others of the asset. FG_ERR_FORMAT: it could not be read back;
 * FG_ERR_LIMIT: the key is there, whatever its state, or the asset has
 * STORE_ENROLMENTS_EACH_MAX.
 */
int	store_enrolment_add(struct store *store,
	    const struct store_enrolment *e);

/*
 * Whether this key counts now. FG_ERR_NOT_FOUND: nobody has enrolled it, or
 * what knew of that was lost. *ret_state is NONE on error.
 */
int	store_enrolment_find(struct store *store, const char *key,
	    int64_t now_s, struct store_enrolment *ret_e,
	    enum store_enrolment_state *ret_state);

/* Of a key, or all of an asset, the latest first; or all, in the order of their
 * assets. fn returns non-zero to stop. None is no error. */
typedef int (*store_enrolment_fn)(const struct store_enrolment *e, void *arg);
int	store_enrolments_of(struct store *store, const char *name,
	    store_enrolment_fn fn, void *arg);
int	store_enrolments_each(struct store *store, store_enrolment_fn fn,
	    void *arg);

/* How many there are, as if nothing was lost. */
struct store_enrolment_counts {
	size_t		 enrolled;
	size_t		 pending;
	size_t		 revoked;
};
int	store_enrolments_count(struct store *store, int64_t now_s,
	    struct store_enrolment_counts *ret_counts);

/*
 * Revoke a key, or all that an asset has, which then never count again.
 * FG_ERR_NOT_FOUND: there is none that was not revoked before.
 */
struct store_enrolment_end {
	const char	*name;		/* the key, or the asset's tag */
	int64_t		 at_s;
	uint32_t	 by_uid;
	uint32_t	 by_loginuid;
	const char	*reason;
};
int	store_enrolment_revoke(struct store *store,
	    const struct store_enrolment_end *end);
/*
 * Forget it, or all of an asset, and what it was seen with: the key can be
 * enrolled again. What another one has replaced is not in force by that.
 */
int	store_enrolment_remove(struct store *store, const char *name,
	    int64_t at_s);

/* ---- store_seen.c: with which machines ---- */

/* FG_ERR_FORMAT if they make no sense; none is no error. */
int	store_seen(struct store *store, const char *key,
	    struct clone *ret_clone);
/*
 * A key was seen with this machine now: remember that, and with which others
 * it was before. On error ret_clone is empty, and nobody may be let in by that.
 * FG_ERR_NOT_FOUND: it is not enrolled, and nothing is remembered of it.
 */
int	store_see(struct store *store, const char *key,
	    const struct hwid_digests *machine, int64_t at_s,
	    struct clone *ret_clone);

#endif
