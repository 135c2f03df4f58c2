/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store's log grows until it is moved, which stops nobody: no reader, no
 * writer, and not one who finds another at it.
 */
#include "policyd/store/store_log.h"
#include "tests/unit/storing.h"

#define SHM_CKPT_LOCK 121 /* the WAL-index format: the checkpoint's lock byte */

static struct {
	uint64_t bytes;
	uint64_t longest;
	unsigned int commits;
} heard;

static void
on_log(uint64_t bytes, void *arg)
{
	(void)arg;
	heard.bytes = bytes;
	heard.commits++;
	if (bytes > heard.longest)
		heard.longest = bytes;
}

static struct store *
watched_store(void)
{
	struct store *store = open_store();

	memset(&heard, 0, sizeof(heard));
	store_log_watch(store, on_log, NULL);
	return store;
}

static void
add_logins(struct store *store, unsigned int n)
{
	struct store_login l = a_login("alice", "192.0.2.1", 1000);

	while (n-- > 0)
		assert_int_equal(store_history_add(store, &l), 0);
}

static int64_t
size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(in_folder(name), &st), 0);
	return st.st_size;
}

/* What SQLite itself would move at 1000 pages. */
static void
test_no_commit_moves_the_log(void **state)
{
	struct store *store = watched_store();
	int64_t before = size_of(STORE_FILE);

	(void)state;
	add_logins(store, 2000);
	assert_int_equal(heard.commits, 2000);
	assert_true(heard.bytes > 6 << 20);
	assert_int_equal(heard.bytes, heard.longest);
	assert_true(size_of(STORE_FILE "-wal") >= (int64_t)heard.bytes);
	assert_int_equal(size_of(STORE_FILE), before);
	store_close(store);
	assert_true(size_of(STORE_FILE) > before);
	assert_int_equal(size_of(STORE_FILE "-wal"), 0);
}

/* What must not be lost is heard of as well. */
static void
test_synced_commits_are_heard(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store = watched_store();

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_true(heard.commits == 1 && heard.bytes > 0);
	store_log_watch(store, NULL, NULL);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(heard.commits, 1);
	store_close(store);
}

static void
test_a_log_that_was_moved_begins_anew(void **state)
{
	struct store *store = watched_store();
	uint64_t bytes, left;

	(void)state;
	add_logins(store, 500);
	assert_int_equal(store_log_move(store, &bytes, &left), 0);
	assert_int_equal(bytes, heard.bytes);
	assert_int_equal(left, 0);
	add_logins(store, 1);
	assert_true(heard.bytes < 100 * 4096);
	assert_int_equal(history_rows(), 501);
	store_close(store);
	assert_integrity();
}

/* One who reads what was before: it is not waited for, and not disturbed. */
static void
test_a_reader_keeps_what_it_reads(void **state)
{
	struct store *store = watched_store();
	uint64_t bytes, left;
	sqlite3_stmt *stmt;
	sqlite3 *db;

	(void)state;
	add_logins(store, 100);
	db = open_behind();
	run_sql(db, "BEGIN");
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM history",
			     -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	add_logins(store, 100);
	assert_int_equal(store_log_move(store, &bytes, &left), 0);
	assert_true(left > 0 && left < bytes);
	assert_int_equal(sqlite3_column_int(stmt, 0), 100);
	assert_int_equal(sqlite3_reset(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(stmt, 0), 100);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	run_sql(db, "COMMIT");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_log_move(store, &bytes, &left), 0);
	assert_int_equal(left, 0);
	assert_int_equal(history_rows(), 200);
	store_close(store);
}

static void
test_a_held_write_lock_does_not_stop_it(void **state)
{
	struct store *store = watched_store();
	uint64_t bytes, left;
	sqlite3 *db;

	(void)state;
	add_logins(store, 100);
	db = open_behind();
	run_sql(db, "BEGIN IMMEDIATE");
	assert_int_equal(store_log_move(store, &bytes, &left), 0);
	assert_int_equal(left, 0);
	run_sql(db, "COMMIT");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	store_close(store);
}

/* A process that is at it, as a worker that hangs. */
static void
hold_checkpoint(int ready, int go)
{
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = SHM_CKPT_LOCK,
		.l_len = 1 };
	char byte = 'x';
	int fd;

	fd = open(in_folder(STORE_FILE "-shm"), O_RDWR | O_CLOEXEC);
	CHECK(fd != -1);
	CHECK(fcntl(fd, F_SETLK, &lock) == 0);
	CHECK(write(ready, &byte, 1) == 1);
	CHECK(read(go, &byte, 1) >= 0);
	_exit(0);
}

static void
test_one_is_at_it_at_a_time(void **state)
{
	struct store *store = watched_store();
	int ready[2], go[2], status;
	uint64_t bytes, left;
	char byte;
	pid_t pid;

	(void)state;
	add_logins(store, 10);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	assert_true((pid = fork()) != -1);
	if (pid == 0) {
		(void)close(go[1]);
		hold_checkpoint(ready[1], go[0]);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(store_log_move(store, &bytes, &left), FG_ERR_BUSY);
	assert_true(bytes == 0 && left == 0);
	add_logins(store, 10); /* nobody else minds */
	assert_int_equal(history_rows(), 20);
	(void)close(go[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(store_log_move(store, &bytes, &left), 0);
	assert_int_equal(left, 0);
	(void)close(go[0]);
	(void)close(ready[0]);
	(void)close(ready[1]);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_no_commit_moves_the_log),
		STORE_TEST(test_synced_commits_are_heard),
		STORE_TEST(test_a_log_that_was_moved_begins_anew),
		STORE_TEST(test_a_reader_keeps_what_it_reads),
		STORE_TEST(test_a_held_write_lock_does_not_stop_it),
		STORE_TEST(test_one_is_at_it_at_a_time),
	};

	return cmocka_run_group_tests_name("the store's log", tests, NULL,
	    NULL);
}
