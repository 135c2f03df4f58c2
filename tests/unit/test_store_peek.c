/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a store that is somebody else's to keep: it says what the daemon
 * would find, and neither a running daemon nor the next one can tell that
 * anybody has looked.
 */
#include "tests/unit/storing.h"
#include "tests/unit/storing_other.h"

/* ---- what the folder looks like ---------------------------------------- */

#define PICTURE_SIZE 4096

static uint32_t
sum_of(const char *name)
{
	uint32_t sum = 2166136261u;
	int c;
	FILE *in;

	if ((in = fopen(in_folder(name), "re")) == NULL)
		return 0;
	while ((c = getc(in)) != EOF)
		sum = (sum ^ (uint32_t)c) * 16777619u;
	(void)fclose(in);
	return sum;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every name in it, what it is, and what is in it. */
static void
take_picture(char picture[PICTURE_SIZE])
{
	struct dirent *entry;
	char *names[32];
	size_t i, n = 0, len = 0;
	struct stat st;
	DIR *dir;

	assert_non_null(dir = opendir(folder));
	while ((entry = readdir(dir)) != NULL && n < 32)
		if (entry->d_name[0] != '.')
			assert_non_null(names[n++] = strdup(entry->d_name));
	(void)closedir(dir);
	qsort(names, n, sizeof(names[0]), by_name);
	picture[0] = '\0';
	for (i = 0; i < n; i++) {
		assert_int_equal(lstat(in_folder(names[i]), &st), 0);
		len += (size_t)snprintf(picture + len, PICTURE_SIZE - len,
		    "%s %lu %o %lld %lld.%09ld %08x\n", names[i],
		    (unsigned long)st.st_ino, st.st_mode, (long long)st.st_size,
		    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		    S_ISREG(st.st_mode) ? sum_of(names[i]) : 0);
		assert_true(len < PICTURE_SIZE);
		free(names[i]);
	}
}

static void
assert_picture(const char *before)
{
	char after[PICTURE_SIZE];

	take_picture(after);
	assert_string_equal(before, after);
}

/* ---- tools ------------------------------------------------------------- */

static void
fill_store(struct store *store)
{
	struct store_exception e = an_exception("u1");

	assert_int_equal(import_people(store, 20, "x"), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
}

static struct store *
peek_store(void)
{
	struct store *store;
	const char *why;
	int r;

	if ((r = store_peek(folder, &store, &why)) != 0)
		print_message("%s: %s\n", fg_strerror(r), why ? why : "");
	assert_int_equal(r, 0);
	assert_null(why);
	return store;
}

/* What fill_store() put there is found. */
static void
assert_filled(struct store *store)
{
	struct store_exception list[2];
	struct store_outline outline;
	struct person q;
	size_t n;

	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.people && outline.exceptions && !outline.lost);
	assert_int_equal(store_person_by_account(store, "u19", &q), 0);
	assert_string_equal(q.name, "x");
	assert_int_equal(store_person_by_account(store, "nobody", &q),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_exceptions_of(store, "u1", 1500, list, 2, &n),
	    0);
	assert_int_equal(n, 1);
}

static void
assert_peek_fails(int r, const char *text)
{
	char before[PICTURE_SIZE];
	struct store *store;
	const char *why;

	take_picture(before);
	assert_int_equal(store_peek(folder, &store, &why), r);
	assert_null(store);
	if (text == NULL) {
		assert_null(why);
	} else {
		assert_non_null(why);
		assert_non_null(strstr(why, text));
	}
	assert_picture(before);
}

/* A store that was closed as it should be. */
static void
make_store(void)
{
	struct store *store = open_store();

	fill_store(store);
	store_close(store);
}

/* A daemon at work: what it wrote is in its log. */
static void
be_daemon(void)
{
	struct store *store = child_open();
	struct store_exception e = an_exception("u1");
	struct person q;

	CHECK(import_people(store, 20, "x") == 0);
	CHECK(store_exception_add(store, &e) == 0);
	CHECK(store_person_by_account(store, "u1", &q) == 0);
	child_wait();
	CHECK(store_exception_add(store, &e) == 0);
	CHECK(import_people(store, 5, "later") == 0);
	child_wait();
	store_close(store);
}

/* ---- nothing there ----------------------------------------------------- */

static void
test_where_no_store_is_none_is_made(void **state)
{
	struct store *store;
	const char *why;

	(void)state;
	assert_peek_fails(FG_ERR_NOT_FOUND, NULL);
	assert_int_equal(store_peek("/nonexistent/farmgate", &store, &why),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_peek("/dev/null/farmgate", &store, &why),
	    FG_ERR_SYSTEM);
}

static void
test_one_that_is_gone_is_no_empty_one(void **state)
{
	(void)state;
	make_store();
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	assert_int_equal(unlink(in_folder(STORE_FILE "-wal")), 0);
	assert_peek_fails(FG_ERR_FORMAT, "is gone");
	assert_int_equal(unlink(in_folder(STORE_FILE ".people")), 0);
	assert_peek_fails(FG_ERR_NOT_FOUND, NULL);
}

/* ---- a daemon that was stopped, that runs, that was killed ------------- */

static void
test_a_stopped_daemons_store_is_read_as_it_lies_there(void **state)
{
	static const char *const parts[] = { "-shm", "-wal", ".people" };
	char before[PICTURE_SIZE], name[64];
	struct store *store;
	size_t i;

	(void)state;
	make_store();
	for (i = 0;; i++) {
		take_picture(before);
		store = peek_store();
		assert_filled(store);
		store_close(store);
		assert_picture(before);
		if (i == sizeof(parts) / sizeof(parts[0]))
			break;
		/* As it comes out of a backup. */
		(void)snprintf(name, sizeof(name), STORE_FILE "%s", parts[i]);
		assert_int_equal(unlink(in_folder(name)), 0);
	}
	store = open_store();
	assert_filled(store);
	store_close(store);
}

static void
test_a_running_daemon_does_not_notice(void **state)
{
	struct other other = start_other(be_daemon);
	char before[PICTURE_SIZE];
	struct store *store;
	struct person q;

	(void)state;
	hear_other(&other);
	take_picture(before);
	store = peek_store();
	assert_filled(store);
	assert_picture(before);
	/* It goes on writing under the reader, who then sees it. */
	tell_other(&other);
	hear_other(&other);
	assert_int_equal(store_person_by_account(store, "u4", &q), 0);
	assert_string_equal(q.name, "later");
	take_picture(before);
	store_close(store);
	assert_picture(before);
	end_other(&other);
	assert_integrity();
}

static void
test_a_killed_daemons_log_is_read(void **state)
{
	struct other other = start_other(be_daemon);
	char before[PICTURE_SIZE];
	struct store *store;
	int status;

	(void)state;
	hear_other(&other);
	assert_int_equal(kill(other.pid, SIGKILL), 0);
	assert_int_equal(waitpid(other.pid, &status, 0), other.pid);
	(void)close(other.to);
	(void)close(other.from);
	take_picture(before);
	store = peek_store();
	assert_filled(store);
	store_close(store);
	assert_picture(before);
	/* Its index would have to be made first. */
	assert_int_equal(unlink(in_folder(STORE_FILE "-shm")), 0);
	assert_peek_fails(FG_ERR_FORMAT, "the daemon makes when it starts");
	store = open_store();
	assert_filled(store);
	store_close(store);
}

static void
test_a_log_that_is_missing_under_a_daemon_is_not_made(void **state)
{
	struct other other = start_other(be_daemon);

	(void)state;
	hear_other(&other);
	assert_int_equal(unlink(in_folder(STORE_FILE "-wal")), 0);
	assert_peek_fails(FG_ERR_FORMAT, "without its log");
	assert_int_equal(kill(other.pid, SIGKILL), 0);
	assert_int_equal(waitpid(other.pid, NULL, 0), other.pid);
	(void)close(other.to);
	(void)close(other.from);
}

/* ---- others do what they would do -------------------------------------- */

static void
find_it_damaged(void)
{
	struct store *store;
	const char *why;

	CHECK(store_open(folder, &store, &why) == 0);
	CHECK(why != NULL && strstr(why, "is kept as") != NULL);
	store_close(store);
}

/* Whoever opens it has it alone, and may mend it. */
static void
test_a_reader_does_not_keep_the_daemon_from_mending(void **state)
{
	struct other other;
	struct store *store;
	struct person q;

	(void)state;
	make_store();
	store = peek_store();
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_int_equal(truncate(in_folder(STORE_FILE), 3000), 0);
	other = start_other(find_it_damaged);
	hear_other(&other);
	end_other(&other);
	store_close(store);
}

static void
have_it_alone(void)
{
	struct flock lock = { .l_type = F_RDLCK, .l_len = 1 };
	sqlite3 *db;
	int fd;

	CHECK((fd = open(in_folder("farmgate.lock"), O_RDWR)) != -1);
	CHECK(fcntl(fd, F_OFD_SETLK, &lock) == 0);
	CHECK(sqlite3_open(in_folder(STORE_FILE), &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db,
		  "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
		  "DELETE FROM exception",
		  NULL, NULL, NULL) == SQLITE_OK);
	child_wait();
	CHECK(sqlite3_close(db) == SQLITE_OK);
}

static void
test_what_somebody_has_alone_is_busy(void **state)
{
	struct other other;
	struct store *store;
	const char *why;

	(void)state;
	make_store();
	other = start_other(have_it_alone);
	hear_other(&other);
	assert_int_equal(store_peek(folder, &store, &why), FG_ERR_BUSY);
	end_other(&other);
}

/* ---- what is no store -------------------------------------------------- */

static void
put_file(const char *name, const char *text)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
test_damage_is_said_and_left_as_it_is(void **state)
{
	int fd;

	(void)state;
	make_store();
	put_file(STORE_FILE ".damaged", "");
	assert_peek_fails(FG_ERR_FORMAT, "found damaged while it was used");
	assert_int_equal(unlink(in_folder(STORE_FILE ".damaged")), 0);
	put_file(STORE_FILE "-wal", "no log that SQLite has ever written it");
	assert_peek_fails(FG_ERR_FORMAT, "damaged log");
	assert_int_equal(truncate(in_folder(STORE_FILE "-wal"), 0), 0);
	/* In the middle of it, where no query of a login looks. */
	assert_true((fd = open(in_folder(STORE_FILE), O_WRONLY)) != -1);
	assert_int_equal(pwrite(fd, "xxxxxxxxxxxxxxxxxxxx", 20, 4096 * 3), 20);
	assert_int_equal(close(fd), 0);
	assert_peek_fails(FG_ERR_FORMAT, "is damaged");
	put_file(STORE_FILE,
	    "this is no database, and never was a database "
	    "of any kind that could be read");
	assert_peek_fails(FG_ERR_FORMAT, "is damaged");
	put_file(STORE_FILE, "");
	assert_peek_fails(FG_ERR_FORMAT, "is empty");
}

static void
test_another_version_is_not_brought_to_this_one(void **state)
{
	(void)state;
	make_store();
	run_behind("PRAGMA user_version = 99");
	assert_peek_fails(FG_ERR_VERSION, "newer version");
	run_behind("PRAGMA user_version = 1");
	assert_peek_fails(FG_ERR_FORMAT, "another version");
	run_behind("PRAGMA application_id = 1");
	assert_peek_fails(FG_ERR_FORMAT, "is damaged");
}

static void
test_what_is_not_the_daemons_own_is_refused(void **state)
{
	(void)state;
	make_store();
	assert_int_equal(chmod(folder, 0755), 0);
	assert_peek_fails(FG_ERR_UNSAFE, "chmod 700");
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(chmod(in_folder(STORE_FILE), 0644), 0);
	assert_peek_fails(FG_ERR_UNSAFE, "chmod 600");
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	assert_int_equal(symlink("/etc/passwd", in_folder(STORE_FILE)), 0);
	assert_peek_fails(FG_ERR_UNSAFE, "symbolic link");
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	assert_int_equal(mkfifo(in_folder(STORE_FILE), 0600), 0);
	assert_peek_fails(FG_ERR_FORMAT, "no regular file");
	assert_int_equal(unlink(in_folder("farmgate.lock")), 0);
	assert_int_equal(symlink("x", in_folder("farmgate.lock")), 0);
	assert_peek_fails(FG_ERR_SYSTEM, NULL);
}

/* What is in the name of a folder is no question to SQLite. */
static void
test_a_folder_may_be_called_anything(void **state)
{
	static const char name[] = "a%41?immutable=1&vfs=none#b";
	char parent[sizeof(folder)];
	struct store *store;
	struct person q;
	const char *why;

	(void)state;
	memcpy(parent, folder, sizeof(parent));
	assert_int_equal(mkdir(in_folder(name), 0700), 0);
	assert_true(snprintf(folder, sizeof(folder), "%s/%s", parent, name) <
	    (int)sizeof(folder));
	store = open_store();
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_close(store);
	assert_int_equal(store_peek(folder, &store, &why), 0);
	assert_int_equal(store_person_by_account(store, "u2", &q), 0);
	store_close(store);
	assert_int_equal(remove_folder(state), 0);
	memcpy(folder, parent, sizeof(parent));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_where_no_store_is_none_is_made),
		STORE_TEST(test_one_that_is_gone_is_no_empty_one),
		STORE_TEST(
		    test_a_stopped_daemons_store_is_read_as_it_lies_there),
		STORE_TEST(test_a_running_daemon_does_not_notice),
		STORE_TEST(test_a_killed_daemons_log_is_read),
		STORE_TEST(
		    test_a_log_that_is_missing_under_a_daemon_is_not_made),
		STORE_TEST(test_a_reader_does_not_keep_the_daemon_from_mending),
		STORE_TEST(test_what_somebody_has_alone_is_busy),
		STORE_TEST(test_damage_is_said_and_left_as_it_is),
		STORE_TEST(test_another_version_is_not_brought_to_this_one),
		STORE_TEST(test_what_is_not_the_daemons_own_is_refused),
		STORE_TEST(test_a_folder_may_be_called_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
