/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each question puts off by one interval the time when all of them are paid
 * for; who is more than a burst of intervals ahead has to wait.
 */
#include "policyd/witness/pace.h"

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool
is_ahead(int64_t due_ms, int64_t now_ms, unsigned int burst, int interval_ms)
{
	return due_ms - now_ms > (int64_t)(burst - 1) * interval_ms;
}

static int64_t *
find_uid(struct pace *pace, uint32_t uid)
{
	size_t i, least = 0;

	for (i = 0; i < pace->n; i++) {
		if (pace->uids[i].uid == uid)
			return &pace->uids[i].due_ms;
		if (pace->uids[i].due_ms < pace->uids[least].due_ms)
			least = i;
	}
	if (pace->n < PACE_UIDS)
		least = pace->n++;
	pace->uids[least].uid = uid;
	pace->uids[least].due_ms = 0;
	return &pace->uids[least].due_ms;
}

bool
pace_take(struct pace *pace, uint32_t uid, int64_t now_ms)
{
	bool shared = uid >= PACE_SHARED_UID;
	int64_t *due_ms;

	if (shared && is_ahead(pace->due_ms, now_ms, PACE_BURST, PACE_MS))
		return false;
	due_ms = find_uid(pace, uid);
	if (is_ahead(*due_ms, now_ms, PACE_UID_BURST, PACE_UID_MS))
		return false;
	*due_ms = later(*due_ms, now_ms) + PACE_UID_MS;
	if (shared)
		pace->due_ms = later(pace->due_ms, now_ms) + PACE_MS;
	return true;
}
