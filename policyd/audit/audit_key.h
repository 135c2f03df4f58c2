/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key with which the daemon signs anchors of its log. Its file is made at
 * the first start and never replaced; each record "start" has the public key.
 */
#ifndef FG_AUDIT_KEY_H
#define FG_AUDIT_KEY_H

#include <stdbool.h>

#include "policyd/key.h"
#include "policyd/secret_file.h"

#define AUDIT_KEY_FILE		"audit.key"	/* in the state folder, 0600 */
#define AUDIT_KEY_WHY_SIZE	SECRET_FILE_WHY_SIZE

struct audit_key;

/*
 * Read the key in folder, or make it where there is none, as the daemon's user
 * and before the sandbox, into memory for secrets. Returns 0, or FG_ERR_UNSAFE,
 * FG_ERR_FORMAT, FG_ERR_NOMEM or FG_ERR_SYSTEM: *ret_key is NULL, and ret_why
 * names the file and what to do.
 */
int	audit_key_open(const char *folder, struct audit_key **ret_key,
	    char ret_why[AUDIT_KEY_WHY_SIZE]);
void	audit_key_free(struct audit_key *key);	/* wiped; NULL is fine */

/* Borrowed. */
const uint8_t	*audit_key_secret(const struct audit_key *key);
const uint8_t	*audit_key_public(const struct audit_key *key);

/* Whether it was made just now. */
bool		 audit_key_is_new(const struct audit_key *key);

#endif
