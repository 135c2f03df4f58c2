/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.unverified, gathered and decided by the real parts over a real store:
 * of whom it is found, and what policies make of it.
 */
#include "policyd/gather/gather.h"
#include "policyd/store/store_verified.h"
#include "tests/unit/storing.h"

#include "tests/unit/deciding.h"

#define RULES	"policy all { }"
#define NEVER	"person.unverified:never"
#define EXPIRED "person.unverified:expired"

static struct store *store;
static struct facts facts;

static void
verify(const char *person, int64_t until_s)
{
	struct store_verified v = { .made_s = facts.at_s - 1000,
		.until_s = until_s };

	(void)snprintf(v.person, sizeof(v.person), "%s", person);
	(void)snprintf(v.asset, sizeof(v.asset), "LT-0042");
	assert_int_equal(store_verified_put(store, &v), 0);
}

static void
assert_gathered(const char *reason)
{
	gather_verified(store, &facts);
	assert_found(&facts, RULES, reason);
}

static int
begin(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	set_facts(&facts);
	set_owner(&facts, "alice", PERSON_KIND_PERSON);
	return 0;
}

static int
leave(void **state)
{
	store_close(store);
	return remove_folder(state);
}

#define VERIFIED_TEST(f) cmocka_unit_test_setup_teardown(f, begin, leave)

static void
nobody_is_unverified_where_nobody_verifies(void **state)
{
	(void)state;
	assert_gathered("none");
	verify("bob", facts.at_s + 1);
	assert_gathered(NEVER);
	assert_int_equal(store_verified_remove(store, "bob"), 0);
	assert_gathered("none");
}

/* Where the configuration asks for it, none at all is no proof. */
static void
where_it_is_named_all_are_unverified(void **state)
{
	(void)state;
	gather_verified(store, &facts);
	assert_found(&facts,
	    "policy all { actions = {\"person.unverified = log\"} }", NEVER);
	assert_found(&facts,
	    "actions = {\"person.unverified:expired = log\"} policy all { }",
	    NEVER);
	assert_found(&facts,
	    "policy all { combination c { findings = {\"person.unverified\", "
	    "\"remote.unknown\"} action = \"deny\" } }",
	    NEVER);
	assert_found(&facts, "policy all { }", "none");
}

static void
it_is_found_until_verified_and_after_the_end(void **state)
{
	(void)state;
	verify("bob", facts.at_s + 1);
	assert_gathered(NEVER);
	verify("alice", facts.at_s + 1);
	assert_gathered("none");
	assert_string_equal(facts.verified.asset, "LT-0042");
	facts.at_s++;
	assert_gathered(EXPIRED);
	assert_int_equal(store_verified_remove(store, "alice"), 0);
	assert_gathered(NEVER);
}

/* By the name of the person, whichever account they come with. */
static void
it_is_the_persons_and_not_the_accounts(void **state)
{
	(void)state;
	verify("alice", facts.at_s + 1);
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "asmith");
	assert_gathered("none");
	set_owner(&facts, "bob", PERSON_KIND_PERSON);
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "alice");
	assert_gathered(NEVER);
}

static void
what_is_no_person_is_never_unverified(void **state)
{
	static const enum person_kind kinds[] = { PERSON_KIND_SERVICE,
		PERSON_KIND_SHARED, PERSON_KIND_VENDOR };

	(void)state;
	verify("bob", facts.at_s + 1);
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		set_owner(&facts, "alice", kinds[i]);
		gather_verified(store, &facts);
		assert_int_equal(facts.verified.state, FACT_NONE);
	}
}

static void
an_account_is_by_itself_without_an_inventory(void **state)
{
	(void)state;
	memset(&facts.person, 0, sizeof(facts.person));
	verify("bob", facts.at_s + 1);
	assert_gathered(NEVER);
	verify("alice", facts.at_s + 1);
	assert_gathered("none");
	/* And where there is one that does not know it. */
	facts.person.state = FACT_UNKNOWN;
	assert_gathered("person.unknown:account");
	assert_int_equal(store_verified_remove(store, "alice"), 0);
	assert_gathered("person.unknown:account," NEVER);
}

/* The end is a date, which such a clock does not judge. */
static void
a_clock_that_was_never_set_ends_nothing(void **state)
{
	(void)state;
	verify("alice", PERSON_CLOCK_FIRST_S - 100);
	facts.at_s = PERSON_CLOCK_FIRST_S - 1;
	gather_verified(store, &facts);
	assert_int_equal(facts.verified.state, FACT_KNOWN);
	facts.at_s = PERSON_CLOCK_FIRST_S;
	assert_gathered(EXPIRED);
}

static void
what_cannot_be_read_is_a_failure_of_the_store(void **state)
{
	struct conf *conf = parse(RULES);
	struct decision d;

	(void)state;
	verify("alice", facts.at_s + 1);
	store_close(store);
	run_behind("UPDATE verified SET asset = ''");
	store = open_store();
	gather_verified(store, &facts);
	assert_int_equal(facts.verified.state, FACT_ERROR);
	assert_decided(&facts, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.failure, FAILURE_STORE);
	conf_free(conf);
}

static void
a_policy_keeps_them_to_other_hosts(void **state)
{
	struct conf *strict =
	    parse("policy all { actions = {\"person.unverified = deny\"} }");
	struct conf *mild = parse(
	    "policy all { actions = {\"person.unverified:expired = deny\"} }");
	struct decision d;

	(void)state;
	verify("bob", facts.at_s + 1);
	gather_verified(store, &facts);
	assert_decided(&facts, strict, &d, FG_VERDICT_DENY);
	assert_reason(&d, NEVER);
	assert_decided(&facts, mild, &d, FG_VERDICT_ALLOW);
	verify("alice", facts.at_s);
	gather_verified(store, &facts);
	assert_decided(&facts, mild, &d, FG_VERDICT_DENY);
	verify("alice", facts.at_s + 1);
	gather_verified(store, &facts);
	assert_decided(&facts, strict, &d, FG_VERDICT_ALLOW);
	conf_free(strict);
	conf_free(mild);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VERIFIED_TEST(nobody_is_unverified_where_nobody_verifies),
		VERIFIED_TEST(where_it_is_named_all_are_unverified),
		VERIFIED_TEST(it_is_found_until_verified_and_after_the_end),
		VERIFIED_TEST(it_is_the_persons_and_not_the_accounts),
		VERIFIED_TEST(what_is_no_person_is_never_unverified),
		VERIFIED_TEST(an_account_is_by_itself_without_an_inventory),
		VERIFIED_TEST(a_clock_that_was_never_set_ends_nothing),
		VERIFIED_TEST(what_cannot_be_read_is_a_failure_of_the_store),
		VERIFIED_TEST(a_policy_keeps_them_to_other_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
