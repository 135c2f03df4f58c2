/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key that the seeds of one-time codes are sealed with, and the one room
 * where a seed is in clear. Both are in memory of crypto_secret_new().
 */
#ifndef FG_KEYRING_H
#define FG_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/secret_file.h"
#include "policyd/stepup/totp.h"

#define KEYRING_FILE		"totp.key"	/* in the state folder, 0600 */
#define KEYRING_SEALED_SIZE	144u	/* of the longest seed, and a NUL */
#define KEYRING_WHY_SIZE	SECRET_FILE_WHY_SIZE

struct keyring;

/*
 * Read the key in folder. When there is none it is made, unless somebody is
 * enrolled: their seeds were sealed with one that is gone. To be called as the
 * daemon's user, before the sandbox.
 * Returns 0 or an error, and ret_why then names the file and what to do.
 */
int	keyring_open(const char *folder, bool enrolled,
	    struct keyring **ret_keyring, char ret_why[KEYRING_WHY_SIZE]);
void	keyring_free(struct keyring *keyring);	/* wiped; NULL is fine */

/*
 * A new seed of len bytes, or the one in sealed. *ret_seed is borrowed until
 * keyring_wipe(), which follows as soon as it was used, or the next of these.
 * keyring_unseal() returns 0, or FG_ERR_FORMAT: it was sealed with another key,
 * or is damaged.
 */
const uint8_t *keyring_new_seed(struct keyring *keyring, size_t len);
int	keyring_unseal(struct keyring *keyring, const char *sealed,
	    const uint8_t **ret_seed, size_t *ret_len);
void	keyring_wipe(struct keyring *keyring);

/* The seed that is in the room, sealed, in base 64. */
void	keyring_seal(const struct keyring *keyring,
	    char ret_sealed[KEYRING_SEALED_SIZE]);

#endif
