/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Uses of break-glass: what the module has noted of them while the daemon
 * failed is taken into the audit log, each use once, and counted for status.
 */
#ifndef FG_POLICYD_GLASS_H
#define FG_POLICYD_GLASS_H

#include "policyd/daemon.h"

#define GLASS_SHOWN_S (INT64_C(30) * 86400) /* after the last use */

struct glass;

/*
 * Before anything else is recorded: a use whose record was written by a daemon
 * that ended in that moment is known by the log's end.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	glass_start(struct daemon *daemon);
void	glass_stop(struct daemon *daemon);

/* Take in what is new, now. It is done by itself twice a minute. */
void	glass_take(struct daemon *daemon);

/* The member "breakglass", if there is something to say. */
void	glass_status(const struct daemon *daemon, int64_t now_s,
	    struct json *status);

/* Everything that was noted is recorded, and more can be noted. */
bool	glass_is_settled(const struct daemon *daemon);

#endif
