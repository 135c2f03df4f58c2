/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-06: with very many rows each question of a login costs what it costs with
 * a few, and what expires does so in pieces. Steps of SQLite's machine are
 * counted, for they are the same on every machine.
 */
#include "policyd/store/store_sql.h"
#include "tests/unit/storing_assets.h"

#define ROWS   200000
#define PEOPLE 20000

/* Places that are unlike the others; the rest have a person or two each. */
#define HOG    "198.51.100.1" /* one person's 100,000 logins */
#define OFFICE "198.51.100.2" /* thousands of people within the window */
#define FORMER "198.51.100.3" /* thousands, before it */
#define FEW    "198.51.100.4" /* the hog, and two more behind it */

#define SINCE INT64_C(1000000)

/* n logins, the oldest first; person, source and times are terms of SQL. */
static const struct {
	unsigned int n;
	const char *person;
	const char *source;
	unsigned int asns;
	int64_t from_s;
} logins[] = {
	{ 4000, "'f' || n", "'" FORMER "'", 1, 1000 },
	{ 100000, "'hog'", "'" HOG "'", 500, SINCE },
	{ 1000, "'hog'", "'" FEW "'", 1, SINCE },
	{ 2, "'zoe' || n", "'" FEW "'", 1, SINCE },
	{ 8000, "'o' || n", "'" OFFICE "'", 1, SINCE },
	{ 86998, "'u' || (n % 20000)",
	    "'100.64.' || (n / 256 % 256) || '.' || (n % 256)", 300, SINCE },
};

static void
fill_history(void)
{
	sqlite3 *db = open_behind();
	char sql[1024];
	size_t i;

	run_sql(db, "BEGIN");
	for (i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "WITH RECURSIVE i (n) AS (VALUES (0) UNION ALL"
		    " SELECT n + 1 FROM i WHERE n + 1 < %u)"
		    " INSERT INTO history (person, addr, source, asn, at_s,"
		    " ref, service, country, boot_id, boot_s)"
		    " SELECT %s, %s, %s, n %% %u, %lld + n, '7F3K-Q2MN',"
		    " 'sshd', 'NO', '', 0 FROM i",
		    logins[i].n, logins[i].person, logins[i].source,
		    logins[i].source, logins[i].asns,
		    (long long)logins[i].from_s);
		run_sql(db, sql);
	}
	run_sql(db, "COMMIT");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int
make_large(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store_close(open_store());
	fill_history();
	assert_int_equal(history_rows(), ROWS);
	return 0;
}

/* ---- what a question costs --------------------------------------------- */

/* Runs a statement as the store has it, and tells the steps of it. */
static int
steps_of(enum store_sql which, const char *first, int64_t second, int64_t third)
{
	sqlite3 *db = open_behind();
	sqlite3_stmt *stmt;
	int steps;

	assert_int_equal(sqlite3_prepare_v2(db, store_sql_text(which), -1,
			     &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_bind_text(stmt, 1, first, -1, SQLITE_STATIC),
	    SQLITE_OK);
	(void)sqlite3_bind_int64(stmt, 2, second); /* if it has one */
	(void)sqlite3_bind_int64(stmt, 3, third);
	(void)sqlite3_bind_int64(stmt, 4, 3); /* days */
	/* As many as a login asks for. */
	for (steps = 0; steps < 9 && sqlite3_step(stmt) == SQLITE_ROW; steps++)
		continue;
	assert_int_equal(sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_SORT, 0),
	    0);
	steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return steps;
}

static void
test_the_last_login_is_a_step_away(void **state)
{
	(void)state;
	assert_true(steps_of(STORE_SQL_LOGIN_LAST, "u7", 0, 0) < 60);
	assert_true(steps_of(STORE_SQL_LOGIN_LAST, "hog", 0, 0) < 60);
	assert_true(steps_of(STORE_SQL_LOGIN_LAST, "nobody", 0, 0) < 60);
}

/* Two hundred logins of two days, in steps of days and not of logins. */
static void
test_days_of_an_autonomous_system_are_steps_apart(void **state)
{
	const int64_t ever = INT64_MAX;

	(void)state;
	assert_true(steps_of(STORE_SQL_DAYS_ASN, "u7", 7, ever) < 200);
	assert_true(steps_of(STORE_SQL_DAYS_ASN, "hog", 7, ever) < 200);
	assert_true(steps_of(STORE_SQL_DAYS_ASN, "hog", 7, SINCE) < 80);
	assert_true(steps_of(STORE_SQL_DAYS_ASN, "hog", 9999, ever) < 80);
}

static void
test_what_time_it_was_is_a_step_away(void **state)
{
	(void)state;
	assert_true(steps_of(STORE_SQL_HISTORY_BEFORE, "1000005", 0, 0) < 60);
	assert_true(steps_of(STORE_SQL_HISTORY_BEFORE, "9000000", 0, 0) < 60);
	assert_true(steps_of(STORE_SQL_HISTORY_BEFORE, "1", 0, 0) < 60);
	assert_true(steps_of(STORE_SQL_LOGIN_HAS, "1", 0, 0) < 60);
}

static void
test_one_persons_logins_from_a_source_cost_nothing(void **state)
{
	(void)state;
	assert_true(steps_of(STORE_SQL_SHARERS, HOG, 0, 0) < 200);
	assert_true(steps_of(STORE_SQL_SHARERS, FEW, 0, 0) < 400);
	assert_true(steps_of(STORE_SQL_SHARERS, OFFICE, 0, 0) < 800);
	assert_true(steps_of(STORE_SQL_SHARERS, "100.64.1.1", 0, 0) < 400);
	assert_true(steps_of(STORE_SQL_SHARERS, "192.0.2.1", 0, 0) < 100);
}

/* ---- what it answers --------------------------------------------------- */

static int
ask_sharers(struct store *store, const char *from, const char *person,
    char people[8][FG_USER_MAX + 1], size_t *ret_n)
{
	struct addr addr = an_addr(from);

	return store_history_sharers(store, &addr, person, SINCE, people, 8,
	    ret_n);
}

static void
test_the_answers_are_right(void **state)
{
	char people[8][FG_USER_MAX + 1];
	struct store *store = open_store();
	struct store_login l;
	uint32_t m;
	size_t n;

	(void)state;
	assert_int_equal(history_rows(), ROWS);
	assert_int_equal(store_history_last(store, "hog", &l), 0);
	assert_int_equal(l.addr.b[15], 4);
	assert_int_equal(store_history_days(store, "hog", 499, INT64_MAX, 1000,
			     &m),
	    0);
	assert_int_equal(m, 2); /* of its 200 logins */
	assert_int_equal(ask_sharers(store, HOG, "hog", people, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ask_sharers(store, HOG, "alice", people, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(ask_sharers(store, FEW, "hog", people, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(people[0], "zoe0");
	assert_string_equal(people[1], "zoe1");
	assert_int_equal(ask_sharers(store, OFFICE, "alice", people, &n), 0);
	assert_int_equal(n, 8);
	store_close(store);
}

/* Whoever is behind thousands of others of long ago: an error, no absence. */
static void
test_a_source_that_would_take_long_is_an_error(void **state)
{
	char people[8][FG_USER_MAX + 1];
	struct store *store = open_store();
	struct store_login l = a_login("aaron", FORMER, SINCE);
	size_t n = 7;

	(void)state;
	assert_int_equal(ask_sharers(store, FORMER, "alice", people, &n),
	    FG_ERR_LIMIT);
	assert_int_equal(n, 0);
	/* What was found by then is told. */
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(ask_sharers(store, FORMER, "alice", people, &n),
	    FG_ERR_LIMIT);
	assert_int_equal(n, 1);
	assert_string_equal(people[0], "aaron");
	store_close(store);
}

/* Those who look for a thousand have them. */
static void
test_all_that_was_asked_for_is_no_error(void **state)
{
	static char people[1000][FG_USER_MAX + 1];
	struct addr addr = an_addr(OFFICE);
	struct store *store = open_store();
	size_t n;

	(void)state;
	assert_int_equal(store_history_sharers(store, &addr, "alice", SINCE,
			     people, 1000, &n),
	    0);
	assert_int_equal(n, 1000);
	store_close(store);
}

/* ---- all of them ------------------------------------------------------- */

struct sum {
	uint64_t logins;
	size_t rows;
	char last[ADDR_TEXT_SIZE + FG_USER_MAX + 1];
};

static int
add_source(const struct store_source *s, void *arg)
{
	char addr[ADDR_TEXT_SIZE], name[ADDR_TEXT_SIZE + FG_USER_MAX + 1];
	struct sum *sum = arg;

	(void)snprintf(name, sizeof(name), "%s %s", addr_text(&s->addr, addr),
	    s->person);
	assert_true(strcmp(sum->last, name) < 0);
	memcpy(sum->last, name, sizeof(sum->last));
	sum->logins += s->logins;
	sum->rows++;
	return 0;
}

static void
test_all_sources_are_told_in_order_and_without_room(void **state)
{
	struct store *store = open_store();
	struct sum sum = { .rows = 0 };

	(void)state;
	(void)sqlite3_memory_highwater(1);
	assert_int_equal(store_history_sources_each(store, INT64_MIN,
			     add_source, &sum),
	    0);
	assert_true(sqlite3_memory_highwater(0) < 8 * 1024 * 1024);
	assert_int_equal(sum.logins, ROWS + 1);
	assert_true(sum.rows > PEOPLE);
	sum = (struct sum){ .rows = 0 };
	assert_int_equal(store_history_sources_each(store, SINCE, add_source,
			     &sum),
	    0);
	assert_int_equal(sum.logins, ROWS - 4000 + 1);
	store_close(store);
}

/* ---- what expires ------------------------------------------------------ */

/* Each piece has its size; all of them are gone in the end, and no other. */
static void
test_it_expires_in_pieces(void **state)
{
	struct store *store = open_store();
	unsigned int pieces = 0;
	size_t n, gone = 0;
	bool more = true;

	(void)state;
	for (; more; pieces++) {
		assert_int_equal(store_history_expire(store, 1050000, 500, &n,
				     &more),
		    0);
		assert_true(n <= 500);
		assert_int_equal(more, n == 500);
		gone += n;
	}
	assert_int_equal(pieces, gone / 500 + 1);
	store_close(store);
	assert_int_equal(history_rows(), ROWS + 1 - gone);
	assert_int_equal(ask_behind("SELECT min(at_s) FROM history"), 1050000);
	assert_integrity();
}

/* What expires makes room for what comes. */
static void
test_the_file_does_not_grow_with_time(void **state)
{
	int64_t pages = ask_behind("PRAGMA page_count"), at_s;
	struct store *store = open_store();
	struct store_login l;
	unsigned int i;
	size_t n;
	bool more;

	(void)state;
	for (i = 0; i < 3000; i++) {
		at_s = 2000000 + i;
		l = a_login(i % 2 == 0 ? "hog" : "u7", HOG, at_s);
		assert_int_equal(store_history_add(store, &l), 0);
	}
	do
		assert_int_equal(store_history_expire(store, 1053000, 500, &n,
				     &more),
		    0);
	while (more);
	store_close(store);
	assert_true(ask_behind("PRAGMA page_count") <= pages);
	assert_integrity();
}

/* ---- damage of a large one --------------------------------------------- */

static void
copy_file(const char *from, const char *to)
{
	int in = open(in_folder(from), O_RDONLY);
	int out = open(in_folder(to), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	static char buf[65536];
	ssize_t n;

	assert_true(in != -1 && out != -1);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		assert_int_equal(write(out, buf, (size_t)n), n);
	assert_int_equal(n, 0);
	assert_int_equal(close(in), 0);
	assert_int_equal(close(out), 0);
}

/* Spoils the page at the root of a table or index. */
static void
spoil_root(const char *name)
{
	char sql[128], garbage[4096];
	int64_t page;
	int fd;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT rootpage FROM sqlite_master WHERE name = '%s'", name);
	page = ask_behind(sql);
	assert_true(page > 1);
	memset(garbage, 0xa5, sizeof(garbage));
	fd = open(in_folder(STORE_FILE), O_WRONLY);
	assert_int_equal(pwrite(fd, garbage, sizeof(garbage),
			     (page - 1) * (off_t)sizeof(garbage)),
	    sizeof(garbage));
	assert_int_equal(close(fd), 0);
}

static void
add_people(void)
{
	struct store *store = open_store();

	assert_int_equal(import_people(store, 20, "x"), 0);
	assert_int_equal(import_assets(store, 20, "x"), 0);
	store_close(store);
	run_behind("PRAGMA wal_checkpoint(TRUNCATE)");
	assert_true(ask_behind("PRAGMA page_count") > 4096);
}

/* Whoever is revoked must not wait until somebody asks. */
static void
test_damage_of_an_inventory_is_found_at_a_start(void **state)
{
	static const char *const names[] = { "generation", "person",
		"person_name", "exception", "exception_user", "session",
		"revocation", "remembered", "asset_generation", "asset",
		"asset_name", "asset_remembered" };
	struct store *store;
	const char *why;
	size_t i;

	(void)state;
	add_people();
	copy_file(STORE_FILE, "kept");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		spoil_root(names[i]);
		assert_int_equal(store_open(folder, &store, &why), 0);
		if (why == NULL || strstr(why, "is damaged") == NULL)
			fail_msg("%s: %s", names[i], why != NULL ? why : "");
		store_close(store);
		(void)unlink(in_folder(STORE_FILE "-wal"));
		copy_file("kept", STORE_FILE);
	}
}

/* Nobody waits for that; but when it is read it is an error, and remembered. */
static void
test_a_long_history_is_not_read_at_a_start(void **state)
{
	struct store *store;
	const char *why;
	struct person q;
	bool more;
	size_t n;

	(void)state;
	add_people();
	spoil_root("history_at");
	store = open_store();
	assert_int_equal(store_person_by_account(store, "u7", &q), 0);
	assert_int_equal(store_history_expire(store, SINCE, 10, &n, &more),
	    FG_ERR_FORMAT);
	assert_int_equal(store_person_by_account(store, "u7", &q), 0);
	store_close(store);
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(strstr(why, "while it was used"));
	store_close(store);
}

int
main(void)
{
	/* In this order: the last ones take away. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_login_is_a_step_away),
		cmocka_unit_test(
		    test_days_of_an_autonomous_system_are_steps_apart),
		cmocka_unit_test(
		    test_one_persons_logins_from_a_source_cost_nothing),
		cmocka_unit_test(test_what_time_it_was_is_a_step_away),
		cmocka_unit_test(test_the_answers_are_right),
		cmocka_unit_test(
		    test_a_source_that_would_take_long_is_an_error),
		cmocka_unit_test(test_all_that_was_asked_for_is_no_error),
		cmocka_unit_test(
		    test_all_sources_are_told_in_order_and_without_room),
		cmocka_unit_test(test_it_expires_in_pieces),
		cmocka_unit_test(test_the_file_does_not_grow_with_time),
		cmocka_unit_test(
		    test_damage_of_an_inventory_is_found_at_a_start),
		cmocka_unit_test(test_a_long_history_is_not_read_at_a_start),
	};

	return cmocka_run_group_tests(tests, make_large, remove_folder);
}
