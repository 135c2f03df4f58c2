/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question for each tool there. Its sockets' cgroups are not told: within
 * one network of a person's the uid is enough.
 */
#include "policyd/scanner/look/netns.h"

#include <string.h>
#include <unistd.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

/* What one tool's network has at its ports. */
struct netns_seen {
	const struct scan *scan;
	const struct tool *tool;
	struct sockets *sockets;
	size_t n;
	struct procs_socket socket[READER_SOCKETS_MAX];
};

/* ---- Which network ------------------------------------------------------ */

/* Out of "net:[4026531840]"; 0: nobody knows. */
static uint64_t
net_of(int folder, const char *name)
{
	char link[64], *number;
	uint64_t v;

	if (procs_read_link(folder, name, link, sizeof(link)) != 0 ||
	    (number = strchr(link, '[')) == NULL)
		return 0;
	number++;
	number[strcspn(number, "]")] = '\0';
	return text_parse_uint(number, 1, UINT64_MAX, &v) == 0 ? v : 0;
}

static uint64_t
net_of_tool(const struct tool *tool)
{
	struct procs_stat st;
	uint64_t net = 0;
	int folder;

	if ((folder = procs_open(tool->pid)) == -1)
		return 0;
	if (procs_read_stat(folder, "stat", &st) == 0 &&
	    st.start == tool->start)
		net = net_of(folder, "ns/net");
	(void)close(folder); /* an O_PATH descriptor */
	return net;
}

/* ---- Which ports -------------------------------------------------------- */

static bool
add_ports(const struct rules *rules, enum rule_kind kind, uint32_t entry,
    struct procs_ports ports[PROCS_PORTS_MAX])
{
	const struct rule *rule;
	size_t i, n = 0;

	while (ports[n].role != PROCS_PORT_NONE)
		n++;
	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++) {
		rule = &rules->rule[i];
		if (rule->entry != entry || strcmp(rule->text, "tcp") != 0)
			continue;
		if (n == PROCS_PORTS_MAX - 1)
			return false;
		ports[n++] = (struct procs_ports){
			(uint16_t)rule->low, (uint16_t)rule->high,
			kind == RULE_LISTEN ? PROCS_PORT_OWN : PROCS_PORT_PEER
		};
	}
	return true;
}

/* False: they are too many. */
static bool
ports_of(const struct scan *scan, const struct tool *tool,
    struct procs_ports ports[PROCS_PORTS_MAX])
{
	const struct rules *rules = scan->match->rules;
	size_t i;

	memset(ports, 0, PROCS_PORTS_MAX * sizeof(*ports));
	for (i = 0; i < tool->nhits; i++)
		if (!add_ports(rules, RULE_LISTEN, tool->hit[i].entry, ports) ||
		    !add_ports(rules, RULE_RELAY, tool->hit[i].entry, ports))
			return false;
	return true;
}

/* ---- Which sockets ------------------------------------------------------ */

static bool
is_other_end(const struct procs_socket *a, const struct procs_socket *b)
{
	return a->own_port == b->peer_port && a->peer_port == b->own_port &&
	    memcmp(a->own, b->peer, sizeof(a->own)) == 0 &&
	    memcmp(a->peer, b->own, sizeof(a->own)) == 0;
}

/* As of calls.h: a call from within the network is somebody's. */
static bool
may_count(const struct netns_seen *seen, const struct procs_socket *s)
{
	uint32_t uid;
	size_t i;

	for (i = 0; i < seen->n; i++) {
		if (!is_other_end(&seen->socket[i], s))
			continue;
		uid = seen->socket[i].uid;
		return uid == 0 || uid == seen->scan->picture->seat_uid ||
		    uid == s->uid || uid == seen->tool->person;
	}
	return true;
}

static void
add(const struct netns_seen *seen, const struct procs_socket *from,
    enum socket_role role, uint16_t port)
{
	struct socket_one s = { .role = role,
		.port = port,
		.peer_port = from->peer_port,
		.uid = from->uid,
		.net = seen->tool->net };

	memcpy(s.own.b, from->own, sizeof(from->own));
	memcpy(s.peer.b, from->peer, sizeof(from->peer));
	socket_add(seen->sockets, &s, seen->scan->picture);
}

static void
add_socket(const struct netns_seen *seen, const struct procs_socket *s)
{
	const struct match *match = seen->scan->match;
	bool own = match_has_port(&match->listen_tcp, s->own_port);

	if (!s->taken)
		return;
	if (s->state == PROCS_LISTEN && own)
		add(seen, s, SOCKET_LISTENS, s->own_port);
	if (s->state != PROCS_ESTABLISHED)
		return;
	if (own && may_count(seen, s))
		add(seen, s, SOCKET_TAKES, s->own_port);
	if (match_has_port(&match->relay, s->peer_port))
		add(seen, s, SOCKET_REACHES, s->peer_port);
}

/* ---- All of them -------------------------------------------------------- */

static void
lose(const struct scan *scan, const struct tool *tool)
{
	owner_lose(scan->picture, tool->person, PICTURE_SOCKETS);
	scan->carry->missing |= owner_is_units(tool->person) ||
	    tool->person == scan->picture->seat_uid;
}

static void
look_at(const struct scan *scan, const struct tool *tool,
    struct sockets *sockets)
{
	const struct fact_process who = { .pid = tool->pid,
		.start = tool->start };
	struct netns_seen seen = {
		.scan = scan, .tool = tool, .sockets = sockets
	};
	struct procs_ports ports[PROCS_PORTS_MAX];
	size_t i;
	int r = FG_ERR_LIMIT;

	if (ports_of(scan, tool, ports))
		r = reader_sockets(&who, ports, seen.socket, &seen.n);
	for (i = 0; i < seen.n; i++)
		add_socket(&seen, &seen.socket[i]);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		lose(scan, tool);
}

static bool
has_ports(const struct scan *scan, const struct tool *tool)
{
	size_t i;

	for (i = 0; i < tool->nhits; i++)
		if (match_has(scan->match, tool->hit[i].entry,
			MATCH_KIND(RULE_LISTEN) | MATCH_KIND(RULE_RELAY)))
			return true;
	return false;
}

/* Whoever has many of them takes nobody else's time. */
static bool
has_room(const struct tools *tools, size_t before)
{
	uint32_t person = tools->tool[before].person;
	size_t i, n = 0;

	for (i = 0; i < before && person != 0 && n < NETNS_OF_PERSON; i++)
		n += tools->tool[i].person == person && tools->tool[i].net != 0;
	return n < NETNS_OF_PERSON;
}

void
netns_look(const struct scan *scan, struct tools *tools,
    struct sockets *sockets)
{
	uint64_t own = net_of(procs_folder(), "self/ns/net"), net;
	struct tool *tool;
	size_t i;

	for (i = 0; i < tools->n; i++) {
		tool = &tools->tool[i];
		tool->net = 0;
		if (own == 0 || !has_ports(scan, tool) ||
		    (net = net_of_tool(tool)) == 0 || net == own)
			continue;
		tool->net = net;
		if (walk_now_ns() >= scan->until_ns) {
			scan->picture->cut |= PICTURE_SOCKETS;
			scan->carry->missing = true;
		} else if (has_room(tools, i))
			look_at(scan, tool, sockets);
		else
			lose(scan, tool);
	}
}
