/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configurations that were in force, each by the hash that its decisions
 * are recorded with: what was decided stays explained when the file is another
 * one by then. A configuration has no secret in it.
 */
#ifndef FG_POLICIES_H
#define FG_POLICIES_H

#include <stddef.h>

#include "policyd/conf.h"

#define POLICIES_FOLDER	"policies"	/* in the state folder */
#define POLICIES_SUFFIX	".conf"		/* behind the hash */

/* The folder, as the daemon's user, and the configuration in it. What fails is
 * logged: no login depends on it. */
void	policies_open(const struct conf *conf);

/* Another one is in force. Also within the sandbox. */
void	policies_keep(const struct conf *conf);

/* Whether it is what hashes are: 64 digits, in lower case. */
bool	policies_is_hash(const char *text);

/*
 * The path of the text with that hash. Returns 0 or FG_ERR_LIMIT.
 */
int	policies_path(const struct conf *conf, const char *hash, char *buf,
	    size_t size);

#endif
