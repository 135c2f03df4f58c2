/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A secret key of the daemon's own that is the same for good, as text in a file
 * of the state folder: read, or made where there is none, and never replaced.
 */
#ifndef FG_KEY_FILE_H
#define FG_KEY_FILE_H

#include <stdbool.h>

#include "policyd/key.h"
#include "policyd/secret_file.h"

/* Which key it is; all of it static. */
struct key_file_form {
	enum key_kind	 kind;
	const char	*name;		/* of the file */
	const char	*fresh;		/* until it is whole */
	const char	*lost;		/* as of struct secret_file */
	const char	*exposed;	/* likewise */
	const char	*other;		/* "is no ...; and what to do" */
};

struct key_file;

/*
 * Read the key in folder, as the daemon's user and before the sandbox, into
 * memory for secrets. That there is none yet is no error: *ret_key is without
 * one then. Returns 0, or FG_ERR_UNSAFE, FG_ERR_FORMAT, FG_ERR_NOMEM or
 * FG_ERR_SYSTEM: *ret_key is NULL, and ret_why names the file and what to do.
 */
int	key_file_open(const struct key_file_form *form, const char *folder,
	    struct key_file **ret_key, char ret_why[SECRET_FILE_WHY_SIZE]);
void	key_file_free(struct key_file *key);	/* wiped; NULL is fine */

/*
 * Make one where there is none, also within the sandbox; it is on the disk when
 * this returns. Returns 0, or an error with ret_why as above: there is none
 * then. One that there is stays.
 */
int	key_file_make(struct key_file *key, const char *folder,
	    char ret_why[SECRET_FILE_WHY_SIZE]);

/* Borrowed; NULL: there is none yet. NULL is fine. */
const uint8_t *key_file_secret(const struct key_file *key);
const uint8_t *key_file_public(const struct key_file *key);

#endif
