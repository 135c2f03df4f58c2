/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two files tell of most processes that they are nothing, and that they have
 * not changed since that was found out. Everything in them is chosen by
 * whoever runs the process.
 */
#include "policyd/scanner/look/process.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "policyd/scanner/procs_read.h"
#include "policyd/text.h"
#include "proto/result.h"

/*
 * What a process calls itself can change and nothing else with it: each is
 * looked at closely once in so many scans.
 */
#define PROCESS_AGAIN 16u

static uint64_t
hash_text(uint64_t h, const char *s)
{
	while (*s != '\0')
		h = (h ^ (unsigned char)*s++) * 1099511628211u;
	return (h ^ '/') * 1099511628211u;
}

static uint64_t
mark_of(const struct scan *scan, const struct suspect *now)
{
	uint64_t h = 14695981039346656037u;

	h = hash_text(h, now->link);
	h = hash_text(h, now->stat.comm);
	h ^= now->stat.exec + (uint64_t)now->link_result;
	return h * 31 + scan->rules;
}

static struct process_plain *
plain_of(struct processes *all, int32_t pid)
{
	return &all->plain[(uint32_t)pid % PROCESS_PLAIN];
}

static bool
is_plain(struct processes *all, const struct scan *scan,
    const struct suspect *now, uint64_t mark)
{
	const struct process_plain *p = plain_of(all, now->pid);

	return p->pid == now->pid && p->start == now->stat.start &&
	    p->mark == mark &&
	    ((uint64_t)now->pid + scan->round) % PROCESS_AGAIN != 0;
}

static void
set_plain(struct processes *all, const struct suspect *now, uint64_t mark)
{
	*plain_of(all, now->pid) = (struct process_plain){
		.start = now->stat.start,
		.mark = mark,
		.pid = now->pid,
	};
}

/* ESRCH and ENOENT: it has ended meanwhile. */
static void
note_failure(const struct scan *scan, int r)
{
	if (r != 0 &&
	    (r != FG_ERR_SYSTEM || (errno != ESRCH && errno != ENOENT)))
		scan->picture->failed |= PICTURE_PROCESSES;
}

/* False: there is no such process, or it is the kernel's or has ended. */
static bool
read_stat(const struct scan *scan, int32_t pid, struct suspect *ret_now)
{
	char name[PROCS_NAME_SIZE];
	int r;

	ret_now->pid = pid;
	if ((r = text_format(name, sizeof(name), "%d/stat", pid)) == 0)
		r = procs_read_stat(procs_folder(), name, &ret_now->stat);
	note_failure(scan, r);
	if (r != 0 || procs_is_dead(&ret_now->stat))
		return false;
	scan->picture->processes++;
	return !ret_now->stat.kernel;
}

/* False: it has no program any more, as it ends. */
static bool
read_link(const struct scan *scan, struct suspect *now)
{
	char name[PROCS_NAME_SIZE];
	int r;

	if ((r = text_format(name, sizeof(name), "%d/exe", now->pid)) == 0)
		r = procs_read_link(procs_folder(), name, now->link,
		    sizeof(now->link));
	now->link_result = r;
	if (r == FG_ERR_SYSTEM && (errno == ENOENT || errno == ESRCH))
		return false;
	/* Of pid 1 the self-test tells it, which looks at that one. */
	if (r != FG_ERR_LIMIT && now->pid != 1)
		note_failure(scan, r);
	return true;
}

static void
look_at(struct processes *all, const struct scan *scan, int32_t pid)
{
	struct suspect *now = &all->now;
	struct tool tool;
	uint64_t mark;

	if (!read_stat(scan, pid, now) || !read_link(scan, now))
		return;
	suspect_is_child(&all->tools, scan->match, now);
	mark = mark_of(scan, now);
	if (is_plain(all, scan, now, mark))
		return;
	switch (suspect_examine(now, scan->match, &tool)) {
	case SUSPECT_PLAIN:
		set_plain(all, now, mark);
		break;
	case SUSPECT_TOOL:
		tool.round = scan->round;
		tools_put(&all->tools, &tool);
		break;
	case SUSPECT_GONE:
		break;
	}
}

/* From the cursor to the end, and then from the beginning up to there. */
static void
walk_round(struct processes *all, const struct scan *scan, struct walk *walk)
{
	int64_t from = all->cursor;
	int32_t pid, first = 0;

	if (from != 0 && walk_seek(walk, from) != 0)
		from = 0;
	while (walk_next(walk, &pid)) {
		if (first == 0)
			first = pid;
		look_at(all, scan, pid);
	}
	if (walk->cut || from == 0 || walk_seek(walk, 0) != 0)
		return;
	while (walk_next(walk, &pid) && (first == 0 || pid < first))
		look_at(all, scan, pid);
}

struct process_keep {
	const struct scan *scan;
	bool cut;
};

/* It is still the one with this start; ppid 0: whosever child. */
static bool
still_lives(int32_t pid, uint64_t start, int32_t ppid)
{
	char name[PROCS_NAME_SIZE];
	struct procs_stat st;

	return text_format(name, sizeof(name), "%d/stat", pid) == 0 &&
	    procs_read_stat(procs_folder(), name, &st) == 0 &&
	    !procs_is_dead(&st) && st.start == start &&
	    (ppid == 0 || st.ppid == ppid);
}

/* What was not met this time may still be there, if there was no time. */
static bool
keep_tool(struct tool *tool, void *arg)
{
	const struct process_keep *keep = arg;
	struct tool_hit *hit;
	size_t i;

	if (tool->round != keep->scan->round &&
	    (!keep->cut || !still_lives(tool->pid, tool->start, 0)))
		return false;
	for (i = 0; i < tool->nhits; i++) {
		hit = &tool->hit[i];
		if (hit->child != 0 &&
		    !still_lives(hit->child, hit->child_start, tool->pid))
			hit->child = 0;
	}
	return true;
}

void
process_walk(struct processes *all, const struct scan *scan)
{
	struct process_keep keep = { .scan = scan };
	struct walk *walk = &all->walk;

	all->tools.lost = false;
	if (walk_open(walk, false, scan->until_ns) != 0) {
		scan->picture->failed |= PICTURE_PROCESSES;
		return;
	}
	walk_round(all, scan, walk);
	keep.cut = walk->cut;
	all->cursor = walk->cut ? walk->here : 0;
	walk_close(walk);
	tools_sweep(&all->tools, keep_tool, &keep);
	if (keep.cut || all->tools.lost)
		scan->picture->cut |= PICTURE_PROCESSES;
}

bool
process_is_tool(struct processes *all, const struct match *match, int32_t pid,
    struct tool *ret_tool)
{
	static struct picture nobodys; /* takes what fails */
	const struct scan scan = { .match = match, .picture = &nobodys };

	return read_stat(&scan, pid, &all->now) &&
	    read_link(&scan, &all->now) &&
	    suspect_examine(&all->now, match, ret_tool) == SUSPECT_TOOL;
}
