/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a decider that is lost to somebody cannot have ended: whoever leads no
 * login, whoever is in another session, the daemon, pid 1. Each of the
 * processes here is looked at afterwards.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "tests/unit/sessions.h"
#include "tests/unit/terminating.h"

/* A leader in a session of its own with one child, and another such. */
struct pair {
	pid_t leader, child;
	pid_t other, others_child;
};

static void
lead_audit(void *arg)
{
	begin_audit(NULL);
	next_tick();
	*(pid_t *)arg = spawn(NULL, NULL);
}

static struct pair *
audit_pair(void)
{
	struct pair *p = shared_page();

	p->leader = spawn(lead_audit, &p->child);
	p->other = spawn(lead_audit, &p->others_child);
	CHECK(audit_session_of(p->leader) != audit_session_of(p->other));
	return p;
}

/* A signal would need a moment to be seen. */
static void
expect_untouched(const struct pair *p)
{
	next_tick();
	CHECK(lives(p->leader) && lives(p->child));
	CHECK(lives(p->other) && lives(p->others_child));
}

static void
numbers_of_nobody(void *arg)
{
	static const int32_t never[] = { 1, 0, -1, INT32_MIN };
	static const int32_t none[] = { 4194304, 4194305, INT32_MAX };
	struct scanner_session s = { .audit_session = SESSION_UNSET };
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		s.leader.pid = never[i];
		expect_refused(&s, SCANNER_REFUSED_LEADER);
		s.leader.start = peer_of(1).start;
		expect_refused(&s, SCANNER_REFUSED_LEADER);
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		s.leader.pid = none[i];
		expect_refused(&s, SCANNER_REFUSED_GONE);
	}
}

/* Another process has the number by now: it is nobody's of this session. */
static void
other_start(void *arg)
{
	struct pair *p = audit_pair();
	struct scanner_session s = session_of(p->leader);

	(void)arg;
	s.leader.start++;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	s.leader.start = UINT64_MAX;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	s.audit_session = SESSION_UNSET;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	s.leader.start = 0;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	s.audit_session = 4000000000;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	expect_untouched(p);
}

/* Neither its own, nor with its number and another's session. */
static void
other_session(void *arg)
{
	struct pair *p = audit_pair();
	struct scanner_session s = session_of(p->leader);

	(void)arg;
	s.audit_session = audit_session_of(p->other);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s.audit_session = 4000000000;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	expect_untouched(p);
}

/* Whoever is in a session and has not begun it leads nothing. */
static void
no_leader(void *arg)
{
	struct pair *p = audit_pair();
	struct scanner_session s = session_of(p->child);
	pid_t nobody = spawn(NULL, NULL);

	(void)arg;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s.audit_session = SESSION_UNSET;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s = session_of(nobody);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s.audit_session = audit_session_of(p->leader);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	expect_untouched(p);
	CHECK(lives(nobody));
}

/* They may well look like somebody's: started by hand from a session. */
static void
scanner_itself(void *arg)
{
	struct scanner_session s;

	(void)arg;
	begin_audit(NULL);
	map_gate("pam_farmgate.so", false);
	s = session_of(getpid());
	expect_refused(&s, SCANNER_REFUSED_LEADER);
}

static void
decider(void *arg)
{
	struct scanner_session s;
	int status = -1;
	pid_t pid;

	(void)arg;
	begin_audit(NULL);
	map_gate("pam_farmgate.so", false);
	s = session_of(getpid());
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		expect_refused(&s, SCANNER_REFUSED_LEADER);
		s.leader.pid = getpid();
		s.leader.start = peer_of(getpid()).start;
		expect_refused(&s, SCANNER_REFUSED_LEADER);
		/* Nor as what remains of a session that they came from. */
		s.leader.pid = 4194304;
		s.leader.start = 0;
		expect_refused(&s, SCANNER_REFUSED_GONE);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Not in a namespace: there are none. */
static void
kernel_thread(void *arg)
{
	struct fact_peer peer = peer_of(2);
	struct scanner_session s = { .leader = { .pid = 2,
					 .start = peer.start },
		.audit_session = SESSION_UNSET };

	(void)arg;
	if (strcmp(peer.comm, "kthreadd") != 0)
		_exit(CHILD_SKIP);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	CHECK(lives(2));
}

/* ---- scopes ------------------------------------------------------------ */

struct scoped {
	struct scope scope[2];
	pid_t child;
};

static void
lead_scope(void *arg)
{
	struct scoped *sc = arg;

	enter_scope(&sc->scope[0]);
	next_tick();
	sc->child = spawn(NULL, NULL);
}

static void
other_scope(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;
	pid_t leader, other;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	leader = spawn(lead_scope, sc);
	other = spawn(enter_scope, &sc->scope[1]);
	s = session_of(leader);
	(void)strcpy(s.cgroup, sc->scope[1].name);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s = session_of(other);
	(void)strcpy(s.cgroup, sc->scope[0].name);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	/* not who has begun it, but was born in it */
	s = session_of(sc->child);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	next_tick();
	CHECK(lives(leader) && lives(other) && lives(sc->child));
}

/* ---- what only looks like one ------------------------------------------ */

struct lookalike {
	const char *module; /* NULL: none is mapped */
	uid_t uid;
	pid_t child;
};

static void
look_alike(void *arg)
{
	struct lookalike *look = arg;

	if (look->module != NULL)
		map_gate(look->module, false);
	CHECK(setresuid(look->uid, look->uid, look->uid) == 0);
	look->child = spawn(NULL, NULL);
}

/* A service with workers; a screen locker, which has the module as a user. */
static void
look_alikes(void *arg)
{
	static const struct lookalike looks[] = {
		{ NULL, 0, 0 },
		{ "pam_farmgate.so", 61300, 0 },
		{ "xpam_farmgate.so", 0, 0 },
		{ "pam_farmgate.so.1", 0, 0 },
		{ "pam_farmgate.so (deleted) x", 0, 0 },
		{ "pam_farmgate", 0, 0 },
		{ "pam_unix.so", 0, 0 },
	};
	struct lookalike *look = shared_page();
	struct scanner_session s;
	pid_t leader;
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		*look = looks[i];
		leader = spawn(look_alike, look);
		s = session_of(leader);
		expect_refused(&s, SCANNER_REFUSED_LEADER);
		next_tick();
		CHECK(lives(leader) && lives(look->child));
	}
}

/* ---- the tests --------------------------------------------------------- */

static void
test_no_number_of_nobody_is_ended(void **state)
{
	(void)state;
	isolated_passes(numbers_of_nobody, NULL);
}

static void
test_another_start_is_another_process(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(other_start, NULL);
}

static void
test_a_leader_of_another_session_is_not_ended(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(other_session, NULL);
}

static void
test_who_leads_no_login_is_not_ended(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(no_leader, NULL);
}

static void
test_the_daemon_does_not_end_itself(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(scanner_itself, NULL);
	isolated_passes(decider, NULL);
}

static void
test_a_kernel_thread_is_not_ended(void **state)
{
	(void)state;
	needs_root();
	child_passes(kernel_thread, NULL);
}

static void
test_a_leader_in_another_scope_is_not_ended(void **state)
{
	(void)state;
	with_scope(other_scope);
}

static void
test_who_only_looks_like_a_leader_is_not_ended(void **state)
{
	(void)state;
	isolated_passes(look_alikes, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_number_of_nobody_is_ended),
		cmocka_unit_test(test_another_start_is_another_process),
		cmocka_unit_test(test_a_leader_of_another_session_is_not_ended),
		cmocka_unit_test(test_who_leads_no_login_is_not_ended),
		cmocka_unit_test(test_the_daemon_does_not_end_itself),
		cmocka_unit_test(test_a_kernel_thread_is_not_ended),
		cmocka_unit_test(test_a_leader_in_another_scope_is_not_ended),
		cmocka_unit_test(
		    test_who_only_looks_like_a_leader_is_not_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
