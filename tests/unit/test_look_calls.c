/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a user can do with sockets of their own, or against those of others:
 * connect to them, stand beside them, hide them among many.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/rtnetlink.h>
#include <sys/resource.h>

#include "policyd/scanner/look/calls.h"
#include "tests/unit/looking.h"

#define SOMEBODY 54321u

static struct looking l;
static uint16_t port;

static void
begin(void)
{
	needs_root();
	looking_begin(&l);
}

/* An entry "p" that is told by the port alone, and can be in use. */
static void
add_port_entry(void)
{
	(void)looking_entry(&l, "p", ENTRY_VNC, RULE_ACTIVE_LISTEN);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
}

/* The sign of one user's. */
static const struct sign *
find_of(const char *what, uint32_t uid)
{
	static const struct sign none;
	size_t i;

	for (i = 0; i < l.picture.nsigns; i++)
		if (strcmp(l.picture.sign[i].what, what) == 0 &&
		    l.picture.sign[i].uid == uid)
			return &l.picture.sign[i];
	return &none;
}

/* What a child does with sockets, as somebody. */
struct other {
	uid_t uid;
	const char *listens; /* at this address, or NULL */
	const char *from; /* connects from there, or from anywhere */
	const char *to; /* NULL: does not connect */
	unsigned int many; /* listens at so many ports from .first on */
	uint16_t first;
};

static void
listen_at_many(const struct other *o)
{
	const struct rlimit limit = { 10000, 10000 };
	uint16_t there;
	unsigned int i;

	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK(setresuid(o->uid, o->uid, o->uid) == 0);
	for (i = 0; i < o->many; i++) {
		there = (uint16_t)(o->first + i);
		(void)looking_listen_at("127.0.0.1", &there);
	}
}

static void
be_other(void *arg)
{
	const struct other *o = arg;
	int fd = -1;

	if (o->many > 0) {
		listen_at_many(o);
		return;
	}
	CHECK(setresuid(o->uid, o->uid, o->uid) == 0);
	if (o->listens != NULL)
		fd = looking_listen_at(o->listens, &port);
	if (o->to != NULL)
		(void)looking_connect_from(o->from, o->to, port);
	if (fd != -1 && o->to != NULL)
		(void)looking_accept(fd);
}

static pid_t
spawn(struct other *o)
{
	struct looking_child child = {
		.name = "other", .before = be_other, .arg = o
	};

	return looking_spawn(&child);
}

/* ---- Connecting to others' ---------------------------------------------- */

static void
expect_call(struct other *o, int fd, enum sign_grade grade)
{
	pid_t pid = spawn(o);
	int taken = looking_accept(fd);

	(void)looking_take(&l);
	assert_int_equal(find_of("p", 0)->grade, grade);
	looking_slay(pid);
	assert_int_equal(close(taken), 0);
}

static void
test_a_user_s_own_call_makes_no_tool_of_root_s_active(void **state)
{
	struct other somebody = { .uid = SOMEBODY, .to = "127.0.0.1" };
	struct other root = { .to = "127.0.0.1" };
	int fd;

	(void)state;
	begin();
	fd = looking_listen(&port);
	add_port_entry();
	expect_call(&somebody, fd, SIGN_RUNNING);
	somebody.from = "127.0.0.9";
	expect_call(&somebody, fd, SIGN_RUNNING);
	expect_call(&root, fd, SIGN_ACTIVE);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_nor_does_it_by_the_tool_s_name(void **state)
{
	struct other somebody = { .uid = SOMEBODY, .to = "127.0.0.1" };
	struct other root = { .to = "127.0.0.1" };
	pid_t pid;
	int fd;

	(void)state;
	begin();
	fd = looking_listen(&port);
	(void)looking_entry(&l, "p", ENTRY_RMM, RULE_ACTIVE_LISTEN);
	looking_text(&l, RULE_COMM, "socktool");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	pid = looking_name("socktool");
	expect_call(&somebody, fd, SIGN_RUNNING);
	expect_call(&root, fd, SIGN_ACTIVE);
	looking_slay(pid);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* Their calls do not hide one that counts either. */
static void
test_many_calls_hide_no_other(void **state)
{
	struct other somebody = { .uid = SOMEBODY, .to = "127.0.0.1" };
	struct other root = { .to = "127.0.0.1" };
	pid_t pid[40];
	int fd, taken[40];
	size_t i;

	(void)state;
	begin();
	fd = looking_listen(&port);
	add_port_entry();
	for (i = 0; i < 40; i++) {
		somebody.uid = SOMEBODY + (uid_t)i;
		pid[i] = spawn(&somebody);
		taken[i] = looking_accept(fd);
	}
	expect_call(&root, fd, SIGN_ACTIVE);
	for (i = 0; i < 40; i++) {
		looking_slay(pid[i]);
		assert_int_equal(close(taken[i]), 0);
	}
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* A machine with several addresses has itself for a neighbour. */
static void
add_address(const char *name, const char *address)
{
	struct ifreq ifr;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;
	int fd;

	memset(&ifr, 0, sizeof(ifr));
	(void)snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	sin->sin_family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, address, &sin->sin_addr), 1);
	assert_true((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) != -1);
	assert_int_equal(ioctl(fd, SIOCSIFADDR, &ifr), 0);
	assert_int_equal(close(fd), 0);
}

static void
test_another_address_of_one_s_own_is_no_other_machine(void **state)
{
	struct other somebody = {
		.uid = SOMEBODY, .from = "192.0.2.2", .to = "192.0.2.1"
	};
	struct other root = { .from = "192.0.2.2", .to = "192.0.2.1" };
	int fd;

	(void)state;
	begin();
	add_address("lo:1", "192.0.2.1");
	add_address("lo:2", "192.0.2.2");
	port = 0;
	fd = looking_listen_at("0.0.0.0", &port);
	add_port_entry();
	expect_call(&somebody, fd, SIGN_RUNNING);
	somebody.from = "192.0.2.1";
	expect_call(&somebody, fd, SIGN_RUNNING);
	expect_call(&root, fd, SIGN_ACTIVE);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_who_calls_their_own_is_in_use(void **state)
{
	struct other self = {
		.uid = SOMEBODY, .listens = "127.0.0.1", .to = "127.0.0.1"
	};
	pid_t pid;
	int fd;

	(void)state;
	begin();
	fd = looking_listen(&port);
	assert_int_equal(close(fd), 0);
	add_port_entry();
	pid = spawn(&self);
	(void)looking_take(&l);
	assert_int_equal(find_of("p", SOMEBODY)->grade, SIGN_ACTIVE);
	assert_int_equal(find_of("p", SOMEBODY)->owner, SIGN_OF_USER);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- From elsewhere ----------------------------------------------------- */

static void
leave_net(void *arg)
{
	(void)arg;
	CHECK(unshare(CLONE_NEWNET) == 0);
}

static int
open_net(pid_t pid)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	assert_true((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1);
	return fd;
}

/* A cable to a network that is the child's. */
static void
make_cable(pid_t pid)
{
	char cmd[256];

	(void)snprintf(cmd, sizeof(cmd),
	    "ip link add fg0 type veth peer name fg1 netns %d && "
	    "ip address add 198.51.100.1/24 dev fg0 && ip link set fg0 up",
	    (int)pid);
	if (system(cmd) != 0) {
		looking_slay(pid);
		looking_end(&l);
		print_message("no cables between networks here\n");
		skip();
	}
}

static int
connect_from_elsewhere(pid_t pid)
{
	int here = open_net(getpid()), there = open_net(pid), client;

	assert_int_equal(setns(there, CLONE_NEWNET), 0);
	assert_int_equal(system("ip address add 198.51.100.2/24 dev fg1 && "
				"ip link set fg1 up"),
	    0);
	client = looking_connect_from(NULL, "198.51.100.1", port);
	assert_int_equal(setns(here, CLONE_NEWNET), 0);
	assert_int_equal(close(here), 0);
	assert_int_equal(close(there), 0);
	return client;
}

static void
test_who_comes_from_elsewhere_is_seen_once_taken(void **state)
{
	struct looking_child child = { .name = "other", .before = leave_net };
	int fd, client, taken;

	(void)state;
	begin();
	(void)looking_spawn(&child);
	make_cable(child.pid);
	port = 0;
	fd = looking_listen_at("198.51.100.1", &port);
	add_port_entry();
	client = connect_from_elsewhere(child.pid);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	taken = looking_accept(fd);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_ACTIVE);
	assert_non_null(strstr(looking_find(&l, "p")->seen, "198.51.100.2:"));
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_slay(child.pid);
	looking_end(&l);
}

/* ---- Beside others' ----------------------------------------------------- */

static void
test_another_s_connection_at_the_same_port_is_theirs(void **state)
{
	struct other self = {
		.uid = SOMEBODY, .listens = "127.0.0.2", .to = "127.0.0.2"
	};
	pid_t pid;
	int fd;

	(void)state;
	begin();
	fd = looking_listen(&port);
	add_port_entry();
	pid = spawn(&self);
	(void)looking_take(&l);
	assert_int_equal(find_of("p", 0)->grade, SIGN_RUNNING);
	assert_int_equal(find_of("p", SOMEBODY)->grade, SIGN_ACTIVE);
	looking_slay(pid);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* ---- Many --------------------------------------------------------------- */

#define OTHERS 12u

static void
test_many_sockets_hide_no_other_s(void **state)
{
	struct other many = { .uid = SOMEBODY, .many = 4000, .first = 20000 };
	char name[8];
	int fd[OTHERS];
	unsigned int i;
	pid_t pid;

	(void)state;
	begin();
	pid = spawn(&many);
	(void)looking_entry(&l, "many", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", 20000, 23999);
	for (i = 0; i < OTHERS; i++) {
		fd[i] = looking_listen(&port);
		(void)snprintf(name, sizeof(name), "p%u", i);
		(void)looking_entry(&l, name, ENTRY_VNC, 0);
		looking_port(&l, RULE_LISTEN, "tcp", port, port);
	}
	looking_set(&l);
	(void)looking_take(&l);
	for (i = 0; i < OTHERS; i++) {
		(void)snprintf(name, sizeof(name), "p%u", i);
		assert_int_equal(find_of(name, 0)->grade, SIGN_RUNNING);
		assert_int_equal(close(fd[i]), 0);
	}
	assert_int_equal(find_of("many", SOMEBODY)->grade, SIGN_RUNNING);
	/* That not all of theirs are known is told, of them. */
	assert_int_equal(l.picture.cut & PICTURE_SOCKETS, 0);
	assert_int_equal(l.picture.nlost_uids, 1);
	assert_int_equal(l.picture.lost_uid[0], SOMEBODY);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- Without the time for all ------------------------------------------- */

/* A scan that has no time for sockets. */
static const struct sign *
see_cut(void)
{
	look_take(l.look, 0, &l.picture);
	assert_int_not_equal(l.picture.cut & PICTURE_SOCKETS, 0);
	return looking_find(&l, "p");
}

static void
test_a_scan_that_is_cut_ends_no_session(void **state)
{
	int fd, client, taken, i;

	(void)state;
	begin();
	fd = looking_listen(&port);
	add_port_entry();
	client = looking_connect(port);
	taken = looking_accept(fd);
	assert_int_equal(see_cut()->kind, ENTRY_NONE);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_ACTIVE);
	for (i = 0; i < 5; i++)
		assert_int_equal(see_cut()->grade, SIGN_ACTIVE);
	assert_non_null(strstr(looking_find(&l, "p")->seen, "connected to"));
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	assert_int_equal(see_cut()->kind, ENTRY_NONE);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_a_tool_that_has_ended_is_not_kept_so(void **state)
{
	int fd, client, taken;
	pid_t pid;

	(void)state;
	begin();
	fd = looking_listen(&port);
	(void)looking_entry(&l, "p", ENTRY_RMM, RULE_ACTIVE_LISTEN);
	looking_text(&l, RULE_COMM, "socktool");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	pid = looking_name("socktool");
	client = looking_connect(port);
	taken = looking_accept(fd);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_ACTIVE);
	assert_int_equal(see_cut()->grade, SIGN_ACTIVE);
	assert_int_equal(l.picture.sign[0].confidence, SIGN_BY_COMPOSITION);
	looking_slay(pid);
	assert_int_equal(see_cut()->kind, ENTRY_NONE);
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_a_user_s_sign_is_not_kept(void **state)
{
	struct other self = {
		.uid = SOMEBODY, .listens = "127.0.0.1", .to = "127.0.0.1"
	};
	pid_t pid;
	int fd;

	(void)state;
	begin();
	fd = looking_listen(&port);
	assert_int_equal(close(fd), 0);
	add_port_entry();
	pid = spawn(&self);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_ACTIVE);
	assert_int_equal(see_cut()->kind, ENTRY_NONE);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- Room --------------------------------------------------------------- */

static size_t
count_calls(const struct calls *calls, uint32_t uid)
{
	size_t i, n = 0;

	for (i = 0; i < calls->n; i++)
		n += calls->call[i].uid == uid;
	return n;
}

static void
add_calls(struct calls *calls, uint32_t uid)
{
	struct call call = { .uid = uid };
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		call.port = (uint16_t)(i + 1);
		calls_add(calls, &call, 1000);
	}
}

static void
test_nobody_s_calls_have_the_room_of_others(void **state)
{
	static struct calls calls;
	uint32_t uid;

	(void)state;
	memset(&calls, 0, sizeof(calls));
	for (uid = 2000; uid < 2100; uid++)
		add_calls(&calls, uid);
	assert_int_equal(calls.n, CALLS_OF_PEOPLE);
	assert_int_equal(count_calls(&calls, 2000), CALLS_OF_USER);
	assert_false(calls.full);
	add_calls(&calls, 1000);
	assert_int_equal(count_calls(&calls, 1000), CALLS_OF_SEAT);
	assert_true(calls.full);
	add_calls(&calls, 0);
	assert_int_equal(calls.n, CALLS_MAX);
	assert_int_equal(count_calls(&calls, 0),
	    CALLS_MAX - CALLS_OF_PEOPLE - CALLS_OF_SEAT);
}

/* ---- Addresses ---------------------------------------------------------- */

/* One of several messages; then the answer breaks off by an error, or ends. */
static void
answer_addresses(int fd, uint16_t last)
{
	struct {
		struct nlmsghdr h;
		struct ifaddrmsg msg;
		struct rtattr attr;
		struct in_addr in;
		struct nlmsghdr end;
		struct nlmsgerr error;
	} m = {
		.h = { offsetof(__typeof__(m), end), RTM_NEWADDR, NLM_F_MULTI,
		    1, 0 },
		.msg = { .ifa_family = AF_INET },
		.attr = { sizeof(m.attr) + sizeof(m.in), IFA_LOCAL },
		.in = { htonl(0xc0000201u) },
		.end = { sizeof(m.end) + sizeof(m.error), last, NLM_F_MULTI, 1,
		    0 },
		.error = { .error = last == NLMSG_ERROR ? -EINTR : 0 },
	};

	assert_int_equal(send(fd, &m, sizeof(m), 0), sizeof(m));
}

static void
test_some_of_the_addresses_are_not_all(void **state)
{
	static struct netlink nl;
	static struct calls calls;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	nl.fd = fd[0];
	answer_addresses(fd[1], NLMSG_ERROR);
	calls_begin(&calls, &nl, INT64_MAX);
	assert_int_equal(calls.addresses, 1);
	assert_false(calls.all);
	nl.seq = 0;
	answer_addresses(fd[1], NLMSG_DONE);
	calls_begin(&calls, &nl, INT64_MAX);
	assert_int_equal(calls.addresses, 1);
	assert_true(calls.all);
	calls_begin(&calls, &nl, 0);
	assert_false(calls.all);
	assert_int_equal(close(fd[0]), 0);
	assert_int_equal(close(fd[1]), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_user_s_own_call_makes_no_tool_of_root_s_active),
		cmocka_unit_test(test_nor_does_it_by_the_tool_s_name),
		cmocka_unit_test(test_many_calls_hide_no_other),
		cmocka_unit_test(
		    test_another_address_of_one_s_own_is_no_other_machine),
		cmocka_unit_test(test_who_calls_their_own_is_in_use),
		cmocka_unit_test(
		    test_who_comes_from_elsewhere_is_seen_once_taken),
		cmocka_unit_test(
		    test_another_s_connection_at_the_same_port_is_theirs),
		cmocka_unit_test(test_many_sockets_hide_no_other_s),
		cmocka_unit_test(test_a_scan_that_is_cut_ends_no_session),
		cmocka_unit_test(test_a_tool_that_has_ended_is_not_kept_so),
		cmocka_unit_test(test_a_user_s_sign_is_not_kept),
		cmocka_unit_test(test_nobody_s_calls_have_the_room_of_others),
		cmocka_unit_test(test_some_of_the_addresses_are_not_all),
	};

	looking_isolate_net();
	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
