/* SPDX-License-Identifier: BSD-2-Clause */
/* The events that hooks are run for. */
#include "policyd/hooks/hook_class.h"

#include <string.h>

/* Those that do not gather are each something to be done, or are covered by
 * the next one. */
static const struct class {
	const char *name;
	enum hook_rank rank;
	bool gathers;
} classes[HOOK_COUNT] = {
	[HOOK_NONE] = { "none", HOOK_LOW, false },
	[HOOK_APPROVAL] = { "approval", HOOK_MIDDLE, false },
	[HOOK_LIVE] = { "live", HOOK_CRITICAL, false },
	[HOOK_ANCHOR] = { "anchor", HOOK_LOW, false },
	[HOOK_DENIED] = { "denied", HOOK_LOW, true },
	[HOOK_NEW_DEVICE] = { "new_device", HOOK_MIDDLE, true },
	[HOOK_REMOTE_CONTROL] = { "remote_control", HOOK_MIDDLE, true },
	[HOOK_REVOKED_LOGIN] = { "revoked_login", HOOK_CRITICAL, true },
	[HOOK_BREAKGLASS] = { "breakglass", HOOK_CRITICAL, true },
	[HOOK_CHAIN_BROKEN] = { "chain_broken", HOOK_CRITICAL, true },
	[HOOK_AUDIT_UNWRITABLE] = { "audit_unwritable", HOOK_CRITICAL, true },
	[HOOK_LOST] = { "lost", HOOK_CRITICAL, true },
};

static const struct class *
class_of(enum hook_class cls)
{
	return &classes[cls > HOOK_NONE && cls < HOOK_COUNT ? cls : HOOK_NONE];
}

const char *
hook_class_name(enum hook_class cls)
{
	return class_of(cls)->name;
}

enum hook_class
hook_class_by_name(const char *name)
{
	int i;

	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		if (strcmp(classes[i].name, name) == 0)
			return (enum hook_class)i;
	return HOOK_NONE;
}

enum hook_rank
hook_class_rank(enum hook_class cls)
{
	return class_of(cls)->rank;
}

bool
hook_class_gathers(enum hook_class cls)
{
	return class_of(cls)->gathers;
}
