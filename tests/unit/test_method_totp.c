/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "totp" with the real store and key: what passes once, what never
 * does, and what is said of it in the audit log.
 */
#include "policyd/stepup/method_totp.h"
#include "policyd/crypto.h"
#include "policyd/stepup/recovery.h"
#include "tests/unit/storing.h"

#include <liboath/oath.h>

#define NOW	       INT64_C(1800000000)
#define WRONG_RECOVERY "wrong recovery code, or one that was used before"
#define REPLAY	       "this code, or a later one, was used before"
#define BEHIND                                          \
	"the clock was set back, or ahead before; use " \
	"another method or farmgatectl totp reset"

static struct totp_login login;
static uint8_t seed[20];
static char codes[STORE_RECOVERY_CODES][RECOVERY_CODE_SIZE];

/* alice is enrolled: SHA-1, six digits, ten recovery codes. */
static int
enrol(void **state)
{
	struct store_totp t = { .person = "alice",
		.algorithm = TOTP_SHA1,
		.digits = 6,
		.last_step = -1 };
	struct store_recovery hashes = { .n = STORE_RECOVERY_CODES };
	char why[KEYRING_WHY_SIZE];

	if (make_folder(state) != 0 ||
	    keyring_open(folder, false, &login.keyring, why) != 0)
		return -1;
	login.store = open_store();
	login.person = "alice";
	login.at_s = NOW;
	memcpy(seed, keyring_new_seed(login.keyring, sizeof(seed)),
	    sizeof(seed));
	keyring_seal(login.keyring, t.sealed);
	keyring_wipe(login.keyring);
	for (size_t i = 0; i < STORE_RECOVERY_CODES; i++)
		recovery_new(codes[i], hashes.hash[i]);
	if (store_totp_put(login.store, &t) != 0)
		return -1;
	return store_totp_activate(login.store, "alice", -1, &hashes);
}

static int
leave(void **state)
{
	store_close(login.store);
	keyring_free(login.keyring);
	return remove_folder(state);
}

#define METHOD_TEST(f) cmocka_unit_test_setup_teardown(f, enrol, leave)

/* The code of at_s; valid until the next call. */
static const char *
code_at(int64_t at_s)
{
	static char code[2][9];
	static unsigned int next;
	char *c = code[next++ % 2];

	assert_int_equal(oath_totp_generate((const char *)seed, sizeof(seed),
			     (time_t)at_s, 30, 0, 6, c),
	    OATH_OK);
	return c;
}

static void
answer(const char *text, enum stepup_result want, const char *want_why)
{
	static const uint8_t zeros[TOTP_SEED_MAX];
	const uint8_t *room;
	const char *why = NULL;

	assert_int_equal(method_totp_answer(&login, text, strlen(text), &why),
	    want);
	assert_string_equal(why, want_why);
	/* Nothing of a seed is left in clear. */
	room = keyring_new_seed(login.keyring, 0);
	assert_memory_equal(room, zeros, sizeof(zeros));
}

/* One that is right at none of the steps that count. */
static const char *
wrong_code(void)
{
	static char code[7];

	for (unsigned int i = 0;; i++) {
		(void)snprintf(code, sizeof(code), "%06u", i);
		if (strcmp(code, code_at(login.at_s)) != 0 &&
		    strcmp(code, code_at(login.at_s - 30)) != 0 &&
		    strcmp(code, code_at(login.at_s + 30)) != 0)
			return code;
	}
}

/* ---- codes -------------------------------------------------------------- */

static void
a_code_passes_once(void **state)
{
	(void)state;
	answer(code_at(NOW), STEPUP_PASSED, "a one-time code");
	answer(code_at(NOW), STEPUP_FAILED, REPLAY);
	/* Nor after a restart. */
	store_close(login.store);
	login.store = open_store();
	answer(code_at(NOW), STEPUP_FAILED, REPLAY);
	answer(code_at(NOW + 30), STEPUP_PASSED, "a one-time code");
}

static void
an_older_code_than_the_last_one_does_not_pass(void **state)
{
	(void)state;
	answer(code_at(NOW + 30), STEPUP_PASSED, "a one-time code");
	answer(code_at(NOW), STEPUP_FAILED, REPLAY);
	answer(code_at(NOW - 30), STEPUP_FAILED, REPLAY);
}

static void
a_wrong_code_spends_nothing(void **state)
{
	(void)state;
	answer(wrong_code(), STEPUP_FAILED, "wrong code");
	answer("", STEPUP_FAILED, "wrong code");
	answer("12345", STEPUP_FAILED, "wrong code");
	answer("password", STEPUP_FAILED, "wrong code");
	answer(code_at(NOW - 60), STEPUP_FAILED, "wrong code");
	answer(code_at(NOW + 60), STEPUP_FAILED, "wrong code");
	answer(code_at(NOW), STEPUP_PASSED, "a one-time code");
}

static void
a_code_of_somebody_else_does_not_pass(void **state)
{
	struct store_totp t;
	bool enrolled;

	(void)state;
	assert_int_equal(store_totp_get(login.store, "alice", true, &t), 0);
	(void)keyring_new_seed(login.keyring, sizeof(seed));
	keyring_seal(login.keyring, t.sealed);
	memcpy(t.person, "bob", 4);
	assert_int_equal(store_totp_put(login.store, &t), 0);
	assert_int_equal(method_totp_enrolled(login.store, "bob", &enrolled),
	    0);
	assert_true(enrolled);
	login.person = "bob";
	answer(code_at(NOW), STEPUP_FAILED, "wrong code");
	answer(codes[0], STEPUP_FAILED, WRONG_RECOVERY);
}

/* ---- enrolment ---------------------------------------------------------- */

static void
who_is_not_enrolled_never_passes(void **state)
{
	bool enrolled = true;

	(void)state;
	login.person = "nobody";
	assert_int_equal(method_totp_enrolled(login.store, "nobody", &enrolled),
	    0);
	assert_false(enrolled);
	answer(code_at(NOW), STEPUP_FAILED, "not enrolled");
	answer("", STEPUP_FAILED, "not enrolled");
	answer(codes[0], STEPUP_FAILED, "not enrolled");
	login.person = "alice";
	answer(codes[0], STEPUP_PASSED, "a recovery code");
}

static void
an_enrolment_that_waits_is_none(void **state)
{
	struct store_totp t;
	bool enrolled = true;

	(void)state;
	assert_int_equal(store_totp_get(login.store, "alice", true, &t), 0);
	assert_int_equal(store_totp_remove(login.store, "alice"), 0);
	t.active = false;
	assert_int_equal(store_totp_put(login.store, &t), 0);
	assert_int_equal(method_totp_enrolled(login.store, "alice", &enrolled),
	    0);
	assert_false(enrolled);
	answer(code_at(NOW), STEPUP_FAILED, "not enrolled");
}

/* ---- recovery ----------------------------------------------------------- */

static void
a_recovery_code_passes_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < STORE_RECOVERY_CODES; i++) {
		answer(codes[i], STEPUP_PASSED, "a recovery code");
		answer(codes[i], STEPUP_FAILED, WRONG_RECOVERY);
	}
}

static void
it_is_read_as_people_write_it(void **state)
{
	char text[RECOVERY_CODE_SIZE];
	size_t i, n;

	(void)state;
	for (i = n = 0; codes[0][i] != '\0'; i++)
		if (codes[0][i] != '-')
			text[n++] = codes[0][i];
	text[n] = '\0';
	answer(text, STEPUP_PASSED, "a recovery code");
	for (i = 0; i < RECOVERY_CODE_SIZE; i++) {
		text[i] = codes[1][i];
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
		else if (text[i] == '0')
			text[i] = 'o';
		else if (text[i] == '1')
			text[i] = 'l';
	}
	answer(text, STEPUP_PASSED, "a recovery code");
	/* Cut, or with more behind it, it is none. */
	memcpy(text, codes[2], sizeof(text));
	text[13] = '\0';
	answer(text, STEPUP_FAILED, "wrong code");
	answer("0000-0000-0000-0", STEPUP_FAILED, "wrong code");
	answer("0000-0000-000U", STEPUP_FAILED, "wrong code");
	answer("0000 0000 0000", STEPUP_FAILED, "wrong code");
	answer(codes[2], STEPUP_PASSED, "a recovery code");
}

static void
no_two_recovery_codes_are_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < STORE_RECOVERY_CODES; i++) {
		assert_int_equal(strlen(codes[i]), RECOVERY_CODE_SIZE - 1);
		assert_int_equal(codes[i][4], '-');
		assert_int_equal(codes[i][9], '-');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(codes[i], codes[j]);
	}
}

/* ---- the clock ---------------------------------------------------------- */

static void
a_clock_that_was_set_back_refuses_and_says_so(void **state)
{
	(void)state;
	answer(code_at(NOW), STEPUP_PASSED, "a one-time code");
	login.at_s = NOW - 3600;
	answer(code_at(NOW - 3600), STEPUP_FAILED, BEHIND);
	answer(wrong_code(), STEPUP_FAILED, BEHIND);
	/* Another method than codes of the clock goes on. */
	answer(codes[0], STEPUP_PASSED, "a recovery code");
	/* A step is within what counts: an application may be ahead. */
	login.at_s = NOW - 30;
	answer(code_at(NOW - 30), STEPUP_FAILED, REPLAY);
	answer(wrong_code(), STEPUP_FAILED, "wrong code");
}

static void
a_clock_that_was_ahead_locks_nobody_out_after_a_reset(void **state)
{
	(void)state;
	login.at_s = NOW + 3600;
	answer(code_at(NOW + 3600), STEPUP_PASSED, "a one-time code");
	login.at_s = NOW;
	answer(code_at(NOW), STEPUP_FAILED, BEHIND);
	assert_int_equal(store_totp_reset(login.store, "alice", totp_step(NOW)),
	    0);
	answer(code_at(NOW), STEPUP_FAILED, REPLAY);
	login.at_s = NOW + 30;
	answer(code_at(NOW + 30), STEPUP_PASSED, "a one-time code");
}

/* ---- what cannot be judged ---------------------------------------------- */

static void
what_cannot_be_judged_is_an_error_and_no_pass(void **state)
{
	struct keyring *keyring = login.keyring;
	struct store *store = login.store;
	const char *why = NULL;

	(void)state;
	login.store = NULL;
	assert_int_equal(method_totp_answer(&login, "123456", 6, &why),
	    STEPUP_ERROR);
	assert_string_equal(why, "the store cannot be used: it is not open");
	login.store = store;
	login.keyring = NULL;
	assert_int_equal(method_totp_answer(&login, "123456", 6, &why),
	    STEPUP_ERROR);
	assert_non_null(strstr(why, "the key of the seeds"));
	login.keyring = keyring;
	store_close(login.store);
	run_behind("UPDATE totp SET digits = 7");
	login.store = open_store();
	answer(code_at(NOW), STEPUP_ERROR,
	    "the store cannot be used: it is damaged");
	store_close(login.store);
	run_behind("UPDATE totp SET digits = 6, sealed = 'AAAA'");
	login.store = open_store();
	answer(code_at(NOW), STEPUP_ERROR,
	    "the seed was sealed with another key, or is damaged; enrol the "
	    "user anew");
}

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		METHOD_TEST(a_code_passes_once),
		METHOD_TEST(an_older_code_than_the_last_one_does_not_pass),
		METHOD_TEST(a_wrong_code_spends_nothing),
		METHOD_TEST(a_code_of_somebody_else_does_not_pass),
		METHOD_TEST(who_is_not_enrolled_never_passes),
		METHOD_TEST(an_enrolment_that_waits_is_none),
		METHOD_TEST(a_recovery_code_passes_once),
		METHOD_TEST(it_is_read_as_people_write_it),
		METHOD_TEST(no_two_recovery_codes_are_the_same),
		METHOD_TEST(a_clock_that_was_set_back_refuses_and_says_so),
		METHOD_TEST(
		    a_clock_that_was_ahead_locks_nobody_out_after_a_reset),
		METHOD_TEST(what_cannot_be_judged_is_an_error_and_no_pass),
	};

	return cmocka_run_group_tests_name("method totp", tests, setup, NULL);
}
