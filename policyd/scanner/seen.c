/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of bounded size and bounded search: a login waits for seen_add().
 * A number that is used again has a place of its own, for what the earlier
 * process left behind may still be there.
 */
#include "policyd/scanner/seen.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static size_t
seen_index(int32_t pid, size_t way)
{
	return ((size_t)pid + way) % SEEN_SLOTS;
}

static bool
seen_is(const struct seen_process *slot, int32_t pid, uint64_t start)
{
	return slot->process.pid == pid && slot->process.start == start;
}

void
seen_add(struct seen *seen, const struct fact_peer *peer)
{
	struct seen_process *slot, *place = NULL;
	size_t way;

	for (way = 0; way < SEEN_WAYS; way++) {
		slot = &seen->slot[seen_index(peer->pid, way)];
		if (seen_is(slot, peer->pid, peer->start)) {
			place = slot;
			break;
		}
		/* An empty one is older than any. */
		if (place == NULL || slot->order < place->order)
			place = slot;
	}
	place->process.pid = peer->pid;
	place->process.start = peer->start;
	place->order = ++seen->order;
	place->audit_session = peer->audit_session;
	memcpy(place->cgroup, peer->cgroup, sizeof(place->cgroup));
}

const struct seen_process *
seen_find(const struct seen *seen, const struct fact_process *who)
{
	const struct seen_process *slot;
	size_t way;

	for (way = 0; way < SEEN_WAYS && who->pid > 1 && who->start != 0;
	     way++) {
		slot = &seen->slot[seen_index(who->pid, way)];
		if (seen_is(slot, who->pid, who->start))
			return slot;
	}
	return NULL;
}
