/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leavers: what an import would give back that was taken away, and what ends
 * for whoever is in no line any more.
 */
#include "tests/unit/storing.h"

struct seen {
	char text[256];
	unsigned int n;
	unsigned int stop;
};

static int
see_account(const char *account, bool on_purpose, void *arg)
{
	struct seen *seen = arg;

	(void)snprintf(seen->text + strlen(seen->text),
	    sizeof(seen->text) - strlen(seen->text), "%s%s ", account,
	    on_purpose ? "!" : "");
	return seen->stop != 0 && ++seen->n == seen->stop;
}

static struct person
a_leaver(const char *user, const char *account)
{
	struct person p = a_person(user);

	p.status = PERSON_STATUS_REVOKED;
	if (account != NULL)
		(void)snprintf(p.account[p.naccounts++], sizeof(p.account[0]),
		    "%s", account);
	return p;
}

static void
must_add(struct store_import *import, struct person p)
{
	char other[FG_USER_MAX + 1];

	assert_int_equal(store_import_add(import, &p, other), 0);
}

/* bob is revoked, carol's time is over at 1000, dave is there. */
static struct store *
open_with_leavers(void)
{
	struct store *store = open_store();
	struct store_import *import;
	struct person p;

	assert_int_equal(store_import_begin(store, &import), 0);
	must_add(import, a_leaver("bob", "adm-bob"));
	p = a_person("carol");
	p.valid_until_s = 1000;
	must_add(import, p);
	must_add(import, a_person("dave"));
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	return store;
}

static void
assert_restored(struct store_import *import, int64_t at_s, const char *want)
{
	struct seen seen = { .n = 0 };

	assert_int_equal(store_import_restored(import, at_s, see_account,
			     &seen),
	    0);
	assert_string_equal(seen.text, want);
}

static void
test_access_that_would_come_back_is_told(void **state)
{
	struct store *store = open_with_leavers();
	struct store_import *import;
	struct seen seen = { .stop = 1 };
	struct person p;

	(void)state;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_restored(import, 999, "adm-bob bob ");
	assert_restored(import, 1000, "adm-bob bob carol ");
	assert_int_equal(store_import_restored(import, 1000, see_account,
			     &seen),
	    0);
	assert_string_equal(seen.text, "adm-bob ");
	/* active in it, or gone from it, is all the same */
	must_add(import, a_person("bob"));
	p = a_person("carol");
	p.valid_until_s = 1000;
	must_add(import, p);
	assert_restored(import, 1000, "adm-bob bob ");
	must_add(import, a_person("adm-bob"));
	assert_restored(import, 1000, "adm-bob bob ");
	store_import_free(import);
	store_close(store);
}

static void
test_access_that_stays_taken_away_is_not_told(void **state)
{
	struct store *store = open_with_leavers();
	struct store_import *import;

	(void)state;
	assert_int_equal(store_import_begin(store, &import), 0);
	/* in other entries, which are revoked as well */
	must_add(import, a_leaver("robert", "bob"));
	must_add(import, a_leaver("old", "adm-bob"));
	must_add(import, a_leaver("carol", NULL));
	assert_restored(import, 1000, "");
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	/* and it is that one that is compared with next */
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_restored(import, 0, "adm-bob bob carol old robert ");
	store_import_free(import);
	store_close(store);
}

/* Who is revoked by name stays so; but not what else is theirs. */
static void
test_access_that_was_revoked_by_name_is_told(void **state)
{
	struct store_revocation revocation = { .at_s = 500 };
	struct store *store = open_store();
	struct store_import *import;
	struct person p = a_person("erin");

	(void)state;
	(void)snprintf(p.account[p.naccounts++], sizeof(p.account[0]),
	    "adm-erin");
	assert_int_equal(store_import_begin(store, &import), 0);
	must_add(import, p);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	(void)snprintf(revocation.user, sizeof(revocation.user), "erin");
	assert_int_equal(store_revocation_put(store, &revocation), 0);

	assert_int_equal(store_import_begin(store, &import), 0);
	assert_restored(import, 1000, "adm-erin ");
	must_add(import, a_person("adm-erin"));
	assert_restored(import, 1000, "adm-erin ");
	store_import_free(import);
	assert_int_equal(store_import_begin(store, &import), 0);
	must_add(import, p); /* active, and revoked all the same */
	assert_restored(import, 1000, "");
	store_import_free(import);
	store_close(store);
}

/* What says that somebody is dismissed may be what is damaged. */
static void
test_a_damaged_row_gives_no_access_back(void **state)
{
	static const char *const changes[] = {
		"UPDATE person SET status = 7 WHERE user = 'dave'",
		"UPDATE person SET valid_until_s = 'x' WHERE user = 'dave'",
	};
	struct store_import *import;
	struct store *store;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		store_close(open_with_leavers());
		run_behind(changes[i]);
		store = open_store();
		assert_int_equal(store_import_begin(store, &import), 0);
		assert_restored(import, 0, "adm-bob bob dave ");
		store_import_free(import);
		store_close(store);
	}
}

static void
test_exceptions_of_whoever_is_removed_end(void **state)
{
	static const char *const users[] = { "dave", "bob", "guest" };
	struct store *store = open_with_leavers();
	struct store_exception e, list[2];
	int64_t now_s = (int64_t)time(NULL);
	size_t i, n;

	(void)state;
	for (i = 0; i < 3; i++) {
		e = an_exception(users[i]);
		e.until_s = now_s + 1000;
		assert_int_equal(store_exception_add(store, &e), 0);
	}
	e.from_s = now_s + 500; /* bob's has not begun */
	(void)snprintf(e.user, sizeof(e.user), "dave");
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(import_people(store, 0, "x"), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(store_exceptions_of(store, users[i],
				     now_s + 600, list, 2, &n),
		    0);
		assert_int_equal(n, i == 2); /* never in an entry */
	}
	assert_int_equal(ask_behind("SELECT count(*) FROM exception"
				    " WHERE from_s <= until_s"),
	    4);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_access_that_would_come_back_is_told),
		STORE_TEST(test_access_that_stays_taken_away_is_not_told),
		STORE_TEST(test_access_that_was_revoked_by_name_is_told),
		STORE_TEST(test_a_damaged_row_gives_no_access_back),
		STORE_TEST(test_exceptions_of_whoever_is_removed_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
