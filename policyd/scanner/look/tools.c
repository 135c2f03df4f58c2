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

/* The weakest of one person's, or of all; ret_n is how many those are. */
static struct tool *
weakest(struct tools *tools, bool all, uint32_t person, size_t *ret_n)
{
	struct tool *t, *found = NULL;
	size_t i;

	*ret_n = 0;
	for (i = 0; i < tools->n; i++) {
		t = &tools->tool[i];
		if (!all && t->person != person)
			continue;
		(*ret_n)++;
		if (found == NULL || weight(t) < weight(found))
			found = t;
	}
	return found;
}

static bool
has_entry(const struct tool *tool, uint32_t entry)
{
	size_t i;

	for (i = 0; i < tool->nhits; i++)
		if (tool->hit[i].entry == entry)
			return true;
	return false;
}

/* One of the same person's tells all that this one does. */
static bool
is_told(const struct tools *tools, const struct tool *tool)
{
	const struct tool *t;
	size_t i, k;

	for (i = 0; i < tools->n; i++) {
		t = &tools->tool[i];
		if (t == tool || t->person != tool->person ||
		    weight(t) < weight(tool) ||
		    (tool->hidden != HIDDEN_NOT && t->hidden != tool->hidden))
			continue;
		for (k = 0; k < tool->nhits; k++)
			if (!has_entry(t, tool->hit[k].entry))
				break;
		if (k == tool->nhits)
			return true;
	}
	return false;
}

static struct tool *
find_told(struct tools *tools, uint32_t person)
{
	size_t i;

	for (i = 0; i < tools->n; i++)
		if (tools->tool[i].person == person &&
		    is_told(tools, &tools->tool[i]))
			return &tools->tool[i];
	return NULL;
}

/* What is lost of a person's own says nothing of others' logins. */
static void
note_lost(struct tools *tools, const struct tool *tool)
{
	uint32_t person = tool->real_uid == 0 ? 0 : tool->person;
	size_t i;

	for (i = 0; i < tools->nlost_uids; i++)
		if (tools->lost_uid[i] == person)
			return;
	if (person == 0 || tools->nlost_uids == TOOLS_LOST_UIDS)
		tools->lost = true;
	else
		tools->lost_uid[tools->nlost_uids++] = person;
}

/*
 * Where a new one may go; NULL: nowhere. Many of one tool are no reason that
 * another one is not seen.
 */
static struct tool *
make_room(struct tools *tools, const struct tool *tool)
{
	struct tool *own, *told;
	size_t n;

	own = weakest(tools, false, tool->person, &n);
	if (tools->n < TOOLS_MAX && (n < TOOLS_OF_USER || tool->person == 0))
		return &tools->tool[tools->n++];
	if (n < TOOLS_OF_USER)
		own = weakest(tools, true, 0, &n);
	if (is_told(tools, tool)) {
		note_lost(tools, tool);
		return NULL;
	}
	if ((told = find_told(tools, tool->person)) != NULL)
		own = told;
	else if (own == NULL || weight(own) >= weight(tool))
		own = NULL;
	note_lost(tools, own != NULL ? own : tool);
	return own;
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

void
tools_begin(struct tools *tools)
{
	tools->lost = false;
	tools->nlost_uids = 0;
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
