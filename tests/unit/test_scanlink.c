/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decider's end of the socketpair, with the test as the scanner: each
 * question as it goes over, each answer to whom it belongs, and the end of it
 * when none comes or one that no scanner gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/scanlink.h"
#include "proto/result.h"

#define PATIENCE 10000u /* ms; only a failure takes that long */

/* What was heard last, and how often each. */
struct heard {
	unsigned int peers, remains, terminated, lost;
	uint64_t id;
	struct fact_peer peer;
	uint32_t left[SCANNER_SESSIONS_MAX];
	enum scanner_refusal refusal;
	uint32_t signalled;
};

struct fixture {
	struct loop *loop;
	struct loop_timer *patience;
	struct scanlink *link;
	struct heard heard;
	char folder[32];
	int fd; /* the scanner's end */
};

static void
on_peer(uint64_t id, const struct fact_peer *peer, void *arg)
{
	struct fixture *f = arg;

	f->heard.peers++;
	f->heard.id = id;
	f->heard.peer = *peer;
	loop_stop(f->loop);
}

static void
on_remains(uint64_t id, const uint32_t *remains, void *arg)
{
	struct fixture *f = arg;

	f->heard.remains++;
	f->heard.id = id;
	memcpy(f->heard.left, remains, sizeof(f->heard.left));
	loop_stop(f->loop);
}

static void
on_terminated(uint64_t id, enum scanner_refusal refusal, uint32_t signalled,
    void *arg)
{
	struct fixture *f = arg;

	f->heard.terminated++;
	f->heard.id = id;
	f->heard.refusal = refusal;
	f->heard.signalled = signalled;
	loop_stop(f->loop);
}

static void
on_lost(void *arg)
{
	struct fixture *f = arg;

	f->heard.lost++;
	loop_stop(f->loop);
}

static void
on_patience(void *arg)
{
	loop_stop(arg);
}

/* What was asked, exactly. */
static void
expect_asked(struct fixture *f, const struct scanner_request *want, size_t len)
{
	struct scanner_request got;

	memset(&got, 0, sizeof(got));
	assert_int_equal(recv(f->fd, &got, sizeof(got), MSG_DONTWAIT), len);
	assert_int_equal(scanner_request_size(&got), len);
	assert_true(got.id == want->id);
	assert_int_equal(got.query, want->query);
	assert_int_equal(got.pid, want->pid);
	assert_int_equal(got.force, want->force);
	assert_int_equal(got.nsessions, want->nsessions);
	assert_memory_equal(got.session, want->session,
	    want->nsessions * sizeof(want->session[0]));
}

static int
setup(void **state)
{
	const struct scanner_request test = { .query = SCANNER_QUERY_COVERAGE };
	struct fixture *f = calloc(1, sizeof(*f));
	struct scanlink_calls calls = { on_peer, on_remains, on_terminated,
		on_lost, f };
	int fd[2];

	assert_non_null(f);
	(void)strcpy(f->folder, "/tmp/fg-scanlink-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			     fd),
	    0);
	f->fd = fd[1];
	assert_int_equal(loop_new(&f->loop), 0);
	assert_int_equal(loop_timer(f->loop, on_patience, f->loop,
			     &f->patience),
	    0);
	assert_int_equal(scanlink_new(f->loop, fd[0], f->folder, &calls,
			     &f->link),
	    0);
	expect_asked(f, &test, offsetof(struct scanner_request, session));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char path[64];

	scanlink_free(f->link);
	loop_timer_free(f->patience);
	loop_free(f->loop);
	(void)close(f->fd);
	(void)snprintf(path, sizeof(path), "%s/scanner.deaths", f->folder);
	(void)unlink(path);
	(void)rmdir(f->folder);
	free(f);
	return 0;
}

static void
listen_once(struct fixture *f)
{
	loop_timer_set(f->patience, PATIENCE);
	assert_int_equal(loop_run(f->loop), 0);
}

static void
say(struct fixture *f, const struct scanner_answer *ans, size_t len)
{
	assert_int_equal(send(f->fd, ans, len, MSG_NOSIGNAL), len);
	listen_once(f);
}

/* The self-test's answer is none of the callers'. */
static void
say_tested(struct fixture *f)
{
	const struct scanner_answer ans = { .query = SCANNER_QUERY_COVERAGE };

	assert_int_equal(send(f->fd, &ans, sizeof(ans), 0), sizeof(ans));
}

static struct scanner_session
some_session(int32_t pid)
{
	struct scanner_session s;

	memset(&s, 0, sizeof(s));
	s.leader.pid = pid;
	s.leader.start = 1000 + (uint64_t)pid;
	s.uid = 1000;
	s.audit_session = 7;
	(void)strcpy(s.cgroup, "/user.slice/user-1000.slice/session-7.scope");
	return s;
}

static void
test_what_remains_is_asked_and_answered(void **state)
{
	struct fixture *f = *state;
	struct scanner_request want = { .id = 77,
		.query = SCANNER_QUERY_REMAINS,
		.nsessions = 3,
		.session = {
		    some_session(1), some_session(2), some_session(3) } };
	struct scanner_answer ans = { .id = 77,
		.query = SCANNER_QUERY_REMAINS,
		.remains = { 4, SCANNER_REMAINS_UNKNOWN, 0 } };

	assert_int_equal(scanlink_remains(f->link, 77, want.session, 3), 0);
	expect_asked(f, &want,
	    offsetof(struct scanner_request, session) +
		3 * sizeof(struct scanner_session));
	say_tested(f);
	say(f, &ans, sizeof(ans));
	assert_int_equal(f->heard.remains, 1);
	assert_true(f->heard.id == 77);
	assert_memory_equal(f->heard.left, ans.remains, sizeof(ans.remains));
	assert_int_equal(f->heard.peers + f->heard.terminated + f->heard.lost,
	    0);
}

static void
test_an_end_is_asked_and_answered(void **state)
{
	struct fixture *f = *state;
	struct scanner_request want = { .id = 78,
		.query = SCANNER_QUERY_TERMINATE,
		.force = 1,
		.nsessions = 1,
		.session = { some_session(5) } };
	struct scanner_answer ans = { .id = 78,
		.query = SCANNER_QUERY_TERMINATE,
		.refusal = SCANNER_REFUSED_LEADER,
		.signalled = 9 };
	size_t len = offsetof(struct scanner_request, session) +
	    sizeof(struct scanner_session);

	assert_int_equal(scanlink_terminate(f->link, 78, want.session, true),
	    0);
	expect_asked(f, &want, len);
	want.force = 0;
	assert_int_equal(scanlink_terminate(f->link, 78, want.session, false),
	    0);
	expect_asked(f, &want, len);
	say(f, &ans, sizeof(ans));
	assert_int_equal(f->heard.terminated, 1);
	assert_true(f->heard.id == 78);
	assert_int_equal(f->heard.refusal, SCANNER_REFUSED_LEADER);
	assert_int_equal(f->heard.signalled, 9);
	assert_int_equal(f->heard.peers + f->heard.remains + f->heard.lost, 0);
}

/* Each login waits for one, and none of them may fall off. */
static void
test_as_many_logins_as_there_can_be_find_room(void **state)
{
	struct fixture *f = *state;
	uint64_t i;

	for (i = 0; i < 128; i++)
		assert_int_equal(scanlink_peer(f->link, i, 1), 0);
}

/* ---- the end of it ----------------------------------------------------- */

static void
expect_lost(struct fixture *f)
{
	const struct scanner_session s = some_session(5);

	assert_int_equal(f->heard.lost, 1);
	assert_int_equal(f->heard.peers + f->heard.remains +
		f->heard.terminated,
	    0);
	assert_false(scanlink_is_running(f->link));
	assert_int_equal(scanlink_peer(f->link, 1, 1), FG_ERR_CLOSED);
	assert_int_equal(scanlink_remains(f->link, 1, &s, 1), FG_ERR_CLOSED);
	assert_int_equal(scanlink_terminate(f->link, 1, &s, true),
	    FG_ERR_CLOSED);
}

static void
test_answers_that_no_scanner_gives_are_the_end_of_it(void **state)
{
	struct fixture *f;
	const struct scanner_answer bad[] = {
		{ .query = SCANNER_QUERY_NONE },
		{ .query = SCANNER_QUERY_TERMINATE + 1 },
		{ .query = UINT32_MAX },
		{ .query = SCANNER_QUERY_TERMINATE,
		    .refusal = SCANNER_REFUSED_LAST + 1 },
		{ .query = SCANNER_QUERY_TERMINATE, .refusal = UINT32_MAX },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f = *state;
		say(f, &bad[i], sizeof(bad[i]));
		expect_lost(f);
		(void)teardown(state);
		(void)setup(state);
	}
	f = *state;
	say(f, &bad[0], sizeof(bad[0]) - 1);
	expect_lost(f);
}

static void
test_a_question_without_an_answer_is_the_end_of_it(void **state)
{
	const struct scanner_session s = some_session(5);
	struct fixture *f = *state;

	say_tested(f);
	assert_int_equal(scanlink_terminate(f->link, 1, &s, false), 0);
	assert_int_equal(scanlink_remains(f->link, 2, &s, 1), 0);
	listen_once(f);
	expect_lost(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_what_remains_is_asked_and_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_an_end_is_asked_and_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_as_many_logins_as_there_can_be_find_room, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_answers_that_no_scanner_gives_are_the_end_of_it, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_question_without_an_answer_is_the_end_of_it, setup,
		    teardown),
	};

	log_init("test_scanlink", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
