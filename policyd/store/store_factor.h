/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people prove a login with, and how often that failed: enrolments for
 * one-time codes, recovery codes, back-off. By the name of a person of the
 * inventory, or of an account that is in nobody's (fact_who()). What is changed
 * is on the disk when a call returns.
 */
#ifndef FG_STORE_FACTOR_H
#define FG_STORE_FACTOR_H

#include "policyd/crypto.h"
#include "policyd/stepup/totp.h"
#include "policyd/store/store.h"

#define STORE_SEALED_MAX	143u	/* bytes of base 64 */
#define STORE_RECOVERY_CODES	10u

/* ---- one-time codes ---- */

/* One that is active and one that waits for its first code: two rows at most
 * of each person. */
struct store_totp {
	char		 person[FG_USER_MAX + 1];
	char		 sealed[STORE_SEALED_MAX + 1];	/* keyring.h */
	enum totp_algorithm algorithm;
	unsigned int	 digits;
	int64_t		 last_step;	/* forward only; -1: none was used */
	bool		 active;
	int64_t		 made_s;
	uint32_t	 by_uid;	/* who enrolled them */
	uint32_t	 by_loginuid;
};

/* Hashes of what was handed out: crypto_sha256_hex(). */
struct store_recovery {
	size_t		 n;
	char		 hash[STORE_RECOVERY_CODES][CRYPTO_HEX_SIZE];
};

/* Add it, or replace the person's with the same .active. FG_ERR_FORMAT: it
 * could not be read back. */
int	store_totp_put(struct store *store, const struct store_totp *t);
/* FG_ERR_NOT_FOUND if there is none. */
int	store_totp_get(struct store *store, const char *person, bool active,
	    struct store_totp *ret_t);
/* All that the person has, recovery codes too. FG_ERR_NOT_FOUND: nothing. */
int	store_totp_remove(struct store *store, const char *person);
/* The one that waits alone. */
int	store_totp_withdraw(struct store *store, const char *person);
/* In the order of the persons, the one that waits first. */
typedef int (*store_totp_fn)(const struct store_totp *t, void *arg);
int	store_totp_each(struct store *store, store_totp_fn fn, void *arg);
/* Whether there is any of anybody. */
int	store_totp_any(struct store *store, bool *ret_any);

/*
 * The one that waits takes the place of an active one, with step spent; the
 * codes take the place of all that the person had. FG_ERR_NOT_FOUND: none
 * waits.
 */
int	store_totp_activate(struct store *store, const char *person,
	    int64_t step, const struct store_recovery *codes);
/*
 * Spend a step, in one statement: of those who try at once one is let in.
 * FG_ERR_NOT_FOUND: it, or a later one, was spent before, or nothing is active.
 */
int	store_totp_advance(struct store *store, const char *person,
	    int64_t step);
/* An administrator's: this is the step, even if a later one was spent. */
int	store_totp_reset(struct store *store, const char *person, int64_t step);

/* ---- recovery codes ---- */

/* Instead of all that the person had. FG_ERR_NOT_FOUND: nothing is active. */
int	store_recovery_replace(struct store *store, const char *person,
	    const struct store_recovery *codes);
/* Spend one; once. FG_ERR_NOT_FOUND: there is no such code. */
int	store_recovery_take(struct store *store, const char *person,
	    const char *hash);
int	store_recovery_count(struct store *store, const char *person,
	    size_t *ret_n);

/* ---- back-off (store_backoff.c) ---- */

/* The numbers are in the file. */
enum store_backoff_kind {
	STORE_BACKOFF_NONE = 0,
	STORE_BACKOFF_PERSON = 1,
	STORE_BACKOFF_SOURCE = 2
};

struct store_backoff {
	enum store_backoff_kind kind;
	char		 name[FG_USER_MAX + 1];	/* a person, or a source */
	uint32_t	 failures;	/* one after the other */
	int64_t		 last_s;
	int64_t		 until_s;	/* nothing is accepted before */
};

/* FG_ERR_NOT_FOUND if nothing failed. */
int	store_backoff_get(struct store *store, enum store_backoff_kind kind,
	    const char *name, struct store_backoff *ret_b);
/* Add it, or replace the one of that name. FG_ERR_FORMAT: it could not be read
 * back. */
int	store_backoff_put(struct store *store, const struct store_backoff *b);
/* One that is not there is no error. */
int	store_backoff_remove(struct store *store, enum store_backoff_kind kind,
	    const char *name);
/* People first, by name. */
typedef int (*store_backoff_fn)(const struct store_backoff *b, void *arg);
int	store_backoff_each(struct store *store, store_backoff_fn fn,
	    void *arg);
/* Some of those that ended before, and had no failure since. */
int	store_backoff_forget(struct store *store, int64_t before_s);

#endif
