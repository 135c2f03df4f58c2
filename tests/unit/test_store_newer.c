/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A database of a newer version under an older program: nothing of it, or of
 * what is beside it, is changed, and the newer one finds all as it was.
 */
#include <signal.h>

#include "policyd/store/store_change.h"
#include "policyd/store/store_sql.h"
#include "tests/unit/storing.h"

#define NEWER "PRAGMA user_version = 99"
#define OURS  "PRAGMA user_version = 14"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

/* All that there can be, but for the lock. */
static const char *const names[] = { STORE_FILE, STORE_FILE "-wal",
	STORE_FILE "-shm", STORE_FILE "-journal", STORE_FILE ".people",
	STORE_FILE ".assets", STORE_FILE ".enrolments", STORE_FILE ".changes",
	STORE_FILE ".serial", STORE_FILE ".damaged", STORE_FILE ".import",
	STORE_FILE ".new" };

struct kept {
	char *bytes; /* NULL: there was none */
	size_t len;
};

static struct kept
keep(const char *name)
{
	struct kept kept = { .bytes = NULL };
	struct stat st;
	int fd;

	if (stat(in_folder(name), &st) != 0)
		return kept;
	kept.len = (size_t)st.st_size;
	assert_non_null(kept.bytes = calloc(1, kept.len + 1));
	assert_true((fd = open(in_folder(name), O_RDONLY)) != -1);
	assert_int_equal(read(fd, kept.bytes, kept.len), kept.len);
	assert_int_equal(close(fd), 0);
	return kept;
}

static void
keep_all(struct kept kept[NELEMS(names)])
{
	size_t i;

	for (i = 0; i < NELEMS(names); i++)
		kept[i] = keep(names[i]);
}

static void
assert_as_it_was(struct kept kept[NELEMS(names)])
{
	struct kept now;
	size_t i;

	for (i = 0; i < NELEMS(names); i++) {
		now = keep(names[i]);
		if ((now.bytes == NULL) != (kept[i].bytes == NULL) ||
		    now.len != kept[i].len ||
		    (now.len > 0 &&
			memcmp(now.bytes, kept[i].bytes, now.len) != 0))
			fail_msg("%s is not as it was", names[i]);
		free(now.bytes);
		free(kept[i].bytes);
	}
}

static unsigned int
count_files(void)
{
	struct dirent *entry;
	unsigned int n = 0;
	DIR *dir;

	assert_non_null(dir = opendir(folder));
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	(void)closedir(dir);
	return n;
}

static void
assert_refused(void)
{
	struct store *store;
	const char *why;

	assert_int_equal(store_open(folder, &store, &why), FG_ERR_VERSION);
	assert_null(store);
	assert_non_null(why);
	assert_non_null(strstr(why, "newer version of Farmgate"));
	assert_non_null(strstr(why, "schema 99"));
	assert_non_null(strstr(why, "install that version again, or move "));
	assert_non_null(strstr(why, "import the people"));
}

/* Nor does it try again and again until something gives. */
static void
assert_left_alone(void)
{
	struct kept kept[NELEMS(names)];
	unsigned int n;

	assert_int_equal(store_sql_version, 14); /* see OURS */
	keep_all(kept);
	n = count_files();
	assert_refused();
	assert_refused();
	assert_as_it_was(kept);
	assert_int_equal(count_files(), n);
}

static void
fill_store(struct store *store)
{
	struct store_exception e = an_exception("u1");
	struct store_session s = a_session("7F3K-Q2MN", "u1");
	struct store_login l = a_login("u1", "192.0.2.1", 1000);
	struct store_revocation r = a_revocation("u0");

	assert_int_equal(import_people(store, 20, "x"), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_revocation_put(store, &r), 0);
}

static void
make_store(void)
{
	struct store *store = open_store();

	fill_store(store);
	store_close(store);
}

static int
count_one(const struct store_session *s, void *arg)
{
	(void)s;
	(*(unsigned int *)arg)++;
	return 0;
}

/* As the newer version has it, which has come back. */
static void
assert_all_there(void)
{
	struct store *store = open_store();
	struct store_revocation r;
	struct store_exception e;
	unsigned int sessions = 0;
	struct store_login l;
	size_t n;

	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 20);
	assert_int_equal(store_exceptions_of(store, "u1", 1500, &e, 1, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_sessions_each(store, count_one, &sessions), 0);
	assert_int_equal(sessions, 1);
	assert_int_equal(store_history_last(store, "u1", &l), 0);
	assert_int_equal(store_revocation_of(store, "u0", &r), 0);
	assert_false(outline_of(store).lost);
	store_close(store);
}

/* ---- it is left alone -------------------------------------------------- */

static void
test_a_newer_version_is_left_as_it_is(void **state)
{
	(void)state;
	make_store();
	run_behind(NEWER);
	assert_left_alone();
	run_behind(OURS);
	assert_all_there();
}

static void
put(const char *name, const char *bytes)
{
	int fd = open(in_folder(name), O_RDWR | O_CREAT, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	assert_int_equal(close(fd), 0);
}

/* SQLite would put its log in order, and drop what an unknown one holds. */
static void
test_so_is_what_is_beside_it_in_whatever_form(void **state)
{
	(void)state;
	make_store();
	run_behind(NEWER);
	put(STORE_FILE "-wal", "a log of a form that is not known yet, 40 b");
	put(STORE_FILE "-journal", "and another");
	put(STORE_FILE ".serial", "serial=18\n");
	put(STORE_FILE ".changes", "changes=4");
	put(STORE_FILE ".import", "half an import");
	put(STORE_FILE ".new", "half a database");
	assert_left_alone();
}

static void
test_one_that_is_marked_as_damaged_is_left_too(void **state)
{
	(void)state;
	make_store();
	run_behind(NEWER);
	put(STORE_FILE ".damaged", "");
	assert_left_alone();
}

/* As it is when the newer one was killed right after it had begun. */
static void
become_newer(void *arg)
{
	struct store *store;
	const char *why;
	sqlite3 *db;

	(void)arg;
	CHECK(store_open(folder, &store, &why) == 0);
	fill_store(store);
	db = open_behind();
	run_sql(db, NEWER);
	(void)raise(SIGKILL);
}

static void
test_one_that_is_newer_in_its_log_only_is_left_too(void **state)
{
	uint8_t version[4];
	int fd;

	(void)state;
	assert_true(WIFSIGNALED(child_run(become_newer, NULL)));
	assert_true((fd = open(in_folder(STORE_FILE), O_RDONLY)) != -1);
	assert_int_equal(pread(fd, version, sizeof(version), 60), 4);
	assert_int_equal(close(fd), 0);
	assert_int_not_equal(version[3], 99);
	assert_refused();
	assert_left_alone();
	assert_int_equal(ask_behind("PRAGMA user_version"), 99);
	run_behind(OURS);
	assert_all_there();
}

static void
test_one_that_somebody_has_open_is_left_too(void **state)
{
	struct store *store, *second;
	const char *why;

	(void)state;
	make_store();
	store = open_store();
	run_behind(NEWER);
	assert_int_equal(store_open(folder, &second, &why), FG_ERR_VERSION);
	assert_null(second);
	assert_non_null(strstr(why, "newer version of Farmgate"));
	run_behind(OURS);
	store_close(store);
	assert_all_there();
}

static void
test_whoever_only_reads_is_told_so_too(void **state)
{
	struct kept kept[NELEMS(names)];
	struct store *store;
	const char *why;

	(void)state;
	make_store();
	run_behind(NEWER);
	keep_all(kept);
	assert_int_equal(store_peek(folder, &store, &why), FG_ERR_VERSION);
	assert_null(store);
	assert_non_null(strstr(why, "install that version again"));
	assert_as_it_was(kept);
	put(STORE_FILE "-wal", "a log of a form that is not known yet, 40 b");
	keep_all(kept);
	assert_int_equal(store_peek(folder, &store, &why), FG_ERR_VERSION);
	assert_non_null(strstr(why, "install that version again"));
	assert_as_it_was(kept);
}

/* ---- what is none ------------------------------------------------------ */

static void
assert_set_aside(void)
{
	struct store *store;
	const char *why;

	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(why);
	assert_non_null(strstr(why, "is kept as"));
	store_close(store);
}

static void
test_another_programs_database_is_no_newer_one(void **state)
{
	(void)state;
	make_store();
	run_behind(NEWER);
	run_behind("PRAGMA application_id = 1");
	assert_set_aside();
}

static void
test_a_version_that_none_can_have_is_damage(void **state)
{
	(void)state;
	make_store();
	run_behind("PRAGMA user_version = -1");
	assert_set_aside();
	run_behind("PRAGMA user_version = 0");
	assert_set_aside();
}

static void
test_half_a_header_is_damage(void **state)
{
	(void)state;
	make_store();
	run_behind(NEWER);
	assert_int_equal(truncate(in_folder(STORE_FILE), 99), 0);
	assert_set_aside();
}

/* ---- the other way out ------------------------------------------------- */

/* What was known of people is missed, and changes go on from their number. */
static void
test_one_that_was_moved_away_is_begun_anew(void **state)
{
	struct store_changes before, after;
	struct store *store;

	(void)state;
	make_store();
	store = open_store();
	assert_int_equal(store_changes(store, &before), 0);
	store_close(store);
	run_behind(NEWER);
	assert_refused();
	assert_int_equal(rename(in_folder(STORE_FILE), in_folder("away")), 0);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	store = open_store();
	assert_true(outline_of(store).lost);
	assert_false(outline_of(store).older);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own);
	assert_int_equal(import_people(store, 3, "y"), 0);
	assert_false(outline_of(store).lost);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_newer_version_is_left_as_it_is),
		STORE_TEST(test_so_is_what_is_beside_it_in_whatever_form),
		STORE_TEST(test_one_that_is_marked_as_damaged_is_left_too),
		STORE_TEST(test_one_that_is_newer_in_its_log_only_is_left_too),
		STORE_TEST(test_one_that_somebody_has_open_is_left_too),
		STORE_TEST(test_whoever_only_reads_is_told_so_too),
		STORE_TEST(test_another_programs_database_is_no_newer_one),
		STORE_TEST(test_a_version_that_none_can_have_is_damage),
		STORE_TEST(test_half_a_header_is_damage),
		STORE_TEST(test_one_that_was_moved_away_is_begun_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
