/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system log has it even while the daemon is dead. The words are this
 * program's own; names of services are plain ones.
 */
#include "ctl/rollout/note.h"

#include <syslog.h>

#include "ctl/rollout/caller.h"

/* Of the services. */
struct names {
	const char *v[PENDING_SERVICES_MAX];
	size_t n;
};

static void
tell_log(const struct note *note, const struct names *names)
{
	struct caller caller;

	caller_find(&caller);
	openlog("farmgatectl", LOG_PID, LOG_AUTHPRIV);
	for (size_t i = 0; i < names->n; i++)
		syslog(note->done ? LOG_NOTICE : LOG_ALERT,
		    "gate: %s%s service=%s%s%s by=%s: %s", note->action,
		    note->done ? "" : " FAILED", names->v[i],
		    note->mode[0] != '\0' ? " mode=" : "", note->mode,
		    caller.user, note->why);
	closelog();
}

/* A daemon that is not there, or hangs, is no news here: at a start of the
 * machine sshd waits for this. */
static void
tell_daemon(const struct note *note, const struct names *names)
{
	static const struct ctl_stream quiet = { .is_brief = true,
		.is_quiet = true };
	struct json *command = json_new(), *list, *report;
	int status;

	json_set_string(command, "do", "rollout");
	json_set_string(command, "action", note->action);
	json_set_string(command, "mode", note->mode);
	list = json_set_array(command, "services");
	for (size_t i = 0; i < names->n; i++)
		json_add_string(list, names->v[i]);
	(void)ctl_command(note->ctl, command, &quiet, &report, &status);
	json_free(report);
}

static void
tell(const struct note *note, const struct names *names)
{
	tell_log(note, names);
	if (note->done)
		tell_daemon(note, names);
}

void
note_pending(const struct note *note, const struct pending *pending)
{
	struct names names = { .n = 0 };

	for (; names.n < pending->n; names.n++)
		names.v[names.n] = pending->files[names.n].service;
	tell(note, &names);
}

void
note_plans(const struct note *note, const struct plan *plans, size_t n)
{
	struct names names = { .n = 0 };

	for (; names.n < n; names.n++)
		names.v[names.n] = plans[names.n].service;
	tell(note, &names);
}
