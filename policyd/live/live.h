/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is found while sessions are open: the machine is looked at from time to
 * time, and at once when a device comes. A sign that was not in the picture
 * before is new for every session that is open by then; whoever logs in later
 * is decided by it.
 */
#ifndef FG_LIVE_H
#define FG_LIVE_H

#include <stdint.h>

#include "policyd/daemon.h"
#include "policyd/decide/decide.h"

struct live;

/* Sessions and scanner are there. Returns 0 or FG_ERR_NOMEM. */
int	live_start(struct daemon *daemon);
void	live_stop(struct daemon *daemon);

/* A picture has come, or is the same as before. */
void	live_looked(struct daemon *daemon);
/* A device has come or gone. */
void	live_news(struct daemon *daemon);
/* There are new rules, which may say that it is to be looked more often. */
void	live_reloaded(struct daemon *daemon);

#endif
