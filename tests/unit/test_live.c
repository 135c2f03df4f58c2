/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is found while sessions are open, from the picture that comes to the
 * record, and to the end of the session.
 */
#include "tests/unit/living.h"

#define ALERTED	   "\"action\":\"alert\""
#define TERMINATED "\"action\":\"terminate\""
#define WOULD	   "\"would\":\"terminate\""

#define SCAN  "scan { interval = \"60s\" }\n"
#define STAFF "policy staff { }\n"

static const char strict[] =
    "mode = \"enforce\"\n"
    "terminate = \"yes\"\n"
    "while_open = {\"remote.tool = terminate\"}\n" SCAN STAFF;
static const char mild[] = "mode = \"enforce\"\n" SCAN STAFF;

/* Seconds for what comes at once, and for what is to come later. */
#define SOON_MS	 20
#define WHILE_MS 400

/* A session of somebody whose clock says at_s. */
static pid_t
open_at(const char *user, const char *ref, int64_t at_s)
{
	struct facts facts;
	int pidfd;
	pid_t pid = process(&pidfd);

	facts = login_of(user, "192.0.2.7", pid);
	facts.at_s = at_s;
	assert_int_equal(open_session(sessions, &facts, ref, pidfd), 0);
	return pid;
}

static pid_t
open_now(const char *user, const char *ref)
{
	return open_at(user, ref, daemon_wall_s());
}

/* Pictures without anything, so that what comes is new. */
static void
show_nothing(void)
{
	look_anew();
	look_and_show();
}

static void
test_the_session_is_ended_once(void **state)
{
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = open_now("alice", REF);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(TERMINATED), 1);
	run_for(20);
	(void)asked(SCANNER_QUERY_TERMINATE);
	assert_false(is_asked());
	kill_process(pid);
	live_finish();
}

static void
test_what_the_daemon_finds_at_its_start_ends_nothing(void **state)
{
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = open_now("alice", REF);
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(ALERTED), 1);
	assert_int_equal(live_records(WOULD), 1);
	run_for(20);
	assert_false(is_asked());
	kill_process(pid);
	live_finish();
}

/* In the same second, which no clock could tell apart. */
static void
test_who_was_decided_by_it_is_not_told(void **state)
{
	pid_t before, behind;

	(void)state;
	live_begin(mild);
	before = open_now("alice", REF);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	behind = open_now("bob", "BBBB-BBBB");
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(REF), 1);
	assert_int_equal(live_records("BBBB-BBBB"), 0);
	/* but it is when it comes again */
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(REF), 1);
	assert_int_equal(live_records("BBBB-BBBB"), 0);
	kill_process(before);
	kill_process(behind);
	live_finish();
}

static void
test_who_came_while_it_was_away_is_told(void **state)
{
	pid_t before, between;

	(void)state;
	live_begin(mild);
	before = open_now("alice", REF);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	show_nothing();
	between = open_now("bob", "BBBB-BBBB");
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(REF), 1);
	assert_int_equal(live_records("BBBB-BBBB"), 1);
	kill_process(before);
	kill_process(between);
	live_finish();
}

/* The wall clock is set back while the session is open. */
static void
test_a_clock_that_is_set_back_hides_nothing(void **state)
{
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = open_at("alice", REF, daemon_wall_s() + 86400);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(TERMINATED), 1);
	kill_process(pid);
	live_finish();
}

/* The shell, which has become the tool. */
static void
test_a_process_that_is_older_may_become_one(void **state)
{
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = open_now("alice", REF);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 3600);
	look_and_show();
	assert_int_equal(live_records(TERMINATED), 1);
	kill_process(pid);
	live_finish();
}

static void
test_what_a_cut_look_overlooked_ends_nothing(void **state)
{
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = open_now("alice", REF);
	shown.cut = PICTURE_PROCESSES;
	show_nothing();
	shown.cut = 0;
	look_anew();
	(void)see_tool(SIGN_RUNNING, 3600);
	look_and_show();
	assert_int_equal(live_records(ALERTED), 1);
	assert_int_equal(live_records(TERMINATED), 0);
	kill_process(pid);
	live_finish();
}

static void
test_a_session_of_a_line_that_observes_is_not_ended(void **state)
{
	struct facts facts;
	int pidfd;
	pid_t pid;

	(void)state;
	live_begin(strict);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	facts.login.flags = FG_LOGIN_OBSERVE;
	assert_int_equal(open_session(sessions, &facts, REF, pidfd), 0);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	assert_int_equal(live_records(ALERTED), 1);
	assert_int_equal(live_records(WOULD), 1);
	run_for(20);
	assert_false(is_asked());
	kill_process(pid);
	live_finish();
}

/* The scanner's word on the one that is to be ended. */
static void
refuse(enum scanner_refusal refusal)
{
	const struct scanner_request r = asked(SCANNER_QUERY_TERMINATE);
	struct scanner_answer a = answer_to(&r);

	a.refusal = refusal;
	say(&a);
	run_for(20);
}

/* Somebody whose session is to be ended. */
static pid_t
begin_the_end(void)
{
	pid_t pid;

	live_begin(strict);
	pid = open_now("alice", REF);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	run_for(20);
	return pid;
}

static void
end_the_test(pid_t pid)
{
	kill_process(pid);
	live_finish();
}

static void
test_what_fails_is_tried_again(void **state)
{
	pid_t pid = begin_the_end();

	(void)state;
	the_daemon.live->second_ms = WHILE_MS;
	refuse(SCANNER_REFUSED_ERROR);
	assert_false(is_asked());
	run_until_asked();
	refuse(SCANNER_REFUSED_NOT);
	assert_int_equal(live_records("outcome"), 0);
	run_for(WHILE_MS + 100);
	assert_false(is_asked());
	end_the_test(pid);
}

/* What comes of it is recorded once, and not at each try. */
static void
test_it_is_not_tried_for_ever(void **state)
{
	pid_t pid = begin_the_end();
	int i;

	(void)state;
	the_daemon.live->second_ms = SOON_MS;
	for (i = 0; i < 5; i++) {
		refuse(SCANNER_REFUSED_ERROR);
		assert_int_equal(live_records("outcome"), 0);
		run_until_asked();
	}
	refuse(SCANNER_REFUSED_ERROR);
	assert_int_equal(live_records("\"outcome\":\"refused\""), 1);
	assert_int_equal(live_records("\"service\":\"sshd\""), 2);
	run_for(5 * SOON_MS);
	assert_false(is_asked());
	end_the_test(pid);
}

static void
test_what_goes_on_is_ended_once_more(void **state)
{
	pid_t pid = begin_the_end();
	int i;

	(void)state;
	the_daemon.live->second_ms = WHILE_MS;
	for (i = 0; i < 6; i++) /* of a part each */
		refuse(SCANNER_REFUSED_PARTLY);
	assert_false(is_asked());
	run_until_asked();
	refuse(SCANNER_REFUSED_NOT);
	assert_int_equal(live_records("outcome"), 0);
	end_the_test(pid);
}

static void
test_who_leads_no_login_is_not_asked_about_again(void **state)
{
	pid_t pid = begin_the_end();

	(void)state;
	the_daemon.live->second_ms = SOON_MS;
	refuse(SCANNER_REFUSED_LEADER);
	assert_int_equal(live_records("\"outcome\":\"refused\""), 1);
	run_for(5 * SOON_MS);
	assert_false(is_asked());
	end_the_test(pid);
}

/* Its process was not seen yet when the tool was. */
static void
test_who_is_not_seen_yet_is_ended_when_they_are(void **state)
{
	struct scanner_request r;
	struct scanner_answer a;
	struct facts facts;
	int pidfd;
	pid_t pid;

	(void)state;
	live_begin(strict);
	the_daemon.live->second_ms = WHILE_MS;
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	facts.peer.state = FACT_ERROR;
	facts.peer.start = 0;
	assert_int_equal(open_session(sessions, &facts, REF, pidfd), 0);
	r = asked(SCANNER_QUERY_PEER);
	show_nothing();
	look_anew();
	(void)see_tool(SIGN_RUNNING, 0);
	look_and_show();
	run_for(20);
	assert_false(is_asked());
	a = answer_to(&r);
	a.peer.state = FACT_KNOWN;
	a.peer.start = 2000;
	say(&a);
	run_until_asked();
	refuse(SCANNER_REFUSED_NOT);
	end_the_test(pid);
}

static void
test_a_scanner_that_is_busy_is_asked_again_soon(void **state)
{
	struct scanner_request r;
	size_t n = 0, i;
	pid_t pid;

	(void)state;
	live_begin(strict);
	the_daemon.live->second_ms = WHILE_MS;
	pid = open_now("alice", REF);
	while (scanlink_parent(scanlink, 1, 1) == 0)
		n++;
	live_news(&the_daemon);
	run_until_tick();
	for (i = 0; i < n; i++) {
		r = asked(SCANNER_QUERY_PARENT);
		answer(&r);
		run_for(1);
	}
	run_until_asked();
	(void)asked(SCANNER_QUERY_LOOK);
	end_the_test(pid);
}

static void
reload_interval(int64_t interval_s)
{
	the_daemon.rules->conf->machine.interval_s = interval_s;
	live_reloaded(&the_daemon);
}

/* The old one was of a minute. */
static void
test_a_shorter_interval_holds_from_its_reload_on(void **state)
{
	pid_t pid;
	int i;

	(void)state;
	live_begin(strict);
	the_daemon.live->second_ms = WHILE_MS / 4;
	pid = open_now("alice", REF);
	reload_interval(2);
	/* and reloads put no look off */
	for (i = 0; i < 4; i++) {
		run_for(WHILE_MS / 6);
		reload_interval(2);
	}
	assert_true(is_asked());
	look_anew();
	show();
	reload_interval(3600);
	run_until_asked();
	look_anew();
	show();
	assert_false(is_asked());
	end_the_test(pid);
}

/* What is plugged in: one look for that, and another one in its time. */
static void
test_a_device_is_told_once_by_both_looks(void **state)
{
	const struct scanner_answer news = { .query = SCANNER_NEWS };
	pid_t before, behind = -1;
	int i;

	(void)state;
	live_begin(mild);
	the_daemon.live->second_ms = WHILE_MS / 2;
	before = open_now("alice", REF);
	show_nothing();
	reload_interval(2);
	for (i = 0; i < 3; i++) {
		look_anew();
		see_tool(SIGN_PRESENT, 0)->kind = ENTRY_IP_KVM;
		say(&news);
		say(&news);
		run_until_asked();
		show();
		if (i == 0)
			behind = open_now("bob", "BBBB-BBBB");
		assert_int_equal(live_records(REF), 1);
		assert_int_equal(live_records("BBBB-BBBB"), 0);
	}
	run_until_asked();
	look_anew();
	see_tool(SIGN_PRESENT, 0)->kind = ENTRY_IP_KVM;
	show();
	assert_false(is_asked());
	assert_int_equal(live_records(""), 1);
	kill_process(behind);
	end_the_test(before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_session_is_ended_once),
		STORE_TEST(
		    test_what_the_daemon_finds_at_its_start_ends_nothing),
		STORE_TEST(test_who_was_decided_by_it_is_not_told),
		STORE_TEST(test_who_came_while_it_was_away_is_told),
		STORE_TEST(test_a_clock_that_is_set_back_hides_nothing),
		STORE_TEST(test_a_process_that_is_older_may_become_one),
		STORE_TEST(test_a_session_of_a_line_that_observes_is_not_ended),
		STORE_TEST(test_what_fails_is_tried_again),
		STORE_TEST(test_it_is_not_tried_for_ever),
		STORE_TEST(test_what_goes_on_is_ended_once_more),
		STORE_TEST(test_who_leads_no_login_is_not_asked_about_again),
		STORE_TEST(test_who_is_not_seen_yet_is_ended_when_they_are),
		STORE_TEST(test_a_scanner_that_is_busy_is_asked_again_soon),
		STORE_TEST(test_a_device_is_told_once_by_both_looks),
		STORE_TEST(test_a_shorter_interval_holds_from_its_reload_on),
		STORE_TEST(test_what_a_cut_look_overlooked_ends_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
