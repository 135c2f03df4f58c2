/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Real processes in sessions of their own: an audit session, which each write
 * to loginuid begins, or a scope. A process here is a child that does what its
 * function says and then waits for its end; all of them live in a pid namespace
 * that ends with the test. Include after cmocka.h.
 */
#ifndef FG_TEST_SESSIONS_H
#define FG_TEST_SESSIONS_H

#include <fcntl.h>
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

#include "policyd/scanner/scanner.h"
#include "tests/unit/child.h"

#define SESSION_UNSET ((uint32_t)-1)
#define SESSION_TRIES 5000 /* of a millisecond each */

struct isolated {
	void (*fn)(void *);
	void *arg;
};

/* Whoever runs the tests may have an audit session: out of it, if it can be. */
static inline void
leave_audit(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	(void)!write(fd, "4294967295", 10);
	(void)close(fd);
}

/* The first process of the namespace, with which all others end. */
static inline void
be_init(const struct isolated *test)
{
	pid_t tester, pid;
	int status;

	CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0);
	if (mount("proc", "/proc", "proc", 0, NULL) != 0)
		_exit(CHILD_SKIP);
	leave_audit();
	CHECK((tester = fork()) != -1);
	if (tester == 0) {
		test->fn(test->arg);
		_exit(0);
	}
	for (;;) {
		CHECK((pid = wait(&status)) != -1);
		if (pid == tester)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
	}
}

static inline void
isolate(void *arg)
{
	int status;
	pid_t pid;

	CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0);
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0)
		be_init(arg);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status));
	_exit(WEXITSTATUS(status));
}

/* As child_passes(). */
static inline void
isolated_passes(void (*fn)(void *), void *arg)
{
	struct isolated test = { fn, arg };

	needs_root();
	child_passes(isolate, &test);
}

/* What the kernel says of a process; state is FACT_ERROR if it has ended. */
static inline struct fact_peer
peer_of(pid_t pid)
{
	struct fact_peer peer;

	memset(&peer, 0, sizeof(peer));
	procs_peer((int32_t)pid, &peer);
	return peer;
}

static inline bool
lives(pid_t pid)
{
	return peer_of(pid).state == FACT_KNOWN;
}

static inline void
nap(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	(void)nanosleep(&ms, NULL);
}

/* Another tick of the clock that start times are told by. */
static inline void
next_tick(void)
{
	const struct timespec tick = { .tv_nsec = 25000000 };

	(void)nanosleep(&tick, NULL);
}

/* It got a signal, and may not have come to it yet. */
static inline void
until_dead(pid_t pid)
{
	int i;

	for (i = 0; i < SESSION_TRIES && lives(pid); i++)
		nap();
	CHECK(!lives(pid));
}

static inline void
wait_for_ever(void)
{
	for (;;)
		(void)pause();
}

/* A child that calls fn, says when it has, and waits. */
static inline pid_t
spawn(void (*fn)(void *), void *arg)
{
	int said[2];
	char byte;
	pid_t pid;

	CHECK(pipe2(said, O_CLOEXEC) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		if (fn != NULL)
			fn(arg);
		CHECK(write(said[1], "", 1) == 1);
		CHECK(close(said[0]) == 0 && close(said[1]) == 0);
		wait_for_ever();
	}
	CHECK(close(said[1]) == 0);
	CHECK(read(said[0], &byte, 1) == 1);
	CHECK(close(said[0]) == 0);
	return pid;
}

/* Orphans become the caller's, who can reap them. */
static inline void
adopt_all(void)
{
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
}

static inline void
reap(pid_t pid)
{
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static inline void
slay(pid_t pid)
{
	CHECK(kill(pid, SIGKILL) == 0);
	reap(pid);
}

/* Where a child writes a pid, and its parent reads it. */
static inline void *
shared_page(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED);
	return page;
}

/*
 * Leave behind a daemon, as tmux does: a session and a parent apart. Its pid
 * goes to *ret_pid.
 */
static inline void
detach(pid_t *ret_pid)
{
	int said[2];
	pid_t pid;

	CHECK(pipe2(said, O_CLOEXEC) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(setsid() != -1);
		if ((pid = fork()) == 0)
			wait_for_ever();
		CHECK(write(said[1], &pid, sizeof(pid)) == sizeof(pid));
		_exit(0);
	}
	reap(pid);
	CHECK(read(said[0], ret_pid, sizeof(pid)) == sizeof(pid));
	CHECK(close(said[0]) == 0 && close(said[1]) == 0);
}

/* ---- audit sessions ---------------------------------------------------- */

static inline uint32_t
audit_session_of(pid_t pid)
{
	return peer_of(pid).audit_session;
}

/* Begin an audit session, as pam_loginuid does. */
static inline void
begin_audit(void *arg)
{
	uint32_t before = audit_session_of(getpid()), now;
	int fd;

	(void)arg;
	CHECK((fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC)) != -1);
	CHECK(write(fd, "61200", 5) == 5);
	CHECK(close(fd) == 0);
	now = audit_session_of(getpid());
	CHECK(now != SESSION_UNSET && now != before);
}

static inline void
try_audit(void *arg)
{
	int fd;

	(void)arg;
	fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
	if (fd == -1 || write(fd, "61200", 5) != 5)
		_exit(CHILD_SKIP);
}

/* The kernel must have the audit subsystem, and let us. */
static inline void
needs_audit(void)
{
	int status;

	needs_root();
	status = child_run(try_audit, NULL);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	print_message("no audit session can be begun here\n");
	skip();
}

/* ---- scopes ------------------------------------------------------------ */

/* Where a process's cgroup can be seen to be what we make it. */
static inline const char *
cgroup_root(void)
{
	struct stat st;

	if (stat("/sys/fs/cgroup/cgroup.procs", &st) == 0)
		return "/sys/fs/cgroup";
	return "/sys/fs/cgroup/unified";
}

struct scope {
	char slice[128];
	char path[192];
	char name[160]; /* as /proc/PID/cgroup has it */
};

/* Not by a test's forked child: the folders outlive it. */
static inline bool
scope_make(const char *id, struct scope *ret_scope)
{
	struct scope *s = ret_scope;

	(void)snprintf(s->slice, sizeof(s->slice), "%s/user-%d%s.slice",
	    cgroup_root(), (int)getpid(), id);
	(void)snprintf(s->path, sizeof(s->path), "%s/session-%s.scope",
	    s->slice, id);
	(void)snprintf(s->name, sizeof(s->name), "%s",
	    s->path + strlen(cgroup_root()));
	return mkdir(s->slice, 0755) == 0 && mkdir(s->path, 0755) == 0;
}

/* Processes in it may take a moment to be gone for good. */
static inline void
scope_remove(const struct scope *s)
{
	int i;

	for (i = 0; i < SESSION_TRIES && rmdir(s->path) != 0 && errno == EBUSY;
	     i++)
		nap();
	assert_int_equal(rmdir(s->slice), 0);
}

static inline void
enter_scope(void *arg)
{
	const struct scope *s = arg;
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/cgroup.procs", s->path);
	CHECK((fd = open(path, O_WRONLY | O_CLOEXEC)) != -1);
	CHECK(write(fd, "0", 1) == 1);
	CHECK(close(fd) == 0);
	CHECK(strcmp(peer_of(getpid()).cgroup, s->name) == 0);
}

/* Run fn in a child with two scopes, or skip where there can be none. */
static inline void
with_scope(void (*fn)(void *))
{
	struct scope scope[2];
	struct isolated test = { fn, scope };
	int status;

	needs_root();
	if (!scope_make("a1", &scope[0]) || !scope_make("a2", &scope[1])) {
		print_message("no cgroup can be made in %s\n", cgroup_root());
		(void)rmdir(scope[0].path);
		(void)rmdir(scope[0].slice);
		(void)rmdir(scope[1].slice);
		skip();
	}
	status = child_run(isolate, &test);
	scope_remove(&scope[0]);
	scope_remove(&scope[1]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- what the decider asks --------------------------------------------- */

/* The session that a living process leads, as the kernel has it. */
static inline struct scanner_session
session_of(pid_t leader)
{
	struct fact_peer peer = peer_of(leader);
	struct scanner_session s = { .leader = { .pid = (int32_t)leader,
					 .start = peer.start },
		.audit_session = peer.audit_session };

	CHECK(peer.state == FACT_KNOWN);
	memcpy(s.cgroup, peer.cgroup, sizeof(s.cgroup));
	return s;
}

#endif
