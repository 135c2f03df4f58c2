/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of refusals, and accounts, from records: what is put together, and that
 * there are never more of them than there is room for.
 */
#include "ctl/readiness/refused.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/readiness/accounts.h"
#include "ctl/readiness/joined.h"
#include "tests/unit/recording.h"

static struct refused refused;
static struct accounts accounts;

static int
empty(void **state)
{
	(void)state;
	refused_done(&refused);
	accounts_done(&accounts);
	return 0;
}

static void
take(struct recorded r)
{
	assert_int_equal(refused_take(&refused, &r.record), 0);
	assert_int_equal(accounts_take(&accounts, &r.record), 0);
	json_free(r.json);
}

/* A login of alice's by sshd, with more members, at a time. */
#define LOGIN(at, more)                      \
	take(recorded(RECORD_DECISION, (at), \
	    "{'user':'alice','service':'sshd','kind':'remote'," more "}"))
#define AGAINST "'verdict':'allow','would':'deny'"
#define ABROAD                                                         \
	"'findings':[{'code':'geo.country','action':'deny','line':7}," \
	"{'code':'net.hosting','action':'log'}]"

static void
allowed_logins_are_no_rows(void **state)
{
	(void)state;
	LOGIN(1, "'verdict':'allow','would':'allow'");
	LOGIN(2, "'verdict':'exempt','would':'exempt'");
	take(recorded(RECORD_OPEN, 3, "{'user':'alice'," AGAINST "}"));
	assert_int_equal(refused.n, 0);
	assert_int_equal(accounts.n, 1);
}

static void
same_reasons_are_one_row(void **state)
{
	const struct refused_row *row;

	(void)state;
	LOGIN(1, AGAINST "," ABROAD ",'ref':'A'");
	LOGIN(5, AGAINST "," ABROAD ",'ref':'B','next':'do'");
	LOGIN(6, AGAINST "," ABROAD ",'ref':'B','next':'do'");
	assert_int_equal(refused.n, 1);
	row = refused.rows[0];
	assert_string_equal(row->codes, "geo.country");
	/* account and session of one login have one reference */
	assert_int_equal(row->count, 2);
	assert_int_equal(row->last_s, 6);
	assert_string_equal(row->ref, "B");
	assert_string_equal(row->next, "do");
	assert_false(row->challenge);
	assert_true(row->lasting);
	assert_false(row->enforced);
}

static void
other_reasons_are_rows_of_their_own(void **state)
{
	(void)state;
	LOGIN(1, AGAINST "," ABROAD);
	LOGIN(2, AGAINST ",'decided':{'by':'failure','failure':'no_policy'}");
	LOGIN(3, "'verdict':'deny','would':'deny'," ABROAD);
	take(recorded(RECORD_DECISION, 4,
	    "{'user':'bob','service':'sshd'," AGAINST "," ABROAD "}"));
	take(recorded(RECORD_DECISION, 5,
	    "{'user':'alice','service':'su'," AGAINST "," ABROAD "}"));
	assert_int_equal(refused.n, 5);
	refused_rank(&refused);
	assert_true(refused.rows[4]->enforced);
	assert_false(refused.rows[3]->enforced);
}

static void
want_challenge(bool challenge, bool lasting, const char *codes)
{
	assert_int_equal(refused.n, 1);
	assert_int_equal(refused.rows[0]->challenge, challenge);
	assert_int_equal(refused.rows[0]->lasting, lasting);
	assert_string_equal(refused.rows[0]->codes, codes);
	refused_done(&refused);
}

/* A shipped challenge is recorded as the deny that it comes to. */
static void
shipped_challenge_is_known(void **state)
{
	(void)state;
	LOGIN(1,
	    AGAINST ",'findings':[{'code':'net.anonymizer','grade':'vpn',"
		    "'action':'deny'}]");
	want_challenge(true, true, "net.anonymizer:vpn");
	LOGIN(1,
	    AGAINST ",'findings':[{'code':'net.anonymizer','grade':'vpn',"
		    "'action':'deny','line':3}]");
	want_challenge(false, true, "net.anonymizer:vpn");
	LOGIN(1,
	    AGAINST ",'findings':[{'code':'geo.country','action':'deny'},"
		    "{'code':'person.revoked','action':'deny'}]");
	want_challenge(false, true, "geo.country, person.revoked");
}

/* A rule's, a combination's; what was asked for real kept nobody out yet. */
static void
recorded_challenge_is_taken(void **state)
{
	(void)state;
	LOGIN(1,
	    "'verdict':'allow','would':'challenge','findings':["
	    "{'code':'time.hours','action':'challenge','line':3}]");
	want_challenge(true, true, "time.hours");
	LOGIN(1,
	    "'verdict':'allow','would':'challenge',"
	    "'decided':{'by':'combination','combination':'odd'}");
	want_challenge(true, false, "combination odd");
	LOGIN(1,
	    "'verdict':'challenge','would':'challenge','findings':["
	    "{'code':'time.hours','action':'challenge','line':3}]");
	assert_int_equal(refused.n, 0);
}

/* What a supposed login would not find again cannot be settled by one. */
static void
what_passes_is_not_lasting(void **state)
{
	static const char *const codes[] = { "session.limit", "remote.unknown",
		"device.key", "geo.travel" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		take(recorded(RECORD_DECISION, 1,
		    "{'user':'alice'," AGAINST ",'findings':["
		    "{'code':'geo.country','action':'deny','line':7},"
		    "{'code':'%s','action':'deny','line':7}]}",
		    codes[i]));
		assert_int_equal(refused.n, 1);
		assert_false(refused.rows[0]->lasting);
		refused_done(&refused);
	}
	LOGIN(1,
	    AGAINST ",'decided':{'by':'failure','failure':'store_unusable'}");
	want_challenge(false, false, "store_unusable");
	LOGIN(1, AGAINST ",'decided':{'by':'combination','combination':'odd'}");
	want_challenge(false, false, "combination odd");
	LOGIN(1, AGAINST "," ABROAD ",'person':{'shared':true}");
	want_challenge(false, false, "geo.country");
	LOGIN(1, AGAINST);
	want_challenge(false, false, "not recorded");
}

static void
person_counts_and_not_the_account(void **state)
{
	(void)state;
	LOGIN(1, AGAINST ",'person':{'state':'known','user':'a.smith'}");
	LOGIN(2, AGAINST ",'person':{'state':'unknown','user':'x'}");
	LOGIN(3,
	    AGAINST ",'person':{'state':'known','nobody':true,'user':'x'}");
	assert_int_equal(refused.n, 2);
	assert_string_equal(refused.rows[0]->who, "a.smith");
	assert_string_equal(refused.rows[0]->user, "alice");
	assert_string_equal(refused.rows[1]->who, "alice");
}

static void
rows_places_and_origins_are_bounded(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < (int)REFUSED_ROWS + 50; i++)
		take(recorded(RECORD_DECISION, i,
		    "{'user':'u%d','service':'sshd'," AGAINST "}", i));
	assert_int_equal(refused.n, REFUSED_ROWS);
	assert_int_equal(refused.lost, 50);
	for (i = 0; i < 50; i++)
		take(recorded(RECORD_DECISION, i,
		    "{'user':'u1','service':'sshd'," AGAINST
		    ",'place':{'country':'%c%c'},"
		    "'origin':{'kind':'address','address':'192.0.2.%d'}}",
		    'A' + i % 26, 'A' + i / 26, i));
	refused_rank(&refused);
	assert_int_equal(refused.rows[0]->nplaces, REFUSED_PLACES);
	assert_true(refused.rows[0]->more_places);
	assert_int_equal(refused.rows[0]->nfrom, REFUSED_FROM);
	assert_true(refused.rows[0]->more_from);
}

static void
accounts_are_bounded(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < (int)ACCOUNTS_MAX + 7; i++)
		take(recorded(RECORD_DECISION, i,
		    "{'user':'u%d','kind':'remote'}", i));
	assert_int_equal(accounts.n, ACCOUNTS_MAX);
	assert_int_equal(accounts.lost, 7);
}

/* sudo is of somebody who has come by a login of their own. */
static void
accounts_are_of_logins(void **state)
{
	(void)state;
	take(recorded(RECORD_DECISION, 1, "{'user':'bob','kind':'nested'}"));
	take(recorded(RECORD_DECISION, 1, "{'user':'git','kind':'exempt'}"));
	take(recorded(RECORD_DECISION, 1, "{'user':null,'kind':'remote'}"));
	assert_int_equal(accounts.n, 0);
	LOGIN(1, "'person':{'state':'unknown'},'ref':'A'");
	assert_true(accounts.list[0].absent);
	LOGIN(2, "'person':{'state':'known'},'ref':'B'");
	LOGIN(3, "'person':{'state':'known'},'ref':'B'");
	assert_int_equal(accounts.n, 1);
	assert_int_equal(accounts.list[0].logins, 2);
	assert_true(accounts.list[0].known);
	assert_false(accounts.list[0].absent);
}

static void
long_strings_are_cut(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	take(recorded(RECORD_DECISION, 1,
	    "{'user':'%s','service':'%s','kind':'remote','ref':'%s','next':"
	    "'%s'," AGAINST ",'findings':[{'code':'%s','grade':'%s','action':"
	    "'deny'}],'networks':['%s'],'origin':{'kind':'address','address':"
	    "'%s'}}",
	    text, text, text, text, text, text, text, text));
	assert_int_equal(refused.n, 1);
	assert_int_equal(strlen(refused.rows[0]->user), FG_USER_MAX);
	assert_int_equal(strlen(refused.rows[0]->ref), FG_REF_MAX);
	assert_string_equal(refused.rows[0]->codes, "...");
	assert_int_equal(refused.rows[0]->nfrom, 0);
	assert_true(refused.rows[0]->more_from);
}

static void
words_are_joined_as_far_as_they_fit(void **state)
{
	char buf[16] = "";

	(void)state;
	joined_add(buf, sizeof(buf), "one");
	joined_add(buf, sizeof(buf), "two");
	assert_string_equal(buf, "one, two");
	joined_add(buf, sizeof(buf), "three");
	joined_add(buf, sizeof(buf), "4");
	assert_string_equal(buf, "one, two, ...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(allowed_logins_are_no_rows, empty),
		cmocka_unit_test_teardown(same_reasons_are_one_row, empty),
		cmocka_unit_test_teardown(other_reasons_are_rows_of_their_own,
		    empty),
		cmocka_unit_test_teardown(shipped_challenge_is_known, empty),
		cmocka_unit_test_teardown(recorded_challenge_is_taken, empty),
		cmocka_unit_test_teardown(what_passes_is_not_lasting, empty),
		cmocka_unit_test_teardown(person_counts_and_not_the_account,
		    empty),
		cmocka_unit_test_teardown(rows_places_and_origins_are_bounded,
		    empty),
		cmocka_unit_test_teardown(accounts_are_bounded, empty),
		cmocka_unit_test_teardown(accounts_are_of_logins, empty),
		cmocka_unit_test_teardown(long_strings_are_cut, empty),
		cmocka_unit_test(words_are_joined_as_far_as_they_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
