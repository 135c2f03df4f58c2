/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system log has it even while the daemon is dead. The words are this
 * program's own; names of services are plain ones.
 */
#include "ctl/rollout/note.h"

#include <syslog.h>
#include <unistd.h>

#include "ctl/rollout/caller.h"

static void
note_service(const char *what, const char *why, const char *service)
{
	struct caller caller;

	caller_find(&caller);
	openlog("farmgatectl", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "gate %s service=%s by=%s: %s", what, service,
	    caller.user, why);
	closelog();
}

void
note_change(const char *what, const char *why, const struct pending *pending)
{
	for (size_t i = 0; i < pending->n; i++)
		note_service(what, why, pending->files[i].service);
}

void
note_plans(const char *what, const char *why, const struct plan *plans,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		note_service(what, why, plans[i].service);
}
