/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One walk over all processes for all sessions that are asked about. Most
 * processes belong to none of them: of those one file is read.
 */
#include "policyd/scanner/remains.h"

#include <string.h>

#include "policyd/scanner/tie.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

struct remains {
	struct tie tie[SCANNER_SESSIONS_MAX];
	size_t n;
	bool scopes; /* one of them is told by its scope */
	uint32_t *count; /* the caller's */
};

static void
remains_init(struct remains *re, const struct scanner_session *list, size_t n,
    uint32_t *count)
{
	size_t i;

	re->n = n;
	re->scopes = false;
	re->count = count;
	for (i = 0; i < n; i++) {
		tie_init(&re->tie[i], &list[i].leader, list[i].audit_session,
		    list[i].cgroup);
		re->scopes |= re->tie[i].kind == TIE_SCOPE;
		count[i] =
		    re->tie[i].kind == TIE_NONE ? SCANNER_REMAINS_UNKNOWN : 0;
	}
}

/* By the one file that most have in vain. */
static bool
remains_may_concern(const struct remains *re, int32_t pid)
{
	char name[PROCS_NAME_SIZE];
	uint32_t id;
	size_t i;

	if (re->scopes)
		return true;
	if (text_format(name, sizeof(name), "%d/sessionid", pid) != 0 ||
	    procs_read_audit_id(procs_folder(), name, &id) != 0 ||
	    id == TIE_UNSET)
		return false;
	for (i = 0; i < re->n; i++) {
		if (re->tie[i].audit_session == id)
			return true;
	}
	return false;
}

static void
remains_add(struct remains *re, struct tie_process *process)
{
	bool shared;
	size_t i;

	for (i = 0; i < re->n; i++) {
		if (tie_holds(&re->tie[i], process, &shared))
			re->count[i]++;
		if (!shared)
			continue;
		re->tie[i].kind = TIE_NONE;
		re->count[i] = SCANNER_REMAINS_UNKNOWN;
	}
}

/* Not to have seen any is not to have seen that there is none. */
static void
remains_cut(const struct remains *re)
{
	size_t i;

	for (i = 0; i < re->n; i++) {
		if (re->count[i] == 0)
			re->count[i] = SCANNER_REMAINS_CUT;
	}
}

void
remains_count(const struct scanner_session *list, size_t n,
    uint32_t *ret_remains)
{
	struct tie_process process;
	struct remains re;
	struct walk walk;
	int32_t pid;

	remains_init(&re, list, n, ret_remains);
	if (walk_open(&walk, false,
		walk_now_ns() + REMAINS_MS * INT64_C(1000000)) != 0) {
		remains_cut(&re);
		return;
	}
	while (walk_next(&walk, &pid)) {
		if (!remains_may_concern(&re, pid) || !tie_look(pid, &process))
			continue;
		remains_add(&re, &process);
		tie_leave(&process);
	}
	if (walk.cut)
		remains_cut(&re);
	walk_close(&walk);
}
