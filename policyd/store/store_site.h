/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where laptops were that have said what they are, and with whom: their
 * gateway, the monitors and inputs beside them, and themselves by their device
 * key. One row for each of them and each person, of the last time. It may be
 * lost, as the history may, and is kept as long. Errors are store.h's.
 *
 * A laptop says of its surroundings what its user likes. So much is kept of one
 * person, and of one place, and no more: the oldest makes room, by the order in
 * which they came and no clock.
 */
#ifndef FG_STORE_SITE_H
#define FG_STORE_SITE_H

#include "policyd/facts.h"
#include "policyd/key.h"
#include "policyd/net/addr.h"
#include "policyd/store/store.h"

#define STORE_SITES_PERSON_MAX	64u	/* of one kind, of one person */
#define STORE_SITES_PEOPLE_MAX	256u	/* at one of them */
#define STORE_VISIT_MAX		8u	/* what one statement can name */

/* The numbers are in the file; of two the greater one says more. */
enum store_site_kind {
	STORE_SITE_NONE = 0,
	STORE_SITE_GATEWAY = 1,
	STORE_SITE_PERIPHERAL = 2,	/* a monitor or an input */
	STORE_SITE_DEVICE = 3
};

struct store_site {
	enum store_site_kind kind;
	char		 name[KEY_TEXT_SIZE];	/* a digest in hex, or a key */
};

/* What a statement says of a person, which was for a login from .addr. */
struct store_visit {
	char		 person[FG_USER_MAX + 1];
	bool		 has_addr;
	struct addr	 addr;
	int64_t		 at_s;		/* wall clock */
	size_t		 n;
	struct store_site at[STORE_VISIT_MAX];
};

/* One transaction, not synced. FG_ERR_FORMAT: it could not be read back. */
int	store_visit(struct store *store, const struct store_visit *visit);

/*
 * Which other people were at one of these at since_s or later: with the device,
 * or else at the gateway or a peripheral. More than are kept are as many as are
 * kept. Nothing is remembered by it.
 */
int	store_visit_others(struct store *store,
	    const struct store_visit *visit, bool device, int64_t since_s,
	    struct fact_company *ret_company);

/* One person at one of them. */
struct store_site_row {
	struct store_site site;
	char		 person[FG_USER_MAX + 1];
	bool		 has_addr;
	struct addr	 addr;		/* of the last login */
	int64_t		 last_s;
};

/* Those of since_s or later, ordered by kind, name and person. Long: for a
 * worker. fn returns non-zero to stop. */
typedef int (*store_site_fn)(const struct store_site_row *row, void *arg);
int	store_sites_each(struct store *store, int64_t since_s,
	    store_site_fn fn, void *arg);

/* Remove rows of before before_s, at most max, as of the history; *ret_more:
 * there may be more of them. */
int	store_sites_expire(struct store *store, int64_t before_s, size_t max,
	    bool *ret_more);

#endif
