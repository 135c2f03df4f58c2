/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command that is about open sessions: a few are looked at in each turn of
 * the loop, all of them before it answers, and what is not clear is left alone.
 * With real processes and a real store; the scanner is the test's, and so is
 * whoever would get the answer.
 */
#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "tests/unit/seating.h"

static struct conf conf;
static struct ruleset rules = { .conf = &conf };
static struct daemon the_daemon;
static struct control_job job;
static const struct control_entry command = { .name = "test" };

static struct {
	struct json *report;
	int status;
	unsigned int times;
	unsigned int records, syncs;
	char why[64];
} got;

/* ---- what is called ---------------------------------------------------- */

void
control_answer(struct control_job *j, struct json *json, int exit_status)
{
	assert_ptr_equal(j, &job);
	assert_null(job.ending);
	assert_null(job.result);
	got.report = json;
	got.status = exit_status;
	got.times++;
	loop_stop(loop);
}

void
control_problem(struct control_job *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(j->problem, sizeof(j->problem), fmt, ap);
	va_end(ap);
}

int
control_record_terminate(struct control_job *j, const struct store_session *s,
    const char *why)
{
	(void)j;
	assert_true(s->person[0] != '\0');
	(void)snprintf(got.why, sizeof(got.why), "%s", why);
	got.records++;
	return 0;
}

void
control_session_set(struct json *json, const struct store_session *s,
    bool reserved)
{
	assert_false(reserved);
	json_set_untrusted(json, "ref", s->ref);
	json_set_untrusted(json, "person", s->person);
}

int
daemon_sync(struct daemon *daemon)
{
	(void)daemon;
	got.syncs++;
	return 0;
}

bool
conn_wait(struct conn *conn)
{
	(void)conn;
	return true;
}

/* ---- the tests' own ---------------------------------------------------- */

static struct {
	unsigned int looks; /* in this turn of the loop */
	unsigned int most; /* in one turn */
	unsigned int turns;
	const char *unclear; /* whose sessions cannot be judged */
	const char *meant; /* whose are; NULL: everybody's */
} looked;

static int
is_meant(const struct store_session *s, void *arg, bool *ret_is,
    const char **ret_why)
{
	assert_int_equal(*(int *)arg, 4711);
	if (++looked.looks > looked.most)
		looked.most = looked.looks;
	if (looked.unclear != NULL && strcmp(s->person, looked.unclear) == 0)
		return FG_ERR_BUSY;
	*ret_is = looked.meant == NULL || strcmp(s->person, looked.meant) == 0;
	*ret_why = "gone";
	return 0;
}

/* Something else that is to be done in each turn of the loop. */
static struct loop_timer *other;

static void
on_turn(void *arg)
{
	(void)arg;
	if (looked.looks > 0)
		looked.turns++;
	looked.looks = 0;
	loop_timer_set(other, 0);
}

static void
set_up_job(bool kill)
{
	begin(BOOT);
	memset(&got, 0, sizeof(got));
	memset(&looked, 0, sizeof(looked));
	memset(&job, 0, sizeof(job));
	the_daemon.loop = loop;
	the_daemon.sessions = sessions;
	the_daemon.rules = &rules;
	job.daemon = &the_daemon;
	job.command = &command;
	job.args = json_new();
	job.result = json_new();
	json_set_bool(job.args, "kill", kill);
	assert_int_equal(loop_timer(loop, on_turn, NULL, &other), 0);
	loop_timer_set(other, 0);
}

static void
end_sessions(int status)
{
	int number = 4711;
	const struct control_meant meant = {
		.fn = is_meant, .arg = &number, .arg_size = sizeof(number)
	};

	control_end_sessions(&job, &meant, status);
	number = 0; /* it has a copy */
}

static void
tear_down_job(void)
{
	json_free(job.args);
	json_free(got.report);
	loop_timer_free(other);
	finish();
}

#define MANY 40

static pid_t pids[MANY];

/* Of u0, u1 and u2 in turn. */
static void
open_many(size_t n)
{
	char ref[FG_REF_MAX + 1], user[8];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(ref, sizeof(ref), "MANY-%04u",
		    (unsigned int)(i % 10000u));
		(void)snprintf(user, sizeof(user), "u%zu", i % 3);
		pids[i] = open_one(user, ref);
	}
}

static void
kill_many(size_t n)
{
	for (size_t i = 0; i < n; i++)
		kill_process(pids[i]);
}

/* Answer the scanner's questions until the command has its answer. */
static void
play_scanner(enum scanner_refusal refusal)
{
	struct scanner_request r;
	struct scanner_answer a;

	while (got.times == 0) {
		run_for(20);
		if (!is_asked())
			continue;
		r = asked(SCANNER_QUERY_TERMINATE);
		a = answer_to(&r);
		a.refusal = refusal;
		a.signalled = 2;
		say(&a);
	}
}

/* ---- listed ------------------------------------------------------------ */

static void
test_all_are_looked_at_a_few_in_a_turn(void **state)
{
	(void)state;
	set_up_job(false);
	open_many(MANY);
	end_sessions(CONTROL_OK);
	assert_int_equal(looked.looks, 0); /* not in this one */
	run_for(5000);
	assert_int_equal(got.times, 1);
	assert_int_equal(got.status, CONTROL_OK);
	assert_in_range(looked.most, 1, 16);
	assert_true(looked.turns >= MANY / 16);
	assert_int_equal(json_get_int(got.report, "open", 0), MANY);
	assert_int_equal(json_length(json_get(got.report, "sessions")), 20);
	assert_int_equal(got.records, 0);
	kill_many(MANY);
	tear_down_job();
}

static void
test_of_none_there_is_an_empty_list(void **state)
{
	(void)state;
	set_up_job(true);
	end_sessions(CONTROL_NO);
	run_for(5000);
	assert_int_equal(got.times, 1);
	assert_int_equal(got.status, CONTROL_NO);
	assert_non_null(json_get(got.report, "sessions"));
	assert_int_equal(json_length(json_get(got.report, "sessions")), 0);
	assert_int_equal(json_get_int(got.report, "open", -1), -1);
	tear_down_job();
}

/* It is one message: what has no room is counted. */
static void
test_a_report_is_not_longer_than_a_message(void **state)
{
	struct store_session s;
	struct json *report = json_new();
	char *text;
	size_t i;

	(void)state;
	memset(&s, 0, sizeof(s));
	fill_text(s.person, sizeof(s.person), '\x01'); /* six bytes each */
	(void)json_set_array(report, "sessions");
	for (i = 0; i < 20; i++)
		control_ending_list(report, &s, NULL);
	assert_int_equal(json_get_int(report, "open", 0), 20);
	assert_in_range(json_length(json_get(report, "sessions")), 2, 19);
	assert_non_null(text = json_text(report));
	assert_true(strlen(text) < FG_REPORT_MAX - 3000);
	free(text);
	json_free(report);
}

/* ---- ended ------------------------------------------------------------- */

static void
test_those_who_are_meant_are_ended_and_then_it_answers(void **state)
{
	const struct json *first;

	(void)state;
	set_up_job(true);
	open_many(9);
	looked.meant = "u1";
	end_sessions(CONTROL_OK);
	play_scanner(SCANNER_REFUSED_NOT);
	assert_int_equal(got.times, 1);
	assert_int_equal(got.status, CONTROL_OK);
	assert_int_equal(json_get_int(got.report, "ended", 0), 3);
	assert_int_equal(json_get_int(got.report, "open", -1), -1);
	first = json_at(json_get(got.report, "sessions"), 0);
	assert_string_equal(json_get_string(first, "person", ""), "u1");
	assert_string_equal(json_get_string(first, "why", ""), "gone");
	assert_string_equal(json_get_string(first, "outcome", ""), "ended");
	assert_int_equal(json_get_int(first, "processes", 0), 2);
	assert_int_equal(got.records, 3);
	assert_string_equal(got.why, "gone");
	assert_int_equal(got.syncs, 1); /* before it answered */
	kill_many(9);
	tear_down_job();
}

static void
test_one_that_is_refused_is_an_error(void **state)
{
	(void)state;
	set_up_job(true);
	open_many(1);
	end_sessions(CONTROL_OK);
	play_scanner(SCANNER_REFUSED_LEADER);
	assert_int_equal(got.status, CONTROL_ERROR);
	assert_int_equal(json_get_int(got.report, "refused", 0), 1);
	kill_many(1);
	tear_down_job();
}

static void
test_what_is_not_clear_is_left_alone_and_told(void **state)
{
	(void)state;
	set_up_job(true);
	open_many(6);
	looked.unclear = "u0";
	looked.meant = "u2";
	end_sessions(CONTROL_OK);
	play_scanner(SCANNER_REFUSED_NOT);
	assert_int_equal(got.status, CONTROL_ERROR);
	assert_int_equal(json_get_int(got.report, "unclear", 0), 2);
	assert_int_equal(json_get_int(got.report, "ended", 0), 2);
	assert_int_equal(got.records, 2);
	assert_non_null(strstr(json_get_string(got.report, "error", ""),
	    "of 2 sessions it is not known"));
	kill_many(6);
	tear_down_job();
}

static void
test_a_daemon_that_stops_answers_and_is_told_no_more(void **state)
{
	(void)state;
	set_up_job(true);
	open_many(3);
	end_sessions(CONTROL_OK);
	run_for(100);
	assert_int_equal(got.times, 0);
	assert_int_equal(got.records, 3);
	control_ending_stop(&job);
	assert_int_equal(got.times, 1);
	/* What the scanner was asked for comes to its end, for nobody. */
	while (is_asked()) {
		struct scanner_request r = asked(SCANNER_QUERY_TERMINATE);

		answer(&r);
		run_for(50);
	}
	assert_int_equal(got.times, 1);
	kill_many(3);
	tear_down_job();
}

/* ---- whether it may be ------------------------------------------------- */

static void
test_the_configuration_has_to_allow_it(void **state)
{
	static char path[] = "/etc/farmgate/farmgate.conf";
	int kill, terminate;

	(void)state;
	conf.path = path;
	for (kill = 0; kill < 2; kill++)
		for (terminate = 0; terminate < 2; terminate++) {
			memset(&job, 0, sizeof(job));
			the_daemon.rules = &rules;
			job.daemon = &the_daemon;
			job.args = json_new();
			json_set_bool(job.args, "kill", kill);
			conf.terminate = terminate;
			assert_int_equal(control_ending_check(&job),
			    !kill || terminate);
			assert_int_equal(strstr(job.problem,
					     "set terminate = \"yes\" in "
					     "/etc/farmgate/farmgate.conf") !=
				NULL,
			    kill && !terminate);
			json_free(job.args);
		}
	conf.path = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_all_are_looked_at_a_few_in_a_turn),
		STORE_TEST(test_of_none_there_is_an_empty_list),
		cmocka_unit_test(test_a_report_is_not_longer_than_a_message),
		STORE_TEST(
		    test_those_who_are_meant_are_ended_and_then_it_answers),
		STORE_TEST(test_one_that_is_refused_is_an_error),
		STORE_TEST(test_what_is_not_clear_is_left_alone_and_told),
		STORE_TEST(
		    test_a_daemon_that_stops_answers_and_is_told_no_more),
		cmocka_unit_test(test_the_configuration_has_to_allow_it),
	};

	log_init("test_ending", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
