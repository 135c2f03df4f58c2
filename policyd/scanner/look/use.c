/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In use or idle: remote-control services mostly run all the time, and only
 * some of that time somebody is there.
 */
#include "policyd/scanner/look/use.h"

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/tie.h"

/* From here on a port of this machine may be a connection's own. */
#define USE_EPHEMERAL 32768u

/*
 * A socket has the uid that its maker had, which may have given root up since;
 * then its cgroup has to say that it is this one's.
 */
static bool
is_tied(const struct tool *tool, const struct socket_one *s)
{
	bool known = tool->cgroup_id != 0 && s->cgroup_id > 1;

	if (tool->net != s->net)
		return false;
	if (known && tool->cgroup_id != s->cgroup_id)
		return false;
	/* A set-uid program is no reason to have all of root's. */
	if (s->uid == 0)
		return known || tool->person == 0;
	return s->uid == tool->effective_uid || s->uid == tool->real_uid;
}

static const struct socket_one *
first_of(const struct socket_one *found, const struct socket_one *s)
{
	return found != NULL ? found : s;
}

/* The tool listens there itself. */
static bool
is_open(const struct tool *tool, const struct sockets *sockets,
    const struct socket_one *takes)
{
	const struct socket_one *s;
	size_t i;

	for (i = 0; i < sockets->n; i++) {
		s = &sockets->one[i];
		if (s->role == SOCKET_LISTENS && s->udp == takes->udp &&
		    s->port == takes->port && is_tied(tool, s))
			return true;
	}
	return false;
}

/*
 * An ordinary program's ports are told of nobody: it has to be certain that
 * they are its own, and in a login's session a user's others are beside it.
 */
static bool
may_claim(const struct scan *scan, const struct tool *tool,
    const struct tool_hit *hit, const struct socket_one *s)
{
	if (scan->match->rules->entry[hit->entry].kind != ENTRY_ORDINARY)
		return true;
	return tool->cgroup_id != 0 && tool->cgroup_id == s->cgroup_id &&
	    !tie_is_scope(tool->cgroup);
}

/*
 * A port that is a tool's is no other entry's, and the tool may be approved.
 * Names, arguments and paths of a namespace of one's own are a user's choice,
 * and take no port away.
 */
static bool
is_certain(const struct tool *tool, const struct tool_hit *hit)
{
	return owner_is_units(tool->person) ||
	    (hit->confidence == SIGN_BY_IDENTITY && tool->at_path);
}

static void
claim(struct socket_one *s, bool certain, struct use *use)
{
	s->claimed |= certain;
	if (s->role == SOCKET_LISTENS)
		use->listens = first_of(use->listens, s);
	else if (s->role == SOCKET_TAKES)
		use->takes = first_of(use->takes, s);
	else
		use->reaches = first_of(use->reaches, s);
}

/* It listens there, or has taken this where it does. */
static bool
is_extra(const struct scan *scan, const struct tool *tool,
    const struct tool_hit *hit, const struct sockets *sockets,
    const struct socket_one *s)
{
	const struct socket_one *o;
	size_t i;

	if (s->role == SOCKET_LISTENS)
		return extra_is_of(scan->match, tool, hit, s);
	if (s->role != SOCKET_TAKES || s->udp ||
	    (!tool->alone && tool->nports == 0))
		return false;
	for (i = 0; i < sockets->n; i++) {
		o = &sockets->one[i];
		if (o->role == SOCKET_LISTENS && o->port == s->port &&
		    is_tied(tool, o) && extra_is_of(scan->match, tool, hit, o))
			return true;
	}
	return false;
}

static bool
is_its_own(const struct scan *scan, const struct tool *tool,
    const struct tool_hit *hit, const struct sockets *sockets,
    const struct socket_one *s)
{
	enum rule_kind kind =
	    s->role == SOCKET_REACHES ? RULE_RELAY : RULE_LISTEN;

	if (!is_tied(tool, s) || !may_claim(scan, tool, hit, s))
		return false;
	if (is_extra(scan, tool, hit, sockets, s))
		return true;
	return match_port(scan->match, hit->entry, kind, s->udp, s->port) &&
	    (s->role != SOCKET_TAKES || s->port < USE_EPHEMERAL ||
		is_open(tool, sockets, s));
}

static void
find_sockets(const struct scan *scan, const struct tool *tool,
    const struct tool_hit *hit, struct sockets *sockets, struct use *use)
{
	size_t i;

	if (!match_has(scan->match, hit->entry,
		MATCH_KIND(RULE_LISTEN) | MATCH_KIND(RULE_RELAY)))
		return;
	for (i = 0; i < sockets->n; i++)
		if (is_its_own(scan, tool, hit, sockets, &sockets->one[i]))
			claim(&sockets->one[i], is_certain(tool, hit), use);
}

/*
 * Who chooses a child's name is the parent, and answers for its own alone: a
 * set-uid program is another's, and root's is that of whoever has started it.
 */
static bool
may_name(const struct tool *parent, const struct tool *tool)
{
	if (parent->real_uid == tool->real_uid &&
	    parent->effective_uid == tool->effective_uid)
		return true;
	return parent->real_uid == 0 && parent->effective_uid == 0 &&
	    (parent->person == 0 || parent->person == tool->person);
}

/* A mere name, given by who is known to be the tool. */
static bool
is_tools_child(struct tools *tools, const struct tool *tool, uint32_t entry)
{
	const struct tool *parent = tools_find(tools, tool->ppid);
	size_t i;

	if (parent == NULL || parent->start > tool->start ||
	    !may_name(parent, tool))
		return false;
	for (i = 0; i < parent->nhits; i++)
		if (parent->hit[i].entry == entry &&
		    parent->hit[i].confidence >= SIGN_BY_COMPOSITION)
			return true;
	return false;
}

void
use_find(const struct scan *scan, struct tools *tools, const struct tool *tool,
    const struct tool_hit *hit, struct sockets *sockets, struct use *ret_use)
{
	uint32_t how = scan->match->rules->entry[hit->entry].active;
	bool named = is_tools_child(tools, tool, hit->entry);
	struct use *use = ret_use;

	*use = (struct use){ .confidence = hit->confidence };
	find_sockets(scan, tool, hit, sockets, use);
	if (use->confidence == SIGN_BY_NAME &&
	    (named || use->listens != NULL || use->takes != NULL ||
		use->reaches != NULL))
		use->confidence = SIGN_BY_COMPOSITION;
	if ((how & RULE_ACTIVE_LISTEN) == 0)
		use->takes = NULL;
	if ((how & RULE_ACTIVE_RELAY) == 0)
		use->reaches = NULL;
	use->child = hit->child;
	/* The name of a process in use makes no more certain than a name. */
	use->active = (how & RULE_ACTIVE_RUNNING) != 0 || use->child != 0 ||
	    (hit->active &&
		(!hit->by_comm || named || use->confidence == SIGN_BY_NAME));
	use->by_socket =
	    !use->active && (use->takes != NULL || use->reaches != NULL);
	use->active |= use->by_socket;
}
