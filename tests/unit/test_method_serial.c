/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "serial" with the real store: what passes, what never does, and
 * what is kept of a serial number.
 */
#include "policyd/stepup/method_serial.h"
#include "policyd/stepup/prover.h"
#include "policyd/stepup/serial.h"
#include "policyd/store/store_verified.h"
#include "tests/unit/storing.h"

#define NOW INT64_C(1800000000)

static struct serial_login login;

/* alice's laptop is known by its serial number, bob's is not. */
static int
verify(void **state)
{
	struct store_verified v = { .person = "alice",
		.asset = "LT-0042",
		.made_s = NOW - 100,
		.until_s = NOW + 100 };

	if (make_folder(state) != 0 || crypto_init() != 0)
		return -1;
	login.store = open_store();
	login.person = "alice";
	login.at_s = NOW;
	serial_salt(v.salt);
	if (!serial_hash(v.salt, "PF-3ABC 7Z", 10, v.hash) ||
	    store_verified_put(login.store, &v) != 0)
		return -1;
	(void)snprintf(v.person, sizeof(v.person), "bob");
	v.salt[0] = v.hash[0] = '\0';
	return store_verified_put(login.store, &v);
}

static int
leave(void **state)
{
	store_close(login.store);
	return remove_folder(state);
}

#define METHOD_TEST(f) cmocka_unit_test_setup_teardown(f, verify, leave)

static void
answer_bytes(const void *text, size_t len, enum stepup_result want,
    const char *want_why)
{
	const char *why = NULL;

	assert_int_equal(method_serial_answer(&login, text, len, &why), want);
	assert_string_equal(why, want_why);
}

static void
answer(const char *text, enum stepup_result want, const char *want_why)
{
	answer_bytes(text, strlen(text), want, want_why);
}

static void
it_passes_as_people_write_it(void **state)
{
	static const char *const written[] = { "PF-3ABC 7Z", "PF3ABC7Z",
		"pf3abc7z", " pf-3abc-7z ", "P F 3 A B C 7 Z" };

	(void)state;
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		answer(written[i], STEPUP_PASSED,
		    "the serial number of the verified laptop");
}

static void
another_one_does_not_pass(void **state)
{
	char longest[1024];

	(void)state;
	memset(longest, 'A', sizeof(longest));
	answer("PF3ABC7", STEPUP_FAILED, "wrong serial number");
	answer("PF3ABC7ZZ", STEPUP_FAILED, "wrong serial number");
	answer("PF3ABC7Y", STEPUP_FAILED, "wrong serial number");
	answer("PF_3ABC_7Z", STEPUP_FAILED, "wrong serial number");
	answer("", STEPUP_FAILED, "wrong serial number");
	answer(" - ", STEPUP_FAILED, "wrong serial number");
	answer_bytes("PF3ABC7Z\0", 9, STEPUP_FAILED, "wrong serial number");
	answer_bytes("PF3ABC7Z\377", 9, STEPUP_FAILED, "wrong serial number");
	answer_bytes(longest, sizeof(longest), STEPUP_FAILED,
	    "wrong serial number");
}

static void
who_has_none_passes_with_nothing(void **state)
{
	(void)state;
	login.person = "bob";
	answer("", STEPUP_FAILED, "no serial number is recorded");
	answer("PF3ABC7Z", STEPUP_FAILED, "no serial number is recorded");
	login.person = "nobody";
	answer("", STEPUP_FAILED, "no serial number is recorded");
	answer("PF3ABC7Z", STEPUP_FAILED, "no serial number is recorded");
}

static void
a_verification_that_has_ended_is_worth_nothing(void **state)
{
	bool recorded;

	(void)state;
	login.at_s = NOW + 99;
	answer("PF3ABC7Z", STEPUP_PASSED,
	    "the serial number of the verified laptop");
	login.at_s = NOW + 100;
	answer("PF3ABC7Z", STEPUP_FAILED, "the verification has ended");
	assert_int_equal(method_serial_recorded(&login, &recorded), 0);
	assert_false(recorded);
}

static void
a_store_that_fails_lets_nobody_in(void **state)
{
	struct store *store = login.store;

	(void)state;
	login.store = NULL;
	answer("PF3ABC7Z", STEPUP_ERROR, "the store cannot be used");
	login.store = store;
	store_close(login.store);
	run_behind("UPDATE verified SET until_s = 0");
	login.store = open_store();
	answer("PF3ABC7Z", STEPUP_ERROR, "the store cannot be used");
}

static void
who_has_one_is_asked_as_who_has_none(void **state)
{
	static const char *const people[] = { "alice", "bob", "nobody" };
	struct prover prover = { .store = login.store, .at_s = NOW };
	char prompt[PROVER_PROMPT_SIZE];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		prover.person = people[i];
		assert_string_equal(prover_prompt(&prover, METHOD_SERIAL,
					prompt),
		    "Serial number of this laptop: ");
		assert_int_equal(prover_has(METHOD_SERIAL, &prover), i == 0);
	}
	assert_true(prover_reads(METHOD_SERIAL));
	prover.store = NULL;
	assert_false(prover_has(METHOD_SERIAL, &prover));
}

/* Two of one number are not known for that. */
static void
it_is_kept_salted(void **state)
{
	char salt[2][SERIAL_SALT_SIZE], hash[2][CRYPTO_HEX_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		serial_salt(salt[i]);
		assert_int_equal(strlen(salt[i]), SERIAL_SALT_SIZE - 1);
		assert_true(serial_hash(salt[i], "PF3ABC7Z", 8, hash[i]));
	}
	assert_string_not_equal(salt[0], salt[1]);
	assert_string_not_equal(hash[0], hash[1]);
	assert_int_equal(ask_behind("SELECT count(*) FROM verified WHERE"
				    " hash LIKE '%PF%' OR salt LIKE '%PF%'"),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		METHOD_TEST(it_passes_as_people_write_it),
		METHOD_TEST(another_one_does_not_pass),
		METHOD_TEST(who_has_none_passes_with_nothing),
		METHOD_TEST(a_verification_that_has_ended_is_worth_nothing),
		METHOD_TEST(a_store_that_fails_lets_nobody_in),
		METHOD_TEST(who_has_one_is_asked_as_who_has_none),
		METHOD_TEST(it_is_kept_salted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
