/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that are ended, from real ones: all of their processes, wherever
 * these have gone, however they multiply, and nobody else.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/remains.h"
#include "policyd/scanner/terminate.h"
#include "policyd/scanner/walk.h"
#include "tests/unit/headless.h"
#include "tests/unit/sessions.h"
#include "tests/unit/terminating.h"

/* Three children of a leader's, the last with a child of its own. */
struct family {
	pid_t child[3];
	pid_t grandchild;
	pid_t left; /* who has left them, if anybody */
	pid_t users; /* another user's child, if there is one */
};

static void
have_child(void *arg)
{
	*(pid_t *)arg = spawn(NULL, NULL);
}

static void
have_family(void *arg)
{
	struct family *f = arg;

	f->child[0] = spawn(NULL, NULL);
	f->child[1] = spawn(NULL, NULL);
	f->child[2] = spawn(have_child, &f->grandchild);
}

static void
have_audit_family(void *arg)
{
	struct family *f = arg;

	begin_audit(NULL);
	have_family(f);
	detach(&f->left);
	map_gate("pam_farmgate.so", false); /* the children do not have it */
}

static void
expect_family_killed(const struct family *f)
{
	size_t i;

	for (i = 0; i < 3; i++)
		expect_killed(f->child[i], SIGKILL);
	expect_killed(f->grandchild, SIGKILL);
	if (f->left != 0)
		expect_killed(f->left, SIGKILL);
	if (f->users != 0)
		expect_killed(f->users, SIGKILL);
}

/* Whose parent has ended is still in the session that setsid(2) has begun. */
static void
leave_parent(pid_t *ret_pid)
{
	pid_t parent, pid;

	CHECK((parent = fork()) != -1);
	if (parent == 0) {
		CHECK((pid = fork()) != -1);
		if (pid == 0)
			wait_for_ever();
		*ret_pid = pid;
		_exit(0);
	}
	reap(parent);
}

/* ---- by audit session -------------------------------------------------- */

static void
audit_session_ends(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;
	pid_t leader, bystander;

	(void)arg;
	adopt_all();
	bystander = spawn(NULL, NULL);
	leader = spawn(have_audit_family, f);
	s = session_of(leader);
	expect_ended(&s, false, 6);
	expect_killed(leader, SIGTERM);
	expect_family_killed(f);
	CHECK(lives(bystander));
	expect_refused(&s, SCANNER_REFUSED_GONE);
}

/* Who seems to wait to be reaped, and does not. */
static void
have_headless(void *arg)
{
	begin_audit(NULL);
	*(pid_t *)arg = headless_start(NULL, NULL);
	map_gate("pam_farmgate.so", false);
}

static void
headless_process(void *arg)
{
	pid_t *pid = shared_page(), leader;
	struct scanner_session s;

	(void)arg;
	adopt_all();
	leader = spawn(have_headless, pid);
	s = session_of(leader);
	expect_ended(&s, false, 2);
	expect_killed(leader, SIGTERM);
	expect_killed(*pid, SIGKILL);
	expect_refused(&s, SCANNER_REFUSED_GONE);
}

static void
ignore_term(void *arg)
{
	(void)arg;
	CHECK(signal(SIGTERM, SIG_IGN) != SIG_ERR);
	begin_audit(NULL);
	map_gate("pam_farmgate.so", false);
}

static void
stubborn_leader(void *arg)
{
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	leader = spawn(ignore_term, NULL);
	s = session_of(leader);
	expect_ended(&s, false, 1);
	next_tick();
	CHECK(lives(leader));
	expect_ended(&s, true, 1);
	expect_killed(leader, SIGKILL);
	expect_refused(&s, SCANNER_REFUSED_GONE);
}

static void
stopped_processes(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(have_audit_family, f);
	s = session_of(leader);
	CHECK(kill(f->left, SIGSTOP) == 0 && kill(leader, SIGSTOP) == 0);
	expect_ended(&s, false, 6);
	expect_killed(leader, SIGTERM);
	expect_killed(f->left, SIGKILL);
}

static void
leader_is_gone(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(have_audit_family, f);
	s = session_of(leader);
	be_seen(leader);
	slay(leader);
	expect_ended(&s, false, 5);
	expect_family_killed(f);
	expect_refused(&s, SCANNER_REFUSED_GONE);
}

/* Root's sudo in a terminal that outlives its login, with what it runs. */
struct kept {
	struct family family;
	pid_t sudo, child, orphan;
};

static void
be_sudo(void *arg)
{
	struct kept *k = arg;

	CHECK(setsid() != -1);
	k->child = spawn(NULL, NULL);
	leave_parent(&k->orphan);
	map_gate("pam_farmgate.so", false); /* these do not have it */
}

static void
leave_sudo(void *arg)
{
	struct kept *k = arg;

	begin_audit(NULL);
	k->sudo = spawn(be_sudo, k);
	have_family(&k->family);
	detach(&k->family.left);
}

/* It may lead another login: it stays, and nobody else is kept by it. */
static void
leader_is_gone_from_sudo(void *arg)
{
	struct kept *k = shared_page();
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(leave_sudo, k);
	s = session_of(leader);
	be_seen(leader);
	slay(leader);
	expect_result(&s, true, SCANNER_REFUSED_PARTLY, 5);
	expect_family_killed(&k->family);
	next_tick();
	CHECK(lives(k->sudo) && lives(k->child) && lives(k->orphan));
	expect_result(&s, true, SCANNER_REFUSED_PARTLY, 0);
	slay(k->sudo);
	expect_ended(&s, true, 2);
	expect_killed(k->child, SIGKILL);
	expect_killed(k->orphan, SIGKILL);
}

/* Ended, and not reaped: there is nobody who could take a signal. */
static void
leader_is_a_zombie(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;
	siginfo_t info;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(have_audit_family, f);
	s = session_of(leader);
	be_seen(leader);
	CHECK(kill(leader, SIGKILL) == 0);
	CHECK(waitid(P_PID, (id_t)leader, &info, WEXITED | WNOWAIT) == 0);
	expect_ended(&s, true, 5);
	expect_family_killed(f);
	expect_refused(&s, SCANNER_REFUSED_GONE);
	reap(leader);
}

/* The decider did not know of it; the kernel does. */
static void
audit_session_untold(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;

	(void)arg;
	adopt_all();
	s = session_of(spawn(have_audit_family, f));
	s.audit_session = SESSION_UNSET;
	s.cgroup[0] = '\0';
	expect_ended(&s, false, 6);
	expect_killed(f->left, SIGKILL);
}

/* A login from within the session is another one: ssh to localhost, login. */
struct nested {
	pid_t child;
	pid_t other;
};

static void
have_nested(void *arg)
{
	struct nested *n = arg;

	begin_audit(NULL);
	n->child = spawn(NULL, NULL);
	n->other = spawn(begin_audit, NULL);
	map_gate("pam_farmgate.so", false);
}

static void
nested_login_stays(void *arg)
{
	struct nested *n = shared_page();
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(have_nested, n);
	s = session_of(leader);
	expect_ended(&s, false, 2);
	expect_killed(leader, SIGTERM);
	expect_killed(n->child, SIGKILL);
	CHECK(lives(n->other));
}

/* ---- by scope ---------------------------------------------------------- */

struct scoped {
	struct scope scope[2];
	pid_t child, left, other;
};

static void
enter_first(void *arg)
{
	struct scoped *sc = arg;

	enter_scope(&sc->scope[0]);
	sc->child = spawn(NULL, NULL);
	detach(&sc->left);
	sc->other = spawn(enter_scope, &sc->scope[1]);
	map_gate("pam_farmgate.so", false);
}

static void
scope_ends(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;
	pid_t leader;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	adopt_all();
	leader = spawn(enter_first, sc);
	s = session_of(leader);
	CHECK(s.audit_session == SESSION_UNSET);
	expect_ended(&s, false, 3);
	expect_killed(leader, SIGTERM);
	expect_killed(sc->child, SIGKILL);
	expect_killed(sc->left, SIGKILL);
	next_tick();
	CHECK(lives(sc->other)); /* another login's scope */
}

/* The PAM module asks before pam_systemd has moved the leader there. */
static void
scope_untold(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	adopt_all();
	s = session_of(spawn(enter_first, sc));
	(void)strcpy(s.cgroup, "/system.slice/ssh.service");
	expect_ended(&s, true, 3);
	expect_killed(sc->left, SIGKILL);
	CHECK(lives(sc->other));
}

static void
scope_without_leader(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;
	pid_t leader;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	adopt_all();
	leader = spawn(enter_first, sc);
	s = session_of(leader);
	be_seen(leader);
	slay(leader);
	expect_ended(&s, false, 2);
	expect_killed(sc->child, SIGKILL);
	expect_killed(sc->left, SIGKILL);
	CHECK(lives(sc->other));
}

/* ---- by what the leader is --------------------------------------------- */

static void
have_gated_family(void *arg)
{
	map_gate("pam_farmgate.so", false);
	have_family(arg);
}

static void
gated_session_ends(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;
	pid_t leader;

	(void)arg;
	adopt_all();
	leader = spawn(have_gated_family, f);
	s = session_of(leader);
	expect_ended(&s, false, 5);
	expect_killed(leader, SIGTERM);
	expect_family_killed(f);
}

/* The module was replaced by a newer one since. */
static void
have_old_gate(void *arg)
{
	map_gate("pam_farmgate.so", true);
	have_family(arg);
}

static void
old_gate_is_one(void *arg)
{
	struct family *f = shared_page();
	struct scanner_session s;

	(void)arg;
	s = session_of(spawn(have_old_gate, f));
	expect_ended(&s, false, 5);
}

static void
begin_and_leave(void *arg)
{
	map_gate("pam_farmgate.so", false);
	CHECK(setsid() != -1);
	leave_parent(arg);
}

/* As sshd does for each shell. */
static void
shell_begins(void *arg)
{
	CHECK(setsid() != -1);
	leave_parent(arg);
}

static void
have_shell(void *arg)
{
	map_gate("pam_farmgate.so", false);
	(void)spawn(shell_begins, arg);
}

static void
posix_session_ends(void *arg)
{
	pid_t *left = shared_page();
	struct scanner_session s;

	(void)arg;
	adopt_all();
	s = session_of(spawn(begin_and_leave, left));
	expect_ended(&s, false, 2);
	expect_killed(*left, SIGKILL);
	s = session_of(spawn(have_shell, left));
	expect_ended(&s, false, 3);
	expect_killed(*left, SIGKILL);
}

/* Who is in a scope has logged in, and has another session. */
static void
gate_beside_scope(void *arg)
{
	struct scoped *sc = arg;

	map_gate("pam_farmgate.so", false);
	sc->child = spawn(NULL, NULL);
	sc->other = spawn(enter_scope, &sc->scope[1]);
}

static void
scope_below_stays(void *arg)
{
	struct scoped *sc = shared_page();
	struct scanner_session s;

	memcpy(sc->scope, arg, sizeof(sc->scope));
	adopt_all();
	s = session_of(spawn(gate_beside_scope, sc));
	expect_ended(&s, false, 2);
	expect_killed(sc->child, SIGKILL);
	next_tick();
	CHECK(lives(sc->other));
}

/* sshd, restarted by hand from a session: all its logins carry that one's. */
struct service {
	pid_t login, child;
	pid_t other; /* another login */
};

static void
be_login(void *arg)
{
	map_gate("pam_farmgate.so", false);
	have_child(arg);
}

static void
be_service(void *arg)
{
	struct service *sv = arg;

	begin_audit(NULL);
	next_tick();
	sv->login = spawn(be_login, &sv->child);
	sv->other = spawn(NULL, NULL);
}

static void
service_stays(void *arg)
{
	struct service *sv = shared_page();
	struct scanner_session s;
	pid_t service;

	(void)arg;
	adopt_all();
	service = spawn(be_service, sv);
	s = session_of(sv->login);
	CHECK(s.audit_session == audit_session_of(service));
	expect_ended(&s, true, 2);
	until_dead(sv->login);
	until_dead(sv->child);
	CHECK(lives(service) && lives(sv->other));
}

/* ---- those who multiply ------------------------------------------------ */

#define STORM_UID	 61301
#define STORM_LIMIT	 60 /* processes */
#define STORM_BYSTANDERS 300
#define STORM_PARTS	 12

/* Each of them lives for the one fork: a number that is looked at is gone. */
static void
hop(void)
{
	for (;;) {
		if (fork() != 0)
			_exit(0);
	}
}

/* As many as may be, and one more for each that is killed. */
static void
swarm(void)
{
	const struct rlimit limit = { STORM_LIMIT, STORM_LIMIT };

	CHECK(setrlimit(RLIMIT_NPROC, &limit) == 0);
	CHECK(setresuid(STORM_UID, STORM_UID, STORM_UID) == 0);
	for (;;) {
		if (fork() == -1)
			(void)sched_yield();
	}
}

struct storm {
	void (*lead)(void *);
	void (*blow)(void);
};

static void
lead_audit(void *arg)
{
	(void)arg;
	begin_audit(NULL);
	map_gate("pam_farmgate.so", false);
}

static void
lead_gated(void *arg)
{
	(void)arg;
	map_gate("pam_farmgate.so", false);
}

static void
lead_storm(void *arg)
{
	const struct storm *storm = arg;
	pid_t pid;

	storm->lead(NULL);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(setsid() != -1);
		if (fork() == 0)
			storm->blow();
		wait_for_ever(); /* a shell */
	}
}

#define SECOND INT64_C(1000000000)

/*
 * Beside the first process, this one and its reader; a storm has no end, but
 * for time.
 */
static size_t
others_alive(void)
{
	struct walk walk;
	size_t n = 0;
	int32_t pid;

	CHECK(walk_open(&walk, true, walk_now_ns() + SECOND) == 0);
	while (walk_next(&walk, &pid))
		n += pid != 1 && pid != getpid() && !reader_is(pid) &&
		    lives(pid);
	n += walk.cut;
	walk_close(&walk);
	return n;
}

/* Looking at all of them takes longer than one of the storm lives. */
static void
storm_ends(void *arg)
{
	struct scanner_session s;
	int64_t until_ns;
	uint32_t n;
	int i;

	for (i = 0; i < STORM_BYSTANDERS; i++)
		(void)spawn(NULL, NULL);
	s = session_of(spawn(lead_storm, arg));
	for (i = 0; i < 50; i++)
		nap(); /* it rages */
	CHECK(others_alive() > STORM_BYSTANDERS);
	CHECK(end_in_parts(&s, STORM_PARTS, &n) == SCANNER_REFUSED_NOT);
	until_ns = walk_now_ns() + 5 * SECOND;
	while (others_alive() != STORM_BYSTANDERS && walk_now_ns() < until_ns)
		nap();
	for (i = 0; i < 20; i++)
		CHECK(others_alive() == STORM_BYSTANDERS);
	CHECK(n >= 2);
}

/* ---- those who are many ------------------------------------------------ */

/* Of as many a sanitizer's memory would be all that there is to look at. */
#ifdef __SANITIZE_ADDRESS__
#define CROWD	  300
#define CROWD_LED 100
#else
#define CROWD	  1200
#define CROWD_LED 300 /* whom a leader alone tells; it is not left for long */
#endif
#define CROWD_PARTS 100

struct crowd {
	void (*lead)(void *);
	int n;
};

static void
be_of_crowd(void)
{
	CHECK(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0);
	CHECK(setsid() != -1);
	wait_for_ever();
}

/* When the leader has ended, nothing tells of them but an audit session. */
static void
lead_crowd(void *arg)
{
	const struct crowd *crowd = arg;
	pid_t pid;
	int i;

	for (i = 0; i < crowd->n; i++) {
		CHECK((pid = fork()) != -1);
		if (pid == 0)
			be_of_crowd();
	}
	crowd->lead(NULL);
}

/* What is not done in a login's time is said not to be, and goes on. */
static void
crowd_ends(void *arg)
{
	const uint32_t all = (uint32_t)((struct crowd *)arg)->n + 1;
	struct scanner_session s = session_of(spawn(lead_crowd, arg));
	int64_t from_ns = walk_now_ns();
	enum scanner_refusal refusal;
	uint32_t n, more;
	int i;

	CHECK(others_alive() == all);
	refusal = terminate_session(&seen, &s, true, &n);
	CHECK(walk_now_ns() - from_ns < SECOND);
	/* A machine that is fast enough has ended them all. */
	CHECK(refusal == SCANNER_REFUSED_PARTLY ||
	    (refusal == SCANNER_REFUSED_NOT && n == all));
	if (refusal == SCANNER_REFUSED_PARTLY) {
		CHECK(end_in_parts(&s, CROWD_PARTS, &more) ==
		    SCANNER_REFUSED_NOT);
		n += more;
	}
	/* On a busy machine it may begin anew: who is dying counts twice. */
	CHECK(n >= all);
	for (i = 0; others_alive() != 0 && i < SESSION_TRIES; i++)
		nap();
	CHECK(others_alive() == 0);
}

/* ---- as a process ------------------------------------------------------ */

static struct scanner_answer
ask_scanner(int fd, const struct scanner_request *req)
{
	size_t len = scanner_request_size(req);
	struct scanner_answer ans;

	CHECK(send(fd, req, len, MSG_NOSIGNAL) == (ssize_t)len);
	CHECK(recv(fd, &ans, sizeof(ans), 0) == sizeof(ans));
	CHECK(ans.query == req->query);
	return ans;
}

/* What comes of asking it to end these, or what else was asked. */
static void
expect_answer(int fd, const struct scanner_request *req,
    enum scanner_refusal refusal, uint32_t signalled)
{
	struct scanner_answer ans = ask_scanner(fd, req);

	CHECK(ans.refusal == refusal && ans.signalled == signalled);
}

static int
start_scanner(bool terminate, pid_t *ret_pid)
{
	const struct priv_ids ids = { 61234, 61235 };
	int fd[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) == 0);
	CHECK((*ret_pid = fork()) != -1);
	if (*ret_pid == 0)
		scanner_main(fd[1], &ids, SANDBOX_KILL);
	CHECK(close(fd[1]) == 0);
	CHECK(scanner_settle(fd[0], terminate) == 0);
	return fd[0];
}

/* Some of them are root's and some a user's. */
static void
have_mixed_family(void *arg)
{
	struct family *f = arg;

	map_gate("pam_farmgate.so", false);
	have_audit_family(f);
	CHECK(setresuid(0, 61300, 0) == 0);
	f->users = spawn(NULL, NULL);
	CHECK(setresuid(0, 0, 0) == 0);
}

/* With its filter, which kills for any call that was forgotten. */
static void
scanner_ends_sessions(void *arg)
{
	struct family *f = shared_page();
	struct scanner_request req = { .query = SCANNER_QUERY_TERMINATE,
		.nsessions = 1 };
	pid_t leader, scanner;
	int fd;

	(void)arg;
	adopt_all();
	leader = spawn(have_mixed_family, f);
	fd = start_scanner(true, &scanner);
	req.session[0] = session_of(leader);
	expect_answer(fd, &req, SCANNER_REFUSED_NOT, 7);
	expect_killed(leader, SIGTERM);
	expect_family_killed(f);
	expect_answer(fd, &req, SCANNER_REFUSED_GONE, 0);
	leader = spawn(have_gated_family, f);
	req.session[0] = session_of(leader);
	req.force = 1;
	expect_answer(fd, &req, SCANNER_REFUSED_NOT, 5);
	expect_killed(leader, SIGKILL);
	req.session[0] = session_of(getpid());
	expect_answer(fd, &req, SCANNER_REFUSED_LEADER, 0);
	req.session[0] = session_of(scanner);
	expect_answer(fd, &req, SCANNER_REFUSED_LEADER, 0);
	CHECK(lives(scanner));
}

/* Who was asked about while it lived leaves a session behind. */
static void
scanner_remembers(void *arg)
{
	struct family *f = shared_page();
	struct scanner_request peer = { .query = SCANNER_QUERY_PEER },
			       req = { .query = SCANNER_QUERY_TERMINATE,
				       .nsessions = 1 };
	pid_t leader, scanner;
	int fd, i;

	(void)arg;
	adopt_all();
	fd = start_scanner(true, &scanner);
	for (i = 0; i < 2; i++) {
		leader = spawn(have_audit_family, f);
		req.session[0] = session_of(leader);
		peer.pid = leader;
		if (i == 1)
			(void)ask_scanner(fd, &peer);
		slay(leader);
		expect_answer(fd, &req,
		    i == 1 ? SCANNER_REFUSED_NOT : SCANNER_REFUSED_LEADER,
		    i == 1 ? 5 : 0);
	}
}

static void
scanner_without_leave(void *arg)
{
	struct family *f = shared_page();
	struct scanner_request req = { .query = SCANNER_QUERY_TERMINATE,
		.nsessions = 1 };
	struct scanner_answer ans;
	pid_t leader, scanner;
	int fd;

	(void)arg;
	adopt_all();
	leader = spawn(have_audit_family, f);
	fd = start_scanner(false, &scanner);
	req.session[0] = session_of(leader);
	expect_answer(fd, &req, SCANNER_REFUSED_CAP, 0);
	CHECK(lives(leader) && lives(f->left) && lives(f->grandchild));
	req.query = SCANNER_QUERY_REMAINS;
	ans = ask_scanner(fd, &req);
	CHECK(ans.remains[0] == 5);
}

/* ---- the tests --------------------------------------------------------- */

static void
test_an_audit_session_ends_with_all_that_left_it(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(audit_session_ends, NULL);
}

static void
test_a_leader_that_ignores_it_ends_by_force(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(stubborn_leader, NULL);
}

static void
test_stopped_processes_end_as_well(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(stopped_processes, NULL);
}

static void
test_a_process_without_its_first_thread_ends_as_well(void **state)
{
	(void)state;
	isolated_passes(headless_process, NULL);
}

static void
test_what_a_leader_left_behind_ends_without_it(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(leader_is_gone, NULL);
	isolated_passes(leader_is_a_zombie, NULL);
}

static void
test_a_program_of_root_keeps_nobody_else_alive(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(leader_is_gone_from_sudo, NULL);
}

static void
test_the_kernels_word_is_enough(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(audit_session_untold, NULL);
}

static void
test_a_login_from_within_the_session_stays(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(nested_login_stays, NULL);
}

static void
test_without_audit_a_scope_ends_and_no_other(void **state)
{
	(void)state;
	with_scope(scope_ends);
	with_scope(scope_untold);
	with_scope(scope_without_leader);
	with_scope(scope_below_stays);
}

static void
test_without_either_the_descendants_end(void **state)
{
	(void)state;
	isolated_passes(gated_session_ends, NULL);
	isolated_passes(old_gate_is_one, NULL);
	isolated_passes(posix_session_ends, NULL);
}

static void
test_a_service_that_was_started_by_hand_stays(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(service_stays, NULL);
}

static void
test_processes_that_fork_all_the_time_do_not_escape(void **state)
{
	struct storm storm[] = { { lead_audit, hop }, { lead_audit, swarm },
		{ lead_gated, hop }, { lead_gated, swarm } };
	size_t i;

	(void)state;
	needs_audit();
	for (i = 0; i < sizeof(storm) / sizeof(storm[0]); i++)
		isolated_passes(storm_ends, &storm[i]);
}

static void
test_a_session_of_many_processes_ends_in_parts(void **state)
{
	struct crowd tied = { lead_audit, CROWD };
	struct crowd led = { lead_gated, CROWD_LED };

	(void)state;
	needs_audit();
	isolated_passes(crowd_ends, &tied);
	isolated_passes(crowd_ends, &led);
}

static void
test_PRV_04_a_scanner_ends_sessions_within_its_filter(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(scanner_ends_sessions, NULL);
	isolated_passes(scanner_remembers, NULL);
}

static void
test_a_scanner_without_leave_ends_nothing(void **state)
{
	(void)state;
	needs_audit();
	isolated_passes(scanner_without_leave, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_an_audit_session_ends_with_all_that_left_it),
		cmocka_unit_test(test_a_leader_that_ignores_it_ends_by_force),
		cmocka_unit_test(test_stopped_processes_end_as_well),
		cmocka_unit_test(
		    test_a_process_without_its_first_thread_ends_as_well),
		cmocka_unit_test(
		    test_what_a_leader_left_behind_ends_without_it),
		cmocka_unit_test(
		    test_a_program_of_root_keeps_nobody_else_alive),
		cmocka_unit_test(test_the_kernels_word_is_enough),
		cmocka_unit_test(test_a_login_from_within_the_session_stays),
		cmocka_unit_test(test_without_audit_a_scope_ends_and_no_other),
		cmocka_unit_test(test_without_either_the_descendants_end),
		cmocka_unit_test(test_a_service_that_was_started_by_hand_stays),
		cmocka_unit_test(
		    test_processes_that_fork_all_the_time_do_not_escape),
		cmocka_unit_test(
		    test_a_session_of_many_processes_ends_in_parts),
		cmocka_unit_test(
		    test_PRV_04_a_scanner_ends_sessions_within_its_filter),
		cmocka_unit_test(test_a_scanner_without_leave_ends_nothing),
	};

	log_init("test_terminate", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
