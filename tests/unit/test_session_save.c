/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store that cannot be written for a while: sessions count as ever, nobody
 * waits for it more than once a second, and what it missed it gets. DB-03,
 * DB-05.
 */
#include "policyd/store/store_history.h"
#include "tests/unit/seating.h"
#include "tests/unit/storing_disk.h"

static sqlite3 *locker;

static void
lock_store(void)
{
	locker = open_behind();
	run_sql(locker, "BEGIN IMMEDIATE");
}

static void
unlock_store(void)
{
	run_sql(locker, "COMMIT");
	assert_int_equal(sqlite3_close(locker), SQLITE_OK);
}

static void
fill_disk(void)
{
	disk_set(DISK_BROKEN, SQLITE_FULL, 1);
}

static void
clear_disk(void)
{
	disk_set(DISK_WORKS, 0, 0);
}

static const struct trouble {
	void (*begin)(void);
	void (*end)(void);
} troubles[] = { { lock_store, unlock_store }, { fill_disk, clear_disk } };

#define TROUBLES (sizeof(troubles) / sizeof(troubles[0]))

/* It ends, and nothing is left of it. */
static void
end_one(pid_t pid)
{
	size_t before = seen.n;

	kill_process(pid);
	remains(0);
	assert_int_equal(seen.n, before + 1);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &ts), 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
what_is_opened_is_kept_and_written_later(const struct trouble *trouble)
{
	struct facts facts = login_of("alice", "192.0.2.9", 4);
	int64_t began_ms;
	pid_t pid[2];

	begin(BOOT);
	trouble->begin();
	pid[0] = open_one("alice", "KEPT-0001");
	began_ms = now_ms();
	/* Who comes next does not wait. */
	pid[1] = open_one("alice", "KEPT-0002");
	assert_true(now_ms() - began_ms < (int64_t)STORE_BUSY_MS / 2);
	assert_int_equal(sessions_unsaved(sessions), 2);
	assert_int_equal(others(&facts), 2);
	run_for(1200); /* it is tried again, in vain */
	assert_int_equal(sessions_unsaved(sessions), 2);
	trouble->end();
	assert_int_equal(on_record(), 0);
	run_for(1200);
	assert_int_equal(sessions_unsaved(sessions), 0);
	assert_int_equal(on_record(), 2);
	assert_int_equal(history_rows(), 2);
	kill_process(pid[0]);
	kill_process(pid[1]);
	finish();
}

/* What has ended meanwhile was a login all the same. */
static void
what_ends_is_written_later(const struct trouble *trouble)
{
	struct facts facts = login_of("alice", "192.0.2.9", 4);
	pid_t pid[2];

	begin(BOOT);
	pid[0] = open_one("alice", "BEFO-0001");
	assert_int_equal(on_record(), 1);
	trouble->begin();
	pid[1] = open_one("alice", "KEPT-0001");
	end_one(pid[0]);
	end_one(pid[1]);
	assert_int_equal(others(&facts), 0);
	assert_int_equal(session_count(sessions), 0);
	assert_int_equal(sessions_unsaved(sessions), 2);
	trouble->end();
	assert_int_equal(on_record(), 1);
	run_for(1200);
	assert_int_equal(sessions_unsaved(sessions), 0);
	assert_int_equal(on_record(), 0);
	assert_int_equal(history_rows(), 2);
	finish();
}

/* The daemon's end is the last try. */
static void
the_end_writes_it(const struct trouble *trouble)
{
	pid_t pid;

	begin(BOOT);
	trouble->begin();
	pid = open_one("alice", "KEPT-0001");
	trouble->end();
	sessions_free(sessions);
	assert_int_equal(on_record(), 1);
	assert_int_equal(history_rows(), 1);
	trouble->begin();
	sessions = sessions_new(loop, store, BOOT,
	    &(struct session_calls){ .ended = on_ended, .left = on_left });
	assert_non_null(sessions);
	(void)open_one("alice", "LOST-0001");
	finish();
	trouble->end();
	kill_process(pid);
}

static void
with_each(void (*fn)(const struct trouble *trouble))
{
	size_t i;

	for (i = 0; i < TROUBLES; i++) {
		fn(&troubles[i]);
		assert_int_equal(remove_folder(NULL), 0);
		assert_int_equal(make_folder(NULL), 0);
	}
}

static void
test_what_is_opened_is_kept_and_written_later(void **state)
{
	(void)state;
	with_each(what_is_opened_is_kept_and_written_later);
}

static void
test_what_ends_is_written_later(void **state)
{
	(void)state;
	with_each(what_ends_is_written_later);
}

static void
test_the_end_writes_it(void **state)
{
	(void)state;
	with_each(the_end_writes_it);
}

/* Sessions come and go all the time: those that are over do not pile up. */
static void
test_not_everything_is_kept(void **state)
{
	struct facts facts;
	char ref[FG_REF_MAX + 1];
	int i, pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	lock_store();
	pid = process(&pidfd);
	(void)close(pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	for (i = 0; i < 6000; i++) {
		(void)snprintf(ref, sizeof(ref), "MANY-%04d", i);
		pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
		assert_int_equal(open_session(sessions, &facts, ref, pidfd), 0);
		sessions_flush(sessions);
	}
	assert_int_equal(session_count(sessions), 1);
	assert_in_range(sessions_unsaved(sessions), 4000, 4200);
	unlock_store();
	run_for(1200);
	assert_int_equal(sessions_unsaved(sessions), 0);
	assert_int_equal(on_record(), 1);
	kill_process(pid);
	finish();
}

/* IPC-17 */
static void
test_an_answer_that_nobody_got_opens_nothing(void **state)
{
	struct facts facts;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(open_session(sessions, &facts, "GONE-0001", pidfd), 0);
	sessions_keep(sessions);
	assert_int_equal(on_record(), 1);
	session_unopen(sessions, "GONE-0001");
	session_unopen(sessions, "NONE-0001");
	sessions_flush(sessions);
	assert_string_equal(seen.ref, "GONE-0001");
	assert_int_equal(seen.how, SESSION_ENDED_GONE);
	assert_int_equal(session_count(sessions), 0);
	assert_int_equal(on_record(), 0);
	assert_int_equal(history_rows(), 0);
	kill_process(pid);
	finish();
}

/* DMN-01: whoever is killed behind the answer writes nothing more. */
static void
test_a_session_is_on_record_before_it_is_answered(void **state)
{
	struct facts facts;
	int pidfd;
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.7", pid);
	assert_int_equal(open_session(sessions, &facts, "KEPT-0001", pidfd), 0);
	assert_int_equal(on_record(), 0);
	sessions_keep(sessions);
	assert_int_equal(on_record(), 1);
	assert_int_equal(history_rows(), 0);
	sessions_keep(sessions);
	sessions_flush(sessions);
	assert_int_equal(on_record(), 1);
	assert_int_equal(history_rows(), 1);
	assert_int_equal(sessions_unsaved(sessions), 0);
	kill_process(pid);
	finish();
}

static void
restart(const char *boot_id)
{
	finish();
	begin(boot_id);
	assert_int_equal(sessions_attach(sessions), 0);
}

static void
behind(const char *sql)
{
	sqlite3 *db = open_behind();

	run_sql(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* It was killed between the two: the next one adds what is missing, once. */
static void
test_the_history_has_the_last_login_after_a_restart(void **state)
{
	pid_t pid[2];

	(void)state;
	begin(BOOT);
	pid[0] = open_one("alice", "KEPT-0001");
	behind("DELETE FROM history");
	restart(BOOT);
	assert_int_equal(history_rows(), 1);
	restart(BOOT);
	assert_int_equal(history_rows(), 1);
	/* Another login came after it: it expired. */
	pid[1] = open_one("alice", "KEPT-0002");
	behind("UPDATE history SET boot_s = boot_s + 1");
	behind("DELETE FROM history WHERE ref = 'KEPT-0001'");
	restart(BOOT);
	assert_int_equal(history_rows(), 1);
	assert_int_equal(on_record(), 2);
	kill_process(pid[0]);
	kill_process(pid[1]);
	finish();
}

/* What was signed for it is asked once, and not again after a restart. */
static void
test_the_device_is_known_after_a_restart(void **state)
{
	struct fact_sessions s;
	struct facts facts;
	pid_t pid;
	int pidfd;

	(void)state;
	begin(BOOT);
	pid = process(&pidfd);
	facts = login_of("alice", "192.0.2.1", pid);
	facts.proof.attested.state = FACT_KNOWN;
	set_text(facts.proof.attested.asset.tag,
	    sizeof(facts.proof.attested.asset.tag), "LT-0042");
	assert_int_equal(open_session(sessions, &facts, "KEPT-0001", pidfd), 0);
	sessions_flush(sessions);
	restart(BOOT);
	facts = login_of("alice", "192.0.2.9", 4);
	session_others(sessions, &facts, &s);
	assert_int_equal(s.nlisted, 1);
	assert_string_equal(s.list[0].device, "LT-0042");
	assert_string_equal(s.list[0].key, "");
	kill_process(pid);
	finish();
}

/* Also of the boot before, whose sessions are over. */
static void
test_the_history_has_the_last_login_of_another_boot(void **state)
{
	pid_t pid;

	(void)state;
	begin(BOOT);
	pid = open_one("alice", "KEPT-0001");
	behind("DELETE FROM history");
	restart(OTHER_BOOT);
	assert_int_equal(on_record(), 0);
	assert_int_equal(history_rows(), 1);
	kill_process(pid);
	finish();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_what_is_opened_is_kept_and_written_later),
		STORE_TEST(test_what_ends_is_written_later),
		STORE_TEST(test_the_end_writes_it),
		STORE_TEST(test_not_everything_is_kept),
		STORE_TEST(test_an_answer_that_nobody_got_opens_nothing),
		STORE_TEST(test_a_session_is_on_record_before_it_is_answered),
		STORE_TEST(test_the_history_has_the_last_login_after_a_restart),
		STORE_TEST(test_the_device_is_known_after_a_restart),
		STORE_TEST(test_the_history_has_the_last_login_of_another_boot),
	};

	return cmocka_run_group_tests_name("a store that cannot be written",
	    tests, disk_install, NULL);
}
