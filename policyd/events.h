/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon does when its scanner or its sessions have something to
 * say: whom it tells, and what it writes down.
 */
#ifndef FG_EVENTS_H
#define FG_EVENTS_H

#include "policyd/daemon.h"
#include "policyd/machine/scanlink.h"

/* To be made with; both call back with the daemon as their argument. */
struct session_calls	events_of_sessions(struct daemon *daemon);
struct scanlink_calls	events_of_scanner(struct daemon *daemon);

#endif
