/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which entries of the catalogue one process is of: by its program, by what an
 * interpreter or the loader runs in it, or by its name. Whoever runs a process
 * chooses its name and its arguments, but not the path of a program that he
 * cannot write.
 */
#include "policyd/scanner/look/hits.h"

#include <string.h>
#include <strings.h>

#include "policyd/scanner/look/script.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/reader.h"
#include "policyd/text.h"
#include "proto/result.h"

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
add_ordinary(struct hits *hits, const struct rule *rule, uint32_t confidence)
{
	if (rule_is_bare(rule->text))
		return;
	if (confidence < SIGN_BY_IDENTITY ||
	    strncmp(rule->text, "/memfd:", 7) == 0)
		hits->roots_ordinary = true;
	else
		hits->ordinary = true;
}

static bool
says_active(const struct rule *rule)
{
	return rule->kind == RULE_ACTIVE_EXE || rule->kind == RULE_ACTIVE_COMM;
}

static void
add_hit(struct hits *hits, const struct rule *rule, uint32_t confidence)
{
	const struct rule_entry *entry =
	    &hits->match->rules->entry[rule->entry];
	struct tool_hit *hit;

	if (entry->kind == ENTRY_ORDINARY)
		add_ordinary(hits, rule, confidence);
	if ((hit = hit_of(hits->tool, rule)) == NULL)
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
add_hits(struct hits *hits, enum rule_kind kind, const char *text,
    uint32_t sure)
{
	const struct rule *rule[MATCH_FOUND_MAX];
	size_t i, n;

	n = match_find(hits->match, kind, text, rule);
	for (i = 0; i < n; i++)
		add_hit(hits, rule[i],
		    rule_is_bare(rule[i]->text) ? SIGN_BY_NAME : sure);
}

/* ---- What it runs ------------------------------------------------------- */

void
hits_read_arguments(struct suspect *now)
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
add_program(struct hits *hits, const char *path)
{
	add_hits(hits, RULE_EXE, path, SIGN_BY_COMPOSITION);
	add_hits(hits, RULE_ACTIVE_EXE, path, SIGN_BY_COMPOSITION);
}

/*
 * What the loader runs is mapped, whatever the arguments say by now. False: no
 * file is.
 */
static bool
look_at_programs(struct hits *hits)
{
	struct suspect *now = hits->now;
	char paths[SUSPECT_ARGUMENTS];
	bool memory = false, file = false;
	size_t pos, len;
	int r;

	r = reader_programs(&now->thread, paths, sizeof(paths), &len);
	if (r == FG_ERR_TIMEOUT || r == FG_ERR_BUSY)
		now->args_result = r;
	for (pos = 0; pos < len; pos += strlen(paths + pos) + 1) {
		add_program(hits, paths + pos);
		if (strncmp(paths + pos, "/memfd:", 7) == 0)
			memory = true;
		else
			file = true;
	}
	if (memory && !file)
		hits->loaded = HIDDEN_MEMFD;
	return file;
}

static void
add_script(struct hits *hits, enum script_by by, const char *script)
{
	char path[PATH_MAX];

	if (make_absolute(hits->now->thread.pid, script, path, sizeof(path)) !=
		0 &&
	    text_copy(path, sizeof(path), script) != 0)
		return;
	add_hits(hits, RULE_SCRIPT, path, SIGN_BY_COMPOSITION);
	if (by == SCRIPT_BY_LOADER)
		add_program(hits, path);
}

/* Of a long command line only the beginning is read. */
static bool
is_whole(const struct suspect *now, const char *arg)
{
	return arg != NULL && arg + strlen(arg) < now->args + now->len;
}

static void
look_for_script(struct hits *hits)
{
	struct suspect *now = hits->now;
	enum script_by by = script_by(now->link);
	const char *script;

	if (by == SCRIPT_BY_NONE)
		return;
	if (by == SCRIPT_BY_INTERPRETER &&
	    (hits->match->any & MATCH_KIND(RULE_SCRIPT)) == 0)
		return;
	hits_read_arguments(now);
	script = script_find(now->link, now->args, now->len);
	if (by == SCRIPT_BY_LOADER && !look_at_programs(hits) &&
	    hits->loaded == HIDDEN_NOT && now->args_result == 0 &&
	    !is_whole(now, script))
		hits->loaded = HIDDEN_UNREAD;
	if (script != NULL)
		add_script(hits, by, script);
}

static bool
has_argument(const struct hits *hits, uint32_t entry)
{
	const struct rules *rules = hits->match->rules;
	const struct suspect *now = hits->now;
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

static void
add_port(struct tool *tool, const char *text)
{
	uint64_t port;

	if (text_parse_uint(text, 1, UINT16_MAX, &port) != 0)
		return;
	if (tool->nports == TOOL_PORTS_MAX) /* most tools go by the last one */
		memmove(tool->port, tool->port + 1,
		    --tool->nports * sizeof(tool->port[0]));
	tool->port[tool->nports++] = (uint16_t)port;
}

/* "NAME PORT", "NAME=PORT", "NAME:PORT" or "NAMEPORT", in capitals as well. */
static void
look_at_port(struct hits *hits, const char *name, const char *arg)
{
	struct suspect *now = hits->now;
	size_t len = strlen(name);
	const char *next;

	if (strncasecmp(arg, name, len) != 0)
		return;
	if (arg[len] == '=' || arg[len] == ':')
		add_port(hits->tool, arg + len + 1);
	else if (arg[len] >= '0' && arg[len] <= '9')
		add_port(hits->tool, arg + len);
	else if (arg[len] == '\0' &&
	    (next = script_next(now->args, now->len, arg)) != NULL)
		add_port(hits->tool, next);
}

static void
look_for_ports(struct hits *hits, uint32_t entry)
{
	const struct rules *rules = hits->match->rules;
	const struct suspect *now = hits->now;
	size_t i, first = rules->first[RULE_LISTEN_ARGUMENT],
		  end = rules->first[RULE_LISTEN_ARGUMENT + 1];
	const char *arg = now->args;

	if (now->len == 0)
		return;
	while ((arg = script_next(now->args, now->len, arg)) != NULL)
		for (i = first; i < end; i++)
			if (rules->rule[i].entry == entry)
				look_at_port(hits, rules->rule[i].text, arg);
}

/* Of those entries that the process is of by more than its name. */
static void
look_for_arguments(struct hits *hits)
{
	struct tool_hit *hit;
	size_t i;

	for (i = 0; i < hits->tool->nhits; i++) {
		hit = &hits->tool->hit[i];
		if ((hit->rule->kind != RULE_EXE &&
			hit->rule->kind != RULE_SCRIPT) ||
		    !match_has(hits->match, hit->entry,
			MATCH_KIND(RULE_ACTIVE_ARGUMENT) |
			    MATCH_KIND(RULE_LISTEN_ARGUMENT)))
			continue;
		hits_read_arguments(hits->now);
		look_for_ports(hits, hit->entry);
		if (has_argument(hits, hit->entry)) {
			hit->active = true;
			hit->by_comm = false;
		}
	}
}

void
hits_find(struct hits *hits)
{
	struct suspect *now = hits->now;

	if (now->link[0] != '\0') {
		add_hits(hits, RULE_EXE, now->link, SIGN_BY_IDENTITY);
		add_hits(hits, RULE_ACTIVE_EXE, now->link, SIGN_BY_IDENTITY);
		look_for_script(hits);
	}
	add_hits(hits, RULE_COMM, now->stat.comm, SIGN_BY_NAME);
	add_hits(hits, RULE_ACTIVE_COMM, now->stat.comm, SIGN_BY_NAME);
	look_for_arguments(hits);
}
