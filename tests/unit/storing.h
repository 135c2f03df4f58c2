/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the store share: a folder for one test, people to put into
 * it, and SQLite itself, to look at the file behind the store's back.
 */
#ifndef FG_TESTS_STORING_H
#define FG_TESTS_STORING_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <dirent.h>
#include <sqlite3.h>

#include <cmocka.h>

#include "policyd/store/store.h"
#include "proto/result.h"
#include "tests/unit/child.h"

static char folder[64];

static inline const char *
in_folder(const char *name)
{
	static char path[4][400];
	static unsigned int next;
	char *p = path[next++ % 4];

	(void)snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static inline int
make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/fg-store-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0; /* 0700 */
}

static inline int
remove_folder(void **state)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	(void)state;
	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    unlink(in_folder(entry->d_name)) != 0)
			(void)rmdir(in_folder(entry->d_name));
	(void)closedir(dir);
	return rmdir(folder);
}

#define STORE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

/* A store that opens without a word. */
static inline struct store *
open_store(void)
{
	struct store *store;
	const char *why;
	int r;

	r = store_open(folder, &store, &why);
	if (r != 0 || why != NULL)
		print_message("%s: %s\n", fg_strerror(r), why ? why : "");
	assert_int_equal(r, 0);
	assert_null(why);
	return store;
}

/* An active person with one account and nothing else. */
static inline struct person
a_person(const char *user)
{
	struct person p;

	memset(&p, 0, sizeof(p));
	p.kind = PERSON_KIND_PERSON;
	p.status = PERSON_STATUS_ACTIVE;
	(void)snprintf(p.user, sizeof(p.user), "%s", user);
	(void)snprintf(p.account[0], sizeof(p.account[0]), "%s", user);
	p.naccounts = 1;
	p.valid_from_s = INT64_MIN;
	p.valid_until_s = INT64_MAX;
	return p;
}

/* "u0".."u(n-1)", each by the same name. Returns the first error. */
static inline int
fill(struct store_import *import, unsigned int n, const char *name)
{
	char user[16], other[FG_USER_MAX + 1];
	struct person p;
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		(void)snprintf(user, sizeof(user), "u%u", i);
		p = a_person(user);
		(void)snprintf(p.name, sizeof(p.name), "%s", name);
		if ((r = store_import_add(import, &p, other)) != 0)
			return r;
	}
	return 0;
}

static inline int
import_people(struct store *store, unsigned int n, const char *name)
{
	struct store_import *import;
	int r;

	if ((r = store_import_begin(store, &import)) != 0)
		return r;
	if ((r = fill(import, n, name)) == 0)
		r = store_import_commit(import);
	store_import_free(import);
	return r;
}

static inline struct store_exception
an_exception(const char *user)
{
	struct store_exception e;

	memset(&e, 0, sizeof(e));
	(void)snprintf(e.user, sizeof(e.user), "%s", user);
	e.code = FINDING_GEO_COUNTRY;
	e.from_s = 1000;
	e.until_s = 2000;
	return e;
}

/* SQLite's own view of the file. */
static inline sqlite3 *
open_behind(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(in_folder(STORE_FILE), &db), SQLITE_OK);
	return db;
}

static inline void
run_sql(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static inline void
run_behind(const char *sql)
{
	sqlite3 *db = open_behind();

	run_sql(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The first column of the first row; -1 if there is none. */
static inline int64_t
ask_behind(const char *sql)
{
	sqlite3 *db = open_behind();
	sqlite3_stmt *stmt;
	int64_t v = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return v;
}

static inline void
assert_integrity(void)
{
	assert_int_equal(ask_behind("SELECT integrity_check = 'ok'"
				    " FROM pragma_integrity_check"),
	    1);
}

#endif
