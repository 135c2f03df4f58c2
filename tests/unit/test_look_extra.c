/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tools that wait at another port than the catalogue's: by their arguments, and
 * by a cgroup that is theirs alone.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "tests/unit/looking.h"

static struct looking l;
static char path[128];
static uint16_t port;

/* An entry whose port nobody has; what sleep(1) is told first is the name. */
static void
begin(uint32_t active)
{
	looking_begin(&l);
	looking_copy(&l, "sometool", path, sizeof(path));
	(void)looking_entry(&l, "t", ENTRY_VNC, active);
	looking_text(&l, RULE_EXE, path);
	looking_port(&l, RULE_LISTEN, "tcp", 1, 1);
	looking_set(&l);
}

/* ---- Arguments ---------------------------------------------------------- */

static pid_t
run_with(const char *first, const char *second)
{
	char name[128], one[16], two[16];
	char *argv[] = { name, one, two, NULL };
	struct looking_child c = { .path = path, .argv = argv };

	(void)snprintf(name, sizeof(name), "%s", path);
	(void)snprintf(one, sizeof(one), "%s", first);
	(void)snprintf(two, sizeof(two), "%s", second);
	return looking_spawn(&c);
}

static void
expect(enum sign_grade grade, const char *seen)
{
	const struct sign *s = looking_see(&l, "t");

	assert_int_equal(s->grade, grade);
	assert_int_equal(s->confidence, SIGN_BY_IDENTITY);
	if (seen == NULL)
		assert_null(strstr(s->seen, "port"));
	else
		assert_non_null(strstr(s->seen, seen));
}

static void
test_a_port_is_told_by_an_argument(void **state)
{
	int fd, client, taken;
	char text[16];
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_LISTEN);
	fd = looking_listen(&port);
	(void)snprintf(text, sizeof(text), "%u", (unsigned int)port);
	pid = run_with("1000", text);
	client = looking_connect(port);
	taken = looking_accept(fd);
	expect(SIGN_RUNNING, NULL);
	looking_text(&l, RULE_LISTEN_ARGUMENT, "1001");
	looking_set(&l);
	expect(SIGN_RUNNING, NULL);
	looking_text(&l, RULE_LISTEN_ARGUMENT, "1000");
	looking_set(&l);
	expect(SIGN_ACTIVE, "connected to port");
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	expect(SIGN_RUNNING, "listens on port");
	assert_int_equal(close(fd), 0);
	expect(SIGN_RUNNING, NULL);
	looking_slay(pid);
	looking_end(&l);
}

/* Most tools take the last one, whatever stands before it. */
static void
test_the_last_of_many_counts(void **state)
{
	static char option[] = "1000";
	char name[128], text[16], before[8][8];
	char *argv[20] = { name };
	struct looking_child c = { .path = path, .argv = argv };
	int fd, client, taken, n = 1;
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_LISTEN);
	looking_text(&l, RULE_LISTEN_ARGUMENT, "1000");
	looking_set(&l);
	fd = looking_listen(&port);
	(void)snprintf(name, sizeof(name), "%s", path);
	(void)snprintf(text, sizeof(text), "%u", (unsigned int)port);
	for (int i = 0; i < 8; i++) {
		(void)snprintf(before[i], sizeof(before[i]), "%d", i + 1);
		argv[n++] = option;
		argv[n++] = before[i];
	}
	argv[n++] = option;
	argv[n] = text;
	pid = looking_spawn(&c);
	client = looking_connect(port);
	taken = looking_accept(fd);
	expect(SIGN_ACTIVE, "connected to port");
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_slay(pid);
	looking_end(&l);
}

/* It is in use by other signs than that somebody is connected. */
static void
test_a_port_is_nothing_to_who_is_not_in_use_by_it(void **state)
{
	int fd, client, taken;
	char text[16];
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_CHILD);
	looking_text(&l, RULE_LISTEN_ARGUMENT, "1000");
	looking_set(&l);
	fd = looking_listen(&port);
	(void)snprintf(text, sizeof(text), "%u", (unsigned int)port);
	pid = run_with("1000", text);
	client = looking_connect(port);
	taken = looking_accept(fd);
	expect(SIGN_RUNNING, NULL);
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- A cgroup of its own ------------------------------------------------ */

/* The test is skipped where there is none. */
static void
make_cgroup(char *buf, size_t size)
{
	static const char *const mounts[] = { "/sys/fs/cgroup",
		"/sys/fs/cgroup/unified" };
	char file[160];
	size_t i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(file, sizeof(file), "%s/cgroup.controllers",
		    mounts[i]);
		(void)snprintf(buf, size, "%s/farmgate-extra-%d", mounts[i],
		    (int)getpid());
		if (access(file, F_OK) == 0 &&
		    (mkdir(buf, 0755) == 0 || errno == EEXIST))
			return;
	}
	looking_end(&l);
	print_message("no cgroup of one's own here\n");
	skip();
}

static void
remove_cgroup(const char *cgroup)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < 1000 && rmdir(cgroup) != 0; i++)
		(void)nanosleep(&ms, NULL);
}

struct there {
	const char *cgroup;
	const char *address; /* NULL: it does not listen */
	int fd; /* in the process that listens */
	uid_t uid;
	unsigned int many; /* it listens at so many more */
	int pipe[2];
};

static void
go_there(void *arg)
{
	struct there *t = arg;
	char file[160];
	uint16_t more;
	unsigned int i;
	int fd;

	(void)snprintf(file, sizeof(file), "%s/cgroup.procs", t->cgroup);
	CHECK((fd = open(file, O_WRONLY | O_CLOEXEC)) != -1);
	CHECK(write(fd, "0", 1) == 1 && close(fd) == 0);
	if (t->address == NULL)
		return;
	port = 0;
	fd = looking_listen_at(t->address, &port);
	CHECK(fcntl(fd, F_SETFD, 0) == 0); /* the tool has it */
	for (i = 0; i < t->many; i++) {
		more = (uint16_t)(20000 + 2 * i);
		CHECK(fcntl(looking_listen_at(t->address, &more), F_SETFD, 0) ==
		    0);
	}
	CHECK(setresuid(t->uid, t->uid, t->uid) == 0);
	CHECK(write(t->pipe[1], &fd, sizeof(fd)) == sizeof(fd));
	CHECK(write(t->pipe[1], &port, sizeof(port)) == sizeof(port));
}

static pid_t
run_there(struct there *t)
{
	char name[128], arg[] = "1000";
	char *argv[] = { name, arg, NULL };
	struct looking_child c = {
		.path = path, .argv = argv, .before = go_there, .arg = t
	};

	(void)snprintf(name, sizeof(name), "%s", path);
	assert_int_equal(pipe2(t->pipe, O_CLOEXEC), 0);
	(void)looking_spawn(&c);
	assert_int_equal(read(t->pipe[0], &t->fd, sizeof(t->fd)),
	    sizeof(t->fd));
	assert_int_equal(read(t->pipe[0], &port, sizeof(port)), sizeof(port));
	(void)close(t->pipe[0]);
	(void)close(t->pipe[1]);
	return c.pid;
}

/* Take a connection in its place. */
static int
take_of(pid_t pid, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), own, taken;

	assert_true(pidfd != -1);
	own = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	assert_true(own != -1);
	taken = looking_accept(own);
	assert_int_equal(close(own), 0);
	assert_int_equal(close(pidfd), 0);
	return taken;
}

static void
connect_to_there(const char *address, const char *to, enum sign_grade grade)
{
	char cgroup[128];
	struct there t = { .cgroup = cgroup, .address = address };
	struct there beside = { .cgroup = cgroup };
	struct looking_child other = {
		.name = "other", .before = go_there, .arg = &beside
	};
	int client, taken;
	pid_t pid;

	needs_root();
	begin(RULE_ACTIVE_LISTEN);
	make_cgroup(cgroup, sizeof(cgroup));
	pid = run_there(&t);
	expect(SIGN_RUNNING, grade == SIGN_ACTIVE ? "listens on port" : NULL);
	client = looking_connect_from(NULL, to, port);
	taken = take_of(pid, t.fd);
	expect(grade, grade == SIGN_ACTIVE ? "connected to port" : NULL);
	/* Then it may be anybody's. */
	(void)looking_spawn(&other);
	expect(SIGN_RUNNING, NULL);
	looking_slay(other.pid);
	expect(grade, grade == SIGN_ACTIVE ? "connected to port" : NULL);
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	looking_slay(pid);
	remove_cgroup(cgroup);
	looking_end(&l);
}

static void
test_who_is_alone_in_a_cgroup_has_its_ports(void **state)
{
	(void)state;
	connect_to_there("0.0.0.0", "127.0.0.1", SIGN_ACTIVE);
}

/* Many tools' parts talk to each other that way all the time. */
static void
test_what_is_for_this_machine_only_is_not_told_by_that(void **state)
{
	(void)state;
	connect_to_there("127.0.0.1", "127.0.0.1", SIGN_RUNNING);
}

/* How many more sockets it looks at for a connection that is no tool's. */
static uint32_t
count_more(void)
{
	uint16_t to = 0;
	uint32_t before;
	int fd = looking_listen_at("127.0.0.1", &to), client, taken;

	(void)looking_see(&l, "t");
	before = l.picture.sockets;
	client = looking_connect_from(NULL, "127.0.0.1", to);
	taken = looking_accept(fd);
	(void)looking_see(&l, "t");
	assert_int_equal(close(client), 0);
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(fd), 0);
	return l.picture.sockets - before;
}

/* Else everybody's connections are gone through, for as long as that takes. */
static void
test_nobody_s_many_ports_are_all_ports(void **state)
{
	char cgroup[128];
	struct there t = { .cgroup = cgroup,
		.address = "0.0.0.0",
		.uid = 54321,
		.many = 300 };
	pid_t pid;

	(void)state;
	needs_root();
	begin(RULE_ACTIVE_LISTEN);
	make_cgroup(cgroup, sizeof(cgroup));
	pid = run_there(&t);
	assert_int_equal(count_more(), 0);
	looking_slay(pid);
	remove_cgroup(cgroup);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_port_is_told_by_an_argument),
		cmocka_unit_test(test_the_last_of_many_counts),
		cmocka_unit_test(
		    test_a_port_is_nothing_to_who_is_not_in_use_by_it),
		cmocka_unit_test(test_who_is_alone_in_a_cgroup_has_its_ports),
		cmocka_unit_test(
		    test_what_is_for_this_machine_only_is_not_told_by_that),
		cmocka_unit_test(test_nobody_s_many_ports_are_all_ports),
	};

	looking_isolate_net();
	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
