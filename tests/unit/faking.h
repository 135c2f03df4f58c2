/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine of files: /proc, /sys and /run below a folder of the test's own,
 * which a child looks at. CHECK() is the child's way to fail.
 */
#ifndef FG_TEST_FAKING_H
#define FG_TEST_FAKING_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/scanner/look/look.h"
#include "policyd/scanner/place.h"
#include "tests/unit/child.h"

struct fake {
	char root[64];
	struct look *look;
	struct rule_entry entry[8];
	size_t nentries;
	struct rule rule[32];
	size_t nrules;
	struct picture picture;
};

/* The folders of a path below the root, and the whole of it in buf. */
static inline void
fake_path(const struct fake *f, const char *path, char *buf, size_t size)
{
	char *s;

	CHECK(snprintf(buf, size, "%s/%s", f->root, path) < (int)size);
	for (s = strchr(buf + strlen(f->root) + 1, '/'); s != NULL;
	     s = strchr(s + 1, '/')) {
		*s = '\0';
		CHECK(mkdir(buf, 0755) == 0 || errno == EEXIST);
		*s = '/';
	}
}

static inline void
fake_bytes(const struct fake *f, const char *path, const void *data, size_t len)
{
	char buf[4096];
	int fd;

	fake_path(f, path, buf, sizeof(buf));
	CHECK((fd = open(buf, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		   0644)) != -1);
	CHECK(write(fd, data, len) == (ssize_t)len);
	CHECK(close(fd) == 0);
}

static inline void
fake_file(const struct fake *f, const char *path, const char *text)
{
	fake_bytes(f, path, text, strlen(text));
}

static inline void
fake_link(const struct fake *f, const char *path, const char *to)
{
	char buf[4096];

	fake_path(f, path, buf, sizeof(buf));
	(void)unlink(buf);
	CHECK(symlink(to, buf) == 0);
}

static inline void
fake_owner(const struct fake *f, const char *path, uid_t uid)
{
	char buf[4096];

	fake_path(f, path, buf, sizeof(buf));
	CHECK(lchown(buf, uid, uid) == 0);
}

static inline void
fake_remove(const struct fake *f, const char *path)
{
	char cmd[4200];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s/%s'", f->root, path);
	CHECK(system(cmd) == 0);
}

/* A process, as what it is before a test makes it odd. */
struct fake_process {
	int pid;
	int ppid;
	unsigned int uid;
	unsigned int flags;	/* PF_KTHREAD is 0x200000 */
	unsigned int start;
	const char *state;	/* NULL: "S" */
	const char *comm;
	const char *exe;	/* NULL: there is none */
	const char *cgroup;	/* NULL: "/user.slice" */
	const char *args;	/* words, with ' ' between; NULL: none */
};

static inline void
fake_stat(const struct fake *f, const struct fake_process *p)
{
	char path[64], line[1024];
	int n, i;

	n = snprintf(line, sizeof(line),
	    "%d (%s) %s %d 1 1 0 -1 %u 0 0 0 0 0 0 0 0 20 0 1 0 %u", p->pid,
	    p->comm, p->state != NULL ? p->state : "S", p->ppid, p->flags,
	    p->start);
	for (i = 23; i <= 52; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " %d", i);
	(void)snprintf(line + n, sizeof(line) - (size_t)n, "\n");
	(void)snprintf(path, sizeof(path), "proc/%d/stat", p->pid);
	fake_file(f, path, line);
}

static inline void
fake_args(const struct fake *f, int pid, const char *args)
{
	char path[64], buf[65536];
	size_t len = strlen(args) + 1, i;

	CHECK(len <= sizeof(buf));
	memcpy(buf, args, len);
	for (i = 0; i < len; i++)
		if (buf[i] == ' ')
			buf[i] = '\0';
	(void)snprintf(path, sizeof(path), "proc/%d/cmdline", pid);
	fake_bytes(f, path, buf, len);
}

/* Its folder is a new one, however soon after the last one it was made. */
static inline void
fake_made(const struct fake *f, int pid)
{
	static time_t made;
	const struct timespec at[2] = { { .tv_sec = ++made },
		{ .tv_sec = made } };
	char path[64], full[256];

	(void)snprintf(path, sizeof(path), "proc/%d", pid);
	fake_path(f, path, full, sizeof(full));
	CHECK(utimensat(AT_FDCWD, full, at, 0) == 0);
}

static inline void
fake_process(const struct fake *f, const struct fake_process *p)
{
	char path[64], text[256];

	fake_stat(f, p);
	(void)snprintf(path, sizeof(path), "proc/%d/status", p->pid);
	(void)snprintf(text, sizeof(text), "Name:\tx\nUid:\t%u\t%u\t%u\t%u\n",
	    p->uid, p->uid, p->uid, p->uid);
	fake_file(f, path, text);
	(void)snprintf(path, sizeof(path), "proc/%d/cgroup", p->pid);
	(void)snprintf(text, sizeof(text), "0::%s\n",
	    p->cgroup != NULL ? p->cgroup : "/user.slice");
	fake_file(f, path, text);
	if (p->args != NULL)
		fake_args(f, p->pid, p->args);
	(void)snprintf(path, sizeof(path), "proc/%d/exe", p->pid);
	if (p->exe != NULL)
		fake_link(f, path, p->exe);
	fake_made(f, p->pid);
}

/* ---- Rules -------------------------------------------------------------- */

static inline void
fake_entry(struct fake *f, const char *name, enum entry_kind kind)
{
	struct rule_entry *e = &f->entry[f->nentries++];

	(void)snprintf(e->name, sizeof(e->name), "%s", name);
	e->kind = kind;
	e->steers = ENTRY_STEERS_SEAT;
}

/* Of the last entry. */
static inline void
fake_rule(struct fake *f, enum rule_kind kind, const char *text)
{
	struct rule *r = &f->rule[f->nrules++];

	r->kind = kind;
	r->entry = (uint32_t)f->nentries - 1;
	(void)snprintf(r->text, sizeof(r->text), "%s", text);
}

static inline void
fake_set(struct fake *f)
{
	struct rules rules;

	CHECK(rules_make(f->entry, f->nentries, f->rule, f->nrules, &rules) ==
	    0);
	look_set_rules(f->look, &rules);
}

/* ---- Looking ------------------------------------------------------------ */

static inline void
fake_take(struct fake *f)
{
	memset(&f->picture, 0x5a, sizeof(f->picture));
	look_take(f->look, 60000, &f->picture); /* busy machines */
	CHECK(picture_is_valid(&f->picture, picture_size(&f->picture)));
}

static inline const struct sign *
fake_find(const struct fake *f, const char *what)
{
	static const struct sign none;
	size_t i;

	for (i = 0; i < f->picture.nsigns; i++)
		if (strcmp(f->picture.sign[i].what, what) == 0)
			return &f->picture.sign[i];
	return &none;
}

static inline const struct sign *
fake_see(struct fake *f, const char *what)
{
	fake_take(f);
	return fake_find(f, what);
}

static inline bool
fake_sees(struct fake *f, const char *what)
{
	return fake_see(f, what)->kind != ENTRY_NONE;
}

static struct fake fake_machine;
static void (*fake_fn)(struct fake *);

static inline void
fake_main(void *arg)
{
	struct fake *f = arg;

	place_set(f->root);
	fake_file(f, "proc/stat", "btime 1\n");
	CHECK(look_new(&f->look) == 0);
	fake_fn(f);
	look_free(f->look);
}

/* Run fn in a child whose machine is an empty folder. */
static inline void
fake_passes(void (*fn)(struct fake *))
{
	struct fake *f = &fake_machine;
	char cmd[sizeof(f->root) + 16];
	int status;

	memset(f, 0, sizeof(*f));
	(void)snprintf(f->root, sizeof(f->root), "/tmp/farmgate-fake.XXXXXX");
	assert_non_null(mkdtemp(f->root));
	fake_fn = fn;
	status = child_run(fake_main, f);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%.63s'", f->root);
	assert_int_equal(system(cmd), 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

#endif
