/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which session belongs to which decision, and which session a nested login
 * runs in; with real processes behind the pidfds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/result.h"
#include "tests/unit/opening.h"

#define REF "7F3K-Q2MN"

struct fixture {
	struct loop *loop;
	struct sessions *sessions;
	char closed[FG_REF_MAX + 1];
	enum session_end how;
};

static void
on_ended(const struct store_session *session, int64_t open_s,
    enum session_end how, void *arg)
{
	struct fixture *f = arg;

	assert_true(open_s >= 0);
	assert_int_not_equal(how, SESSION_END_NONE);
	memcpy(f->closed, session->ref, sizeof(f->closed));
	f->how = how;
	loop_stop(f->loop);
}

static int
setup(void **state)
{
	static struct fixture f;
	const struct session_calls calls = { .ended = on_ended, .arg = &f };

	memset(&f, 0, sizeof(f));
	if (loop_new(&f.loop) != 0)
		return -1;
	f.sessions = sessions_new(f.loop, NULL, "", &calls);
	*state = &f;
	return f.sessions == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	sessions_free(f->sessions);
	loop_free(f->loop);
	return 0;
}

/* A login of alice at sshd from 192.0.2.7, asked for by a monitor's child. */
static struct facts
login(void)
{
	struct facts facts;

	memset(&facts, 0, sizeof(facts));
	facts.kind = SERVICE_REMOTE;
	(void)strcpy(facts.login.user, "alice");
	(void)strcpy(facts.login.service, "sshd");
	(void)strcpy(facts.login.ref, REF);
	facts.peer.state = FACT_KNOWN;
	facts.peer.pid = 200;
	facts.peer.start = 2000;
	facts.peer.audit_session = (uint32_t)-1;
	facts.peer.ancestors = 1;
	facts.peer.ancestor[0] =
	    (struct fact_process){ .pid = 100, .start = 1000 };
	facts.origin.kind = ORIGIN_ADDRESS;
	assert_int_equal(addr_parse("192.0.2.7", &facts.origin.addr), 0);
	return facts;
}

static void
the_process_that_asked_may_claim(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();

	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	assert_int_equal(session_claim(f->sessions, &facts), 0);
	/* only once */
	assert_int_equal(session_claim(f->sessions, &facts), FG_ERR_NOT_FOUND);
}

/* For whoever opens it, and for nobody else. */
static void
a_seat_knows_that_it_was_only_observed(void **state)
{
	struct session_seat seat = { .ref = REF, .pidfd = -1 };
	struct fixture *f = *state;
	struct facts facts = login(), other = login();

	assert_false(session_was_refused(f->sessions, &facts));
	assert_int_equal(session_reserve(f->sessions, &facts, &seat), 0);
	assert_false(session_was_refused(f->sessions, &facts));
	assert_int_equal(session_claim(f->sessions, &facts), 0);
	seat.refused = true;
	assert_int_equal(session_reserve(f->sessions, &facts, &seat), 0);
	assert_true(session_was_refused(f->sessions, &facts));
	(void)strcpy(other.login.ref, "OTHR-OTHR");
	assert_false(session_was_refused(f->sessions, &other));
	assert_int_equal(session_claim(f->sessions, &facts), 0);
	assert_false(session_was_refused(f->sessions, &facts));
}

static void
its_parent_may_claim(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();

	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	facts.peer.pid = 100;
	facts.peer.start = 1000;
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

/* Each change alone makes it somebody else's session. */
static void
nobody_else_may_claim(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login(), other;

	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	other = facts;
	other.peer.pid = 300;
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	other.peer.start++;
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	(void)strcpy(other.login.user, "bob");
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	(void)strcpy(other.login.service, "cockpit");
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	(void)strcpy(other.login.ref, "7F3K-Q2MP");
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	other.login.ref[0] = '\0';
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	other.kind = SERVICE_CONSOLE;
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	other.peer.state = FACT_ERROR;
	other.origin.addr.b[15]++;
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

/* A session module may have read SSH_CONNECTION from a file of the user's. */
static void
the_origin_is_what_account_saw(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login(), forged;

	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	forged = facts;
	forged.origin.addr.b[15]++;
	assert_int_equal(session_claim(f->sessions, &forged), 0);
	assert_memory_equal(forged.origin.addr.b, facts.origin.addr.b,
	    sizeof(facts.origin.addr.b));
}

static void
sudo_may_change_the_user(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();

	facts.kind = SERVICE_NESTED;
	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	(void)strcpy(facts.login.user, "root");
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

static void
a_login_without_a_known_process_is_not_remembered(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();

	facts.peer.state = FACT_ERROR;
	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 0, .pidfd = -1 }),
	    0);
	facts.peer.state = FACT_KNOWN;
	assert_int_equal(session_claim(f->sessions, &facts), FG_ERR_NOT_FOUND);
}

/* The answer went out before the scanner's came in. */
static void
a_login_can_be_claimed_once_its_process_is_known(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct fact_peer peer = facts.peer;

	facts.peer.state = FACT_NONE;
	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 7, .pidfd = -1 }),
	    0);
	facts.peer.state = FACT_KNOWN;
	assert_int_equal(session_claim(f->sessions, &facts), FG_ERR_NOT_FOUND);
	session_learn(f->sessions, 8, &peer);
	assert_int_equal(session_claim(f->sessions, &facts), FG_ERR_NOT_FOUND);
	session_learn(f->sessions, 7, &peer);
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

/* Whether the scanner is late for the first question, or for the second. */
static void
the_process_itself_may_claim_without_the_scanner(void **state)
{
	static const enum fact_state states[] = { FACT_KNOWN, FACT_ERROR };
	struct fixture *f = *state;
	struct facts facts = login(), other;
	size_t i;
	int fd;

	for (i = 0; i < 2; i++) {
		facts.peer.state = FACT_NONE;
		facts.peer.pid = getpid();
		fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
		assert_true(fd >= 0);
		assert_int_equal(session_reserve(f->sessions, &facts,
				     &(struct session_seat){
					 .ref = REF, .query = 7, .pidfd = fd }),
		    0);
		facts.peer.state = states[i];
		other = facts;
		other.peer.pid = 200;
		assert_int_equal(session_claim(f->sessions, &other),
		    FG_ERR_NOT_FOUND);
		other = facts;
		(void)strcpy(other.login.ref, "7F3K-Q2MP");
		assert_int_equal(session_claim(f->sessions, &other),
		    FG_ERR_NOT_FOUND);
		assert_int_equal(session_claim(f->sessions, &facts), 0);
	}
}

static void
where_the_process_was_gone_the_origin_has_to_agree(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login(), other;
	struct fact_peer peer = facts.peer;

	facts.peer.state = FACT_NONE;
	assert_int_equal(session_reserve(f->sessions, &facts,
			     &(struct session_seat){
				 .ref = REF, .query = 7, .pidfd = -1 }),
	    0);
	peer.state = FACT_ERROR;
	session_learn(f->sessions, 7, &peer);
	facts.peer.state = FACT_KNOWN;
	other = facts;
	other.origin.addr.b[15]++;
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	other = facts;
	(void)strcpy(other.login.user, "bob");
	assert_int_equal(session_claim(f->sessions, &other), FG_ERR_NOT_FOUND);
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

static void
the_oldest_pending_logins_make_room(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	int32_t i, n = (int32_t)SESSION_SEATS_MAX + 1;

	for (i = 0; i < n; i++) {
		facts.peer.pid = 1000 + i;
		assert_int_equal(session_reserve(f->sessions, &facts,
				     &(struct session_seat){
					 .ref = REF, .query = 0, .pidfd = -1 }),
		    0);
	}
	facts.peer.ancestors = 0;
	facts.peer.pid = 1000;
	assert_int_equal(session_claim(f->sessions, &facts), FG_ERR_NOT_FOUND);
	facts.peer.pid = 1001;
	assert_int_equal(session_claim(f->sessions, &facts), 0);
}

/* A child that waits for its end; *ret_pidfd is the caller's. */
static pid_t
child(int *ret_pidfd)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)pause();
		_exit(0);
	}
	*ret_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_true(*ret_pidfd >= 0);
	return pid;
}

static void
end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
a_nested_login_finds_its_session_by_ancestor(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct fact_peer sudo = { .state = FACT_KNOWN,
		.pid = 900,
		.audit_session = (uint32_t)-1,
		.ancestors = 2 };
	struct gather_parent parent;
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.pid = pid;
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	sudo.ancestor[0] = (struct fact_process){ .pid = 800, .start = 1 };
	sudo.ancestor[1] = (struct fact_process){ .pid = pid, .start = 2000 };
	session_parent(f->sessions, &sudo, &parent);
	assert_non_null(parent.origin);
	assert_string_equal(parent.ref, REF);
	/* the same pid, another process */
	sudo.ancestor[1].start++;
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	/* could not look */
	sudo.ancestor[1].start--;
	sudo.state = FACT_ERROR;
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	end(pid);
}

/* One process, two users from different places: whose sudo is it? */
static void
a_process_with_sessions_of_several_has_none_to_inherit(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct fact_peer sudo = { .state = FACT_KNOWN,
		.pid = 900,
		.audit_session = (uint32_t)-1,
		.ancestors = 1 };
	struct gather_parent parent;
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.pid = pid;
	sudo.ancestor[0] = (struct fact_process){ .pid = pid, .start = 2000 };
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	/* the same user again takes the place of the first */
	assert_int_equal(open_session(f->sessions, &facts, REF, dup(pidfd)), 0);
	assert_int_equal(session_count(f->sessions), 1);
	assert_int_equal(f->how, SESSION_ENDED_REPLACED);
	(void)strcpy(facts.login.user, "bob");
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_parent(f->sessions, &sudo, &parent);
	assert_non_null(parent.origin);
	(void)strcpy(facts.login.user, "carol");
	facts.origin.addr.b[15]++;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	end(pid);
}

static void
a_broken_chain_is_mended_by_the_audit_session(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct fact_peer sudo = { .state = FACT_KNOWN, .audit_session = 42 };
	struct gather_parent parent;
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.audit_session = 42;
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_parent(f->sessions, &sudo, &parent);
	assert_non_null(parent.origin);
	sudo.audit_session = 43;
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	/* never set is no session */
	sudo.audit_session = (uint32_t)-1;
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	end(pid);
}

static void
unset_audit_sessions_are_not_alike(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct fact_peer sudo = { .state = FACT_KNOWN,
		.audit_session = (uint32_t)-1 };
	struct gather_parent parent;
	int pidfd;
	pid_t pid = child(&pidfd);

	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_parent(f->sessions, &sudo, &parent);
	assert_null(parent.origin);
	end(pid);
}

static void
a_session_ends_with_its_process(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	int pidfd;
	pid_t pid = child(&pidfd);

	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	assert_int_equal(session_count(f->sessions), 1);
	end(pid);
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(session_count(f->sessions), 0);
	assert_string_equal(f->closed, REF);
	assert_int_equal(f->how, SESSION_ENDED_GONE);
}

static void
a_session_that_pam_closes_ends_closed(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.pid = pid;
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_closing(f->sessions, pid, REF);
	end(pid);
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(f->how, SESSION_ENDED_CLOSED);
}

static void
nobody_else_closes_a_session(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.pid = pid;
	assert_int_equal(open_session(f->sessions, &facts, REF, pidfd), 0);
	session_closing(f->sessions, pid, "7F3K-Q2MP");
	session_closing(f->sessions, pid + 1024, REF);
	end(pid);
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(f->how, SESSION_ENDED_GONE);
}

static void
a_session_without_a_descriptor_is_refused(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();

	assert_int_not_equal(open_session(f->sessions, &facts, REF, -1), 0);
	assert_int_equal(session_count(f->sessions), 0);
}

/* A denial that comes to light last undoes nothing. */
static void
what_is_prepared_and_not_opened_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct facts facts = login();
	struct session *session;
	int pidfd;
	pid_t pid = child(&pidfd);

	facts.peer.pid = pid;
	assert_int_equal(open_session(f->sessions, &facts, REF, dup(pidfd)), 0);
	assert_int_equal(session_prepare(f->sessions, &facts, "", "8888-8888",
			     pidfd, &session),
	    0);
	assert_int_equal(session_count(f->sessions), 1);
	session_free(session);
	session_free(NULL);
	assert_int_equal(session_count(f->sessions), 1);
	assert_int_equal(f->how, SESSION_END_NONE);
	end(pid);
	assert_int_equal(loop_run(f->loop), 0);
	assert_string_equal(f->closed, REF);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_process_that_asked_may_claim),
		T(a_seat_knows_that_it_was_only_observed),
		T(its_parent_may_claim),
		T(nobody_else_may_claim),
		T(the_origin_is_what_account_saw),
		T(sudo_may_change_the_user),
		T(a_login_without_a_known_process_is_not_remembered),
		T(a_login_can_be_claimed_once_its_process_is_known),
		T(the_process_itself_may_claim_without_the_scanner),
		T(where_the_process_was_gone_the_origin_has_to_agree),
		T(the_oldest_pending_logins_make_room),
		T(a_nested_login_finds_its_session_by_ancestor),
		T(a_process_with_sessions_of_several_has_none_to_inherit),
		T(a_broken_chain_is_mended_by_the_audit_session),
		T(unset_audit_sessions_are_not_alike),
		T(a_session_ends_with_its_process),
		T(a_session_that_pam_closes_ends_closed),
		T(nobody_else_closes_a_session),
		T(a_session_without_a_descriptor_is_refused),
		T(what_is_prepared_and_not_opened_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
