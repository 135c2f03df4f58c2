/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles: people and revocations that another host has signed, with a serial
 * that rises. The store keeps which one is in force, and the serials of the
 * last ones, so that no older one is taken after a newer one; of imported ones
 * also beside the database, for when that is moved aside.
 */
#ifndef FG_STORE_BUNDLE_H
#define FG_STORE_BUNDLE_H

#include "policyd/crypto.h"
#include "policyd/store/store.h"
#include "policyd/store/store_revocation.h"

#define STORE_BUNDLE_KEY_MAX	79u	/* more than KEY_TEXT_SIZE */

/*
 * Serials are at least the seconds of the epoch at which they are given, so
 * that they rise even where the last one is not known any more. One that is
 * further ahead than this is nobody's.
 */
#define STORE_SERIAL_AHEAD_S	86400

/* Names that were given back are told in bundles for so long. */
#define STORE_GIVEN_BACK_KEPT_S	INT64_C(34560000) /* 400 days */

struct store_bundle {
	uint64_t	 serial;	/* from 1 */
	int64_t		 made_s;	/* by the clock of whoever signed */
	int64_t		 at_s;		/* imported here */
	char		 key[STORE_BUNDLE_KEY_MAX + 1];	/* who signed */
	char		 sha256[CRYPTO_HEX_SIZE];	/* of what was signed */
	size_t		 revocations;
	bool		 people;	/* the inventory is still its own */
};

/* The one in force. FG_ERR_NOT_FOUND without one. */
int	store_bundle(struct store *store, struct store_bundle *ret_bundle);

/*
 * Take the bundle out of force, with its revocations; the people stay. Serials
 * that are ahead of now_s are forgotten down to it, so that whoever signed
 * them holds up nobody else.
 * FG_ERR_NOT_FOUND: there is none, and no serial that is ahead.
 */
int	store_bundle_forget(struct store *store, int64_t now_s);

/*
 * The highest serial that forgetting would lower. FG_ERR_NOT_FOUND: there is
 * none; FG_ERR_FORMAT: the file beside the database is damaged, and would be
 * written anew.
 */
int	store_serial_ahead(struct store *store, int64_t now_s,
	    uint64_t *ret_serial);

/* ---- to sign ---- */

/*
 * The serial of a bundle that is made at now_s from what is read after this;
 * synced. FG_ERR_LIMIT: the last one is ahead of now_s by too much.
 */
int	store_serial_next(struct store *store, int64_t now_s,
	    uint64_t *ret_serial);

/* Whether it has signed one, that the next one may correct. */
int	store_has_signed(struct store *store, bool *ret_has);

/* Whose access was given back on purpose, in the order of the names. */
typedef int (*store_given_back_fn)(const char *name, int64_t at_s, void *arg);
int	store_given_back_each(struct store *store, store_given_back_fn fn,
	    void *arg);

/* ---- to import ---- */

/* serial is 0 if none was imported. FG_ERR_FORMAT: the file beside the
 * database is damaged. */
struct store_serial {
	uint64_t	 serial;
	char		 sha256[CRYPTO_HEX_SIZE];	/* of that one */
};
int	store_serial_last(struct store *store, struct store_serial *ret_last);

/*
 * This import is a bundle: .serial, .made_s, .key and .sha256. Its revocations
 * take the place of the last one's when it comes into force. Before anything
 * is added.
 */
int	store_import_bundle(struct store_import *import,
	    const struct store_bundle *bundle);
/* Who would come back, and is not said to: kept out by the bundle as well. */
int	store_import_keep_out(struct store_import *import, const char *name,
	    int64_t now_s);
/* FG_ERR_LIMIT: the user has one; FG_ERR_FORMAT: it could not be read back. */
int	store_import_add_revocation(struct store_import *import,
	    const struct store_revocation *r);
/*
 * Those that take access back anew: nothing in force, of this host or of the
 * last bundle, does so from then on, or from at_s on. In the order of the
 * names; after all of them were added, and before store_import_keep_out().
 */
typedef int (*store_revoked_fn)(const struct store_revocation *r, void *arg);
int	store_import_revoked(struct store_import *import, int64_t at_s,
	    store_revoked_fn fn, void *arg);

#endif
