/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose access was taken back: by which of their names, and what an error
 * means. The store is a fake.
 */
#include "policyd/gather/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/store/store.h"
#include "policyd/store/store_revocation.h"
#include "proto/result.h"

struct store {
	int fail_outline;
	bool lost;
	bool none; /* says the outline */
	const char *fails; /* a name that cannot be asked for */
	const char *user[3];
	int64_t at_s[3];
	int64_t made_s[3];
	unsigned int asked;
};

static struct store store;
static struct facts facts;

int
store_outline(struct store *s, struct store_outline *ret_outline)
{
	memset(ret_outline, 0, sizeof(*ret_outline));
	ret_outline->lost = s->lost;
	ret_outline->revocations = !s->none;
	return s->fail_outline;
}

int
store_revocation_of(struct store *s, const char *user,
    struct store_revocation *ret_r)
{
	size_t i;

	s->asked++;
	assert_string_not_equal(user, "");
	if (s->fails != NULL && strcmp(s->fails, user) == 0)
		return FG_ERR_SYSTEM;
	for (i = 0; i < 3; i++)
		if (s->user[i] != NULL && strcmp(s->user[i], user) == 0) {
			memset(ret_r, 0, sizeof(*ret_r));
			ret_r->at_s = s->at_s[i];
			ret_r->made_s = s->made_s[i];
			(void)snprintf(ret_r->reason, sizeof(ret_r->reason),
			    "reason %zu", i);
			return 0;
		}
	return FG_ERR_NOT_FOUND;
}

/* alice's account "al", by ssh. */
static void
set_up_login(void)
{
	memset(&store, 0, sizeof(store));
	memset(&facts, 0, sizeof(facts));
	facts.kind = SERVICE_REMOTE;
	facts.at_s = 1000;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "al");
	facts.person.state = FACT_KNOWN;
	(void)snprintf(facts.person.person.user,
	    sizeof(facts.person.person.user), "alice");
}

static void
assert_state(enum fact_state want)
{
	gather_revocation(&store, &facts);
	assert_int_equal(facts.revocation.state, want);
	if (want == FACT_KNOWN)
		return;
	assert_int_equal(facts.revocation.at_s, 0);
	assert_string_equal(facts.revocation.reason, "");
}

static void
without_a_store_nothing_is_known(void **state)
{
	(void)state;
	set_up_login();
	facts.revocation.state = FACT_KNOWN;
	gather_revocation(NULL, &facts);
	assert_int_equal(facts.revocation.state, FACT_NONE);
}

static void
nobody_is_asked_for_where_there_is_none(void **state)
{
	(void)state;
	set_up_login();
	store.none = true;
	assert_state(FACT_UNKNOWN);
	assert_int_equal(store.asked, 0);
	store.none = false;
	assert_state(FACT_UNKNOWN);
	assert_true(store.asked > 0);
}

static void
the_person_and_the_account_are_asked_for(void **state)
{
	(void)state;
	set_up_login();
	store.user[0] = "alice";
	store.at_s[0] = 7;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 7);
	assert_string_equal(facts.revocation.reason, "reason 0");
	store.user[0] = "al";
	assert_state(FACT_KNOWN);
	store.user[0] = "bob";
	assert_state(FACT_UNKNOWN);
	/* a person of the same name as somebody else's account */
	store.user[0] = "alice";
	facts.person.state = FACT_UNKNOWN;
	assert_state(FACT_UNKNOWN);
	facts.person.state = FACT_ERROR;
	assert_state(FACT_UNKNOWN);
}

static void
who_asks_in_su_counts_and_so_does_the_target(void **state)
{
	(void)state;
	set_up_login();
	facts.person.state = FACT_UNKNOWN;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "root");
	(void)snprintf(facts.login.ruser, sizeof(facts.login.ruser), "al");
	store.user[0] = "al";
	/* of a remote login it is what somebody wrote */
	assert_state(FACT_UNKNOWN);
	facts.kind = SERVICE_NESTED;
	assert_state(FACT_KNOWN);
	store.user[0] = "root";
	assert_state(FACT_KNOWN);
}

static void
the_earliest_of_several_counts(void **state)
{
	(void)state;
	set_up_login();
	store.user[0] = "al";
	store.at_s[0] = 2000;
	store.user[1] = "alice";
	store.at_s[1] = 1000;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 1000);
	assert_string_equal(facts.revocation.reason, "reason 1");
	store.at_s[1] = 3000;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 2000);
	assert_string_equal(facts.revocation.reason, "reason 0");
}

/* The clock of a hub, or this one, stood later when somebody was revoked. */
static void
one_that_was_to_hold_at_once_needs_no_clock(void **state)
{
	(void)state;
	set_up_login();
	store.user[0] = "al";
	store.at_s[0] = store.made_s[0] = 5000;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 1000);
	/* which is earlier than one that is to come */
	store.user[1] = "alice";
	store.at_s[1] = 3000;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 1000);
	assert_string_equal(facts.revocation.reason, "reason 0");
	/* and holds although others cannot be told */
	store.fails = "alice";
	assert_state(FACT_KNOWN);
	store.fails = NULL;
	store.made_s[0] = 4999;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 3000);
	store.at_s[0] = 900;
	assert_state(FACT_KNOWN);
	assert_int_equal(facts.revocation.at_s, 900);
}

static void
an_error_is_no_absence(void **state)
{
	(void)state;
	set_up_login();
	store.fail_outline = FG_ERR_BUSY;
	assert_state(FACT_ERROR);
	set_up_login();
	store.fails = "al";
	assert_state(FACT_ERROR);
	store.fails = "alice";
	assert_state(FACT_ERROR);
}

/* An error leads to less than what is known already: a deny everywhere. */
static void
one_that_holds_stays_one(void **state)
{
	static const char *const names[] = { "al", "alice" };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		set_up_login();
		store.user[0] = names[i];
		store.fails = names[1 - i];
		store.at_s[0] = 1000;
		assert_state(FACT_KNOWN);
		store.at_s[0] = 1001;
		assert_state(FACT_ERROR);
	}
}

static void
who_may_have_been_lost_is_an_error(void **state)
{
	(void)state;
	set_up_login();
	store.lost = true;
	store.none = true;
	assert_state(FACT_ERROR);
	store.none = false;
	store.user[0] = "bob";
	assert_state(FACT_ERROR);
	store.user[0] = "alice";
	assert_state(FACT_KNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_store_nothing_is_known),
		cmocka_unit_test(nobody_is_asked_for_where_there_is_none),
		cmocka_unit_test(the_person_and_the_account_are_asked_for),
		cmocka_unit_test(who_asks_in_su_counts_and_so_does_the_target),
		cmocka_unit_test(the_earliest_of_several_counts),
		cmocka_unit_test(one_that_was_to_hold_at_once_needs_no_clock),
		cmocka_unit_test(an_error_is_no_absence),
		cmocka_unit_test(one_that_holds_stays_one),
		cmocka_unit_test(who_may_have_been_lost_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
