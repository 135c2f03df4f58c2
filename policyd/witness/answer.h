/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A statement on its way: what a laptop answers a challenge with, and how the
 * jump host opens and judges it. The order of what is checked is STATEMENT's.
 * Of each error *ret_why says in words what is wrong, without anything of the
 * answer: static, and NULL on success. No error is ever as good as an answer.
 */
#ifndef FG_ANSWER_H
#define FG_ANSWER_H

#include "policyd/witness/statement.h"

#define ANSWER_PREFIX	"farmgate-statement-v1."
#define ANSWER_LEN	934u		/* of each */
#define ANSWER_MAX	1000u		/* of any version: ssh(1) takes 1,023 */
#define ANSWER_SIZE	(ANSWER_LEN + 1)
#define ANSWER_AGE_MAX_MS 60000		/* of the challenge */

/*
 * Sign with the device's secret key, and seal to the jump host with that
 * public key. The device's public key is set here, whatever the statement has.
 * Returns 0; FG_ERR_PEER: the challenge is not that jump host's;
 * FG_ERR_LIMIT or FG_ERR_FORMAT: it cannot be said, or the key is none; or
 * FG_ERR_SYSTEM: no randomness. ret_text is "" on error.
 */
int	answer_seal(const struct statement *statement,
	    const uint8_t device_secret[CRYPTO_KEY_SIZE],
	    const uint8_t host_key[CRYPTO_KEY_SIZE],
	    char ret_text[ANSWER_SIZE], const char **ret_why);

/*
 * Open len characters with the jump host's secret key. What is returned is
 * signed by the device key that it names; whose that is is not looked at.
 * Returns 0; FG_ERR_SHORT or FG_ERR_LIMIT: it has another length;
 * FG_ERR_VERSION; FG_ERR_FORMAT; or FG_ERR_UNSAFE: it was not sealed to this
 * host, not signed by that key, or has changed since. ret_statement is zero on
 * error.
 */
int	answer_open(const char *text, size_t len,
	    const uint8_t host_secret[CRYPTO_KEY_SIZE],
	    struct statement *ret_statement, const char **ret_why);

/* What a jump host has asked for. */
struct answer_wanted {
	struct fg_token	 token;
	const char	*user;		/* borrowed; as PAM has it */
	int64_t		 issued_ms;	/* CLOCK_MONOTONIC or CLOCK_BOOTTIME */
};

/*
 * Whether a statement that was opened is what was asked for. Pure: the caller
 * sees to it that there is one use, and zeroes .token at once, whatever is
 * returned; a nonce of zeros is that of no challenge. That the device key was
 * enrolled, and is not revoked, is looked at after this.
 * Returns 0; FG_ERR_PEER: it is for another host, challenge or user;
 * FG_ERR_NOT_FOUND: no challenge is outstanding; or FG_ERR_TIMEOUT.
 */
int	answer_check(const struct statement *statement,
	    const struct answer_wanted *wanted, int64_t now_ms,
	    const char **ret_why);

#endif
