/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of most processes their folder and their program tell that they are what
 * they were when it was found out that they are nothing. What is read of one is
 * chosen by whoever runs it.
 */
#include "policyd/scanner/look/process.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/look/since.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/text.h"
#include "proto/result.h"

/*
 * What a process calls itself can change and nothing else with it: each is
 * looked at closely once in so many scans. One that is young may still become
 * what it is to be, and is looked at each time.
 */
#define PROCESS_AGAIN	8u
#define PROCESS_YOUNG_S 30

static uint64_t
hash_text(const char *s)
{
	uint64_t h = 14695981039346656037u;

	while (*s != '\0')
		h = (h ^ (unsigned char)*s++) * 1099511628211u;
	return h;
}

static struct process_plain *
plain_of(struct processes *all, int32_t pid)
{
	return &all->plain[(uint32_t)pid % PROCESS_PLAIN];
}

/* ESRCH and ENOENT: it has ended meanwhile. */
static void
note_failure(const struct scan *scan, int r)
{
	if (r != 0 &&
	    (r != FG_ERR_SYSTEM || (errno != ESRCH && errno != ENOENT)))
		scan->picture->failed |= PICTURE_PROCESSES;
}

/* False: there is no such process, or something was mounted over it. */
static bool
read_folder(const struct scan *scan, int32_t pid, struct suspect *now)
{
	char name[PROCS_NAME_SIZE];
	struct statx st;

	now->pid = now->thread.pid = pid;
	if (text_format(name, sizeof(name), "%d", pid) != 0 ||
	    statx(procs_folder(), name, AT_SYMLINK_NOFOLLOW,
		STATX_INO | STATX_MTIME, &st) != 0) {
		note_failure(scan, FG_ERR_SYSTEM);
		return false;
	}
	if ((st.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
		scan->picture->failed |= PICTURE_PROCESSES;
		return false;
	}
	now->inode = st.stx_ino;
	now->made_ns =
	    st.stx_mtime.tv_sec * INT64_C(1000000000) + st.stx_mtime.tv_nsec;
	return true;
}

/* False: there is no such process, or it is the kernel's or has ended. */
static bool
read_stat(const struct scan *scan, struct suspect *now)
{
	char name[PROCS_NAME_SIZE];
	int r;

	if ((r = text_format(name, sizeof(name), "%d/stat", now->pid)) == 0)
		r = procs_read_stat(procs_folder(), name, &now->stat);
	note_failure(scan, r);
	now->thread.pid = now->pid;
	now->thread.start = now->stat.start;
	return r == 0 && !procs_is_dead(&now->stat);
}

/* False: it has no program any more, as it ends. */
static bool
read_link(const struct scan *scan, struct suspect *now)
{
	char name[PROCS_NAME_SIZE];
	int r;

	if ((r = text_format(name, sizeof(name), "%d/exe", now->thread.pid)) ==
	    0)
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

/* Its threads are no names of /proc's folder, but paths of it all the same. */
static bool
is_running(int32_t tid, struct suspect *now)
{
	char name[PROCS_NAME_SIZE];
	struct procs_stat st;

	if (tid == now->pid ||
	    text_format(name, sizeof(name), "%d/stat", tid) != 0 ||
	    procs_read_stat(procs_folder(), name, &st) != 0 ||
	    st.state == 'Z' || st.state == 'X')
		return false;
	now->thread = (struct fact_process){ .pid = tid, .start = st.start };
	return true;
}

/* Those that have ended are reaped, but for the first. */
static bool
find_thread(struct suspect *now)
{
	_Alignas(8) char buf[512];
	char name[PROCS_NAME_SIZE];
	const struct dirent64 *entry;
	bool found = false;
	ssize_t n, at;
	int fd;

	if (now->stat.threads < 2 ||
	    text_format(name, sizeof(name), "%d/task", now->pid) != 0 ||
	    (fd = openat(procs_folder(), name,
		 O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return false;
	n = getdents64(fd, buf, sizeof(buf));
	for (at = 0; at < n && !found; at += entry->d_reclen) {
		entry = (const void *)(buf + at);
		found = is_running(walk_number(entry->d_name), now);
	}
	(void)close(fd); /* was only read */
	return found;
}

static bool
read_program(const struct scan *scan, struct suspect *now)
{
	return read_link(scan, now) ||
	    (find_thread(now) && read_link(scan, now));
}

/* ---- What is known already ---------------------------------------------- */

/* The same process as it was, and not its turn. */
static bool
is_known(const struct process_plain *p, const struct scan *scan,
    const struct suspect *now)
{
	return p->pid == now->pid && p->inode == now->inode &&
	    p->made_ns == now->made_ns &&
	    ((uint64_t)now->pid + scan->round) % PROCESS_AGAIN != 0;
}

static uint64_t
mark_of(const struct suspect *now)
{
	uint64_t h = hash_text(now->stat.comm) * 31 + hash_text(now->link);

	return h * 31 + now->stat.exec + (uint64_t)now->link_result;
}

static void
set_plain(struct process_plain *p, const struct scan *scan,
    const struct suspect *now, uint64_t mark)
{
	*p = (struct process_plain){
		.inode = now->inode,
		.made_ns = now->made_ns,
		.link = hash_text(now->link),
		.start = now->stat.start,
		.mark = mark,
		.pid = now->pid,
		.ppid = now->stat.ppid,
		.rules = (uint32_t)scan->rules,
		.kernel = now->stat.kernel,
	};
}

/* ---- One process -------------------------------------------------------- */

static void
examine(struct processes *all, const struct scan *scan, uint64_t mark)
{
	struct suspect *now = &all->now;
	struct tool tool;

	switch (suspect_examine(now, scan->match, &tool)) {
	case SUSPECT_PLAIN:
		set_plain(plain_of(all, now->pid), scan, now, mark);
		break;
	case SUSPECT_TOOL:
		tool.round = scan->round;
		tools_put(&all->tools, &tool);
		if (now->args_result == FG_ERR_TIMEOUT)
			scan->picture->cut |= PICTURE_PROCESSES;
		break;
	case SUSPECT_LATE:
		scan->picture->cut |= PICTURE_PROCESSES;
		break;
	case SUSPECT_GONE:
		break;
	}
}

/* Of a kernel's thread nothing is looked at: it has no program. */
static void
look_closely(struct processes *all, const struct scan *scan, bool has_link)
{
	struct suspect *now = &all->now;
	struct process_plain *p = plain_of(all, now->pid);
	uint64_t mark;

	if (!read_stat(scan, now))
		return;
	scan->picture->processes++;
	if (now->stat.kernel) {
		now->link[0] = '\0';
		set_plain(p, scan, now, 0);
		return;
	}
	if (!has_link && !read_program(scan, now))
		return;
	suspect_is_child(&all->tools, scan->match, now);
	mark = mark_of(now);
	if (!is_known(p, scan, now) || p->mark != mark ||
	    p->rules != (uint32_t)scan->rules)
		examine(all, scan, mark);
}

static void
look_at(struct processes *all, const struct scan *scan, int32_t pid)
{
	struct process_plain *p = plain_of(all, pid);
	struct suspect *now = &all->now;

	if (!read_folder(scan, pid, now))
		return;
	if (!is_known(p, scan, now)) {
		look_closely(all, scan, false);
		return;
	}
	if (p->kernel) {
		scan->picture->processes++;
		return;
	}
	if (!read_link(scan, now)) {
		look_closely(all, scan, false);
		return;
	}
	if (p->link != hash_text(now->link) ||
	    p->rules != (uint32_t)scan->rules || p->start > all->old) {
		look_closely(all, scan, true);
		return;
	}
	scan->picture->processes++;
	now->stat = (struct procs_stat){ .ppid = p->ppid, .start = p->start };
	suspect_is_child(&all->tools, scan->match, now);
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
	size_t i;

	tools_begin(&all->tools);
	all->old = since_ago(PROCESS_YOUNG_S);
	if (walk_open(walk, false, scan->until_ns) != 0) {
		scan->picture->failed |= PICTURE_PROCESSES;
		return;
	}
	walk_round(all, scan, walk);
	keep.cut = walk->cut || (scan->picture->cut & PICTURE_PROCESSES) != 0;
	all->cursor = walk->cut ? walk->here : 0;
	walk_close(walk);
	tools_sweep(&all->tools, keep_tool, &keep);
	for (i = 0; i < all->tools.nlost_uids; i++)
		owner_lose(scan->picture, all->tools.lost_uid[i],
		    PICTURE_PROCESSES);
	if (keep.cut || all->tools.lost)
		scan->picture->cut |= PICTURE_PROCESSES;
}

static enum suspect_is
look_at_one(struct processes *all, const struct scan *scan,
    const struct fact_process *who, struct tool *ret_tool)
{
	struct suspect *now = &all->now;

	now->pid = who->pid;
	if (!read_stat(scan, now) || now->stat.start != who->start)
		return SUSPECT_GONE;
	if (now->stat.kernel)
		return SUSPECT_PLAIN;
	return read_program(scan, now) ?
	    suspect_examine(now, scan->match, ret_tool) :
	    SUSPECT_GONE;
}

enum suspect_is
process_look(struct processes *all, const struct match *match,
    const struct fact_process *who, struct tool *ret_tool, bool *ret_whole)
{
	static struct picture nobodys; /* takes what fails */
	const struct scan scan = { .match = match, .picture = &nobodys };
	enum suspect_is is;

	nobodys.failed = 0;
	is = look_at_one(all, &scan, who, ret_tool);
	*ret_whole = nobodys.failed == 0 && is != SUSPECT_LATE &&
	    (is != SUSPECT_TOOL ||
		(all->now.args_result != FG_ERR_TIMEOUT &&
		    ret_tool->hidden != HIDDEN_UNREAD));
	return is;
}
