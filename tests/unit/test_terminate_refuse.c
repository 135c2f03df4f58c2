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
	map_gate("pam_farmgate.so", false); /* its child does not have it */
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
	expect_refused(&s, SCANNER_REFUSED_GONE); /* an older one is there */
	s.leader.start = UINT64_MAX;
	expect_refused(&s, SCANNER_REFUSED_GONE);
	s.leader.start = 0;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
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

/* The first of an audit session: a job of cron, a user's service manager. */
static void
lead_plain(void *arg)
{
	begin_audit(NULL);
	next_tick();
	*(pid_t *)arg = spawn(NULL, NULL);
}

static void
first_without_gate(void *arg)
{
	pid_t *child = shared_page(), leader = spawn(lead_plain, child);
	struct scanner_session s = session_of(leader);

	(void)arg;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s.audit_session = SESSION_UNSET;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	next_tick();
	CHECK(lives(leader) && lives(*child));
}

/* ---- leaders that are gone --------------------------------------------- */

static void
leave_child(void *arg)
{
	lead_plain(arg);
	*((pid_t *)arg + 1) = spawn(NULL, NULL);
}

/* Nobody who asked PAM had that number then, whatever the decider says. */
static void
gone_unseen(void *arg)
{
	pid_t *child = shared_page(), leader = spawn(lead_audit, child);
	struct scanner_session s = session_of(leader), other;

	(void)arg;
	other = s;
	other.leader.pid = 4194304;
	other.leader.start = 0;
	expect_refused(&other, SCANNER_REFUSED_LEADER);
	slay(leader);
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	next_tick();
	CHECK(lives(*child));
}

/* Seen, and gone; but in a session of its own. */
static void
gone_from_another(void *arg)
{
	pid_t *child = shared_page(), leader = spawn(leave_child, child);
	pid_t *others = shared_page(), other = spawn(leave_child, others);
	struct scanner_session s = session_of(leader);
	struct scanner_session o = session_of(other);

	(void)arg;
	be_seen(leader);
	be_seen(other);
	slay(leader);
	slay(other);
	s.audit_session = o.audit_session;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	s.leader.start++;
	s.audit_session = session_of(child[0]).audit_session;
	expect_refused(&s, SCANNER_REFUSED_LEADER);
	next_tick();
	CHECK(lives(child[0]) && lives(child[1]));
	CHECK(lives(others[0]) && lives(others[1]));
	expect_ended(&o, true, 2);
}

/* A shell's number for its leader's, of which it is as old. */
static void
lead_with_shell(void *arg)
{
	begin_audit(NULL);
	map_gate("pam_farmgate.so", false);
	*(pid_t *)arg = spawn(NULL, NULL);
}

static void
gone_beside_leader(void *arg)
{
	pid_t *child = shared_page(), leader = spawn(lead_with_shell, child);
	struct fact_peer peer = peer_of(*child);
	struct scanner_session s = session_of(*child);

	(void)arg;
	peer.start = s.leader.start = peer_of(leader).start;
	peer.pid = s.leader.pid = 4194300;
	seen_add(&seen, &peer);
	expect_refused(&s, SCANNER_REFUSED_PARTLY);
	next_tick();
	CHECK(lives(leader) && lives(*child));
}

/* A user's su waits for a password: no shield for who was left behind. */
static void
be_su(void *arg)
{
	(void)arg;
	map_gate("pam_farmgate.so", false);
	CHECK(setresuid(61300, 0, 0) == 0);
}

static void
leave_su(void *arg)
{
	lead_plain(arg);
	*((pid_t *)arg + 1) = spawn(be_su, NULL);
}

static void
gone_with_su(void *arg)
{
	pid_t *child = shared_page(), leader;
	struct scanner_session s;

	(void)arg;
	adopt_all();
	leader = spawn(leave_su, child);
	s = session_of(leader);
	be_seen(leader);
	slay(leader);
	expect_ended(&s, false, 2);
	expect_killed(child[1], SIGKILL);
}

/* ---- the daemon, the kernel -------------------------------------------- */

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
	map_gate("pam_farmgate.so", false);
}

static void
lead_other_scope(void *arg)
{
	enter_scope(arg);
	map_gate("pam_farmgate.so", false);
}

static void
other_scope(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;
	pid_t leader, other;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	leader = spawn(lead_scope, sc);
	other = spawn(lead_other_scope, &sc->scope[1]);
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

/* Its cgroup is a service's of the system, and not the leader's own. */
struct in_service {
	struct scope scope; /* .path and .name of it */
	pid_t left[2];
	bool own; /* the leader is in it as well */
};

static void
lead_beside_service(void *arg)
{
	struct in_service *in = arg;

	if (in->own)
		enter_scope(&in->scope);
	begin_audit(NULL);
	in->left[0] = spawn(NULL, NULL);
	in->left[1] = spawn(enter_scope, &in->scope);
}

static void
left_in_service(void *arg)
{
	struct in_service *in = shared_page();
	struct scanner_session s;
	pid_t leader;
	int own;

	in->scope = *(struct scope *)arg;
	adopt_all();
	for (own = 0; own < 2; own++) {
		in->own = own == 1;
		leader = spawn(lead_beside_service, in);
		s = session_of(leader);
		be_seen(leader);
		slay(leader);
		if (in->own) {
			expect_ended(&s, true, 2);
			continue;
		}
		expect_refused(&s, SCANNER_REFUSED_LEADER);
		next_tick();
		CHECK(lives(in->left[0]) && lives(in->left[1]));
	}
}

static void
with_service(void (*fn)(void *))
{
	struct scope service;
	struct isolated test = { fn, &service };
	int status;

	needs_audit();
	(void)snprintf(service.slice, sizeof(service.slice), "%s/t%d",
	    cgroup_root(), (int)getpid());
	(void)snprintf(service.path, sizeof(service.path), "%s/system.slice",
	    service.slice);
	CHECK(mkdir(service.slice, 0755) == 0 || errno == EROFS);
	(void)mkdir(service.path, 0755);
	(void)strcat(service.path, "/x.service");
	(void)snprintf(service.name, sizeof(service.name), "%s",
	    service.path + strlen(cgroup_root()));
	if (mkdir(service.path, 0755) != 0) {
		print_message("no cgroup can be made in %s\n", cgroup_root());
		skip();
	}
	status = child_run(isolate, &test);
	while (rmdir(service.path) != 0 && errno == EBUSY)
		nap();
	*strrchr(service.path, '/') = '\0';
	assert_int_equal(rmdir(service.path), 0);
	assert_int_equal(rmdir(service.slice), 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
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
	isolated_passes(first_without_gate, NULL);
}

static void
test_who_is_gone_must_have_been_seen_in_that_session(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(gone_unseen, NULL);
	isolated_passes(gone_from_another, NULL);
}

static void
test_a_leader_of_another_login_is_not_left_behind(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(gone_beside_leader, NULL);
	isolated_passes(gone_with_su, NULL);
	with_service(left_in_service);
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
		cmocka_unit_test(
		    test_who_is_gone_must_have_been_seen_in_that_session),
		cmocka_unit_test(
		    test_a_leader_of_another_login_is_not_left_behind),
		cmocka_unit_test(test_the_daemon_does_not_end_itself),
		cmocka_unit_test(test_a_kernel_thread_is_not_ended),
		cmocka_unit_test(test_a_leader_in_another_scope_is_not_ended),
		cmocka_unit_test(
		    test_who_only_looks_like_a_leader_is_not_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
