/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose login it is, on a store of the test's own that holds a few people and
 * fails on demand.
 */
#include <time.h>

#include "policyd/gather/gather.h"
#include "policyd/store/store.h"
#include "tests/unit/people.h"

#define NOW_S INT64_C(1795435200) /* 2026-11-23T12:00:00Z, a Monday */

#define ALICE_KEY "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"
#define OTHER_KEY "SHA256:f5+T9C+vBdo95F7R2zmkBVn5oFBSvIzEsccPc7R8Dls"

struct store {
	struct person people[8];
	size_t n;
	int fail; /* every question for a person */
	int fail_count;
	bool lost;
	bool no_exceptions;
	int fail_exceptions;
	struct store_exception exceptions[FACT_EXCEPTIONS_MAX];
	size_t nexceptions;
	char asked[FG_USER_MAX + 1]; /* for exceptions */
};

static struct store store;
static struct facts facts;

int
store_outline(struct store *s, struct store_outline *ret_outline)
{
	ret_outline->people = s->n > 0;
	ret_outline->lost = s->lost;
	ret_outline->exceptions = !s->no_exceptions;
	return s->fail_count;
}

int
store_person_by_account(struct store *s, const char *account,
    struct person *ret_person)
{
	if (s->fail != 0)
		return s->fail;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->people[i].naccounts; k++)
			if (strcmp(s->people[i].account[k], account) == 0) {
				*ret_person = s->people[i];
				return 0;
			}
	return FG_ERR_NOT_FOUND;
}

int
store_person_by_key(struct store *s, const char *key, struct person *ret_person)
{
	if (strcmp(key, "fails") == 0)
		return FG_ERR_BUSY;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->people[i].nkeys; k++)
			if (strcmp(s->people[i].key[k], key) == 0) {
				*ret_person = s->people[i];
				return 0;
			}
	return FG_ERR_NOT_FOUND;
}

int
store_exceptions_of(struct store *s, const char *user, int64_t at_s,
    struct store_exception *ret_list, size_t max, size_t *ret_n)
{
	assert_true(at_s == NOW_S);
	(void)snprintf(s->asked, sizeof(s->asked), "%s", user);
	*ret_n = s->nexceptions;
	assert_true(max >= s->nexceptions);
	memcpy(ret_list, s->exceptions, s->nexceptions * sizeof(*ret_list));
	return s->fail_exceptions;
}

static struct person *
add(const char *user, const char *field, const char *text)
{
	struct person *p = &store.people[store.n++];

	person_init(p);
	set(p, "user", user);
	if (field != NULL)
		set(p, field, text);
	finish(p);
	return p;
}

static void
login(const char *service_user)
{
	memset(&facts, 0xa5, sizeof(facts));
	memset(&facts.login, 0, sizeof(facts.login));
	facts.whose[0] = '\0';
	facts.at_s = NOW_S;
	facts.kind = SERVICE_REMOTE;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "%s",
	    service_user);
}

#define set_text(to, text) (void)snprintf(to, sizeof(to), "%s", text)

/* As well as those before it. */
static void
use_key(const char *fingerprint, const char *id)
{
	struct ssh_keys *keys = &facts.login.keys;
	struct ssh_key *key = &keys->list[keys->n];

	assert_true(keys->n++ < SSH_KEYS_MAX);
	memset(key, 0, sizeof(*key));
	set_text(key->fingerprint, fingerprint);
	set_text(key->id, id);
	facts.login.key_state = FACT_KNOWN;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&store, 0, sizeof(store));
	(void)add("alice", "accounts", "adm-alice");
	set(&store.people[0], "keys", ALICE_KEY " alice@example.com");
	(void)add("bob", "hours", "mon-fri 13:00-18:00");
	(void)add("deploy", "kind", "shared");
	login("alice");
	return 0;
}

static void
without_an_inventory_nobody_is_unknown(void **state)
{
	(void)state;
	gather_person(NULL, &facts);
	assert_int_equal(facts.person.state, FACT_NONE);
	assert_int_equal(facts.exceptions.state, FACT_NONE);
	store.n = 0;
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_NONE);
	/* but a lost one could have said that somebody was dismissed */
	store.lost = true;
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
	store.lost = false;
	gather_person(&store, &facts);
	assert_false(facts.person.shared);
}

static void
each_account_leads_to_its_person(void **state)
{
	(void)state;
	login("adm-alice");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_KNOWN);
	assert_string_equal(facts.person.person.user, "alice");
	assert_true(facts.person.in_hours);
	assert_false(facts.person.hours_failed);
	assert_false(facts.person.shared);
	assert_string_equal(store.asked, "alice");
	assert_int_equal(facts.exceptions.state, FACT_UNKNOWN);
	assert_int_equal(facts.exceptions.count, 0);
}

static void
an_account_that_is_nobodys_is_unknown(void **state)
{
	static const char *const users[] = { "mallory", "Alice", "alic", "" };

	(void)state;
	for (size_t i = 0; i < COUNT(users); i++) {
		login(users[i]);
		gather_person(&store, &facts);
		assert_int_equal(facts.person.state, FACT_UNKNOWN);
		assert_string_equal(facts.person.person.user, "");
	}
}

static void
a_store_that_fails_is_an_error_and_no_absence(void **state)
{
	static const int errors[] = { FG_ERR_BUSY, FG_ERR_SYSTEM, FG_ERR_FORMAT,
		FG_ERR_NOMEM, FG_ERR_LIMIT };

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		store.fail = errors[i];
		store.fail_exceptions =
		    errors[i] == FG_ERR_LIMIT ? FG_ERR_SYSTEM : errors[i];
		gather_person(&store, &facts);
		assert_int_equal(facts.person.state, FACT_ERROR);
		assert_int_equal(facts.exceptions.state, FACT_ERROR);
		assert_int_equal(facts.exceptions.count, 0);
	}
	store.fail = 0;
	store.fail_count = FG_ERR_BUSY;
	login("mallory");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
}

static void
hours_are_judged_at_the_time_of_the_decision(void **state)
{
	(void)state;
	login("bob");
	gather_person(&store, &facts);
	assert_false(facts.person.in_hours);
	set(&store.people[1], "zone", "Europe/Oslo");
	gather_person(&store, &facts);
	assert_true(facts.person.in_hours);
	set(&store.people[1], "zone", "Europe/Atlantis");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_KNOWN);
	assert_true(facts.person.hours_failed);
	assert_false(facts.person.in_hours);
}

static void
a_shared_account_is_the_one_whose_key_was_used(void **state)
{
	(void)state;
	login("deploy");
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_true(facts.person.shared);
	assert_false(facts.person.nobody);
	assert_int_equal(facts.person.state, FACT_KNOWN);
	assert_string_equal(facts.person.person.user, "alice");
	assert_string_equal(store.asked, "alice");
	/* The id of a certificate, where its key is nobody's. */
	facts.login.keys.n = 0;
	use_key("SHA256:x", "alice@example.com");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "alice");
}

static void
several_keys_of_one_person_are_theirs(void **state)
{
	(void)state;
	set(&store.people[0], "keys", ALICE_KEY " " OTHER_KEY " a@example.com");
	login("deploy");
	use_key(OTHER_KEY, "");
	use_key("SHA256:x", "a@example.com");
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_true(facts.person.shared);
	assert_false(facts.person.nobody);
	assert_string_equal(facts.person.person.user, "alice");
	assert_string_equal(store.asked, "alice");
}

static void
a_shared_account_without_a_key_is_its_own_entry(void **state)
{
	(void)state;
	login("deploy");
	facts.login.phase = FG_PHASE_ACCOUNT; /* as sshd's is, by key too */
	gather_person(&store, &facts);
	assert_true(facts.person.shared);
	assert_false(facts.person.nobody);
	assert_int_equal(facts.person.state, FACT_KNOWN);
	assert_string_equal(facts.person.person.user, "deploy");
	assert_string_equal(store.asked, "deploy");
}

/* Its own entry is in force, and its exceptions are not. */
static void
assert_nobodys(void)
{
	store.nexceptions = 1;
	gather_person(&store, &facts);
	assert_true(facts.person.shared);
	assert_true(facts.person.nobody);
	assert_int_equal(facts.person.state, FACT_KNOWN);
	assert_string_equal(facts.person.person.user, "deploy");
	assert_int_equal(facts.person.person.ncountries, 1);
	assert_false(facts.person.in_hours);
	assert_int_equal(facts.exceptions.state, FACT_NONE);
	assert_int_equal(facts.exceptions.count, 0);
}

static void
a_key_that_is_nobodys_leaves_the_shared_entry_in_force(void **state)
{
	(void)state;
	set(&store.people[2], "countries", "NO");
	set(&store.people[2], "hours", "mon-fri 01:00-02:00");
	login("deploy");
	use_key("SHA256:x", "mallory");
	assert_nobodys();
	/* nor is one anybody's that cannot be read, */
	login("deploy");
	facts.login.key_state = FACT_ERROR;
	assert_nobodys();
	/* nor none at all, where sshd has told all it knows */
	login("deploy");
	facts.login.phase = FG_PHASE_SESSION;
	assert_nobodys();
}

/* In whichever order they come. */
static void
assert_nobodys_keys(const char *one, const char *other)
{
	login("deploy");
	use_key(one, "");
	use_key(other, "");
	assert_nobodys();
	login("deploy");
	use_key(other, "");
	use_key(one, "");
	assert_nobodys();
}

static void
keys_of_two_people_are_nobodys(void **state)
{
	(void)state;
	set(&store.people[1], "keys", OTHER_KEY);
	set(&store.people[2], "countries", "NO");
	set(&store.people[2], "hours", "mon-fri 01:00-02:00");
	assert_nobodys_keys(ALICE_KEY, OTHER_KEY);
	/* nor does one that is somebody's say whose another is, */
	assert_nobodys_keys(ALICE_KEY, "SHA256:x");
	/* known or not */
	login("deploy");
	use_key(ALICE_KEY, "");
	facts.login.keys.more = 1;
	facts.login.key_state = FACT_ERROR;
	assert_nobodys();
}

static void
a_key_that_cannot_be_looked_up_is_an_error(void **state)
{
	(void)state;
	login("deploy");
	use_key("SHA256:x", "fails");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
	assert_false(facts.person.nobody);
	/* beside one that is somebody's, or nobody's */
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
	login("deploy");
	use_key("SHA256:y", "");
	use_key("SHA256:x", "fails");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
}

static void
a_shared_account_needs_no_key_where_there_are_none(void **state)
{
	static const enum service_kind kinds[] = { SERVICE_CONSOLE,
		SERVICE_NESTED };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		login("deploy");
		facts.kind = kinds[i];
		facts.login.phase = FG_PHASE_SESSION;
		gather_person(&store, &facts);
		assert_string_equal(facts.person.person.user, "deploy");
		assert_false(facts.person.nobody);
		assert_string_equal(store.asked, "deploy");
	}
}

/* Else whoever was dismissed keeps sudo in the session that is open. */
static void
in_a_shared_accounts_session_it_is_whoever_logged_in(void **state)
{
	(void)state;
	login("root");
	facts.kind = SERVICE_NESTED;
	set_text(facts.login.ruser, "deploy");
	set_text(facts.whose, "alice");
	gather_person(&store, &facts);
	assert_true(facts.person.shared);
	assert_false(facts.person.nobody);
	assert_string_equal(facts.person.person.user, "alice");
	assert_string_equal(store.asked, "alice");
	/* whose entry is gone by now */
	set_text(facts.whose, "zoe");
	gather_person(&store, &facts);
	assert_true(facts.person.nobody);
	assert_string_equal(facts.person.person.user, "deploy");
	/* an account of one's own is what it is, whoever became it */
	set_text(facts.login.ruser, "bob");
	set_text(facts.whose, "alice");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
	/* and of a login the key tells */
	login("deploy");
	set_text(facts.whose, "alice");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "deploy");
}

static void
what_the_sharers_entry_leaves_open_the_accounts_says(void **state)
{
	const struct person *person = &facts.person.person;

	(void)state;
	set(&store.people[2], "countries", "NO");
	set(&store.people[2], "home", "59.91,10.75");
	set(&store.people[2], "radius", "100km");
	set(&store.people[2], "hours", "mon-fri 01:00-02:00");
	finish(&store.people[2]);
	login("deploy");
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_string_equal(person->user, "alice");
	assert_int_equal(person->ncountries, 1);
	assert_string_equal(person->country[0], "NO");
	assert_true(person->has_point && person->radius_km > 99);
	assert_int_equal(person->nspans, 1);
	/* and what it says, it says */
	set(&store.people[0], "countries", "SE");
	gather_person(&store, &facts);
	assert_string_equal(person->country[0], "SE");
}

static void
a_shared_account_that_is_revoked_is_nobodys_to_use(void **state)
{
	(void)state;
	login("deploy");
	set(&store.people[2], "status", "revoked");
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "deploy");
	assert_false(person_is_valid(&facts.person.person, NOW_S));
}

static void
a_key_says_nothing_about_an_account_of_ones_own(void **state)
{
	(void)state;
	login("bob");
	use_key(ALICE_KEY, "");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
	assert_false(facts.person.shared);
}

static void
who_asks_for_sudo_is_the_person(void **state)
{
	(void)state;
	login("root");
	facts.kind = SERVICE_NESTED;
	(void)snprintf(facts.login.ruser, sizeof(facts.login.ruser), "alice");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "alice");
	/* Where it is nobody, the account they come to says who it is. */
	login("bob");
	facts.kind = SERVICE_NESTED;
	(void)snprintf(facts.login.ruser, sizeof(facts.login.ruser), "root");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
	/* From elsewhere, anybody may claim any such name. */
	login("bob");
	(void)snprintf(facts.login.ruser, sizeof(facts.login.ruser), "alice");
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
}

static void
who_asks_under_a_name_that_was_cut_cannot_be_told(void **state)
{
	(void)state;
	login("bob");
	facts.kind = SERVICE_NESTED;
	memset(facts.login.ruser, 'r', FG_USER_MAX);
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
	facts.login.flags = FG_LOGIN_CUT;
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_ERROR);
	/* where something else was cut, or nobody asks for others */
	facts.login.ruser[FG_USER_MAX - 1] = '\0';
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
	login("bob");
	facts.login.flags = FG_LOGIN_CUT;
	memset(facts.login.ruser, 'r', FG_USER_MAX);
	gather_person(&store, &facts);
	assert_string_equal(facts.person.person.user, "bob");
}

static void
exceptions_are_copied_whole(void **state)
{
	struct store_exception *e = &store.exceptions[0];

	(void)state;
	for (size_t i = 0; i < FACT_EXCEPTIONS_MAX; i++, e++) {
		e->id = i + 1;
		e->code = FINDING_GEO_COUNTRY;
		e->until_s = NOW_S + (int64_t)i + 1;
		memset(e->grade, 'g', FINDING_GRADE_MAX);
		memcpy(e->country, "JP", 3);
	}
	store.nexceptions = FACT_EXCEPTIONS_MAX;
	gather_person(&store, &facts);
	assert_int_equal(facts.exceptions.state, FACT_KNOWN);
	assert_int_equal(facts.exceptions.count, FACT_EXCEPTIONS_MAX);
	assert_int_equal(facts.exceptions.list[15].id, 16);
	assert_int_equal(facts.exceptions.list[15].code, FINDING_GEO_COUNTRY);
	assert_int_equal(strlen(facts.exceptions.list[15].grade),
	    FINDING_GRADE_MAX);
	assert_string_equal(facts.exceptions.list[15].country, "JP");
	assert_true(facts.exceptions.list[15].until_s == NOW_S + 16);
}

static void
exceptions_need_no_inventory(void **state)
{
	(void)state;
	store.n = 0;
	store.nexceptions = 1;
	store.exceptions[0].id = 7;
	login("adm-alice");
	gather_person(&store, &facts);
	assert_int_equal(facts.person.state, FACT_NONE);
	assert_string_equal(store.asked, "adm-alice");
	assert_int_equal(facts.exceptions.count, 1);
	login("");
	gather_person(&store, &facts);
	assert_int_equal(facts.exceptions.state, FACT_NONE);
	assert_int_equal(facts.exceptions.count, 0);
}

#define SET_UP(name) cmocka_unit_test_setup(name, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SET_UP(without_an_inventory_nobody_is_unknown),
		SET_UP(each_account_leads_to_its_person),
		SET_UP(an_account_that_is_nobodys_is_unknown),
		SET_UP(a_store_that_fails_is_an_error_and_no_absence),
		SET_UP(hours_are_judged_at_the_time_of_the_decision),
		SET_UP(a_shared_account_is_the_one_whose_key_was_used),
		SET_UP(several_keys_of_one_person_are_theirs),
		SET_UP(a_shared_account_without_a_key_is_its_own_entry),
		SET_UP(a_key_that_is_nobodys_leaves_the_shared_entry_in_force),
		SET_UP(keys_of_two_people_are_nobodys),
		SET_UP(a_key_that_cannot_be_looked_up_is_an_error),
		SET_UP(a_shared_account_needs_no_key_where_there_are_none),
		SET_UP(in_a_shared_accounts_session_it_is_whoever_logged_in),
		SET_UP(what_the_sharers_entry_leaves_open_the_accounts_says),
		SET_UP(a_shared_account_that_is_revoked_is_nobodys_to_use),
		SET_UP(a_key_says_nothing_about_an_account_of_ones_own),
		SET_UP(who_asks_for_sudo_is_the_person),
		SET_UP(who_asks_under_a_name_that_was_cut_cannot_be_told),
		SET_UP(exceptions_are_copied_whole),
		SET_UP(exceptions_need_no_inventory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
