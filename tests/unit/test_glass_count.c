/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Uses of break-glass are shown whatever the clock said when they were noted,
 * and a log without room is told. The clock and the audit log are the test's.
 */
#include "policyd/glass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf.h"
#include "policyd/glass_mark.h"
#include "policyd/people/person.h"
#include "proto/result.h"
#include "tests/unit/asroot.h"

#define NOW_S	   (PERSON_CLOCK_FIRST_S + INT64_C(200) * 86400)
#define UNSET	   INT64_C(1000) /* in 1970 */
#define DAY_S	   INT64_C(86400)
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static char dir[] = "/tmp/fg-glass-XXXXXX";
static char notes[64], saved[64];
static int64_t now_s;
static uint64_t records;

static struct conf conf = { .state = dir };
static struct ruleset rules = { .conf = &conf };
static struct daemon the_daemon = { .rules = &rules };

/* ---- what it calls ------------------------------------------------------ */

int64_t
daemon_wall_s(void)
{
	return now_s;
}

struct json *
daemon_record(struct daemon *daemon, enum audit_event event)
{
	(void)daemon;
	(void)event;
	return json_new();
}

int
daemon_audit(struct daemon *daemon, struct json *record, bool sync)
{
	(void)daemon;
	(void)sync;
	json_free(record);
	records++;
	return 0;
}

uint64_t
audit_sequence(const struct audit *audit)
{
	(void)audit;
	return records;
}

uint64_t
audit_recovered(const struct audit *audit)
{
	(void)audit;
	return 0;
}

/* ---- the tests ---------------------------------------------------------- */

static int
begin(void **state)
{
	(void)state;
	(void)umask(0022);
	now_s = NOW_S;
	records = 0;
	the_daemon.options.rundir = dir;
	if (loop_new(&the_daemon.loop) != 0)
		return -1;
	return glass_start(&the_daemon);
}

static int
end(void **state)
{
	(void)state;
	glass_stop(&the_daemon);
	loop_free(the_daemon.loop);
	(void)unlink(notes);
	(void)unlink(saved);
	return 0;
}

/* A use, noted at a time, and taken in. */
static void
use(int64_t at_s)
{
	static unsigned int n;
	FILE *fp = fopen(notes, "a");

	assert_non_null(fp);
	assert_true(fprintf(fp,
			"{\"at\":%lld,\"ref\":\"M%u\","
			"\"phase\":\"account\"}\n",
			(long long)at_s, n++) > 0);
	assert_int_equal(fclose(fp), 0);
	glass_take(&the_daemon);
	assert_true(glass_is_settled(&the_daemon));
}

/* How many uses status shows at that time, or -1. */
static int64_t
shown(int64_t at_s)
{
	struct json *status = json_new();
	int64_t n;

	assert_non_null(status);
	glass_status(&the_daemon, at_s, status);
	n = json_get_int(json_get(status, "breakglass"), "count", -1);
	json_free(status);
	return n;
}

static void
uses_are_shown_for_a_month(void **state)
{
	(void)state;
	assert_int_equal(shown(now_s), -1);
	use(now_s);
	use(now_s);
	assert_int_equal(shown(now_s), 2);
	assert_int_equal(shown(now_s + GLASS_SHOWN_S - 1), 2);
	assert_int_equal(shown(now_s + GLASS_SHOWN_S), -1);
	now_s += GLASS_SHOWN_S + 1;
	use(now_s);
	assert_int_equal(shown(now_s), 1);
}

static void
a_use_that_was_noted_in_1970_hides_none(void **state)
{
	(void)state;
	use(now_s);
	use(UNSET);
	use(INT64_MIN);
	assert_int_equal(shown(now_s), 3);
	use(now_s - 3 * DAY_S); /* nor one that is older than the last */
	assert_int_equal(shown(now_s + GLASS_SHOWN_S - 1), 4);
}

static void
a_use_of_times_to_come_is_of_now(void **state)
{
	(void)state;
	use(now_s + 4000 * DAY_S);
	use(INT64_MAX);
	assert_int_equal(shown(now_s), 2);
	assert_int_equal(shown(now_s + GLASS_SHOWN_S), -1);
}

/* A daemon whose own clock stands in 1970, after uses of long ago. */
static void
while_no_clock_is_set_all_are_shown(void **state)
{
	(void)state;
	use(now_s - 2 * GLASS_SHOWN_S);
	assert_int_equal(shown(now_s), -1);
	now_s = UNSET;
	use(UNSET);
	use(NOW_S);
	assert_int_equal(shown(UNSET), 3);
	assert_int_equal(shown(NOW_S), 3);
	/* a month from when it is set, also in the next daemon */
	now_s = NOW_S;
	glass_take(&the_daemon);
	glass_stop(&the_daemon);
	assert_int_equal(glass_start(&the_daemon), 0);
	assert_int_equal(shown(NOW_S + GLASS_SHOWN_S - 1), 3);
	assert_int_equal(shown(NOW_S + GLASS_SHOWN_S), -1);
	use(NOW_S);
	assert_int_equal(shown(NOW_S), 4);
}

static void
tells_of_room(size_t size, bool want)
{
	struct json *status = json_new();
	const char *problem;

	assert_non_null(status);
	assert_int_equal(truncate(notes, (off_t)size), 0);
	glass_take(&the_daemon);
	assert_int_equal(glass_is_settled(&the_daemon), !want);
	glass_status(&the_daemon, now_s, status);
	problem =
	    json_get_string(json_get(status, "breakglass"), "problem", "");
	assert_int_equal(strstr(problem, "full or nearly so") != NULL, want);
	json_free(status);
}

static void
a_log_without_room_is_a_problem(void **state)
{
	size_t nearly = FG_GLASS_LOG_MAX - FG_GLASS_LOG_MAX / 8;

	(void)state;
	use(now_s);
	now_s += 2 * GLASS_SHOWN_S; /* also where there is nothing to show */
	tells_of_room(nearly, false);
	tells_of_room(nearly + 1, true);
	tells_of_room(FG_GLASS_LOG_MAX, true);
	assert_int_equal(unlink(notes), 0);
	use(now_s);
	tells_of_room(4096, false);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(uses_are_shown_for_a_month),
		TEST(a_use_that_was_noted_in_1970_hides_none),
		TEST(a_use_of_times_to_come_is_of_now),
		TEST(while_no_clock_is_set_all_are_shown),
		TEST(a_log_without_room_is_a_problem),
	};
	int failed;

	(void)argc;
	asroot_or_skip(argv);
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(notes, sizeof(notes), "%s/" FG_GLASS_LOG, dir);
	(void)snprintf(saved, sizeof(saved), "%s/" GLASS_MARK_FILE, dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)rmdir(dir);
	return failed;
}
