/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a running daemon can go over to another configuration: it reads only
 * from folders that were open to it when it started, and goes on with the
 * audit file, the state folder and the scanner that it has.
 */
#ifndef FG_RELOAD_CHECK_H
#define FG_RELOAD_CHECK_H

#include <stdbool.h>

#include "policyd/ruleset.h"

/*
 * The folders that hold the configuration and what it names, for landlock and
 * for the test below. NULL when out of memory; free with reload_folders_free.
 */
char	**reload_folders(const struct conf *conf);

/* Forget those that are not there: nothing can permit what does not exist. */
void	  reload_folders_existing(char **folders);
void	  reload_folders_free(char **folders);

/* Each returns 0, FG_ERR_NOMEM, or FG_ERR_CONFIG with the reason in errors. */
int	reload_check_folders(char *const *open, const struct conf *conf,
	    struct conf_errors *errors);
int	reload_check_fixed(const struct conf *old, const struct conf *new,
	    struct conf_errors *errors);
int	reload_check_catalogue(const struct ruleset *old,
	    const struct ruleset *new, struct conf_errors *errors);
/* Both have been mapped. */
int	reload_check_databases(const struct ruleset *old,
	    const struct ruleset *new, struct conf_errors *errors);

#endif
