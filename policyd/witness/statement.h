/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an issued laptop says of itself when a jump host asks, as a value and
 * as bytes; STATEMENT beside this file is the prose. Whoever sends one may be
 * anybody: what is decoded is within its limits, and not yet true.
 */
#ifndef FG_STATEMENT_H
#define FG_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/device/hwid.h"
#include "proto/token.h"

#define STATEMENT_VERSION	1u
#define STATEMENT_SIZE		572u	/* bytes of any; the longest */

#define STATEMENT_USER_SIZE	16u	/* bytes of a user's digest */
#define STATEMENT_SITE_SIZE	8u	/* of what the laptop is plugged into */
#define STATEMENT_HWIDS_MAX	14u
#define STATEMENT_FINDINGS_MAX	8u
#define STATEMENT_PERIPHERALS_MAX 6u
#define STATEMENT_OF_MAX	32u	/* bytes, printable ASCII */
#define STATEMENT_RELEASE_MAX	15u	/* likewise */

/* Bits of .flags. */
#define STATEMENT_REMOTE	0x01u	/* who asks sits in a remote session */
#define STATEMENT_BLIND		0x02u	/* the scanner could not look */
#define STATEMENT_PARTIAL	0x04u	/* not at all of it */
#define STATEMENT_VIRTUAL	0x08u	/* a virtual machine */
#define STATEMENT_CUT		0x10u	/* there are more findings */
#define STATEMENT_FLAGS		0x1fu	/* all of the above */

/* Numbers of statement_names.h. Those that no table has here are kept. */
struct statement_finding {
	uint8_t		 finding;	/* not 0 */
	uint8_t		 grade;		/* at most STATEMENT_GRADE_MAX */
	bool		 minor;		/* at most ACTION_LOG, see finding.h */
	char		 of[STATEMENT_OF_MAX + 1]; /* the tool or device; "" */
};

struct statement {
	uint8_t		 host_id[FG_TOKEN_HOST_SIZE];	/* the token's */
	uint8_t		 nonce[FG_TOKEN_NONCE_SIZE];
	uint8_t		 user_digest[STATEMENT_USER_SIZE];
	uint8_t		 device_key[CRYPTO_KEY_SIZE];	/* its public one */
	uint64_t	 at_s;		/* by its own clock: never trusted */
	uint8_t		 flags;		/* STATEMENT_* */
	struct hwid_digests hwids;	/* at most STATEMENT_HWIDS_MAX */
	size_t		 nfindings;
	struct statement_finding finding[STATEMENT_FINDINGS_MAX];
	/* Digests that this jump host alone can compare; zero: not known. */
	uint8_t		 gateway[STATEMENT_SITE_SIZE];
	size_t		 nperipherals;	/* monitors and inputs with a serial */
	uint8_t		 peripheral[STATEMENT_PERIPHERALS_MAX]
			    [STATEMENT_SITE_SIZE];
	char		 release[STATEMENT_RELEASE_MAX + 1]; /* "0.1.0" */
};

/*
 * Returns 0, or FG_ERR_LIMIT or FG_ERR_FORMAT for what cannot be said, and
 * ret_bytes is zero then. What is encoded decodes to the same.
 */
int	statement_encode(const struct statement *statement,
	    uint8_t ret_bytes[STATEMENT_SIZE]);

/*
 * Decode bytes that are a statement to the last one. ret_statement is zero on
 * error, and else behind the members of each list.
 * Returns 0; FG_ERR_SHORT or FG_ERR_TRAILING: len is not STATEMENT_SIZE;
 * FG_ERR_VERSION; FG_ERR_LIMIT; or FG_ERR_FORMAT, also for padding that is not
 * zero.
 */
int	statement_decode(const uint8_t *bytes, size_t len,
	    struct statement *ret_statement);

#endif
