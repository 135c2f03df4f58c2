/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about processes, from real ones: odd names, dead ones, chains, and
 * those that are not there.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/scanner/scanner.h"
#include "tests/unit/child.h"
#include "tests/unit/headless.h"

#define UNSET ((uint32_t)-1)

static void
peer_of(pid_t pid, struct fact_peer *ret_peer)
{
	memset(ret_peer, 0x5a, sizeof(*ret_peer));
	ret_peer->uid = 4711;
	ret_peer->pid = 4712;
	procs_peer((int32_t)pid, ret_peer);
	assert_int_equal(ret_peer->uid, 4711);
	assert_int_equal(ret_peer->pid, 4712);
}

static void
expect_nothing(const struct fact_peer *peer)
{
	assert_int_equal(peer->state, FACT_ERROR);
	assert_int_equal(peer->start, 0);
	assert_int_equal(peer->loginuid, UNSET);
	assert_int_equal(peer->audit_session, UNSET);
	assert_string_equal(peer->comm, "");
	assert_string_equal(peer->cgroup, "");
	assert_int_equal(peer->ancestors, 0);
}

/* A child that waits for the closing of its pipe; name NULL: the same name. */
static pid_t
start_child(const char *name, int *ret_fd)
{
	int fd[2], said[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_int_equal(pipe2(said, O_CLOEXEC), 0);
	assert_true((pid = fork()) != -1);
	if (pid == 0) {
		(void)close(fd[1]);
		if (name != NULL)
			(void)prctl(PR_SET_NAME, name, 0, 0, 0);
		(void)!write(said[1], "x", 1);
		(void)!read(fd[0], &byte, 1);
		_exit(0);
	}
	(void)close(fd[0]);
	assert_int_equal(read(said[0], &byte, 1), 1);
	(void)close(said[0]);
	(void)close(said[1]);
	*ret_fd = fd[1];
	return pid;
}

static void
end_child(pid_t pid, int fd)
{
	(void)close(fd);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* What one number of a file in /proc says, read the slow way. */
static uint64_t
number_in(const char *path, uint64_t missing)
{
	unsigned long long v = 0;
	FILE *f;

	if ((f = fopen(path, "re")) == NULL)
		return missing;
	assert_int_equal(fscanf(f, "%llu", &v), 1);
	assert_int_equal(fclose(f), 0);
	return v;
}

static void
test_a_process_knows_itself(void **state)
{
	struct fact_peer peer;

	(void)state;
	peer_of(getpid(), &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_string_equal(peer.comm, "test_procs");
	assert_true(peer.start > 0);
	assert_true(peer.ancestors >= 1);
	assert_int_equal(peer.cut, 0);
	assert_int_equal(peer.ancestor[0].pid, getppid());
	assert_int_equal(peer.cgroup[0], '/');
	assert_int_equal(peer.loginuid,
	    number_in("/proc/self/loginuid", UNSET));
	assert_int_equal(peer.audit_session,
	    number_in("/proc/self/sessionid", UNSET));
}

static void
test_the_chain_never_gets_younger_and_ends(void **state)
{
	struct fact_peer peer;
	uint64_t start;
	size_t i;

	(void)state;
	peer_of(getpid(), &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	start = peer.start;
	assert_true(peer.ancestors >= 1);
	for (i = 0; i < peer.ancestors; i++) {
		assert_true(peer.ancestor[i].start <= start);
		start = peer.ancestor[i].start;
	}
	/* At pid 1, or in a container at what came from outside. */
	peer_of(peer.ancestor[i - 1].pid, &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.ancestors, 0);
}

static void
test_a_child_has_its_parent_and_its_start(void **state)
{
	struct fact_peer peer, parent;
	pid_t pid;
	int fd;

	(void)state;
	pid = start_child(NULL, &fd);
	peer_of(pid, &peer);
	peer_of(getpid(), &parent);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.ancestor[0].pid, getpid());
	assert_true(peer.ancestor[0].start == parent.start);
	assert_int_equal(peer.ancestors, parent.ancestors + 1);
	end_child(pid, fd);
}

/* The kernel's line is "pid (name) S ppid ...". */
static void
test_names_made_to_deceive_the_parser_do_not(void **state)
{
	static const char *const names[][2] = {
		{ "a) S 1 2 3 4", "a) S 1 2 3 4" },
		{ ") R 1", ") R 1" },
		{ "))))", "))))" },
		{ "((((", "((((" },
		{ " ", " " },
		{ "", "" },
		{ "0 0 0 0 0 0 0 0", "0 0 0 0 0 0 0 0" },
		{ "fifteen letters", "fifteen letters" },
		{ "\xff\xfe\x80", "???" },
		{ "a\033[2J", "a?[2J" },
	};
	struct fact_peer peer;
	size_t i;
	pid_t pid;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		pid = start_child(names[i][0], &fd);
		peer_of(pid, &peer);
		assert_int_equal(peer.state, FACT_KNOWN);
		assert_string_equal(peer.comm, names[i][1]);
		assert_int_equal(peer.ancestor[0].pid, getpid());
		end_child(pid, fd);
	}
}

/* The kernel escapes a newline in this file, and only there. */
static void
test_a_newline_in_a_name_does_not_cut_the_line(void **state)
{
	struct fact_peer peer;
	pid_t pid;
	int fd;

	(void)state;
	pid = start_child("a\n1 (b) S 1", &fd);
	peer_of(pid, &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.ancestor[0].pid, getpid());
	assert_null(strchr(peer.comm, '\n'));
	end_child(pid, fd);
}

static void
test_numbers_that_are_no_process_are_errors(void **state)
{
	static const int32_t pids[] = { 0, -1, INT32_MIN, INT32_MAX, 4194304,
		4194305 };
	struct fact_peer peer;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		peer_of(pids[i], &peer);
		expect_nothing(&peer);
	}
}

static void
test_a_process_that_is_gone_is_an_error(void **state)
{
	struct fact_peer peer;
	pid_t pid;
	int fd;

	(void)state;
	pid = start_child(NULL, &fd);
	end_child(pid, fd);
	peer_of(pid, &peer);
	expect_nothing(&peer);
}

static void
test_a_zombie_is_an_error(void **state)
{
	struct fact_peer peer;
	siginfo_t info;
	pid_t pid;
	int fd;

	(void)state;
	pid = start_child(NULL, &fd);
	(void)close(fd);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	peer_of(pid, &peer);
	expect_nothing(&peer);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Its first thread is one, and it goes on. */
static void
test_a_process_without_its_first_thread_is_none(void **state)
{
	struct fact_peer peer;
	pid_t pid;

	(void)state;
	pid = headless_start(NULL, NULL);
	peer_of(pid, &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The last of many generations looks; its answer is handed up. */
static void
deep_chain(void *arg)
{
	struct fact_peer peer;
	unsigned int depth;
	int status = -1;
	pid_t pid;

	(void)arg;
	for (depth = 0; depth < FACT_ANCESTORS_MAX + 4; depth++) {
		CHECK((pid = fork()) != -1);
		if (pid == 0)
			continue;
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status));
		_exit(WEXITSTATUS(status));
	}
	memset(&peer, 0, sizeof(peer));
	procs_peer((int32_t)getpid(), &peer);
	CHECK(peer.state == FACT_KNOWN);
	CHECK(peer.ancestors == FACT_ANCESTORS_MAX);
	CHECK(peer.cut == 1);
	CHECK(peer.ancestor[0].pid == getppid());
}

static void
test_a_chain_that_is_too_long_is_cut(void **state)
{
	(void)state;
	child_passes(deep_chain, NULL);
}

/* An orphan's parent is the reaper, and not the dead one. */
static void
orphan(void *arg)
{
	struct fact_peer peer;
	pid_t middle, grandchild;
	int fd[2], hold[2];
	char byte;

	(void)arg;
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	CHECK(pipe(fd) == 0 && pipe(hold) == 0);
	if ((middle = fork()) == 0) {
		if ((grandchild = fork()) == 0) {
			(void)close(hold[1]);
			(void)!read(hold[0], &byte, 1);
			_exit(0);
		}
		(void)!write(fd[1], &grandchild, sizeof(grandchild));
		_exit(0);
	}
	CHECK(middle > 0);
	CHECK(read(fd[0], &grandchild, sizeof(grandchild)) ==
	    sizeof(grandchild));
	CHECK(waitpid(middle, NULL, 0) == middle);
	memset(&peer, 0, sizeof(peer));
	procs_peer(grandchild, &peer);
	CHECK(peer.state == FACT_KNOWN);
	CHECK(peer.ancestors >= 1);
	CHECK(peer.ancestor[0].pid == getpid());
	CHECK(close(hold[1]) == 0);
	CHECK(waitpid(grandchild, NULL, 0) == grandchild);
}

static void
test_an_orphan_has_the_parent_that_took_it(void **state)
{
	(void)state;
	child_passes(orphan, NULL);
}

/* Which process and whose child, and nothing that takes longer. */
static void
test_the_parent_alone_is_the_same_one(void **state)
{
	struct fact_peer all, peer;
	pid_t pid;
	int fd;

	(void)state;
	pid = start_child("short answer", &fd);
	peer_of(pid, &all);
	memset(&peer, 0x5a, sizeof(peer));
	procs_parent((int32_t)pid, &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.start, all.start);
	assert_string_equal(peer.comm, "short answer");
	assert_int_equal(peer.ancestors, 1);
	assert_int_equal(peer.cut, 0);
	assert_int_equal(peer.ancestor[0].pid, getpid());
	assert_int_equal(peer.ancestor[0].start, all.ancestor[0].start);
	assert_int_equal(peer.loginuid, UNSET);
	assert_int_equal(peer.audit_session, UNSET);
	assert_string_equal(peer.cgroup, "");
	end_child(pid, fd);
	procs_parent((int32_t)pid, &peer);
	expect_nothing(&peer);
}

static void
test_pid_1_has_no_ancestors(void **state)
{
	struct fact_peer peer;

	(void)state;
	peer_of(1, &peer);
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.ancestors, 0);
}

static void
test_a_kernel_thread_is_known(void **state)
{
	struct fact_peer peer;

	(void)state;
	peer_of(2, &peer);
	if (strcmp(peer.comm, "kthreadd") != 0) {
		print_message("pid 2 is no kernel thread here\n");
		skip();
	}
	assert_int_equal(peer.state, FACT_KNOWN);
	assert_int_equal(peer.ancestors, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_process_knows_itself),
		cmocka_unit_test(test_the_chain_never_gets_younger_and_ends),
		cmocka_unit_test(test_a_child_has_its_parent_and_its_start),
		cmocka_unit_test(test_names_made_to_deceive_the_parser_do_not),
		cmocka_unit_test(
		    test_a_newline_in_a_name_does_not_cut_the_line),
		cmocka_unit_test(test_numbers_that_are_no_process_are_errors),
		cmocka_unit_test(test_a_process_that_is_gone_is_an_error),
		cmocka_unit_test(test_a_zombie_is_an_error),
		cmocka_unit_test(
		    test_a_process_without_its_first_thread_is_none),
		cmocka_unit_test(test_a_chain_that_is_too_long_is_cut),
		cmocka_unit_test(test_an_orphan_has_the_parent_that_took_it),
		cmocka_unit_test(test_the_parent_alone_is_the_same_one),
		cmocka_unit_test(test_pid_1_has_no_ancestors),
		cmocka_unit_test(test_a_kernel_thread_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
