/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login waits for this: a handful of processes, each looked at once. Scans
 * know only one process of a tool for each user, and any of them may be it.
 */
#include "policyd/scanner/look/steered.h"

#include <string.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/scanner.h"
#include "policyd/scanner/walk.h"
#include "proto/result.h"

/*
 * Ancestors that are looked at beyond those that are remembered: few enough for
 * who has a longer chain made to hold up nobody else's login.
 */
#define STEERED_FURTHER 96u

static const struct tool_hit *
steering_hit(const struct match *match, const struct tool *tool)
{
	const struct tool_hit *hit, *found = NULL;
	size_t i;

	for (i = 0; i < tool->nhits; i++) {
		hit = &tool->hit[i];
		if (match->rules->entry[hit->entry].steers !=
			ENTRY_STEERS_NONE &&
		    (found == NULL || hit->confidence > found->confidence))
			found = hit;
	}
	return found;
}

static enum sign_owner
owner_of(const struct tool *tool, const struct tool_hit *hit)
{
	const struct owner_of of = { tool->real_uid, tool->effective_uid,
		tool->login_uid, tool->cgroup, tool->lent,
		hit->confidence < SIGN_BY_IDENTITY };
	struct sign sign;

	owner_set(&of, (uint32_t)-1, &sign);
	return (enum sign_owner)sign.owner;
}

/* False: it is none, or could not be looked at. */
static bool
look_at(struct processes *processes, const struct match *match,
    const struct fact_process *who, struct fact_steered *steered)
{
	const struct tool_hit *hit = NULL;
	const struct rule_entry *entry;
	struct tool tool;
	bool whole;

	if (process_look(processes, match, who, &tool, &whole) == SUSPECT_TOOL)
		hit = steering_hit(match, &tool);
	if (hit == NULL) {
		steered->late |= !whole ? 1u : 0u;
		return false;
	}
	entry = &match->rules->entry[hit->entry];
	steered->kind = (enum entry_kind)entry->kind;
	steered->confidence = (enum sign_confidence)hit->confidence;
	steered->owner = owner_of(&tool, hit);
	steered->pid = tool.pid;
	sign_text(steered->what, sizeof(steered->what), entry->name);
	return true;
}

/* Anybody may put a long chain of shells between. */
static void
look_further(struct processes *processes, const struct match *match,
    struct fact_process who, int64_t until_ns, struct fact_steered *steered)
{
	size_t i;
	int r;

	for (i = 0; i < STEERED_FURTHER; i++) {
		if ((r = procs_find_parent(&who, &who)) == FG_ERR_NOT_FOUND)
			return;
		if (r != 0 || walk_now_ns() >= until_ns)
			break;
		if (look_at(processes, match, &who, steered))
			return;
	}
	steered->late = 1;
}

void
steered_find(struct processes *processes, const struct match *match,
    const struct fact_peer *peer, int64_t until_ns,
    struct fact_steered *ret_steered)
{
	size_t i;

	memset(ret_steered, 0, sizeof(*ret_steered));
	for (i = 0; i < peer->ancestors; i++)
		if (look_at(processes, match, &peer->ancestor[i], ret_steered))
			return;
	if (peer->cut == 0)
		return;
	if (peer->ancestors < FACT_ANCESTORS_MAX)
		ret_steered->late = 1;
	else
		look_further(processes, match, peer->ancestor[i - 1], until_ns,
		    ret_steered);
}
