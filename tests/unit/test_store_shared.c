/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several processes at one store: a lock that somebody holds is no reason to
 * wait (DB-05), an import is none either, and a forked child's locks are its
 * own. All of it within the decider's filter.
 */
#include <sys/prctl.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/store/store_parts.h"
#include "tests/unit/storing.h"
#include "tests/unit/storing_other.h"

/* ---- locks of strangers ------------------------------------------------ */

static void
hold(const char *sql)
{
	sqlite3 *db;

	CHECK(sqlite3_open(in_folder(STORE_FILE), &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	child_wait();
	CHECK(sqlite3_close(db) == SQLITE_OK);
}

static void
hold_write_lock(void)
{
	hold("BEGIN EXCLUSIVE");
}

static void
hold_everything(void)
{
	hold("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
	     "DELETE FROM exception");
}

/* The lock is held until told otherwise: waiting for it would never end. */
static void
test_a_held_write_lock_stops_no_reader(void **state)
{
	struct store_exception e = an_exception("alice"), list[2];
	struct store *store = open_store(), *second;
	struct other other;
	struct person q;
	const char *why;
	size_t n;

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	other = start_other(hold_write_lock);
	hear_other(&other);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_int_equal(store_exceptions_of(store, "u1", 1500, list, 2, &n),
	    0);
	assert_int_equal(store_exception_add(store, &e), FG_ERR_BUSY);
	assert_int_equal(e.id, 0);
	assert_int_equal(store_exception_remove(store, 1, &e), FG_ERR_BUSY);
	assert_int_equal(store_open(folder, &second, &why), 0);
	assert_int_equal(store_person_by_account(second, "u1", &q), 0);
	store_close(second);
	end_other(&other);
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(import_people(store, 3, "y"), 0);
	store_close(store);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &ts), 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Each waits its moment and no longer; and they keep no statement open. */
static void
assert_all_busy(struct store *store)
{
	struct store_session s = a_session("B", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000);
	struct store_revocation r = a_revocation("alice");
	int64_t began_ms = now_ms();
	bool more;
	size_t n;

	assert_int_equal(store_session_put(store, &s), FG_ERR_BUSY);
	assert_int_equal(store_session_remove(store, "A"), FG_ERR_BUSY);
	assert_int_equal(store_history_add(store, &l), FG_ERR_BUSY);
	assert_int_equal(store_history_expire(store, 2000, 9, &n, &more),
	    FG_ERR_BUSY);
	assert_int_equal(n, 0);
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_BUSY);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r),
	    FG_ERR_BUSY);
	assert_true(now_ms() - began_ms < 6 * 10 * (int64_t)STORE_BUSY_MS);
}

/* The decider goes on: what it asks is answered, what it writes is busy. */
static void
test_a_held_write_lock_stops_no_question(void **state)
{
	struct store_session s = a_session("A", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000);
	struct store_revocation r = a_revocation("bob");
	char people[2][FG_USER_MAX + 1];
	struct store *store = open_store();
	struct other other;
	size_t n = 0;
	uint32_t m;

	(void)state;
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_revocation_put(store, &r), 0);
	other = start_other(hold_write_lock);
	hear_other(&other);
	assert_all_busy(store);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(store_history_days(store, "alice", 0, INT64_MAX, 3,
			     &m),
	    0);
	assert_int_equal(m, 1);
	assert_int_equal(store_history_sharers(store, &l.addr, "bob", 0, people,
			     2, &n),
	    0);
	assert_int_equal(n, 1);
	n = 0;
	assert_int_equal(store_sessions_each(store, count_session, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	assert_int_equal(store_revocation_of(store, "alice", &r),
	    FG_ERR_NOT_FOUND);
	end_other(&other);
	r = a_revocation("alice");
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_session_remove(store, "A"), 0);
	store_close(store);
	assert_integrity();
}

/* ---- how long nobody waits --------------------------------------------- */

static void
ask_account(struct store *store)
{
	struct person q;

	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
}

static void
ask_key(struct store *store)
{
	struct person q;

	assert_int_equal(store_person_by_key(store, "none", &q),
	    FG_ERR_NOT_FOUND);
}

static void
ask_exceptions(struct store *store)
{
	struct store_exception list[2];
	size_t n;

	assert_int_equal(store_exceptions_of(store, "u1", 1500, list, 2, &n),
	    0);
}

/* One that nobody has asked yet. */
static struct store *fresh[4];

static void
ask_outline(struct store *store)
{
	static size_t next;
	struct store_outline outline;

	(void)store;
	assert_int_equal(store_outline(fresh[next++ % 4], &outline), 0);
	assert_true(outline.people);
}

static void
add_exception(struct store *store)
{
	struct store_exception e = an_exception("alice");

	assert_int_equal(store_exception_add(store, &e), FG_ERR_BUSY);
}

static void
remove_exception(struct store *store)
{
	struct store_exception e;

	assert_int_equal(store_exception_remove(store, 1, &e), FG_ERR_BUSY);
}

static void
open_another(struct store *store)
{
	struct store *second;
	const char *why;

	(void)store;
	assert_int_equal(store_open(folder, &second, &why), 0);
	store_close(second);
}

/*
 * DB-05: a login asks, and may stand behind an administrator's command. The
 * quickest of several, for the machine may have other things to do.
 */
static void
test_a_held_write_lock_makes_nobody_wait_long(void **state)
{
	static const struct {
		void (*call)(struct store *store);
		int64_t most_ms;
	} t[] = { { ask_account, 10 }, { ask_key, 10 }, { ask_exceptions, 10 },
		{ ask_outline, 10 }, { add_exception, 90 },
		{ remove_exception, 90 }, { open_another, 90 } };
	struct store *store = open_store();
	int64_t took, quickest;
	struct other other;
	size_t i, k;

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	for (i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		fresh[i] = open_store();
	other = start_other(hold_write_lock);
	hear_other(&other);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		quickest = INT64_MAX;
		for (k = 0; k < 4; k++) {
			took = -now_ms();
			t[i].call(store);
			took += now_ms();
			quickest = took < quickest ? took : quickest;
		}
		if (quickest > t[i].most_ms)
			fail_msg("call %zu takes %lld ms", i,
			    (long long)quickest);
	}
	end_other(&other);
	for (i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		store_close(fresh[i]);
	store_close(store);
}

static void
test_one_who_has_all_locks_makes_it_busy(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store = open_store();
	struct other other;
	struct person q;
	const char *why;
	size_t n;

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_close(store);
	other = start_other(hold_everything);
	hear_other(&other);
	assert_int_equal(store_open(folder, &store, &why), FG_ERR_BUSY);
	assert_null(store);
	end_other(&other);
	store = open_store();
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
}

/* ---- a child of the daemon --------------------------------------------- */

/* An import that goes on when told, and a lock in the middle of it. */
static void
hold_an_import(void)
{
	struct store *store = child_open();
	struct person p = a_person("new");
	struct store_import *import;
	char rest[FG_USER_MAX + 1];

	CHECK(store_import_begin(store, &import) == 0);
	CHECK(store_import_add(import, &p, rest) == 0);
	hold_write_lock();
	CHECK(store_import_commit(import) == 0);
	store_import_free(import);
	child_wait();
	store_close(store);
}

static void
test_a_childs_lock_holds_against_its_parent(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store = open_store();
	struct store_import *import;
	struct other other;
	struct person q;

	(void)state;
	assert_int_equal(import_people(store, 3, "old"), 0);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	other = start_other(hold_an_import);
	hear_other(&other);
	assert_int_equal(store_exception_add(store, &e), FG_ERR_BUSY);
	assert_int_equal(store_import_begin(store, &import), FG_ERR_BUSY);
	/* The generation in force, without waiting. */
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_int_equal(store_person_by_account(store, "new", &q),
	    FG_ERR_NOT_FOUND);
	tell_other(&other);
	hear_other(&other);
	assert_int_equal(store_person_by_account(store, "new", &q), 0);
	assert_int_equal(store_person_by_account(store, "u1", &q),
	    FG_ERR_NOT_FOUND);
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	end_other(&other);
	store_close(store);
	assert_integrity();
}

static void
try_to_write(void)
{
	struct store_exception e = an_exception("bob");
	struct store *store = child_open();
	struct store_import *import;

	CHECK(store_exception_add(store, &e) == FG_ERR_BUSY);
	CHECK(store_import_begin(store, &import) == FG_ERR_BUSY);
	store_close(store);
}

static void
test_a_parents_lock_holds_against_its_child(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct other other;
	sqlite3 *db;

	(void)state;
	assert_int_equal(store_import_begin(store, &import), 0);
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	other = start_other(try_to_write);
	hear_other(&other);
	end_other(&other);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	store_close(store);
	assert_integrity();
}

static void
import_and_close(void)
{
	struct store *store = child_open();

	CHECK(import_people(store, 500, "child") == 0);
	store_close(store);
}

/* The last to close tidies the log; a child must not think that it is. */
static void
test_a_child_that_closes_leaves_the_parents_store_alone(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store = open_store();
	struct other other;
	unsigned int i;
	struct person q;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(store_exception_add(store, &e), 0);
		other = start_other(import_and_close);
		hear_other(&other);
		end_other(&other);
		assert_int_equal(store_person_by_account(store, "u499", &q), 0);
		assert_string_equal(q.name, "child");
		assert_int_equal(e.id, i + 1);
	}
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM exception"), 3);
}

static void
import_much(void)
{
	struct store *store = child_open();

	CHECK(import_people(store, 6000, "new") == 0);
	store_close(store);
}

static void
test_an_import_stops_neither_logins_nor_administrators(void **state)
{
	struct store *store = open_store();
	unsigned int reads = 0, writes = 0;
	struct store_exception e;
	struct other other;
	struct person q;
	int status = 0, r;

	(void)state;
	assert_int_equal(import_people(store, 6000, "old"), 0);
	other = start_other(import_much);
	while (waitpid(other.pid, &status, WNOHANG) == 0) {
		assert_int_equal(store_person_by_account(store, "u5999", &q),
		    0);
		assert_true(strcmp(q.name, "old") == 0 ||
		    strcmp(q.name, "new") == 0);
		reads++;
		if (reads % 64 != 0)
			continue;
		e = an_exception("alice");
		r = store_exception_add(store, &e);
		/* On a machine that has no time to spare. */
		assert_true(r == 0 || r == FG_ERR_BUSY);
		writes += r == 0;
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	(void)close(other.to);
	(void)close(other.from);
	assert_true(reads > 0 && writes > 0);
	assert_int_equal(store_person_by_account(store, "u5999", &q), 0);
	assert_string_equal(q.name, "new");
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM exception"), writes);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 6000);
}

/* ---- what another process does shows ----------------------------------- */

static void
import_revoke_and_wait(void)
{
	struct store *store = child_open();
	struct store_revocation r = a_revocation("bob");
	struct store_exception e = an_exception("u1");

	CHECK(import_people(store, 3, "new") == 0);
	child_wait();
	CHECK(store_revocation_put(store, &r) == 0);
	child_wait();
	CHECK(store_revocation_remove(store, "bob", 1, &r) == 0);
	CHECK(store_exception_add(store, &e) == 0);
	child_wait();
	store_close(store);
}

/*
 * Before that process has ended, and without a word from it: else whoever has
 * just been dismissed would still be let in.
 */
static void
test_what_another_process_commits_is_in_the_outline(void **state)
{
	struct store *store = open_store();
	struct store_outline o = outline_of(store);
	struct other other;

	(void)state;
	assert_false(o.people || o.lost || o.exceptions || o.revocations);
	other = start_other(import_revoke_and_wait);
	hear_other(&other);
	o = outline_of(store);
	assert_true(o.people);
	assert_false(o.lost || o.exceptions || o.revocations);
	tell_other(&other);
	hear_other(&other);
	o = outline_of(store);
	assert_true(o.people && o.revocations);
	assert_false(o.exceptions);
	tell_other(&other);
	hear_other(&other);
	o = outline_of(store);
	assert_true(o.people && o.exceptions);
	assert_false(o.revocations);
	end_other(&other);
	store_close(store);
}

/* What it keeps itself meanwhile changes nothing. */
static void
test_what_is_kept_of_logins_is_not_in_the_outline(void **state)
{
	struct store_session s = a_session("A", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000);
	struct store *store = open_store();
	struct other other;

	(void)state;
	assert_false(outline_of(store).people);
	assert_int_equal(store_session_put(store, &s), 0);
	other = start_other(import_revoke_and_wait);
	hear_other(&other);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_true(outline_of(store).people);
	tell_other(&other);
	hear_other(&other);
	assert_int_equal(store_session_remove(store, "A"), 0);
	assert_true(outline_of(store).revocations);
	end_other(&other);
	store_close(store);
}

static void
import_and_wait_before_the_switch(void)
{
	struct store *store = child_open();
	struct store_import *import;

	CHECK(store_import_begin(store, &import) == 0);
	CHECK(fill(import, 3, "new") == 0);
	CHECK(store_copy_remember(import) == 0); /* as a commit does */
	child_wait();
	CHECK(store_import_commit(import) == 0);
	store_import_free(import);
	child_wait();
	store_close(store);
}

/*
 * The memory beside the database comes before the switch; in between nobody may
 * be refused because people seem to be lost. Once there are some, they can be.
 */
static void
test_a_first_import_loses_nobody(void **state)
{
	struct store *store = open_store();
	struct store_outline o;
	struct other other;

	(void)state;
	other = start_other(import_and_wait_before_the_switch);
	hear_other(&other);
	assert_int_equal(access(in_folder(STORE_FILE ".people"), F_OK), 0);
	o = outline_of(store);
	assert_false(o.people || o.lost);
	tell_other(&other);
	hear_other(&other);
	o = outline_of(store);
	assert_true(o.people && !o.lost);
	end_other(&other);
	run_behind("DELETE FROM generation");
	o = outline_of(store);
	assert_true(o.lost && !o.people);
	store_close(store);
}

/* ---- bounds ------------------------------------------------------------ */

static void
test_memory_does_not_grow_with_the_people(void **state)
{
	struct store *store = open_store();
	struct store_import *import;

	(void)state;
	(void)sqlite3_memory_highwater(1);
	assert_int_equal(import_people(store, 20000, "old"), 0);
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(fill(import, 20000, "new"), 0);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	store_close(store);
	/* The caches of an import and of the other connection. */
	assert_true(sqlite3_memory_highwater(0) < 24 * 1024 * 1024);
}

/* As root SQLite gives its files away, which the daemon is not and need not. */
static void
be_nobody(void)
{
	if (geteuid() != 0)
		return;
	CHECK(chown(folder, 65534, 65534) == 0);
	CHECK(setresgid(65534, 65534, 65534) == 0);
	CHECK(setresuid(65534, 65534, 65534) == 0);
}

/* What the decider does with logins. */
static void
keep_logins(struct store *store)
{
	struct store_session s = a_session("A", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000);
	struct store_revocation r = a_revocation("alice");
	char people[2][FG_USER_MAX + 1];
	bool more;
	size_t n;

	CHECK(store_session_put(store, &s) == 0);
	CHECK(store_session_remove(store, "A") == 0);
	CHECK(store_history_add(store, &l) == 0);
	CHECK(store_history_last(store, "alice", &l) == 0);
	CHECK(store_history_sharers(store, &l.addr, "bob", 0, people, 2, &n) ==
	    0);
	CHECK(store_history_expire(store, 2000, 9, &n, &more) == 0);
	CHECK(store_revocation_put(store, &r) == 0);
	CHECK(store_revocation_remove(store, "alice", 1, &r) == 0);
}

static void
live_within_the_filter(void *arg)
{
	enum sandbox_mode mode = *(enum sandbox_mode *)arg;
	const char *const none[] = { NULL }, *const own[] = { folder, NULL };
	const struct landlock_paths paths = {
		.read = none, .write = none, .own = own
	};
	struct store_exception e = an_exception("alice"), list[2];
	struct store *store, *second;
	const char *why;
	struct person q;
	size_t n;
	int fd;

	be_nobody();
	CHECK(store_open(folder, &store, &why) == 0);
	CHECK(import_people(store, 10, "old") == 0);
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(landlock_apply(&paths) >= 0);
	CHECK(sandbox_apply(SANDBOX_DECIDER, mode) == 0);
	CHECK(store_person_by_account(store, "u1", &q) == 0);
	CHECK(store_exception_add(store, &e) == 0);
	CHECK(store_exceptions_of(store, "alice", 1500, list, 2, &n) == 0);
	keep_logins(store);
	/* As a worker does. */
	CHECK(store_open(folder, &second, &why) == 0);
	CHECK(import_people(second, 3000, "new") == 0);
	store_close(second);
	CHECK(store_person_by_account(store, "u2999", &q) == 0);
	CHECK(store_exception_remove(store, e.id, &e) == 0);
	store_close(store);
	/* As the daemon that finds it damaged. */
	CHECK((fd = open(in_folder(STORE_FILE), O_WRONLY | O_TRUNC)) != -1);
	CHECK(close(fd) == 0);
	CHECK(store_open(folder, &store, &why) == 0);
	CHECK(why != NULL);
	store_close(store);
}

static void
test_the_decider_can_use_it_within_its_filter(void **state)
{
	enum sandbox_mode mode = SANDBOX_KILL;

	(void)state;
	log_init("test", false);
	child_passes(live_within_the_filter, &mode);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_held_write_lock_stops_no_reader),
		STORE_TEST(test_a_held_write_lock_stops_no_question),
		STORE_TEST(test_a_held_write_lock_makes_nobody_wait_long),
		STORE_TEST(test_one_who_has_all_locks_makes_it_busy),
		STORE_TEST(test_a_childs_lock_holds_against_its_parent),
		STORE_TEST(test_a_parents_lock_holds_against_its_child),
		STORE_TEST(
		    test_a_child_that_closes_leaves_the_parents_store_alone),
		STORE_TEST(
		    test_an_import_stops_neither_logins_nor_administrators),
		STORE_TEST(test_what_another_process_commits_is_in_the_outline),
		STORE_TEST(test_what_is_kept_of_logins_is_not_in_the_outline),
		STORE_TEST(test_a_first_import_loses_nobody),
		STORE_TEST(test_memory_does_not_grow_with_the_people),
		STORE_TEST(test_the_decider_can_use_it_within_its_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
