/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scan with rules of a test's own, and real processes for it to find: copies
 * of a program that only waits, under whatever path and name. Include after
 * cmocka.h.
 */
#ifndef FG_TEST_LOOKING_H
#define FG_TEST_LOOKING_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "policyd/scanner/look/look.h"
#include "tests/unit/child.h"

#define LOOKING_MS 5000u

/* One scan after the other, of one scanner. */
struct looking {
	struct look *look;
	struct picture picture;
	struct rule_entry entry[16];
	size_t nentries;
	struct rule rule[64];
	size_t nrules;
	char dir[64];
};

static inline uint32_t
looking_entry(struct looking *l, const char *name, enum entry_kind kind,
    uint32_t active)
{
	struct rule_entry *e = &l->entry[l->nentries];

	memset(e, 0, sizeof(*e));
	(void)snprintf(e->name, sizeof(e->name), "%s", name);
	e->kind = kind;
	e->steers = ENTRY_STEERS_SEAT;
	e->active = active;
	return (uint32_t)l->nentries++;
}

/* Of the last entry. */
static inline void
looking_text(struct looking *l, enum rule_kind kind, const char *text)
{
	struct rule *r = &l->rule[l->nrules++];

	memset(r, 0, sizeof(*r));
	r->kind = kind;
	r->entry = (uint32_t)l->nentries - 1;
	(void)snprintf(r->text, sizeof(r->text), "%s", text);
}

static inline void
looking_port(struct looking *l, enum rule_kind kind, const char *proto,
    uint32_t low, uint32_t high)
{
	looking_text(l, kind, proto);
	l->rule[l->nrules - 1].low = low;
	l->rule[l->nrules - 1].high = high;
}

/* Take the rules over that were made so far. */
static inline void
looking_set(struct looking *l)
{
	struct rules rules;

	assert_int_equal(rules_make(l->entry, l->nentries, l->rule, l->nrules,
			     &rules),
	    0);
	look_set_rules(l->look, &rules);
	assert_null(rules.rule);
}

static inline void
looking_begin(struct looking *l)
{
	memset(l, 0, sizeof(*l));
	(void)snprintf(l->dir, sizeof(l->dir), "/tmp/farmgate-look.XXXXXX");
	assert_non_null(mkdtemp(l->dir));
	assert_int_equal(chmod(l->dir, 0755), 0);
	assert_int_equal(look_new(&l->look), 0);
}

static inline void
looking_end(struct looking *l)
{
	char cmd[128];

	look_free(l->look);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", l->dir);
	assert_int_equal(system(cmd), 0);
}

static inline const struct picture *
looking_take(struct looking *l)
{
	memset(&l->picture, 0x5a, sizeof(l->picture));
	look_take(l->look, LOOKING_MS, &l->picture);
	assert_true(
	    picture_is_valid(&l->picture, picture_size(&l->picture)));
	return &l->picture;
}

/* For who reads what went wrong. */
static inline void
looking_print(const struct looking *l)
{
	const struct sign *s;
	size_t i;

	for (i = 0; i < l->picture.nsigns; i++) {
		s = &l->picture.sign[i];
		print_message("%s: %s, %s, uid %d: %s\n", s->what,
		    sign_grade_name((enum sign_grade)s->grade),
		    sign_confidence_name((enum sign_confidence)s->confidence),
		    (int)s->uid, s->seen);
	}
}

/* The sign of that name; where there is none, one of no kind. */
static inline const struct sign *
looking_find(const struct looking *l, const char *what)
{
	static const struct sign none;
	size_t i;

	for (i = 0; i < l->picture.nsigns; i++)
		if (strcmp(l->picture.sign[i].what, what) == 0)
			return &l->picture.sign[i];
	return &none;
}

static inline const struct sign *
looking_see(struct looking *l, const char *what)
{
	(void)looking_take(l);
	return looking_find(l, what);
}

static inline void
looking_see_none(struct looking *l, const char *what)
{
	assert_int_equal(looking_see(l, what)->kind, ENTRY_NONE);
}

/* ---- A machine of one's own --------------------------------------------- */

/* The first process of the namespace: it reaps, and ends with its status. */
static inline void
looking_init(void)
{
	pid_t tester, pid;
	int status;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	CHECK(mount("proc", "/proc", "proc", 0, NULL) == 0);
	CHECK((tester = fork()) != -1);
	if (tester == 0)
		return;
	for (;;) {
		CHECK((pid = wait(&status)) != -1);
		if (pid == tester)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
	}
}

/* A network with nothing in it but the loopback, for root. */
static inline void
looking_isolate_net(void)
{
	struct ifreq ifr = { .ifr_flags = IFF_UP };
	int fd;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		return;
	(void)strcpy(ifr.ifr_name, "lo");
	CHECK((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) != -1);
	CHECK(ioctl(fd, SIOCSIFFLAGS, &ifr) == 0);
	CHECK(close(fd) == 0);
}

/*
 * For root: go on in a namespace where nobody runs but the test's own, for
 * others of the machine may look hidden too. Who is not root sees them.
 */
static inline void
looking_isolate(void)
{
	int status;
	pid_t pid;

	if (geteuid() != 0 || unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
		return;
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		looking_init();
		return;
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 97);
}

/* ---- Processes ---------------------------------------------------------- */

struct looking_child {
	pid_t pid;
	const char *path; /* NULL: only a fork */
	const char *name; /* for prctl(2), or NULL */
	char *const *argv;
	int wait; /* closed by execve(2), or by hand */
	void (*before)(void *); /* in the child, or NULL */
	void *arg;
};

static inline void
looking_child_main(const struct looking_child *c, int ready)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)setpgid(0, 0);
	if (c->before != NULL)
		c->before(c->arg);
	if (c->path != NULL)
		(void)execv(c->path, c->argv);
	if (c->path != NULL)
		_exit(98);
	if (c->name != NULL)
		(void)prctl(PR_SET_NAME, c->name, 0, 0, 0);
	(void)close(ready);
	for (;;)
		(void)pause();
}

/* A program's arguments are there a little later than the program. */
static inline void
looking_wait(pid_t pid)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	char name[64], byte;
	ssize_t n = 0;
	int fd, i;

	(void)snprintf(name, sizeof(name), "/proc/%d/cmdline", (int)pid);
	for (i = 0; i < 5000 && n == 0; i++) {
		if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
			return;
		n = read(fd, &byte, 1);
		(void)close(fd);
		if (n == 0)
			(void)nanosleep(&ms, NULL);
	}
}

/* Returns when it has become what it is to be, or has failed to. */
static inline pid_t
looking_spawn(struct looking_child *c)
{
	int fd[2];
	char byte;

	(void)fflush(NULL);
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_true((c->pid = fork()) != -1);
	if (c->pid == 0)
		looking_child_main(c, fd[1]);
	(void)close(fd[1]);
	assert_int_equal(read(fd[0], &byte, 1), 0);
	(void)close(fd[0]);
	looking_wait(c->pid);
	return c->pid;
}

/* With its children. */
static inline void
looking_slay(pid_t pid)
{
	assert_int_equal(kill(-pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A program that waits, in the test's folder; with its path in buf. */
static inline char *
looking_copy(const struct looking *l, const char *name, char *buf, size_t size)
{
	char cmd[512];

	(void)snprintf(buf, size, "%s/%s", l->dir, name);
	(void)snprintf(cmd, sizeof(cmd), "cp /bin/sleep '%s'", buf);
	assert_int_equal(system(cmd), 0);
	return buf;
}

/* Run a program so that it waits. */
static inline pid_t
looking_run(const char *path)
{
	char arg[] = "1000", name[256];
	char *argv[] = { name, arg, NULL };
	struct looking_child c = { .path = path, .argv = argv };

	(void)snprintf(name, sizeof(name), "%s", path);
	return looking_spawn(&c);
}

/* A fork of the test with another name. */
static inline pid_t
looking_name(const char *name)
{
	struct looking_child c = { .name = name };

	return looking_spawn(&c);
}

/* ---- Sockets ------------------------------------------------------------ */

/* A listener at an address of this machine, at a port or one that is free. */
static inline int
looking_listen_at(const char *address, uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd;

	sin.sin_port = htons(*port);
	assert_int_equal(inet_pton(AF_INET, address, &sin.sin_addr), 1);
	assert_true(
	    (fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) != -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	return fd;
}

/* A listener on the loopback address, at a port that is free. */
static inline int
looking_listen(uint16_t *ret_port)
{
	*ret_port = 0;
	return looking_listen_at("127.0.0.1", ret_port);
}

/* from: an address of this machine, or NULL. */
static inline int
looking_connect_from(const char *from, const char *to, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd;

	assert_true(
	    (fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) != -1);
	if (from != NULL) {
		assert_int_equal(inet_pton(AF_INET, from, &sin.sin_addr), 1);
		assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)),
		    0);
	}
	assert_int_equal(inet_pton(AF_INET, to, &sin.sin_addr), 1);
	sin.sin_port = htons(port);
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return fd;
}

static inline int
looking_connect(uint16_t port)
{
	return looking_connect_from(NULL, "127.0.0.1", port);
}

static inline int
looking_accept(int fd)
{
	int taken = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	assert_true(taken != -1);
	return taken;
}

#endif
