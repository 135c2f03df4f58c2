/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may read the daemon's store: its own user, whom root becomes for that.
 */
#ifndef FG_CTL_KEEPER_H
#define FG_CTL_KEEPER_H

#include <stdbool.h>

#include "policyd/privilege/priv.h"

/*
 * *ret_as_daemon: a child has to become *ret_ids to look; *ret_there: there may
 * be something in the folder. Complains for the command. Returns CTL_OK, or
 * CTL_ERROR: there is something, and nobody who may read it.
 */
int	keeper_find(const char *command, const char *folder,
	    struct priv_ids *ret_ids, bool *ret_as_daemon, bool *ret_there);

#endif
