/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What remains of sessions, from real ones: those who left their parents are
 * found, those of others are not, and where nothing ties anybody it is not
 * known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "policyd/scanner/remains.h"
#include "policyd/scanner/tie.h"
#include "tests/unit/sessions.h"

static uint32_t
remains_of(const struct scanner_session *s)
{
	uint32_t n = 4711;

	remains_count(s, 1, &n);
	return n;
}

static void
expect_remains(const struct scanner_session *s, uint32_t want)
{
	uint32_t n = remains_of(s);

	if (n != want)
		(void)dprintf(STDERR_FILENO, "%u remain, not %u\n", n, want);
	CHECK(n == want);
}

/* A leader in a session of its own, and somebody who has left it. */
static void
audit_leader(void *arg)
{
	begin_audit(NULL);
	detach(arg);
}

static void
leader_and_left(void *arg)
{
	pid_t *left = shared_page(), leader;
	struct scanner_session s;

	(void)arg;
	adopt_all();
	leader = spawn(audit_leader, left);
	s = session_of(leader);
	CHECK(audit_session_of(*left) == s.audit_session);
	expect_remains(&s, 1);
	slay(leader);
	expect_remains(&s, 1);
	CHECK(kill(*left, SIGKILL) == 0);
	while (lives(*left))
		nap();
	expect_remains(&s, 0); /* a zombie */
	reap(*left);
	expect_remains(&s, 0);
}

static void
audit_family(void *arg)
{
	size_t i;

	begin_audit(NULL);
	for (i = 0; i < 3; i++)
		(void)spawn(NULL, NULL);
	detach(arg);
}

static void
one_audit(void *arg)
{
	(void)arg;
	begin_audit(NULL);
}

/* Each its own, in the order of the request, and none the other's. */
static void
several_at_once(void *arg)
{
	pid_t *left = shared_page();
	struct scanner_session list[SCANNER_SESSIONS_MAX];
	uint32_t n[SCANNER_SESSIONS_MAX];
	size_t i;

	(void)arg;
	adopt_all();
	for (i = 0; i < SCANNER_SESSIONS_MAX; i++)
		list[i] = session_of(spawn(i % 3 == 0 ? one_audit :
			i % 3 == 1		      ? audit_leader :
							audit_family,
		    &left[i]));
	list[4].audit_session = SESSION_UNSET;
	(void)strcpy(list[4].cgroup, "/system.slice/ssh.service");
	list[7] = list[2];
	remains_count(list, SCANNER_SESSIONS_MAX, n);
	CHECK(n[0] == 0 && n[1] == 1 && n[2] == 4 && n[3] == 0);
	CHECK(n[4] == SCANNER_REMAINS_UNKNOWN);
	CHECK(n[5] == 4 && n[6] == 0 && n[7] == 4);
}

/* A service that was started by hand, and what logs in there. */
static void
service_by_hand(void *arg)
{
	pid_t *leader = arg;

	begin_audit(NULL);
	next_tick();
	*leader = spawn(NULL, NULL);
}

static void
inherited_audit(void *arg)
{
	pid_t *leader = shared_page(), service;
	struct scanner_session s;

	(void)arg;
	service = spawn(service_by_hand, leader);
	s = session_of(*leader);
	CHECK(s.audit_session == audit_session_of(service));
	expect_remains(&s, SCANNER_REMAINS_UNKNOWN);
	s = session_of(service);
	expect_remains(&s, 1);
}

/* The number of its leader is another's by now, who is in the session. */
static void
reused_leader(void *arg)
{
	pid_t *left = shared_page();
	struct scanner_session s;

	(void)arg;
	adopt_all();
	s = session_of(spawn(audit_leader, left));
	s.leader.pid = *left;
	s.leader.start--;
	expect_remains(&s, 2);
	s.leader.start = 0;
	expect_remains(&s, 2);
}

/* Both look like the session's, for they were started by hand from it. */
static void
scanner_and_decider(void *arg)
{
	struct scanner_session s;
	int status = -1;
	pid_t pid;

	(void)arg;
	begin_audit(NULL);
	s = session_of(spawn(NULL, NULL));
	s.leader.start = 0;
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		expect_remains(&s, 1); /* the leader itself */
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- by scope ---------------------------------------------------------- */

struct in_scope {
	const struct scope *scope;
	pid_t left;
};

static void
scope_leader(void *arg)
{
	struct in_scope *in = arg;

	enter_scope((void *)(uintptr_t)in->scope);
	detach(&in->left);
}

static void
leader_and_left_in_scope(void *arg)
{
	struct in_scope *in = shared_page();
	struct scanner_session s;
	pid_t leader;

	in->scope = arg;
	adopt_all();
	leader = spawn(scope_leader, in);
	s = session_of(leader);
	CHECK(strcmp(s.cgroup, in->scope->name) == 0);
	CHECK(s.audit_session == SESSION_UNSET);
	expect_remains(&s, 1);
	slay(leader);
	expect_remains(&s, 1);
	slay(in->left);
	expect_remains(&s, 0);
}

/* Who logs in from within a session is in another one. */
static void
scope_and_audit(void *arg)
{
	enter_scope(arg);
	(void)spawn(NULL, NULL);
	(void)spawn(one_audit, NULL);
}

static void
another_login_in_scope(void *arg)
{
	struct scanner_session s = session_of(spawn(scope_and_audit, arg));

	CHECK(s.audit_session == SESSION_UNSET);
	expect_remains(&s, 1);
}

/* An older process in it shows that the leader did not begin it. */
static void
shared_scope(void *arg)
{
	struct in_scope *in = shared_page();
	struct scanner_session s;

	enter_scope(arg);
	(void)spawn(NULL, NULL);
	next_tick();
	in->scope = arg;
	s = session_of(spawn(scope_leader, in));
	s.audit_session = SESSION_UNSET;
	expect_remains(&s, SCANNER_REMAINS_UNKNOWN);
}

/* By audit session one of it; but it sits in another login's scope. */
static void
audit_then_scope(void *arg)
{
	begin_audit(NULL);
	(void)spawn(NULL, NULL);
	(void)spawn(enter_scope, arg);
}

static void
audit_in_another_scope(void *arg)
{
	struct scanner_session s = session_of(spawn(audit_then_scope, arg));

	/* Where the session's own scope is not known, it may be that one. */
	expect_remains(&s, 2);
	(void)strcpy(s.cgroup, "/user.slice/user-0.slice/session-z9.scope");
	expect_remains(&s, 1);
	(void)strcpy(s.cgroup, ((struct scope *)arg)->name);
	expect_remains(&s, 2);
}

/* ---- what cannot be told ----------------------------------------------- */

static void
untied(void *arg)
{
	static const char *const cgroups[] = { "", "/", "/a",
		"/system.slice/ssh.service", "/user.slice/user-0.slice" };
	struct scanner_session s = session_of(spawn(NULL, NULL));
	size_t i;

	(void)arg;
	s.audit_session = SESSION_UNSET;
	for (i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++) {
		(void)strcpy(s.cgroup, cgroups[i]);
		expect_remains(&s, SCANNER_REMAINS_UNKNOWN);
	}
}

/* Not to be able to look is not to see nothing. */
static void
blind(void *arg)
{
	struct rlimit none = { 0, 0 };
	struct scanner_session s;
	pid_t *left = shared_page();

	(void)arg;
	adopt_all();
	s = session_of(spawn(audit_leader, left));
	expect_remains(&s, 1);
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	expect_remains(&s, SCANNER_REMAINS_CUT);
	s.audit_session = SESSION_UNSET;
	s.cgroup[0] = '\0';
	expect_remains(&s, SCANNER_REMAINS_UNKNOWN);
}

static void
test_who_left_a_session_is_found_until_it_ends(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(leader_and_left, NULL);
}

static void
test_sessions_of_one_request_are_told_apart(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(several_at_once, NULL);
}

static void
test_an_audit_session_that_the_leader_came_in_says_nothing(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(inherited_audit, NULL);
}

static void
test_the_leaders_number_used_again_is_no_leader(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(reused_leader, NULL);
}

static void
test_the_daemon_itself_is_of_no_session(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(scanner_and_decider, NULL);
}

static void
test_without_audit_a_scope_tells(void **state)
{
	(void)state;
	with_scope(leader_and_left_in_scope);
}

static void
test_another_audit_session_in_the_scope_is_not_of_it(void **state)
{
	(void)state;
	needs_audit();
	with_scope(another_login_in_scope);
}

static void
test_a_scope_with_an_older_process_says_nothing(void **state)
{
	(void)state;
	with_scope(shared_scope);
}

static void
test_another_scope_is_another_session(void **state)
{
	(void)state;
	needs_audit();
	with_scope(audit_in_another_scope);
}

static void
test_where_nothing_ties_anybody_it_is_not_known(void **state)
{
	(void)state;
	isolated_passes(untied, NULL);
}

static void
test_where_nobody_can_look_that_is_told(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(blind, NULL);
}

/* A user divides the cgroup of their own service manager at will. */
static void
test_scopes_of_logins_are_those_that_no_user_can_make(void **state)
{
	static const char *const good[] = {
		"/user.slice/user-1000.slice/session-3.scope",
		"/user.slice/user-0.slice/session-c12.scope",
		"/lxc/a/user.slice/user-0.slice/session-c12.scope",
		"/user-1.slice/session-1.scope",
	};
	static const char *const bad[] = {
		"",
		"/",
		"session-3.scope",
		"/session-3.scope",
		"user-1.slice/session-3.scope",
		"/user.slice/user-1000.slice",
		"/user.slice/user-1000.slice/session-3.scope/",
		"/user.slice/user-1000.slice/session-3.scope/x",
		"/user.slice/user-1000.slice/session-.scope",
		"/user.slice/user-1000.slice/session-3",
		"/user.slice/user-1000.slice/session-3.scopes",
		"/user.slice/user-1000.slice/session-3.slice",
		"/user.slice/user-1000.slice/session-a.b.scope",
		"/user.slice/user-1000.slice/session-a?.scope",
		"/user?.slice/user-1000.slice/session-3.scope",
		"/user.slice/user-1000.slice/xsession-3.scope",
		"/user.slice/user-.slice/session-3.scope",
		"/user.slice/user-1000.scope/session-3.scope",
		"/user.slice/user-1000.slice/app.slice/session-3.scope",
		"/user.slice/user-1000.slice/user@1000.service/session-3.scope",
		"/user.slice/user-1000.slice/user@1000.service/app.slice/"
		"session-3.scope",
		"/user.slice/user-1000.slice/user@1000.service/user.slice/"
		"user-1000.slice/session-3.scope",
	};
	char lengthy[FACT_CGROUP_MAX + 1];
	size_t i, len = strlen(good[3]);

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(tie_is_scope(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (tie_is_scope(bad[i]))
			print_message("%s\n", bad[i]);
		assert_false(tie_is_scope(bad[i]));
	}
	/* At the limit it may have been cut: who knows how it goes on? */
	memset(lengthy, 'a', sizeof(lengthy));
	memcpy(lengthy + FACT_CGROUP_MAX - len, good[3], len + 1);
	assert_false(tie_is_scope(lengthy));
	assert_true(tie_is_scope(lengthy + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_who_left_a_session_is_found_until_it_ends),
		cmocka_unit_test(test_sessions_of_one_request_are_told_apart),
		cmocka_unit_test(
		    test_an_audit_session_that_the_leader_came_in_says_nothing),
		cmocka_unit_test(
		    test_the_leaders_number_used_again_is_no_leader),
		cmocka_unit_test(test_the_daemon_itself_is_of_no_session),
		cmocka_unit_test(test_without_audit_a_scope_tells),
		cmocka_unit_test(
		    test_another_audit_session_in_the_scope_is_not_of_it),
		cmocka_unit_test(
		    test_a_scope_with_an_older_process_says_nothing),
		cmocka_unit_test(test_another_scope_is_another_session),
		cmocka_unit_test(
		    test_where_nothing_ties_anybody_it_is_not_known),
		cmocka_unit_test(test_where_nobody_can_look_that_is_told),
		cmocka_unit_test(
		    test_scopes_of_logins_are_those_that_no_user_can_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
