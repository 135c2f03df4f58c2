/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login waits for this: a handful of processes, each looked at once. Scans
 * know only one process of a tool for each user, and any of them may be it.
 */
#include "policyd/scanner/look/steered.h"

#include <string.h>

#include "policyd/scanner/look/owner.h"

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

void
steered_find(struct processes *processes, const struct match *match,
    const struct fact_peer *peer, struct fact_steered *ret_steered)
{
	const struct rule_entry *entry;
	const struct tool_hit *hit;
	struct tool tool;
	bool whole;
	size_t i;

	memset(ret_steered, 0, sizeof(*ret_steered));
	for (i = 0; i < peer->ancestors; i++) {
		hit = NULL;
		if (process_look(processes, match, &peer->ancestor[i], &tool,
			&whole) == SUSPECT_TOOL)
			hit = steering_hit(match, &tool);
		if (hit == NULL) {
			ret_steered->late |= !whole ? 1u : 0u;
			continue;
		}
		entry = &match->rules->entry[hit->entry];
		ret_steered->kind = (enum entry_kind)entry->kind;
		ret_steered->confidence = (enum sign_confidence)hit->confidence;
		ret_steered->owner = owner_of(&tool, hit);
		ret_steered->pid = tool.pid;
		sign_text(ret_steered->what, sizeof(ret_steered->what),
		    entry->name);
		return;
	}
}
