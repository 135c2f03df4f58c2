/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that an administrator ends, and how those are found that are meant;
 * with real processes and a real store, and a scanner that the test plays.
 */
#include "tests/unit/seating.h"

static struct {
	size_t asked;
	size_t told;
	enum scanner_refusal refusal;
	uint32_t signalled;
	char person[FG_USER_MAX + 1];
} ended;

static void
on_told(const struct store_session *s, enum scanner_refusal refusal,
    uint32_t signalled, void *arg)
{
	(void)arg;
	assert_true(ended.told < ended.asked);
	ended.told++;
	ended.refusal = refusal;
	ended.signalled = signalled;
	memcpy(ended.person, s->person, sizeof(ended.person));
	if (ended.told == ended.asked)
		loop_stop(loop);
}

struct whose {
	struct person person;
	void *arg;
};

static int
terminate_one(const struct store_session *s, bool reserved, void *arg)
{
	const struct whose *whose = arg;

	assert_false(reserved);
	if (!session_is_of(s, &whose->person))
		return 0;
	assert_int_equal(session_terminate(sessions, s, on_told, whose->arg),
	    0);
	ended.asked++;
	return 0;
}

/* An entry of the inventory with one more account. */
static size_t
terminate(const char *user, const char *account, void *arg)
{
	static struct whose whose;
	struct session_cursor cursor = { 0 };
	struct person *person = &whose.person;

	person_init(person);
	(void)snprintf(person->user, sizeof(person->user), "%s", user);
	(void)snprintf(person->account[0], sizeof(person->account[0]), "%s",
	    user);
	(void)snprintf(person->account[1], sizeof(person->account[1]), "%s",
	    account);
	person->naccounts = 2;
	whose.arg = arg;
	session_unreserve(sessions, person);
	while (sessions_some(sessions, &cursor, 1, terminate_one, &whose))
		;
	assert_int_equal(ended.told, 0);
	return ended.asked;
}

static void
test_the_scanner_ends_a_persons_sessions_and_seats(void **state)
{
	struct facts seat;
	struct scanner_request r;
	struct scanner_answer a;
	pid_t alice, bob;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	alice = open_one("alice", REF);
	bob = open_one("bob", "BBBB-BBBB");
	seat = login_of("alice", "192.0.2.8", 4);
	assert_int_equal(session_reserve(sessions, &seat,
			     &(struct session_seat){
				 .ref = "CCCC-CCCC", .query = 0, .pidfd = -1 }),
	    0);
	assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
	seat.peer.pid = 5;
	assert_int_equal(others(&seat), 1); /* the session, not the seat */
	run_for(50);
	r = asked(SCANNER_QUERY_TERMINATE);
	assert_int_equal(r.session[0].leader.pid, alice);
	assert_int_equal(r.force, 0);
	a = answer_to(&r);
	a.signalled = 3;
	say(&a);
	run_for(1000);
	assert_int_equal(ended.told, 1);
	assert_string_equal(ended.person, "alice");
	assert_int_equal(ended.refusal, SCANNER_REFUSED_NOT);
	/* it does not go: once more, with force */
	run_for(3200);
	r = asked(SCANNER_QUERY_TERMINATE);
	assert_int_equal(r.force, 1);
	kill_process(alice);
	answer(&r);
	remains(0);
	assert_int_equal(seen.how, SESSION_ENDED_TERMINATED);
	assert_int_equal(session_count(sessions), 1);
	kill_process(bob);
	finish();
}

/* As the account's own: the inventory had no such person then. */
static void
test_a_session_of_an_account_is_the_persons(void **state)
{
	pid_t alice, admin, bob;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	alice = open_one("alice", REF);
	admin = open_one("adm-alice", "BBBB-BBBB");
	bob = open_one("bob", "CCCC-CCCC");
	assert_int_equal(terminate("alice", "adm-alice", NULL), 2);
	kill_process(alice);
	kill_process(admin);
	kill_process(bob);
	finish();
}

static void
test_a_refusal_is_told_and_ends_nothing(void **state)
{
	struct scanner_request r;
	struct scanner_answer a;
	pid_t pid;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	pid = open_one("alice", REF);
	assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
	run_for(50);
	r = asked(SCANNER_QUERY_TERMINATE);
	a = answer_to(&r);
	a.refusal = SCANNER_REFUSED_LEADER;
	say(&a);
	run_for(1000);
	assert_int_equal(ended.refusal, SCANNER_REFUSED_LEADER);
	assert_int_equal(session_count(sessions), 1);
	run_for(3200);
	assert_false(is_asked());
	kill_process(pid);
	finish();
}

/* A process that nobody has seen yet is not one that has gone. */
static void
test_one_that_was_not_seen_is_not_over(void **state)
{
	struct facts facts;
	struct scanner_request r;
	struct scanner_answer a;
	int pidfd;
	pid_t pid;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	facts.peer.state = FACT_ERROR;
	facts.peer.start = 0;
	assert_int_equal(open_session(sessions, &facts, REF, pidfd), 0);
	assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
	run_for(1000);
	assert_int_equal(ended.told, 1);
	assert_int_equal(ended.refusal, SCANNER_REFUSED_ERROR);
	assert_int_equal(session_count(sessions), 1);
	/* when it is seen it can be ended */
	r = asked(SCANNER_QUERY_PEER);
	a = answer_to(&r);
	a.peer.state = FACT_KNOWN;
	a.peer.start = 2000;
	say(&a);
	run_for(50);
	memset(&ended, 0, sizeof(ended));
	assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
	run_for(50);
	r = asked(SCANNER_QUERY_TERMINATE);
	assert_int_equal(r.session[0].leader.start, 2000);
	kill_process(pid);
	finish();
}

/* With other answers in between, until it is done or has been long enough. */
static void
test_a_session_of_many_processes_is_ended_in_parts(void **state)
{
	struct scanner_request r;
	struct scanner_answer a;
	int parts, enough;
	pid_t pid;

	(void)state;
	for (enough = 0; enough < 2; enough++) {
		memset(&ended, 0, sizeof(ended));
		begin(BOOT);
		pid = open_one("alice", REF);
		assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
		for (parts = 1; parts <= 6; parts++) {
			run_for(50);
			assert_int_equal(ended.told, 0);
			r = asked(SCANNER_QUERY_TERMINATE);
			assert_int_equal(r.session[0].leader.pid, pid);
			assert_int_equal(r.force, 0);
			a = answer_to(&r);
			a.signalled = 3;
			a.refusal = enough == 1 && parts == 4 ?
			    SCANNER_REFUSED_NOT :
			    SCANNER_REFUSED_PARTLY;
			say(&a);
			if (a.refusal == SCANNER_REFUSED_NOT)
				break;
		}
		run_for(50);
		assert_int_equal(ended.told, 1);
		assert_int_equal(ended.refusal, a.refusal);
		assert_int_equal(ended.signalled, enough == 1 ? 12 : 18);
		assert_false(is_asked());
		/* its leader was told, and does not go */
		run_for(3200);
		r = asked(SCANNER_QUERY_TERMINATE);
		assert_int_equal(r.force, 1);
		answer(&r);
		kill_process(pid);
		remains(0);
		finish();
	}
}

/* Between two questions it ends by itself; who it was is known all the same. */
static void
test_of_one_that_is_over_the_names_are_told(void **state)
{
	struct scanner_request r;
	struct scanner_answer a;
	pid_t alice, bob;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	alice = open_one("alice", REF);
	assert_int_equal(terminate("alice", "adm-alice", NULL), 1);
	kill_process(alice);
	remains(0);
	assert_int_equal(session_count(sessions), 0);
	while (ended.told == 0) {
		run_for(50);
		if (!is_asked())
			continue;
		r = asked(SCANNER_QUERY_TERMINATE);
		a = answer_to(&r);
		a.refusal = SCANNER_REFUSED_GONE;
		say(&a);
	}
	assert_int_equal(ended.refusal, SCANNER_REFUSED_GONE);
	assert_string_equal(ended.person, "alice");
	bob = open_one("bob", "BBBB-BBBB");
	kill_process(bob);
	finish();
}

/* ---- a few of them at a time ------------------------------------------- */

#define MANY 40

static size_t times[MANY];

static int
note(const struct store_session *s, bool reserved, void *arg)
{
	size_t i = strtoul(s->ref + 5, NULL, 10);

	(void)arg;
	assert_false(reserved);
	if (i < MANY)
		times[i]++;
	return 0;
}

/* MANY-0000 is the first's; each third is of one person's. */
static pid_t
open_many(size_t i)
{
	char ref[FG_REF_MAX + 1], user[16];

	(void)snprintf(ref, sizeof(ref), "MANY-%04zu", i);
	(void)snprintf(user, sizeof(user), "u%zu", i % 3 == 0 ? 0 : i);
	return open_one(user, ref);
}

/* Whatever opens and ends in between. */
static void
test_each_of_many_is_looked_at_once(void **state)
{
	struct session_cursor cursor = { 0 };
	pid_t pid[MANY], late[MANY];
	size_t i, turns = 0;
	bool more;

	(void)state;
	begin(BOOT);
	memset(times, 0, sizeof(times));
	assert_false(sessions_some(sessions, &cursor, 3, note, NULL));
	memset(&cursor, 0, sizeof(cursor));
	for (i = 0; i < MANY; i++)
		pid[i] = open_many(i);
	do {
		size_t before = 0, after = 0;

		for (i = 0; i < MANY; i++)
			before += times[i];
		more = sessions_some(sessions, &cursor, 3, note, NULL);
		for (i = 0; i < MANY; i++)
			after += times[i];
		assert_true(after - before <= 3);
		late[turns] = open_many(MANY + 3 * turns); /* u0's, or later */
		session_unopen(sessions,
		    turns % 2 == 0 ? "MANY-0003" : "MANY-0004");
		turns++;
	} while (more);
	assert_in_range(turns, 2, MANY - 1);
	for (i = 0; i < MANY; i++)
		if (i == 3 || i == 4)
			assert_true(times[i] <= 1);
		else
			assert_int_equal(times[i], 1);
	for (i = 0; i < MANY; i++)
		kill_process(pid[i]);
	for (i = 0; i < turns; i++)
		kill_process(late[i]);
	finish();
}

static int
stop_there(const struct store_session *s, bool reserved, void *arg)
{
	(void)s;
	(void)reserved;
	++*(size_t *)arg;
	return 1;
}

static void
test_a_look_that_stops_goes_on_behind(void **state)
{
	struct session_cursor cursor = { 0 };
	pid_t alice, bob;
	size_t n = 0;

	(void)state;
	begin(BOOT);
	alice = open_one("alice", REF);
	bob = open_one("bob", "BBBB-BBBB");
	assert_true(sessions_some(sessions, &cursor, 9, stop_there, &n));
	assert_int_equal(n, 1);
	assert_true(sessions_some(sessions, &cursor, 9, stop_there, &n));
	assert_int_equal(n, 2);
	assert_false(sessions_some(sessions, &cursor, 9, stop_there, &n));
	assert_int_equal(n, 2);
	kill_process(alice);
	kill_process(bob);
	finish();
}

static void
test_whoever_went_away_is_not_told(void **state)
{
	struct scanner_request r;
	int someone;
	pid_t pid;

	(void)state;
	memset(&ended, 0, sizeof(ended));
	begin(BOOT);
	pid = open_one("alice", REF);
	assert_int_equal(terminate("alice", "adm-alice", &someone), 1);
	session_terminate_forget(sessions, &someone);
	run_for(50);
	r = asked(SCANNER_QUERY_TERMINATE);
	answer(&r);
	run_for(100);
	assert_int_equal(ended.told, 0);
	kill_process(pid);
	finish();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_scanner_ends_a_persons_sessions_and_seats),
		STORE_TEST(test_a_session_of_an_account_is_the_persons),
		STORE_TEST(test_a_refusal_is_told_and_ends_nothing),
		STORE_TEST(test_one_that_was_not_seen_is_not_over),
		STORE_TEST(test_a_session_of_many_processes_is_ended_in_parts),
		STORE_TEST(test_of_one_that_is_over_the_names_are_told),
		STORE_TEST(test_whoever_went_away_is_not_told),
		STORE_TEST(test_each_of_many_is_looked_at_once),
		STORE_TEST(test_a_look_that_stops_goes_on_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
