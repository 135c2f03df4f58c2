/* SPDX-License-Identifier: BSD-2-Clause */
#include "policyd/audit/audit_event.h"

#include <string.h>

static const char *const names[AUDIT_EVENTS] = {
	[AUDIT_DECISION] = "decision",
	[AUDIT_OPEN] = "open",
	[AUDIT_LIVE] = "live",
	[AUDIT_LEFT] = "left",
	[AUDIT_CLOSE] = "close",
	[AUDIT_WITNESS] = "witness",
	[AUDIT_START] = "start",
	[AUDIT_STOP] = "stop",
	[AUDIT_RELOAD] = "reload",
	[AUDIT_ROLLBACK] = "rollback",
	[AUDIT_BREAKGLASS] = "breakglass",
	[AUDIT_ROTATED] = "rotated",
	[AUDIT_RECOVERED] = "recovered",
	[AUDIT_EXPIRED] = "expired",
	[AUDIT_INVENTORY] = "inventory",
	[AUDIT_ASSETS] = "assets",
	[AUDIT_EXCEPTION] = "exception",
	[AUDIT_REVOCATION] = "revocation",
	[AUDIT_TOTP] = "totp",
	[AUDIT_VERIFICATION] = "verification",
	[AUDIT_ENROLMENT] = "enrolment",
	[AUDIT_BASELINE] = "baseline",
	[AUDIT_SUPPORT] = "support",
	[AUDIT_READ] = "read",
	[AUDIT_PERSON] = "person",
	[AUDIT_HOLD] = "hold",
	[AUDIT_STEPUP] = "stepup",
	[AUDIT_APPROVAL] = "approval",
	[AUDIT_BUNDLE] = "bundle",
	[AUDIT_REVIEW] = "review",
	[AUDIT_ROLLOUT] = "rollout",
	[AUDIT_TERMINATE] = "terminate",
};

const char *
audit_event_name(enum audit_event event)
{
	return names[event];
}

enum audit_event
audit_event_by_name(const char *name)
{
	unsigned event = 0;

	while (event < AUDIT_EVENTS && strcmp(name, names[event]) != 0)
		event++;
	return (enum audit_event)event;
}
