/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals of a wtmp file against the decisions that cover them. What is open
 * covers, what is closed does not, and whoever came otherwise shows.
 */
#include "ctl/readiness/terminals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/recording.h"

static char path[] = "/tmp/test_terminals_XXXXXX";
static struct terminals all;

static int
begin(void **state)
{
	(void)state;
	assert_return_code(truncate(path, 0), 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	terminals_done(&all);
	return 0;
}

/* A terminal of alice's, written as login programs do. */
static void
terminal(const char *line, const char *host, int at)
{
	struct utmpx ut = { .ut_type = USER_PROCESS, .ut_user = "alice" };
	FILE *out = fopen(path, "ae");

	assert_non_null(out);
	ut.ut_tv.tv_sec = at;
	(void)snprintf(ut.ut_line, sizeof(ut.ut_line), "%s", line);
	(void)snprintf(ut.ut_host, sizeof(ut.ut_host), "%s", host);
	assert_int_equal(fwrite(&ut, sizeof(ut), 1, out), 1);
	assert_int_equal(fclose(out), 0);
}

static void
begin_at(int64_t since_s)
{
	assert_int_equal(terminals_read(&all, path, since_s), 0);
}

static void
take(struct recorded r)
{
	terminals_take(&all, &r.record);
	json_free(r.json);
}

static void
let_in(const char *ref, const char *address, int64_t at_s)
{
	take(recorded(RECORD_DECISION, at_s,
	    "{'ref':'%s','user':'alice','verdict':'allow','kind':'remote',"
	    "'origin':{'kind':'address','address':'%s'}}",
	    ref, address));
}

static void
opened(const char *ref, int64_t at_s)
{
	take(recorded(RECORD_OPEN, at_s, "{'ref':'%s'}", ref));
}

static void
closed(const char *ref, int64_t at_s)
{
	take(recorded(RECORD_CLOSE, at_s, "{'ref':'%s'}", ref));
}

static void
want_undecided(size_t n)
{
	size_t got;

	terminals_undecided(&all, &got);
	assert_int_equal(got, n);
}

static void
decided_login_is_covered(void **state)
{
	(void)state;
	terminal("pts/0", "192.0.2.7", 1002);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(0);
}

static void
other_address_time_or_user_is_not(void **state)
{
	(void)state;
	terminal("pts/0", "192.0.2.8", 1002);
	terminal("pts/1", "192.0.2.7", 1000 + TERMINALS_APART_S + 1);
	terminal("pts/2", "192.0.2.7", 1001);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(2);
	assert_int_equal(all.list[0].at_s, 1002);
	terminals_done(&all);
	begin_at(0);
	take(recorded(RECORD_DECISION, 1000,
	    "{'ref':'A','user':'bob','verdict':'allow','kind':'remote',"
	    "'origin':{'kind':'address','address':'192.0.2.7'}}"));
	want_undecided(3);
}

static void
refused_and_nested_logins_cover_nothing(void **state)
{
	(void)state;
	terminal("pts/0", "192.0.2.7", 1002);
	begin_at(0);
	take(recorded(RECORD_DECISION, 1000,
	    "{'ref':'A','user':'alice','verdict':'deny','kind':'remote'}"));
	take(recorded(RECORD_DECISION, 1001,
	    "{'ref':'B','user':'alice','verdict':'allow','kind':'nested'}"));
	want_undecided(1);
}

/* One connection asks for terminals as long as it lives. */
static void
session_covers_until_it_is_closed(void **state)
{
	(void)state;
	terminal("pts/0", "192.0.2.7", 1002);
	terminal("pts/1", "192.0.2.7", 5000);
	terminal("pts/2", "192.0.2.7", 9000);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	opened("A", 1001);
	closed("A", 6000);
	want_undecided(1);
	assert_int_equal(all.list[0].at_s, 9000);
	terminals_done(&all);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	opened("A", 1001);
	want_undecided(0);
}

/* sshd writes the name, with UseDNS, and the gate the address. */
static void
name_is_covered_by_time_alone(void **state)
{
	(void)state;
	terminal("pts/0", "client.example.com", 1002);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(0);
}

static void
mapped_address_is_the_same(void **state)
{
	(void)state;
	terminal("pts/0", "::ffff:192.0.2.7", 1002);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(0);
}

static void
only_what_came_over_the_network_counts(void **state)
{
	(void)state;
	terminal("tty1", "192.0.2.7", 1002);
	terminal("pts/0", "", 1002);
	terminal("pts/1", ":0", 1002);
	terminal("pts/2", ":pts/0:S.0", 1002);
	terminal("pts/3", "192.0.2.7 via mosh [99]", 1002);
	terminal("pts/4", "tmux(99).%0", 1002);
	begin_at(0);
	let_in("A", "192.0.2.9", 900);
	want_undecided(0);
}

/* Before the first record nobody looked; without any, nobody ever did. */
static void
what_is_older_than_the_gate_does_not_count(void **state)
{
	(void)state;
	terminal("pts/0", "192.0.2.8", 500);
	terminal("pts/0", "192.0.2.8", 1500);
	begin_at(0);
	want_undecided(0);
	terminals_done(&all);
	begin_at(0);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(1);
	terminals_done(&all);
	begin_at(2000);
	let_in("A", "192.0.2.7", 1000);
	want_undecided(0);
}

static void
open_logins_are_bounded(void **state)
{
	char ref[32];
	int i;

	(void)state;
	terminal("pts/0", "192.0.2.7", 1002);
	begin_at(0);
	let_in("first", "192.0.2.7", 1000);
	opened("first", 1000);
	for (i = 0; i < 2 * (int)TERMINALS_OPEN_MAX; i++) {
		(void)snprintf(ref, sizeof(ref), "%d", i);
		let_in(ref, "192.0.2.8", 1000 + i);
		if (i % 2 == 0)
			opened(ref, 1000 + i);
	}
	assert_int_equal(all.nlogins, TERMINALS_OPEN_MAX);
	want_undecided(0);
}

static void
no_file_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(terminals_read(&all, "/nonexistent/wtmp", 0),
	    FG_ERR_SYSTEM);
}

static int
make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
discard(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(decided_login_is_covered, begin,
		    end),
		cmocka_unit_test_setup_teardown(
		    other_address_time_or_user_is_not, begin, end),
		cmocka_unit_test_setup_teardown(
		    refused_and_nested_logins_cover_nothing, begin, end),
		cmocka_unit_test_setup_teardown(
		    session_covers_until_it_is_closed, begin, end),
		cmocka_unit_test_setup_teardown(name_is_covered_by_time_alone,
		    begin, end),
		cmocka_unit_test_setup_teardown(mapped_address_is_the_same,
		    begin, end),
		cmocka_unit_test_setup_teardown(
		    only_what_came_over_the_network_counts, begin, end),
		cmocka_unit_test_setup_teardown(
		    what_is_older_than_the_gate_does_not_count, begin, end),
		cmocka_unit_test_setup_teardown(open_logins_are_bounded, begin,
		    end),
		cmocka_unit_test_setup_teardown(no_file_is_an_error, begin,
		    end),
	};

	return cmocka_run_group_tests(tests, make, discard);
}
