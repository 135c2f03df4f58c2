/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader's side: it reads what it is asked for, and waits if it has to.
 */
#include "policyd/scanner/reader_child.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/text.h"
#include "proto/result.h"

size_t
reader_answer_size(const struct reader_answer *answer)
{
	return offsetof(struct reader_answer, bytes) + answer->len;
}

/* Nothing of the decider's or the kernel's news: only what is read by. */
static void
keep_only(int fd)
{
	int keep[] = { fd, procs_folder(), place_folder() };
	unsigned int next = STDERR_FILENO + 1;
	size_t i, k, n = sizeof(keep) / sizeof(keep[0]);
	int least;

	for (i = 0; i < n; i++) {
		for (k = i + 1; k < n; k++) {
			least = keep[k] < keep[i] ? keep[k] : keep[i];
			keep[k] = keep[k] < keep[i] ? keep[i] : keep[k];
			keep[i] = least;
		}
		if (keep[i] < (int)next)
			continue;
		if ((unsigned int)keep[i] > next &&
		    close_range(next, (unsigned int)keep[i] - 1, 0) != 0)
			_exit(1);
		next = (unsigned int)keep[i] + 1;
	}
	if (close_range(next, ~0u, 0) != 0)
		_exit(1);
}

/* The process that is meant, for as long as it is open; -1: it has ended. */
static int
open_process(const struct reader_request *req)
{
	struct procs_stat st;
	int folder;

	if ((folder = procs_open(req->pid)) == -1)
		return -1;
	if (procs_read_stat(folder, "stat", &st) == 0 && st.start == req->start)
		return folder;
	(void)close(folder); /* an O_PATH descriptor */
	return -1;
}

static int
read_arguments(const struct reader_request *req, struct reader_answer *ans)
{
	char name[PROCS_NAME_SIZE];
	size_t len = 0;
	int r;

	if ((r = text_format(name, sizeof(name), "%d/cmdline", req->pid)) == 0)
		r = procs_read_arguments(procs_folder(), name,
		    (char *)ans->bytes, req->size, &len);
	ans->len = (uint32_t)len;
	return r;
}

static int
read_programs(const struct reader_request *req, struct reader_answer *ans)
{
	int folder;

	if ((folder = open_process(req)) == -1)
		return FG_ERR_NOT_FOUND;
	ans->len =
	    (uint32_t)procs_programs(folder, (char *)ans->bytes, req->size - 1);
	(void)close(folder); /* an O_PATH descriptor */
	return 0;
}

static int
answer_yes(bool yes, struct reader_answer *ans)
{
	ans->bytes[0] = yes;
	ans->len = 1;
	return 0;
}

static int
read_maps(const struct reader_request *req, struct reader_answer *ans)
{
	int folder, r;

	if ((folder = open_process(req)) == -1)
		return FG_ERR_NOT_FOUND;
	r = answer_yes(procs_maps(folder, req->text), ans);
	(void)close(folder); /* an O_PATH descriptor */
	return r;
}

static int
read_roots(const struct reader_request *req, struct reader_answer *ans)
{
	int folder, root, r;

	if ((folder = open_process(req)) == -1)
		return FG_ERR_NOT_FOUND;
	root = openat(folder, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	r = answer_yes(root != -1 && place_is_roots(root, req->text, NULL),
	    ans);
	if (root != -1)
		(void)close(root); /* an O_PATH descriptor */
	(void)close(folder); /* the same */
	return r;
}

/* What did not fit is said, and what did is told. */
static int
read_sockets(const struct reader_request *req, struct reader_answer *ans)
{
	struct procs_socket buf[READER_BYTES / sizeof(struct procs_socket)];
	size_t n;
	int folder, r;

	if ((folder = open_process(req)) == -1)
		return FG_ERR_NOT_FOUND;
	r = procs_sockets(folder, req->ports, buf, req->size / sizeof(*buf),
	    &n);
	(void)close(folder); /* an O_PATH descriptor */
	ans->len = (uint32_t)(n * sizeof(*buf));
	memcpy(ans->bytes, buf, ans->len);
	return r;
}

/*
 * What takes a program's place stands on its device; in a mount namespace of
 * one's own any path is free. It is looked at as the kernel knows it, as its
 * server may not answer.
 */
static int
read_upgrade(const struct reader_request *req, struct reader_answer *ans)
{
	struct statx runs;
	dev_t dev = 0;
	int folder, r;

	if ((folder = open_process(req)) == -1)
		return FG_ERR_NOT_FOUND;
	if (!place_is_roots(place_folder(), req->text, &dev))
		r = answer_yes(false, ans);
	else if (statx(folder, "exe", AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		     STATX_TYPE, &runs) == 0)
		r = answer_yes(makedev(runs.stx_dev_major,
				   runs.stx_dev_minor) == dev,
		    ans);
	else
		r = errno == ENOENT ? FG_ERR_NOT_FOUND : answer_yes(false, ans);
	(void)close(folder); /* an O_PATH descriptor */
	return r;
}

static int
read_sys(int sys, const struct reader_request *req, struct reader_answer *ans)
{
	size_t len;
	int r;

	r = sys_read(sys, req->text, ans->bytes, req->size, &len);
	ans->len = (uint32_t)len;
	return r;
}

static int
answer(int sys, const struct reader_request *req, struct reader_answer *ans)
{
	switch ((enum reader_kind)req->kind) {
	case READER_ARGUMENTS:
		return read_arguments(req, ans);
	case READER_PROGRAMS:
		return read_programs(req, ans);
	case READER_MAPS:
		return read_maps(req, ans);
	case READER_ROOTS:
		return read_roots(req, ans);
	case READER_SOCKETS:
		return read_sockets(req, ans);
	case READER_UPGRADE:
		return read_upgrade(req, ans);
	case READER_SYS:
		return read_sys(sys, req, ans);
	case READER_NONE:
		break;
	}
	_exit(1);
}

static bool
is_request(const struct reader_request *req, ssize_t n)
{
	return n == sizeof(*req) && req->size > 0 &&
	    req->size <= READER_BYTES &&
	    memchr(req->text, '\0', sizeof(req->text)) != NULL &&
	    req->ports[PROCS_PORTS_MAX - 1].role == PROCS_PORT_NONE;
}

static void
serve(int fd, int sys)
{
	static struct reader_answer ans;
	struct reader_request req;
	ssize_t n;

	n = recv(fd, &req, sizeof(req), MSG_TRUNC);
	if (n == -1 && errno == EINTR)
		return;
	if (!is_request(&req, n))
		_exit(n == 0 ? 0 : 1);
	memset(&ans, 0, offsetof(struct reader_answer, bytes));
	errno = 0;
	ans.result = answer(sys, &req, &ans);
	ans.error = errno;
	if (send(fd, &ans, reader_answer_size(&ans), MSG_NOSIGNAL) == -1)
		_exit(0);
}

void
reader_main(int fd, int32_t parent)
{
	int sys;

	/* Also with one that died before this. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	keep_only(fd);
	sys = sys_open(); /* without it there are no devices */
	for (;;)
		serve(fd, sys);
}
