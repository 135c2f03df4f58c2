/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of /proc. A login waits for each of these reads: one descriptor of
 * /proc is kept, three calls read a file, nothing is allocated. Names in /proc
 * are chosen by whoever runs the process.
 */
#include "policyd/scanner/procs_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "policyd/scanner/picture.h"
#include "policyd/scanner/place.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PROCS_STAT_SIZE	    2048 /* 52 fields at their longest fit */
#define PROCS_CGROUP_SIZE   8192 /* v1 names a path per controller */
#define PROCS_STATUS_SIZE   4096 /* the ids are among its first lines */
#define PROCS_MAP_SIZE	    512 /* some lines of 33 bytes */
#define PROCS_FILE_SIZE	    64 /* a file's name, and what may follow */
#define PROCS_LINES_SIZE    16640 /* of a path, each byte as "\012" */
#define PROCS_DELETED	    " (deleted)"
#define PROCS_MAPS_MAX	    (16u * 1024u * 1024u)
#define PROCS_STAT_FIELDS   52u /* since Linux 3.5, more may follow */
#define PROCS_PPID_FIELD    4u
#define PROCS_SESSION_FIELD 6u
#define PROCS_FLAGS_FIELD   9u
#define PROCS_THREADS_FIELD 20u
#define PROCS_START_FIELD   22u
#define PROCS_STACK_FIELD   28u
#define PROCS_ARGS_FIELD    48u

#define PROCS_FLAG_KERNEL 0x00200000u /* PF_KTHREAD */

int
procs_folder(void)
{
	static int fd = -1;

	if (fd == -1)
		fd = openat(place_folder(), "proc",
		    O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

/* As much of a file as fits, NUL-terminated. */
static int
read_bytes(int folder, const char *name, char *buf, size_t size,
    size_t *ret_len)
{
	ssize_t n;
	int fd, saved;

	*buf = '\0';
	*ret_len = 0;
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
	*ret_len = (size_t)n;
	return 0;
}

/*
 * The whole of a small file. A file that does not fit is cut: the parsers
 * notice by the newline that is missing.
 */
static int
read_file(int folder, const char *name, char *buf, size_t size)
{
	size_t len;
	int r;

	if ((r = read_bytes(folder, name, buf, size, &len)) != 0)
		return r;
	return strlen(buf) == len ? 0 : FG_ERR_FORMAT;
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
parse_comm(char *line, struct procs_stat *st, char **ret_rest)
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
parse_field(struct procs_stat *st, unsigned int field, const char *s)
{
	uint64_t v = 0;
	int r = 0;

	switch (field) {
	case PROCS_PPID_FIELD:
		r = text_parse_uint(s, 0, PROCS_PID_MAX, &v);
		st->ppid = (int32_t)v;
		return r;
	case PROCS_SESSION_FIELD:
		/* -1 for one that ends at this moment */
		if (text_parse_uint(s, 0, PROCS_PID_MAX, &v) == 0)
			st->session = (int32_t)v;
		return 0;
	case PROCS_FLAGS_FIELD:
		r = text_parse_uint(s, 0, UINT32_MAX, &v);
		st->kernel = (v & PROCS_FLAG_KERNEL) != 0;
		return r;
	case PROCS_THREADS_FIELD:
		r = text_parse_uint(s, 0, UINT32_MAX, &v);
		st->threads = (uint32_t)v;
		return r;
	case PROCS_START_FIELD:
		return text_parse_uint(s, 0, UINT64_MAX, &st->start);
	case PROCS_STACK_FIELD:
	case PROCS_ARGS_FIELD:
		if (text_parse_uint(s, 0, UINT64_MAX, &v) == 0)
			st->exec = st->exec * 31 + v;
		return 0;
	default:
		return 0;
	}
}

static int
parse_stat(char *line, struct procs_stat *ret_st)
{
	unsigned int field;
	char *s, *end;
	int r;

	*ret_st = (struct procs_stat){ 0 };
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

int
procs_read_stat(int folder, const char *name, struct procs_stat *ret_st)
{
	char line[PROCS_STAT_SIZE];
	int r;

	*ret_st = (struct procs_stat){ 0 };
	if ((r = read_file(folder, name, line, sizeof(line))) != 0)
		return r;
	return parse_stat(line, ret_st);
}

/*
 * An id of the audit subsystem. A kernel without it has no such file, which
 * says the same as an id that was never set.
 */
int
procs_read_audit_id(int folder, const char *name, uint32_t *ret_id)
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

/* The name comes first, but the kernel escapes a newline in it. */
int
procs_read_uids(int folder, uint32_t *ret_real, uint32_t *ret_effective)
{
	char buf[PROCS_STATUS_SIZE], *real, *effective;
	uint64_t r_uid, e_uid;
	int r;

	*ret_real = *ret_effective = (uint32_t)-1;
	if ((r = read_file(folder, "status", buf, sizeof(buf))) != 0)
		return r;
	if ((real = strstr(buf, "\nUid:\t")) == NULL)
		return FG_ERR_FORMAT;
	real += strlen("\nUid:\t");
	if ((effective = strchr(real, '\t')) == NULL)
		return FG_ERR_FORMAT;
	*effective++ = '\0';
	effective[strcspn(effective, "\t\n")] = '\0';
	if ((r = text_parse_uint(real, 0, UINT32_MAX, &r_uid)) != 0 ||
	    (r = text_parse_uint(effective, 0, UINT32_MAX, &e_uid)) != 0)
		return r;
	*ret_real = (uint32_t)r_uid;
	*ret_effective = (uint32_t)e_uid;
	return 0;
}

/* More lines than fit are told by the first ones. */
bool
procs_has_lent_uids(int folder)
{
	char first[PROCS_MAP_SIZE], map[PROCS_MAP_SIZE];

	return read_file(procs_folder(), "1/uid_map", first, sizeof(first)) ==
	    0 &&
	    read_file(folder, "uid_map", map, sizeof(map)) == 0 &&
	    strcmp(map, first) != 0;
}

uint8_t
procs_apart(int folder)
{
	char file[PROCS_NAME_SIZE], first[64], own[64];
	unsigned int bit;
	uint8_t apart = 0;

	for (bit = 0; bit < SIGN_APARTS; bit++)
		if (text_format(file, sizeof(file), "1/ns/%s",
			sign_apart_name(bit)) == 0 &&
		    procs_read_link(procs_folder(), file, first,
			sizeof(first)) == 0 &&
		    procs_read_link(folder, file + strlen("1/"), own,
			sizeof(own)) == 0 &&
		    strcmp(first, own) != 0)
			apart |= (uint8_t)(1u << bit);
	return apart;
}

/* A mapping's line ends in its file's path, which may have been removed. */
static bool
has_mapping(const char *buf, size_t len, const char *file)
{
	char end[2][PROCS_FILE_SIZE];

	return text_format(end[0], sizeof(end[0]), "/%s\n", file) == 0 &&
	    text_format(end[1], sizeof(end[1]), "/%s (deleted)\n", file) == 0 &&
	    (memmem(buf, len, end[0], strlen(end[0])) != NULL ||
		memmem(buf, len, end[1], strlen(end[1])) != NULL);
}

/* The file is long: what may be half a name is kept for the next piece. */
bool
procs_maps(int folder, const char *file)
{
	char buf[PROCS_FILE_SIZE + 8192];
	size_t kept = 0, total = 0;
	bool found = false;
	ssize_t n;
	int fd;

	if ((fd = openat(folder, "maps", O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	while (!found && total < PROCS_MAPS_MAX &&
	    (n = read(fd, buf + kept, sizeof(buf) - kept)) > 0) {
		total += (size_t)n;
		kept += (size_t)n;
		found = has_mapping(buf, kept, file);
		if (kept > PROCS_FILE_SIZE) {
			memmove(buf, buf + kept - PROCS_FILE_SIZE,
			    PROCS_FILE_SIZE);
			kept = PROCS_FILE_SIZE;
		}
	}
	(void)close(fd); /* was only read */
	return found;
}

/* The file's path of "from-to r-xp offset device inode path"; else NULL. */
static char *
program_of(char *line)
{
	char *rights = strchr(line, ' '), *path = strchr(line, '/'), *end;
	size_t len;

	if (rights == NULL || strnlen(rights, 5) < 5 || rights[3] != 'x' ||
	    path == NULL)
		return NULL;
	len = strlen(path);
	end = path + len - strlen(PROCS_DELETED);
	if (len > strlen(PROCS_DELETED) && strcmp(end, PROCS_DELETED) == 0)
		*end = '\0';
	return strstr(strrchr(path, '/'), ".so") == NULL ? path : NULL;
}

static size_t
add_program(const char *path, char *buf, size_t size, size_t len)
{
	size_t n = strlen(path) + 1;

	if (len + n > size)
		return len;
	memcpy(buf + len, path, n);
	return len + n;
}

size_t
procs_programs(int folder, char *buf, size_t size)
{
	size_t kept = 0, total = 0, len = 0;
	char text[PROCS_LINES_SIZE + 1], *line, *end, *path;
	ssize_t n;
	int fd;

	if ((fd = openat(folder, "maps", O_RDONLY | O_CLOEXEC)) == -1)
		return 0;
	while (total < PROCS_MAPS_MAX &&
	    (n = read(fd, text + kept, PROCS_LINES_SIZE - kept)) > 0) {
		total += (size_t)n;
		kept += (size_t)n;
		text[kept] = '\0';
		for (line = text; (end = strchr(line, '\n')) != NULL;
		     line = end + 1) {
			*end = '\0';
			if ((path = program_of(line)) != NULL)
				len = add_program(path, buf, size, len);
		}
		kept -= (size_t)(line - text);
		memmove(text, line, kept);
	}
	(void)close(fd); /* was only read */
	return len;
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

int
procs_read_cgroup(int folder, char *dst, size_t size)
{
	char text[PROCS_CGROUP_SIZE];
	int r;

	if ((r = read_file(folder, "cgroup", text, sizeof(text))) != 0)
		return r;
	return parse_cgroup(text, dst, size);
}

/* Of several lines one at most is the unified hierarchy's. */
int
procs_read_unified(int folder, char *dst, size_t size)
{
	char text[PROCS_CGROUP_SIZE], *path, *end;
	int r;

	*dst = '\0';
	if ((r = read_file(folder, "cgroup", text, sizeof(text))) != 0)
		return r;
	if (strncmp(text, "0::", 3) == 0)
		path = text + 3;
	else if ((path = strstr(text, "\n0::")) != NULL)
		path += 4;
	else
		return 0;
	if ((end = strchr(path, '\n')) == NULL)
		return FG_ERR_SHORT;
	*end = '\0';
	return text_copy(dst, size, path);
}

int
procs_read_link(int folder, const char *name, char *buf, size_t size)
{
	ssize_t n;

	*buf = '\0';
	if ((n = readlinkat(folder, name, buf, size)) == -1)
		return errno == ENAMETOOLONG ? FG_ERR_LIMIT : FG_ERR_SYSTEM;
	if ((size_t)n >= size)
		n = (ssize_t)size - 1;
	buf[n] = '\0';
	return (size_t)n < size - 1 ? 0 : FG_ERR_LIMIT;
}

int
procs_read_arguments(int folder, const char *name, char *buf, size_t size,
    size_t *ret_len)
{
	return read_bytes(folder, name, buf, size, ret_len);
}

int
procs_open(int32_t pid)
{
	char name[PROCS_NAME_SIZE];

	if (pid < 1 || pid > PROCS_PID_MAX || procs_folder() == -1 ||
	    text_format(name, sizeof(name), "%d", pid) != 0)
		return -1;
	return openat(procs_folder(), name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool
procs_is_dead(const struct procs_stat *st)
{
	return (st->state == 'Z' && st->threads < 2) || st->state == 'X' ||
	    st->state == 'x';
}
