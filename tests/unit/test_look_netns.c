/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tools with a network of their own, as in a container: real ones, each in a
 * network namespace that a test makes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/looking.h"

#define SOMEBODY 54321u
#define OTHER	 54322u
#define PORT	 5900u
#define RELAY	 7001u

static struct looking l;

/* What a tool does before it is one. */
struct there {
	bool v6;
	bool connect; /* to itself */
	uid_t caller; /* who does; 0: the tool's own user */
	bool accept;
	uint16_t reach; /* a port that it is connected to, or 0 */
	unsigned int more; /* connections */
};

static void
bring_up(void)
{
	struct ifreq ifr = { .ifr_flags = IFF_UP };
	int fd;

	(void)strcpy(ifr.ifr_name, "lo");
	CHECK((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) != -1);
	CHECK(ioctl(fd, SIOCSIFFLAGS, &ifr) == 0);
	CHECK(close(fd) == 0);
}

static socklen_t
set_end(const struct there *t, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (t->v6) {
		*sin6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
			.sin6_port = htons(port),
			.sin6_addr = IN6ADDR_LOOPBACK_INIT };
		return sizeof(*sin6);
	}
	*sin = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	return sizeof(*sin);
}

static int
listen_at(const struct there *t, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = set_end(t, port, &ss);
	int fd;

	CHECK((fd = socket(ss.ss_family, SOCK_STREAM, 0)) != -1);
	CHECK(bind(fd, (struct sockaddr *)&ss, len) == 0);
	CHECK(listen(fd, 128) == 0);
	return fd;
}

static int
connect_to(const struct there *t, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = set_end(t, port, &ss);
	int fd;

	CHECK((fd = socket(ss.ss_family, SOCK_STREAM, 0)) != -1);
	CHECK(connect(fd, (struct sockaddr *)&ss, len) == 0);
	return fd;
}

/* By somebody else: a child, which lives as long as the tool. */
static void
call(const struct there *t)
{
	char byte = 0;
	int fd[2];
	pid_t pid;

	if (t->caller == 0) {
		(void)connect_to(t, PORT);
		return;
	}
	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(setresuid(t->caller, t->caller, t->caller) == 0);
		CHECK(dup2(connect_to(t, PORT), STDIN_FILENO) == STDIN_FILENO);
		/* Also of what looking_spawn() waits for. */
		CHECK(close_range(STDERR_FILENO + 1, ~0u, 0) == 0);
		for (;;)
			(void)pause();
	}
	CHECK(close(fd[1]) == 0);
	CHECK(read(fd[0], &byte, 1) == 0);
}

static void
go_there(void *arg)
{
	const struct there *t = arg;
	unsigned int i;
	int fd;

	CHECK(unshare(CLONE_NEWNET) == 0);
	bring_up();
	if (t->reach != 0)
		(void)listen_at(t, t->reach); /* root's */
	CHECK(setresuid(SOMEBODY, SOMEBODY, 0) == 0);
	fd = listen_at(t, PORT);
	if (t->caller != 0)
		CHECK(setresuid(0, 0, 0) == 0);
	if (t->connect)
		call(t);
	CHECK(setresuid(SOMEBODY, SOMEBODY, SOMEBODY) == 0);
	if (t->accept)
		CHECK(accept(fd, NULL, NULL) != -1);
	for (i = 0; i < t->more; i++)
		(void)connect_to(t, PORT);
	if (t->reach != 0)
		(void)connect_to(t, t->reach);
}

static pid_t
spawn(const char *path, struct there *t)
{
	char name[128], arg[] = "1000";
	char *argv[] = { name, arg, NULL };
	struct looking_child child = {
		.path = path, .argv = argv, .before = go_there, .arg = t
	};

	(void)snprintf(name, sizeof(name), "%s", path);
	return looking_spawn(&child);
}

/* An entry that is a program at a path, with its ports. */
static void
add_tool(const char *name, const char *path)
{
	(void)looking_entry(&l, name, ENTRY_VNC,
	    RULE_ACTIVE_LISTEN | RULE_ACTIVE_RELAY);
	looking_text(&l, RULE_EXE, path);
	looking_port(&l, RULE_LISTEN, "tcp", PORT, PORT + 9);
	looking_port(&l, RULE_RELAY, "tcp", RELAY, RELAY);
}

static void
begin(char *path, size_t size)
{
	needs_root();
	looking_begin(&l);
	looking_copy(&l, "toold", path, size);
	add_tool("t", path);
	looking_set(&l);
}

static const struct sign *
see(const char *path, struct there *t)
{
	pid_t pid = spawn(path, t);
	const struct sign *s = looking_see(&l, "t");

	looking_slay(pid);
	return s;
}

static void
test_a_tool_with_a_network_of_its_own_is_in_use(void **state)
{
	struct there idle = { 0 }, waits = { .connect = true },
		     used = { .connect = true, .accept = true },
		     v6 = { .v6 = true, .connect = true, .accept = true },
		     reaches = { .reach = RELAY };
	char path[128];

	(void)state;
	begin(path, sizeof(path));
	assert_int_equal(see(path, &idle)->grade, SIGN_RUNNING);
	assert_non_null(strstr(looking_find(&l, "t")->seen, "port 5900"));
	assert_int_equal(see(path, &waits)->grade, SIGN_RUNNING);
	assert_int_equal(see(path, &used)->grade, SIGN_ACTIVE);
	assert_non_null(strstr(looking_find(&l, "t")->seen, "127.0.0.1:"));
	assert_int_equal(looking_find(&l, "t")->uid, SOMEBODY);
	assert_int_equal(see(path, &v6)->grade, SIGN_ACTIVE);
	assert_non_null(strstr(looking_find(&l, "t")->seen, "[::1]:"));
	assert_int_equal(see(path, &reaches)->grade, SIGN_ACTIVE);
	assert_non_null(strstr(looking_find(&l, "t")->seen, ":7001"));
	assert_int_equal(l.picture.nlost_uids, 0);
	assert_int_equal(l.picture.cut & PICTURE_SOCKETS, 0);
	looking_end(&l);
}

/* As in the scanner's own network. */
static void
test_there_too_another_user_s_call_does_not_count(void **state)
{
	struct there other = { .connect = true,
		.accept = true,
		.caller = OTHER },
		     own = {
			     .connect = true, .accept = true, .caller = SOMEBODY
		     };
	char path[128];

	(void)state;
	begin(path, sizeof(path));
	assert_int_equal(see(path, &other)->grade, SIGN_RUNNING);
	assert_int_equal(see(path, &own)->grade, SIGN_ACTIVE);
	looking_end(&l);
}

static void
become_somebody(void *arg)
{
	(void)arg;
	CHECK(setresuid(SOMEBODY, SOMEBODY, SOMEBODY) == 0);
}

/* What is in one network says nothing of a tool in another one. */
static void
test_a_network_s_sockets_are_of_its_tools_alone(void **state)
{
	struct there used = { .connect = true, .accept = true };
	char path[128], here[128], arg[] = "1000";
	char *argv[] = { here, arg, NULL };
	struct looking_child child = {
		.path = here, .argv = argv, .before = become_somebody
	};
	pid_t pid;

	(void)state;
	begin(path, sizeof(path));
	looking_copy(&l, "hered", here, sizeof(here));
	add_tool("here", here);
	(void)looking_entry(&l, "p", ENTRY_VNC, RULE_ACTIVE_LISTEN);
	looking_port(&l, RULE_LISTEN, "tcp", PORT, PORT);
	looking_set(&l);
	(void)looking_spawn(&child);
	pid = spawn(path, &used);
	assert_int_equal(looking_see(&l, "t")->grade, SIGN_ACTIVE);
	assert_int_equal(looking_find(&l, "here")->grade, SIGN_RUNNING);
	assert_int_equal(looking_find(&l, "p")->kind, ENTRY_NONE);
	looking_slay(pid);
	looking_slay(child.pid);
	looking_end(&l);
}

static void
expect_lost(void)
{
	(void)looking_take(&l);
	assert_int_equal(l.picture.nlost_uids, 1);
	assert_int_equal(l.picture.lost_uid[0], SOMEBODY);
	assert_int_equal(l.picture.cut & PICTURE_SOCKETS, 0);
}

/* Many networks, or many connections: it is said, and of nobody else. */
static void
test_what_is_too_much_there_is_its_user_s_loss(void **state)
{
	struct there idle = { 0 }, many = { .more = 100 };
	char path[128];
	pid_t pid[9];
	size_t i;

	(void)state;
	begin(path, sizeof(path));
	for (i = 0; i < 8; i++)
		pid[i] = spawn(path, &idle);
	(void)looking_take(&l);
	assert_int_equal(l.picture.nlost_uids, 0);
	pid[8] = spawn(path, &idle);
	expect_lost();
	for (i = 0; i < 9; i++)
		looking_slay(pid[i]);
	(void)looking_take(&l);
	assert_int_equal(l.picture.nlost_uids, 0);
	pid[0] = spawn(path, &many);
	expect_lost();
	looking_slay(pid[0]);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_tool_with_a_network_of_its_own_is_in_use),
		cmocka_unit_test(
		    test_there_too_another_user_s_call_does_not_count),
		cmocka_unit_test(
		    test_a_network_s_sockets_are_of_its_tools_alone),
		cmocka_unit_test(
		    test_what_is_too_much_there_is_its_user_s_loss),
	};

	looking_isolate();
	looking_isolate_net();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
