/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMN-06: an audit log that cannot be written is told once a minute, counted
 * each time, and over with the next record. Everything around is the test's:
 * the clock, the log that fails, and what is said of it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/alerts.h"
#include "policyd/anchors.h"
#include "policyd/daemon.h"
#include "policyd/listen.h"
#include "policyd/expiry.h"
#include "policyd/log.h"
#include "policyd/rotation.h"
#include "policyd/store/store.h"
#include "proto/result.h"

#define MS_NS	 INT64_C(1000000)
#define MINUTE_S 60

static int64_t now_ns;
static int audit_errno; /* 0: it can be written */
static unsigned int crits, warns, timers;
static unsigned int unwritable, broken; /* alerts */
static uint64_t recovered; /* the record that tells what happened */
static unsigned int anchored; /* records that it was told of */
static unsigned int again; /* those that may go on */
static bool renamed; /* is all that it tells of */
static bool whole; /* is what it tells of, all the same */
static char said[512];

static struct conf conf;
static struct ruleset rules = { .conf = &conf };
static struct daemon the_daemon;

/* ---- what the daemon calls --------------------------------------------- */

int64_t
loop_now_ns(void)
{
	return now_ns;
}

void
loop_timer_set(struct loop_timer *timer, unsigned int ms)
{
	(void)timer;
	(void)ms;
	timers++;
}

void
loop_stop(struct loop *loop)
{
	(void)loop;
}

void
listen_stop(struct daemon *daemon)
{
	(void)daemon;
}

void
log_crit(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	crits++;
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	warns++;
}

void
log_info(const char *fmt, ...)
{
	(void)fmt;
}

void
alerts_unwritable(struct daemon *daemon, const char *why)
{
	(void)daemon;
	assert_non_null(strstr(said, why));
	unwritable++;
}

void
alerts_chain_broken(struct daemon *daemon, uint64_t seq)
{
	(void)daemon;
	assert_int_equal(seq, recovered);
	broken++;
}

static int
try_audit(void)
{
	errno = audit_errno;
	return audit_errno != 0 ? FG_ERR_SYSTEM : 0;
}

struct json *
audit_record(struct audit *audit, enum audit_event event, int64_t at_ns)
{
	(void)audit;
	(void)event;
	(void)at_ns;
	return NULL;
}

int
audit_write(struct audit *audit, struct json *record, bool sync)
{
	(void)audit;
	(void)record;
	(void)sync;
	return try_audit();
}

int
audit_sync(struct audit *audit)
{
	(void)audit;
	return try_audit();
}

uint64_t
audit_recovered(const struct audit *audit)
{
	(void)audit;
	return recovered;
}

bool
audit_renamed(const struct audit *audit)
{
	(void)audit;
	return renamed;
}

bool
audit_whole(const struct audit *audit)
{
	(void)audit;
	return whole;
}

void
anchors_recorded(struct daemon *daemon)
{
	(void)daemon;
	anchored++;
}

void
rotation_recorded(struct daemon *daemon)
{
	(void)daemon;
}

void
rotation_again(struct daemon *daemon)
{
	(void)daemon;
	again++;
}

void
expiry_again(struct daemon *daemon)
{
	(void)daemon;
	again++;
}

/* ---- the tests --------------------------------------------------------- */

static int
set_up(void **state)
{
	static char path[] = "/audit.jsonl";

	(void)state;
	memset(&the_daemon, 0, sizeof(the_daemon));
	the_daemon.rules = &rules;
	conf.audit = path;
	now_ns = 12345 * MS_NS;
	crits = warns = timers = 0;
	unwritable = broken = 0;
	again = 0;
	recovered = 0;
	renamed = whole = false;
	audit_errno = 0;
	return 0;
}

/* A record; only that there is one matters. */
static int
record(void)
{
	static char nothing;

	return daemon_audit(&the_daemon, (struct json *)(void *)&nothing, true);
}

static void
an_error_is_told_once_a_minute(void **state)
{
	unsigned int i, k;

	(void)state;
	audit_errno = EROFS;
	for (k = 0; k < 3; k++) {
		for (i = 0; i < MINUTE_S * 100; i++) {
			assert_int_equal(record(), FG_ERR_SYSTEM);
			now_ns += 10 * MS_NS;
			assert_int_equal(crits, k + 1);
			assert_int_equal(unwritable, k + 1);
		}
	}
	assert_int_equal(the_daemon.stats.audit_errors, 3 * MINUTE_S * 100);
	assert_string_equal(said,
	    "audit: write /audit.jsonl: Read-only file system");
}

static void
it_is_over_with_the_next_record(void **state)
{
	(void)state;
	assert_int_equal(record(), 0);
	audit_errno = EIO;
	assert_int_equal(record(), FG_ERR_SYSTEM);
	assert_true(the_daemon.audit_failing);
	assert_int_equal(again, 0);
	audit_errno = 0;
	assert_int_equal(record(), 0);
	assert_false(the_daemon.audit_failing);
	/* old files are looked at again, once */
	assert_int_equal(again, 2);
	assert_int_equal(record(), 0);
	assert_int_equal(again, 2);
	/* One that comes and goes is told no more often. */
	for (now_ns += MS_NS; crits == 1; now_ns += 1000 * MS_NS) {
		audit_errno = EIO;
		assert_int_equal(record(), FG_ERR_SYSTEM);
		assert_true(the_daemon.audit_failing);
		audit_errno = 0;
		assert_int_equal(record(), 0);
	}
	assert_true(now_ns - 12345 * MS_NS >= MINUTE_S * 1000 * MS_NS);
}

static void
a_sync_that_fails_is_told_too(void **state)
{
	(void)state;
	audit_errno = EIO;
	assert_int_equal(daemon_sync(&the_daemon), FG_ERR_SYSTEM);
	assert_int_equal(crits, 1);
	assert_string_equal(said,
	    "audit: write /audit.jsonl: Input/output error");
	assert_true(the_daemon.audit_failing);
}

/* No memory for a record is no record. */
static void
without_a_record_there_is_none(void **state)
{
	(void)state;
	assert_int_equal(daemon_audit(&the_daemon, NULL, false), FG_ERR_NOMEM);
	assert_int_equal(crits, 1);
	assert_int_equal(timers, 0);
	assert_true(the_daemon.audit_failing);
}

/* Each record "recovered" once; a rotation is none of the daemon's trouble. */
static void
a_renamed_log_is_a_warning(void **state)
{
	(void)state;
	recovered = 7;
	renamed = true;
	assert_int_equal(record(), 0);
	assert_int_equal(record(), 0);
	assert_int_equal(warns, 1);
	assert_int_equal(crits, 0);
	assert_int_equal(broken, 0);
	assert_int_equal(the_daemon.stats.audit_damaged, 0);
	assert_string_equal(said,
	    "audit: /audit.jsonl was renamed and is continued in a new file: "
	    "see its record 7");
	recovered = 9;
	renamed = false;
	assert_int_equal(record(), 0);
	assert_int_equal(record(), 0);
	assert_int_equal(warns, 1);
	assert_int_equal(crits, 1);
	assert_int_equal(broken, 1);
	assert_non_null(strstr(said, "replaced"));
	assert_non_null(strstr(said, "record 9"));
	/* A renaming afterwards does not hide that. */
	recovered = 11;
	renamed = true;
	assert_int_equal(record(), 0);
	assert_int_equal(the_daemon.stats.audit_damaged, 9);
	assert_int_equal(the_daemon.stats.audit_broken, 9);
}

/* It is told as any damage, but is no reason to say so for ever. */
static void
what_lost_nothing_is_no_lasting_damage(void **state)
{
	(void)state;
	recovered = 3;
	whole = true;
	assert_int_equal(record(), 0);
	assert_int_equal(crits, 1);
	assert_int_equal(broken, 1);
	assert_int_equal(the_daemon.stats.audit_damaged, 3);
	assert_int_equal(the_daemon.stats.audit_broken, 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, set_up)
	const struct CMUnitTest tests[] = {
		TEST(an_error_is_told_once_a_minute),
		TEST(it_is_over_with_the_next_record),
		TEST(a_sync_that_fails_is_told_too),
		TEST(without_a_record_there_is_none),
		TEST(a_renamed_log_is_a_warning),
		TEST(what_lost_nothing_is_no_lasting_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
