/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hooks can be told of: one class an event, and one program a class.
 * The daemon, the hook service and the manual use these names; a program's
 * file has the name of its class.
 */
#ifndef FG_HOOK_CLASS_H
#define FG_HOOK_CLASS_H

#include <stdbool.h>

enum hook_class {
	HOOK_NONE = 0,
	HOOK_APPROVAL,		/* a login waits for a second person */
	HOOK_LIVE,		/* something was found on an open session */
	HOOK_ANCHOR,		/* the audit log was anchored, or cannot be */
	/* Of logins, of which one is told as the last of these that it is. */
	HOOK_DENIED,		/* it was refused */
	HOOK_NEW_DEVICE,	/* from another device than it should be */
	HOOK_REMOTE_CONTROL,	/* where somebody else may steer */
	HOOK_REVOKED_LOGIN,	/* by whoever may not any more */
	/* Others. */
	HOOK_BREAKGLASS,	/* break-glass was used */
	HOOK_CHAIN_BROKEN,	/* the audit log was damaged or replaced */
	HOOK_AUDIT_UNWRITABLE,	/* a record could not be written */
	HOOK_LOST,		/* events before came to nobody */
	HOOK_COUNT
};

/* What is left out first where not all can be told. */
enum hook_rank {
	HOOK_LOW = 0,		/* whoever can ask for a login can cause it */
	HOOK_MIDDLE,
	HOOK_CRITICAL,
	HOOK_RANKS
};

/* The program of each class that has none of its own. */
#define HOOK_DEFAULT	"default"

/* "approval"; "none". Static. */
const char	*hook_class_name(enum hook_class cls);

/* HOOK_NONE if there is no such name. */
enum hook_class	 hook_class_by_name(const char *name);

enum hook_rank	 hook_class_rank(enum hook_class cls);

/* Whether what waits of one source becomes one event, with their number. */
bool		 hook_class_gathers(enum hook_class cls);

#endif
