/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that holds the lock of its own memory for good: it maps a file,
 * whose changed page has to be written first, and the file's server, which is
 * its own as well, never answers that. Any user with FUSE can do so. Include
 * after cmocka.h.
 */
#ifndef FG_TEST_HOLDING_H
#define FG_TEST_HOLDING_H

#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/child.h"

#define HOLDING_FOLDER "/mnt"
#define HOLDING_BYTES  4096u
#define HOLDING_S      20 /* and no longer */

struct holding {
	pid_t pid;	/* who holds the lock */
	pid_t server;
};

static inline void
holding_reply(int fd, uint64_t unique, int error, const void *data, size_t n)
{
	static char buf[HOLDING_BYTES + 256];
	struct fuse_out_header h = { .len = (uint32_t)(sizeof(h) + n),
		.error = -error,
		.unique = unique };

	memcpy(buf, &h, sizeof(h));
	if (n > 0)
		memcpy(buf + sizeof(h), data, n);
	(void)!write(fd, buf, h.len);
}

static inline void
holding_attr(struct fuse_attr *attr, uint64_t ino)
{
	*attr = (struct fuse_attr){ .ino = ino,
		.nlink = 1,
		.blksize = HOLDING_BYTES,
		.size = ino == 1 ? 0 : HOLDING_BYTES,
		.mode = ino == 1 ? S_IFDIR | 0755 : S_IFREG | 0666 };
}

/* The second one who opens the file is to read around what is cached. */
static inline void
holding_answer(int fd, const struct fuse_in_header *h, int held)
{
	static const char zeros[HOLDING_BYTES];
	static unsigned int opens;
	struct fuse_init_out init = { .major = 7,
		.minor = 31,
		.max_write = 65536 };
	struct fuse_entry_out entry = { .nodeid = 2,
		.attr_valid = 1000,
		.entry_valid = 1000 };
	struct fuse_attr_out attr = { .attr_valid = 1000 };
	struct fuse_open_out open = { .open_flags = FOPEN_KEEP_CACHE };

	switch (h->opcode) {
	case FUSE_INIT:
		holding_reply(fd, h->unique, 0, &init, sizeof(init));
		return;
	case FUSE_LOOKUP:
		holding_attr(&entry.attr, 2);
		holding_reply(fd, h->unique, 0, &entry, sizeof(entry));
		return;
	case FUSE_GETATTR:
		holding_attr(&attr.attr, h->nodeid);
		holding_reply(fd, h->unique, 0, &attr, sizeof(attr));
		return;
	case FUSE_OPEN:
		if (opens++ > 0)
			open.open_flags |= FOPEN_DIRECT_IO;
		holding_reply(fd, h->unique, 0, &open, sizeof(open));
		return;
	case FUSE_READ:
		holding_reply(fd, h->unique, 0, zeros, sizeof(zeros));
		return;
	case FUSE_WRITE:
		(void)!write(held, "", 1); /* and no answer */
		return;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	default:
		holding_reply(fd, h->unique, ENOSYS, NULL, 0);
	}
}

static inline void
holding_serve(int fd, int held)
{
	static _Alignas(8) char buf[1u << 17];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n == -1 && errno != EINTR && errno != ENOENT)
			_exit(0);
		if (n >= (ssize_t)sizeof(struct fuse_in_header))
			holding_answer(fd, (const void *)buf, held);
	}
}

static inline void
holding_hold(void)
{
	int first, second;
	char *page;

	first = open(HOLDING_FOLDER "/f", O_RDWR | O_CLOEXEC);
	page = mmap(NULL, HOLDING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    first, 0);
	if (page == MAP_FAILED)
		_exit(1);
	page[0] = 1;
	second = open(HOLDING_FOLDER "/f", O_RDWR | O_CLOEXEC);
	(void)mmap(NULL, HOLDING_BYTES, PROT_READ, MAP_PRIVATE, second, 0);
	_exit(0);
}

/*
 * The server, in a namespace of its own, and who holds the lock as its child:
 * SIGKILL does not end that one before the server has ended, which it does
 * with the test, or soon. Until then nobody's ps(1) gets by.
 */
static inline void
holding_main(uid_t uid, int ready)
{
	char options[128];
	pid_t pid;
	int fd;

	(void)alarm(HOLDING_S);
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    (fd = open("/dev/fuse", O_RDWR | O_CLOEXEC)) == -1)
		_exit(1);
	(void)snprintf(options, sizeof(options),
	    "fd=%d,rootmode=40000,user_id=%u,group_id=0", fd,
	    (unsigned int)uid);
	if (mount("x", HOLDING_FOLDER, "fuse", MS_NOSUID | MS_NODEV, options) !=
	    0 ||
	    setresuid(uid, uid, uid) != 0)
		_exit(1);
	/* Only now, as the change of the user would clear it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if ((pid = fork()) == -1)
		_exit(1);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		(void)close(fd);
		(void)close(ready);
		holding_hold();
	}
	(void)!write(ready, &pid, sizeof(pid));
	holding_serve(fd, ready);
}

/* False: there is no FUSE here, or it cannot be used. */
static inline bool
holding_start(struct holding *h, uid_t uid)
{
	struct pollfd pfd = { .events = POLLIN };
	bool held;
	char byte;
	int said[2];

	CHECK(pipe2(said, O_CLOEXEC) == 0);
	CHECK((h->server = fork()) != -1);
	if (h->server == 0)
		holding_main(uid, said[1]);
	CHECK(close(said[1]) == 0);
	pfd.fd = said[0];
	held = read(said[0], &h->pid, sizeof(h->pid)) == sizeof(h->pid) &&
	    poll(&pfd, 1, 5000) == 1 && read(said[0], &byte, 1) == 1;
	CHECK(close(said[0]) == 0);
	return held;
}

/* The lock is free when the server has ended, and its holder killed. */
static inline void
holding_end(const struct holding *h)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	CHECK(kill(h->server, SIGKILL) == 0);
	CHECK(waitpid(h->server, NULL, 0) == h->server);
	/* It is the first process's by now. */
	for (i = 0; i < 5000 && kill(h->pid, 0) == 0; i++)
		(void)nanosleep(&ms, NULL);
}

#endif
