/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc as a folder, read without the C library's own buffer: how far ahead
 * the kernel is asked decides whether a process that forks is caught up with.
 */
#include "policyd/scanner/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "policyd/scanner/procs_read.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WALK_CLOSE_BY 48u /* one process, or two of short numbers */
#define WALK_NAME     280u /* any name at all */

int64_t
walk_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int
walk_open(struct walk *walk, bool close_by, int64_t until_ns)
{
	walk->until_ns = until_ns;
	walk->batch = close_by ? WALK_CLOSE_BY : sizeof(walk->buf);
	walk->len = 0;
	walk->pos = 0;
	walk->last = 0;
	walk->here = 0;
	walk->next = 0;
	walk->cut = false;
	walk->fd =
	    openat(procs_folder(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return walk->fd == -1 ? FG_ERR_SYSTEM : 0;
}

/* Names that are no process's may be longer than a small batch. */
static bool
walk_fill(struct walk *walk)
{
	ssize_t n;

	n = getdents64(walk->fd, walk->buf, walk->batch);
	if (n == -1 && errno == EINVAL && walk->batch < WALK_NAME)
		n = getdents64(walk->fd, walk->buf, WALK_NAME);
	if (n == -1)
		walk->cut = true;
	walk->len = n > 0 ? (size_t)n : 0;
	walk->pos = 0;
	return n > 0;
}

static const struct dirent64 *
walk_entry(struct walk *walk)
{
	const struct dirent64 *entry;

	if (walk->pos >= walk->len && !walk_fill(walk))
		return NULL;
	entry = (const void *)(walk->buf + walk->pos);
	walk->pos += entry->d_reclen;
	walk->here = walk->next;
	walk->next = entry->d_off;
	return entry;
}

int32_t
walk_number(const char *name)
{
	uint64_t pid;

	if (text_parse_uint(name, 1, PROCS_PID_MAX, &pid) != 0)
		return 0;
	return (int32_t)pid;
}

/*
 * At the end the kernel has been asked for one more than there was, and from
 * then on says that it is over. What was made since comes behind the last one.
 */
static const struct dirent64 *
walk_behind_last(struct walk *walk)
{
	const struct dirent64 *entry;

	if (walk->batch != WALK_CLOSE_BY || walk->cut ||
	    lseek(walk->fd, walk->here, SEEK_SET) == -1)
		return NULL;
	walk->next = walk->here;
	entry = walk_entry(walk);
	if (entry != NULL && walk_number(entry->d_name) == walk->last)
		entry = walk_entry(walk);
	return entry;
}

bool
walk_next(struct walk *walk, int32_t *ret_pid)
{
	const struct dirent64 *entry;
	int32_t pid = 0;

	*ret_pid = 0;
	while (pid == 0) {
		if ((entry = walk_entry(walk)) == NULL &&
		    (entry = walk_behind_last(walk)) == NULL)
			return false;
		pid = walk_number(entry->d_name);
	}
	if (walk_now_ns() >= walk->until_ns) {
		walk->cut = true;
		return false;
	}
	walk->last = pid;
	*ret_pid = pid;
	return true;
}

int
walk_seek(struct walk *walk, int64_t here)
{
	if (lseek(walk->fd, here, SEEK_SET) == -1)
		return FG_ERR_SYSTEM;
	walk->len = 0;
	walk->pos = 0;
	walk->here = here;
	walk->next = here;
	return 0;
}

void
walk_close(struct walk *walk)
{
	(void)close(walk->fd); /* was only read */
	walk->fd = -1;
}
