/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enrolments, recovery codes and back-off in the store: what is spent is spent
 * once, by however many at once, and is on the disk.
 */
#include "policyd/store/store_factor.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_sql.h"
#include "tests/unit/storing.h"

#define TRIERS 50

static struct store_totp
an_enrolment(const char *person, bool active)
{
	struct store_totp t;

	memset(&t, 0, sizeof(t));
	(void)snprintf(t.person, sizeof(t.person), "%s", person);
	(void)snprintf(t.sealed, sizeof(t.sealed), "sealed of %s %d", person,
	    active);
	t.algorithm = TOTP_SHA256;
	t.digits = 8;
	t.last_step = -1;
	t.active = active;
	t.made_s = 1000;
	t.by_uid = 5;
	t.by_loginuid = UINT32_MAX;
	return t;
}

/* Codes whose hashes begin with one letter. */
static struct store_recovery
codes_of(char letter)
{
	struct store_recovery codes = { .n = STORE_RECOVERY_CODES };

	for (size_t i = 0; i < codes.n; i++) {
		memset(codes.hash[i], letter, CRYPTO_HEX_SIZE - 1);
		codes.hash[i][1] = (char)('0' + i);
		codes.hash[i][CRYPTO_HEX_SIZE - 1] = '\0';
	}
	return codes;
}

static void
put(struct store *store, const struct store_totp *t)
{
	assert_int_equal(store_totp_put(store, t), 0);
}

static int64_t
last_step(struct store *store, const char *person)
{
	struct store_totp t;

	assert_int_equal(store_totp_get(store, person, true, &t), 0);
	return t.last_step;
}

/* ---- rows --------------------------------------------------------------- */

static void
an_enrolment_comes_out_as_it_was_put_in(void **state)
{
	struct store_totp t = an_enrolment("alice", true), back;
	struct store *store = open_store();
	bool any;

	(void)state;
	assert_int_equal(store_totp_any(store, &any), 0);
	assert_false(any);
	assert_int_equal(store_totp_get(store, "alice", true, &back),
	    FG_ERR_NOT_FOUND);
	put(store, &t);
	store_close(store);
	store = open_store();
	assert_int_equal(store_totp_get(store, "alice", true, &back), 0);
	assert_memory_equal(&t, &back, sizeof(t));
	assert_int_equal(store_totp_get(store, "alice", false, &back),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_get(store, "Alice", true, &back),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_any(store, &any), 0);
	assert_true(any);
	store_close(store);
}

static void
what_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	struct store_totp t;
	bool any;

	(void)state;
	t = an_enrolment("", true);
	assert_int_equal(store_totp_put(store, &t), FG_ERR_FORMAT);
	t = an_enrolment("alice", true);
	t.digits = 7;
	assert_int_equal(store_totp_put(store, &t), FG_ERR_FORMAT);
	t = an_enrolment("alice", true);
	t.algorithm = TOTP_NONE;
	assert_int_equal(store_totp_put(store, &t), FG_ERR_FORMAT);
	t = an_enrolment("alice", true);
	memset(t.sealed, 'a', sizeof(t.sealed));
	assert_int_equal(store_totp_put(store, &t), FG_ERR_FORMAT);
	assert_int_equal(store_totp_any(store, &any), 0);
	assert_false(any);
	store_close(store);
}

static void
a_damaged_row_is_an_error_and_no_absence(void **state)
{
	struct store_totp t = an_enrolment("alice", true);
	struct store *store = open_store();

	(void)state;
	put(store, &t);
	store_close(store);
	run_behind("UPDATE totp SET algorithm = 9");
	store = open_store();
	assert_int_equal(store_totp_get(store, "alice", true, &t),
	    FG_ERR_FORMAT);
	assert_string_equal(t.sealed, "");
	store_close(store);
}

static int
count(const struct store_totp *t, void *arg)
{
	static const char *const order[] = { "alice", "alice", "bob" };
	int *n = arg;

	assert_string_equal(t->person, order[*n]);
	assert_int_equal(t->active, *n != 0);
	(*n)++;
	return 0;
}

static void
all_are_listed_the_one_that_waits_first(void **state)
{
	struct store_totp bob = an_enrolment("bob", true);
	struct store_totp one = an_enrolment("alice", true);
	struct store_totp two = an_enrolment("alice", false);
	struct store *store = open_store();
	int n = 0;

	(void)state;
	put(store, &bob);
	put(store, &two);
	put(store, &one);
	assert_int_equal(store_totp_each(store, count, &n), 0);
	assert_int_equal(n, 3);
	store_close(store);
}

/* ---- activation --------------------------------------------------------- */

static void
one_that_waits_takes_the_place_of_the_active_one(void **state)
{
	struct store_totp old = an_enrolment("alice", true);
	struct store_totp new = an_enrolment("alice", false);
	struct store_recovery a = codes_of('a'), b = codes_of('b');
	struct store *store = open_store();
	struct store_totp t;
	size_t n;

	(void)state;
	assert_int_equal(store_totp_activate(store, "alice", 7, &a),
	    FG_ERR_NOT_FOUND);
	put(store, &new);
	assert_int_equal(store_totp_activate(store, "alice", 7, &a), 0);
	put(store, &old);
	put(store, &new);
	/* As long as it waits, the old one is as it was. */
	assert_int_equal(store_totp_advance(store, "alice", 9), 0);
	assert_int_equal(store_recovery_take(store, "alice", a.hash[3]), 0);
	assert_int_equal(store_totp_activate(store, "alice", 7, &b), 0);
	assert_int_equal(store_totp_get(store, "alice", true, &t), 0);
	assert_string_equal(t.sealed, new.sealed);
	assert_int_equal(t.last_step, 7);
	assert_int_equal(store_totp_get(store, "alice", false, &t),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_recovery_take(store, "alice", a.hash[4]),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_recovery_count(store, "alice", &n), 0);
	assert_int_equal(n, STORE_RECOVERY_CODES);
	store_close(store);
}

static void
one_that_waits_can_be_withdrawn_alone(void **state)
{
	struct store_totp old = an_enrolment("alice", true), t;
	struct store_totp new = an_enrolment("alice", false);
	struct store *store = open_store();

	(void)state;
	put(store, &old);
	assert_int_equal(store_totp_withdraw(store, "alice"), FG_ERR_NOT_FOUND);
	put(store, &new);
	assert_int_equal(store_totp_withdraw(store, "alice"), 0);
	assert_int_equal(store_totp_get(store, "alice", true, &t), 0);
	assert_int_equal(store_totp_get(store, "alice", false, &t),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
removal_takes_all_of_one_person(void **state)
{
	struct store_totp alice = an_enrolment("alice", true), t;
	struct store_totp bob = an_enrolment("bob", true);
	struct store_recovery a = codes_of('a');
	struct store *store = open_store();
	size_t n;

	(void)state;
	put(store, &alice);
	put(store, &bob);
	assert_int_equal(store_recovery_replace(store, "alice", &a), 0);
	assert_int_equal(store_totp_remove(store, "alice"), 0);
	assert_int_equal(store_totp_remove(store, "alice"), FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_get(store, "alice", true, &t),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_recovery_count(store, "alice", &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_totp_get(store, "bob", true, &t), 0);
	store_close(store);
}

/* An older copy that is put back has too few of them. */
static void
what_administrators_do_is_counted_and_logins_are_not(void **state)
{
	struct store_totp t = an_enrolment("alice", false);
	struct store_recovery a = codes_of('a');
	struct store *store = open_store();
	struct store_changes changes;

	(void)state;
	put(store, &t);
	assert_int_equal(store_totp_activate(store, "alice", 1, &a), 0);
	assert_int_equal(store_totp_reset(store, "alice", 2), 0);
	assert_int_equal(store_totp_advance(store, "alice", 3), 0);
	assert_int_equal(store_recovery_take(store, "alice", a.hash[0]), 0);
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 3);
	assert_int_equal(store_totp_remove(store, "alice"), 0);
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 4);
	store_close(store);
}

/* ---- spending ----------------------------------------------------------- */

static void
a_step_is_spent_forward_only(void **state)
{
	struct store_totp t = an_enrolment("alice", true);
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_totp_advance(store, "alice", 1),
	    FG_ERR_NOT_FOUND);
	put(store, &t);
	assert_int_equal(store_totp_advance(store, "alice", 100), 0);
	assert_int_equal(store_totp_advance(store, "alice", 100),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_advance(store, "alice", 99),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(last_step(store, "alice"), 100);
	store_close(store);
	store = open_store();
	assert_int_equal(store_totp_advance(store, "alice", 100),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_advance(store, "alice", 101), 0);
	assert_int_equal(store_totp_reset(store, "alice", 50), 0);
	assert_int_equal(last_step(store, "alice"), 50);
	assert_int_equal(store_totp_reset(store, "bob", 50), FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
one_that_waits_spends_nothing(void **state)
{
	struct store_totp t = an_enrolment("alice", false);
	struct store_recovery a = codes_of('a');
	struct store *store = open_store();

	(void)state;
	put(store, &t);
	assert_int_equal(store_totp_advance(store, "alice", 1),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_totp_reset(store, "alice", 1), FG_ERR_NOT_FOUND);
	assert_int_equal(store_recovery_replace(store, "alice", &a),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

struct contest {
	int (*spend)(struct store *store);
	int begin[2]; /* closed by the parent: everybody starts */
};

static int
spend_step(struct store *store)
{
	return store_totp_advance(store, "alice", 100);
}

static int
spend_code(struct store *store)
{
	return store_recovery_take(store, "alice", codes_of('a').hash[0]);
}

/* One of those who try. A lock that it did not get in time is no success. */
static void
try(const struct contest *c)
{
	struct store *store;
	const char *why;
	char byte;
	int r;

	(void)close(c->begin[1]);
	do
		r = store_open(folder, &store, &why);
	while (r == FG_ERR_BUSY);
	if (r != 0)
		(void)dprintf(STDERR_FILENO, "open: %s\n", fg_strerror(r));
	CHECK(r == 0);
	CHECK(read(c->begin[0], &byte, 1) == 0);
	do
		r = c->spend(store);
	while (r == FG_ERR_BUSY);
	CHECK(r == 0 || r == FG_ERR_NOT_FOUND);
	_exit(r == 0 ? 1 : 0);
}

/* How many of fifty processes it was given to. */
static int
contest(int (*spend)(struct store *store))
{
	struct contest c = { .spend = spend };
	int status, won = 0;
	pid_t pid[TRIERS];

	assert_int_equal(pipe(c.begin), 0);
	for (int i = 0; i < TRIERS; i++) {
		assert_true((pid[i] = fork()) >= 0);
		if (pid[i] == 0)
			try(&c);
	}
	(void)close(c.begin[1]);
	for (int i = 0; i < TRIERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		won += WEXITSTATUS(status);
	}
	(void)close(c.begin[0]);
	return won;
}

static void
of_fifty_at_once_one_spends_the_step(void **state)
{
	struct store_totp t = an_enrolment("alice", true);
	struct store *store = open_store();

	(void)state;
	put(store, &t);
	store_close(store);
	assert_int_equal(contest(spend_step), 1);
	store = open_store();
	assert_int_equal(last_step(store, "alice"), 100);
	store_close(store);
}

static void
of_fifty_at_once_one_spends_the_recovery_code(void **state)
{
	struct store_totp t = an_enrolment("alice", true);
	struct store_recovery a = codes_of('a');
	struct store *store = open_store();
	size_t n;

	(void)state;
	put(store, &t);
	assert_int_equal(store_recovery_replace(store, "alice", &a), 0);
	store_close(store);
	assert_int_equal(contest(spend_code), 1);
	store = open_store();
	assert_int_equal(store_recovery_count(store, "alice", &n), 0);
	assert_int_equal(n, STORE_RECOVERY_CODES - 1);
	store_close(store);
}

/* ---- back-off ----------------------------------------------------------- */

static void
back_off_outlives_the_daemon(void **state)
{
	struct store_backoff b = { .kind = STORE_BACKOFF_PERSON,
		.name = "alice",
		.failures = 6,
		.last_s = 10,
		.until_s = 70 };
	struct store *store = open_store();
	struct store_backoff back;

	(void)state;
	assert_int_equal(store_backoff_put(store, &b), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_PERSON, "alice",
			     &back),
	    0);
	assert_memory_equal(&b, &back, sizeof(b));
	/* A source of that name is another one. */
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_SOURCE, "alice",
			     &back),
	    FG_ERR_NOT_FOUND);
	b.failures = 7;
	assert_int_equal(store_backoff_put(store, &b), 0);
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_PERSON, "alice",
			     &back),
	    0);
	assert_int_equal(back.failures, 7);
	assert_int_equal(store_backoff_remove(store, STORE_BACKOFF_PERSON,
			     "alice"),
	    0);
	assert_int_equal(store_backoff_remove(store, STORE_BACKOFF_PERSON,
			     "alice"),
	    0);
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_PERSON, "alice",
			     &back),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
back_off_that_is_over_is_forgotten(void **state)
{
	struct store_backoff b = { .kind = STORE_BACKOFF_SOURCE,
		.name = "192.0.2.1",
		.failures = 1,
		.last_s = 10,
		.until_s = 70 };
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_backoff_put(store, &b), 0);
	b.kind = STORE_BACKOFF_NONE;
	assert_int_equal(store_backoff_put(store, &b), FG_ERR_FORMAT);
	assert_int_equal(store_backoff_forget(store, 70), 0);
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_SOURCE,
			     "192.0.2.1", &b),
	    0);
	assert_int_equal(store_backoff_forget(store, 71), 0);
	assert_int_equal(store_backoff_get(store, STORE_BACKOFF_SOURCE,
			     "192.0.2.1", &b),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

/* ---- the schema --------------------------------------------------------- */

static void
a_store_of_version_7_gets_the_tables(void **state)
{
	struct store_totp t = an_enrolment("alice", true);
	struct store_revocation r = { .user = "bob" };
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
	run_behind(UNDO_11);
	run_behind("DROP TABLE totp; DROP TABLE recovery; DROP TABLE backoff;"
		   "DROP TABLE proof; DROP TABLE verified; ALTER TABLE "
		   "exception DROP COLUMN kind; DROP TABLE baseline;"
		   "DROP TABLE learned; DROP TABLE support;"
		   "ALTER TABLE session DROP COLUMN policy;"
		   "ALTER TABLE session DROP COLUMN observed;"
		   "DROP TABLE asset; DROP TABLE asset_name;"
		   "DROP TABLE asset_generation; DROP TABLE asset_remembered;"
		   "PRAGMA user_version = 7");
	store = open_store();
	put(store, &t);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	store_close(store);
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_enrolment_comes_out_as_it_was_put_in),
		STORE_TEST(what_could_not_be_read_back_is_refused),
		STORE_TEST(a_damaged_row_is_an_error_and_no_absence),
		STORE_TEST(all_are_listed_the_one_that_waits_first),
		STORE_TEST(one_that_waits_takes_the_place_of_the_active_one),
		STORE_TEST(one_that_waits_can_be_withdrawn_alone),
		STORE_TEST(removal_takes_all_of_one_person),
		STORE_TEST(
		    what_administrators_do_is_counted_and_logins_are_not),
		STORE_TEST(a_step_is_spent_forward_only),
		STORE_TEST(one_that_waits_spends_nothing),
		STORE_TEST(of_fifty_at_once_one_spends_the_step),
		STORE_TEST(of_fifty_at_once_one_spends_the_recovery_code),
		STORE_TEST(back_off_outlives_the_daemon),
		STORE_TEST(back_off_that_is_over_is_forgotten),
		STORE_TEST(a_store_of_version_7_gets_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
