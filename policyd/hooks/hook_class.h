/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hooks can be told of: one class an event, and one program a class.
 * The daemon, the hook service and the manual use these names; a program's
 * file has the name of its class.
 */
#ifndef FG_HOOK_CLASS_H
#define FG_HOOK_CLASS_H

enum hook_class {
	HOOK_NONE = 0,
	HOOK_APPROVAL,		/* a login waits for a second person */
	HOOK_LIVE,		/* something was found on an open session */
	HOOK_ANCHOR,		/* the audit log was anchored, or cannot be */
	HOOK_COUNT
};

/* "approval"; "none". Static. */
const char	*hook_class_name(enum hook_class cls);

/* HOOK_NONE if there is no such name. */
enum hook_class	 hook_class_by_name(const char *name);

#endif
