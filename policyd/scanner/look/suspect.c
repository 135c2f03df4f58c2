/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What more has to be known of a process that a rule matches: whose it is,
 * whether its program is the file at the path that it says, and what it hides.
 */
#include "policyd/scanner/look/suspect.h"

#include <string.h>
#include <unistd.h>

#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/look/hits.h"
#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/place.h"
#include "proto/result.h"

/* ---- What it hides ------------------------------------------------------ */

static enum hidden
look_hidden(const struct hits *hits, enum hidden by_link)
{
	struct suspect *now = hits->now;

	if (by_link != HIDDEN_NOT || hits->loaded != HIDDEN_NOT)
		return by_link != HIDDEN_NOT ? by_link : hits->loaded;
	if (now->link_result == FG_ERR_LIMIT)
		return HIDDEN_LONG;
	if (now->link[0] == '\0')
		return HIDDEN_NOT;
	if (hidden_by_comm(now->stat.comm))
		return HIDDEN_KERNEL;
	hits_read_arguments(now);
	if (now->args_result == FG_ERR_BUSY)
		return HIDDEN_UNREAD;
	return now->len > 0 && hidden_by_title(now->args) ? HIDDEN_KERNEL :
							    HIDDEN_NOT;
}

/* ---- The rest ----------------------------------------------------------- */

/* folder stays the process's: what is read there is of one process. */
static int
read_owner(int folder, struct tool *tool)
{
	char unified[PATH_MAX];
	int r;

	if ((r = procs_read_uids(folder, &tool->real_uid,
		 &tool->effective_uid)) != 0 ||
	    (r = procs_read_audit_id(folder, "loginuid", &tool->login_uid)) !=
		0 ||
	    (r = procs_read_audit_id(folder, "sessionid",
		 &tool->audit_session)) != 0 ||
	    (r = procs_read_cgroup(folder, tool->cgroup,
		 sizeof(tool->cgroup))) != 0)
		return r;
	tool->lent = procs_has_lent_uids(folder);
	tool->apart = procs_apart(folder);
	tool->person = owner_person(&(struct owner_of){ tool->real_uid,
	    tool->effective_uid, tool->login_uid, tool->cgroup, tool->lent,
	    true });
	if (procs_read_unified(folder, unified, sizeof(unified)) == 0)
		tool->cgroup_id = cgroup_id(unified);
	return 0;
}

static bool
is_same(int folder, const struct suspect *now)
{
	struct procs_stat st;

	return procs_read_stat(folder, "stat", &st) == 0 &&
	    !procs_is_dead(&st) && st.start == now->stat.start;
}

/* What is ordinary only by a name, or by another file's path, is not. */
static void
drop_ordinary(struct hits *hits)
{
	struct tool *tool = hits->tool;
	const struct rules *rules = hits->match->rules;
	size_t i, n = 0;

	for (i = 0; i < tool->nhits; i++)
		if (rules->entry[tool->hit[i].entry].kind != ENTRY_ORDINARY)
			tool->hit[n++] = tool->hit[i];
	tool->nhits = n;
}

/*
 * Of what is ordinary nothing is left but its ports, which are then nobody
 * else's.
 */
static void
keep_ordinary(struct hits *hits)
{
	struct tool *tool = hits->tool;
	const struct rules *rules = hits->match->rules;
	size_t i, n = 0;

	for (i = 0; i < tool->nhits; i++)
		if (rules->entry[tool->hit[i].entry].kind == ENTRY_ORDINARY &&
		    match_has(hits->match, tool->hit[i].entry,
			MATCH_KIND(RULE_LISTEN)))
			tool->hit[n++] = tool->hit[i];
	tool->nhits = n;
	tool->hidden = HIDDEN_NOT;
}

/* A path that is another file's is a user's word, as a name is. */
static void
doubt_paths(struct tool *tool)
{
	size_t i;

	for (i = 0; i < tool->nhits && !tool->at_path; i++)
		if (tool->hit[i].confidence == SIGN_BY_IDENTITY)
			tool->hit[i].confidence = SIGN_BY_COMPOSITION;
}

static enum suspect_is
when_nothing(const struct suspect *now)
{
	return now->args_result == FG_ERR_TIMEOUT ? SUSPECT_LATE :
						    SUSPECT_PLAIN;
}

/* If another one has its number by now, that was seen, or soon is. */
static bool
is_at_path(const struct suspect *now)
{
	int folder;
	bool is;

	if ((folder = procs_open(now->thread.pid)) == -1)
		return false;
	is = place_is_program(folder, now->link);
	(void)close(folder); /* an O_PATH descriptor */
	return is;
}

/*
 * A path of the catalogue's may be looked at; another's folder may hang. In a
 * user namespace of one's own one may even say what program one is (prctl(2),
 * PR_SET_MM_MAP).
 */
static enum suspect_is
settle(struct hits *hits, int folder, bool deleted)
{
	const struct suspect *now = hits->now;
	struct tool *tool = hits->tool;
	bool roots, gone = false;
	int r = 0;

	if (!is_same(folder, hits->now) || read_owner(folder, tool) != 0)
		return SUSPECT_GONE;
	roots = tool->real_uid == 0 && tool->effective_uid == 0;
	tool->at_path = roots ||
	    (!tool->lent &&
		(hits->ordinary ||
		    tools_confidence(tool) == SIGN_BY_IDENTITY) &&
		is_at_path(now));
	if ((hits->ordinary && tool->at_path) ||
	    (hits->roots_ordinary && roots)) {
		keep_ordinary(hits);
		return tool->nhits > 0 ? SUSPECT_TOOL : SUSPECT_PLAIN;
	}
	drop_ordinary(hits);
	if (deleted && tool->hidden == HIDDEN_NOT)
		r = hidden_is_gone(&now->thread, now->link, roots, &gone);
	if (r == 0 && gone)
		tool->hidden = HIDDEN_DELETED;
	tool->at_path |=
	    !tool->lent && deleted && r == 0 && tool->hidden == HIDDEN_NOT;
	doubt_paths(tool);
	if (tool->nhits > 0 || tool->hidden != HIDDEN_NOT)
		return SUSPECT_TOOL;
	return r != 0 ? SUSPECT_LATE : when_nothing(now);
}

enum suspect_is
suspect_examine(struct suspect *now, const struct match *match,
    struct tool *ret_tool)
{
	struct hits hits = { .now = now, .match = match, .tool = ret_tool };
	enum suspect_is is = SUSPECT_GONE;
	enum hidden by_link;
	bool deleted;
	int folder;

	now->len = 0;
	now->asked = false;
	now->args_result = 0;
	memset(ret_tool, 0, sizeof(*ret_tool));
	ret_tool->pid = now->pid;
	ret_tool->ppid = now->stat.ppid;
	ret_tool->start = now->stat.start;
	by_link = hidden_by_link(now->link, &deleted);
	sign_text(ret_tool->comm, sizeof(ret_tool->comm), now->stat.comm);
	sign_text(ret_tool->exe, sizeof(ret_tool->exe), now->link);
	hits_find(&hits);
	ret_tool->hidden = look_hidden(&hits, by_link);
	if (ret_tool->nhits == 0 && ret_tool->hidden == HIDDEN_NOT && !deleted)
		return when_nothing(now);
	if ((folder = procs_open(now->pid)) != -1) {
		is = settle(&hits, folder, deleted);
		(void)close(folder); /* an O_PATH descriptor */
	}
	return is;
}

/* ---- Children ----------------------------------------------------------- */

/* The tool's path is without " (deleted)", printable and cut. */
static bool
is_program(const struct tool *tool, const char *link)
{
	char text[TOOL_PATH_MAX + 1];
	size_t len = strlen(tool->exe);

	sign_text(text, sizeof(text), link);
	return strncmp(text, tool->exe, len) == 0 &&
	    (text[len] == '\0' || strcmp(text + len, " (deleted)") == 0);
}

static bool
is_of(const struct match *match, uint32_t entry, enum rule_kind kind,
    const char *link)
{
	const struct rule *rule[MATCH_FOUND_MAX];
	size_t i, n;

	n = match_find(match, kind, link, rule);
	for (i = 0; i < n; i++)
		if (rule[i]->entry == entry)
			return true;
	return false;
}

/* Which kind of child an entry has to have to be in use. */
static bool
shows_use(const struct match *match, uint32_t entry, bool same,
    const char *link)
{
	uint32_t how = match->rules->entry[entry].active;
	bool own;

	if ((how & (RULE_ACTIVE_CHILD | RULE_ACTIVE_FORK)) == 0)
		return false;
	own = same || is_of(match, entry, RULE_EXE, link) ||
	    is_of(match, entry, RULE_ACTIVE_EXE, link);
	return (how & (own ? RULE_ACTIVE_FORK : RULE_ACTIVE_CHILD)) != 0;
}

void
suspect_is_child(struct tools *tools, const struct match *match,
    const struct suspect *now)
{
	struct tool *parent = tools_find(tools, now->stat.ppid);
	struct tool_hit *hit;
	bool same;
	size_t i;

	if (parent == NULL || parent->start > now->stat.start)
		return;
	same = is_program(parent, now->link);
	for (i = 0; i < parent->nhits; i++) {
		hit = &parent->hit[i];
		if (!shows_use(match, hit->entry, same, now->link))
			continue;
		hit->child = now->pid;
		hit->child_start = now->stat.start;
		sign_text(hit->child_name, sizeof(hit->child_name),
		    match_last(now->link));
	}
}
