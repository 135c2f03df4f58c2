/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decider's end of the socketpair, with the test as the scanner: each
 * question as it goes over, each answer to whom it belongs, and the end of it
 * when none comes or one that no scanner gives.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/machine/scanlink.h"
#include "policyd/scanner/parts.h"
#include "proto/result.h"

#define PATIENCE 10000u /* ms; only a failure takes that long */

/* What was heard last, and how often each. */
struct heard {
	unsigned int peers, remains, terminated, lost, looked, clients, news;
	uint64_t id;
	struct fact_peer peer;
	uint32_t left[SCANNER_SESSIONS_MAX];
	enum scanner_refusal refusal;
	uint32_t signalled;
	struct fact_client client;
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
on_looked(uint64_t id, void *arg)
{
	struct fixture *f = arg;

	f->heard.looked++;
	f->heard.id = id;
	loop_stop(f->loop);
}

static void
on_client(uint64_t id, const struct fact_client *client, void *arg)
{
	struct fixture *f = arg;

	f->heard.clients++;
	f->heard.id = id;
	f->heard.client = *client;
	loop_stop(f->loop);
}

static void
on_news(void *arg)
{
	struct fixture *f = arg;

	f->heard.news++;
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
		on_looked, on_client, on_news, on_lost, f };
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

/* ---- looks -------------------------------------------------------------- */

static void
set_picture(struct picture *p, uint64_t number, size_t n)
{
	size_t i;

	memset(p, 0, sizeof(*p));
	p->number = number;
	p->nsigns = (uint32_t)n;
	for (i = 0; i < n; i++) {
		p->sign[i].kind = ENTRY_VNC;
		p->sign[i].grade = SIGN_RUNNING;
		p->sign[i].confidence = SIGN_BY_IDENTITY;
		p->sign[i].owner = SIGN_OF_MACHINE;
		(void)snprintf(p->sign[i].what, sizeof(p->sign[i].what),
		    "tool-%zu", i);
	}
}

static void
say_picture(struct fixture *f, uint64_t id, const struct picture *p, size_t len)
{
	const struct scanner_answer ans = {
		.id = id, .query = SCANNER_QUERY_LOOK, .picture = 1
	};

	assert_int_equal(send(f->fd, &ans, sizeof(ans), MSG_NOSIGNAL),
	    sizeof(ans));
	assert_int_equal(send(f->fd, p, len, MSG_NOSIGNAL), len);
	listen_once(f);
}

static void
test_a_picture_comes_behind_its_answer(void **state)
{
	static struct picture p;
	struct fixture *f = *state;
	struct scanner_answer same = { .id = 9, .query = SCANNER_QUERY_LOOK };
	struct scanner_request got;

	assert_null(scanlink_picture(f->link));
	assert_int_equal(scanlink_look(f->link, 8, 1000), 0);
	memset(&got, 0, sizeof(got));
	assert_true(recv(f->fd, &got, sizeof(got), MSG_DONTWAIT) > 0);
	assert_int_equal(got.query, SCANNER_QUERY_LOOK);
	assert_int_equal(got.max_age_ms, 1000);
	assert_true(got.have == 0);
	say_tested(f);
	set_picture(&p, 3, 5);
	say_picture(f, 8, &p, picture_size(&p));
	assert_int_equal(f->heard.looked, 1);
	assert_true(f->heard.id == 8);
	assert_non_null(scanlink_picture(f->link));
	assert_int_equal(scanlink_picture(f->link)->nsigns, 5);
	assert_string_equal(scanlink_picture(f->link)->sign[4].what, "tool-4");
	/* The next one says which is there, and may be answered by that. */
	assert_int_equal(scanlink_look(f->link, 9, 1000), 0);
	assert_true(recv(f->fd, &got, sizeof(got), MSG_DONTWAIT) > 0);
	assert_true(got.have == 3);
	say(f, &same, sizeof(same));
	assert_int_equal(f->heard.looked, 2);
	assert_true(scanlink_picture(f->link)->number == 3);
}

/* The scanner may be lost to somebody, and nothing of it is believed. */
static void
test_a_picture_that_is_none_is_the_end_of_it(void **state)
{
	static struct picture p;
	struct fixture *f;
	size_t i, len;

	for (i = 0; i < 11; i++) {
		f = *state;
		assert_int_equal(scanlink_look(f->link, 8, 1000), 0);
		set_picture(&p, 3, 5);
		len = picture_size(&p);
		if (i == 0)
			len--;
		else if (i == 1)
			p.nsigns = PICTURE_SIGNS_MAX + 1;
		else if (i == 2)
			p.sign[4].kind = ENTRY_KINDS;
		else if (i == 3)
			memset(p.sign[4].what, 'x', sizeof(p.sign[4].what));
		else if (i == 4)
			p.sign[4].grade = 0;
		else if (i == 5)
			p.sign[4].since_s = INT64_MAX;
		else if (i == 6)
			p.taken_s = INT64_MIN;
		else if (i == 7)
			p.cut = 1u << PICTURE_PARTS;
		else if (i == 8)
			p.sign[4].pid = -1;
		else if (i == 9)
			p.sign[4].seen[0] = '\n';
		else
			len = 3;
		say_picture(f, 8, &p, len);
		assert_int_equal(f->heard.lost, 1);
		assert_int_equal(f->heard.looked, 0);
		assert_null(scanlink_picture(f->link));
		(void)teardown(state);
		(void)setup(state);
	}
}

static void
test_news_is_no_answer_to_anything(void **state)
{
	struct fixture *f = *state;
	struct scanner_answer news = { .query = SCANNER_NEWS };
	struct scanner_answer ans = { .id = 5,
		.query = SCANNER_QUERY_CLIENT,
		.client = { .state = FACT_KNOWN, .uid = 7, .cgroup = "/a" } };
	const struct look_ends ends = { .client_port = 1, .server_port = 2 };
	struct scanner_request got;

	say_tested(f);
	assert_int_equal(scanlink_client(f->link, 5, &ends), 0);
	assert_true(recv(f->fd, &got, sizeof(got), MSG_DONTWAIT) > 0);
	assert_int_equal(got.query, SCANNER_QUERY_CLIENT);
	assert_int_equal(got.ends.server_port, 2);
	say(f, &news, sizeof(news));
	assert_int_equal(f->heard.news, 1);
	say(f, &ans, sizeof(ans));
	assert_int_equal(f->heard.clients, 1);
	assert_string_equal(f->heard.client.cgroup, "/a");
	assert_int_equal(f->heard.lost, 0);
}

/* Before anybody has asked there is nobody to hear it. */
static void
test_an_answer_to_what_nobody_asked_is_the_end_of_it(void **state)
{
	static const enum scanner_query other[] = { SCANNER_QUERY_PEER,
		SCANNER_QUERY_LOOK, SCANNER_QUERY_CLIENT, SCANNER_QUERY_RULES,
		SCANNER_QUERY_REMAINS, SCANNER_QUERY_TERMINATE,
		SCANNER_QUERY_NONE };
	struct fixture *f;
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct scanner_answer ans = { .query = other[i],
			.peer = { .state = FACT_KNOWN },
			.client = { .state = FACT_KNOWN } };

		f = *state;
		say(f, &ans, sizeof(ans)); /* the self-test was asked for */
		assert_int_equal(f->heard.lost, 1);
		assert_int_equal(f->heard.peers + f->heard.looked +
			f->heard.clients + f->heard.remains +
			f->heard.terminated,
		    0);
		(void)teardown(state);
		(void)setup(state);
	}
}

/* What an ancestor is said to be has to be something. */
static void
test_an_ancestor_that_is_nothing_is_the_end_of_it(void **state)
{
	struct scanner_answer ans;
	struct fixture *f;
	size_t i;

	for (i = 0; i < 5; i++) {
		f = *state;
		assert_int_equal(scanlink_peer(f->link, 7, 1), 0);
		ans = (struct scanner_answer){ .id = 7,
			.query = SCANNER_QUERY_PEER,
			.peer = { .state = FACT_KNOWN } };
		ans.peer.steered.owner = SIGN_OF_USER + (i == 1);
		ans.peer.steered.confidence = SIGN_BY_IDENTITY + (i == 2);
		ans.peer.steered.late = 1 + (i == 3);
		ans.peer.steered.pid = i == 4 ? -1 : 1;
		say(f, &ans, sizeof(ans));
		assert_int_equal(f->heard.lost, i != 0);
		assert_int_equal(f->heard.peers, i == 0);
		(void)teardown(state);
		(void)setup(state);
	}
}

/* Who was asked about is known, or could not be looked at. */
static void
test_an_answer_that_says_nothing_is_the_end_of_it(void **state)
{
	static const enum fact_state none[] = { FACT_NONE, FACT_UNKNOWN };
	struct scanner_answer ans = { .id = 7, .query = SCANNER_QUERY_PEER };
	struct fixture *f;
	size_t i;

	for (i = 0; i < 2; i++) {
		f = *state;
		assert_int_equal(scanlink_peer(f->link, 7, 1), 0);
		ans.peer.state = none[i];
		say(f, &ans, sizeof(ans));
		assert_int_equal(f->heard.lost, 1);
		assert_int_equal(f->heard.peers, 0);
		(void)teardown(state);
		(void)setup(state);
	}
}

static void
test_more_than_an_answer_is_the_end_of_it(void **state)
{
	struct fixture *f = *state;
	struct {
		struct scanner_answer ans;
		char more;
	} m = { .ans = { .query = SCANNER_NEWS } };

	assert_int_equal(send(f->fd, &m, sizeof(m), MSG_NOSIGNAL), sizeof(m));
	listen_once(f);
	assert_int_equal(f->heard.lost, 1);
	assert_int_equal(f->heard.news, 0);
}

static void
test_a_picture_that_never_comes_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	const struct scanner_answer ans = {
		.id = 8, .query = SCANNER_QUERY_LOOK, .picture = 1
	};

	say_tested(f);
	assert_int_equal(scanlink_look(f->link, 8, 1000), 0);
	say(f, &ans, sizeof(ans));
	assert_int_equal(f->heard.lost, 1);
	assert_int_equal(f->heard.looked, 0);
}

/* ---- rules -------------------------------------------------------------- */

/* As many of both, told apart by their numbers. */
static void
make_rules(size_t nentries, size_t nrules, uint32_t mark, struct rules *ret)
{
	struct rule_entry *entry = calloc(nentries + 1, sizeof(*entry));
	struct rule *rule = calloc(nrules + 1, sizeof(*rule));
	size_t i;

	assert_non_null(entry);
	assert_non_null(rule);
	for (i = 0; i < nentries; i++) {
		(void)snprintf(entry[i].name, sizeof(entry[i].name), "e%zu", i);
		entry[i].kind = ENTRY_RMM;
	}
	for (i = 0; i < nrules; i++) {
		rule[i].kind = RULE_LISTEN;
		rule[i].low = (uint32_t)i;
		rule[i].high = mark;
	}
	assert_int_equal(rules_make(entry, nentries, rule, nrules, ret), 0);
	free(entry);
	free(rule);
}

/* The scanner's side: take parts until they are whole. */
static int
take_parts(struct fixture *f, struct rules *ret_rules)
{
	static struct scanner_part part;
	struct scanner_answer ans = { .query = SCANNER_QUERY_RULES };
	struct parts parts = { 0 };
	ssize_t n;
	int r;

	do {
		n = recv(f->fd, &part, sizeof(part), MSG_DONTWAIT);
		assert_true(n > 0);
		assert_int_equal(part.query, SCANNER_QUERY_RULES);
		assert_int_equal((size_t)n, scanner_part_size(&part));
		r = parts_take(&parts, &part, ret_rules);
		assert_int_equal(send(f->fd, &ans, sizeof(ans), 0),
		    sizeof(ans));
		/* Each part waits for the answer to the one before. */
		assert_int_equal(recv(f->fd, &part, sizeof(part), MSG_DONTWAIT),
		    -1);
		loop_timer_set(f->patience, 20);
		assert_int_equal(loop_run(f->loop), 0);
	} while (r == FG_ERR_BUSY);
	parts_done(&parts);
	return r;
}

static void
test_rules_go_over_in_parts_whatever_their_number(void **state)
{
	static const size_t numbers[][2] = { { 0, 0 }, { 1, 1 }, { 128, 0 },
		{ 1, 128 }, { 200, 1000 }, { RULE_ENTRIES_MAX, 129 },
		{ 1, RULE_RULES_MAX } };
	struct fixture *f = *state;
	struct rules rules, got;
	size_t i, k;

	say_tested(f);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		make_rules(numbers[i][0], numbers[i][1], 7, &rules);
		scanlink_set_rules(f->link, &rules);
		assert_int_equal(rules.nrules, 0); /* taken over */
		assert_int_equal(take_parts(f, &got), 0);
		assert_int_equal(got.nentries, numbers[i][0]);
		assert_int_equal(got.nrules, numbers[i][1]);
		for (k = 0; k < got.nrules; k++)
			assert_int_equal(got.rule[k].low, k);
		rules_done(&got);
	}
	assert_int_equal(f->heard.lost, 0);
}

/* A reload while the ones before are on their way. */
static void
test_newer_rules_begin_anew(void **state)
{
	static struct scanner_part part;
	struct scanner_answer ans = { .query = SCANNER_QUERY_RULES };
	struct fixture *f = *state;
	struct rules rules, got;

	say_tested(f);
	make_rules(1, 1000, 1, &rules);
	scanlink_set_rules(f->link, &rules);
	assert_true(recv(f->fd, &part, sizeof(part), MSG_DONTWAIT) > 0);
	make_rules(1, 300, 2, &rules);
	scanlink_set_rules(f->link, &rules);
	assert_int_equal(recv(f->fd, &part, sizeof(part), MSG_DONTWAIT), -1);
	assert_int_equal(send(f->fd, &ans, sizeof(ans), 0), sizeof(ans));
	loop_timer_set(f->patience, 20);
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(take_parts(f, &got), 0);
	assert_int_equal(got.nrules, 300);
	assert_int_equal(got.rule[0].high, 2);
	rules_done(&got);
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
		{ .query = SCANNER_NEWS + 1 },
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

/* Says something all the time, and nothing of the rules. */
static pid_t
chatter(const struct fixture *f)
{
	const struct scanner_answer news = { .query = SCANNER_NEWS };
	pid_t pid = fork();
	int i;

	if (pid != 0)
		return pid;
	for (i = 0; i < 100; i++) {
		(void)send(f->fd, &news, sizeof(news),
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)usleep(100000);
	}
	_exit(0);
}

static void
test_who_only_talks_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	struct rules rules;
	pid_t pid;

	say_tested(f);
	make_rules(3, 3, 1, &rules);
	scanlink_set_rules(f->link, &rules);
	assert_int_not_equal(pid = chatter(f), -1);
	scanlink_await_rules(f->link);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0); /* it still does */
	assert_int_equal(f->heard.lost, 1);
	assert_true(f->heard.news > 0);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_an_answer_to_what_nobody_asked_is_the_end_of_it, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_an_answer_that_says_nothing_is_the_end_of_it, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_an_ancestor_that_is_nothing_is_the_end_of_it, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_more_than_an_answer_is_the_end_of_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_picture_that_never_comes_is_not_waited_for, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_who_only_talks_is_not_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_what_remains_is_asked_and_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_an_end_is_asked_and_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_picture_comes_behind_its_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_picture_that_is_none_is_the_end_of_it, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_news_is_no_answer_to_anything, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_rules_go_over_in_parts_whatever_their_number, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_newer_rules_begin_anew,
		    setup, teardown),
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
