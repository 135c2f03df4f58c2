/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the configuration again: build the new ruleset, validate it, swap.
 * A file with errors changes nothing.
 */
#ifndef FG_RELOAD_H
#define FG_RELOAD_H

#include "policyd/daemon.h"

/* Who asked, for the audit record. peer is NULL for a signal. */
struct reload_by {
	const struct fact_peer *peer;
};

/*
 * Returns 0, or FG_ERR_CONFIG with the reasons in errors: the old ruleset
 * stays. Either way the result is in the audit log and the operators' log.
 */
int	reload(struct daemon *daemon, const struct reload_by *by,
	    struct conf_errors *errors);

/*
 * The folders that hold the configuration and what it names, for landlock and
 * for the test above. NULL when out of memory; free with reload_folders_free.
 */
char	**reload_folders(const struct conf *conf);

/* Forget those that are not there: nothing can permit what does not exist. */
void	  reload_folders_existing(char **folders);
void	  reload_folders_free(char **folders);

#endif
