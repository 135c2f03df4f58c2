/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions in the store: what is put in comes out the same, is replaced and
 * removed by its reference, and a row that makes no sense is an error.
 */
#include "policyd/store/store_sql.h"

#include "tests/unit/storing.h"

struct found {
	struct store_session list[8];
	size_t n;
	size_t stop;
};

static int
find_session(const struct store_session *s, void *arg)
{
	struct found *found = arg;

	assert_true(found->n < 8);
	found->list[found->n++] = *s;
	return found->n == found->stop;
}

static struct store_session
the_largest_session(void)
{
	struct store_session s = a_session("x", "x");

	fill_text(s.ref, sizeof(s.ref), 'r');
	s.state = STORE_SESSION_DETACHED;
	fill_text(s.person, sizeof(s.person), '\xff');
	fill_text(s.user, sizeof(s.user), 'u');
	fill_text(s.service, sizeof(s.service), 's');
	fill_text(s.policy, sizeof(s.policy), 'p');
	s.observed = true;
	s.kind = SERVICE_CONSOLE;
	s.origin.source = ORIGIN_FROM_RHOST;
	s.origin.addr = an_addr(
	    "fe80::ffff:ffff:ffff:ffff%abcdefghijklmnopqrstuvwxyz01234");
	s.origin.cls = ADDR_LINK_LOCAL;
	fill_text(s.where.country, sizeof(s.where.country), 'N');
	s.where.asn = UINT32_MAX;
	fill_text(s.where.network, sizeof(s.where.network), 'n');
	fill_text(s.device, sizeof(s.device), 'd');
	for (; s.keys.n < SSH_KEYS_MAX; s.keys.n++) {
		fill_text(s.keys.list[s.keys.n].fingerprint,
		    sizeof(s.keys.list[0].fingerprint), 'f');
		fill_text(s.keys.list[s.keys.n].id, sizeof(s.keys.list[0].id),
		    'i');
	}
	s.keys.more = UINT32_MAX;
	s.process.pid = INT32_MAX;
	s.process.start = INT64_MAX;
	s.uid = UINT32_MAX;
	s.audit_session = UINT32_MAX - 1;
	fill_text(s.cgroup, sizeof(s.cgroup), 'c');
	fill_text(s.boot_id, sizeof(s.boot_id), 'b');
	s.opened_s = INT64_MIN;
	s.opened_boot_s = INT64_MAX;
	return s;
}

static void
add_key(struct store_session *s, const char *fingerprint, const char *id)
{
	struct ssh_key *key = &s->keys.list[s->keys.n++];

	set_text(key->fingerprint, sizeof(key->fingerprint), fingerprint);
	set_text(key->id, sizeof(key->id), id);
}

/* What is put comes out, also of the file that was closed meanwhile. */
static void
assert_there_and_back(const struct store_session *s)
{
	struct store *store = open_store();
	struct found found = { .n = 0 };

	assert_int_equal(store_session_put(store, s), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	assert_memory_equal(&found.list[0], s, sizeof(*s));
	assert_int_equal(store_session_remove(store, s->ref), 0);
	store_close(store);
}

static void
test_a_session_comes_out_as_it_was_put_in(void **state)
{
	struct store_session s = a_session("7F3K-Q2MN", "alice");

	(void)state;
	assert_there_and_back(&s);
	s = the_largest_session();
	assert_there_and_back(&s);
	s = a_session("7F3K-Q2MN", "alice");
	s.origin.addr = an_addr("2001:db8::1");
	s.origin.cls = ADDR_DOCUMENTATION;
	assert_there_and_back(&s);
	s.origin.addr = an_addr("::ffff:192.0.2.1");
	assert_there_and_back(&s);
}

static void
test_a_sessions_keys_come_out_in_their_order(void **state)
{
	struct store_session s = a_session("7F3K-Q2MN", "deploy");

	(void)state;
	s.keys.more = 1; /* and none that has a name */
	assert_there_and_back(&s);
	add_key(&s, "SHA256:b", "");
	assert_there_and_back(&s);
	s.keys.more = 0;
	add_key(&s, "SHA256:a", "alice@example.com");
	assert_there_and_back(&s);
	add_key(&s, "SHA256:c", "");
	assert_there_and_back(&s);
}

/* Of them one key was kept. */
static void
test_sessions_of_version_6_are_kept(void **state)
{
	struct found found = { .n = 0 };
	const struct store_session *s = &found.list[0];
	struct store *store = open_store();

	(void)state;
	store_close(store);
	run_behind(UNDO_11);
	run_behind("DROP TABLE session;"
		   "CREATE TABLE session (ref TEXT NOT NULL PRIMARY KEY,"
		   " state INTEGER NOT NULL, person TEXT NOT NULL,"
		   " user TEXT NOT NULL, service TEXT NOT NULL,"
		   " kind INTEGER NOT NULL, origin INTEGER NOT NULL,"
		   " origin_source INTEGER NOT NULL, addr TEXT NOT NULL,"
		   " country TEXT NOT NULL, asn INTEGER NOT NULL,"
		   " network TEXT NOT NULL, key TEXT NOT NULL,"
		   " key_id TEXT NOT NULL, pid INTEGER NOT NULL,"
		   " start INTEGER NOT NULL, uid INTEGER NOT NULL,"
		   " audit_session INTEGER NOT NULL, cgroup TEXT NOT NULL,"
		   " boot_id TEXT NOT NULL, opened_s INTEGER NOT NULL,"
		   " opened_boot_s INTEGER NOT NULL) WITHOUT ROWID;"
		   "INSERT INTO session VALUES ('A', 1, 'alice', 'deploy',"
		   " 'sshd', 1, 1, 1, '192.0.2.1', 'NO', 0, '', 'SHA256:a',"
		   " 'alice@example.com', 4711, 5, 1000, 7, '/', 'b', 1, 2);"
		   "DROP TABLE totp; DROP TABLE recovery; DROP TABLE backoff;"
		   "DROP TABLE proof; DROP TABLE verified; ALTER TABLE "
		   "exception DROP COLUMN kind;"
		   "DROP TABLE asset; DROP TABLE asset_name;"
		   "DROP TABLE asset_generation; DROP TABLE asset_remembered;"
		   "DROP TABLE baseline; DROP TABLE learned;"
		   "DROP TABLE support;"
		   "PRAGMA user_version = 6");
	store = open_store();
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	assert_string_equal(s->person, "alice");
	assert_int_equal(s->keys.n, 1);
	assert_int_equal(s->keys.more, 0);
	assert_string_equal(s->keys.list[0].fingerprint, "SHA256:a");
	assert_string_equal(s->keys.list[0].id, "alice@example.com");
	assert_int_equal(s->opened_boot_s, 2);
	store_close(store);
}

static void
test_sessions_of_version_12_have_no_device(void **state)
{
	struct store_session s = a_session("7F3K-Q2MN", "alice");
	struct found found = { .n = 0 };
	struct store *store = open_store();

	(void)state;
	set_text(s.device, sizeof(s.device), "LT-0042");
	assert_int_equal(store_session_put(store, &s), 0);
	store_close(store);
	run_behind(UNDO_13 "PRAGMA user_version = 12");
	store = open_store();
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.list[0].device, "");
	store_close(store);
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

static void
test_an_origin_needs_no_address(void **state)
{
	struct store_session s = a_session("7F3K-Q2MN", "alice");

	(void)state;
	memset(&s.origin, 0, sizeof(s.origin));
	s.origin.kind = ORIGIN_CONSOLE;
	s.origin.source = ORIGIN_FROM_SERVICE;
	s.kind = SERVICE_CONSOLE;
	assert_there_and_back(&s);
	s.origin.kind = ORIGIN_NO_ADDRESS;
	s.origin.source = ORIGIN_FROM_NOTHING;
	s.kind = SERVICE_REMOTE;
	assert_there_and_back(&s);
}

static void
test_a_reference_has_one_session(void **state)
{
	struct store_session s = a_session("A", "alice");
	struct store *store = open_store();
	struct found found = { .n = 0 };

	(void)state;
	assert_int_equal(store_session_put(store, &s), 0);
	s.state = STORE_SESSION_ORPHAN;
	s.uid = 7;
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	assert_memory_equal(&found.list[0], &s, sizeof(s));
	store_close(store);
}

static void
test_a_removed_session_is_gone_and_no_other(void **state)
{
	struct store_session a = a_session("A", "alice");
	struct store_session b = a_session("B", "alice");
	struct store *store = open_store();
	struct found found = { .n = 0 };

	(void)state;
	assert_int_equal(store_session_put(store, &a), 0);
	assert_int_equal(store_session_put(store, &b), 0);
	assert_int_equal(store_session_remove(store, "C"), 0);
	assert_int_equal(store_session_remove(store, ""), 0);
	assert_int_equal(store_session_remove(store, "a"), 0);
	assert_int_equal(store_session_remove(store, "A"), 0);
	assert_int_equal(store_session_remove(store, "A"), 0);
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	assert_memory_equal(&found.list[0], &b, sizeof(b));
	store_close(store);
}

static void
test_whoever_lists_may_stop(void **state)
{
	struct store_session a = a_session("A", "alice");
	struct store_session b = a_session("B", "bob");
	struct store *store = open_store();
	struct found found = { .stop = 1 };

	(void)state;
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 0);
	assert_int_equal(store_session_put(store, &a), 0);
	assert_int_equal(store_session_put(store, &b), 0);
	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, 1);
	/* And write again right after it. */
	assert_int_equal(store_session_remove(store, "A"), 0);
	store_close(store);
}

static void
test_a_name_that_is_sql_is_a_name(void **state)
{
	struct store_session s;
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		s = a_session("A", hostile_names[i]);
		set_text(s.ref, sizeof(s.ref), hostile_names[i]);
		set_text(s.service, sizeof(s.service), hostile_names[i]);
		set_text(s.cgroup, sizeof(s.cgroup), hostile_names[i]);
		add_key(&s, hostile_names[i], hostile_names[i]);
		assert_there_and_back(&s);
	}
	assert_int_equal(ask_behind("SELECT count(*) FROM session"), 0);
}

static void
test_a_session_that_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	const struct store_session good = a_session("A", "alice");
	struct store_session bad[28];
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < 28; i++)
		bad[i] = good;
	bad[0].ref[0] = '\0';
	bad[1].person[0] = '\0';
	bad[2].user[0] = '\0';
	bad[3].state = STORE_SESSION_NONE;
	bad[4].state = (enum store_session_state)(STORE_SESSION_DETACHED + 1);
	bad[5].kind = SERVICE_NONE;
	bad[6].kind = SERVICE_NESTED;
	bad[7].kind = SERVICE_EXEMPT;
	bad[8].origin.kind = ORIGIN_NONE;
	bad[9].process.pid = 0;
	bad[10].process.start = (uint64_t)INT64_MAX + 1;
	memset(bad[11].ref, 'r', sizeof(bad[11].ref)); /* no end */
	memset(bad[12].person, 'p', sizeof(bad[12].person));
	memset(bad[13].cgroup, 'c', sizeof(bad[13].cgroup));
	memset(bad[14].boot_id, 'b', sizeof(bad[14].boot_id));
	add_key(&bad[15], "f", "");
	memset(bad[15].keys.list[0].id, 'k', sizeof(bad[15].keys.list[0].id));
	(void)snprintf(bad[16].origin.addr.zone,
	    sizeof(bad[16].origin.addr.zone), "eth0"); /* not of this one */
	bad[17].where.country[0] = 'N';
	add_key(&bad[18], "", "id");
	for (i = 19; i < 24; i++)
		add_key(&bad[i], "f", "");
	add_key(&bad[19], "f g", "");
	add_key(&bad[20], "f", "i\n");
	add_key(&bad[21], "", "");
	add_key(&bad[22], "f", "");
	memset(bad[22].keys.list[1].fingerprint, 'f',
	    sizeof(bad[22].keys.list[1].fingerprint));
	bad[23].keys.n = SSH_KEYS_MAX + 1;
	memset(bad[24].policy, 'p', sizeof(bad[24].policy));
	memset(bad[25].device, 'd', sizeof(bad[25].device));
	set_text(bad[26].device, sizeof(bad[26].device), "LT 42");
	set_text(bad[27].device, sizeof(bad[27].device), "LT\xff");
	for (i = 0; i < 28; i++)
		if (store_session_put(store, &bad[i]) != FG_ERR_FORMAT)
			fail_msg("%zu", i);
	assert_int_equal(store_sessions_each(store, count_session, &n), 0);
	assert_int_equal(n, 0);
	store_close(store);
}

static void
assert_row_is_refused(struct store *store, const char *sql)
{
	struct store_session s = a_session("A", "alice");
	size_t n = 0;

	assert_int_equal(store_session_put(store, &s), 0);
	run_behind(sql);
	if (store_sessions_each(store, count_session, &n) != FG_ERR_FORMAT ||
	    n != 0)
		fail_msg("%s", sql);
	/* One that is put goes on, and so does all else. */
	assert_int_equal(store_session_put(store, &s), 0);
	run_behind("DELETE FROM session");
}

static void
test_a_row_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const columns[] = { "ref", "person", "user",
		"service", "addr", "country", "network", "key", "key_id",
		"cgroup", "boot_id", "also", "policy", "device" };
	static const char *const numbers[] = { "state", "kind", "origin",
		"origin_source", "asn", "pid", "start", "uid", "audit_session",
		"opened_s", "opened_boot_s", "more", "observed" };
	static const char *const changes[] = { "ref = ''", "person = ''",
		"user = ''", "state = 0", "state = 4", "kind = 0", "kind = 2",
		"kind = 4", "origin = 0", "origin = 5", "origin = 2",
		"origin_source = -1", "origin_source = 5", "addr = ''",
		"addr = '203.0.113.256'", "addr = 'example.org'",
		"addr = '203.0.113.7%eth0'", "country = 'N'", "country = 'NOR'",
		"asn = -1", "asn = 4294967296", "pid = 0", "pid = -1",
		"pid = 2147483648", "start = -1", "uid = -1",
		"uid = 4294967296", "audit_session = -1",
		"ref = printf('%.17c', 'r')", "cgroup = printf('%.256c', 'c')",
		"boot_id = printf('%.37c', 'b')",
		"policy = printf('%.33c', 'p')", "key_id = 'i'", "also = 'f '",
		"key = 'f', also = 'f'", "key = 'f', also = ' i'",
		"key = 'f', also = 'f ' || char(10)",
		"key = 'f', also = char(10) || 'f '",
		"key = 'f', also = 'f ' || printf('%.81c', 'i')",
		"key = 'f', also = printf('%.81c', 'f') || ' '",
		"key = 'f', also = 'f ' || char(10) || 'f ' || char(10) ||"
		" 'f ' || char(10) || 'f '",
		"more = -1", "more = 4294967296", "observed = 2",
		"device = 'LT 42'", "device = 'LT' || char(127)",
		"device = printf('%.65c', 'd')" };
	struct store *store = open_store();
	char sql[160];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE session SET %s = x'4142'", columns[i]);
		assert_row_is_refused(store, sql);
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE session SET %s = 'N' || char(0)", columns[i]);
		assert_row_is_refused(store, sql);
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE session SET %s = printf('%%.300c', 'x')",
		    columns[i]);
		assert_row_is_refused(store, sql);
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE session SET %s = 'one'", numbers[i]);
		assert_row_is_refused(store, sql);
		(void)snprintf(sql, sizeof(sql), "UPDATE session SET %s = 1.5",
		    numbers[i]);
		assert_row_is_refused(store, sql);
	}
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		(void)snprintf(sql, sizeof(sql), "UPDATE session SET %s",
		    changes[i]);
		assert_row_is_refused(store, sql);
	}
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_session_comes_out_as_it_was_put_in),
		STORE_TEST(test_a_sessions_keys_come_out_in_their_order),
		STORE_TEST(test_sessions_of_version_6_are_kept),
		STORE_TEST(test_sessions_of_version_12_have_no_device),
		STORE_TEST(test_an_origin_needs_no_address),
		STORE_TEST(test_a_reference_has_one_session),
		STORE_TEST(test_a_removed_session_is_gone_and_no_other),
		STORE_TEST(test_whoever_lists_may_stop),
		STORE_TEST(test_a_name_that_is_sql_is_a_name),
		STORE_TEST(
		    test_a_session_that_could_not_be_read_back_is_refused),
		STORE_TEST(test_a_row_that_makes_no_sense_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
