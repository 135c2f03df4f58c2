/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's end of hooks.sock: events go out as datagrams, and nobody waits
 * for what becomes of them. There need be no hook service. Where one is too
 * slow, some events wait; of more than that the oldest of the lowest rank are
 * lost, which is an event itself as soon as it can be told.
 */
#ifndef FG_HOOKLINK_H
#define FG_HOOKLINK_H

#include "policyd/hooks/hook_class.h"
#include "policyd/json/json.h"
#include "policyd/loop.h"

#define HOOKLINK_WAITING_MAX 256u

struct hooklink;

/* Before the sandbox: it makes a socket. Returns 0, FG_ERR_NOMEM,
 * FG_ERR_LIMIT (rundir is too long) or FG_ERR_SYSTEM. */
int	hooklink_new(struct loop *loop, const char *rundir,
	    struct hooklink **ret_link);
void	hooklink_free(struct hooklink *link);

/* The object of a new event, to which the caller adds. */
struct json *hooklink_event(enum hook_class cls);
/* Takes the event. A NULL link is fine: then nobody is told. */
void	hooklink_tell(struct hooklink *link, struct json *event);
/* The same, and nothing is lost where nobody listens. */
void	hooklink_offer(struct hooklink *link, struct json *event);

/* How many were told, wait, or were lost and why the last one was. */
void	hooklink_status(const struct hooklink *link, struct json *report);

#endif
