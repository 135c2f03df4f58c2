/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles in the store: what one brings is in force as a whole, what it does
 * not say any more comes back only on purpose, and serials only rise.
 */
#include "policyd/store/store_bundle.h"
#include "tests/unit/storing.h"

#define NOW INT64_C(1790000000)

struct seen {
	char text[256];
};

/* "name", or "name!" if it comes back on purpose. */
static int
see_name(const char *name, bool on_purpose, void *arg)
{
	struct seen *seen = arg;

	(void)snprintf(seen->text + strlen(seen->text),
	    sizeof(seen->text) - strlen(seen->text), "%s%s ", name,
	    on_purpose ? "!" : "");
	return 0;
}

static void
assert_restored(struct store_import *import, const char *want)
{
	struct seen seen = { "" };

	assert_int_equal(store_import_restored(import, NOW, see_name, &seen),
	    0);
	assert_string_equal(seen.text, want);
}

static struct store_bundle
a_bundle(uint64_t serial)
{
	struct store_bundle b = { .serial = serial,
		.made_s = NOW + (int64_t)serial };

	(void)snprintf(b.key, sizeof(b.key), "ed25519:key");
	memset(b.sha256, 'a' + (int)(serial % 6), sizeof(b.sha256) - 1);
	return b;
}

/* Begin one, with alice, bob and carol, and these names revoked. */
static struct store_import *
begin_bundle(struct store *store, uint64_t serial, const char *revoked)
{
	struct store_bundle b = a_bundle(serial);
	struct store_import *import;
	struct store_revocation r;
	char names[128], *name, *rest = NULL, other[FG_USER_MAX + 1];
	const char *const people[] = { "alice", "bob", "carol" };
	struct person p;

	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_bundle(import, &b), 0);
	for (size_t i = 0; i < 3; i++) {
		p = a_person(people[i]);
		assert_int_equal(store_import_add(import, &p, other), 0);
	}
	(void)snprintf(names, sizeof(names), "%s", revoked);
	for (name = strtok_r(names, " ", &rest); name != NULL;
	     name = strtok_r(NULL, " ", &rest)) {
		r = a_revocation(name);
		assert_int_equal(store_import_add_revocation(import, &r), 0);
	}
	return import;
}

static void
must_commit(struct store_import *import)
{
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
}

static bool
is_revoked(struct store *store, const char *user)
{
	struct store_revocation r;
	int e = store_revocation_of(store, user, &r);

	assert_true(e == 0 || e == FG_ERR_NOT_FOUND);
	return e == 0;
}

static void
test_a_bundle_brings_people_and_revocations(void **state)
{
	struct store *store = open_store();
	struct store_revocation r, want = a_revocation("bob");
	struct store_outline outline;
	struct store_bundle b;
	size_t n;

	(void)state;
	assert_int_equal(store_bundle(store, &b), FG_ERR_NOT_FOUND);
	assert_int_equal(store_outline(store, &outline), 0);
	assert_false(outline.bundle);
	must_commit(begin_bundle(store, 7, "bob ghost"));
	store_close(store);
	store = open_store();
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	assert_true(r.bundled);
	assert_int_equal(r.at_s, want.at_s);
	assert_int_equal(r.made_s, want.made_s);
	assert_string_equal(r.reason, want.reason);
	assert_int_equal(r.by_uid, UINT32_MAX);
	assert_true(is_revoked(store, "ghost"));
	assert_false(is_revoked(store, "alice"));
	assert_int_equal(store_bundle(store, &b), 0);
	assert_int_equal(b.serial, 7);
	assert_int_equal(b.made_s, NOW + 7);
	assert_string_equal(b.key, "ed25519:key");
	assert_int_equal(b.revocations, 2);
	assert_true(b.people);
	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.bundle && outline.revocations);
	assert_int_equal(outline.bundle_made_s, NOW + 7);
	store_close(store);
}

static int
add_revoked(const struct store_revocation *r, void *arg)
{
	char *names = arg;

	assert_true(strlen(names) + strlen(r->user) < 100);
	strcat(strcat(names, " "), r->user);
	return 0;
}

/* Whom a bundle that revokes these would revoke anew, at a time. */
static void
want_new(struct store *store, const char *revoked, int64_t at_s,
    const char *want)
{
	struct store_import *import = begin_bundle(store, 9, revoked);
	char names[128] = "";

	assert_int_equal(store_import_revoked(import, at_s, add_revoked, names),
	    0);
	assert_string_equal(names, want);
	store_import_free(import);
}

static void
test_who_is_revoked_anew_is_told(void **state)
{
	struct store *store = open_store();
	struct store_revocation own = a_revocation("carol");
	int64_t at_s = own.at_s;

	(void)state;
	want_new(store, "", at_s, "");
	want_new(store, "bob carol ghost", at_s, " bob carol ghost");
	must_commit(begin_bundle(store, 7, "bob"));
	want_new(store, "bob carol", at_s, " carol");
	/* Of this host's own it depends on when it begins. */
	assert_int_equal(store_revocation_put(store, &own), 0);
	want_new(store, "bob carol", at_s, "");
	own.at_s = at_s + 1000;
	assert_int_equal(store_revocation_put(store, &own), 0);
	want_new(store, "bob carol", at_s + 1000, "");
	want_new(store, "bob carol", at_s + 999, " carol");
	/* And by no clock if it was to begin at once. */
	own.made_s = own.at_s;
	assert_int_equal(store_revocation_put(store, &own), 0);
	want_new(store, "bob carol", at_s, "");
	want_new(store, "alice", at_s, " alice");
	store_close(store);
}

static void
test_the_next_bundle_takes_the_place_of_the_last(void **state)
{
	struct store *store = open_store();
	struct store_revocation own = a_revocation("carol");

	(void)state;
	assert_int_equal(store_revocation_put(store, &own), 0);
	must_commit(begin_bundle(store, 7, "bob"));
	must_commit(begin_bundle(store, 8, "alice"));
	assert_false(is_revoked(store, "bob"));
	assert_true(is_revoked(store, "alice"));
	assert_true(is_revoked(store, "carol")); /* one's own stays */
	/* and nothing is left of the last one after the next */
	must_commit(begin_bundle(store, 9, ""));
	assert_int_equal(ask_behind("SELECT count(*) FROM bundle"), 1);
	assert_int_equal(ask_behind("SELECT count(*) FROM bundled"), 0);
	store_close(store);
}

/* More than one small transaction removes or adds. */
static void
test_many_revocations_are_copied_and_removed(void **state)
{
	struct store *store = open_store();
	struct store_import *import = begin_bundle(store, 7, "");
	struct store_revocation r;
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < 12345; i++) {
		(void)snprintf(name, sizeof(name), "x%d", i);
		r = a_revocation(name);
		assert_int_equal(store_import_add_revocation(import, &r), 0);
	}
	must_commit(import);
	assert_int_equal(ask_behind("SELECT count(*) FROM bundled"), 12345);
	assert_true(is_revoked(store, "x12344"));
	must_commit(begin_bundle(store, 8, "bob"));
	assert_int_equal(ask_behind("SELECT count(*) FROM bundled"), 1);
	store_close(store);
}

static void
test_an_inventory_leaves_a_bundles_revocations(void **state)
{
	struct store *store = open_store();
	struct store_bundle b;

	(void)state;
	must_commit(begin_bundle(store, 7, "u1"));
	assert_int_equal(import_people(store, 3, "x"), 0);
	assert_true(is_revoked(store, "u1"));
	assert_int_equal(store_bundle(store, &b), 0);
	assert_int_equal(b.serial, 7);
	assert_false(b.people);
	store_close(store);
}

static void
test_one_that_is_given_up_changes_nothing(void **state)
{
	struct store *store = open_store();
	struct store_serial last;

	(void)state;
	must_commit(begin_bundle(store, 7, "bob"));
	store_import_free(begin_bundle(store, 8, "alice"));
	assert_true(is_revoked(store, "bob"));
	assert_false(is_revoked(store, "alice"));
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, 7);
	store_close(store);
}

static void
test_a_user_is_revoked_once_in_a_bundle(void **state)
{
	struct store *store = open_store();
	struct store_import *import = begin_bundle(store, 7, "bob");
	struct store_revocation r = a_revocation("bob");

	(void)state;
	assert_int_equal(store_import_add_revocation(import, &r), FG_ERR_LIMIT);
	r.user[0] = '\0';
	assert_int_equal(store_import_add_revocation(import, &r),
	    FG_ERR_FORMAT);
	must_commit(import); /* which is as it was */
	assert_int_equal(ask_behind("SELECT revocations FROM bundle"), 1);
	store_close(store);
}

/* Of two revocations the one that begins first holds. */
static void
test_the_earlier_revocation_is_the_one(void **state)
{
	struct store *store = open_store();
	struct store_import *import = begin_bundle(store, 7, "");
	struct store_revocation r = a_revocation("bob");

	(void)state;
	r.at_s = 900;
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	must_commit(import);
	r.at_s = 800;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	assert_int_equal(r.at_s, 800);
	assert_false(r.bundled);
	r.at_s = 1000;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	assert_int_equal(r.at_s, 900);
	assert_true(r.bundled);
	assert_int_equal(store_revocation_own(store, "bob", &r), 0);
	assert_int_equal(r.at_s, 1000);
	assert_false(r.bundled);
	assert_int_equal(store_revocation_bundled(store, "bob", &r), 0);
	assert_int_equal(r.at_s, 900);
	/* one's own can be taken back, a bundle's cannot */
	assert_int_equal(store_revocation_remove(store, "bob", NOW, &r), 0);
	assert_int_equal(store_revocation_remove(store, "bob", NOW, &r),
	    FG_ERR_NOT_FOUND);
	assert_true(is_revoked(store, "bob"));
	store_close(store);
}

/* ---- what comes back ---------------------------------------------------- */

static void
test_a_revocation_that_is_missing_is_told(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_revocation r = a_revocation("ghost");

	(void)state;
	must_commit(begin_bundle(store, 7, "bob ghost nobody"));
	assert_int_equal(store_revocation_put(store, &r), 0);
	/* ghost stays revoked here */
	import = begin_bundle(store, 8, "");
	assert_restored(import, "bob nobody ");
	/* too early: the last one knew of it, and revoked them after it */
	assert_int_equal(store_import_give_back(import, "bob", NOW + 6), 0);
	assert_restored(import, "bob nobody ");
	assert_int_equal(store_import_give_back(import, "bob", NOW + 7), 0);
	assert_restored(import, "bob! nobody ");
	store_import_free(import);
	import = begin_bundle(store, 8, "bob nobody");
	assert_restored(import, "");
	store_import_free(import);
	/* people alone leave the revocations where they are */
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_restored(import, "");
	store_import_free(import);
	store_close(store);
}

/* The person is revoked; the account has no revocation of its own. */
static void
test_accounts_of_a_revoked_person_are_told(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_bundle b = a_bundle(7);
	char other[FG_USER_MAX + 1];
	struct store_revocation r = a_revocation("erin");
	struct person p = a_person("erin");

	(void)state;
	(void)snprintf(p.account[0], sizeof(p.account[0]), "adm-erin");
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_bundle(import, &b), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	must_commit(import);
	/* by an inventory without her, and by a bundle without both */
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_restored(import, "adm-erin ");
	store_import_free(import);
	import = begin_bundle(store, 8, "");
	assert_restored(import, "adm-erin erin ");
	assert_int_equal(store_import_give_back(import, "erin", NOW + 9), 0);
	assert_restored(import, "adm-erin! erin! ");
	store_import_free(import);
	store_close(store);
}

/* Begin one as before, with one name that is revoked from a time on. */
static struct store_import *
begin_later(struct store *store, uint64_t serial, const char *name,
    int64_t at_s)
{
	struct store_import *import = begin_bundle(store, serial, "");
	struct store_revocation r = a_revocation(name);

	r.at_s = at_s;
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	return import;
}

static void
assert_later(struct store *store, const char *name, int64_t at_s,
    const char *want)
{
	struct store_import *import = begin_later(store, 8, name, at_s);

	assert_restored(import, want);
	store_import_free(import);
}

/* Until then the name would be let in. */
static void
test_a_revocation_to_come_is_none(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_revocation r;

	(void)state;
	must_commit(begin_bundle(store, 7, "bob"));
	assert_later(store, "bob", NOW, "");
	assert_later(store, "bob", NOW + 1, "bob ");
	/* nor is one's own */
	r = a_revocation("bob");
	r.at_s = NOW + 100;
	assert_int_equal(store_revocation_put(store, &r), 0);
	import = begin_bundle(store, 8, "");
	assert_restored(import, "bob ");
	store_import_free(import);
	assert_int_equal(store_revocation_remove(store, "bob", NOW, &r), 0);
	/* but one that was to come stays, if it does not come later */
	must_commit(begin_later(store, 7, "bob", NOW + 100));
	assert_later(store, "bob", NOW + 50, "");
	assert_later(store, "bob", NOW + 100, "");
	assert_later(store, "bob", NOW + 101, "bob ");
	store_close(store);
}

/* By the clock of whoever signs it holds already. */
static void
test_a_revocation_of_a_clock_ahead_is_one(void **state)
{
	struct store *store = open_store();
	struct store_import *import = begin_bundle(store, 8, "");
	struct store_revocation r = a_revocation("bob");

	(void)state;
	store_import_free(import);
	must_commit(begin_bundle(store, 7, "bob"));
	r.at_s = r.made_s = NOW + 30;
	import = begin_bundle(store, 8, "");
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	assert_restored(import, "");
	must_commit(import);
	/* and is put off by none that is to come */
	assert_later(store, "bob", NOW + 20, "bob ");
	store_close(store);
}

/* An entry that is over is not kept out by what is to come. */
static void
test_a_revocation_to_come_hides_no_entry(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_revocation r = a_revocation("erin");
	struct person p = a_person("erin");
	char other[FG_USER_MAX + 1];

	(void)state;
	p.status = PERSON_STATUS_REVOKED;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	must_commit(import);
	r.at_s = NOW + 100;
	assert_int_equal(store_revocation_put(store, &r), 0);
	p.status = PERSON_STATUS_ACTIVE;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	assert_restored(import, "erin ");
	store_import_free(import);
	store_close(store);
}

/* Who revokes somebody for later lets them in until then, on purpose. */
static void
test_one_that_is_postponed_is_given_back(void **state)
{
	struct store *store = open_store();
	struct store_revocation r = a_revocation("bob");

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	r.made_s = NOW;
	r.at_s = NOW + 100;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT at_s FROM given_back"
				    " WHERE name = 'bob'"),
	    NOW);
	/* earlier: until then access is back all the same */
	r.at_s = NOW + 50;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT at_s FROM given_back"
				    " WHERE name = 'bob'"),
	    NOW);
	/* of a time that has passed: taken back again */
	r.at_s = NOW - 10;
	assert_int_equal(store_revocation_put(store, &r), 0);
	r.at_s = NOW;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 0);
	store_close(store);
}

/* As farmgatectl revoke --at demands it of whom has none now. */
static void
test_what_was_given_back_stays_until_one_to_come(void **state)
{
	struct store *store = open_store();
	struct store_revocation r = a_revocation("bob"), was;

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_revocation_remove(store, "bob", NOW, &was), 0);
	r.made_s = NOW + 1;
	r.at_s = NOW + 100;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT at_s FROM given_back"
				    " WHERE name = 'bob'"),
	    NOW);
	r.at_s = r.made_s;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 0);
	store_close(store);
}

static void
import_erin(struct store *store, const char *sql)
{
	struct store_import *import;
	struct person p = a_person("erin");
	char other[FG_USER_MAX + 1];

	p.status = PERSON_STATUS_REVOKED;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	must_commit(import);
	run_behind(sql);
}

static void
assert_given_back(struct store *store, const char *name, int64_t at_s,
    const char *want)
{
	struct store_import *import = begin_bundle(store, 8, "");

	assert_int_equal(store_import_give_back(import, name, at_s), 0);
	assert_restored(import, want);
	store_import_free(import);
}

/* Whom an inventory dismisses the hub has not given back before that. */
static void
test_people_of_ones_own_are_newer(void **state)
{
	static const char sql[] =
	    "UPDATE generation SET at_s = 1790000050 WHERE in_force = 1";
	struct store *store = open_store();

	(void)state;
	import_erin(store, sql);
	assert_given_back(store, "erin", NOW + 49, "erin ");
	assert_given_back(store, "erin", NOW + 50, "erin! ");
	must_commit(begin_bundle(store, 7, "bob"));
	import_erin(store, sql);
	assert_given_back(store, "erin", NOW + 49, "bob erin ");
	assert_given_back(store, "erin", NOW + 50, "bob erin! ");
	/* but whom only the bundle dismisses */
	assert_given_back(store, "bob", NOW + 7, "bob! erin ");
	/* and when it is forgotten, what it knew is not */
	assert_int_equal(store_bundle_forget(store, NOW), 0);
	assert_given_back(store, "erin", NOW + 49, "erin ");
	store_close(store);
}

/* What is said on purpose is passed on. */
static void
test_what_is_given_back_is_remembered(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_revocation r = a_revocation("bob");
	uint64_t serial;

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_revocation_remove(store, "bob", NOW, &r), 0);
	assert_int_equal(ask_behind("SELECT at_s FROM given_back"
				    " WHERE name = 'bob'"),
	    NOW);
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_give_back(import, "carol", 1), 0);
	must_commit(import);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 2);
	/* revoked again, at once, it is not given back any more */
	r.at_s = r.made_s;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 1);
	/* and in the end it is forgotten */
	assert_int_equal(store_serial_next(store, NOW + 100, &serial), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 1);
	assert_int_equal(store_serial_next(store,
			     (int64_t)time(NULL) + STORE_GIVEN_BACK_KEPT_S + 10,
			     &serial),
	    0);
	assert_int_equal(ask_behind("SELECT count(*) FROM given_back"), 0);
	store_close(store);
}

/* A bundle with erin alone, to the end of the day or the like. */
static struct store_import *
begin_erin(struct store *store, uint64_t serial, int64_t until_s)
{
	struct store_bundle b = a_bundle(serial);
	struct store_import *import;
	struct person p = a_person("erin");
	char other[FG_USER_MAX + 1];

	b.made_s = NOW - 100 + (int64_t)serial;
	p.valid_until_s = until_s;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_bundle(import, &b), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	return import;
}

static void
assert_erin(struct store *store, int64_t until_s, const char *want)
{
	struct store_import *import = begin_erin(store, 9, until_s);

	assert_restored(import, want);
	store_import_free(import);
}

/* An end that was put off before it came was never said to be over. */
static void
test_an_end_that_is_put_off_is_said_so(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct store_revocation r = a_revocation("erin");

	(void)state;
	/* it came since the last bundle was made */
	must_commit(begin_erin(store, 7, NOW));
	assert_erin(store, NOW + 100, "erin! ");
	assert_erin(store, NOW, "");
	/* but whoever is in no line any more is forgotten */
	import = begin_bundle(store, 9, "");
	assert_restored(import, "erin ");
	store_import_free(import);
	/* as is that she was revoked as well */
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_erin(store, NOW + 100, "");
	assert_int_equal(store_revocation_remove(store, "erin", NOW, &r), 0);
	import = begin_erin(store, 7, NOW);
	assert_int_equal(store_import_add_revocation(import, &r), 0);
	must_commit(import);
	assert_erin(store, NOW + 100, "erin ");
	store_close(store);
}

static void
test_an_end_that_had_come_is_not_put_off(void **state)
{
	struct store *store = open_store();
	struct person p = a_person("erin");
	struct store_import *import;
	char other[FG_USER_MAX + 1];

	(void)state;
	/* when that was made, or the status says it */
	must_commit(begin_erin(store, 7, NOW - 93));
	assert_erin(store, NOW + 100, "erin ");
	must_commit(begin_erin(store, 8, NOW));
	run_behind("UPDATE person SET status = 2");
	assert_erin(store, NOW + 100, "erin ");
	/* or people of another import */
	p.valid_until_s = NOW;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, &p, other), 0);
	must_commit(import);
	run_behind("UPDATE generation SET at_s = 1 WHERE in_force = 1");
	assert_erin(store, NOW + 100, "erin ");
	store_close(store);
}

/* ---- serials ------------------------------------------------------------ */

static void
test_serials_rise_with_the_clock(void **state)
{
	struct store *store = open_store();
	uint64_t a, b;

	(void)state;
	assert_int_equal(store_serial_next(store, 0, &a), FG_ERR_LIMIT);
	assert_int_equal(store_serial_next(store, NOW, &a), 0);
	assert_int_equal(a, NOW);
	assert_int_equal(store_serial_next(store, NOW, &b), 0);
	assert_int_equal(b, NOW + 1);
	store_close(store);
	store = open_store();
	assert_int_equal(store_serial_next(store, NOW - 1000, &b), 0);
	assert_int_equal(b, NOW + 2);
	assert_int_equal(store_serial_next(store, NOW + 50, &b), 0);
	assert_int_equal(b, NOW + 50);
	/* A clock that was far ahead once is told, and can be forgotten. */
	assert_int_equal(store_serial_next(store, NOW + 10 * 86400, &b), 0);
	assert_int_equal(store_serial_next(store, NOW, &b), FG_ERR_LIMIT);
	assert_int_equal(b, 0);
	assert_int_equal(store_bundle_forget(store, NOW), 0);
	assert_int_equal(store_serial_next(store, NOW, &b), 0);
	assert_int_equal(b, NOW + 1);
	store_close(store);
}

static void
test_the_last_serial_outlives_the_database(void **state)
{
	struct store *store = open_store();
	struct store_serial last;
	const char *why;

	(void)state;
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, 0);
	must_commit(begin_bundle(store, 7, "bob"));
	store_close(store);
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, 7);
	assert_string_equal(last.sha256, a_bundle(7).sha256);
	store_close(store);
}

static void
test_the_higher_serial_counts(void **state)
{
	struct store *store = open_store();
	struct store_serial last;

	(void)state;
	must_commit(begin_bundle(store, 7, ""));
	assert_int_equal(unlink(in_folder(STORE_FILE ".serial")), 0);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, 7);
	store_close(store);
}

static void
test_a_damaged_serial_is_no_absence(void **state)
{
	static const char *const texts[] = { "", "8", "8 abc\n", "x\n",
		"8 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaa",
		"8 zaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaa\n",
		"0 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaa\n" };
	struct store *store = open_store();
	struct store_serial last;
	uint64_t ahead;
	FILE *file;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		file = fopen(in_folder(STORE_FILE ".serial"), "w");
		assert_non_null(file);
		fputs(texts[i], file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(store_serial_last(store, &last),
		    FG_ERR_FORMAT);
		assert_int_equal(last.serial, 0);
	}
	assert_int_equal(store_serial_ahead(store, NOW, &ahead), FG_ERR_FORMAT);
	/* Forgetting writes it anew: nothing older than now is taken then. */
	assert_int_equal(store_bundle_forget(store, NOW), 0);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, NOW);
	store_close(store);
}

static void
test_forgetting_ends_the_revocations_and_not_the_order(void **state)
{
	struct store *store = open_store();
	struct store_serial last;
	struct store_bundle b;
	uint64_t ahead;
	size_t n;

	(void)state;
	assert_int_equal(store_bundle_forget(store, NOW), FG_ERR_NOT_FOUND);
	assert_int_equal(store_serial_ahead(store, NOW, &ahead),
	    FG_ERR_NOT_FOUND);
	must_commit(begin_bundle(store, 7, "bob"));
	assert_int_equal(store_bundle_forget(store, NOW), 0);
	assert_false(is_revoked(store, "bob"));
	assert_int_equal(store_bundle(store, &b), FG_ERR_NOT_FOUND);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, 7);
	/* One that was ahead holds up nobody. */
	assert_int_equal(store_serial_ahead(store, NOW, &ahead),
	    FG_ERR_NOT_FOUND);
	must_commit(begin_bundle(store, NOW + 1000, "bob"));
	assert_int_equal(store_serial_ahead(store, NOW, &ahead), 0);
	assert_int_equal(ahead, NOW + 1000);
	assert_int_equal(store_bundle_forget(store, NOW), 0);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_int_equal(last.serial, NOW);
	assert_int_equal(store_serial_ahead(store, NOW, &ahead),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(ahead, 0);
	store_close(store);
}

/* ---- to sign ------------------------------------------------------------ */

static int
count_person(const struct person *person, void *arg)
{
	(void)person;
	++*(int *)arg;
	return 0;
}

static int
count_name(const char *name, int64_t at_s, void *arg)
{
	(void)name;
	(void)at_s;
	++*(int *)arg;
	return 0;
}

static void
test_all_that_is_read_is_of_one_moment(void **state)
{
	struct store *reader = open_store(), *writer;
	struct store_revocation r = a_revocation("bob");
	int people = 0, given = 0;

	(void)state;
	assert_int_equal(import_people(reader, 2, "x"), 0);
	writer = open_store();
	assert_int_equal(store_read_begin(reader), 0);
	assert_int_equal(store_people_each(reader, count_person, &people), 0);
	assert_int_equal(people, 2);
	assert_int_equal(import_people(writer, 5, "x"), 0);
	assert_int_equal(store_revocation_put(writer, &r), 0);
	assert_int_equal(store_revocation_remove(writer, "bob", NOW, &r), 0);
	assert_int_equal(store_people_each(reader, count_person, &people), 0);
	assert_int_equal(people, 4);
	assert_int_equal(store_given_back_each(reader, count_name, &given), 0);
	assert_int_equal(given, 0);
	assert_int_equal(store_read_end(reader), 0);
	assert_int_equal(store_given_back_each(reader, count_name, &given), 0);
	assert_int_equal(given, 1);
	store_close(writer);
	store_close(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_bundle_brings_people_and_revocations),
		STORE_TEST(test_who_is_revoked_anew_is_told),
		STORE_TEST(test_the_next_bundle_takes_the_place_of_the_last),
		STORE_TEST(test_many_revocations_are_copied_and_removed),
		STORE_TEST(test_an_inventory_leaves_a_bundles_revocations),
		STORE_TEST(test_one_that_is_given_up_changes_nothing),
		STORE_TEST(test_a_user_is_revoked_once_in_a_bundle),
		STORE_TEST(test_the_earlier_revocation_is_the_one),
		STORE_TEST(test_a_revocation_that_is_missing_is_told),
		STORE_TEST(test_accounts_of_a_revoked_person_are_told),
		STORE_TEST(test_a_revocation_to_come_is_none),
		STORE_TEST(test_a_revocation_to_come_hides_no_entry),
		STORE_TEST(test_a_revocation_of_a_clock_ahead_is_one),
		STORE_TEST(test_one_that_is_postponed_is_given_back),
		STORE_TEST(test_what_was_given_back_stays_until_one_to_come),
		STORE_TEST(test_an_end_that_is_put_off_is_said_so),
		STORE_TEST(test_an_end_that_had_come_is_not_put_off),
		STORE_TEST(test_people_of_ones_own_are_newer),
		STORE_TEST(test_what_is_given_back_is_remembered),
		STORE_TEST(test_serials_rise_with_the_clock),
		STORE_TEST(test_the_last_serial_outlives_the_database),
		STORE_TEST(test_the_higher_serial_counts),
		STORE_TEST(test_a_damaged_serial_is_no_absence),
		STORE_TEST(
		    test_forgetting_ends_the_revocations_and_not_the_order),
		STORE_TEST(test_all_that_is_read_is_of_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
