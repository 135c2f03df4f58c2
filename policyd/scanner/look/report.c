/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signs in words: which program, which process, which connection. Of command
 * lines nothing is told.
 */
#include "policyd/scanner/look/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/look/use.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

#define REPORT_PATH    72u /* of a path its end is shown */
#define REPORT_ALWAYS  64u /* that many tools take no time to tell of */
#define REPORT_FIND_NS INT64_C(3000000) /* for all cgroups' names */

/* ---- Words -------------------------------------------------------------- */

struct words {
	char text[512];
	size_t len;
};

static void add(struct words *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What does not fit is left out: the beginning matters most. */
static void
add(struct words *w, const char *fmt, ...)
{
	size_t room = sizeof(w->text) - w->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->text + w->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		w->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void
add_path(struct words *w, const char *path)
{
	size_t len = strlen(path);

	if (len > REPORT_PATH)
		add(w, "...%s", path + len - REPORT_PATH);
	else
		add(w, "%s", path[0] != '\0' ? path : "a program not known");
}

static void
add_address(struct words *w, const struct addr *addr, uint16_t port)
{
	char text[ADDR_TEXT_SIZE];

	add(w, addr_is_v4(addr) ? "%s:%u" : "[%s]:%u", addr_text(addr, text),
	    (unsigned int)port);
}

static void
add_taken(struct words *w, const struct socket_one *s)
{
	add_address(w, &s->peer, s->peer_port);
	add(w, " connected to port %u", (unsigned int)s->port);
}

static void
add_use(struct words *w, const struct use *use, const struct tool_hit *hit)
{
	if (use->takes != NULL) {
		add(w, ", ");
		add_taken(w, use->takes);
	} else if (use->reaches != NULL) {
		add(w, ", connected to ");
		add_address(w, &use->reaches->peer, use->reaches->peer_port);
	} else if (use->child != 0) {
		add(w, ", its child %s, pid %d", hit->child_name,
		    (int)use->child);
	} else if (use->listens != NULL) {
		add(w, ", listens on port %u",
		    (unsigned int)use->listens->port);
	}
}

/* What told that it is the tool, where the program alone does not. */
static void
add_rule(struct words *w, const struct tool *tool, const struct tool_hit *hit)
{
	if (hit->rule->kind == RULE_SCRIPT)
		add(w, " runs %.48s", hit->rule->text);
	else if (hit->rule->kind == RULE_COMM ||
	    hit->rule->kind == RULE_ACTIVE_COMM)
		add(w, " named %s", tool->comm);
}

/* ---- Tools -------------------------------------------------------------- */

/* said: that it is this is known by its name or its arguments. */
static void
set_process(const struct scan *scan, const struct tool *tool, bool said,
    struct sign *sign)
{
	const struct owner_of of = { tool->real_uid, tool->effective_uid,
		tool->login_uid, tool->cgroup, tool->lent, said };

	owner_set(&of, scan->picture->seat_uid, sign);
	sign->audit_session = tool->audit_session;
	sign->pid = tool->pid;
	sign->start = tool->start;
	sign->apart = tool->apart;
	sign->since_s = since_start(tool->start);
	memcpy(sign->cgroup, tool->cgroup, sizeof(sign->cgroup));
}

static void
set_entry(const struct scan *scan, uint32_t entry, struct sign *sign)
{
	const struct rule_entry *e = &scan->match->rules->entry[entry];

	sign->kind = e->kind;
	sign->steers = e->steers;
	sign_text(sign->what, sizeof(sign->what), e->name);
}

static void
report_hit(const struct scan *scan, struct tools *tools,
    const struct tool *tool, const struct tool_hit *hit,
    struct sockets *sockets)
{
	struct words w = { .len = 0 };
	struct sign sign;
	struct use use;

	use_find(scan, tools, tool, hit, sockets, &use);
	if (scan->match->rules->entry[hit->entry].kind == ENTRY_ORDINARY)
		return;
	memset(&sign, 0, sizeof(sign));
	set_entry(scan, hit->entry, &sign);
	set_process(scan, tool, hit->confidence < SIGN_BY_IDENTITY, &sign);
	sign.grade = use.active ? SIGN_ACTIVE : SIGN_RUNNING;
	sign.confidence = use.confidence;
	add_path(&w, tool->exe);
	add_rule(&w, tool, hit);
	add(&w, ", pid %d", (int)tool->pid);
	add_use(&w, &use, hit);
	sign_text(sign.seen, sizeof(sign.seen), w.text);
	picture_add(scan->picture, &sign);
	if (use.by_socket)
		carry_note(scan->carry, &sign);
}

static void
report_hidden(const struct scan *scan, const struct tool *tool)
{
	struct words w = { .len = 0 };
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = ENTRY_HIDDEN;
	sign.grade = SIGN_RUNNING;
	sign.confidence = SIGN_BY_BEHAVIOUR;
	sign.steers = ENTRY_STEERS_NONE;
	sign_text(sign.what, sizeof(sign.what), hidden_name(tool->hidden));
	set_process(scan, tool, tool->hidden == HIDDEN_KERNEL, &sign);
	add_path(&w, tool->exe);
	if (tool->hidden == HIDDEN_DELETED)
		add(&w, " (deleted)");
	add(&w, ", pid %d, named %s", (int)tool->pid, tool->comm);
	sign_text(sign.seen, sizeof(sign.seen), w.text);
	picture_add(scan->picture, &sign);
}

void
report_tools(const struct scan *scan, struct tools *tools,
    struct sockets *sockets)
{
	const struct tool *tool;
	size_t i, k;

	for (i = 0; i < tools->n; i++) {
		if (i >= REPORT_ALWAYS && walk_now_ns() >= scan->until_ns) {
			scan->picture->cut |= PICTURE_PROCESSES;
			return;
		}
		tool = &tools->tool[i];
		for (k = 0; k < tool->nhits; k++)
			report_hit(scan, tools, tool, &tool->hit[k], sockets);
		if (tool->hidden != HIDDEN_NOT)
			report_hidden(scan, tool);
	}
}

/* ---- Sockets that are nobody's ------------------------------------------ */

struct report_with {
	const struct scan *scan;
	const struct sockets *sockets;
	struct cgroups *cgroups;
	struct since *since;
	int64_t find_ns; /* until when names are looked for */
};

/* An entry that no process could be of. */
static bool
is_by_port(const struct scan *scan, uint32_t entry)
{
	return !match_has(scan->match, entry, MATCH_PROCESS) &&
	    scan->match->rules->entry[entry].kind != ENTRY_ORDINARY;
}

/* Another one may listen on the same port at another address. */
static const struct socket_one *
find_taken(const struct sockets *sockets, const struct socket_one *open)
{
	const struct socket_one *s;
	size_t i;

	for (i = 0; i < sockets->n; i++) {
		s = &sockets->one[i];
		if (s->role == SOCKET_TAKES && !s->claimed && s->net == 0 &&
		    s->udp == open->udp && s->port == open->port &&
		    s->uid == open->uid && s->cgroup_id == open->cgroup_id &&
		    socket_may_take(open, s))
			return s;
	}
	return NULL;
}

static void
set_socket(const struct report_with *with, const struct socket_one *s,
    struct sign *sign)
{
	const struct picture *picture = with->scan->picture;

	/* "" where it is not found: then it is its user's. */
	(void)cgroup_path(with->cgroups, s->cgroup_id, with->find_ns,
	    sign->cgroup);
	owner_set_socket(s->uid, sign->cgroup, picture->seat_uid, sign);
	sign->audit_session = (uint32_t)-1;
	sign->confidence = SIGN_BY_BEHAVIOUR;
	sign->since_s = since_met(with->since, sign, with->scan->round);
}

static void
report_socket(const struct report_with *with, const struct socket_one *s,
    uint32_t entry)
{
	const struct socket_one *taken = NULL;
	struct words w = { .len = 0 };
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	set_entry(with->scan, entry, &sign);
	set_socket(with, s, &sign);
	sign.grade = SIGN_RUNNING;
	if (s->role == SOCKET_REACHES) {
		add(&w, "connected to ");
		add_address(&w, &s->peer, s->peer_port);
	} else if ((taken = find_taken(with->sockets, s)) != NULL) {
		sign.grade = SIGN_ACTIVE;
		add_taken(&w, taken);
	} else {
		add(&w, "listens on port %u", (unsigned int)s->port);
	}
	add(&w, ", by uid %u", (unsigned int)s->uid);
	sign_text(sign.seen, sizeof(sign.seen), w.text);
	picture_add(with->scan->picture, &sign);
	if (sign.grade == SIGN_ACTIVE)
		carry_note(with->scan->carry, &sign);
}

static void
report_ports(const struct report_with *with, const struct socket_one *s,
    enum rule_kind kind)
{
	const struct rules *rules = with->scan->match->rules;
	const struct rule *rule;
	size_t i;

	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++) {
		rule = &rules->rule[i];
		if (s->port < rule->low || s->port > rule->high ||
		    (strcmp(rule->text, "udp") == 0) != s->udp ||
		    !is_by_port(with->scan, rule->entry))
			continue;
		report_socket(with, s, rule->entry);
	}
}

/* Whoever has very many comes after those whose count for everybody. */
static bool
is_first(const struct scan *scan, const struct socket_one *s)
{
	return owner_is_units(s->uid) || s->uid == scan->picture->seat_uid;
}

/* Users make cgroups of their own, and as many as they like. */
static bool
report_some(struct report_with *with, bool first)
{
	const struct scan *scan = with->scan;
	const struct socket_one *s;
	size_t i;

	with->find_ns = walk_now_ns() + REPORT_FIND_NS;
	for (i = 0; i < with->sockets->n; i++) {
		s = &with->sockets->one[i];
		if (walk_now_ns() >= scan->until_ns)
			return false;
		if (s->claimed || s->role == SOCKET_TAKES || s->net != 0 ||
		    is_first(scan, s) != first)
			continue;
		report_ports(with, s,
		    s->role == SOCKET_LISTENS ? RULE_LISTEN : RULE_RELAY);
	}
	return true;
}

void
report_sockets(const struct scan *scan, const struct sockets *sockets,
    struct cgroups *cgroups, struct since *since)
{
	struct report_with with = { scan, sockets, cgroups, since, 0 };

	if (report_some(&with, true) && report_some(&with, false))
		return;
	scan->picture->cut |= PICTURE_SOCKETS;
	scan->carry->missing = true;
}
