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

#include "policyd/store/store_history.h"
#include "policyd/store/store_revocation.h"
#include "policyd/store/store_session.h"
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
	/* No disk has to keep it, and the slow ones take minutes for it. */
	(void)snprintf(folder, sizeof(folder), "%s/fg-store-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
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

/* What the schema's steps have made from that one on, for files of before. */
#define UNDO_14 "DROP TABLE hold;"
#define UNDO_13 UNDO_14 "ALTER TABLE session DROP COLUMN device;"
#define UNDO_12 UNDO_13 "DROP TABLE site;"
#define UNDO_11                                                 \
	UNDO_12 "DROP TABLE enrolment; DROP TABLE device_seen;" \
		"DROP TABLE enrolment_remembered;"

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

/* The newest login of a person. */
static inline int
store_history_last(struct store *store, const char *person,
    struct store_login *ret_login)
{
	size_t n;
	int r;

	memset(ret_login, 0, sizeof(*ret_login));
	if ((r = store_history_recent(store, person, ret_login, 1, &n)) != 0)
		return r;
	return n == 0 ? FG_ERR_NOT_FOUND : 0;
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

#define BOOT_ID "c0ffee00-1111-4222-8333-444455556666"

static inline struct addr
an_addr(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse(text, &addr), 0);
	return addr;
}

/* An open one from 203.0.113.7. */
static inline struct store_session
a_session(const char *ref, const char *person)
{
	struct store_session s;

	memset(&s, 0, sizeof(s));
	(void)snprintf(s.ref, sizeof(s.ref), "%s", ref);
	s.state = STORE_SESSION_OPEN;
	(void)snprintf(s.person, sizeof(s.person), "%s", person);
	(void)snprintf(s.user, sizeof(s.user), "%s", person);
	(void)snprintf(s.service, sizeof(s.service), "sshd");
	s.kind = SERVICE_REMOTE;
	s.origin.kind = ORIGIN_ADDRESS;
	s.origin.source = ORIGIN_FROM_SSH_CONNECTION;
	s.origin.addr = an_addr("203.0.113.7");
	s.origin.cls = addr_classify(&s.origin.addr);
	s.process.pid = 4711;
	s.process.start = 123456;
	s.uid = 1000;
	s.audit_session = UINT32_MAX;
	(void)snprintf(s.boot_id, sizeof(s.boot_id), BOOT_ID);
	s.opened_s = 1767225600;
	s.opened_boot_s = 1234;
	return s;
}

static inline struct store_login
a_login(const char *person, const char *addr, int64_t at_s)
{
	struct store_login l;

	memset(&l, 0, sizeof(l));
	(void)snprintf(l.person, sizeof(l.person), "%s", person);
	(void)snprintf(l.ref, sizeof(l.ref), "7F3K-Q2MN");
	(void)snprintf(l.service, sizeof(l.service), "sshd");
	l.addr = an_addr(addr);
	l.at_s = at_s;
	(void)snprintf(l.boot_id, sizeof(l.boot_id), BOOT_ID);
	l.boot_s = 77;
	return l;
}

static inline struct store_revocation
a_revocation(const char *user)
{
	struct store_revocation r;

	memset(&r, 0, sizeof(r));
	(void)snprintf(r.user, sizeof(r.user), "%s", user);
	r.at_s = 1500;
	(void)snprintf(r.reason, sizeof(r.reason), "left");
	r.by_uid = 0;
	r.by_loginuid = 1000;
	r.made_s = 1400;
	return r;
}

static inline struct store_outline
outline_of(struct store *store)
{
	struct store_outline outline;

	assert_int_equal(store_outline(store, &outline), 0);
	return outline;
}

/* How often which comes. */
static inline int
count_session(const struct store_session *s, void *arg)
{
	(void)s;
	++*(size_t *)arg;
	return 0;
}

static inline int
count_revocation(const struct store_revocation *r, void *arg)
{
	(void)r;
	++*(size_t *)arg;
	return 0;
}

/* And nothing of what was there before. */
static inline void
set_text(char *buf, size_t size, const char *text)
{
	memset(buf, 0, size);
	(void)snprintf(buf, size, "%s", text);
}

static inline void
fill_text(char *buf, size_t size, char c)
{
	memset(buf, c, size - 1);
	buf[size - 1] = '\0';
}

/* Names that are no more than names. */
static const char *const hostile_names[] = { "'; DROP TABLE person; --",
	"'; DROP TABLE history; --", "\" OR 1=1 --", "?1", ":user",
	"x' UNION SELECT 1 --", "%s%n", "\xff\xfe", "NULL", "\n", "a\nb", " ",
	"\x01\x1b[2J", "1", "0x10", "-1.5e3" };

#define HOSTILE_NAMES (sizeof(hostile_names) / sizeof(hostile_names[0]))

/* SQLite's own view of the file. */
static inline sqlite3 *
open_behind(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(in_folder(STORE_FILE), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL,
			     NULL, NULL),
	    SQLITE_OK);
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

static inline int64_t
history_rows(void)
{
	return ask_behind("SELECT count(*) FROM history");
}

static inline void
assert_integrity(void)
{
	assert_int_equal(ask_behind("SELECT integrity_check = 'ok'"
				    " FROM pragma_integrity_check"),
	    1);
}

#endif
