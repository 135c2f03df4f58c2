/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that are damaged, of another version, of another owner, or no files at
 * all: the daemon starts, says what it did, and loses nothing that was whole.
 */
#include <signal.h>

#include "tests/unit/storing.h"

/* ---- tools ------------------------------------------------------------- */

static char image[1024 * 1024];
static size_t image_len;

static void
put_bytes(const char *name, off_t at, const void *data, size_t len)
{
	int fd = open(in_folder(name), O_RDWR | O_CREAT, 0600);

	assert_true(fd != -1);
	assert_int_equal(pwrite(fd, data, len, at), len);
	assert_int_equal(close(fd), 0);
}

/* A session, a login and a revocation of somebody. */
static bool
put_each(struct store *store, const char *who)
{
	struct store_session s = a_session("7F3K-Q2MN", who);
	struct store_login l = a_login(who, "192.0.2.1", 1000);
	struct store_revocation r = a_revocation(who);

	return store_session_put(store, &s) == 0 &&
	    store_history_add(store, &l) == 0 &&
	    store_revocation_put(store, &r) == 0;
}

static int
find_session(const struct store_session *s, void *arg)
{
	const char **who = arg;

	if (strcmp(s->person, *who) != 0)
		return 0;
	*who = NULL;
	return 1;
}

static void
assert_each(struct store *store, const char *who, bool there)
{
	struct store_revocation r;
	struct store_login l;
	const char *left = who;

	assert_int_equal(store_sessions_each(store, find_session, &left), 0);
	assert_int_equal(left == NULL, there);
	assert_int_equal(store_history_last(store, who, &l),
	    there ? 0 : FG_ERR_NOT_FOUND);
	assert_int_equal(store_revocation_of(store, who, &r),
	    there ? 0 : FG_ERR_NOT_FOUND);
}

/* A store with people in it, closed again; made once, and copied. */
static void
make_store(void)
{
	struct store_exception e = an_exception("alice");
	struct store *store;
	ssize_t n;
	int fd;

	if (image_len > 0) {
		put_bytes(STORE_FILE, 0, image, image_len);
		put_bytes(STORE_FILE "-wal", 0, "", 0);
		return;
	}
	store = open_store();
	assert_int_equal(import_people(store, 200, "x"), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_true(put_each(store, "alice"));
	store_close(store);
	assert_true((fd = open(in_folder(STORE_FILE), O_RDONLY)) != -1);
	assert_true((n = read(fd, image, sizeof(image))) > 0);
	assert_true((size_t)n < sizeof(image));
	assert_int_equal(close(fd), 0);
	image_len = (size_t)n;
}

/* Files in the folder whose names begin so; the first one's name. */
static unsigned int
count_files(const char *prefix, char name[256])
{
	struct dirent *entry;
	unsigned int n = 0;
	DIR *dir;

	assert_non_null(dir = opendir(folder));
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
		    (n++ == 0 || strlen(entry->d_name) < strlen(name)))
			(void)snprintf(name, 256, "%s", entry->d_name);
	(void)closedir(dir);
	return n;
}

/* Opening moves the old one aside, says so, and the new one works. */
static void
assert_set_aside(const char *what)
{
	struct store_exception e = an_exception("bob");
	struct store *store;
	char name[256] = "";
	const char *why;
	struct person q;
	size_t n;
	int r;

	r = store_open(folder, &store, &why);
	assert_int_equal(r, 0);
	assert_non_null(why);
	assert_true(count_files(STORE_FILE ".corrupt-", name) >= 1);
	name[strcspn(name, "Z")] = '\0'; /* where its date ends */
	if (strstr(why, what) == NULL || strstr(why, name) == NULL)
		fail_msg("%s: %s", what, why);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_person_by_account(store, "u1", &q),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_each(store, "alice", false);
	assert_true(put_each(store, "bob"));
	assert_int_equal(import_people(store, 2, "y"), 0);
	store_close(store);
	/* Told once. */
	store = open_store();
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_each(store, "alice", false);
	assert_each(store, "bob", true);
	store_close(store);
	assert_integrity();
}

static void
assert_all_there(void)
{
	struct store_exception e;
	struct store *store = open_store();
	struct person q;
	size_t n;

	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 200);
	assert_int_equal(store_person_by_account(store, "u199", &q), 0);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, &e, 1, &n),
	    0);
	assert_int_equal(n, 1);
	assert_each(store, "alice", true);
	store_close(store);
}

static void
assert_unsafe(const char *what)
{
	struct store *store;
	const char *why;
	char name[256];

	assert_int_equal(store_open(folder, &store, &why), FG_ERR_UNSAFE);
	assert_null(store);
	assert_non_null(why);
	if (strstr(why, what) == NULL)
		fail_msg("%s: %s", what, why);
	assert_int_equal(count_files(STORE_FILE ".corrupt-", name), 0);
}

static off_t
size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(in_folder(name), &st), 0);
	return st.st_size;
}

/* A whole store whose newest change is in its log: nobody closed it. */
static void
leave_store(void *arg)
{
	struct store_exception e = an_exception("alice");
	struct store *store;
	const char *why;

	(void)arg;
	CHECK(store_open(folder, &store, &why) == 0);
	CHECK(import_people(store, 200, "x") == 0);
	CHECK(store_exception_add(store, &e) == 0);
	CHECK(put_each(store, "alice"));
	(void)raise(SIGKILL);
}

static void
make_store_with_log(void)
{
	assert_true(WIFSIGNALED(child_run(leave_store, NULL)));
	assert_true(size_of(STORE_FILE "-wal") > 4096);
}

/* ---- damage ------------------------------------------------------------ */

static void
test_an_empty_file_is_set_aside(void **state)
{
	(void)state;
	make_store();
	assert_int_equal(truncate(in_folder(STORE_FILE), 0), 0);
	assert_set_aside("is empty");
}

static void
test_a_file_that_is_no_database_is_set_aside(void **state)
{
	(void)state;
	put_bytes(STORE_FILE, 0, "user,name\nalice,Alice\n", 22);
	assert_set_aside("is damaged");
}

static void
test_a_damaged_header_is_set_aside(void **state)
{
	(void)state;
	make_store();
	put_bytes(STORE_FILE, 0, "SQLite format 4", 15);
	assert_set_aside("is damaged");
}

static void
test_a_cut_file_is_set_aside(void **state)
{
	(void)state;
	make_store();
	assert_int_equal(truncate(in_folder(STORE_FILE),
			     size_of(STORE_FILE) / 2),
	    0);
	assert_set_aside("is damaged");
}

static void
test_a_directory_in_its_place_is_set_aside(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_folder(STORE_FILE), 0700), 0);
	assert_set_aside("is no regular file");
}

static void
test_a_fifo_in_its_place_is_set_aside(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(in_folder(STORE_FILE), 0600), 0);
	assert_set_aside("is no regular file");
}

static void
test_a_directory_for_a_log_is_set_aside(void **state)
{
	(void)state;
	make_store();
	assert_int_equal(unlink(in_folder(STORE_FILE "-wal")), 0);
	assert_int_equal(mkdir(in_folder(STORE_FILE "-wal"), 0700), 0);
	assert_set_aside("is no regular file");
}

static void
test_somebody_elses_database_is_set_aside(void **state)
{
	(void)state;
	run_behind("CREATE TABLE person (user TEXT)");
	assert_int_equal(chmod(in_folder(STORE_FILE), 0600), 0);
	assert_set_aside("is damaged");
}

static void
test_a_database_without_a_table_is_set_aside(void **state)
{
	(void)state;
	make_store();
	run_behind("DROP TABLE exception");
	assert_set_aside("is damaged");
}

static void
test_a_log_without_its_database_is_set_aside(void **state)
{
	char name[256];

	(void)state;
	make_store_with_log();
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	assert_set_aside("only its log");
	assert_int_equal(count_files(STORE_FILE ".corrupt-", name), 2);
}

static void
test_a_damaged_log_is_set_aside_with_its_database(void **state)
{
	char garbage[64], name[256];

	(void)state;
	make_store_with_log();
	memset(garbage, 0xa5, sizeof(garbage));
	put_bytes(STORE_FILE "-wal", 0, garbage, sizeof(garbage));
	assert_set_aside("damaged log");
	assert_int_equal(count_files(STORE_FILE ".corrupt-", name), 3);
}

static void
test_each_bit_of_a_logs_head_counts(void **state)
{
	char head[32], bad[32], name[256];
	unsigned int i;
	struct store *store;
	const char *why;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(head); i += 5) {
		make_store_with_log();
		fd = open(in_folder(STORE_FILE "-wal"), O_RDONLY);
		assert_int_equal(read(fd, head, sizeof(head)), sizeof(head));
		assert_int_equal(close(fd), 0);
		memcpy(bad, head, sizeof(bad));
		bad[i] = (char)(bad[i] ^ (1 << (i % 8)));
		put_bytes(STORE_FILE "-wal", 0, bad, sizeof(bad));
		assert_int_equal(store_open(folder, &store, &why), 0);
		assert_non_null(why);
		store_close(store);
		assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
		assert_int_equal(unlink(in_folder(STORE_FILE "-wal")), 0);
	}
	assert_true(count_files(STORE_FILE ".corrupt-", name) >= i / 5);
}

static void
test_a_log_that_was_never_begun_is_nothing(void **state)
{
	char zeros[64] = "";

	(void)state;
	make_store();
	put_bytes(STORE_FILE "-wal", 0, zeros, sizeof(zeros));
	assert_all_there();
}

static void
test_a_cut_log_gives_an_older_state_that_is_whole(void **state)
{
	struct store *store;

	(void)state;
	make_store_with_log();
	assert_int_equal(truncate(in_folder(STORE_FILE "-wal"),
			     size_of(STORE_FILE "-wal") - 100),
	    0);
	store = open_store();
	store_close(store);
	assert_integrity();
}

static void
test_a_damaged_index_of_the_log_is_made_anew(void **state)
{
	char garbage[32768];

	(void)state;
	make_store_with_log();
	memset(garbage, 0xa5, sizeof(garbage));
	put_bytes(STORE_FILE "-shm", 0, garbage, sizeof(garbage));
	assert_all_there();
}

static void
test_a_log_that_was_left_is_read(void **state)
{
	(void)state;
	make_store_with_log();
	assert_all_there();
}

static void
test_a_damaged_page_is_set_aside_or_unused(void **state)
{
	char garbage[4096];
	struct store *store;
	unsigned int page, pages, aside = 0;
	const char *why;

	(void)state;
	memset(garbage, 0xa5, sizeof(garbage));
	make_store();
	pages = (unsigned int)(size_of(STORE_FILE) / 4096);
	assert_true(pages > 8);
	for (page = 0; page < pages; page++) {
		make_store();
		put_bytes(STORE_FILE, (off_t)page * 4096, garbage,
		    sizeof(garbage));
		assert_int_equal(store_open(folder, &store, &why), 0);
		aside += why != NULL;
		store_close(store);
		if (why == NULL)
			assert_all_there();
		assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
		assert_int_equal(unlink(in_folder(STORE_FILE "-wal")), 0);
	}
	assert_true(aside > pages / 2);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static int
see_nobody(const struct person *p, void *arg)
{
	(void)p;
	(void)arg;
	return 0;
}

static int
see_source(const struct store_source *s, void *arg)
{
	(void)s;
	(void)arg;
	return 0;
}

/* Each question once, and each thing that writes. */
static void
use_everything(struct store *store)
{
	struct store_session s = a_session("7F3K-Q2MN", "alice");
	struct store_login l = a_login("alice", "192.0.2.1", 1000), last;
	struct store_revocation r = a_revocation("alice");
	char people[8][FG_USER_MAX + 1];
	struct addr addr = l.addr;
	size_t n = 0;
	uint32_t m;
	bool more;

	(void)store_sessions_each(store, count_session, &n);
	(void)store_session_put(store, &s);
	(void)store_session_remove(store, s.ref);
	(void)store_history_last(store, "alice", &last);
	(void)store_history_days(store, "alice", 0, INT64_MAX, 3, &m);
	(void)store_history_sharers(store, &addr, "bob", 0, people, 8, &n);
	(void)store_history_sources_each(store, 0, see_source, NULL);
	(void)store_history_add(store, &l);
	(void)store_history_expire(store, 2000, 10, &n, &more);
	(void)store_revocation_of(store, "alice", &r);
	(void)store_revocations_each(store, count_revocation, &n);
	r = a_revocation("alice");
	(void)store_revocation_put(store, &r);
	(void)store_revocation_remove(store, "alice", 1, &r);
}

/* Whatever the bytes are: an answer or an error, and it goes on. */
static void
test_random_damage_never_ends_the_process(void **state)
{
	uint32_t seed = 42, i, k;
	struct store_exception e;
	struct store *store;
	const char *why;
	struct person q;
	uint8_t byte;
	size_t n;

	(void)state;
	for (i = 0; i < 60; i++) {
		make_store();
		for (k = 0; k <= i % 7; k++) {
			byte = (uint8_t)next_random(&seed);
			put_bytes(STORE_FILE,
			    (off_t)(next_random(&seed) %
				(uint32_t)size_of(STORE_FILE)),
			    &byte, 1);
		}
		assert_int_equal(store_open(folder, &store, &why), 0);
		(void)store_people_count(store, &n);
		(void)store_person_by_account(store, "u7", &q);
		(void)store_people_each(store, see_nobody, NULL);
		(void)store_exceptions_of(store, "alice", 1500, &e, 1, &n);
		use_everything(store);
		(void)import_people(store, 20, "z");
		store_close(store);
		(void)unlink(in_folder(STORE_FILE));
		(void)unlink(in_folder(STORE_FILE "-wal"));
		(void)unlink(in_folder(STORE_FILE ".damaged"));
	}
}

/* ---- damage that shows later ------------------------------------------- */

/* Every page but the first, which was read already. */
static void
spoil_pages(void)
{
	off_t at, size = size_of(STORE_FILE);
	char garbage[4096];

	memset(garbage, 0xa5, sizeof(garbage));
	for (at = 4096; at < size; at += 4096)
		put_bytes(STORE_FILE, at, garbage, sizeof(garbage));
}

static void
test_damage_while_it_is_open_is_an_error_and_remembered(void **state)
{
	struct store *store;
	struct person q;

	(void)state;
	make_store();
	store = open_store();
	spoil_pages();
	assert_int_equal(store_person_by_account(store, "u7", &q),
	    FG_ERR_FORMAT);
	assert_int_equal(q.kind, PERSON_KIND_NONE);
	store_close(store);
	assert_set_aside("while it was used");
}

/* What cannot be read is no history, no session and no revocation. */
static void
test_damage_is_no_absence(void **state)
{
	struct store_revocation r;
	struct store_login l;
	char people[2][FG_USER_MAX + 1];
	struct addr addr = an_addr("192.0.2.1");
	struct store *store;
	size_t n = 0;
	uint32_t m;

	(void)state;
	make_store();
	store = open_store();
	spoil_pages();
	assert_int_equal(store_history_last(store, "alice", &l), FG_ERR_FORMAT);
	assert_int_equal(store_history_days(store, "alice", 0, INT64_MAX, 3,
			     &m),
	    FG_ERR_FORMAT);
	assert_int_equal(store_history_sharers(store, &addr, "bob", 0, people,
			     2, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(store_sessions_each(store, count_session, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(n, 0);
	assert_int_equal(store_revocation_of(store, "alice", &r),
	    FG_ERR_FORMAT);
	assert_int_equal(store_revocations_each(store, count_revocation, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(n, 0);
	store_close(store);
	assert_set_aside("while it was used");
}

static bool
is_lost(void)
{
	struct store *store;
	const char *why;
	struct store_outline outline;

	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_int_equal(store_outline(store, &outline), 0);
	store_close(store);
	return outline.lost;
}

/* Whoever was dismissed must not come back with the new, empty database. */
static void
test_people_that_were_moved_aside_are_lost_until_an_import(void **state)
{
	struct store *store;

	(void)state;
	assert_false(is_lost()); /* there never was an inventory */
	run_behind("PRAGMA application_id = 99");
	assert_false(is_lost());
	store = open_store();
	assert_int_equal(import_people(store, 2, "x"), 0);
	store_close(store);
	assert_false(is_lost());
	run_behind("PRAGMA application_id = 99");
	assert_true(is_lost());
	assert_true(is_lost()); /* also after another restart */
	store = open_store();
	assert_int_equal(import_people(store, 0, "x"), 0);
	store_close(store);
	assert_false(is_lost());
}

static void
test_what_another_process_has_open_is_not_moved(void **state)
{
	struct store *store = NULL, *second;
	char name[256];
	const char *why;

	(void)state;
	make_store();
	store = open_store();
	run_behind("PRAGMA application_id = 99");
	assert_int_equal(store_open(folder, &second, &why), FG_ERR_FORMAT);
	assert_null(second);
	assert_non_null(strstr(why, "restart the daemon"));
	assert_int_equal(count_files(STORE_FILE ".corrupt-", name), 0);
	store_close(store);
	assert_set_aside("is damaged");
}

static void
test_two_damages_in_a_second_are_kept_apart(void **state)
{
	struct store *store;
	const char *why;
	char name[256];

	(void)state;
	put_bytes(STORE_FILE, 0, "one", 3);
	assert_set_aside("is damaged");
	put_bytes(STORE_FILE, 0, "another", 7);
	assert_int_equal(truncate(in_folder(STORE_FILE), 7), 0);
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(why);
	store_close(store);
	assert_true(count_files(STORE_FILE ".corrupt-", name) >= 2);
}

static void
test_what_is_set_aside_keeps_its_bytes(void **state)
{
	char name[256], bytes[8] = "";
	int fd;

	(void)state;
	put_bytes(STORE_FILE, 0, "treasure", 8);
	assert_set_aside("is damaged");
	assert_int_equal(count_files(STORE_FILE ".corrupt-", name), 1);
	assert_true((fd = open(in_folder(name), O_RDONLY)) != -1);
	assert_int_equal(read(fd, bytes, 8), 8);
	assert_memory_equal(bytes, "treasure", 8);
	assert_int_equal(close(fd), 0);
}

static void
test_an_unfinished_new_one_is_begun_again(void **state)
{
	struct store *store;

	(void)state;
	put_bytes(STORE_FILE ".new", 0, "half", 4);
	put_bytes(STORE_FILE ".new-journal", 0, "half", 4);
	store = open_store();
	store_close(store);
	assert_int_equal(access(in_folder(STORE_FILE ".new"), F_OK), -1);
}

/* ---- whose it is ------------------------------------------------------- */

static void
test_everything_is_for_the_owner_alone(void **state)
{
	static const char *const names[] = { STORE_FILE, STORE_FILE "-wal",
		STORE_FILE "-shm", "farmgate.lock" };
	struct store *store;
	struct stat st;
	mode_t mask;
	size_t i;

	(void)state;
	mask = umask(0);
	store = open_store();
	assert_int_equal(import_people(store, 3, "x"), 0);
	(void)umask(mask);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(stat(in_folder(names[i]), &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
	}
	store_close(store);
}

static void
test_a_folder_that_others_can_enter_is_refused(void **state)
{
	static const mode_t modes[] = { 0755, 0701, 0710, 0770, 01700 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(folder, modes[i]), 0);
		assert_unsafe("with chmod ");
	}
	assert_int_equal(chmod(folder, 0700), 0);
}

static void
test_a_file_that_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0666 };
	size_t i;

	(void)state;
	make_store();
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(in_folder(STORE_FILE), modes[i]), 0);
		assert_unsafe("chmod 600");
	}
	assert_int_equal(chmod(in_folder(STORE_FILE), 0600), 0);
	assert_int_equal(chmod(in_folder(STORE_FILE "-wal"), 0644), 0);
	assert_unsafe("chmod 600");
	assert_int_equal(chmod(in_folder(STORE_FILE "-wal"), 0600), 0);
	assert_all_there();
}

static void
test_symbolic_links_are_refused(void **state)
{
	static const char *const names[] = { STORE_FILE, STORE_FILE "-wal",
		STORE_FILE "-shm", STORE_FILE "-journal", "farmgate.lock" };
	size_t i;

	(void)state;
	put_bytes("target", 0, "x", 1);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)unlink(in_folder(names[i]));
		assert_int_equal(symlink("target", in_folder(names[i])), 0);
		assert_unsafe("symbolic link");
		assert_int_equal(unlink(in_folder(names[i])), 0);
	}
	assert_int_equal(size_of("target"), 1);
}

static void
test_a_link_that_leads_nowhere_is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("nowhere", in_folder(STORE_FILE)), 0);
	assert_unsafe("symbolic link");
	assert_int_equal(access(in_folder("nowhere"), F_OK), -1);
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
}

static void
test_a_link_for_a_new_file_is_not_followed(void **state)
{
	(void)state;
	put_bytes("target", 0, "x", 1);
	assert_int_equal(symlink("target", in_folder(STORE_FILE ".new")), 0);
	store_close(open_store());
	assert_int_equal(size_of("target"), 1);
}

static void
test_hard_links_are_refused(void **state)
{
	char first[400];

	(void)state;
	make_store();
	(void)snprintf(first, sizeof(first), "%s", in_folder(STORE_FILE));
	assert_int_equal(link(first, in_folder("another")), 0);
	assert_unsafe("hard link");
	assert_int_equal(unlink(in_folder("another")), 0);
	assert_all_there();
}

static void
test_another_users_folder_is_refused(void **state)
{
	(void)state;
	needs_root();
	assert_int_equal(chown(folder, 12345, 12345), 0);
	assert_unsafe("another user");
	assert_int_equal(chown(folder, 0, 0), 0);
}

static void
test_another_users_file_is_refused(void **state)
{
	(void)state;
	needs_root();
	make_store();
	assert_int_equal(chown(in_folder(STORE_FILE), 12345, 12345), 0);
	assert_unsafe("another user");
	assert_int_equal(chown(in_folder(STORE_FILE), 0, 0), 0);
	assert_int_equal(chown(in_folder(STORE_FILE "-wal"), 12345, 0), 0);
	assert_unsafe("another user");
}

/* The folder itself is fine, but somebody can put another in its place. */
static void
test_a_folder_below_somebody_elses_is_refused(void **state)
{
	struct store *store;
	const char *why;
	char below[128];

	(void)state;
	needs_root();
	(void)snprintf(below, sizeof(below), "%s/state", folder);
	assert_int_equal(mkdir(below, 0700), 0);
	assert_int_equal(chown(folder, 12345, 12345), 0);
	assert_int_equal(store_open(below, &store, &why), FG_ERR_UNSAFE);
	assert_int_equal(chown(folder, 0, 0), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(store_open(below, &store, &why), FG_ERR_UNSAFE);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(rmdir(below), 0);
}

/* In /tmp anybody can make a link. */
static void
test_a_link_to_the_folder_is_refused(void **state)
{
	struct store *store;
	const char *why;
	char link_name[128];

	(void)state;
	(void)snprintf(link_name, sizeof(link_name), "%s.link", folder);
	assert_int_equal(symlink(folder, link_name), 0);
	assert_int_equal(store_open(link_name, &store, &why), FG_ERR_UNSAFE);
	assert_int_equal(unlink(link_name), 0);
}

static void
test_a_folder_that_is_not_there_is_an_error(void **state)
{
	struct store *store;
	const char *why;

	(void)state;
	assert_int_equal(store_open("/nonexistent/state", &store, &why),
	    FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_null(store);
	assert_null(why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_an_empty_file_is_set_aside),
		STORE_TEST(test_a_file_that_is_no_database_is_set_aside),
		STORE_TEST(test_a_damaged_header_is_set_aside),
		STORE_TEST(test_a_cut_file_is_set_aside),
		STORE_TEST(test_a_directory_in_its_place_is_set_aside),
		STORE_TEST(test_a_fifo_in_its_place_is_set_aside),
		STORE_TEST(test_a_directory_for_a_log_is_set_aside),
		STORE_TEST(test_somebody_elses_database_is_set_aside),
		STORE_TEST(test_a_database_without_a_table_is_set_aside),
		STORE_TEST(test_a_log_without_its_database_is_set_aside),
		STORE_TEST(test_a_damaged_log_is_set_aside_with_its_database),
		STORE_TEST(test_each_bit_of_a_logs_head_counts),
		STORE_TEST(test_a_log_that_was_never_begun_is_nothing),
		STORE_TEST(test_a_cut_log_gives_an_older_state_that_is_whole),
		STORE_TEST(test_a_damaged_index_of_the_log_is_made_anew),
		STORE_TEST(test_a_log_that_was_left_is_read),
		STORE_TEST(test_a_damaged_page_is_set_aside_or_unused),
		STORE_TEST(test_random_damage_never_ends_the_process),
		STORE_TEST(
		    test_damage_while_it_is_open_is_an_error_and_remembered),
		STORE_TEST(test_damage_is_no_absence),
		STORE_TEST(
		    test_people_that_were_moved_aside_are_lost_until_an_import),
		STORE_TEST(test_what_another_process_has_open_is_not_moved),
		STORE_TEST(test_two_damages_in_a_second_are_kept_apart),
		STORE_TEST(test_what_is_set_aside_keeps_its_bytes),
		STORE_TEST(test_an_unfinished_new_one_is_begun_again),
		STORE_TEST(test_everything_is_for_the_owner_alone),
		STORE_TEST(test_a_folder_that_others_can_enter_is_refused),
		STORE_TEST(test_a_file_that_others_can_read_is_refused),
		STORE_TEST(test_symbolic_links_are_refused),
		STORE_TEST(test_a_link_that_leads_nowhere_is_refused),
		STORE_TEST(test_a_link_for_a_new_file_is_not_followed),
		STORE_TEST(test_hard_links_are_refused),
		STORE_TEST(test_another_users_folder_is_refused),
		STORE_TEST(test_another_users_file_is_refused),
		STORE_TEST(test_a_folder_below_somebody_elses_is_refused),
		STORE_TEST(test_a_link_to_the_folder_is_refused),
		STORE_TEST(test_a_folder_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
