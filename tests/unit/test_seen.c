/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom the scanner remembers of those who asked PAM, and for how long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/scanner.h"
#include "policyd/scanner/seen.h"

static struct seen seen;

static const struct fact_process first_seen = { 100, 5 };

static uint32_t
session_seen(const struct fact_process *who)
{
	const struct seen_process *p = seen_find(&seen, who);

	return p == NULL ? 0 : p->audit_session;
}

/* Of processes that have ended, at numbers that follow one another. */
static void
see_others(size_t n)
{
	static uint64_t start = 1000000;
	struct fact_peer peer = { .audit_session = 9 };
	size_t i;

	for (i = 0; i < n; i++) {
		peer.pid = 100 + (int32_t)(i % 8);
		peer.start = ++start;
		seen_add(&seen, &peer);
	}
}

static void
see_first(void)
{
	struct fact_peer peer = { .pid = 100, .start = 5, .audit_session = 1 };

	memset(&seen, 0, sizeof(seen));
	assert_null(seen_find(&seen, &first_seen));
	seen_keep(&seen, &first_seen);
	seen_add(&seen, &peer);
	peer.audit_session = 2;
	seen_add(&seen, &peer);
	assert_int_equal(session_seen(&first_seen), 2);
}

/* The oldest make room; a number that is used again makes none. */
static void
test_what_was_seen_is_bounded(void **state)
{
	const struct fact_process never = { 100, 0 }, none = { 0, 0 };
	struct fact_peer peer = { .pid = 100, .audit_session = 1 };

	(void)state;
	see_first();
	assert_null(seen_find(&seen, &none));
	see_others(SEEN_MAX - 1);
	assert_int_equal(session_seen(&first_seen), 2);
	see_others(1);
	assert_null(seen_find(&seen, &first_seen));
	see_others(2 * SEEN_MAX);
	seen_add(&seen, &peer);
	assert_null(seen_find(&seen, &never));
	memset(&seen, 0, sizeof(seen));
}

/* However many ask PAM, and at whatever numbers. */
static void
test_who_is_asked_for_or_lives_stays_seen(void **state)
{
	struct fact_process me;
	struct fact_peer self;
	int i;

	(void)state;
	see_first();
	procs_peer((int32_t)getpid(), &self);
	self.pid = (int32_t)getpid();
	assert_int_equal(self.state, FACT_KNOWN);
	me = (struct fact_process){ self.pid, self.start };
	self.audit_session = 3;
	seen_add(&seen, &self);
	for (i = 0; i < 8; i++) {
		see_others(SEEN_MAX / 2);
		seen_keep(&seen, &first_seen);
	}
	assert_int_equal(session_seen(&first_seen), 2);
	assert_int_equal(session_seen(&me), 3);
	memset(&seen, 0, sizeof(seen));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_seen_is_bounded),
		cmocka_unit_test(test_who_is_asked_for_or_lives_stays_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
