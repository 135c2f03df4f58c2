/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-11: administrators' changes are counted, and an older copy of the database
 * that was put back is known by that, whoever else has counted; until somebody
 * has settled it, and by no crash.
 */
#include "policyd/store/store_change.h"
#include "tests/unit/storing.h"

static struct store_changes
changes_of(struct store *store)
{
	struct store_changes changes;

	assert_int_equal(store_changes(store, &changes), 0);
	return changes;
}

/* ---- what is counted --------------------------------------------------- */

static void
assert_changes(struct store *store, uint64_t n)
{
	struct store_changes changes = changes_of(store);

	assert_int_equal(changes.own, n);
	assert_int_equal(changes.known, n);
	assert_false(outline_of(store).older);
}

static void
test_each_change_counts(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();

	(void)state;
	assert_changes(store, 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_changes(store, 1);
	assert_int_equal(store_exception_remove(store, e.id, &e), 0);
	assert_changes(store, 2);
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_changes(store, 3);
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_changes(store, 4);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r), 0);
	assert_changes(store, 5);
	assert_int_equal(import_people(store, 2, "x"), 0);
	assert_changes(store, 6);
	assert_int_equal(store_accept(store), 0);
	assert_changes(store, 7);
	store_close(store);
	store = open_store();
	assert_changes(store, 7);
	store_close(store);
}

static void
test_what_is_no_change_does_not_count(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store_revocation r = a_revocation("alice");
	struct store_session s = a_session("A", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000);
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_exception_remove(store, 7, &e),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r),
	    FG_ERR_NOT_FOUND);
	e.user[0] = '\0';
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	assert_changes(store, 0);
	store_close(store);
}

static void
test_a_change_that_is_not_made_does_not_count(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store *store = open_store();
	sqlite3 *db;

	(void)state;
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_BUSY);
	assert_int_equal(store_accept(store), FG_ERR_BUSY);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_changes(store, 0);
	store_close(store);
}

/* Without its counter the database is not what its version says. */
static void
test_a_counter_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const spoils[] = { "DELETE FROM change",
		"UPDATE change SET own = -1", "UPDATE change SET known = 'x'" };
	struct store_revocation r = a_revocation("alice");
	struct store_changes changes;
	struct store_outline outline;
	struct store *store;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		store = open_store();
		run_behind(spoils[i]);
		assert_int_equal(store_changes(store, &changes), FG_ERR_FORMAT);
		assert_int_equal(changes.own + changes.known, 0);
		assert_int_equal(store_outline(store, &outline), FG_ERR_FORMAT);
		store_close(store);
		run_behind("DELETE FROM change;"
			   "INSERT INTO change VALUES (1, 0, 0)");
	}
	store = open_store();
	run_behind("DELETE FROM change");
	assert_int_equal(store_revocation_put(store, &r), FG_ERR_FORMAT);
	assert_int_equal(store_revocation_of(store, "alice", &r),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

/* ---- an older copy ----------------------------------------------------- */

/* A backup of a store that nobody has open, and its way back. */
static void
copy_file(const char *from, const char *to)
{
	static char bytes[1024 * 1024];
	ssize_t n;
	int fd;

	fd = open(in_folder(from), O_RDONLY);
	assert_true(fd != -1);
	n = read(fd, bytes, sizeof(bytes));
	assert_true(n > 0 && (size_t)n < sizeof(bytes));
	assert_int_equal(close(fd), 0);
	(void)unlink(in_folder(to));
	fd = open(in_folder(to), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, bytes, (size_t)n), n);
	assert_int_equal(close(fd), 0);
}

static void
back_up(void)
{
	copy_file(STORE_FILE, "backup");
}

static void
put_back(void)
{
	copy_file("backup", STORE_FILE);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

static void
take_back(const char *user)
{
	struct store_revocation r = a_revocation(user);
	struct store *store = open_store();

	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
}

/* Two people and alice revoked, a backup of that, and bob revoked. */
static void
make_two(void)
{
	struct store *store = open_store();

	assert_int_equal(import_people(store, 2, "x"), 0);
	store_close(store);
	take_back("alice");
	back_up();
	take_back("bob");
}

static void
assert_older(struct store *store, uint64_t own, uint64_t known)
{
	struct store_changes changes = changes_of(store);
	struct store_outline outline = outline_of(store);

	assert_int_equal(changes.own, own);
	assert_int_equal(changes.known, known);
	assert_true(outline.older && outline.lost);
}

static void
test_an_older_copy_is_known_beside_it(void **state)
{
	struct store *store;
	const char *why;

	(void)state;
	make_two();
	put_back();
	store = open_store();
	assert_older(store, 2, 3);
	assert_true(outline_of(store).people);
	store_close(store);
	/* As it says so itself from now on, by nothing else. */
	assert_int_equal(unlink(in_folder(STORE_FILE ".changes")), 0);
	store = open_store();
	assert_older(store, 2, 3);
	store_close(store);
	assert_int_equal(store_peek(folder, &store, &why), 0);
	assert_older(store, 2, 3);
	store_close(store);
}

static void
test_who_only_reads_knows_it_too(void **state)
{
	struct store *store;
	const char *why;

	(void)state;
	make_two();
	put_back();
	assert_int_equal(store_peek(folder, &store, &why), 0);
	assert_older(store, 2, 3);
	store_close(store);
	/* and leaves it as it is */
	assert_int_equal(ask_behind("SELECT known FROM change"), 2);
}

static void
test_an_older_copy_is_known_by_the_audit_log(void **state)
{
	struct store *store;

	(void)state;
	make_two();
	put_back();
	assert_int_equal(unlink(in_folder(STORE_FILE ".changes")), 0);
	store = open_store();
	assert_changes(store, 2);
	store_changes_known(store, 2);
	assert_changes(store, 2);
	store_changes_known(store, 3);
	assert_older(store, 2, 3);
	store_changes_known(store, 1);
	assert_older(store, 2, 3);
	store_close(store);
	store = open_store();
	assert_older(store, 2, 3);
	store_close(store);
}

/* Doing again what is missing is not to say that nothing is. */
static void
test_a_change_does_not_settle_it(void **state)
{
	struct store *store;
	unsigned int i;

	(void)state;
	make_two();
	put_back();
	for (i = 0; i < 3; i++)
		take_back("bob");
	store = open_store();
	assert_older(store, 2, 6);
	store_close(store);
}

static void
test_an_import_settles_it(void **state)
{
	struct store *store;

	(void)state;
	make_two();
	put_back();
	store = open_store();
	assert_older(store, 2, 3);
	assert_int_equal(import_people(store, 2, "y"), 0);
	assert_changes(store, 4);
	assert_false(outline_of(store).lost);
	store_close(store);
	/* The same copy once more is an older one once more. */
	put_back();
	store = open_store();
	assert_older(store, 2, 4);
	store_close(store);
}

static void
test_it_can_be_accepted(void **state)
{
	struct store *store;
	const char *why;

	(void)state;
	make_two();
	put_back();
	store = open_store();
	assert_int_equal(store_accept(store), 0);
	assert_changes(store, 4);
	assert_false(outline_of(store).lost);
	store_close(store);
	store = open_store();
	assert_changes(store, 4);
	store_close(store);
	/* What is lost from now on is lost as ever. */
	run_behind("PRAGMA application_id = 99");
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_true(outline_of(store).lost);
	assert_false(outline_of(store).older);
	store_close(store);
}

/* ---- what is no older copy --------------------------------------------- */

/* Whoever ends in between has told nobody of a change that is not there. */
static void
test_a_crash_before_it_is_told_makes_no_older_copy(void **state)
{
	struct store *store;

	(void)state;
	make_two();
	copy_file(STORE_FILE ".changes", "told");
	take_back("carol");
	copy_file("told", STORE_FILE ".changes");
	store = open_store();
	store_changes_known(store, 3);
	assert_changes(store, 4);
	store_close(store);
}

static void
test_a_file_that_says_nothing_knows_of_nothing(void **state)
{
	static const char *const texts[] = { "", "3\n", "x",
		"00000000000000000000003", "00000000000000000000003\n\n",
		"0000000000000000000003x\n", "99999999999999999999999\n" };
	struct store *store;
	size_t i;
	int fd;

	(void)state;
	make_two();
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put_back();
		(void)unlink(in_folder(STORE_FILE ".changes"));
		fd = open(in_folder(STORE_FILE ".changes"), O_WRONLY | O_CREAT,
		    0600);
		assert_int_equal(write(fd, texts[i], strlen(texts[i])),
		    (ssize_t)strlen(texts[i]));
		assert_int_equal(close(fd), 0);
		store = open_store();
		assert_changes(store, 2);
		store_close(store);
	}
	/* The next change makes it whole. */
	take_back("bob");
	take_back("carol");
	put_back();
	store = open_store();
	assert_older(store, 2, 4);
	store_close(store);
}

static void
test_a_number_that_cannot_be_is_none(void **state)
{
	struct store *store = open_store();

	(void)state;
	store_changes_known(store, UINT64_MAX);
	store_changes_known(store, STORE_CHANGES_MAX + 1);
	assert_changes(store, 0);
	store_changes_known(store, STORE_CHANGES_MAX);
	assert_older(store, 0, STORE_CHANGES_MAX);
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).older);
	store_close(store);
}

/* One that did not count yet had no changes that somebody knows of. */
/* As version 5 left it. */
#define BEFORE                                      \
	"DROP TABLE change;"                        \
	"ALTER TABLE session DROP COLUMN also;"     \
	"ALTER TABLE session DROP COLUMN more;"     \
	"ALTER TABLE session DROP COLUMN policy;"   \
	"ALTER TABLE session DROP COLUMN observed;" \
	"DROP TABLE totp;"                          \
	"DROP TABLE recovery;"                      \
	"DROP TABLE backoff;"                       \
	"DROP TABLE proof;"                         \
	"DROP TABLE verified;"                      \
	"DROP TABLE baseline;"                      \
	"DROP TABLE learned;"                       \
	"DROP TABLE support;"                       \
	"DROP TABLE asset;"                         \
	"DROP TABLE asset_name;"                    \
	"DROP TABLE asset_generation;"              \
	"DROP TABLE asset_remembered;"              \
	"ALTER TABLE exception DROP COLUMN kind;"   \
	"PRAGMA user_version = 5"

static void
test_a_store_without_a_counter_is_no_older_copy(void **state)
{
	struct store *store;

	(void)state;
	make_two();
	run_behind(UNDO_11 BEFORE);
	assert_int_equal(unlink(in_folder(STORE_FILE ".changes")), 0);
	store = open_store();
	assert_changes(store, 0);
	store_changes_known(store, 0);
	assert_changes(store, 0);
	assert_false(outline_of(store).lost);
	store_close(store);
	/* But one of before that is put back later is. */
	take_back("carol");
	run_behind(UNDO_11 BEFORE);
	store = open_store();
	assert_older(store, 0, 1);
	store_close(store);
}

/* That it was moved aside is known as ever, and by nothing more. */
static void
test_a_database_that_is_begun_anew_goes_on_counting(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store = open_store();
	const char *why;

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
	run_behind("PRAGMA application_id = 99");
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(why);
	assert_changes(store, 1);
	assert_false(outline_of(store).lost); /* it had told of nobody */
	store_close(store);
	take_back("alice");
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
	store = open_store();
	assert_changes(store, 2);
	assert_true(outline_of(store).lost);
	/* Which may be accepted as well. */
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).lost);
	store_close(store);
}

/* It knows for itself what it cannot write down. */
static void
test_a_lock_does_not_hide_it(void **state)
{
	struct store *store;
	sqlite3 *db;

	(void)state;
	make_two();
	put_back();
	(void)unlink(in_folder(STORE_FILE ".changes"));
	store = open_store();
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	store_changes_known(store, 3);
	assert_older(store, 2, 3);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_older(store, 2, 3);
	assert_int_equal(import_people(store, 2, "y"), 0);
	assert_changes(store, 4);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_each_change_counts),
		STORE_TEST(test_what_is_no_change_does_not_count),
		STORE_TEST(test_a_change_that_is_not_made_does_not_count),
		STORE_TEST(test_a_counter_that_makes_no_sense_is_an_error),
		STORE_TEST(test_an_older_copy_is_known_beside_it),
		STORE_TEST(test_who_only_reads_knows_it_too),
		STORE_TEST(test_an_older_copy_is_known_by_the_audit_log),
		STORE_TEST(test_a_change_does_not_settle_it),
		STORE_TEST(test_an_import_settles_it),
		STORE_TEST(test_it_can_be_accepted),
		STORE_TEST(test_a_crash_before_it_is_told_makes_no_older_copy),
		STORE_TEST(test_a_file_that_says_nothing_knows_of_nothing),
		STORE_TEST(test_a_number_that_cannot_be_is_none),
		STORE_TEST(test_a_store_without_a_counter_is_no_older_copy),
		STORE_TEST(test_a_database_that_is_begun_anew_goes_on_counting),
		STORE_TEST(test_a_lock_does_not_hide_it),
	};

	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
