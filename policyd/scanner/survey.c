/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The family tree of all processes. A process is looked at once, and its place
 * found by its number.
 */
#include "policyd/scanner/survey.h"

#include <stdlib.h>

#include "policyd/scanner/walk.h"

#define SURVEY_CLIMB 16 /* parents that have all come since */

static void
survey_add(struct survey *survey, const struct tie *tie,
    struct tie_process *process)
{
	struct survey_entry *e = &survey->entry[survey->n++];
	bool shared;

	*e = (struct survey_entry){ .start = process->stat.start,
		.pid = process->pid,
		.ppid = process->stat.ppid,
		.session = process->stat.session,
		.tied = tie_holds(tie, process, &shared) };
	survey->shared |= shared;
}

int
survey_take(struct survey *survey, const struct tie *tie, int64_t until_ns)
{
	struct tie_process process;
	struct walk walk;
	int32_t pid;
	int r;

	survey->n = 0;
	survey->cut = false;
	survey->shared = false;
	if ((r = walk_open(&walk, false, until_ns)) != 0)
		return r;
	while (survey->n < SURVEY_MAX && walk_next(&walk, &pid)) {
		if (!tie_look(pid, &process))
			continue;
		survey_add(survey, tie, &process);
		tie_leave(&process);
	}
	survey->cut = walk.cut || survey->n == SURVEY_MAX;
	walk_close(&walk);
	return 0;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct survey_entry *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static const struct survey_entry *
survey_find(const struct survey *survey, int32_t pid)
{
	const struct survey_entry key = { .pid = pid };

	return bsearch(&key, survey->entry, survey->n, sizeof(key),
	    compare_entries);
}

/*
 * Whether the process with this number is a member, or was one, and is not
 * younger than who came from it: else the number is another's by now.
 */
static bool
survey_comes_from(const struct survey *survey, const struct members *known,
    const struct survey_entry *e, int32_t pid)
{
	const struct survey_entry *found = survey_find(survey, pid);
	uint64_t start;

	if (found != NULL)
		return found->start <= e->start &&
		    (found->member || members_has(known, pid, found->start));
	return members_get(known, pid, &start) && start <= e->start;
}

/*
 * A parent that has ended is nobody's parent any more. But the session that it
 * began by setsid(2) keeps its number for as long as there is anybody in it.
 */
static bool
survey_is_member(const struct survey *survey, const struct members *known,
    const struct survey_entry *e)
{
	return e->tied || survey_comes_from(survey, known, e, e->ppid) ||
	    survey_comes_from(survey, known, e, e->session);
}

/* Whether it changed an entry, by those that were changed before. */
typedef bool (*survey_step_fn)(const struct survey *survey,
    const struct members *known, struct survey_entry *e);

/* Mostly parents have the lower numbers, and once is enough. */
static bool
survey_spread(struct survey *survey, const struct members *known,
    survey_step_fn step, int64_t until_ns)
{
	bool more = true;
	size_t i;

	while (more) {
		if (walk_now_ns() >= until_ns)
			return false;
		more = false;
		for (i = 0; i < survey->n; i++)
			more |= step(survey, known, &survey->entry[i]);
	}
	return true;
}

static bool
survey_mark_one(const struct survey *survey, const struct members *known,
    struct survey_entry *e)
{
	if (e->member || e->spared || !survey_is_member(survey, known, e))
		return false;
	e->member = true;
	return true;
}

bool
survey_mark(struct survey *survey, const struct members *known,
    int64_t until_ns)
{
	return survey_spread(survey, known, survey_mark_one, until_ns);
}

static bool
survey_came_from_spared(const struct survey *survey, int32_t pid,
    uint64_t start)
{
	const struct survey_entry *from = survey_find(survey, pid);

	return from != NULL && from->start <= start && from->spared;
}

static bool
survey_spare_one(const struct survey *survey, const struct members *known,
    struct survey_entry *e)
{
	(void)known;
	if (e->spared ||
	    (!survey_came_from_spared(survey, e->ppid, e->start) &&
		!survey_came_from_spared(survey, e->session, e->start)))
		return false;
	e->spared = true;
	e->member = false;
	return true;
}

bool
survey_spare(struct survey *survey, int64_t until_ns)
{
	return survey_spread(survey, NULL, survey_spare_one, until_ns);
}

bool
survey_spares(const struct survey *survey, const struct tie_process *process)
{
	const struct survey_entry *from;
	struct tie_process parent;
	uint64_t start = process->stat.start;
	int32_t pid = process->stat.ppid;
	int i;

	if (survey_came_from_spared(survey, process->stat.session, start))
		return true;
	for (i = 0; i < SURVEY_CLIMB; i++) {
		if ((from = survey_find(survey, pid)) != NULL)
			return from->start <= start && from->spared;
		if (!tie_look(pid, &parent))
			break;
		pid = parent.stat.ppid;
		start = parent.stat.start;
		tie_leave(&parent);
	}
	return false;
}
