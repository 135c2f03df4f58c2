/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Root does not read the store itself: its folder is another user's.
 */
#include "ctl/keeper.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "proto/result.h"

int
keeper_find(const char *command, const char *folder, struct priv_ids *ret_ids,
    bool *ret_as_daemon, bool *ret_there)
{
	struct stat st;
	int r;

	*ret_as_daemon = false;
	*ret_there = true;
	if (geteuid() != 0)
		return CTL_OK;
	if ((r = priv_lookup_user(CTL_DAEMON_USER, ret_ids)) == 0) {
		*ret_as_daemon = true;
		return CTL_OK;
	}
	if (stat(folder, &st) != 0 && errno == ENOENT) {
		*ret_there = false;
		return CTL_OK;
	}
	ctl_complain("%s: cannot answer: %s: root does not read it but as "
		     "user %s, who cannot be had: %s; use farmgatectl person",
	    command, folder, CTL_DAEMON_USER, fg_strerror(r));
	return CTL_ERROR;
}
