/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes as whoever runs them would like them to look: a /proc of files,
 * with what no ordinary process has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/faking.h"

static void
add_tool(struct fake *f)
{
	fake_entry(f, "t", ENTRY_RMM);
	fake_rule(f, RULE_EXE, "/usr/bin/tool");
	fake_rule(f, RULE_SCRIPT, "/usr/share/tool/agent.py");
	fake_rule(f, RULE_COMM, "tool");
	fake_set(f);
}

/* Its program is no file here: its path is what it says. */
static const struct fake_process a_tool = { .pid = 100,
	.ppid = 1,
	.uid = 1000,
	.start = 5,
	.comm = "tool",
	.exe = "/usr/bin/tool" };

static void
names(struct fake *f)
{
	static const char *const comms[] = { "a) S 1 2 3", ")", "(", "", " ",
		"a\nb) Z 1", "\033[2J", "))))))))))", "100 (tool) S 1" };
	struct fake_process p = a_tool;
	size_t i;

	add_tool(f);
	for (i = 0; i < sizeof(comms) / sizeof(comms[0]); i++) {
		p.comm = comms[i];
		fake_process(f, &p);
		CHECK(fake_see(f, "t")->confidence == SIGN_BY_COMPOSITION);
		CHECK(strpbrk(fake_find(f, "t")->seen, "\n\033") == NULL);
		CHECK((f->picture.failed & PICTURE_PROCESSES) == 0);
	}
}

static void
test_odd_names_hide_no_tool(void **state)
{
	(void)state;
	fake_passes(names);
}

static void
garbage(struct fake *f)
{
	static const char *const lines[] = { "", "\n", "100", "100 (",
		"100 (tool", "100 (tool)", "100 (tool) S", "100 (tool) S 1\n",
		"100 (tool) S x y z\n",
		"100 (tool) S 1 1 1 0 -1 99999999999999"
		" 0 0 0 0 0 0 0 0 20 0 1 0 5\n" };
	struct fake_process other = a_tool;
	size_t i;

	add_tool(f);
	other.pid = 101;
	fake_process(f, &a_tool);
	fake_process(f, &other);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		fake_file(f, "proc/100/stat", lines[i]);
		CHECK(fake_see(f, "t")->pid == 101);
		/* What cannot be read is not what is not there. */
		CHECK((f->picture.failed & PICTURE_PROCESSES) != 0);
	}
	fake_bytes(f, "proc/100/stat", "100 (to\0ol) S 1 1\n", 18);
	CHECK(fake_see(f, "t")->pid == 101);
	CHECK((f->picture.failed & PICTURE_PROCESSES) != 0);
	fake_process(f, &a_tool);
	fake_take(f);
	CHECK((f->picture.failed & PICTURE_PROCESSES) == 0);
}

static void
test_what_is_no_process_s_line_is_a_failure(void **state)
{
	(void)state;
	fake_passes(garbage);
}

static void
folders(struct fake *f)
{
	static const char *const no[] = { "proc/0/stat", "proc/abc/stat",
		"proc/99999999/stat", "proc/-1/stat", "proc/1x/stat",
		"proc/4194305/stat", "proc/18446744073709551617/stat" };
	struct fake_process p = a_tool;
	size_t i;

	add_tool(f);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		fake_file(f, no[i], "100 (tool) S 1\n");
	CHECK(!fake_sees(f, "t"));
	CHECK(f->picture.processes == 0);
	CHECK((f->picture.failed & PICTURE_PROCESSES) == 0);
	p.pid = 4194304; /* the largest that there can be */
	fake_process(f, &p);
	CHECK(fake_see(f, "t")->pid == 4194304);
}

static void
test_only_numbers_of_processes_are_processes(void **state)
{
	(void)state;
	fake_passes(folders);
}

static void
unreadable(struct fake *f)
{
	struct fake_process p = a_tool;

	add_tool(f);
	p.exe = NULL;
	fake_process(f, &p);
	/* Neither a program nor an error: it is ending. */
	CHECK(!fake_sees(f, "t"));
	CHECK((f->picture.failed & PICTURE_PROCESSES) == 0);
	/* A link that is none */
	fake_file(f, "proc/100/exe", "/usr/bin/tool");
	CHECK(fake_see(f, "t")->confidence == SIGN_BY_NAME);
	CHECK((f->picture.failed & PICTURE_PROCESSES) != 0);
}

static void
test_a_program_that_cannot_be_told_is_a_failure(void **state)
{
	(void)state;
	fake_passes(unreadable);
}

static void
kernels(struct fake *f)
{
	struct fake_process p = a_tool;

	add_tool(f);
	p.flags = 0x00200000;
	p.comm = "kworker/0:1";
	fake_process(f, &p);
	fake_take(f);
	CHECK(f->picture.processes == 1);
	CHECK(fake_find(f, "t")->kind == ENTRY_NONE);
	CHECK(fake_find(f, "kernel-thread")->kind == ENTRY_NONE);
	p.flags = 0;
	p.start++;
	fake_remove(f, "proc/100");
	fake_process(f, &p);
	CHECK(fake_sees(f, "t"));
	CHECK(fake_find(f, "kernel-thread")->kind == ENTRY_HIDDEN);
}

static void
test_the_kernel_s_own_are_left_alone(void **state)
{
	(void)state;
	fake_passes(kernels);
}

static void
long_arguments(struct fake *f)
{
	static char args[65536];
	struct fake_process p = a_tool;

	add_tool(f);
	p.exe = "/usr/bin/python3.11";
	p.comm = "python3";
	memset(args, 'x', sizeof(args) - 1);
	p.args = args;
	fake_process(f, &p);
	CHECK(!fake_sees(f, "t"));
	p.args = "python3 -X dev -W ignore /usr/share/tool/agent.py --now";
	p.start++;
	fake_process(f, &p);
	CHECK(fake_see(f, "t")->confidence == SIGN_BY_COMPOSITION);
	CHECK(strstr(fake_find(f, "t")->seen, "--now") == NULL);
	/* No arguments at all, and none that can be read */
	p.start++;
	fake_process(f, &p);
	fake_bytes(f, "proc/100/cmdline", "", 0);
	CHECK(!fake_sees(f, "t"));
	p.start++;
	fake_process(f, &p);
	fake_remove(f, "proc/100/cmdline");
	CHECK(!fake_sees(f, "t"));
}

static void
test_long_and_missing_arguments_do_no_harm(void **state)
{
	(void)state;
	fake_passes(long_arguments);
}

static void
secrets(struct fake *f)
{
	struct fake_process p = a_tool;

	add_tool(f);
	p.args = "tool --password hunter2 [kworker/0:0]";
	fake_process(f, &p);
	CHECK(fake_sees(f, "t"));
	CHECK(strstr(fake_find(f, "t")->seen, "hunter2") == NULL);
	CHECK(strstr(fake_find(f, "t")->seen, "password") == NULL);
}

static void
test_of_arguments_nothing_is_told(void **state)
{
	(void)state;
	fake_passes(secrets);
}

static void
long_path(struct fake *f)
{
	char exe[4096] = "/opt";
	struct fake_process p = a_tool;

	add_tool(f);
	while (strlen(exe) < 4000)
		(void)strcat(exe, "/0123456789");
	p.exe = exe;
	p.comm = "x";
	fake_process(f, &p);
	fake_take(f);
	CHECK(fake_find(f, "t")->kind == ENTRY_NONE);
	CHECK(fake_find(f, "long-path")->kind == ENTRY_NONE);
	p.comm = "tool";
	p.start++;
	fake_process(f, &p);
	CHECK(fake_see(f, "t")->confidence == SIGN_BY_NAME);
	CHECK(strstr(fake_find(f, "t")->seen, "named tool, pid 100") != NULL);
}

static void
test_a_very_long_path_is_a_path(void **state)
{
	(void)state;
	fake_passes(long_path);
}

/* ---- Upgrades ----------------------------------------------------------- */

static void
expect_deleted(struct fake *f, bool deleted)
{
	fake_take(f);
	CHECK((fake_find(f, "deleted")->kind == ENTRY_HIDDEN) == deleted);
}

static void
upgraded(struct fake *f)
{
	struct fake_process p = a_tool;

	fake_set(f);
	p.comm = "daemon";
	p.exe = "/usr/sbin/daemon (deleted)";
	fake_process(f, &p);
	expect_deleted(f, true);
	fake_file(f, "usr/sbin/daemon", "new");
	expect_deleted(f, false);
	/* Not if it is somebody's own, */
	fake_owner(f, "usr/sbin/daemon", 1000);
	p.start++;
	fake_process(f, &p);
	expect_deleted(f, true);
	/* or no file, */
	fake_remove(f, "usr/sbin/daemon");
	fake_link(f, "usr/sbin/daemon", "/bin/sleep");
	p.start++;
	fake_process(f, &p);
	expect_deleted(f, true);
	/* or where no package puts one. */
	p.exe = "/tmp/daemon (deleted)";
	p.start++;
	fake_process(f, &p);
	fake_file(f, "tmp/daemon", "new");
	expect_deleted(f, true);
}

static void
test_a_daemon_that_was_upgraded_hides_nothing(void **state)
{
	(void)state;
	needs_root();
	fake_passes(upgraded);
}

/* ---- Owners ------------------------------------------------------------- */

static void
expect_owner(struct fake *f, struct fake_process *p, const char *loginuid,
    enum sign_owner owner)
{
	p->start++;
	fake_process(f, p);
	if (loginuid != NULL)
		fake_file(f, "proc/100/loginuid", loginuid);
	else
		fake_remove(f, "proc/100/loginuid");
	CHECK(fake_see(f, "t")->owner == owner);
	CHECK(strcmp(fake_find(f, "t")->cgroup, p->cgroup) == 0);
}

static void
owners(struct fake *f)
{
	struct fake_process p = a_tool;

	add_tool(f);
	p.cgroup = "/system.slice/tool.service";
	p.uid = 999;
	expect_owner(f, &p, NULL, SIGN_OF_MACHINE);
	p.uid = 61184;
	expect_owner(f, &p, NULL, SIGN_OF_MACHINE);
	expect_owner(f, &p, "4294967295", SIGN_OF_MACHINE);
	/* A filter of a user's mail, which that user has put there */
	p.uid = 1000;
	expect_owner(f, &p, NULL, SIGN_OF_USER);
	/* cron's job of a user, and a login without a session */
	expect_owner(f, &p, "1000", SIGN_OF_USER);
	p.cgroup = "/user.slice/user-1000.slice/session-1.scope";
	expect_owner(f, &p, "1000", SIGN_OF_USER);
	expect_owner(f, &p, NULL, SIGN_OF_USER);
	p.cgroup = "/system.slicex/tool.service";
	expect_owner(f, &p, NULL, SIGN_OF_USER);
	p.cgroup = "/user.slice/user-1000.slice/user@1000.service/"
		   "system.slice/x.service";
	expect_owner(f, &p, NULL, SIGN_OF_USER);
	p.uid = 0;
	expect_owner(f, &p, "1000", SIGN_OF_MACHINE);
}

static void
test_only_root_and_units_are_the_machine_s(void **state)
{
	(void)state;
	fake_passes(owners);
}

/* uids: "real effective saved fs" */
static void
expect_uid(struct fake *f, const char *uids, enum sign_owner owner,
    uint32_t uid)
{
	static unsigned int start = 100;
	struct fake_process p = a_tool;
	char text[64];

	p.start = ++start;
	fake_process(f, &p);
	(void)snprintf(text, sizeof(text), "Name:\tx\nUid:\t%s\n", uids);
	fake_file(f, "proc/100/status", text);
	CHECK(fake_see(f, "t")->owner == owner);
	CHECK(fake_find(f, "t")->uid == uid);
}

static void
set_uid(struct fake *f)
{
	add_tool(f);
	expect_uid(f, "1000\t0\t0\t0", SIGN_OF_USER, 1000);
	expect_uid(f, "0\t1000\t0\t1000", SIGN_OF_USER, 1000);
	expect_uid(f, "0\t0\t0\t0", SIGN_OF_MACHINE, 0);
	expect_uid(f, "1000\t1001\t1001\t1001", SIGN_OF_USER, 1000);
}

static void
test_a_set_uid_program_is_its_caller_s(void **state)
{
	(void)state;
	fake_passes(set_uid);
}

/* ---- Very many ---------------------------------------------------------- */

static void
flood(struct fake *f)
{
	struct fake_process p = a_tool;
	size_t i, n = 0;

	add_tool(f);
	p.exe = "/tmp/tool";
	p.uid = 2000;
	for (p.pid = 200; p.pid < 600; p.pid++)
		fake_process(f, &p);
	p.uid = 2001;
	p.pid = 700;
	p.exe = "/usr/bin/tool";
	fake_process(f, &p);
	/* The real one of the same user comes last. */
	p.uid = 2000;
	p.pid = 701;
	fake_process(f, &p);
	fake_take(f);
	/* It is told of that user, and no reason to doubt others' logins. */
	CHECK((f->picture.cut & PICTURE_PROCESSES) == 0);
	CHECK(f->picture.nlost_uids == 1 && f->picture.lost_uid[0] == 2000);
	for (i = 0; i < f->picture.nsigns; i++)
		if (strcmp(f->picture.sign[i].what, "t") == 0) {
			CHECK(f->picture.sign[i].confidence ==
			    SIGN_BY_COMPOSITION);
			n++;
		}
	CHECK(n == 2);
}

static void
test_many_namesakes_hide_no_tool(void **state)
{
	(void)state;
	fake_passes(flood);
}

/* Who has a path of one's own can have many of a tool that is harmless. */
static void
flood_of_another(struct fake *f)
{
	struct fake_process p = a_tool;

	add_tool(f);
	fake_entry(f, "harmless", ENTRY_JIGGLER);
	fake_rule(f, RULE_EXE, "/usr/bin/harmless");
	fake_set(f);
	p.exe = "/usr/bin/harmless";
	p.comm = "harmless";
	p.uid = 2000;
	for (p.pid = 200; p.pid < 600; p.pid++)
		fake_process(f, &p);
	p.exe = "/tmp/x";
	p.comm = "tool";
	fake_process(f, &p);
	p.pid++;
	p.exe = "/memfd:x (deleted)";
	p.comm = "x";
	fake_process(f, &p);
	CHECK(fake_see(f, "t")->confidence == SIGN_BY_NAME);
	CHECK(fake_find(f, "memfd")->uid == 2000);
	CHECK(fake_find(f, "harmless")->confidence == SIGN_BY_COMPOSITION);
	p.pid--;
	p.exe = "/usr/bin/tool";
	p.start++;
	fake_process(f, &p);
	CHECK(fake_see(f, "t")->confidence == SIGN_BY_COMPOSITION);
	CHECK(fake_find(f, "memfd")->uid == 2000);
}

static void
test_many_of_one_tool_hide_no_other(void **state)
{
	(void)state;
	fake_passes(flood_of_another);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_odd_names_hide_no_tool),
		cmocka_unit_test(test_what_is_no_process_s_line_is_a_failure),
		cmocka_unit_test(test_only_numbers_of_processes_are_processes),
		cmocka_unit_test(
		    test_a_program_that_cannot_be_told_is_a_failure),
		cmocka_unit_test(test_the_kernel_s_own_are_left_alone),
		cmocka_unit_test(test_long_and_missing_arguments_do_no_harm),
		cmocka_unit_test(test_of_arguments_nothing_is_told),
		cmocka_unit_test(test_a_very_long_path_is_a_path),
		cmocka_unit_test(test_a_daemon_that_was_upgraded_hides_nothing),
		cmocka_unit_test(test_only_root_and_units_are_the_machine_s),
		cmocka_unit_test(test_a_set_uid_program_is_its_caller_s),
		cmocka_unit_test(test_many_namesakes_hide_no_tool),
		cmocka_unit_test(test_many_of_one_tool_hide_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
