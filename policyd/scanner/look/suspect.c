/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A rule's match, and how much it is worth: whoever runs a process chooses its
 * name and its arguments, but not the path of a program that he cannot write.
 */
#include "policyd/scanner/look/suspect.h"

#include <string.h>
#include <unistd.h>

#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/look/script.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/reader.h"
#include "policyd/text.h"
#include "proto/result.h"

struct suspect_with {
	struct suspect *now;
	const struct match *match;
	struct tool *tool;
	bool ordinary; /* an entry says that it is no other's business */
	bool roots_ordinary; /* the same, if it is root's */
	enum hidden loaded; /* what the loader runs, if that hides */
};

/* ---- Hits --------------------------------------------------------------- */

static struct tool_hit *
hit_of(struct tool *tool, const struct rule *rule)
{
	struct tool_hit *hit;
	size_t i;

	for (i = 0; i < tool->nhits; i++)
		if (tool->hit[i].entry == rule->entry)
			return &tool->hit[i];
	if (tool->nhits == TOOL_HITS_MAX)
		return NULL;
	hit = &tool->hit[tool->nhits++];
	*hit = (struct tool_hit){ .rule = rule, .entry = rule->entry };
	return hit;
}

/*
 * A memfd's name is anybody's choice, and so are the arguments by which an
 * interpreter or the loader says what it runs; but what is root's is root's.
 */
static void
add_ordinary(struct suspect_with *with, const struct rule *rule,
    uint32_t confidence)
{
	if (rule_is_bare(rule->text))
		return;
	if (confidence < SIGN_BY_IDENTITY ||
	    strncmp(rule->text, "/memfd:", 7) == 0)
		with->roots_ordinary = true;
	else
		with->ordinary = true;
}

static bool
says_active(const struct rule *rule)
{
	return rule->kind == RULE_ACTIVE_EXE || rule->kind == RULE_ACTIVE_COMM;
}

static void
add_hit(struct suspect_with *with, const struct rule *rule, uint32_t confidence)
{
	const struct rule_entry *entry =
	    &with->match->rules->entry[rule->entry];
	struct tool_hit *hit;

	if (entry->kind == ENTRY_ORDINARY)
		add_ordinary(with, rule, confidence);
	if ((hit = hit_of(with->tool, rule)) == NULL)
		return;
	if (confidence > hit->confidence) {
		hit->confidence = confidence;
		hit->rule = rule;
	}
	if (says_active(rule)) {
		hit->by_comm = rule->kind == RULE_ACTIVE_COMM &&
		    (!hit->active || hit->by_comm);
		hit->active = true;
	}
}

/* sure: of a rule with a whole path. */
static void
add_hits(struct suspect_with *with, enum rule_kind kind, const char *text,
    uint32_t sure)
{
	const struct rule *rule[MATCH_FOUND_MAX];
	size_t i, n;

	n = match_find(with->match, kind, text, rule);
	for (i = 0; i < n; i++)
		add_hit(with, rule[i],
		    rule_is_bare(rule[i]->text) ? SIGN_BY_NAME : sure);
}

/* ---- What it runs ------------------------------------------------------- */

static void
read_arguments(struct suspect *now)
{
	if (now->asked)
		return;
	now->asked = true;
	/* On other errors it has none. */
	now->args_result = reader_arguments(&now->thread, now->args,
	    sizeof(now->args), &now->len);
}

/* As the process would find it; what it says of itself may be anything. */
static int
make_absolute(int32_t pid, const char *script, char *buf, size_t size)
{
	char name[PROCS_NAME_SIZE];
	size_t len;
	int r;

	if (script[0] == '/')
		return text_copy(buf, size, script);
	if (strncmp(script, "./", 2) == 0)
		script += 2;
	if ((r = text_format(name, sizeof(name), "%d/cwd", pid)) != 0 ||
	    (r = procs_read_link(procs_folder(), name, buf, size)) != 0)
		return r;
	len = strlen(buf);
	return text_format(buf + len, size - len, "/%s", script);
}

static void
add_program(struct suspect_with *with, const char *path)
{
	add_hits(with, RULE_EXE, path, SIGN_BY_COMPOSITION);
	add_hits(with, RULE_ACTIVE_EXE, path, SIGN_BY_COMPOSITION);
}

/*
 * What the loader runs is mapped, whatever the arguments say by now. False: no
 * file is.
 */
static bool
look_at_programs(struct suspect_with *with)
{
	struct suspect *now = with->now;
	char paths[SUSPECT_ARGUMENTS];
	bool memory = false, file = false;
	size_t pos, len;
	int r;

	r = reader_programs(&now->thread, paths, sizeof(paths), &len);
	if (r == FG_ERR_TIMEOUT || r == FG_ERR_BUSY)
		now->args_result = r;
	for (pos = 0; pos < len; pos += strlen(paths + pos) + 1) {
		add_program(with, paths + pos);
		if (strncmp(paths + pos, "/memfd:", 7) == 0)
			memory = true;
		else
			file = true;
	}
	if (memory && !file)
		with->loaded = HIDDEN_MEMFD;
	return file;
}

static void
add_script(struct suspect_with *with, enum script_by by, const char *script)
{
	char path[PATH_MAX];

	if (make_absolute(with->now->thread.pid, script, path, sizeof(path)) !=
		0 &&
	    text_copy(path, sizeof(path), script) != 0)
		return;
	add_hits(with, RULE_SCRIPT, path, SIGN_BY_COMPOSITION);
	if (by == SCRIPT_BY_LOADER)
		add_program(with, path);
}

/* Of a long command line only the beginning is read. */
static bool
is_whole(const struct suspect *now, const char *arg)
{
	return arg != NULL && arg + strlen(arg) < now->args + now->len;
}

static void
look_for_script(struct suspect_with *with)
{
	struct suspect *now = with->now;
	enum script_by by = script_by(now->link);
	const char *script;

	if (by == SCRIPT_BY_NONE)
		return;
	if (by == SCRIPT_BY_INTERPRETER &&
	    (with->match->any & MATCH_KIND(RULE_SCRIPT)) == 0)
		return;
	read_arguments(now);
	script = script_find(now->link, now->args, now->len);
	if (by == SCRIPT_BY_LOADER && !look_at_programs(with) &&
	    with->loaded == HIDDEN_NOT && now->args_result == 0 &&
	    !is_whole(now, script))
		with->loaded = HIDDEN_UNREAD;
	if (script != NULL)
		add_script(with, by, script);
}

static bool
has_argument(const struct suspect_with *with, uint32_t entry)
{
	const struct rules *rules = with->match->rules;
	const struct suspect *now = with->now;
	size_t i, first = rules->first[RULE_ACTIVE_ARGUMENT],
		  end = rules->first[RULE_ACTIVE_ARGUMENT + 1];
	const char *arg = now->args;

	if (now->len == 0)
		return false;
	while ((arg = script_next(now->args, now->len, arg)) != NULL)
		for (i = first; i < end; i++)
			if (rules->rule[i].entry == entry &&
			    rule_glob(rules->rule[i].text, arg))
				return true;
	return false;
}

/* Of those entries that the process is of by more than its name. */
static void
look_for_arguments(struct suspect_with *with)
{
	struct tool_hit *hit;
	size_t i;

	for (i = 0; i < with->tool->nhits; i++) {
		hit = &with->tool->hit[i];
		if ((hit->rule->kind != RULE_EXE &&
			hit->rule->kind != RULE_SCRIPT) ||
		    !match_has(with->match, hit->entry,
			MATCH_KIND(RULE_ACTIVE_ARGUMENT)))
			continue;
		read_arguments(with->now);
		if (has_argument(with, hit->entry)) {
			hit->active = true;
			hit->by_comm = false;
		}
	}
}

/* ---- What it hides ------------------------------------------------------ */

static enum hidden
look_hidden(const struct suspect_with *with, enum hidden by_link)
{
	struct suspect *now = with->now;

	if (by_link != HIDDEN_NOT || with->loaded != HIDDEN_NOT)
		return by_link != HIDDEN_NOT ? by_link : with->loaded;
	if (now->link_result == FG_ERR_LIMIT)
		return HIDDEN_LONG;
	if (now->link[0] == '\0')
		return HIDDEN_NOT;
	if (hidden_by_comm(now->stat.comm))
		return HIDDEN_KERNEL;
	read_arguments(now);
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
drop_ordinary(struct suspect_with *with)
{
	struct tool *tool = with->tool;
	const struct rules *rules = with->match->rules;
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
keep_ordinary(struct suspect_with *with)
{
	struct tool *tool = with->tool;
	const struct rules *rules = with->match->rules;
	size_t i, n = 0;

	for (i = 0; i < tool->nhits; i++)
		if (rules->entry[tool->hit[i].entry].kind == ENTRY_ORDINARY &&
		    match_has(with->match, tool->hit[i].entry,
			MATCH_KIND(RULE_LISTEN)))
			tool->hit[n++] = tool->hit[i];
	tool->nhits = n;
	tool->hidden = HIDDEN_NOT;
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
settle(struct suspect_with *with, int folder, bool deleted)
{
	const struct suspect *now = with->now;
	struct tool *tool = with->tool;
	bool roots, gone = false;
	int r = 0;

	if (!is_same(folder, with->now) || read_owner(folder, tool) != 0)
		return SUSPECT_GONE;
	roots = tool->real_uid == 0 && tool->effective_uid == 0;
	tool->at_path = roots ||
	    (!tool->lent &&
		(with->ordinary ||
		    tools_confidence(tool) == SIGN_BY_IDENTITY) &&
		is_at_path(now));
	if ((with->ordinary && tool->at_path) ||
	    (with->roots_ordinary && roots)) {
		keep_ordinary(with);
		return tool->nhits > 0 ? SUSPECT_TOOL : SUSPECT_PLAIN;
	}
	drop_ordinary(with);
	if (deleted && tool->hidden == HIDDEN_NOT)
		r = hidden_is_gone(&now->thread, now->link, roots, &gone);
	if (r == 0 && gone)
		tool->hidden = HIDDEN_DELETED;
	tool->at_path |= deleted && r == 0 && tool->hidden == HIDDEN_NOT;
	if (tool->nhits > 0 || tool->hidden != HIDDEN_NOT)
		return SUSPECT_TOOL;
	return r != 0 ? SUSPECT_LATE : when_nothing(now);
}

static void
match_rules(struct suspect_with *with)
{
	struct suspect *now = with->now;

	if (now->link[0] != '\0') {
		add_hits(with, RULE_EXE, now->link, SIGN_BY_IDENTITY);
		add_hits(with, RULE_ACTIVE_EXE, now->link, SIGN_BY_IDENTITY);
		look_for_script(with);
	}
	add_hits(with, RULE_COMM, now->stat.comm, SIGN_BY_NAME);
	add_hits(with, RULE_ACTIVE_COMM, now->stat.comm, SIGN_BY_NAME);
	look_for_arguments(with);
}

enum suspect_is
suspect_examine(struct suspect *now, const struct match *match,
    struct tool *ret_tool)
{
	struct suspect_with with = {
		.now = now, .match = match, .tool = ret_tool
	};
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
	match_rules(&with);
	ret_tool->hidden = look_hidden(&with, by_link);
	if (ret_tool->nhits == 0 && ret_tool->hidden == HIDDEN_NOT && !deleted)
		return when_nothing(now);
	if ((folder = procs_open(now->pid)) != -1) {
		is = settle(&with, folder, deleted);
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
