/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose open sessions are those of people who may not log in any more, by a
 * real store: people with several accounts and shared ones, names that are a
 * person's in one inventory and somebody else's account in the next.
 */
#include "policyd/dismissal.h"

#include "policyd/store/store_bundle.h"
#include "tests/unit/deciding.h"
#include "tests/unit/people.h"
#include "tests/unit/storing.h"

#define NOW_S INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

#define KEY_A "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"
#define KEY_B "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GB"

#define DENY	"actions = {\"person.unknown:account = deny\"}\n"
#define ANYBODY "policy all { mode = \"enforce\" }\n"
#define REVOKED "access is revoked"
#define ENDED	"access has ended"
#define TAKEN	"access was taken back"
#define NOBODY	"in nobody's entry of the inventory, and such are not let in"
#define NO_KEY	"the key is in nobody's entry of the inventory any more"
#define NO_KEYS "the keys are not all in one entry of the inventory any more"

/* Fields and their texts, "" ends; a NULL ends the people. */
#define PERSON(...)               \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static struct store *store;
static struct conf *conf;
static bool revocations;

static struct person
person_of(const char *const *fields)
{
	struct person p;

	person_init(&p);
	for (; *fields != NULL; fields += 2)
		set(&p, fields[0], fields[1]);
	finish(&p);
	return p;
}

static struct store_import *
stage(const char *const *const *people)
{
	struct store_import *import;
	char other[FG_USER_MAX + 1];
	struct person p;

	assert_int_equal(store_import_begin(store, &import), 0);
	for (; *people != NULL; people++) {
		p = person_of(*people);
		assert_int_equal(store_import_add(import, &p, other), 0);
	}
	return import;
}

static void
import_all(const char *const *const *people)
{
	struct store_import *import = stage(people);

	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
}

#define IMPORT(...) \
	import_all((const char *const *const[]){ __VA_ARGS__, NULL })

static void
use(const char *policies)
{
	conf_free(conf);
	conf = parse(policies);
}

static int
set_up(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	revocations = false;
	use(ANYBODY);
	return 0;
}

static int
tear_down(void **state)
{
	store_close(store);
	conf_free(conf);
	conf = NULL;
	return remove_folder(state);
}

#define DISMISSAL_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static void
add_key(struct store_session *s, const char *fingerprint)
{
	struct ssh_key *key = &s->keys.list[s->keys.n++];

	set_text(key->fingerprint, sizeof(key->fingerprint), fingerprint);
}

/* Of an account, by whoever it counted for when it began. */
static struct store_session
session_of(const char *person, const char *user, const char *key)
{
	struct store_session s = a_session("7F3K-Q2MN", person);

	set_text(s.user, sizeof(s.user), user);
	if (key[0] != '\0')
		add_key(&s, key);
	return s;
}

static int
look(const struct store_session *s, struct store *staged, const char **ret_why)
{
	const struct dismissal d = { .conf = conf,
		.store = store,
		.staged = staged,
		.revocations = revocations,
		.at_s = NOW_S };

	return dismissal_of(&d, s, ret_why);
}

static void
expect_of(const struct store_session *s, struct store *staged, const char *want)
{
	const char *why = "?";

	assert_int_equal(look(s, staged, &why), 0);
	if (want == NULL && why != NULL)
		fail_msg("%s (%s): %s", s->person, s->user, why);
	else if (want != NULL)
		assert_string_equal(why == NULL ? "" : why, want);
}

/* NULL: they go on. */
static void
expect(const char *person, const char *user, const char *want)
{
	const struct store_session s = session_of(person, user, "");

	expect_of(&s, NULL, want);
}

static void
expect_key(const char *person, const char *user, const char *key,
    const char *want)
{
	const struct store_session s = session_of(person, user, key);

	expect_of(&s, NULL, want);
}

/* ---- the entry says it ------------------------------------------------- */

static void
test_whoever_is_revoked_or_out_of_their_dates_is(void **state)
{
	(void)state;
	IMPORT(PERSON("user", "alice", "status", "revoked"),
	    PERSON("user", "bob"),
	    PERSON("user", "carol", "valid_until", "2026-11-22"),
	    PERSON("user", "dave", "valid_until", "2026-11-23"),
	    PERSON("user", "erin", "valid_from", "2026-11-24"));
	expect("alice", "alice", REVOKED);
	expect("bob", "bob", NULL);
	expect("carol", "carol", ENDED);
	expect("dave", "dave", NULL);
	expect("erin", "erin", "access has not begun");
}

static void
test_all_accounts_are_the_persons(void **state)
{
	(void)state;
	IMPORT(PERSON("user", "alice", "accounts", "adm svc", "status",
		   "revoked"),
	    PERSON("user", "bob", "accounts", "ops"));
	expect("alice", "adm", REVOKED);
	expect("alice", "svc", REVOKED);
	expect("bob", "ops", NULL);
	/* Opened before there was an inventory. */
	expect("svc", "svc", REVOKED);
	expect("ops", "ops", NULL);
}

/* ---- names that are alike ---------------------------------------------- */

static void
test_an_account_that_moved_is_its_persons_session(void **state)
{
	(void)state;
	/* svc was alice's. */
	IMPORT(PERSON("user", "alice"),
	    PERSON("user", "bob", "accounts", "svc"));
	expect("alice", "svc", NULL);
	IMPORT(PERSON("user", "alice", "status", "revoked"),
	    PERSON("user", "bob", "accounts", "svc"));
	expect("alice", "svc", REVOKED);
	expect("bob", "svc", NULL);
	IMPORT(PERSON("user", "alice"),
	    PERSON("user", "bob", "accounts", "svc", "status", "revoked"));
	expect("alice", "svc", REVOKED); /* as by revoke bob */
	expect("alice", "alice", NULL);
}

/* The person alice is gone, and her name is an account of somebody else. */
static void
test_a_persons_name_is_not_taken_for_an_accounts(void **state)
{
	(void)state;
	use(DENY ANYBODY);
	IMPORT(PERSON("user", "carol", "accounts", "alice", "status",
		   "revoked"),
	    PERSON("user", "bob", "accounts", "svc"));
	expect("alice", "svc", NOBODY);
	use(ANYBODY);
	expect("alice", "svc", NULL); /* carol's word is not alice's */
	IMPORT(PERSON("user", "carol", "accounts", "alice"),
	    PERSON("user", "bob", "accounts", "svc"));
	expect("alice", "svc", NULL);
	use(DENY ANYBODY);
	expect("alice", "svc", NOBODY);
	expect("alice", "alice", NULL); /* the account's, if not hers */
	use("policy a { users = {\"alice\"} " DENY "}\n" ANYBODY);
	expect("alice", "svc", NOBODY); /* by her own policy */
}

/* An account that was nobody's is no person of the same name. */
static void
test_an_accounts_name_is_not_taken_for_a_persons(void **state)
{
	(void)state;
	use(DENY ANYBODY);
	IMPORT(PERSON("user", "alice", "accounts", "svc"));
	expect("svc", "svc", NULL);
	IMPORT(PERSON("user", "alice"));
	expect("svc", "svc", NOBODY);
	expect("alice", "svc", NULL); /* she is there */
}

/* ---- shared accounts --------------------------------------------------- */

static void
test_of_a_shared_account_only_the_persons_own_are(void **state)
{
	(void)state;
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice", "keys", KEY_A, "status", "revoked"),
	    PERSON("user", "bob", "keys", KEY_B));
	expect_key("alice", "deploy", KEY_A, REVOKED);
	expect_key("bob", "deploy", KEY_B, NULL);
	expect_key("deploy", "deploy", "", NULL); /* by a password */
	/* Opened before there was an inventory. */
	expect_key("deploy", "deploy", KEY_A, REVOKED);
	expect_key("deploy", "deploy", KEY_B, NULL);
	IMPORT(PERSON("user", "deploy", "kind", "shared", "status", "revoked"),
	    PERSON("user", "alice", "keys", KEY_A),
	    PERSON("user", "bob", "keys", KEY_B));
	expect_key("alice", "deploy", KEY_A, REVOKED);
	expect_key("bob", "deploy", KEY_B, REVOKED);
	expect_key("deploy", "deploy", "", REVOKED);
	expect_key("alice", "alice", KEY_A, NULL);
}

static void
test_a_certificates_key_id_says_whose_it_is(void **state)
{
	struct store_session s = session_of("deploy", "deploy", KEY_B);

	(void)state;
	set_text(s.keys.list[0].id, sizeof(s.keys.list[0].id),
	    "alice@example.com");
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice", "keys", "alice@example.com", "status",
		"revoked"));
	expect_of(&s, NULL, REVOKED);
}

/* Which is denied as shipped. */
static void
test_of_a_shared_account_those_are_who_are_gone(void **state)
{
	(void)state;
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "bob", "keys", KEY_B));
	expect_key("alice", "deploy", KEY_A, NO_KEY);
	expect_key("bob", "deploy", KEY_B, NULL);
	/* The account's own entry is there, whoever it was. */
	expect_key("deploy", "deploy", KEY_A, NULL);
	use("actions = {\"person.unknown:shared = log\"}\n" ANYBODY);
	expect_key("alice", "deploy", KEY_A, NULL);
}

/* Each of them has a say, whichever came first. */
static void
test_by_two_keys_it_is_whose_both_are(void **state)
{
	struct store_session s = session_of("alice", "deploy", KEY_A);
	struct store_session t = session_of("alice", "deploy", KEY_B);

	(void)state;
	add_key(&s, KEY_B);
	add_key(&t, KEY_A);
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice", "keys", KEY_A " " KEY_B));
	expect_of(&s, NULL, NULL);
	expect_of(&t, NULL, NULL);
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice", "keys", KEY_A " " KEY_B, "status",
		"revoked"));
	expect_of(&s, NULL, REVOKED);
	expect_of(&t, NULL, REVOKED);
	/* She is gone, and one of them is somebody else's. */
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "bob", "keys", KEY_B));
	expect_of(&s, NULL, NO_KEYS);
	expect_of(&t, NULL, NO_KEYS);
}

/* She lost the key, and is there. */
static void
test_whose_key_was_taken_away_is_not(void **state)
{
	(void)state;
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice"), PERSON("user", "bob", "keys", KEY_A));
	expect_key("alice", "deploy", KEY_A, NULL);
	IMPORT(PERSON("user", "deploy", "kind", "shared"),
	    PERSON("user", "alice"),
	    PERSON("user", "bob", "keys", KEY_A, "status", "revoked"));
	expect_key("alice", "deploy", KEY_A, REVOKED); /* by whose it is */
}

/* ---- who is in nobody's entry ------------------------------------------ */

static void
test_whoever_is_gone_is_where_such_are_denied(void **state)
{
	static const struct {
		const char *conf;
		bool denied;
	} t[] = {
		{ ANYBODY, false },
		{ DENY ANYBODY, true },
		{ "mode = \"observe\"\n" DENY "policy all { }\n", false },
		{ DENY "policy all { mode = \"observe\" }\n", false },
		{ "policy all { " DENY "}\n", true },
		{ "policy a { users = {\"alice\"} " DENY "}\n" ANYBODY, true },
		{ "policy b { users = {\"bob\"} " DENY "}\n" ANYBODY, false },
		{ "policy a { services = {\"login\"} " DENY "}\n" ANYBODY,
		    false },
		/* no policy */
		{ "policy b { users = {\"bob\"} }\n", true },
	};
	size_t i;

	(void)state;
	IMPORT(PERSON("user", "bob"));
	for (i = 0; i < N_ELEMENTS(t); i++) {
		use(t[i].conf);
		expect("alice", "alice", t[i].denied ? NOBODY : NULL);
		expect("bob", "bob", NULL);
	}
}

/* The system's are not known here: whoever may be let in is not ended. */
static void
test_where_groups_decide_each_policy_has_to_deny(void **state)
{
#define STAFF "policy s { users = {\"@staff\"} "
#define ADMIN "policy a { users = {\"@admin\"} "
#define OTHER "policy o { "
#define LOG   "actions = {\"person.unknown:account = log\"} "
#define WATCH "mode = \"observe\" "
	static const struct {
		const char *conf;
		bool denied;
	} t[] = {
		{ DENY STAFF "}\n" ADMIN "}\n" OTHER "}\n", true },
		{ DENY STAFF LOG "}\n" ADMIN "}\n" OTHER "}\n", false },
		{ DENY STAFF "}\n" ADMIN LOG "}\n" OTHER "}\n", false },
		{ DENY STAFF "}\n" ADMIN WATCH "}\n" OTHER "}\n", false },
		{ DENY STAFF "}\n" ADMIN "}\n" OTHER LOG "}\n", false },
		{ DENY STAFF "}\n" ADMIN "}\n", true },
		{ STAFF "}\n" ADMIN "}\n", false },
		{ "mode = \"observe\"\n" DENY STAFF
		  "mode = \"enforce\" }\n" OTHER "}\n",
		    false },
	};
	size_t i;

	(void)state;
	IMPORT(PERSON("user", "bob"));
	for (i = 0; i < N_ELEMENTS(t); i++) {
		use(t[i].conf);
		expect("alice", "alice", t[i].denied ? NOBODY : NULL);
	}
}

static void
test_an_exception_lets_somebody_go_on(void **state)
{
	struct store_exception e = an_exception("alice");

	(void)state;
	IMPORT(PERSON("user", "bob"));
	use(DENY ANYBODY);
	e.code = FINDING_PERSON_UNKNOWN;
	e.from_s = NOW_S - 10;
	e.until_s = NOW_S;
	assert_int_equal(store_exception_add(store, &e), 0);
	expect("alice", "alice", NOBODY); /* it is over */
	e.until_s = NOW_S + 1;
	assert_int_equal(store_exception_add(store, &e), 0);
	expect("alice", "alice", NULL);
	expect("carol", "carol", NOBODY);
}

/* ---- what is not in force yet ------------------------------------------ */

static void
test_an_import_is_judged_before_it_is_in_force(void **state)
{
	const struct store_session alice = session_of("alice", "svc", ""),
				   bob = session_of("bob", "bob", ""),
				   carol = session_of("carol", "carol", "");
	struct store_exception e = an_exception("bob");
	struct store_import *import;

	(void)state;
	use(DENY ANYBODY);
	IMPORT(PERSON("user", "alice", "accounts", "svc"),
	    PERSON("user", "bob"), PERSON("user", "carol"));
	e.code = FINDING_PERSON_UNKNOWN;
	e.from_s = NOW_S - 10;
	e.until_s = NOW_S + 10;
	assert_int_equal(store_exception_add(store, &e), 0);
	import = stage((const char *const *const[]){
	    PERSON("user", "alice", "status", "revoked"),
	    PERSON("user", "carol"), NULL });
	expect_of(&alice, store_import_people(import), REVOKED);
	/* His exception would end. */
	expect_of(&bob, store_import_people(import), NOBODY);
	expect_of(&carol, store_import_people(import), NULL);
	expect_of(&alice, NULL, NULL);
	expect_of(&bob, NULL, NULL);
	store_import_free(import);
}

/* As if nobody had been in force before. */
static void
test_a_first_import_is_judged_like_any(void **state)
{
	const struct store_session alice = session_of("alice", "alice", "");
	struct store_import *import;

	(void)state;
	import = stage((const char *const *const[]){
	    PERSON("user", "alice", "status", "revoked"), NULL });
	expect_of(&alice, NULL, NULL);
	expect_of(&alice, store_import_people(import), REVOKED);
	store_import_free(import);
}

/* ---- revocations ------------------------------------------------------- */

static void
test_revocations_count_if_they_are_to(void **state)
{
	struct store_revocation r = a_revocation("alice");
	struct store_revocation later = a_revocation("bob");
	int i;

	(void)state;
	later.at_s = NOW_S + 1;
	for (i = 0; i < 2; i++) {
		assert_int_equal(store_revocation_put(store, &later), 0);
		revocations = true;
		expect("alice", "alice", NULL);
		assert_int_equal(store_revocation_put(store, &r), 0);
		expect("alice", "alice", TAKEN); /* by account or person */
		expect("alice", "svc", TAKEN); /* by person */
		expect("bob", "bob", NULL); /* not yet */
		expect("carol", "carol", NULL);
		revocations = false;
		expect("alice", "alice", NULL);
		assert_int_equal(store_revocation_remove(store, "alice", 1, &r),
		    0);
		/* With an inventory likewise. */
		IMPORT(PERSON("user", "alice", "accounts", "svc"),
		    PERSON("user", "bob"));
	}
	revocations = true;
	assert_int_equal(store_revocation_put(store, &r), 0);
	expect("svc", "svc", TAKEN); /* whose account it is now */
}

static void
test_what_holds_at_once_holds_by_any_clock(void **state)
{
	struct store_revocation r = a_revocation("alice");

	(void)state;
	revocations = true;
	r.at_s = NOW_S + 9;
	r.made_s = NOW_S + 8;
	assert_int_equal(store_revocation_put(store, &r), 0);
	expect("alice", "alice", NULL);
	r.made_s = r.at_s;
	assert_int_equal(store_revocation_put(store, &r), 0);
	expect("alice", "alice", TAKEN);
}

/* As they will be, of which the one that begins first counts. */
static void
test_a_bundles_revocations_count_before_it_is_in_force(void **state)
{
	const struct store_bundle bundle = { .serial = 7, .key = "key" };
	const struct store_session bob = session_of("bob", "bob", "");
	struct store_revocation r = a_revocation("bob");
	const char *const people[] = { "user", "bob", NULL };
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	struct person p = person_of(people);

	(void)state;
	revocations = true;
	r.at_s = NOW_S + 1;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_bundle(import, &bundle), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	expect_of(&bob, store_import_people(import), NULL);
	r.at_s = NOW_S;
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	expect_of(&bob, store_import_people(import), TAKEN);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	expect_of(&bob, NULL, TAKEN);
}

static void
test_without_an_inventory_nobody_is_missing(void **state)
{
	(void)state;
	use(DENY ANYBODY);
	expect("alice", "alice", NULL);
}

/* ---- what cannot be read ----------------------------------------------- */

static void
test_an_error_is_no_answer(void **state)
{
	const struct store_session alice = session_of("alice", "alice", ""),
				   bob = session_of("bob", "bob", "");
	const char *why = "?";

	(void)state;
	IMPORT(PERSON("user", "alice"), PERSON("user", "bob"));
	run_behind("UPDATE person SET status = 9 WHERE user = 'alice'");
	assert_int_equal(look(&alice, NULL, &why), FG_ERR_FORMAT);
	assert_null(why);
	expect_of(&bob, NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DISMISSAL_TEST(
		    test_whoever_is_revoked_or_out_of_their_dates_is),
		DISMISSAL_TEST(test_all_accounts_are_the_persons),
		DISMISSAL_TEST(
		    test_an_account_that_moved_is_its_persons_session),
		DISMISSAL_TEST(
		    test_a_persons_name_is_not_taken_for_an_accounts),
		DISMISSAL_TEST(
		    test_an_accounts_name_is_not_taken_for_a_persons),
		DISMISSAL_TEST(
		    test_of_a_shared_account_only_the_persons_own_are),
		DISMISSAL_TEST(test_a_certificates_key_id_says_whose_it_is),
		DISMISSAL_TEST(test_of_a_shared_account_those_are_who_are_gone),
		DISMISSAL_TEST(test_by_two_keys_it_is_whose_both_are),
		DISMISSAL_TEST(test_whose_key_was_taken_away_is_not),
		DISMISSAL_TEST(test_whoever_is_gone_is_where_such_are_denied),
		DISMISSAL_TEST(
		    test_where_groups_decide_each_policy_has_to_deny),
		DISMISSAL_TEST(test_an_exception_lets_somebody_go_on),
		DISMISSAL_TEST(test_an_import_is_judged_before_it_is_in_force),
		DISMISSAL_TEST(test_a_first_import_is_judged_like_any),
		DISMISSAL_TEST(test_revocations_count_if_they_are_to),
		DISMISSAL_TEST(test_what_holds_at_once_holds_by_any_clock),
		DISMISSAL_TEST(
		    test_a_bundles_revocations_count_before_it_is_in_force),
		DISMISSAL_TEST(test_without_an_inventory_nobody_is_missing),
		DISMISSAL_TEST(test_an_error_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
