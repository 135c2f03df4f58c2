/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table with open addressing. Numbers are handed out one after the other,
 * and so are slots: neighbours do not collide.
 */
#include "policyd/scanner/members.h"

/* The one with this number, or the empty one where it belongs. */
static size_t
members_find(const struct members *members, int32_t pid)
{
	size_t i = (size_t)pid % MEMBERS_SLOTS;

	while (members->slot[i].pid != 0 && members->slot[i].pid != pid)
		i = (i + 1) % MEMBERS_SLOTS;
	return i;
}

bool
members_add(struct members *members, int32_t pid, uint64_t start)
{
	struct members_slot *slot = &members->slot[members_find(members, pid)];

	if (slot->pid == 0 && members->n >= MEMBERS_MAX)
		return false;
	if (slot->pid == 0)
		members->n++;
	slot->pid = pid;
	slot->start = start;
	return true;
}

bool
members_get(const struct members *members, int32_t pid, uint64_t *ret_start)
{
	const struct members_slot *slot =
	    &members->slot[members_find(members, pid)];

	*ret_start = slot->start;
	return slot->pid != 0;
}

bool
members_has(const struct members *members, int32_t pid, uint64_t start)
{
	uint64_t have;

	return members_get(members, pid, &have) && have == start;
}
