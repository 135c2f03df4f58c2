/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about processes from /proc. A login waits for each of these reads:
 * one descriptor of /proc is kept, three calls read a file, nothing is
 * allocated. Names in /proc are chosen by whoever runs the process.
 */
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "policyd/scanner/scanner.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PROCS_PID_MAX	  4194304 /* 2^22, the kernel's own limit */
#define PROCS_NAME_SIZE	  32 /* "4194304/sessionid" and room */
#define PROCS_STAT_SIZE	  2048 /* 52 fields at their longest fit */
#define PROCS_CGROUP_SIZE 8192 /* v1 names a path per controller */
#define PROCS_STAT_FIELDS 52u /* since Linux 3.5, more may follow */
#define PROCS_PPID_FIELD  4u
#define PROCS_START_FIELD 22u

/* proc(5) does not say it, but the first pid namespace is always this one. */
#define PROCS_FIRST_PIDNS "pid:[4026531836]"

struct proc_stat {
	char state;
	int32_t ppid; /* 0: pid 1, or outside of our view */
	uint64_t start;
	char comm[FACT_COMM_MAX + 1];
};

static int
proc_folder(void)
{
	static int fd = -1;

	if (fd == -1)
		fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

/*
 * The whole of a small file, NUL-terminated. A file that does not fit is cut:
 * the parsers notice by the newline that is missing.
 */
static int
read_file(int folder, const char *name, char *buf, size_t size)
{
	ssize_t n;
	int fd, saved;

	*buf = '\0';
	if ((fd = openat(folder, name, O_RDONLY | O_CLOEXEC)) == -1)
		return FG_ERR_SYSTEM;
	do {
		n = read(fd, buf, size - 1);
	} while (n == -1 && errno == EINTR);
	saved = errno;
	(void)close(fd); /* was only read */
	errno = saved;
	if (n == -1)
		return FG_ERR_SYSTEM;
	buf[n] = '\0';
	return strlen(buf) == (size_t)n ? 0 : FG_ERR_FORMAT;
}

/* At most len bytes of src, and of those what is printable. */
static void
copy_printable(char *dst, size_t size, const char *src, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < size - 1; i++)
		dst[i] = src[i] >= ' ' && src[i] <= '~' ? src[i] : '?';
	dst[i] = '\0';
}

/*
 * A process names itself as it likes, with spaces and brackets: its name ends
 * at the line's last bracket, for only numbers follow.
 */
static int
parse_comm(char *line, struct proc_stat *st, char **ret_rest)
{
	char *open, *shut;

	*ret_rest = NULL;
	if ((open = strchr(line, '(')) == NULL ||
	    (shut = strrchr(line, ')')) == NULL || shut < open ||
	    shut[1] != ' ')
		return FG_ERR_FORMAT;
	copy_printable(st->comm, sizeof(st->comm), open + 1,
	    (size_t)(shut - open - 1));
	*ret_rest = shut + 2;
	return 0;
}

static int
parse_field(struct proc_stat *st, unsigned int field, const char *s)
{
	uint64_t v;
	int r;

	if (field == PROCS_PPID_FIELD) {
		if ((r = text_parse_uint(s, 0, PROCS_PID_MAX, &v)) == 0)
			st->ppid = (int32_t)v;
		return r;
	}
	if (field == PROCS_START_FIELD)
		return text_parse_uint(s, 0, UINT64_MAX, &st->start);
	return 0;
}

static int
parse_stat(char *line, struct proc_stat *ret_st)
{
	unsigned int field;
	char *s, *end;
	int r;

	*ret_st = (struct proc_stat){ 0 };
	if ((end = strrchr(line, '\n')) == NULL)
		return FG_ERR_SHORT;
	*end = '\0';
	if ((r = parse_comm(line, ret_st, &s)) != 0)
		return r;
	ret_st->state = *s;
	for (field = 3; s != NULL; field++, s = end) {
		if ((end = strchr(s, ' ')) != NULL)
			*end++ = '\0';
		if ((r = parse_field(ret_st, field, s)) != 0)
			return r;
	}
	return field > PROCS_STAT_FIELDS ? 0 : FG_ERR_SHORT;
}

static int
read_stat(int folder, const char *name, struct proc_stat *ret_st)
{
	char line[PROCS_STAT_SIZE];
	int r;

	*ret_st = (struct proc_stat){ 0 };
	if ((r = read_file(folder, name, line, sizeof(line))) != 0)
		return r;
	return parse_stat(line, ret_st);
}

/*
 * An id of the audit subsystem. A kernel without it has no such file, which
 * says the same as an id that was never set.
 */
static int
read_audit_id(int folder, const char *name, uint32_t *ret_id)
{
	char buf[16];
	uint64_t v;
	int r;

	*ret_id = (uint32_t)-1;
	if ((r = read_file(folder, name, buf, sizeof(buf))) != 0)
		return r == FG_ERR_SYSTEM && errno == ENOENT ? 0 : r;
	buf[strcspn(buf, "\n")] = '\0';
	if ((r = text_parse_uint(buf, 0, UINT32_MAX, &v)) == 0)
		*ret_id = (uint32_t)v;
	return r;
}

/* How much a line of /proc/PID/cgroup tells; 0 is nothing. */
static int
rank_cgroup(const char *controllers, const char *path)
{
	if (strcmp(controllers, "name=systemd") == 0)
		return 3;
	if (*controllers == '\0') /* the unified hierarchy */
		return strcmp(path, "/") == 0 ? 2 : 4;
	return 1;
}

/* Lines are "number:controllers:path"; no path holds a newline. */
static int
parse_cgroup(char *text, char *dst, size_t size)
{
	char *line, *end, *controllers, *path;
	int best = 0, rank;

	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if ((controllers = strchr(line, ':')) == NULL ||
		    (path = strchr(controllers + 1, ':')) == NULL)
			return FG_ERR_FORMAT;
		controllers++;
		*path++ = '\0';
		if ((rank = rank_cgroup(controllers, path)) <= best)
			continue;
		best = rank;
		copy_printable(dst, size, path, strlen(path));
	}
	return best == 0 ? FG_ERR_FORMAT : 0;
}

static int
read_cgroup(int folder, char *dst, size_t size)
{
	char text[PROCS_CGROUP_SIZE];
	int r;

	if ((r = read_file(folder, "cgroup", text, sizeof(text))) != 0)
		return r;
	return parse_cgroup(text, dst, size);
}

/* Pid 1 ends every chain and never changes: it is read once. */
static int
read_parent(int32_t pid, struct proc_stat *ret_st)
{
	static struct proc_stat init;
	char name[PROCS_NAME_SIZE];
	int r;

	if (pid == 1 && init.state != '\0') {
		*ret_st = init;
		return 0;
	}
	if ((r = text_format(name, sizeof(name), "%d/stat", pid)) != 0 ||
	    (r = read_stat(proc_folder(), name, ret_st)) != 0)
		return r;
	if (pid == 1)
		init = *ret_st;
	return 0;
}

/*
 * A parent that started after its child is another process under a reused
 * number: the chain ends before it.
 */
static void
read_ancestors(int32_t ppid, size_t max, struct fact_peer *peer)
{
	uint64_t child = peer->start;
	struct proc_stat st;

	while (ppid != 0 && peer->ancestors < max) {
		if (read_parent(ppid, &st) != 0 || st.start > child)
			return;
		peer->ancestor[peer->ancestors].pid = ppid;
		peer->ancestor[peer->ancestors].start = st.start;
		peer->ancestors++;
		child = st.start;
		ppid = st.ppid;
	}
}

static bool
is_dead(char state)
{
	return state == 'Z' || state == 'X' || state == 'x';
}

/* folder is /proc/PID, and stays this process's even if PID is reused. */
static int
read_process(int folder, size_t ancestors, struct fact_peer *peer)
{
	struct proc_stat st;
	int r;

	if ((r = read_stat(folder, "stat", &st)) != 0)
		return r;
	if (is_dead(st.state))
		return FG_ERR_NOT_FOUND;
	peer->start = st.start;
	memcpy(peer->comm, st.comm, sizeof(peer->comm));
	read_ancestors(st.ppid, ancestors, peer);
	return 0;
}

static int
read_parent_only(int folder, struct fact_peer *peer)
{
	return read_process(folder, 1, peer);
}

static int
read_peer(int folder, struct fact_peer *peer)
{
	int r;

	if ((r = read_process(folder, FACT_ANCESTORS_MAX, peer)) != 0 ||
	    (r = read_audit_id(folder, "loginuid", &peer->loginuid)) != 0)
		return r;
	/* The kernel sets both together. */
	if (peer->loginuid != (uint32_t)-1 &&
	    (r = read_audit_id(folder, "sessionid", &peer->audit_session)) != 0)
		return r;
	/* Last, as it tells a process that ended in between. */
	return read_cgroup(folder, peer->cgroup, sizeof(peer->cgroup));
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
look_at(int32_t pid, int (*read_fn)(int, struct fact_peer *),
    struct fact_peer *peer)
{
	char name[PROCS_NAME_SIZE];
	int folder;

	clear_peer(peer);
	if (pid < 1 || pid > PROCS_PID_MAX || proc_folder() == -1 ||
	    text_format(name, sizeof(name), "%d", pid) != 0)
		return;
	folder = openat(proc_folder(), name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder == -1)
		return;
	if (read_fn(folder, peer) == 0)
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

	fd = openat(proc_folder(), name, O_RDONLY | O_CLOEXEC);
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

	n = readlinkat(proc_folder(), name, buf, sizeof(buf));
	return n >= 0 && (size_t)n == strlen(want) &&
	    memcmp(buf, want, (size_t)n) == 0;
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

	return fstatfs(proc_folder(), &fs) == 0 &&
	    fs.f_type == PROC_SUPER_MAGIC &&
	    text_format(pid, sizeof(pid), "%d", (int)getpid()) == 0 &&
	    link_is("self", pid) && can_open("stat") && can_open("1/stat");
}

uint32_t
procs_coverage(void)
{
	uint32_t degraded = 0;
	char buf[1];

	if (readlinkat(proc_folder(), "1/exe", buf, sizeof(buf)) == -1)
		degraded |= SCANNER_DEGRADED_EXE;
	if (!link_is("self/ns/pid", PROCS_FIRST_PIDNS))
		degraded |= SCANNER_DEGRADED_PIDNS;
	if (!is_full_procfs())
		degraded |= SCANNER_DEGRADED_PROC;
	return degraded;
}
