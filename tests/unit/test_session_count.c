/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who counts: seats from the moment that they are reserved, sessions as long
 * as they live, each person's own and nobody else's, and never the login that
 * is decided.
 */
#include "tests/unit/seating.h"

static int
reserve(const struct facts *facts, const char *ref, int pidfd)
{
	return session_reserve(sessions, facts,
	    &(struct session_seat){ .ref = ref, .query = 0, .pidfd = pidfd });
}

/* Look and reserve, as many at once as there are, never more than max. */
static void
test_of_fifty_logins_no_more_than_may_get_a_seat(void **state)
{
	pid_t pid[50];
	size_t i, in = 0;
	int pidfd;

	(void)state;
	begin(BOOT);
	for (i = 0; i < 50; i++) {
		struct facts facts;
		char ref[FG_REF_MAX + 1];

		pid[i] = process(&pidfd);
		facts = login_of("alice", "192.0.2.7", pid[i]);
		(void)snprintf(ref, sizeof(ref), "SEAT-%04zu", i);
		if (others(&facts) + 1 > 3) {
			(void)close(pidfd);
			continue;
		}
		assert_int_equal(reserve(&facts, ref, pidfd), 0);
		in++;
	}
	assert_int_equal(in, 3);
	for (i = 0; i < 50; i++)
		kill_process(pid[i]);
	finish();
}

static void
test_a_seat_is_its_persons_alone(void **state)
{
	struct facts alice, bob;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	alice = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(reserve(&alice, "AAAA-AAAA", pidfd), 0);
	bob = login_of("bob", "192.0.2.7", 4);
	assert_int_equal(others(&bob), 0);
	/* one of hers by another account */
	bob.person.state = FACT_KNOWN;
	(void)strcpy(bob.person.person.user, "alice");
	assert_int_equal(others(&bob), 1);
	kill_process(pid);
	finish();
}

static void
test_nested_and_exempt_logins_take_no_seat(void **state)
{
	static const enum service_kind kinds[] = { SERVICE_NESTED,
		SERVICE_EXEMPT };
	struct facts facts = login_of("alice", "192.0.2.7", 4), other;
	size_t i;

	(void)state;
	begin(BOOT);
	for (i = 0; i < 2; i++) {
		facts.kind = kinds[i];
		assert_int_equal(reserve(&facts, "AAAA-AAAA", -1), 0);
	}
	other = login_of("alice", "192.0.2.8", 5);
	assert_int_equal(others(&other), 0);
	finish();
}

static void
test_the_login_that_is_decided_does_not_count(void **state)
{
	struct facts facts;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(reserve(&facts, "AAAA-AAAA", dup(pidfd)), 0);
	/* the same process asks again */
	assert_int_equal(others(&facts), 0);
	assert_int_equal(reserve(&facts, "BBBB-BBBB", dup(pidfd)), 0);
	/* its session is opened */
	facts.login.phase = FG_PHASE_SESSION;
	(void)strcpy(facts.login.ref, "BBBB-BBBB");
	assert_int_equal(others(&facts), 0);
	assert_int_equal(session_claim(sessions, &facts), 0);
	assert_int_equal(open_session(sessions, &facts, "BBBB-BBBB", pidfd), 0);
	assert_int_equal(others(&facts), 0);
	/* and counts for the next one */
	facts = login_of("alice", "192.0.2.9", 4);
	assert_int_equal(others(&facts), 1);
	kill_process(pid);
	finish();
}

/* A login that failed after account does not wait for the two minutes. */
static void
test_a_seat_fades_when_the_one_who_asked_has_ended(void **state)
{
	struct facts facts, next;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	facts.peer.ancestors = 1;
	facts.peer.ancestor[0] = (struct fact_process){ .pid = 77, .start = 5 };
	assert_int_equal(reserve(&facts, "AAAA-AAAA", pidfd), 0);
	kill_process(pid);
	run_for(50);
	next = login_of("alice", "192.0.2.8", 4);
	assert_int_equal(others(&next), 1); /* its parent may still come */
	facts.login.phase = FG_PHASE_SESSION;
	(void)strcpy(facts.login.ref, "AAAA-AAAA");
	facts.peer.pid = 77;
	facts.peer.start = 5;
	assert_int_equal(others(&facts), 0);
	assert_int_equal(session_claim(sessions, &facts), 0);
	assert_int_equal(others(&next), 0);
	finish();
}

/* The scanner's answer came too late: it counts, and is looked at later. */
static void
test_a_session_whose_process_nobody_has_seen_counts(void **state)
{
	struct facts facts, next;
	struct scanner_request r;
	struct scanner_answer a;
	struct fact_peer sudo = { .state = FACT_KNOWN, .audit_session = 42 };
	struct gather_parent parent;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(reserve(&facts, "AAAA-AAAA", -1), 0);
	facts.login.phase = FG_PHASE_SESSION;
	(void)strcpy(facts.login.ref, "AAAA-AAAA");
	facts.peer.state = FACT_ERROR;
	facts.peer.start = 0;
	assert_int_equal(others(&facts), 0); /* its own seat */
	assert_int_equal(session_claim(sessions, &facts), 0);
	assert_int_equal(open_session(sessions, &facts, "AAAA-AAAA", pidfd), 0);
	next = login_of("alice", "192.0.2.8", 4);
	assert_int_equal(others(&next), 1);
	r = asked(SCANNER_QUERY_PEER);
	assert_int_equal(r.pid, pid);
	a = answer_to(&r);
	a.peer.state = FACT_KNOWN;
	a.peer.start = 2000;
	a.peer.audit_session = 42;
	say(&a);
	run_for(50);
	assert_int_equal(others(&next), 1);
	session_parent(sessions, &sudo, &parent);
	assert_non_null(parent.origin);
	kill_process(pid);
	finish();
}

/* Whoever has failed later keeps nobody out that has come further. */
static void
test_a_fading_seat_does_not_stop_a_session(void **state)
{
	struct facts facts, next;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(reserve(&facts, "AAAA-AAAA", pidfd), 0);
	kill_process(pid);
	run_for(50);
	next = login_of("alice", "192.0.2.8", 4);
	assert_int_equal(others(&next), 1);
	next.login.phase = FG_PHASE_SESSION;
	assert_int_equal(others(&next), 0);
	finish();
}

static void
test_places_are_listed_once_the_newest_first(void **state)
{
	static const char *const from[] = { "192.0.2.1", "192.0.2.1",
		"192.0.2.2", "2001:db8::1" };
	struct fact_sessions s;
	struct facts facts;
	pid_t pid[4];
	size_t i;
	int pidfd;

	(void)state;
	begin(BOOT);
	for (i = 0; i < 4; i++) {
		char ref[FG_REF_MAX + 1];

		pid[i] = process(&pidfd);
		facts = login_of("alice", from[i], pid[i]);
		(void)snprintf(ref, sizeof(ref), "OPEN-%04zu", i);
		assert_int_equal(open_session(sessions, &facts, ref, pidfd), 0);
	}
	facts = login_of("alice", "192.0.2.9", 4);
	session_others(sessions, &facts, &s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.nlisted, 3);
	assert_false(s.overflow);
	assert_string_equal(s.list[0].ref, "OPEN-0003");
	assert_string_equal(s.list[1].ref, "OPEN-0002");
	assert_string_equal(s.list[2].ref, "OPEN-0001");
	assert_false(s.list[0].reserved);
	for (i = 0; i < 4; i++)
		kill_process(pid[i]);
	finish();
}

/* A login by this key, which opens a session. */
static pid_t
open_with_key(const char *fingerprint, const char *ref)
{
	struct facts facts;
	pid_t pid;
	int pidfd;

	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.1", pid);
	facts.login.keys.n = 1;
	set_text(facts.login.keys.list[0].fingerprint,
	    sizeof(facts.login.keys.list[0].fingerprint), fingerprint);
	assert_int_equal(open_session(sessions, &facts, ref, pidfd), 0);
	return pid;
}

static void
test_each_device_is_a_place(void **state)
{
	struct fact_sessions s;
	struct facts facts;
	pid_t pid[3];
	size_t i;

	(void)state;
	begin(BOOT);
	pid[0] = open_with_key("SHA256:a", "OPEN-0000");
	pid[1] = open_with_key("SHA256:b", "OPEN-0001");
	pid[2] = open_with_key("SHA256:a", "OPEN-0002");
	facts = login_of("alice", "192.0.2.9", 4);
	session_others(sessions, &facts, &s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.nlisted, 2);
	assert_string_equal(s.list[0].ref, "OPEN-0002");
	assert_string_equal(s.list[0].device, "SHA256:a");
	assert_string_equal(s.list[0].key, "SHA256:a");
	assert_string_equal(s.list[1].device, "SHA256:b");
	for (i = 0; i < 3; i++)
		kill_process(pid[i]);
	finish();
}

static void
test_more_places_than_fit_are_told(void **state)
{
	struct fact_sessions s;
	struct facts facts;
	size_t i;

	(void)state;
	begin(BOOT);
	for (i = 0; i <= FACT_OTHERS_MAX; i++) {
		char address[32];

		(void)snprintf(address, sizeof(address), "192.0.2.%zu", i);
		facts = login_of("alice", address, 1000 + (pid_t)i);
		assert_int_equal(reserve(&facts, "AAAA-AAAA", -1), 0);
	}
	facts = login_of("alice", "198.51.100.1", 4);
	session_others(sessions, &facts, &s);
	assert_int_equal(s.count, FACT_OTHERS_MAX + 1);
	assert_int_equal(s.nlisted, FACT_OTHERS_MAX);
	assert_true(s.overflow);
	finish();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_of_fifty_logins_no_more_than_may_get_a_seat),
		STORE_TEST(test_a_seat_is_its_persons_alone),
		STORE_TEST(test_nested_and_exempt_logins_take_no_seat),
		STORE_TEST(test_the_login_that_is_decided_does_not_count),
		STORE_TEST(test_a_seat_fades_when_the_one_who_asked_has_ended),
		STORE_TEST(test_a_session_whose_process_nobody_has_seen_counts),
		STORE_TEST(test_a_fading_seat_does_not_stop_a_session),
		STORE_TEST(test_places_are_listed_once_the_newest_first),
		STORE_TEST(test_each_device_is_a_place),
		STORE_TEST(test_more_places_than_fit_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
