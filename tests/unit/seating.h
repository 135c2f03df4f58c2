/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of sessions share: a loop with sessions in it, logins by
 * processes that are real, and a scanner whose answers the test writes.
 */
#ifndef FG_TESTS_SEATING_H
#define FG_TESTS_SEATING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/machine/scanlink.h"
#include "proto/result.h"
#include "tests/unit/opening.h"
#include "tests/unit/storing.h"

#define BOOT	   "11111111-2222-3333-4444-555555555555"
#define OTHER_BOOT "99999999-2222-3333-4444-555555555555"
#define REF	   "7F3K-Q2MN"

static struct loop *loop;
static struct store *store;
static struct sessions *sessions;
static struct scanlink *scanlink;
static int scanner; /* the other end of it */

static struct {
	char ref[FG_REF_MAX + 1];
	enum session_end how;
	int64_t open_s;
	size_t n;
	char left[FG_REF_MAX + 1];
	enum store_session_state state;
} seen;

static inline void
on_ended(const struct store_session *s, int64_t open_s, enum session_end how,
    void *arg)
{
	(void)arg;
	assert_true(open_s >= 0);
	memcpy(seen.ref, s->ref, sizeof(seen.ref));
	seen.how = how;
	seen.open_s = open_s;
	seen.n++;
	loop_stop(loop);
}

static inline void
on_left(const struct store_session *s, uint32_t remains, void *arg)
{
	(void)arg;
	assert_true(remains > 0);
	memcpy(seen.left, s->ref, sizeof(seen.left));
	seen.state = s->state;
	loop_stop(loop);
}

static inline void
on_answer(uint64_t id, const struct fact_peer *peer, void *arg)
{
	(void)arg;
	if (!session_attached(sessions, id, peer))
		session_learn(sessions, id, peer);
}

static inline void
on_remains(uint64_t id, const uint32_t *remains, void *arg)
{
	(void)arg;
	session_remains(sessions, id, remains);
}

static inline void
on_terminated(uint64_t id, enum scanner_refusal refusal, uint32_t signalled,
    void *arg)
{
	(void)arg;
	session_terminated(sessions, id, refusal, signalled);
}

static inline void
on_lost(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* The next request to the scanner; fails the test if there is none. */
static inline struct scanner_request
asked(enum scanner_query query)
{
	struct pollfd pfd = { .fd = scanner, .events = POLLIN };
	struct scanner_request request = { .id = 0 };

	assert_int_equal(poll(&pfd, 1, 5000), 1);
	assert_true(recv(scanner, &request, sizeof(request), 0) > 0);
	assert_int_equal(request.query, query);
	return request;
}

static inline bool
is_asked(void)
{
	struct pollfd pfd = { .fd = scanner, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

static inline struct scanner_answer
answer_to(const struct scanner_request *request)
{
	struct scanner_answer a;

	memset(&a, 0, sizeof(a));
	a.id = request->id;
	a.query = request->query;
	a.peer.state = FACT_ERROR;
	return a;
}

static inline void
say(const struct scanner_answer *a)
{
	assert_int_equal(send(scanner, a, sizeof(*a), 0), sizeof(*a));
}

/* With nothing of what it could say. */
static inline void
answer(const struct scanner_request *request)
{
	struct scanner_answer a = answer_to(request);

	say(&a);
}

static inline void
stop_loop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* Run the loop until something happens that a test looks at, or for ms. */
static inline void
run_for(unsigned int ms)
{
	struct loop_timer *timer;

	assert_int_equal(loop_timer(loop, stop_loop, NULL, &timer), 0);
	loop_timer_set(timer, ms);
	assert_int_equal(loop_run(loop), 0);
	loop_timer_free(timer);
}

/* A daemon's sessions, with who hears of the scanner. */
static inline void
begin_with(const char *boot_id, const struct scanlink_calls *links)
{
	const struct session_calls calls = { .ended = on_ended,
		.left = on_left };
	struct scanner_request test;
	int pair[2];

	memset(&seen, 0, sizeof(seen));
	assert_int_equal(loop_new(&loop), 0);
	store = open_store();
	sessions = sessions_new(loop, store, boot_id, &calls);
	assert_non_null(sessions);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			     pair),
	    0);
	scanner = pair[1];
	assert_int_equal(scanlink_new(loop, pair[0], folder, links, &scanlink),
	    0);
	test = asked(SCANNER_QUERY_COVERAGE);
	answer(&test);
	run_for(20);
	sessions_set_scanlink(sessions, scanlink);
}

/* Of this boot or of another one. */
static inline void
begin(const char *boot_id)
{
	const struct scanlink_calls links = { .answer = on_answer,
		.remains = on_remains,
		.terminated = on_terminated,
		.lost = on_lost };

	begin_with(boot_id, &links);
}

static inline void
finish(void)
{
	sessions_free(sessions);
	scanlink_free(scanlink);
	(void)close(scanner);
	loop_free(loop);
	store_close(store);
}

/* A child that waits for its end; *ret_pidfd is the caller's. */
static inline pid_t
process(int *ret_pidfd)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		/* A test that fails takes it along. */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)pause();
		_exit(0);
	}
	*ret_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_true(*ret_pidfd >= 0);
	return pid;
}

static inline void
kill_process(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* user at sshd from an address, asked for by pid. */
static inline struct facts
login_of(const char *user, const char *address, pid_t pid)
{
	struct facts facts;

	memset(&facts, 0, sizeof(facts));
	facts.at_s = 1767225600;
	facts.kind = SERVICE_REMOTE;
	facts.login.phase = FG_PHASE_ACCOUNT;
	facts.login.uid = 1000;
	(void)strcpy(facts.login.user, user);
	(void)strcpy(facts.login.service, "sshd");
	facts.peer.state = FACT_KNOWN;
	facts.peer.pid = pid;
	facts.peer.start = 2000;
	facts.peer.audit_session = (uint32_t)-1;
	facts.origin.kind = ORIGIN_ADDRESS;
	facts.origin.source = ORIGIN_FROM_RHOST;
	assert_int_equal(addr_parse(address, &facts.origin.addr), 0);
	facts.origin.cls = addr_classify(&facts.origin.addr);
	return facts;
}

/* One that has an audit session, so that something can be left of it. */
static inline pid_t
open_one(const char *user, const char *ref)
{
	struct facts facts;
	int pidfd;
	pid_t pid = process(&pidfd);

	facts = login_of(user, "192.0.2.7", pid);
	facts.peer.audit_session = 42;
	(void)strcpy(facts.where.country, "NO");
	facts.where.asn = 64500;
	assert_int_equal(open_session(sessions, &facts, ref, pidfd), 0);
	sessions_keep(sessions);
	sessions_flush(sessions);
	return pid;
}

/* The scanner's next word on what is left of the first one asked about. */
static inline void
remains(uint32_t n)
{
	struct scanner_request r;
	struct scanner_answer a;

	run_for(50);
	r = asked(SCANNER_QUERY_REMAINS);
	a = answer_to(&r);
	a.remains[0] = n;
	say(&a);
	run_for(5000);
}

static inline size_t
on_record(void)
{
	size_t n = 0;

	assert_int_equal(store_sessions_each(store, count_session, &n), 0);
	return n;
}

static inline size_t
others(const struct facts *facts)
{
	struct fact_sessions s;

	session_others(sessions, facts, &s);
	assert_int_equal(s.state, FACT_KNOWN);
	return s.count;
}

#endif
