/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What else runs in a tool's cgroup has its sockets there as well: only of one
 * that is alone every port is its own. What it offers to this machine only is
 * left out then, as many tools' parts talk to each other that way.
 */
#include "policyd/scanner/look/extra.h"

#include <string.h>

#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/look/socket.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

#define EXTRA_PIDS 2048u /* bytes of a cgroup's list of processes */

static bool
may_have(const struct match *match, const struct tool_hit *hit)
{
	const struct rule_entry *entry = &match->rules->entry[hit->entry];

	return hit->confidence == SIGN_BY_IDENTITY &&
	    entry->kind != ENTRY_ORDINARY &&
	    (entry->active & RULE_ACTIVE_LISTEN) != 0 &&
	    match_has(match, hit->entry, MATCH_KIND(RULE_LISTEN));
}

static bool
is_of_entry(const struct tool *tool, uint32_t entry)
{
	size_t i;

	for (i = 0; i < tool->nhits; i++)
		if (tool->hit[i].entry == entry &&
		    tool->hit[i].confidence == SIGN_BY_IDENTITY)
			return true;
	return false;
}

/* All of them are the tool's own program, and known as that. */
static bool
are_of_entry(struct tools *tools, char *pids, uint32_t entry)
{
	const struct tool *tool;
	char *line, *end;
	uint64_t pid;

	for (line = pids; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (text_parse_uint(line, 1, INT32_MAX, &pid) != 0 ||
		    (tool = tools_find(tools, (int32_t)pid)) == NULL ||
		    !is_of_entry(tool, entry))
			return false;
	}
	return line != pids;
}

static bool
is_alone(struct tools *tools, const struct tool *tool, uint32_t entry)
{
	char pids[EXTRA_PIDS];

	return tool->cgroup_id != 0 &&
	    cgroup_processes(tool->cgroup, tool->cgroup_id, pids,
		sizeof(pids)) == 0 &&
	    are_of_entry(tools, pids, entry);
}

/* NULL: there are too many of them. */
static struct extra_person *
person_of(struct extra *extra, uint32_t uid)
{
	uint32_t i;

	for (i = 0; i < extra->npeople; i++)
		if (extra->person[i].uid == uid)
			return &extra->person[i];
	if (extra->npeople == EXTRA_PEOPLE_MAX)
		return NULL;
	extra->person[extra->npeople] = (struct extra_person){ .uid = uid };
	return &extra->person[extra->npeople++];
}

/*
 * Each port is looked for among all of the machine's sockets, and very many are
 * no filter any more: that costs everybody's scan time and room.
 */
static bool
has_port_left(struct extra *extra, uint32_t uid)
{
	struct extra_person *person;

	if (owner_is_units(uid))
		return true;
	person = person_of(extra, uid);
	return person != NULL && person->nports++ < EXTRA_PORTS_OF_PERSON;
}

static void
add_port(struct extra *extra, const struct tool *tool, uint16_t port)
{
	uint8_t bit = (uint8_t)(1u << port % 8);

	if (match_has_port(&extra->local, port) ||
	    !has_port_left(extra, tool->person))
		return;
	extra->local.bit[port / 8] |= bit;
	extra->any.bit[port / 8] |= bit;
	extra->local.any = extra->any.any = true;
}

static void
add_alone(struct extra *extra, struct tools *tools, struct tool *tool,
    uint32_t entry)
{
	struct extra_person *person = NULL;

	if (extra->nalone == EXTRA_ALONE_MAX)
		return;
	if (!owner_is_units(tool->person) &&
	    ((person = person_of(extra, tool->person)) == NULL ||
		person->nalone == EXTRA_ALONE_OF_PERSON))
		return;
	if (!is_alone(tools, tool, entry))
		return;
	tool->alone = true;
	extra->alone[extra->nalone++] = tool;
	if (person != NULL)
		person->nalone++;
}

static void
add_tool(struct extra *extra, const struct match *match, struct tools *tools,
    struct tool *tool)
{
	size_t i, k;

	for (i = 0; i < tool->nhits; i++) {
		if (!may_have(match, &tool->hit[i]))
			continue;
		for (k = 0; k < tool->nports; k++)
			add_port(extra, tool, tool->port[k]);
		if (!tool->alone)
			add_alone(extra, tools, tool, tool->hit[i].entry);
	}
}

/* Units' first: what people have is no reason that one of these is not seen. */
static void
add_tools(struct extra *extra, const struct match *match, struct tools *tools,
    bool units, int64_t until_ns)
{
	struct tool *tool;
	size_t i;

	for (i = 0; i < tools->n && walk_now_ns() < until_ns; i++) {
		tool = &tools->tool[i];
		if (owner_is_units(tool->person) == units)
			add_tool(extra, match, tools, tool);
	}
}

void
extra_begin(struct extra *extra, const struct match *match, struct tools *tools,
    int64_t until_ns)
{
	size_t i;

	extra->local = match->listen_tcp;
	extra->any = match->other;
	extra->nalone = extra->npeople = 0;
	for (i = 0; i < tools->n; i++)
		tools->tool[i].alone = false;
	add_tools(extra, match, tools, true, until_ns);
	add_tools(extra, match, tools, false, until_ns);
}

void
extra_add(struct extra *extra, const struct socket_one *listens)
{
	size_t i;

	for (i = 0; i < extra->nalone && !addr_is_loopback(&listens->own); i++)
		if (extra->alone[i]->cgroup_id == listens->cgroup_id)
			add_port(extra, extra->alone[i], listens->port);
}

bool
extra_is_of(const struct match *match, const struct tool *tool,
    const struct tool_hit *hit, const struct socket_one *listens)
{
	size_t i;

	if (listens->udp || !may_have(match, hit))
		return false;
	for (i = 0; i < tool->nports; i++)
		if (tool->port[i] == listens->port)
			return true;
	return tool->alone && !addr_is_loopback(&listens->own);
}
