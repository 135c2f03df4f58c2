/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel does not do on request: a /proc of our own, mounted in a
 * namespace, with odd files; and namespaces in which the scanner is blind.
 */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/scanner/scanner.h"
#include "tests/unit/child.h"

#define UNSET ((uint32_t)-1)

#define PEER_PID 100
/* Fields 5 to 21, and 23 to 52. */
#define TO_START "0 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 0"
#define TO_END                                                \
	"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 " \
	"21 22 23 24 25 26 27 28 29 30"
#define STAT(ppid, start) \
	"100 (sshd) S " ppid " " TO_START " " start " " TO_END "\n"
#define GOOD_STAT   STAT("50", "1000")
#define GOOD_CGROUP "0::/system.slice/ssh.service\n"

struct fake {
	const char *stat;
	const char *cgroup;
	const char *loginuid; /* NULL: no such file */
	const char *parent; /* its stat, NULL: no such process */
	enum fact_state state; /* what must come of it */
	size_t ancestors;
	const char *want_cgroup; /* NULL: not looked at */
	uint32_t want_loginuid;
};

static void
put(const char *path, const char *text)
{
	int fd;

	if (text == NULL)
		return;
	CHECK((fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644)) != -1);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(close(fd) == 0);
}

static void
read_fake(void *arg)
{
	const struct fake *fake = arg;
	struct fact_peer peer;

	if (unshare(CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("none", "/proc", "tmpfs", 0, NULL) == 0);
	CHECK(mkdir("/proc/100", 0755) == 0 && mkdir("/proc/50", 0755) == 0);
	put("/proc/100/stat", fake->stat);
	put("/proc/100/cgroup", fake->cgroup);
	put("/proc/100/loginuid", fake->loginuid);
	put("/proc/50/stat", fake->parent);
	memset(&peer, 0, sizeof(peer));
	procs_peer(PEER_PID, &peer);
	CHECK(peer.state == fake->state);
	CHECK(peer.ancestors == fake->ancestors);
	/* Its parent is not the last one, or is not to be had. */
	CHECK(peer.cut ==
	    (peer.state == FACT_KNOWN &&
		(fake->parent == NULL || fake->ancestors == 0 ||
		    strstr(fake->parent, " S 0 ") == NULL)));
	CHECK(peer.audit_session == UNSET);
	if (peer.state != FACT_KNOWN)
		return;
	CHECK(peer.start == 1000);
	CHECK(strcmp(peer.comm, "sshd") == 0);
	CHECK(peer.loginuid == fake->want_loginuid);
	if (fake->want_cgroup != NULL)
		CHECK(strcmp(peer.cgroup, fake->want_cgroup) == 0);
}

static void
read_fakes(const struct fake *fakes, size_t n)
{
	struct fake fake;
	size_t i;

	needs_root();
	for (i = 0; i < n; i++) {
		fake = fakes[i];
		print_message("case %zu\n", i);
		child_passes(read_fake, &fake);
	}
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
test_a_parent_younger_than_its_child_is_a_reused_pid(void **state)
{
	static const struct fake fakes[] = {
		{ GOOD_STAT, GOOD_CGROUP, NULL, STAT("0", "1001"), FACT_KNOWN,
		    0, NULL, UNSET },
		{ GOOD_STAT, GOOD_CGROUP, NULL, STAT("0", "1000"), FACT_KNOWN,
		    1, NULL, UNSET },
		{ GOOD_STAT, GOOD_CGROUP, NULL, STAT("0", "1"), FACT_KNOWN, 1,
		    NULL, UNSET },
		/* the parent is gone, or its line is none */
		{ GOOD_STAT, GOOD_CGROUP, NULL, NULL, FACT_KNOWN, 0, NULL,
		    UNSET },
		{ GOOD_STAT, GOOD_CGROUP, NULL, "50 (x) S 0\n", FACT_KNOWN, 0,
		    NULL, UNSET },
		/* a chain that bites its tail ends at the limit */
		{ GOOD_STAT, GOOD_CGROUP, NULL, STAT("50", "7"), FACT_KNOWN,
		    FACT_ANCESTORS_MAX, NULL, UNSET },
	};

	(void)state;
	read_fakes(fakes, N(fakes));
}

static void
test_a_line_that_is_not_the_kernels_is_an_error(void **state)
{
	static const char *const lines[] = {
		"",
		"\n",
		"100\n",
		"100 sshd S 50 " TO_START " 1000 " TO_END "\n",
		"100 (sshd S 50 " TO_START " 1000 " TO_END "\n",
		"100 )sshd( S 50 " TO_START " 1000 " TO_END "\n",
		"100 (sshd)S 50 " TO_START " 1000 " TO_END "\n",
		"100 (sshd)",
		"100 (sshd) S 50 " TO_START " 1000 " TO_END, /* cut */
		"100 (sshd) S 50 " TO_START " 1000\n",
		STAT("", "1000"),
		STAT("-1", "1000"),
		STAT("4194305", "1000"),
		STAT("5O", "1000"),
		STAT("50", "-1000"),
		STAT("50", "99999999999999999999"),
		STAT("50", "x"),
		"100 (sshd) Z 50 " TO_START " 1000 " TO_END "\n",
	};
	struct fake fake = { NULL, GOOD_CGROUP, "1000", STAT("0", "1"),
		FACT_ERROR, 0, NULL, UNSET };
	size_t i;

	(void)state;
	for (i = 0; i < N(lines); i++) {
		fake.stat = lines[i];
		print_message("line %zu: ", i);
		read_fakes(&fake, 1);
	}
}

static void
test_a_newer_kernels_longer_line_is_read(void **state)
{
	static const struct fake fake = { "100 (sshd) S 50 " TO_START
					  " 1000 " TO_END " 31 32 33\n",
		GOOD_CGROUP, NULL, STAT("0", "1"), FACT_KNOWN, 1, NULL, UNSET };

	(void)state;
	read_fakes(&fake, 1);
}

#define CUT15 "/aaaaaaaaaaaaaa"
#define CUT255                                                            \
	CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 CUT15 \
	    CUT15 CUT15 CUT15 CUT15 CUT15 CUT15

static void
test_the_cgroup_is_the_unified_one_or_else_systemds(void **state)
{
	static const char *const pairs[][2] = {
		{ GOOD_CGROUP, "/system.slice/ssh.service" },
		{ "0::/\n", "/" },
		{ "1:name=systemd:/a\n0::/\n", "/a" },
		{ "1:name=systemd:/a\n0::/b\n", "/b" },
		{ "0::/b\n1:name=systemd:/a\n", "/b" },
		{ "4:cpu:/c\n1:name=systemd:/a\n", "/a" },
		{ "4:cpu:/c\n2:pids:/d\n", "/c" },
		{ "0::/a:b:c\n", "/a:b:c" },
		{ "0::/a\033[2J\n", "/a?[2J" },
		{ "0::" CUT255 "x\n", CUT255 },
	};
	struct fake fake = { GOOD_STAT, NULL, NULL, NULL, FACT_KNOWN, 0, NULL,
		UNSET };
	size_t i;

	(void)state;
	for (i = 0; i < N(pairs); i++) {
		fake.cgroup = pairs[i][0];
		fake.want_cgroup = pairs[i][1];
		print_message("cgroup %zu: ", i);
		read_fakes(&fake, 1);
	}
}

static void
test_other_files_that_are_missing_or_odd_are_errors(void **state)
{
	static const struct fake fakes[] = {
		{ NULL, GOOD_CGROUP, NULL, NULL, FACT_ERROR, 0, NULL, UNSET },
		{ GOOD_STAT, NULL, NULL, NULL, FACT_ERROR, 0, NULL, UNSET },
		{ GOOD_STAT, "", NULL, NULL, FACT_ERROR, 0, NULL, UNSET },
		{ GOOD_STAT, "0::/cut", NULL, NULL, FACT_ERROR, 0, NULL,
		    UNSET },
		{ GOOD_STAT, "0:/x\n", NULL, NULL, FACT_ERROR, 0, NULL, UNSET },
		{ GOOD_STAT, "\n", NULL, NULL, FACT_ERROR, 0, NULL, UNSET },
		{ GOOD_STAT, GOOD_CGROUP, "", NULL, FACT_ERROR, 0, NULL,
		    UNSET },
		{ GOOD_STAT, GOOD_CGROUP, "-1", NULL, FACT_ERROR, 0, NULL,
		    UNSET },
		{ GOOD_STAT, GOOD_CGROUP, "4294967296", NULL, FACT_ERROR, 0,
		    NULL, UNSET },
		{ GOOD_STAT, GOOD_CGROUP, "root", NULL, FACT_ERROR, 0, NULL,
		    UNSET },
		{ GOOD_STAT, GOOD_CGROUP, "1000", NULL, FACT_KNOWN, 0, NULL,
		    1000 },
		{ GOOD_STAT, GOOD_CGROUP, "4294967295", NULL, FACT_KNOWN, 0,
		    NULL, UNSET },
	};

	(void)state;
	read_fakes(fakes, N(fakes));
}

/* ---- The self-test ----------------------------------------------------- */

static void
test_PRV_06_coverage_says_what_cannot_be_seen(void **state)
{
	char buf[64] = "";
	bool exe, first;
	uint32_t got;

	(void)state;
	exe = readlink("/proc/1/exe", buf, 1) != -1;
	assert_true(readlink("/proc/self/ns/pid", buf, sizeof(buf) - 1) > 0);
	first = strcmp(buf, "pid:[4026531836]") == 0;
	got = procs_coverage();
	assert_int_equal((got & SCANNER_DEGRADED_EXE) == 0, exe);
	assert_int_equal((got & SCANNER_DEGRADED_PIDNS) == 0, first);
	assert_int_equal(got & SCANNER_DEGRADED_PROC, 0);
}

static void
coverage_as_nobody(void *arg)
{
	(void)arg;
	CHECK(setresuid(61234, 61234, 61234) == 0);
	CHECK((procs_coverage() & SCANNER_DEGRADED_EXE) != 0);
}

/* In a pid namespace with the old /proc, then with one of its own. */
static void
coverage_in_namespace(void *arg)
{
	int status = -1;

	(void)arg;
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	if (fork() == 0) {
		CHECK((procs_coverage() & SCANNER_DEGRADED_PROC) != 0);
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The mount must come first: /proc is opened once. */
static void
own_proc(const char *options, uint32_t want, uint32_t not_want)
{
	pid_t pid;
	int status = -1;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	if ((pid = fork()) == 0) {
		if (mount("proc", "/proc", "proc", 0, options) != 0)
			_exit(CHILD_SKIP);
		CHECK((procs_coverage() & want) == want);
		CHECK((procs_coverage() & not_want) == 0);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status));
	_exit(WEXITSTATUS(status));
}

/* Beside a pid 1 that it may look at. */
static void
coverage_in_network(void *arg)
{
	pid_t pid;
	int status = -1;

	(void)arg;
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	if ((pid = fork()) == 0) {
		if (mount("proc", "/proc", "proc", 0, NULL) != 0)
			_exit(CHILD_SKIP);
		CHECK((procs_coverage() & SCANNER_DEGRADED_NETNS) == 0);
		if ((pid = fork()) == 0) {
			CHECK(unshare(CLONE_NEWNET) == 0);
			CHECK((procs_coverage() & SCANNER_DEGRADED_NETNS) != 0);
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

static void
coverage_with_own_proc(void *arg)
{
	(void)arg;
	own_proc(NULL, SCANNER_DEGRADED_PIDNS,
	    SCANNER_DEGRADED_PROC | SCANNER_DEGRADED_EXE);
}

static void
coverage_with_subset(void *arg)
{
	(void)arg;
	own_proc("subset=pid", SCANNER_DEGRADED_PROC, 0);
}

static void
coverage_with_folder(void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("none", "/proc", "tmpfs", 0, NULL) == 0);
	CHECK(procs_coverage() ==
	    (SCANNER_DEGRADED_EXE | SCANNER_DEGRADED_PIDNS |
		SCANNER_DEGRADED_PROC));
}

/* As PrivateNetwork= of a unit has it. */
static void
test_PRV_06_a_network_of_its_own_is_degraded(void **state)
{
	(void)state;
	needs_root();
	child_passes(coverage_in_network, NULL);
}

static void
test_PRV_06_an_unprivileged_process_is_degraded(void **state)
{
	(void)state;
	needs_root();
	child_passes(coverage_as_nobody, NULL);
}

static void
test_PRV_06_another_namespaces_proc_is_degraded(void **state)
{
	(void)state;
	needs_root();
	child_passes(coverage_in_namespace, NULL);
}

static void
test_PRV_06_a_pid_namespace_is_degraded(void **state)
{
	(void)state;
	needs_root();
	child_passes(coverage_with_own_proc, NULL);
}

static void
test_PRV_06_a_proc_that_hides_is_degraded(void **state)
{
	(void)state;
	needs_root();
	child_passes(coverage_with_subset, NULL);
	child_passes(coverage_with_folder, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		/* What they fork must not have opened /proc yet. */
		cmocka_unit_test(test_PRV_06_a_pid_namespace_is_degraded),
		cmocka_unit_test(test_PRV_06_a_proc_that_hides_is_degraded),
		cmocka_unit_test(test_PRV_06_a_network_of_its_own_is_degraded),
		cmocka_unit_test(
		    test_PRV_06_another_namespaces_proc_is_degraded),
		cmocka_unit_test(
		    test_PRV_06_an_unprivileged_process_is_degraded),
		cmocka_unit_test(
		    test_a_parent_younger_than_its_child_is_a_reused_pid),
		cmocka_unit_test(
		    test_a_line_that_is_not_the_kernels_is_an_error),
		cmocka_unit_test(test_a_newer_kernels_longer_line_is_read),
		cmocka_unit_test(
		    test_the_cgroup_is_the_unified_one_or_else_systemds),
		cmocka_unit_test(
		    test_other_files_that_are_missing_or_odd_are_errors),
		cmocka_unit_test(test_PRV_06_coverage_says_what_cannot_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
