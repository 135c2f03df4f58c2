/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups that are remembered, in a real store: whose, with what and from
 * where, and what takes them away.
 */
#include "policyd/store/store_proof.h"

#include "policyd/stepup/method.h"
#include "policyd/store/store_factor.h"
#include "tests/unit/storing.h"

#define TOTP (1u << METHOD_TOTP)

static struct store_proof
a_proof(const char *person)
{
	struct store_proof p;

	memset(&p, 0, sizeof(p));
	(void)snprintf(p.person, sizeof(p.person), "%s", person);
	(void)snprintf(p.device, sizeof(p.device), "SHA256:device");
	(void)snprintf(p.source, sizeof(p.source), "192.0.2.0/24");
	(void)snprintf(p.grade, sizeof(p.grade), "vpn");
	(void)snprintf(p.ref, sizeof(p.ref), "7F3K-Q2MN");
	p.code = FINDING_NET_ANONYMIZER;
	p.methods = TOTP;
	p.made_s = 1000;
	p.until_s = 2000;
	return p;
}

static void
put(struct store *store, const char *person)
{
	struct store_proof p = a_proof(person);

	assert_int_equal(store_proof_put(store, &p), 0);
	assert_true(p.id > 0);
}

static size_t
found_of(struct store *store, const struct store_proof *like, int64_t at_s)
{
	struct store_proof list[4];
	size_t n;

	assert_int_equal(store_proofs_of(store, like, at_s, list, 4, &n), 0);
	return n;
}

static size_t
found(struct store *store, const char *person)
{
	const struct store_proof like = a_proof(person);

	return found_of(store, &like, 1500);
}

static void
it_comes_out_as_it_was_put_in(void **state)
{
	struct store *store = open_store();
	struct store_proof p = a_proof("alice"), back[2];
	size_t n;

	(void)state;
	assert_int_equal(store_proof_put(store, &p), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_proofs_of(store, &p, 1500, back, 2, &n), 0);
	assert_int_equal(n, 1);
	assert_memory_equal(&back[0], &p, sizeof(p));
	store_close(store);
}

static void
it_is_of_one_person_device_and_network_for_a_time(void **state)
{
	const struct store_proof like = a_proof("alice");
	struct store *store = open_store();
	struct store_proof other;

	(void)state;
	put(store, "alice");
	assert_int_equal(found_of(store, &like, 1999), 1);
	assert_int_equal(found_of(store, &like, 2000), 0);
	assert_int_equal(found(store, "alic"), 0);
	assert_int_equal(found(store, "bob"), 0);
	other = like;
	other.device[0] = '\0';
	assert_int_equal(found_of(store, &other, 1500), 0);
	other = like;
	(void)snprintf(other.source, sizeof(other.source), "192.0.3.0/24");
	assert_int_equal(found_of(store, &other, 1500), 0);
	store_close(store);
}

static void
the_same_again_takes_its_place(void **state)
{
	struct store *store = open_store();
	struct store_proof p = a_proof("alice"), q = p, back[2];
	size_t n;

	(void)state;
	assert_int_equal(store_proof_put(store, &p), 0);
	q.made_s = 1100;
	q.until_s = 2100;
	assert_int_equal(store_proof_put(store, &q), 0);
	assert_true(q.id > p.id);
	assert_int_equal(store_proofs_of(store, &p, 1500, back, 2, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(back[0].until_s, 2100);
	/* Another grade is another one. */
	(void)snprintf(p.grade, sizeof(p.grade), "tor");
	assert_int_equal(store_proof_put(store, &p), 0);
	assert_int_equal(found(store, "alice"), 2);
	store_close(store);
}

static void
what_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	struct store_proof p;

	(void)state;
	p = a_proof("");
	assert_int_equal(store_proof_put(store, &p), FG_ERR_FORMAT);
	p = a_proof("alice");
	p.code = FINDING_NONE;
	assert_int_equal(store_proof_put(store, &p), FG_ERR_FORMAT);
	p = a_proof("alice");
	p.methods = 0;
	assert_int_equal(store_proof_put(store, &p), FG_ERR_FORMAT);
	p = a_proof("alice");
	p.until_s = p.made_s;
	assert_int_equal(store_proof_put(store, &p), FG_ERR_FORMAT);
	p = a_proof("alice");
	p.source[0] = '\0';
	assert_int_equal(store_proof_put(store, &p), FG_ERR_FORMAT);
	assert_int_equal(found(store, "alice"), 0);
	store_close(store);
}

static void
a_damaged_row_is_an_error_and_no_absence(void **state)
{
	const struct store_proof like = a_proof("alice");
	struct store *store = open_store();
	struct store_proof back[1];
	size_t n;

	(void)state;
	put(store, "alice");
	store_close(store);
	run_behind("UPDATE proof SET methods = 'all'");
	store = open_store();
	assert_int_equal(store_proofs_of(store, &like, 1500, back, 1, &n),
	    FG_ERR_FORMAT);
	assert_int_equal(n, 0);
	store_close(store);
}

static void
a_finding_of_another_version_answers_nothing(void **state)
{
	struct store *store = open_store();

	(void)state;
	put(store, "alice");
	store_close(store);
	run_behind("UPDATE proof SET finding = 'net.later'");
	store = open_store();
	assert_int_equal(found(store, "alice"), 0);
	store_close(store);
}

static void
those_that_are_over_are_forgotten(void **state)
{
	struct store *store = open_store();

	(void)state;
	put(store, "alice");
	assert_int_equal(store_proofs_forget(store, 2000), 0);
	assert_int_equal(found(store, "alice"), 1);
	assert_int_equal(store_proofs_forget(store, 2001), 0);
	assert_int_equal(found(store, "alice"), 0);
	store_close(store);
}

static int
count_one(const struct store_proof *p, void *arg)
{
	assert_true(p->id > 0);
	++*(size_t *)arg;
	return 0;
}

static void
those_of_one_are_told_from_all(void **state)
{
	struct store *store = open_store();
	size_t all = 0, alice = 0, later = 0;

	(void)state;
	put(store, "alice");
	put(store, "bob");
	assert_int_equal(store_proofs_each(store, NULL, 1500, count_one, &all),
	    0);
	assert_int_equal(store_proofs_each(store, "alice", 1500, count_one,
			     &alice),
	    0);
	assert_int_equal(store_proofs_each(store, NULL, 2000, count_one,
			     &later),
	    0);
	assert_int_equal(all, 2);
	assert_int_equal(alice, 1);
	assert_int_equal(later, 0);
	store_close(store);
}

static void
a_revocation_takes_them_and_nobody_elses(void **state)
{
	struct store_revocation r = { .user = "alice", .at_s = 5, .made_s = 5 };
	struct store *store = open_store();

	(void)state;
	put(store, "alice");
	put(store, "bob");
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(found(store, "alice"), 0);
	assert_int_equal(found(store, "bob"), 1);
	assert_int_equal(store_proofs_remove(store, "bob"), 0);
	assert_int_equal(found(store, "bob"), 0);
	assert_int_equal(store_proofs_remove(store, "bob"), 0);
	store_close(store);
}

static void
an_enrolment_takes_them(void **state)
{
	struct store_totp t = { .person = "alice",
		.sealed = "c2VhbGVk",
		.algorithm = TOTP_SHA1,
		.digits = 6,
		.last_step = -1 };
	struct store_recovery codes = { .n = 0 };
	struct store *store = open_store();

	(void)state;
	put(store, "alice");
	/* One that waits for its first code changes nothing yet. */
	assert_int_equal(store_totp_put(store, &t), 0);
	assert_int_equal(found(store, "alice"), 1);
	assert_int_equal(store_totp_activate(store, "alice", 7, &codes), 0);
	assert_int_equal(found(store, "alice"), 0);
	put(store, "alice");
	assert_int_equal(store_totp_reset(store, "alice", 7), 0);
	assert_int_equal(found(store, "alice"), 0);
	put(store, "alice");
	assert_int_equal(store_totp_advance(store, "alice", 8), 0);
	assert_int_equal(found(store, "alice"), 1);
	assert_int_equal(store_totp_remove(store, "alice"), 0);
	assert_int_equal(found(store, "alice"), 0);
	store_close(store);
}

/* The import that has these people, bob with this status. */
static void
import(struct store *store, enum person_status status)
{
	struct person alice = a_person("alice"), bob = a_person("bob");
	struct store_import *im;
	char other[FG_USER_MAX + 1];

	bob.status = status;
	assert_int_equal(store_import_begin(store, &im), 0);
	assert_int_equal(store_import_add(im, &alice, other), 0);
	assert_int_equal(store_import_add(im, &bob, other), 0);
	assert_int_equal(store_import_commit(im), 0);
	store_import_free(im);
}

static void
an_import_takes_those_of_whom_it_keeps_out(void **state)
{
	struct store *store = open_store();

	(void)state;
	import(store, PERSON_STATUS_ACTIVE);
	put(store, "alice");
	put(store, "bob");
	put(store, "carol");
	import(store, PERSON_STATUS_ACTIVE);
	assert_int_equal(found(store, "alice"), 1);
	assert_int_equal(found(store, "bob"), 1);
	assert_int_equal(found(store, "carol"), 0);
	import(store, PERSON_STATUS_REVOKED);
	assert_int_equal(found(store, "alice"), 1);
	assert_int_equal(found(store, "bob"), 0);
	/* Nor is it back with their access. */
	import(store, PERSON_STATUS_ACTIVE);
	assert_int_equal(found(store, "bob"), 0);
	store_close(store);
}

static void
a_bypass_is_kept_as_one(void **state)
{
	struct store_exception e = { .user = "alice",
		.code = FINDING_GEO_COUNTRY,
		.kind = STORE_EXCEPTION_BYPASS,
		.from_s = 1000,
		.until_s = 2000,
		.reason = "lost phone",
		.at_s = 1000 };
	struct store *store = open_store();
	struct store_exception list[2];
	size_t n;

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	e.kind = STORE_EXCEPTION_NONE;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(e.kind, STORE_EXCEPTION_GRANT);
	e.kind = (enum store_exception_kind)3;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 2, &n),
	    0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].kind, STORE_EXCEPTION_BYPASS);
	assert_int_equal(list[1].kind, STORE_EXCEPTION_GRANT);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_comes_out_as_it_was_put_in),
		STORE_TEST(it_is_of_one_person_device_and_network_for_a_time),
		STORE_TEST(the_same_again_takes_its_place),
		STORE_TEST(what_could_not_be_read_back_is_refused),
		STORE_TEST(a_damaged_row_is_an_error_and_no_absence),
		STORE_TEST(a_finding_of_another_version_answers_nothing),
		STORE_TEST(those_that_are_over_are_forgotten),
		STORE_TEST(those_of_one_are_told_from_all),
		STORE_TEST(a_revocation_takes_them_and_nobody_elses),
		STORE_TEST(an_enrolment_takes_them),
		STORE_TEST(an_import_takes_those_of_whom_it_keeps_out),
		STORE_TEST(a_bypass_is_kept_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
