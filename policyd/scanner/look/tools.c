/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who has many processes of a tool's name has no more room than others: his
 * own weakest ones make room for his stronger ones, and nobody else's do.
 */
#include "policyd/scanner/look/tools.h"

#include <string.h>

#include "policyd/scanner/picture.h"

static size_t
bit_of(int32_t pid)
{
	return (size_t)pid % 65536;
}

static void
mark(struct tools *tools, int32_t pid)
{
	tools->has[bit_of(pid) / 8] |= (uint8_t)(1u << bit_of(pid) % 8);
}

struct tool *
tools_find(struct tools *tools, int32_t pid)
{
	size_t i;

	if ((tools->has[bit_of(pid) / 8] & 1u << bit_of(pid) % 8) == 0)
		return NULL;
	for (i = 0; i < tools->n; i++)
		if (tools->tool[i].pid == pid)
			return &tools->tool[i];
	return NULL;
}

uint32_t
tools_confidence(const struct tool *tool)
{
	uint32_t best = tool->hidden != HIDDEN_NOT ? SIGN_BY_BEHAVIOUR :
						     SIGN_CONFIDENCE_NONE;
	size_t i;

	for (i = 0; i < tool->nhits; i++)
		if (tool->hit[i].confidence > best)
			best = tool->hit[i].confidence;
	return best;
}

/* Nobody's makes room but for who counts more. */
static uint32_t
weight(const struct tool *tool)
{
	return (tool->real_uid == 0 ? 256u : 0u) + tools_confidence(tool);
}

/* The weakest of one user's, or of all; ret_n is how many those are. */
static struct tool *
weakest(struct tools *tools, bool all, uint32_t uid, size_t *ret_n)
{
	struct tool *t, *found = NULL;
	size_t i;

	*ret_n = 0;
	for (i = 0; i < tools->n; i++) {
		t = &tools->tool[i];
		if (!all && t->real_uid != uid)
			continue;
		(*ret_n)++;
		if (found == NULL || weight(t) < weight(found))
			found = t;
	}
	return found;
}

/* Where a new one may go; NULL: nowhere. */
static struct tool *
make_room(struct tools *tools, const struct tool *tool)
{
	struct tool *own;
	size_t n;

	own = weakest(tools, false, tool->real_uid, &n);
	if (tools->n < TOOLS_MAX && (n < TOOLS_OF_USER || tool->real_uid == 0))
		return &tools->tool[tools->n++];
	tools->lost = true;
	if (n < TOOLS_OF_USER)
		own = weakest(tools, true, 0, &n);
	return own != NULL && weight(own) < weight(tool) ? own : NULL;
}

/* The walk may have met its children before it. */
static void
keep_children(const struct tool *old, struct tool *tool)
{
	size_t i, k;

	if (old->pid != tool->pid || old->start != tool->start)
		return;
	for (i = 0; i < tool->nhits; i++)
		for (k = 0; k < old->nhits; k++) {
			if (old->hit[k].entry != tool->hit[i].entry)
				continue;
			tool->hit[i].child = old->hit[k].child;
			tool->hit[i].child_start = old->hit[k].child_start;
			memcpy(tool->hit[i].child_name, old->hit[k].child_name,
			    sizeof(tool->hit[i].child_name));
		}
}

void
tools_put(struct tools *tools, struct tool *tool)
{
	struct tool *place;

	if ((place = tools_find(tools, tool->pid)) != NULL)
		keep_children(place, tool);
	else if ((place = make_room(tools, tool)) == NULL)
		return;
	*place = *tool;
	mark(tools, tool->pid);
}

static void
mark_all(struct tools *tools)
{
	size_t i;

	memset(tools->has, 0, sizeof(tools->has));
	for (i = 0; i < tools->n; i++)
		mark(tools, tools->tool[i].pid);
}

void
tools_sweep(struct tools *tools, tools_keep_fn keep, void *arg)
{
	size_t i, n = 0;

	for (i = 0; i < tools->n; i++) {
		if (!keep(&tools->tool[i], arg))
			continue;
		if (n != i)
			tools->tool[n] = tools->tool[i];
		n++;
	}
	tools->n = n;
	mark_all(tools);
}

void
tools_clear(struct tools *tools)
{
	tools->n = 0;
	mark_all(tools);
}
