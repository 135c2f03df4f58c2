/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose evidence is: what a user can make root's programs look like, and what
 * a parent may say of its children.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/scanner/look/owner.h"
#include "tests/unit/faking.h"

#define NOBODYS "4294967295"

static void
add_tool(struct fake *f)
{
	fake_entry(f, "t", ENTRY_RMM);
	fake_rule(f, RULE_EXE, "/opt/tool/bin/*");
	fake_rule(f, RULE_SCRIPT, "/opt/tool/agent.py");
	fake_rule(f, RULE_COMM, "tool");
	fake_rule(f, RULE_ACTIVE_COMM, "tool-session");
	fake_set(f);
}

/* uids: "real effective saved fs"; login: its login uid. */
static void
put(struct fake *f, const struct fake_process *p, const char *uids,
    const char *login)
{
	char path[64], text[128];

	fake_process(f, p);
	(void)snprintf(path, sizeof(path), "proc/%d/status", p->pid);
	(void)snprintf(text, sizeof(text), "Name:\tx\nUid:\t%s\n", uids);
	fake_file(f, path, text);
	(void)snprintf(path, sizeof(path), "proc/%d/loginuid", p->pid);
	fake_file(f, path, login);
}

static const struct sign *
find_pid(const struct fake *f, int pid)
{
	static const struct sign none;
	size_t i;

	for (i = 0; i < f->picture.nsigns; i++)
		if (f->picture.sign[i].pid == pid)
			return &f->picture.sign[i];
	return &none;
}

#define ROOT "0\t0\t0\t0"
#define USER "1000\t1000\t1000\t1000"

/* ---- Root's, started by a person ---------------------------------------- */

static void
expect(struct fake *f, struct fake_process *p, const char *login,
    enum sign_owner owner, uint32_t uid)
{
	p->start++;
	put(f, p, ROOT, login);
	fake_take(f);
	CHECK(find_pid(f, p->pid)->owner == owner);
	CHECK(find_pid(f, p->pid)->uid == uid);
}

/* Names and arguments are those of who starts a set-uid program. */
static void
what_root_says(struct fake *f)
{
	struct fake_process p = { .pid = 100,
		.ppid = 1,
		.comm = "tool",
		.exe = "/usr/bin/setuid",
		.cgroup = "/x",
		.start = 1 };

	add_tool(f);
	expect(f, &p, NOBODYS, SIGN_OF_MACHINE, 0);
	expect(f, &p, "0", SIGN_OF_MACHINE, 0);
	expect(f, &p, "1000", SIGN_OF_USER, 1000);
	/* Without audit the service manager's slice tells. */
	p.cgroup = "/user.slice/user-1000.slice/session-1.scope";
	expect(f, &p, NOBODYS, SIGN_OF_USER, 1000);
	p.cgroup = "/user.slice/user-0.slice/session-1.scope";
	expect(f, &p, NOBODYS, SIGN_OF_MACHINE, 0);
	p.cgroup = "/user.slice/user-x.slice/session-1.scope";
	expect(f, &p, NOBODYS, SIGN_OF_MACHINE, 0);
	p.cgroup = "/x";
	p.comm = "python3";
	p.exe = "/usr/bin/python3";
	p.args = "python3 /opt/tool/agent.py";
	expect(f, &p, NOBODYS, SIGN_OF_MACHINE, 0);
	expect(f, &p, "1000", SIGN_OF_USER, 1000);
	/* A thread of the kernel's by name */
	p.comm = "kworker/0:1";
	p.exe = "/usr/bin/setuid";
	p.args = NULL;
	expect(f, &p, NOBODYS, SIGN_OF_MACHINE, 0);
	expect(f, &p, "1000", SIGN_OF_USER, 1000);
	/* A program's path is none of it. */
	p.comm = "x";
	p.exe = "/opt/tool/bin/toold";
	expect(f, &p, "1000", SIGN_OF_MACHINE, 0);
}

static void
test_what_root_s_program_says_is_its_starter_s(void **state)
{
	(void)state;
	fake_passes(what_root_says);
}

/* ---- Uids that were lent ------------------------------------------------ */

#define ALL "         0          0 4294967295\n"
#define LENT \
	"         0       1000          1\n         1     100000      65536\n"

static void
expect_lent(struct fake *f, const char *map, const char *login,
    const char *cgroup, uint32_t uid)
{
	static unsigned int start = 10;
	struct fake_process p = { .pid = 100,
		.ppid = 1,
		.comm = "toold",
		.exe = "/opt/tool/bin/toold",
		.start = ++start };

	p.cgroup = cgroup;
	fake_file(f, "proc/1/uid_map", ALL);
	fake_file(f, "proc/100/uid_map", map);
	put(f, &p, "100999\t100999\t100999\t100999", login);
	fake_take(f);
	CHECK(find_pid(f, 100)->owner == SIGN_OF_USER);
	CHECK(find_pid(f, 100)->uid == uid);
}

/* No login of theirs would ever meet it. */
static void
lent_uids(struct fake *f)
{
	static const char session[] =
	    "/user.slice/user-1000.slice/user@1000.service/user.slice/x.scope";

	add_tool(f);
	expect_lent(f, LENT, "1000", "/x", 1000);
	expect_lent(f, LENT, NOBODYS, session, 1000);
	expect_lent(f, LENT, "1000", "/system.slice/x.scope", 1000);
	/* Root's container */
	expect_lent(f, LENT, NOBODYS, "/system.slice/x.scope", 100999);
	/* Who has become somebody else, by su(1) */
	expect_lent(f, ALL, "1000", session, 100999);
}

static void
test_in_a_user_s_container_all_is_that_user_s(void **state)
{
	(void)state;
	fake_passes(lent_uids);
}

static void
expect_socket(uint32_t uid, const char *cgroup, enum sign_owner owner,
    uint32_t of)
{
	struct sign sign = { 0 };

	owner_set_socket(uid, cgroup, 1001, &sign);
	CHECK(sign.owner == owner);
	CHECK(sign.uid == of);
}

static void
lent_sockets(struct fake *f)
{
	static const char of_1000[] =
	    "/user.slice/user-1000.slice/user@1000.service/user.slice/x.scope";
	static const char of_1001[] =
	    "/user.slice/user-1001.slice/user@1001.service/user.slice/x.scope";

	fake_file(f, "sys/fs/cgroup/cgroup.controllers", "cpu\n");
	fake_file(f, "sys/fs/cgroup/user.slice/user-200000.slice/x", "");
	expect_socket(100999, of_1000, SIGN_OF_USER, 1000);
	expect_socket(100999, of_1001, SIGN_OF_SEAT, 1001);
	expect_socket(100999, "/system.slice/x", SIGN_OF_USER, 100999);
	expect_socket(100999, "", SIGN_OF_USER, 100999);
	/* Persons, by su(1) */
	expect_socket(1002, of_1000, SIGN_OF_USER, 1002);
	expect_socket(200000, of_1000, SIGN_OF_USER, 200000);
	expect_socket(0, of_1000, SIGN_OF_MACHINE, 0);
}

static void
test_sockets_of_lent_uids_are_their_persons(void **state)
{
	(void)state;
	fake_passes(lent_sockets);
}

/* ---- Loaders ------------------------------------------------------------ */

static void
loaders(struct fake *f)
{
	static const char *const no[] = { "/srv/x/ld-x.so", "/var/tmp/ld.so",
		"/srv/x/lib/ld-linux.so.2", "/opt/lib/ld-linux.so.2" };
	static const char *const yes[] = { "/lib64/ld-linux-x86-64.so.2",
		"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" };
	struct fake_process p = { .pid = 100,
		.ppid = 1,
		.uid = 1000,
		.comm = "x",
		.args = "x /opt/tool/bin/toold",
		.start = 1 };
	size_t i;

	add_tool(f);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		p.exe = no[i];
		p.start++;
		fake_process(f, &p);
		CHECK(!fake_sees(f, "t"));
	}
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		p.exe = yes[i];
		p.start++;
		fake_process(f, &p);
		CHECK(fake_see(f, "t")->confidence == SIGN_BY_COMPOSITION);
	}
}

static void
test_only_the_system_s_loader_is_one(void **state)
{
	(void)state;
	fake_passes(loaders);
}

/* ---- Parents ------------------------------------------------------------ */

static const struct fake_process a_parent = { .pid = 100,
	.ppid = 1,
	.comm = "x",
	.exe = "/opt/tool/bin/toold",
	.cgroup = "/x",
	.start = 1 };
static const struct fake_process a_child = { .pid = 101,
	.ppid = 100,
	.comm = "tool-session",
	.exe = "/usr/bin/setuid",
	.cgroup = "/x",
	.start = 2 };

/* Whether the child is in use, and not by its name alone. */
static void
expect_use(struct fake *f, const char *parent, const char *child, bool use)
{
	size_t i, n = 0;

	put(f, &a_parent, parent, "1000");
	put(f, &a_child, child, "1000");
	/* All are looked at closely again. */
	fake_set(f);
	fake_take(f);
	for (i = 0; i < f->picture.nsigns; i++) {
		n += f->picture.sign[i].grade == SIGN_ACTIVE &&
		    f->picture.sign[i].confidence > SIGN_BY_NAME;
		CHECK(f->picture.sign[i].pid != 101 ||
		    f->picture.sign[i].owner == SIGN_OF_USER);
	}
	CHECK((n == 1) == use);
}

static void
families(struct fake *f)
{
	add_tool(f);
	/* A set-uid program, and one that has made itself root's */
	expect_use(f, USER, "1000\t0\t0\t0", false);
	expect_use(f, USER, ROOT, false);
	expect_use(f, USER, "1001\t1001\t1001\t1001", false);
	expect_use(f, "1000\t0\t0\t0", ROOT, false);
	expect_use(f, ROOT, "1001\t1001\t1001\t1001", false);
	/* Its own, and those of who has started it */
	expect_use(f, USER, USER, true);
	expect_use(f, ROOT, USER, true);
}

static void
test_a_parent_answers_for_its_own_alone(void **state)
{
	(void)state;
	fake_passes(families);
}

/* A service starts what runs as the user whose session it is. */
static void
services(struct fake *f)
{
	add_tool(f);
	put(f, &a_parent, ROOT, NOBODYS);
	put(f, &a_child, USER, NOBODYS);
	fake_take(f);
	CHECK(find_pid(f, 101)->confidence == SIGN_BY_COMPOSITION);
	CHECK(find_pid(f, 101)->owner == SIGN_OF_USER);
	put(f, &a_child, ROOT, NOBODYS);
	fake_set(f);
	fake_take(f);
	CHECK(find_pid(f, 101)->confidence == SIGN_BY_COMPOSITION);
	CHECK(find_pid(f, 101)->owner == SIGN_OF_MACHINE);
	CHECK(find_pid(f, 101)->grade == SIGN_ACTIVE);
}

static void
test_root_s_service_answers_for_all(void **state)
{
	(void)state;
	fake_passes(services);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_a_user_s_container_all_is_that_user_s),
		cmocka_unit_test(test_sockets_of_lent_uids_are_their_persons),
		cmocka_unit_test(
		    test_what_root_s_program_says_is_its_starter_s),
		cmocka_unit_test(test_only_the_system_s_loader_is_one),
		cmocka_unit_test(test_a_parent_answers_for_its_own_alone),
		cmocka_unit_test(test_root_s_service_answers_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
