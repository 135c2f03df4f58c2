/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of sessions whose leader has gone, and of those that an earlier
 * daemon has opened; with real processes and a real store, and a scanner that
 * the test plays.
 */
#include "policyd/store/store_history.h"
#include "tests/unit/seating.h"

static size_t
stored(void)
{
	struct store_login l;

	return store_history_last(store, "alice", &l) == 0;
}

static void
test_what_is_opened_is_on_record_and_in_the_history(void **state)
{
	struct store_login l;
	pid_t pid;

	(void)state;
	begin(BOOT);
	assert_int_equal(stored(), 0);
	pid = open_one("alice", REF);
	assert_int_equal(on_record(), 1);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_string_equal(l.ref, REF);
	assert_string_equal(l.country, "NO");
	assert_int_equal(l.asn, 64500);
	assert_string_equal(l.boot_id, BOOT);
	kill_process(pid);
	finish();
}

static void
test_a_session_of_which_nothing_is_left_ends(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	kill_process(pid);
	remains(0);
	assert_string_equal(seen.ref, REF);
	assert_int_equal(seen.how, SESSION_ENDED_GONE);
	assert_int_equal(session_count(sessions), 0);
	assert_int_equal(on_record(), 0);
	finish();
}

static void
test_an_orphan_stays_until_its_processes_are_gone(void **state)
{
	struct facts facts = login_of("alice", "192.0.2.9", 4);
	struct fact_peer peer = { .state = FACT_KNOWN, .audit_session = 42 };
	struct gather_parent parent;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	kill_process(pid);
	remains(2);
	assert_string_equal(seen.left, REF);
	assert_int_equal(seen.state, STORE_SESSION_ORPHAN);
	assert_int_equal(seen.n, 0);
	assert_int_equal(others(&facts), 1);
	/* sudo inside of it still has its origin */
	session_parent(sessions, &peer, &parent);
	assert_non_null(parent.origin);
	seen.left[0] = '\0';
	run_for(2200); /* it is asked about again */
	remains(0);
	assert_string_equal(seen.left, ""); /* told once */
	assert_int_equal(seen.how, SESSION_ENDED_GONE);
	assert_int_equal(others(&facts), 0);
	finish();
}

static void
test_what_is_detached_is_no_orphan(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	session_closing(sessions, pid, REF);
	kill_process(pid);
	remains(1);
	assert_int_equal(seen.state, STORE_SESSION_DETACHED);
	finish();
}

/* Nine at once are two questions, the second after the first's answer. */
static void
test_the_scanner_is_asked_about_several_and_once_at_a_time(void **state)
{
	struct scanner_request r;
	pid_t pid[10];
	size_t i, n;

	(void)state;
	begin(BOOT);
	for (i = 0; i < 10; i++) {
		char ref[FG_REF_MAX + 1];

		(void)snprintf(ref, sizeof(ref), "MANY-%04zu", i);
		pid[i] = open_one("alice", ref);
	}
	for (i = 0; i < 10; i++)
		kill_process(pid[i]);
	run_for(100);
	for (n = 0; n < 10; n += r.nsessions) {
		r = asked(SCANNER_QUERY_REMAINS);
		assert_false(is_asked());
		assert_in_range(r.nsessions, 1, SCANNER_SESSIONS_MAX);
		answer(&r);
		for (i = 0; i < r.nsessions; i++)
			run_for(100);
	}
	assert_int_equal(n, 10);
	assert_int_equal(seen.n, 10);
	finish();
}

/* However often others log out. */
static void
test_what_is_left_is_looked_at_again_while_others_leave(void **state)
{
	struct scanner_request r;
	pid_t alice, bob;
	unsigned int i;

	(void)state;
	begin(BOOT);
	alice = open_one("alice", REF);
	kill_process(alice);
	remains(1);
	assert_string_equal(seen.left, REF);
	for (i = 0; i < 4 && seen.how == SESSION_END_NONE; i++) {
		bob = open_one("bob", "BBBB-BBBB");
		kill_process(bob);
		run_for(100);
		r = asked(SCANNER_QUERY_REMAINS);
		answer(&r);
		run_for(100); /* until bob's has ended */
		run_for(800);
		while (is_asked()) {
			r = asked(SCANNER_QUERY_REMAINS);
			answer(&r);
			run_for(50);
		}
		if (strcmp(seen.ref, "BBBB-BBBB") == 0)
			seen.how = SESSION_END_NONE;
	}
	assert_int_equal(session_count(sessions), 0);
	assert_string_equal(seen.ref, REF);
	finish();
}

/* It has too much to do: nothing is given up for that. */
static void
test_a_scanner_that_is_busy_ends_nothing(void **state)
{
	struct scanner_request r;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	while (scanlink_peer(scanlink, 1, 1) == 0)
		;
	kill_process(pid);
	run_for(100);
	assert_int_equal(session_count(sessions), 1);
	assert_int_equal(seen.n, 0);
	while (is_asked()) {
		r = asked(SCANNER_QUERY_PEER);
		answer(&r);
		run_for(1);
	}
	run_for(2500);
	remains(0);
	assert_int_equal(session_count(sessions), 0);
	finish();
}

/* ---- after a restart --------------------------------------------------- */

static void
restart(const char *boot_id)
{
	finish();
	begin(boot_id);
}

/* The scanner's word, when asked who leads it: a process of this start. */
static pid_t
led_since(uint64_t start)
{
	struct scanner_request r = asked(SCANNER_QUERY_PEER);
	struct scanner_answer a = answer_to(&r);

	a.peer.state = FACT_KNOWN;
	a.peer.start = start;
	say(&a);
	return r.pid;
}

static void
test_a_restart_finds_a_session_again(void **state)
{
	struct facts facts = login_of("alice", "192.0.2.9", 4);
	struct fact_peer sudo = { .state = FACT_KNOWN,
		.audit_session = (uint32_t)-1,
		.ancestors = 1 };
	struct gather_parent parent;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	restart(BOOT);
	assert_int_equal(sessions_attach(sessions), 0);
	assert_int_equal(session_count(sessions), 1);
	assert_int_equal(others(&facts), 1); /* before the scanner's word */
	assert_int_equal(led_since(2000), pid);
	run_for(100);
	assert_int_equal(session_count(sessions), 1);
	assert_int_equal(seen.n, 0);
	sudo.ancestor[0] = (struct fact_process){ .pid = pid, .start = 2000 };
	session_parent(sessions, &sudo, &parent);
	assert_non_null(parent.origin);
	assert_string_equal(parent.ref, REF);
	/* and sees its end */
	kill_process(pid);
	remains(0);
	assert_int_equal(seen.how, SESSION_ENDED_GONE);
	assert_int_equal(on_record(), 0);
	finish();
}

static void
test_another_process_by_the_same_number_is_another_one(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	restart(BOOT);
	assert_int_equal(sessions_attach(sessions), 0);
	assert_int_equal(led_since(2001), pid);
	remains(0);
	assert_int_equal(seen.how, SESSION_ENDED_LOST);
	kill_process(pid);
	finish();
}

/* One whose process nobody has seen: it cannot have begun after the session. */
static void
open_unseen(uint64_t later_s, pid_t *ret_pid)
{
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);
	struct facts facts;
	int pidfd;

	begin(BOOT);
	*ret_pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", *ret_pid);
	facts.peer.state = FACT_ERROR;
	facts.peer.start = 0;
	assert_int_equal(open_session(sessions, &facts, REF, pidfd), 0);
	sessions_flush(sessions);
	restart(BOOT);
	assert_int_equal(sessions_attach(sessions), 0);
	assert_int_equal(led_since(((uint64_t)session_now_s() + later_s) *
			     ticks),
	    *ret_pid);
}

static void
test_a_younger_process_is_not_taken_for_an_unseen_one(void **state)
{
	pid_t pid;

	(void)state;
	open_unseen(2, &pid);
	run_for(50);
	assert_true(seen.n == 1 || is_asked());
	if (seen.n == 0)
		remains(0);
	assert_int_equal(seen.how, SESSION_ENDED_LOST);
	assert_int_equal(session_count(sessions), 0);
	kill_process(pid);
	finish();
	assert_int_equal(remove_folder(state), 0);
	assert_int_equal(make_folder(state), 0);
	open_unseen(0, &pid);
	run_for(50);
	assert_int_equal(seen.n, 0);
	assert_int_equal(session_count(sessions), 1);
	kill_process(pid);
	finish();
}

static void
test_what_ended_meanwhile_is_lost(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	finish();
	kill_process(pid);
	begin(BOOT);
	assert_int_equal(sessions_attach(sessions), 0);
	remains(0);
	assert_int_equal(seen.how, SESSION_ENDED_LOST);
	assert_int_equal(on_record(), 0);
	finish();
}

static void
test_a_reboot_ends_everything(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", REF);
	restart(OTHER_BOOT);
	assert_int_equal(sessions_attach(sessions), 0);
	assert_int_equal(seen.how, SESSION_ENDED_REBOOT);
	assert_int_equal(session_count(sessions), 0);
	assert_int_equal(on_record(), 0);
	assert_false(is_asked());
	kill_process(pid);
	finish();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_is_opened_is_on_record_and_in_the_history),
		STORE_TEST(test_a_session_of_which_nothing_is_left_ends),
		STORE_TEST(test_an_orphan_stays_until_its_processes_are_gone),
		STORE_TEST(test_what_is_detached_is_no_orphan),
		STORE_TEST(
		    test_the_scanner_is_asked_about_several_and_once_at_a_time),
		STORE_TEST(
		    test_what_is_left_is_looked_at_again_while_others_leave),
		STORE_TEST(test_a_scanner_that_is_busy_ends_nothing),
		STORE_TEST(test_a_restart_finds_a_session_again),
		STORE_TEST(
		    test_another_process_by_the_same_number_is_another_one),
		STORE_TEST(
		    test_a_younger_process_is_not_taken_for_an_unseen_one),
		STORE_TEST(test_what_ended_meanwhile_is_lost),
		STORE_TEST(test_a_reboot_ends_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
