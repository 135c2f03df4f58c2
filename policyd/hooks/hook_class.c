/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of the events that hooks are run for. */
#include "policyd/hooks/hook_class.h"

#include <string.h>

const char *
hook_class_name(enum hook_class cls)
{
	switch (cls) {
	case HOOK_APPROVAL:
		return "approval";
	case HOOK_LIVE:
		return "live";
	case HOOK_ANCHOR:
		return "anchor";
	case HOOK_NONE:
	case HOOK_COUNT:
		break;
	}
	return "none";
}

enum hook_class
hook_class_by_name(const char *name)
{
	int i;

	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		if (strcmp(hook_class_name((enum hook_class)i), name) == 0)
			return (enum hook_class)i;
	return HOOK_NONE;
}
