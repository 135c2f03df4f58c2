/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key of a jump host, to which laptops seal what they say of themselves.
 * Its file is made when an administrator first asks for the public key, which
 * each laptop is then told: no challenge can be answered before. It is never
 * replaced, for laptops answer to the one that they know.
 */
#ifndef FG_HOST_KEY_H
#define FG_HOST_KEY_H

#include "policyd/key.h"
#include "policyd/secret_file.h"

#define HOST_KEY_FILE		"host.key"	/* in the state folder, 0600 */
#define HOST_KEY_WHY_SIZE	SECRET_FILE_WHY_SIZE

struct host_key;

/*
 * Read the key in folder, as the daemon's user and before the sandbox, into
 * memory for secrets. That there is none yet is no error: *ret_key is without
 * one then. Returns 0, or FG_ERR_UNSAFE, FG_ERR_FORMAT, FG_ERR_NOMEM or
 * FG_ERR_SYSTEM: *ret_key is NULL, and ret_why names the file and what to do.
 */
int	host_key_open(const char *folder, struct host_key **ret_key,
	    char ret_why[HOST_KEY_WHY_SIZE]);
void	host_key_free(struct host_key *key);	/* wiped; NULL is fine */

/*
 * Make one where there is none, also within the sandbox; it is on the disk when
 * this returns. Returns 0, or an error with ret_why as above: there is none
 * then. One that there is stays.
 */
int	host_key_make(struct host_key *key, const char *folder,
	    char ret_why[HOST_KEY_WHY_SIZE]);

/* Borrowed; NULL: there is none yet, and nobody can be challenged. */
const uint8_t *host_key_secret(const struct host_key *key);
const uint8_t *host_key_public(const struct host_key *key);

#endif
