/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins that led to a session, one row each, and what is asked of them at the
 * next one. Each question is an index away, however many rows there are.
 * Coordinates are not kept: an address is looked up anew when it is compared.
 * A source is an IPv4 address, also one in front of which NAT64 has put its
 * prefix, or the /64 of an IPv6 address.
 */
#ifndef FG_STORE_HISTORY_H
#define FG_STORE_HISTORY_H

#include "policyd/net/addr.h"
#include "policyd/store/store.h"
#include "policyd/store/store_session.h"

struct store_login {
	char		 person[FG_USER_MAX + 1]; /* or account, if nobody's */
	char		 ref[FG_REF_MAX + 1];
	char		 service[FG_SERVICE_MAX + 1];
	struct addr	 addr;
	char		 country[3];	/* as it was then; "" not known */
	uint32_t	 asn;		/* likewise; 0 */
	int64_t		 at_s;		/* wall clock */
	char		 boot_id[STORE_BOOT_ID_SIZE];
	int64_t		 boot_s;	/* CLOCK_BOOTTIME */
};

/* One transaction, not synced. FG_ERR_FORMAT: it could not be read back. */
int	store_history_add(struct store *store, const struct store_login *l);

/*
 * Whether this login, or any of its boot that came after it, is there already.
 * Of logins that are added in the order in which they come, each that is
 * missing therefore is one that never was added.
 */
int	store_history_has(struct store *store, const struct store_login *l,
	    bool *ret_has);

/* Those that were added last, the newest first; at most max. */
int	store_history_recent(struct store *store, const char *person,
	    struct store_login *ret_list, size_t max, size_t *ret_n);

/*
 * On how many days, by UTC, the person came from asn before until_s; counted
 * up to max. However many came on a day, it is one step to the next.
 */
int	store_history_days(struct store *store, const char *person,
	    uint32_t asn, int64_t until_s, uint32_t max, uint32_t *ret_n);

/*
 * Who else came from the source of the address at since_s or later; each once,
 * at most max, in no order. FG_ERR_LIMIT: so many others were there before
 * since_s (about a thousand) that looking on would take long; then *ret_n is
 * how many were found so far.
 */
int	store_history_sharers(struct store *store, const struct addr *addr,
	    const char *person, int64_t since_s,
	    char (*ret_people)[FG_USER_MAX + 1], size_t max, size_t *ret_n);

/* One person behind one source, of the logins since then. */
struct store_source {
	struct addr	 addr;		/* of IPv6 its /64, the rest zero */
	char		 person[FG_USER_MAX + 1];
	char		 country[3];	/* of the last one */
	uint32_t	 asn;
	uint64_t	 logins;
	int64_t		 first_s;
	int64_t		 last_s;
};

/* Ordered by source, then person. Long: for a worker. */
typedef int (*store_source_fn)(const struct store_source *s, void *arg);
int	store_history_sources_each(struct store *store, int64_t since_s,
	    store_source_fn fn, void *arg);

/* When the one that was added last was. FG_ERR_NOT_FOUND: there is none. */
int	store_history_newest(struct store *store, int64_t *ret_at_s);

/* One of them as a witness of what time it was. */
struct store_moment {
	int64_t		 at_s;
	char		 boot_id[STORE_BOOT_ID_SIZE];
	int64_t		 boot_s;
	int64_t		 next_s;	/* .at_s of the one that was added
					 * after it; INT64_MAX: none was */
};

/* The latest one of until_s or before. FG_ERR_NOT_FOUND: there is none. */
int	store_history_before(struct store *store, int64_t until_s,
	    struct store_moment *ret_moment);

/*
 * Remove rows of before before_s, the oldest first: looks at no more than max
 * rows. *ret_n are gone; *ret_more: there may be more of them. What the future
 * has (a clock that was wrong) is passed over, and keeps nothing behind it.
 * The lock is held for all of max rows: a hundred are some milliseconds.
 */
int	store_history_expire(struct store *store, int64_t before_s,
	    size_t max, size_t *ret_n, bool *ret_more);

/*
 * Where an address counts for: IPv4 itself, also where a NAT64 prefix is in
 * front of it; of IPv6 the /64, because a host has all of it.
 */
void	store_source_text(const struct addr *addr,
	    char buf[ADDR_TEXT_SIZE]);

#endif
