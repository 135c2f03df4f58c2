/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose identity somebody has verified by looking at them, with which laptop,
 * and until when that counts. By the name of a person of the inventory, or of
 * an account that is in nobody's (fact_who()).
 */
#ifndef FG_STORE_VERIFIED_H
#define FG_STORE_VERIFIED_H

#include "policyd/crypto.h"
#include "policyd/store/store.h"

#define STORE_ASSET_MAX	64u
#define STORE_SALT_MAX	32u

struct store_verified {
	char		 person[FG_USER_MAX + 1];
	char		 asset[STORE_ASSET_MAX + 1];	/* the laptop's tag */
	char		 salt[STORE_SALT_MAX + 1];	/* "": no serial */
	char		 hash[CRYPTO_HEX_SIZE];		/* serial.h; likewise */
	int64_t		 made_s;
	int64_t		 until_s;	/* exclusive */
	uint32_t	 by_uid;
	uint32_t	 by_loginuid;
};

/*
 * Add it, or replace the person's. On the disk when it returns, as is what
 * store_verified_remove() does. FG_ERR_FORMAT: it could not be read back.
 */
int	store_verified_put(struct store *store,
	    const struct store_verified *v);
/* Also one that has ended. FG_ERR_NOT_FOUND if there is none. */
int	store_verified_get(struct store *store, const char *person,
	    struct store_verified *ret_v);
/* FG_ERR_NOT_FOUND: nobody has verified them. */
int	store_verified_remove(struct store *store, const char *person);
/* In the order of the persons. fn returns non-zero to stop. */
typedef int (*store_verified_fn)(const struct store_verified *v, void *arg);
int	store_verified_each(struct store *store, store_verified_fn fn,
	    void *arg);
/* Whether there is any of anybody. */
int	store_verified_any(struct store *store, bool *ret_any);

#endif
