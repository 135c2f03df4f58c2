/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files by their globs, a component at a time. A folder that is somebody's own
 * may be long: time and room are bounded.
 */
#include "policyd/scanner/look/installed.h"

#include <sys/stat.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

#define INSTALLED_DEPTH 16u
#define INSTALLED_TRIES 3u
#define INSTALLED_NS	INT64_C(2000000) /* of a later scan */

struct installed_search {
	struct installed *installed;
	uint32_t rule;
	int64_t until_ns;
	size_t depth;
	bool found; /* one is enough */
	bool cut; /* there was no time to look everywhere */
	char path[INSTALLED_PATH + 1]; /* without a leading "/" */
};

static void expand(struct installed_search *s, size_t len, const char *glob);

static void
add_file(struct installed_search *s)
{
	struct installed *in = s->installed;
	struct installed_file *f;
	struct stat st;

	if (!place_stat(s->path, &st) || in->n == INSTALLED_MAX)
		return;
	s->found = true;
	f = &in->file[in->n++];
	*f = (struct installed_file){
		.rule = s->rule, .uid = st.st_uid, .since_s = st.st_ctim.tv_sec
	};
	(void)text_copy(f->path, sizeof(f->path), s->path); /* of one size */
}

/* Put a component behind the path, and go on with the rest of the glob. */
static void
enter(struct installed_search *s, size_t len, const char *name, size_t n,
    const char *rest)
{
	if (text_format(s->path + len, sizeof(s->path) - len, "%s%.*s",
		len > 0 ? "/" : "", (int)n, name) == 0)
		expand(s, strlen(s->path), rest);
	s->path[len] = '\0';
}

static void
enter_matching(struct installed_search *s, size_t len, const char *glob,
    const char *rest)
{
	char folder[INSTALLED_PATH + 3];
	const struct dirent *entry;
	DIR *dir;

	/* A folder that a symlink leads to is one as well. */
	if (text_format(folder, sizeof(folder), "%s/.", s->path) != 0 ||
	    (dir = place_opendir(len > 0 ? folder : ".")) == NULL)
		return;
	while (!s->found && (entry = readdir(dir)) != NULL) {
		if ((s->cut = walk_now_ns() >= s->until_ns))
			break;
		if ((entry->d_name[0] == '.' && glob[0] != '.') ||
		    !rule_glob(glob, entry->d_name))
			continue;
		enter(s, len, entry->d_name, strlen(entry->d_name), rest);
	}
	(void)closedir(dir); /* was only read */
}

/* glob is what is left of it, beginning with "/", or "". */
static void
expand(struct installed_search *s, size_t len, const char *glob)
{
	char component[INSTALLED_PATH + 1];
	size_t n;

	glob += strspn(glob, "/");
	n = strcspn(glob, "/");
	if (n == 0) {
		add_file(s);
		return;
	}
	if (s->depth == INSTALLED_DEPTH ||
	    text_format(component, sizeof(component), "%.*s", (int)n, glob) !=
		0)
		return;
	s->depth++;
	if (strpbrk(component, "*?") != NULL)
		enter_matching(s, len, component, glob + n);
	else
		enter(s, len, glob, n, glob + n);
	s->depth--;
}

/* What was known by this rule is looked for anew. */
static void
forget_rule(struct installed *in, uint32_t rule)
{
	size_t i, n = 0;

	for (i = 0; i < in->n; i++)
		if (in->file[i].rule != rule)
			in->file[n++] = in->file[i];
	in->n = n;
}

/* False: there was no time for all of it. */
static bool
look_for(struct installed *in, const struct scan *scan, size_t rule)
{
	struct installed_search s = { .installed = in,
		.rule = (uint32_t)rule,
		.until_ns = scan->until_ns };

	forget_rule(in, s.rule);
	expand(&s, 0, scan->match->rules->rule[rule].text);
	return !s.cut;
}

static void
begin(struct installed *in, const struct scan *scan)
{
	const struct rules *rules = scan->match->rules;

	if (in->rules != scan->rules) {
		in->n = 0;
		in->whole = false;
		in->rules = scan->rules;
	} else if (in->whole && walk_now_ns() < in->again_ns) {
		return;
	} else if (in->next < rules->first[RULE_FILE + 1]) {
		return;
	}
	in->next = rules->first[RULE_FILE];
	in->tries = 0;
	in->torn = false;
	in->again_ns = walk_now_ns() + INSTALLED_EACH_S * INT64_C(1000000000);
}

static void
report_file(const struct scan *scan, const struct installed_file *f)
{
	const struct rules *rules = scan->match->rules;
	const struct rule_entry *e = &rules->entry[rules->rule[f->rule].entry];
	char seen[INSTALLED_PATH + 16];
	struct sign sign;

	if (e->kind == ENTRY_ORDINARY)
		return;
	memset(&sign, 0, sizeof(sign));
	sign.kind = e->kind;
	sign.grade = SIGN_INSTALLED;
	sign.confidence = SIGN_BY_IDENTITY;
	sign.steers = e->steers;
	owner_set_uid(f->uid, scan->picture->seat_uid, &sign);
	sign.audit_session = (uint32_t)-1;
	sign.since_s = f->since_s;
	sign_text(sign.what, sizeof(sign.what), e->name);
	(void)snprintf(seen, sizeof(seen), "/%s is there", f->path);
	sign_text(sign.seen, sizeof(sign.seen), seen);
	picture_add(scan->picture, &sign);
}

/* What takes longer than there is time for is not tried for ever. */
static void
look_for_next(struct installed *in, const struct scan *scan)
{
	bool whole = look_for(in, scan, in->next);

	if (!whole && ++in->tries < INSTALLED_TRIES)
		return;
	in->torn |= !whole;
	in->tries = 0;
	in->next++;
}

/* No login waits for more of it than for a part. */
static int64_t
until(const struct installed *in, const struct scan *scan)
{
	int64_t ns = walk_now_ns() + INSTALLED_NS;

	return in->whole && ns < scan->until_ns ? ns : scan->until_ns;
}

void
installed_look(struct installed *in, const struct scan *scan)
{
	const size_t end = scan->match->rules->first[RULE_FILE + 1];
	int64_t until_ns;
	size_t i;

	begin(in, scan);
	until_ns = until(in, scan);
	while (in->next < end && walk_now_ns() < until_ns)
		look_for_next(in, scan);
	in->whole |= in->next >= end;
	if (!in->whole || in->torn || in->tries > 0)
		scan->picture->cut |= PICTURE_FILES;
	for (i = 0; i < in->n; i++)
		report_file(scan, &in->file[i]);
}
