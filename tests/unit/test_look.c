/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scans of the real machine: tools that run, in use or not, and the sockets
 * that show it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/privilege/sandbox.h"
#include "tests/unit/looking.h"

static void
test_without_rules_there_is_no_tool(void **state)
{
	struct looking l;

	(void)state;
	needs_root(); /* for the programs of all others */
	looking_begin(&l);
	(void)looking_take(&l);
	assert_true(l.picture.number == 1);
	assert_true(l.picture.processes > 0);
	assert_int_equal(l.picture.failed & PICTURE_PROCESSES, 0);
	assert_int_equal(l.picture.cut, 0);
	(void)looking_take(&l);
	assert_true(l.picture.number == 2);
	looking_end(&l);
}

static void
test_a_tool_is_known_by_its_path(void **state)
{
	const struct sign *sign;
	char path[128];
	struct looking l;
	pid_t pid;

	(void)state;
	looking_begin(&l);
	looking_copy(&l, "sometool", path, sizeof(path));
	(void)looking_entry(&l, "some-tool", ENTRY_RMM, 0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	looking_see_none(&l, "some-tool");
	pid = looking_run(path);
	sign = looking_see(&l, "some-tool");
	assert_int_equal(sign->kind, ENTRY_RMM);
	assert_int_equal(sign->grade, SIGN_RUNNING);
	assert_int_equal(sign->confidence, SIGN_BY_IDENTITY);
	assert_int_equal(sign->steers, ENTRY_STEERS_SEAT);
	assert_int_equal(sign->pid, pid);
	assert_true(sign->start > 0);
	assert_true(sign->since_s > 0 && sign->since_s <= time(NULL));
	assert_true(sign->since_s > time(NULL) - 60);
	assert_non_null(strstr(sign->seen, path));
	looking_slay(pid);
	looking_see_none(&l, "some-tool");
	looking_end(&l);
}

static void
test_its_sockets_make_it_active(void **state)
{
	const struct sign *sign;
	uint16_t port;
	struct looking l;
	int fd, client, taken;
	pid_t pid;

	(void)state;
	looking_begin(&l);
	fd = looking_listen(&port);
	(void)looking_entry(&l, "by-name", ENTRY_VNC, RULE_ACTIVE_LISTEN);
	looking_text(&l, RULE_COMM, "looktest");
	looking_port(&l, RULE_LISTEN, "tcp", port, port);
	looking_set(&l);
	pid = looking_name("looktest");
	sign = looking_see(&l, "by-name");
	assert_int_equal(sign->grade, SIGN_RUNNING);
	assert_int_equal(sign->confidence, SIGN_BY_COMPOSITION);
	assert_non_null(strstr(sign->seen, "listens on port"));
	client = looking_connect(port);
	taken = looking_accept(fd);
	sign = looking_see(&l, "by-name");
	assert_int_equal(sign->grade, SIGN_ACTIVE);
	assert_non_null(strstr(sign->seen, "connected to port"));
	assert_int_equal(close(taken), 0);
	assert_int_equal(close(client), 0);
	looking_slay(pid);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* ---- Within the filter -------------------------------------------------- */

/* Everything that a scan may do, by rules of every kind. */
static void
set_all_rules(struct looking *l, const char *path, uint16_t port)
{
	(void)looking_entry(l, "t", ENTRY_RMM,
	    RULE_ACTIVE_LISTEN | RULE_ACTIVE_CHILD);
	looking_text(l, RULE_EXE, path);
	looking_text(l, RULE_COMM, "*");
	looking_text(l, RULE_SCRIPT, "*");
	looking_text(l, RULE_ACTIVE_ARGUMENT, "*");
	looking_port(l, RULE_LISTEN, "tcp", port, port);
	looking_port(l, RULE_LISTEN, "udp", 1, 65535);
	looking_port(l, RULE_RELAY, "tcp", 1, 65535);
	looking_text(l, RULE_FILE, "/etc/*/*");
	(void)looking_entry(l, "v", ENTRY_VPN_CLIENT, 0);
	looking_text(l, RULE_INTERFACE, "*");
	(void)looking_entry(l, "p", ENTRY_VNC, 0);
	looking_port(l, RULE_LISTEN, "tcp", 1, 65535);
	looking_set(l);
}

static void
scan_confined(void *arg)
{
	struct looking *l = arg;
	struct look_ends ends = { .client_port = 1, .server_port = 1 };
	char cgroup[FACT_CGROUP_MAX + 1];
	uint32_t uid;
	int i;

	CHECK(sandbox_apply(SANDBOX_SCANNER, SANDBOX_KILL) == 0);
	for (i = 0; i < 3; i++) {
		look_take(l->look, LOOKING_MS, &l->picture);
		CHECK((l->picture.failed &
			  (PICTURE_PROCESSES | PICTURE_SOCKETS |
			      PICTURE_SESSIONS | PICTURE_FILES |
			      PICTURE_INTERFACES)) == 0);
		CHECK(looking_find(l, "t")->grade == SIGN_ACTIVE);
		CHECK(looking_find(l, "v")->kind == ENTRY_VPN_CLIENT);
		(void)look_news(l->look);
	}
	CHECK(look_client_cgroup(l->look, &ends, cgroup, sizeof(cgroup),
		  &uid) != 0);
}

static void
test_a_scan_does_no_more_than_the_filter_allows(void **state)
{
	char path[128];
	struct looking l;
	uint16_t port;
	pid_t pid;
	int fd;

	(void)state;
	needs_root(); /* for the programs of all others */
	looking_begin(&l);
	fd = looking_listen(&port);
	looking_copy(&l, "sometool", path, sizeof(path));
	set_all_rules(&l, path, port);
	pid = looking_run(path);
	child_passes(scan_confined, &l);
	looking_slay(pid);
	assert_int_equal(close(fd), 0);
	looking_end(&l);
}

/* ---- Without the time for all ------------------------------------------- */

#define CROWD 1500

static void
make_crowd(pid_t *pid)
{
	size_t i;

	for (i = 0; i < CROWD; i++)
		pid[i] = looking_name("crowd");
}

static void
end_crowd(const pid_t *pid)
{
	size_t i;

	for (i = 0; i < CROWD; i++)
		looking_slay(pid[i]);
}

/* Scans of two milliseconds each, until one has met the tool. */
static unsigned int
scans_until_met(struct looking *l, pid_t pid)
{
	unsigned int n;

	for (n = 1; n < 10000; n++) {
		look_take(l->look, 2, &l->picture);
		if (looking_find(l, "t")->pid == pid)
			return n;
		assert_int_not_equal(l->picture.cut & PICTURE_PROCESSES, 0);
	}
	fail_msg("ten thousand scans did not meet it");
	return 0;
}

static void
test_a_crowd_hides_no_tool_for_ever(void **state)
{
	static pid_t crowd[CROWD];
	char path[128];
	struct looking l;
	pid_t before, after;
	unsigned int i;

	(void)state;
	looking_begin(&l);
	looking_copy(&l, "sometool", path, sizeof(path));
	(void)looking_entry(&l, "t", ENTRY_RMM, 0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	before = looking_run(path);
	make_crowd(crowd);
	after = looking_run(path);
	(void)scans_until_met(&l, before);
	/* Where nobody looked again it is still known. */
	for (i = 0; i < 30; i++) {
		look_take(l.look, 2, &l.picture);
		assert_int_equal(looking_find(&l, "t")->kind, ENTRY_RMM);
	}
	looking_slay(before);
	(void)scans_until_met(&l, after);
	looking_slay(after);
	end_crowd(crowd);
	looking_see_none(&l, "t");
	assert_int_equal(l.picture.cut & PICTURE_PROCESSES, 0);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_rules_there_is_no_tool),
		cmocka_unit_test(test_a_tool_is_known_by_its_path),
		cmocka_unit_test(test_its_sockets_make_it_active),
		cmocka_unit_test(
		    test_a_scan_does_no_more_than_the_filter_allows),
		cmocka_unit_test(test_a_crowd_hides_no_tool_for_ever),
	};

	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
