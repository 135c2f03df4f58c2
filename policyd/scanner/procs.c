/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about one process and its parents from /proc, and whether all of /proc
 * can be seen.
 */
#include <sys/types.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/scanner.h"
#include "policyd/text.h"
#include "proto/result.h"

/* proc(5) does not say it, but the first pid namespace is always this one. */
#define PROCS_FIRST_PIDNS "pid:[4026531836]"

/* Pid 1 ends every chain and never changes: it is read once. */
static int
read_parent(int32_t pid, struct procs_stat *ret_st)
{
	static struct procs_stat init;
	char name[PROCS_NAME_SIZE];
	int r;

	if (pid == 1 && init.state != '\0') {
		*ret_st = init;
		return 0;
	}
	if ((r = text_format(name, sizeof(name), "%d/stat", pid)) != 0 ||
	    (r = procs_read_stat(procs_folder(), name, ret_st)) != 0)
		return r;
	if (pid == 1)
		init = *ret_st;
	return 0;
}

/*
 * A parent that started after its child is another process under a reused
 * number.
 */
static bool
is_parent(int32_t ppid, const struct fact_process *child,
    struct procs_stat *ret_st)
{
	return read_parent(ppid, ret_st) == 0 && ret_st->start <= child->start;
}

/* Who has lost its parent meanwhile has another one by now. */
static int
find_parent(const struct fact_process *child, int32_t ppid,
    struct fact_process *ret_parent, int32_t *ret_next)
{
	struct procs_stat now, st;

	if (ppid != 0 && !is_parent(ppid, child, &st)) {
		if (read_parent(child->pid, &now) != 0 ||
		    now.start != child->start || now.ppid == ppid)
			return FG_ERR_SYSTEM;
		ppid = now.ppid;
		if (ppid != 0 && !is_parent(ppid, child, &st))
			return FG_ERR_SYSTEM;
	}
	if (ppid == 0)
		return FG_ERR_NOT_FOUND;
	*ret_parent = (struct fact_process){ .pid = ppid, .start = st.start };
	*ret_next = st.ppid;
	return 0;
}

int
procs_find_parent(const struct fact_process *child,
    struct fact_process *ret_parent)
{
	struct procs_stat st;
	int32_t next;

	if (read_parent(child->pid, &st) != 0 || st.start != child->start)
		return FG_ERR_SYSTEM;
	return find_parent(child, st.ppid, ret_parent, &next);
}

static void
read_ancestors(int32_t pid, int32_t ppid, size_t max, struct fact_peer *peer)
{
	struct fact_process child = { .pid = pid, .start = peer->start };
	int r = 0;

	while (peer->ancestors < max &&
	    (r = find_parent(&child, ppid, &peer->ancestor[peer->ancestors],
		 &ppid)) == 0)
		child = peer->ancestor[peer->ancestors++];
	peer->cut = r == 0 ? ppid != 0 : r != FG_ERR_NOT_FOUND;
}

/* folder is /proc/PID, and stays this process's even if PID is reused. */
static int
read_process(int32_t pid, int folder, size_t ancestors, struct fact_peer *peer)
{
	struct procs_stat st;
	int r;

	if ((r = procs_read_stat(folder, "stat", &st)) != 0)
		return r;
	if (procs_is_dead(&st))
		return FG_ERR_NOT_FOUND;
	peer->start = st.start;
	memcpy(peer->comm, st.comm, sizeof(peer->comm));
	read_ancestors(pid, st.ppid, ancestors, peer);
	return 0;
}

static int
read_parent_only(int32_t pid, int folder, struct fact_peer *peer)
{
	int r = read_process(pid, folder, 1, peer);

	peer->cut = 0; /* no more than that is asked for */
	return r;
}

static int
read_peer(int32_t pid, int folder, struct fact_peer *peer)
{
	int r;

	if ((r = read_process(pid, folder, FACT_ANCESTORS_MAX, peer)) != 0 ||
	    (r = procs_read_audit_id(folder, "loginuid", &peer->loginuid)) != 0)
		return r;
	/* The kernel sets both together. */
	if (peer->loginuid != (uint32_t)-1 &&
	    (r = procs_read_audit_id(folder, "sessionid",
		 &peer->audit_session)) != 0)
		return r;
	/* Last, as it tells a process that ended in between. */
	return procs_read_cgroup(folder, peer->cgroup, sizeof(peer->cgroup));
}

/*
 * Everything but uid and pid, which are the caller's. With memset, as this
 * goes to another process with all its padding.
 */
static void
clear_peer(struct fact_peer *peer)
{
	uint32_t uid = peer->uid;
	int32_t pid = peer->pid;

	memset(peer, 0, sizeof(*peer));
	peer->state = FACT_ERROR;
	peer->uid = uid;
	peer->pid = pid;
	peer->loginuid = (uint32_t)-1;
	peer->audit_session = (uint32_t)-1;
}

static void
look_at(int32_t pid, int (*read_fn)(int32_t, int, struct fact_peer *),
    struct fact_peer *peer)
{
	int folder;

	clear_peer(peer);
	if ((folder = procs_open(pid)) == -1)
		return;
	if (read_fn(pid, folder, peer) == 0)
		peer->state = FACT_KNOWN;
	else
		clear_peer(peer);
	(void)close(folder); /* an O_PATH descriptor: nothing to lose */
}

void
procs_peer(int32_t pid, struct fact_peer *peer)
{
	look_at(pid, read_peer, peer);
}

void
procs_parent(int32_t pid, struct fact_peer *peer)
{
	look_at(pid, read_parent_only, peer);
}

/* ---- The self-test ----------------------------------------------------- */

static bool
can_open(const char *name)
{
	int fd;

	fd = openat(procs_folder(), name, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	(void)close(fd); /* was only opened */
	return true;
}

static bool
link_is(const char *name, const char *want)
{
	char buf[64];
	ssize_t n;

	n = readlinkat(procs_folder(), name, buf, sizeof(buf));
	return n >= 0 && (size_t)n == strlen(want) &&
	    memcmp(buf, want, (size_t)n) == 0;
}

/*
 * The kernel tells of the sockets, routes and interfaces of this one alone.
 * What cannot be read is SCANNER_DEGRADED_EXE as well: it takes the same right.
 */
static bool
is_in_network_of_init(void)
{
	char buf[64];
	ssize_t n;

	n = readlinkat(procs_folder(), "1/ns/net", buf, sizeof(buf) - 1);
	if (n == -1)
		return true;
	buf[n] = '\0';
	return link_is("self/ns/net", buf);
}

/*
 * A procfs, of our own pid namespace, that hides neither processes (hidepid)
 * nor the rest (subset=pid).
 */
static bool
is_full_procfs(void)
{
	char pid[PROCS_NAME_SIZE];
	struct statfs fs;

	return fstatfs(procs_folder(), &fs) == 0 &&
	    fs.f_type == PROC_SUPER_MAGIC &&
	    text_format(pid, sizeof(pid), "%d", (int)getpid()) == 0 &&
	    link_is("self", pid) && can_open("stat") && can_open("1/stat");
}

uint32_t
procs_coverage(void)
{
	uint32_t degraded = 0;
	char buf[1];

	if (readlinkat(procs_folder(), "1/exe", buf, sizeof(buf)) == -1)
		degraded |= SCANNER_DEGRADED_EXE;
	if (!link_is("self/ns/pid", PROCS_FIRST_PIDNS))
		degraded |= SCANNER_DEGRADED_PIDNS;
	if (!is_in_network_of_init())
		degraded |= SCANNER_DEGRADED_NETNS;
	if (!is_full_procfs())
		degraded |= SCANNER_DEGRADED_PROC;
	return degraded;
}

const char *
procs_coverage_name(uint32_t degraded)
{
	if (degraded & SCANNER_DEGRADED_PROC)
		return "/proc is no full procfs";
	if (degraded & SCANNER_DEGRADED_EXE)
		return "cannot read /proc/1/exe";
	if (degraded & SCANNER_DEGRADED_PIDNS)
		return "only this pid namespace";
	if (degraded & SCANNER_DEGRADED_NETNS)
		return "only this network namespace";
	return "full";
}
