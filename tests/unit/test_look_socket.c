/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets of this machine: whose they are, and which are nobody's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/net/addr.h"
#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/walk.h"
#include "proto/result.h"
#include "tests/unit/looking.h"

static struct looking l;
static uint16_t port;

/* An entry "p" that is told by a port alone. */
static void
add_port_entry(enum rule_kind kind, const char *proto)
{
	(void)looking_entry(&l, "p", ENTRY_VNC, RULE_ACTIVE_LISTEN);
	looking_port(&l, kind, proto, port, port);
	looking_set(&l);
}

static void
test_who_listens_by_any_name_is_a_sign(void **state)
{
	const struct sign *s;
	int fd, client, taken;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	add_port_entry(RULE_LISTEN, "tcp");
	s = looking_see(&l, "p");
	assert_int_equal(s->kind, ENTRY_VNC);
	assert_int_equal(s->grade, SIGN_RUNNING);
	assert_int_equal(s->confidence, SIGN_BY_BEHAVIOUR);
	assert_int_equal(s->uid, geteuid());
	assert_int_equal(s->pid, 0);
	assert_int_equal(l.picture.sockets, 1);
	client = looking_connect(port);
	/* Nobody has it yet. */
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	taken = looking_accept(fd);
	s = looking_see(&l, "p");
	assert_int_equal(s->grade, SIGN_ACTIVE);
	assert_non_null(strstr(s->seen, "127.0.0.1:"));
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_see_none(&l, "p");
	assert_int_equal(l.picture.failed & PICTURE_SOCKETS, 0);
	looking_end(&l);
}

static void
test_other_ports_and_protocols_are_none(void **state)
{
	int fd, client;

	(void)state;
	needs_root(); /* for a network where nobody else listens */
	looking_begin(&l);
	fd = looking_listen(&port);
	client = looking_connect(port);
	(void)looking_entry(&l, "p", ENTRY_VNC, RULE_ACTIVE_LISTEN);
	looking_port(&l, RULE_LISTEN, "tcp", 1, port - 1u);
	looking_port(&l, RULE_LISTEN, "udp", port, port);
	looking_set(&l);
	looking_see_none(&l, "p");
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_a_stream_to_a_relay_is_a_sign(void **state)
{
	const struct sign *s;
	int fd, client;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	add_port_entry(RULE_RELAY, "tcp");
	looking_see_none(&l, "p"); /* nobody is connected */
	client = looking_connect(port);
	s = looking_see(&l, "p");
	assert_int_equal(s->grade, SIGN_RUNNING);
	assert_int_equal(s->confidence, SIGN_BY_BEHAVIOUR);
	assert_non_null(strstr(s->seen, "connected to 127.0.0.1:"));
	assert_true(s->since_s > 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static int
open_socket(int family, int type, uint16_t *ret_port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr *sa = family == AF_INET ? (struct sockaddr *)&sin :
						  (struct sockaddr *)&sin6;
	socklen_t len = family == AF_INET ? sizeof(sin) : sizeof(sin6);
	int fd;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin6.sin6_addr = in6addr_loopback;
	if ((fd = socket(family, type | SOCK_CLOEXEC, 0)) == -1 ||
	    bind(fd, sa, len) != 0 ||
	    (type == SOCK_STREAM && listen(fd, 8) != 0)) {
		print_message("no such sockets here\n");
		skip();
	}
	assert_int_equal(getsockname(fd, sa, &len), 0);
	*ret_port = ntohs(family == AF_INET ? sin.sin_port : sin6.sin6_port);
	return fd;
}

static void
test_the_other_protocol_is_looked_at_too(void **state)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	const struct sign *s;
	int fd, client, taken;

	(void)state;
	looking_begin(&l);
	fd = open_socket(AF_INET6, SOCK_STREAM, &port);
	add_port_entry(RULE_LISTEN, "tcp");
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	sin6.sin6_addr = in6addr_loopback;
	sin6.sin6_port = htons(port);
	client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&sin6,
			     sizeof(sin6)),
	    0);
	taken = looking_accept(fd);
	s = looking_see(&l, "p");
	assert_int_equal(s->grade, SIGN_ACTIVE);
	assert_non_null(strstr(s->seen, "[::1]:"));
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
test_datagrams_have_ports_of_their_own(void **state)
{
	int fd;

	(void)state;
	looking_begin(&l);
	fd = open_socket(AF_INET, SOCK_DGRAM, &port);
	add_port_entry(RULE_LISTEN, "tcp");
	looking_see_none(&l, "p");
	l.nrules = 0;
	looking_port(&l, RULE_LISTEN, "udp", port, port);
	looking_set(&l);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* More than the kernel's filter is given. */
static void
test_a_catalogue_may_have_very_many_ports(void **state)
{
	static struct rule rule[1500];
	struct rules rules;
	size_t i;
	int fd;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	memset(rule, 0, sizeof(rule));
	for (i = 0; i < sizeof(rule) / sizeof(rule[0]); i++) {
		rule[i].kind = RULE_LISTEN;
		rule[i].low = rule[i].high = (uint32_t)(2 * i + 1);
		(void)strcpy(rule[i].text, "tcp");
	}
	rule[i - 1].low = rule[i - 1].high = port;
	assert_int_equal(rules_make(l.entry, 1, rule, i, &rules), 0);
	look_set_rules(l.look, &rules);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* The first and the last port, and numbers that are no port */
static void
test_ports_at_the_ends_do_no_harm(void **state)
{
	(void)state;
	looking_begin(&l);
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", 0, 0);
	looking_port(&l, RULE_LISTEN, "tcp", 65535, 65535);
	looking_port(&l, RULE_LISTEN, "tcp", 65536, 0xffffffffu);
	looking_port(&l, RULE_RELAY, "tcp", 9, 3);
	looking_port(&l, RULE_RELAY, "tcp", 0, 0xffffffffu);
	looking_set(&l);
	(void)looking_take(&l);
	assert_int_equal(l.picture.failed & PICTURE_SOCKETS, 0);
	looking_end(&l);
}

/* ---- Whose they are ----------------------------------------------------- */

static void
test_a_tool_s_port_is_no_other_entry_s(void **state)
{
	pid_t pid;
	int fd;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	(void)looking_entry(&l, "t", ENTRY_RMM, 0);
	looking_text(&l, RULE_COMM, "socktool");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	pid = looking_name("socktool");
	looking_see_none(&l, "p");
	assert_int_equal(looking_find(&l, "t")->confidence,
	    SIGN_BY_COMPOSITION);
	looking_slay(pid);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

static void
become_somebody(void *arg)
{
	uid_t uid = *(uid_t *)arg;

	CHECK(setresuid(uid, uid, uid) == 0);
}

/* Else each would be taken for whoever's service listens. */
static void
test_another_user_s_port_is_not_a_tool_s(void **state)
{
	uid_t uid = 54321;
	struct looking_child child = {
		.name = "socktool", .before = become_somebody, .arg = &uid
	};
	int fd, client;

	(void)state;
	needs_root();
	looking_begin(&l);
	fd = looking_listen(&port);
	client = looking_connect(port);
	(void)looking_entry(&l, "t", ENTRY_RMM,
	    RULE_ACTIVE_LISTEN | RULE_ACTIVE_RELAY);
	looking_text(&l, RULE_COMM, "socktool");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_port(&l, RULE_RELAY, "tcp", port, port);
	looking_set(&l);
	(void)looking_spawn(&child);
	assert_int_equal(looking_see(&l, "t")->confidence, SIGN_BY_NAME);
	assert_int_equal(looking_find(&l, "t")->grade, SIGN_RUNNING);
	looking_slay(child.pid);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* ---- Cgroups ------------------------------------------------------------ */

static const char *const mounts[] = { "/sys/fs/cgroup",
	"/sys/fs/cgroup/unified" };

/* A cgroup of the test's own; the test is skipped where there is none. */
static void
make_cgroup(const char *name, char *buf, size_t size)
{
	char file[160];
	size_t i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(file, sizeof(file), "%s/cgroup.controllers",
		    mounts[i]);
		(void)snprintf(buf, size, "%s/%s", mounts[i], name);
		if (access(file, F_OK) == 0 &&
		    (mkdir(buf, 0755) == 0 || errno == EEXIST))
			return;
	}
	looking_end(&l);
	print_message("no cgroup of one's own here\n");
	skip();
}

static void
remove_cgroup(const char *path)
{
	struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < 1000 && rmdir(path) != 0; i++)
		(void)nanosleep(&ms, NULL);
}

static void
enter_cgroup(void *arg)
{
	char file[160];
	int fd;

	(void)snprintf(file, sizeof(file), "%s/cgroup.procs",
	    (const char *)arg);
	CHECK((fd = open(file, O_WRONLY | O_CLOEXEC)) != -1);
	CHECK(write(fd, "0", 1) == 1);
	CHECK(close(fd) == 0);
}

/* Listens in a cgroup; tells its port by a pipe. */
struct listener {
	char *cgroup;
	int pipe[2];
};

static void
listen_there(void *arg)
{
	struct listener *li = arg;
	uint16_t there;

	enter_cgroup(li->cgroup);
	(void)looking_listen(&there);
	CHECK(write(li->pipe[1], &there, sizeof(there)) == sizeof(there));
}

static pid_t
spawn_listener(const char *name, char *cgroup)
{
	struct listener li = { .cgroup = cgroup };
	struct looking_child child = {
		.name = name, .before = listen_there, .arg = &li
	};

	assert_int_equal(pipe(li.pipe), 0);
	(void)looking_spawn(&child);
	assert_int_equal(read(li.pipe[0], &port, sizeof(port)), sizeof(port));
	(void)close(li.pipe[0]);
	(void)close(li.pipe[1]);
	return child.pid;
}

static void
test_a_port_of_another_cgroup_is_not_a_tool_s(void **state)
{
	char one[128], two[128];
	struct looking_child child = {
		.name = "socktool", .before = enter_cgroup, .arg = two
	};
	pid_t pid;

	(void)state;
	needs_root();
	looking_begin(&l);
	make_cgroup("farmgate-look-1", one, sizeof(one));
	make_cgroup("farmgate-look-2", two, sizeof(two));
	pid = spawn_listener("somebody", one);
	(void)looking_entry(&l, "t", ENTRY_RMM, RULE_ACTIVE_LISTEN);
	looking_text(&l, RULE_COMM, "socktool");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	(void)looking_spawn(&child);
	assert_int_equal(looking_see(&l, "t")->confidence, SIGN_BY_NAME);
	looking_slay(child.pid);
	looking_slay(pid);
	pid = spawn_listener("socktool", one);
	l.rule[l.nrules - 1].low = l.rule[l.nrules - 1].high = port;
	looking_set(&l);
	assert_int_equal(looking_see(&l, "t")->confidence, SIGN_BY_COMPOSITION);
	looking_slay(pid);
	remove_cgroup(one);
	remove_cgroup(two);
	looking_end(&l);
}

static void
test_a_port_s_cgroup_is_told(void **state)
{
	char one[128];
	pid_t pid;

	(void)state;
	needs_root();
	looking_begin(&l);
	make_cgroup("farmgate-look-1", one, sizeof(one));
	pid = spawn_listener("somebody", one);
	add_port_entry(RULE_LISTEN, "tcp");
	assert_string_equal(looking_see(&l, "p")->cgroup, "/farmgate-look-1");
	assert_string_equal(looking_see(&l, "p")->cgroup, "/farmgate-look-1");
	looking_slay(pid);
	remove_cgroup(one);
	looking_end(&l);
}

static void
test_a_cgroup_has_a_number_and_a_name(void **state)
{
	static struct cgroups cgroups;
	char one[128], path[FACT_CGROUP_MAX + 1];
	int64_t until_ns = walk_now_ns() + INT64_C(5000000000);
	uint64_t id;

	(void)state;
	needs_root();
	looking_begin(&l);
	make_cgroup("farmgate-look-1", one, sizeof(one));
	id = cgroup_id("/farmgate-look-1");
	assert_true(id > 1);
	assert_int_equal(cgroup_path(&cgroups, id, until_ns, path), 0);
	assert_string_equal(path, "/farmgate-look-1");
	remove_cgroup(one);
	/* Once it was found, it is known. */
	assert_int_equal(cgroup_path(&cgroups, id, 0, path), 0);
	assert_int_equal(cgroup_path(&cgroups, 0, until_ns, path),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(cgroup_path(&cgroups, UINT64_MAX, until_ns, path),
	    FG_ERR_NOT_FOUND);
	assert_string_equal(path, "");
	assert_int_equal(cgroup_id("/"), 0);
	assert_int_equal(cgroup_id(""), 0);
	assert_int_equal(cgroup_id("/farmgate-look-1"), 0);
	assert_int_equal(cgroup_id("farmgate-look-1"), 0);
	looking_end(&l);
}

/* ---- Ordinary programs -------------------------------------------------- */

/* A program that listens, as somebody, and what was done to hide by that. */
struct ordinary {
	struct listener listener;
	uid_t uid;
	const char *path;
	const char *instead; /* runs by that path in a namespace of its own */
	bool apart; /* in a user namespace of its own */
};

static void
prepare_ordinary(void *arg)
{
	struct ordinary *o = arg;
	uint16_t there;
	int fd;

	if (o->instead != NULL) {
		CHECK(unshare(CLONE_NEWNS) == 0);
		CHECK(mount(o->instead, o->path, NULL, MS_BIND, NULL) == 0);
	}
	if (o->listener.cgroup != NULL)
		enter_cgroup(o->listener.cgroup);
	CHECK(setresuid(o->uid, o->uid, o->uid) == 0);
	CHECK(!o->apart || unshare(CLONE_NEWUSER) == 0);
	fd = looking_listen(&there);
	CHECK(fcntl(fd, F_SETFD, 0) == 0);
	CHECK(write(o->listener.pipe[1], &there, sizeof(there)) ==
	    sizeof(there));
}

static void
unshare_as_somebody(void *arg)
{
	(void)arg;
	CHECK(setresuid(54321, 54321, 54321) == 0);
	_exit(unshare(CLONE_NEWUSER) == 0 ? 0 : CHILD_SKIP);
}

/* Some kernels let nobody but root. */
static bool
may_be_apart(void)
{
	int status = child_run(unshare_as_somebody, NULL);

	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static pid_t
spawn_ordinary(struct ordinary *o)
{
	char name[128], arg[] = "1000";
	char *argv[] = { name, arg, NULL };
	struct looking_child child = { .path = o->path,
		.argv = argv,
		.before = prepare_ordinary,
		.arg = o };

	(void)snprintf(name, sizeof(name), "%s", o->path);
	assert_int_equal(pipe(o->listener.pipe), 0);
	(void)looking_spawn(&child);
	assert_int_equal(read(o->listener.pipe[0], &port, sizeof(port)),
	    sizeof(port));
	(void)close(o->listener.pipe[0]);
	(void)close(o->listener.pipe[1]);
	return child.pid;
}

/* Whether the port is a sign although an ordinary program may have it. */
static void
expect_ordinary(struct ordinary *o, bool ordinary)
{
	pid_t pid = spawn_ordinary(o);

	l.nentries = l.nrules = 0;
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	(void)looking_entry(&l, "fine", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_EXE, o->path);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	assert_int_equal(looking_see(&l, "p")->kind,
	    ordinary ? ENTRY_NONE : ENTRY_VNC);
	looking_see_none(&l, "fine");
	looking_slay(pid);
}

static void
test_an_ordinary_program_s_port_is_no_sign(void **state)
{
	char path[128], other[128], one[128];
	struct ordinary o = { .path = path };

	(void)state;
	needs_root();
	looking_begin(&l);
	looking_copy(&l, "machine", path, sizeof(path));
	looking_copy(&l, "other", other, sizeof(other));
	make_cgroup("farmgate-look-1", one, sizeof(one));
	o.listener.cgroup = one;
	expect_ordinary(&o, true);
	o.uid = 54321;
	expect_ordinary(&o, true);
	/* Another program by the same path */
	o.instead = other;
	expect_ordinary(&o, false);
	/* Root does not pretend. */
	o.uid = 0;
	expect_ordinary(&o, true);
	/* Who may change what their program is called */
	o.uid = 54321;
	o.instead = NULL;
	o.apart = may_be_apart();
	expect_ordinary(&o, !o.apart);
	/* Who else is in the cgroup of all */
	o = (struct ordinary){ .path = path, .uid = 54321 };
	expect_ordinary(&o, false);
	remove_cgroup(one);
	looking_end(&l);
}

static void
test_in_a_login_s_session_no_port_is_ordinary(void **state)
{
	char path[128], one[128], slice[128], scope[128];
	struct ordinary o = { .path = path, .uid = 54321 };

	(void)state;
	needs_root();
	looking_begin(&l);
	looking_copy(&l, "machine", path, sizeof(path));
	make_cgroup("farmgate-look-1", one, sizeof(one));
	make_cgroup("farmgate-look-1/user-9.slice", slice, sizeof(slice));
	make_cgroup("farmgate-look-1/user-9.slice/session-9.scope", scope,
	    sizeof(scope));
	o.listener.cgroup = slice;
	expect_ordinary(&o, true);
	o.listener.cgroup = scope;
	expect_ordinary(&o, false);
	remove_cgroup(scope);
	remove_cgroup(slice);
	remove_cgroup(one);
	looking_end(&l);
}

/* A name is anybody's. */
static void
test_a_name_makes_no_program_ordinary(void **state)
{
	char path[128], one[128];
	struct ordinary o = { .path = path, .uid = 54321 };
	pid_t pid;

	(void)state;
	needs_root();
	looking_begin(&l);
	looking_copy(&l, "machine", path, sizeof(path));
	make_cgroup("farmgate-look-1", one, sizeof(one));
	o.listener.cgroup = one;
	pid = spawn_ordinary(&o);
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	(void)looking_entry(&l, "fine", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_EXE, "machine");
	looking_text(&l, RULE_COMM, "machine");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	assert_int_equal(looking_see(&l, "p")->kind, ENTRY_VNC);
	looking_slay(pid);
	remove_cgroup(one);
	looking_end(&l);
}

/* ---- A user's tools ----------------------------------------------------- */

struct told {
	enum rule_kind kind; /* by which the tool is known */
	const char *text;
	enum sign_confidence confidence;
	bool port; /* is told of beside it */
};

static void
expect_told(struct ordinary *o, const struct told *told)
{
	pid_t pid = spawn_ordinary(o);

	l.nentries = l.nrules = 0;
	(void)looking_entry(&l, "p", ENTRY_VNC, 0);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	(void)looking_entry(&l, "t", ENTRY_VNC, 0);
	looking_text(&l, told->kind, told->text);
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	assert_int_equal(looking_see(&l, "p")->kind,
	    told->port ? ENTRY_VNC : ENTRY_NONE);
	assert_int_equal(looking_find(&l, "t")->confidence, told->confidence);
	looking_slay(pid);
}

/* Else a tool that is approved would be whatever a user calls so. */
static void
test_a_name_takes_no_port_away(void **state)
{
	char path[128], other[128];
	struct ordinary o = { .path = path, .uid = 54321 };
	const struct told by_comm = { RULE_COMM, "atool", SIGN_BY_COMPOSITION,
		true };
	const struct told by_name = { RULE_EXE, "atool", SIGN_BY_COMPOSITION,
		true };
	const struct told real = { RULE_EXE, path, SIGN_BY_IDENTITY, false };
	const struct told unreal = { RULE_EXE, path, SIGN_BY_COMPOSITION,
		true };
	const struct told roots = { RULE_COMM, "atool", SIGN_BY_COMPOSITION,
		false };

	(void)state;
	needs_root();
	looking_begin(&l);
	looking_copy(&l, "atool", path, sizeof(path));
	looking_copy(&l, "other", other, sizeof(other));
	expect_told(&o, &by_comm);
	expect_told(&o, &by_name);
	expect_told(&o, &real);
	/* Another program by that path */
	o.instead = other;
	expect_told(&o, &unreal);
	/* Who may change what their program is called */
	o.instead = NULL;
	o.apart = may_be_apart();
	expect_told(&o, o.apart ? &unreal : &real);
	/* Root's is what it says. */
	o = (struct ordinary){ .path = path };
	expect_told(&o, &roots);
	expect_told(&o, &real);
	looking_end(&l);
}

/* ---- Who connected ------------------------------------------------------ */

static void
set_ends(struct look_ends *ends, const char *client, uint16_t client_port,
    const char *server, uint16_t server_port)
{
	struct addr addr;

	assert_int_equal(addr_parse(client, &addr), 0);
	memcpy(ends->client, addr.b, sizeof(ends->client));
	assert_int_equal(addr_parse(server, &addr), 0);
	memcpy(ends->server, addr.b, sizeof(ends->server));
	ends->client_port = client_port;
	ends->server_port = server_port;
}

static uint16_t
own_port(int fd)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	return ntohs(sin.sin_port);
}

static void
test_who_connected_to_this_machine_is_found(void **state)
{
	char cgroup[FACT_CGROUP_MAX + 1];
	struct look_ends ends;
	uint16_t there;
	uint32_t uid;
	int fd, client;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	client = looking_connect(port);
	there = own_port(client);
	set_ends(&ends, "127.0.0.1", there, "127.0.0.1", port);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    0);
	assert_int_equal(uid, geteuid());
	/* Another address, another port, none that is connected */
	set_ends(&ends, "127.0.0.2", there, "127.0.0.1", port);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(uid, (uint32_t)-1);
	assert_string_equal(cgroup, "");
	set_ends(&ends, "127.0.0.1", port, "127.0.0.1", 1);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    FG_ERR_NOT_FOUND);
	set_ends(&ends, "203.0.113.9", there, "127.0.0.1", port);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(close(client), 0);
	set_ends(&ends, "127.0.0.1", there, "127.0.0.1", port);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

struct client {
	char *cgroup;
	int pipe[2];
};

static void
connect_there(void *arg)
{
	struct client *c = arg;
	uint16_t there;

	enter_cgroup(c->cgroup);
	there = own_port(looking_connect(port));
	CHECK(write(c->pipe[1], &there, sizeof(there)) == sizeof(there));
}

static void
test_the_cgroup_of_who_connected_is_told(void **state)
{
	char one[128], cgroup[FACT_CGROUP_MAX + 1], little[4];
	struct client c = { .cgroup = one };
	struct looking_child child = {
		.name = "client", .before = connect_there, .arg = &c
	};
	struct look_ends ends;
	uint16_t there;
	uint32_t uid;
	int fd;

	(void)state;
	needs_root();
	looking_begin(&l);
	make_cgroup("farmgate-look-1", one, sizeof(one));
	fd = looking_listen(&port);
	assert_int_equal(pipe(c.pipe), 0);
	(void)looking_spawn(&child);
	assert_int_equal(read(c.pipe[0], &there, sizeof(there)), sizeof(there));
	set_ends(&ends, "127.0.0.1", there, "127.0.0.1", port);
	assert_int_equal(look_client_cgroup(l.look, &ends, cgroup,
			     sizeof(cgroup), &uid),
	    0);
	assert_string_equal(cgroup, "/farmgate-look-1");
	assert_int_equal(look_client_cgroup(l.look, &ends, little,
			     sizeof(little), &uid),
	    FG_ERR_LIMIT);
	looking_slay(child.pid);
	(void)close(c.pipe[0]);
	(void)close(c.pipe[1]);
	assert_int_equal(close(fd), 0);
	remove_cgroup(one);
	looking_end(&l);
}

/* What was not read of an answer is not taken for the next one. */
static void
test_a_scan_without_time_is_cut_and_the_next_is_whole(void **state)
{
	int fd;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	add_port_entry(RULE_LISTEN, "tcp");
	look_take(l.look, 0, &l.picture);
	assert_int_not_equal(l.picture.cut & PICTURE_SOCKETS, 0);
	assert_int_not_equal(l.picture.cut & PICTURE_PROCESSES, 0);
	assert_int_equal(l.picture.nsigns, 0);
	assert_int_equal(looking_see(&l, "p")->grade, SIGN_RUNNING);
	assert_int_equal(l.picture.cut & (PICTURE_SOCKETS | PICTURE_PROCESSES),
	    0);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_listens_by_any_name_is_a_sign),
		cmocka_unit_test(test_other_ports_and_protocols_are_none),
		cmocka_unit_test(test_a_stream_to_a_relay_is_a_sign),
		cmocka_unit_test(test_the_other_protocol_is_looked_at_too),
		cmocka_unit_test(test_datagrams_have_ports_of_their_own),
		cmocka_unit_test(test_a_catalogue_may_have_very_many_ports),
		cmocka_unit_test(test_ports_at_the_ends_do_no_harm),
		cmocka_unit_test(test_a_tool_s_port_is_no_other_entry_s),
		cmocka_unit_test(test_another_user_s_port_is_not_a_tool_s),
		cmocka_unit_test(test_a_port_of_another_cgroup_is_not_a_tool_s),
		cmocka_unit_test(test_a_port_s_cgroup_is_told),
		cmocka_unit_test(test_a_cgroup_has_a_number_and_a_name),
		cmocka_unit_test(test_an_ordinary_program_s_port_is_no_sign),
		cmocka_unit_test(test_in_a_login_s_session_no_port_is_ordinary),
		cmocka_unit_test(test_a_name_makes_no_program_ordinary),
		cmocka_unit_test(test_a_name_takes_no_port_away),
		cmocka_unit_test(test_who_connected_to_this_machine_is_found),
		cmocka_unit_test(test_the_cgroup_of_who_connected_is_told),
		cmocka_unit_test(
		    test_a_scan_without_time_is_cut_and_the_next_is_whole),
	};

	looking_isolate_net();
	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
