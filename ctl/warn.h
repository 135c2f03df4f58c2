/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Warnings about a configuration that is right. Each is added to warnings,
 * its text beginning with "warning: ".
 */
#ifndef FG_CTL_WARN_H
#define FG_CTL_WARN_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/conf.h"

/* usable: how many of the databases could be opened. */
void	warn_conf(const struct conf *conf, size_t usable,
	    struct conf_errors *warnings);

/*
 * Nobody here has this name, of a user or, with '@', of a group. A directory
 * service that does not answer is no reason to warn.
 */
bool	warn_is_unknown(const char *name);

/*
 * The audit file's folder. as_user: the caller has become the daemon's user,
 * and can tell whether that may write; otherwise it is only looked for.
 */
void	warn_audit(const struct conf *conf, const char *user, bool as_user,
	    struct conf_errors *warnings);

/*
 * A database that is there and that the caller may not read, so that it has
 * nothing to say about it; NULL if there is none. Borrowed from conf.
 */
const char	*warn_hidden_database(const struct conf *conf);

#endif
