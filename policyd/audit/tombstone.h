/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the audit log for a file of it that has expired: a record
 * "expired", signed by the daemon's audit key. For the daemon, which makes
 * them, and for readers. What is signed is this, behind its form and a NUL:
 *
 *	farmgate-expired-v1
 *	begin=N first=N last=N hash=HEX records=N oldest=SECONDS newest=SECONDS
 *	at=SECONDS key=KEY file=NAME
 *
 * on one line, with single blanks.
 */
#ifndef FG_TOMBSTONE_H
#define FG_TOMBSTONE_H

#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/json/json.h"
#include "policyd/key.h"

#define TOMBSTONE_EVENT		"expired"
#define TOMBSTONE_NAME_SIZE	256u

struct tombstone {
	char		 file[TOMBSTONE_NAME_SIZE]; /* its name in the folder */
	uint64_t	 begin;		/* from this record on all have expired
					 * up to .first, each signed for */
	uint64_t	 first, last;	/* of the file */
	uint64_t	 records;
	char		 hash[CRYPTO_HEX_SIZE];	/* of its last record */
	int64_t		 oldest_s, newest_s;	/* times of its records */
	int64_t		 at_s;		/* when it expired */
	uint8_t		 key[CRYPTO_KEY_SIZE];	/* whose signature it has */
};

/* Into the members of a record; .key is the public key of secret. */
void	tombstone_set(struct json *record, const struct tombstone *t,
	    const uint8_t secret[CRYPTO_KEY_SIZE]);

/*
 * Out of a record. Whether ret_t->key is a key that is believed is the caller's
 * to say. Returns 0: that key has signed it; FG_ERR_FORMAT: it is none; or
 * FG_ERR_UNSAFE: the signature is wrong. *ret_t is zero then.
 */
int	tombstone_read(const struct json *record, struct tombstone *ret_t);

#endif
