/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "device" with the real store and keys: a laptop that signs, what
 * of it becomes a fact, and everything that never passes.
 */
#include "policyd/stepup/method_device.h"
#include "policyd/store/store_asset.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/host_key.h"
#include "policyd/witness/statement_fill.h"
#include "policyd/witness/statement_names.h"
#include "tests/unit/storing.h"

#define NOW	     INT64_C(1800000000)
#define NOT_ENROLLED "the laptop is not enrolled"

static struct store *store;
static struct key_file *host;
static struct device_login login;
static struct facts facts;
static uint8_t laptop[CRYPTO_KEY_SIZE]; /* its secret key */
static struct hwids hardware;

static void
add_asset(struct store_asset_import *import, const char *tag, const char *user,
    const char *serial)
{
	static uint32_t line;
	struct store_asset_other other;
	struct asset asset;
	const char *why;

	asset_init(&asset);
	assert_int_equal(asset_set(&asset, "asset_tag", tag, &why), 0);
	assert_int_equal(asset_set(&asset, "user", user, &why), 0);
	assert_int_equal(asset_set(&asset, "serial", serial, &why), 0);
	assert_int_equal(store_asset_import_add(import, &asset, ++line, &other),
	    0);
}

static void
import_asset(const char *user, const char *serial)
{
	struct store_asset_import *import;

	assert_int_equal(store_asset_import_begin(store, &import), 0);
	add_asset(import, "LT-1", user, serial);
	assert_int_equal(store_asset_import_commit(import), 0);
	store_asset_import_free(import);
}

static void
import_two(const char *user, const char *other)
{
	struct store_asset_import *import;

	assert_int_equal(store_asset_import_begin(store, &import), 0);
	add_asset(import, "LT-1", user, "PF1ABCDE");
	add_asset(import, "LT-2", other, "PF2ABCDE");
	assert_int_equal(store_asset_import_commit(import), 0);
	store_asset_import_free(import);
}

static void
show(enum hwid_kind kind, const char *text)
{
	struct hwid hwid;
	const char *why;

	assert_int_equal(hwid_make(kind, text, &hwid, &why), 0);
	assert_int_equal(hwids_add(&hardware, &hwid), 0);
}

static void
show_serial(const char *serial)
{
	memset(&hardware, 0, sizeof(hardware));
	show(HWID_SERIAL, serial);
}

static void
public_text(char ret_text[KEY_TEXT_SIZE])
{
	uint8_t public[CRYPTO_KEY_SIZE];

	key_public(KEY_DEVICE, laptop, public);
	key_text(KEY_DEVICE, public, ret_text);
}

static void
enrol(const char *tag, int64_t from_s)
{
	struct store_enrolment e = { .made_s = NOW - 1000, .from_s = from_s };

	public_text(e.key);
	(void)snprintf(e.asset, sizeof(e.asset), "%s", tag);
	hwids_digest(&hardware, &e.digests);
	assert_int_equal(store_enrolment_add(store, &e), 0);
}

/* alice, whose LT-1 is enrolled, has been asked. */
static int
set_up(void **state)
{
	char why[HOST_KEY_WHY_SIZE];

	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	if (host_key_open(folder, &host, why) != 0 ||
	    key_file_make(host, folder, why) != 0)
		return -1;
	crypto_random(laptop, sizeof(laptop));
	memset(&login, 0, sizeof(login));
	memset(&facts, 0, sizeof(facts));
	facts.at_s = NOW;
	facts.kind = SERVICE_REMOTE;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "alice");
	facts.person.state = FACT_KNOWN;
	person_init(&facts.person.person);
	facts.person.person.kind = PERSON_KIND_PERSON;
	(void)snprintf(facts.person.person.user,
	    sizeof(facts.person.person.user), "alice");
	login.host = host;
	login.store = store;
	login.facts = &facts;
	show_serial("PF1ABCDE");
	return 0;
}

static int
tear_down(void **state)
{
	key_file_free(host);
	store_close(store);
	return remove_folder(state);
}

static struct fg_token
ask(void)
{
	char prompt[TOKEN_PROMPT_SIZE];

	(void)method_device_prompt(&login, prompt);
	return login.token;
}

/* What the laptop says to it, for a user. */
static void
say(const struct fg_token *token, const char *user, struct statement *ret_said)
{
	struct hwid_digests digests;

	memset(ret_said, 0, sizeof(*ret_said));
	memcpy(ret_said->host_id, token->host_id, sizeof(ret_said->host_id));
	memcpy(ret_said->nonce, token->nonce, sizeof(ret_said->nonce));
	statement_user_digest(user, ret_said->user_digest);
	hwids_digest(&hardware, &digests);
	statement_set_hwids(ret_said, &digests);
}

static void
seal(const struct statement *said, char text[ANSWER_SIZE])
{
	const char *why;

	assert_int_equal(answer_seal(said, laptop, key_file_public(host), text,
			     &why),
	    0);
}

static enum stepup_result
hear(const char *text, const char **ret_why)
{
	memset(&login.attested, 0, sizeof(login.attested));
	return method_device_answer(&login, text, strlen(text), ret_why);
}

static enum stepup_result
answer_as(const char *user, const char **ret_why)
{
	struct fg_token token = ask();
	struct statement said;
	char text[ANSWER_SIZE];

	say(&token, user, &said);
	seal(&said, text);
	return hear(text, ret_why);
}

static void
passes(void)
{
	const char *why = NULL;

	if (answer_as("alice", &why) != STEPUP_PASSED)
		fail_msg("%s", why);
	assert_int_equal(login.attested.state, FACT_KNOWN);
}

/* And nothing of it is a fact. */
static void
fails(const char *want)
{
	const char *why = NULL;

	assert_int_equal(answer_as("alice", &why), STEPUP_ERROR);
	assert_string_equal(why, want);
	assert_int_equal(login.attested.state, FACT_NONE);
}

/* ---- what passes --------------------------------------------------------- */

static void
an_enrolled_laptop_passes(void **state)
{
	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	passes();
	assert_string_equal(login.attested.asset.tag, "LT-1");
	assert_int_equal(login.attested.asset.standing, ASSET_OWN);
	assert_int_equal(login.attested.compared.standing[HWID_SERIAL],
	    COMPARE_AGREE);
	assert_false(login.attested.pending);
	assert_false(login.attested.clone);
	assert_false(login.attested.unlisted);
	/* and again, with a challenge of its own */
	passes();
}

static void
somebody_elses_laptop_says_so(void **state)
{
	(void)state;
	import_asset("bob", "PF1ABCDE");
	enrol("LT-1", NOW);
	passes();
	assert_int_equal(login.attested.asset.standing, ASSET_OTHERS);
	assert_string_equal(login.attested.asset.user, "bob");
}

static void
without_an_inventory_the_laptop_is_compared_with_itself(void **state)
{
	(void)state;
	enrol("LT-1", NOW);
	passes();
	assert_false(login.attested.unlisted);
	assert_int_equal(login.attested.compared.standing[HWID_SERIAL],
	    COMPARE_AGREE);
	show_serial("PF2OTHER");
	passes();
	assert_int_equal(login.attested.compared.standing[HWID_SERIAL],
	    COMPARE_DIFFER);
}

/* A copied serial number agrees with what is on every label. */
static void
what_the_inventory_lacks_is_compared_with_the_enrolment(void **state)
{
	const enum compare_standing *standing =
	    login.attested.compared.standing;

	(void)state;
	show(HWID_BOARD, "BRD12345X");
	show(HWID_DISK, "S4EVNX0M1");
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	passes();
	assert_int_equal(standing[HWID_SERIAL], COMPARE_AGREE);
	assert_int_equal(standing[HWID_BOARD], COMPARE_AGREE);
	assert_int_equal(standing[HWID_DISK], COMPARE_AGREE);
	assert_int_equal(standing[HWID_UUID], COMPARE_NONE);
	show_serial("PF1ABCDE");
	show(HWID_BOARD, "BRD99999Y");
	show(HWID_DISK, "S4EVNX0M2");
	passes();
	assert_int_equal(standing[HWID_SERIAL], COMPARE_AGREE);
	assert_int_equal(standing[HWID_BOARD], COMPARE_DIFFER);
	assert_int_equal(standing[HWID_DISK], COMPARE_DIFFER);
	show_serial("PF1ABCDE"); /* and no more than that */
	passes();
	assert_int_equal(standing[HWID_BOARD], COMPARE_ABSENT);
	/* The inventory's word stands, whatever was shown at enrolment. */
	import_asset("alice", "PF2OTHER");
	passes();
	assert_int_equal(standing[HWID_SERIAL], COMPARE_DIFFER);
}

static void
one_that_the_inventory_has_not_is_unlisted(void **state)
{
	(void)state;
	import_asset("bob", "PF1ABCDE");
	enrol("LT-7", NOW);
	passes();
	assert_true(login.attested.unlisted);
	assert_string_equal(login.attested.asset.tag, "LT-7");
	assert_int_equal(login.attested.asset.standing, ASSET_STANDING_NONE);
	/* Whoever has one of her own there comes with that one. */
	import_asset("alice", "PF1ABCDE");
	fails("the laptop is in no inventory, where the person has others");
}

static void
one_whose_key_the_inventory_does_not_have_is_refused(void **state)
{
	struct store_asset_import *import;
	struct store_asset_other other;
	char key[KEY_TEXT_SIZE];
	struct asset asset;
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	for (int i = 0; i < 2; i++) {
		public_text(key);
		asset_init(&asset);
		assert_int_equal(asset_set(&asset, "asset_tag", "LT-1", &why),
		    0);
		assert_int_equal(asset_set(&asset, "user", "alice", &why), 0);
		if (i == 1)
			laptop[0] ^= 1; /* the inventory's is another one */
		public_text(key);
		assert_int_equal(asset_set(&asset, "device_key", key, &why), 0);
		if (i == 1)
			laptop[0] ^= 1;
		assert_int_equal(store_asset_import_begin(store, &import), 0);
		assert_int_equal(store_asset_import_add(import, &asset, 1,
				     &other),
		    0);
		assert_int_equal(store_asset_import_commit(import), 0);
		store_asset_import_free(import);
		if (i == 0)
			passes();
	}
	fails("the inventory has another device key of it");
}

static void
what_was_said_counts_as_the_inventory_has_it(void **state)
{
	struct fact_attested said;

	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	passes();
	said = login.attested;
	assert_true(method_device_renew(store, &facts, &said));
	assert_int_equal(said.asset.standing, ASSET_OWN);
	import_asset("bob", "PF1ABCDE");
	assert_true(method_device_renew(store, &facts, &said));
	assert_int_equal(said.asset.standing, ASSET_OTHERS);
	assert_int_equal(said.compared.standing[HWID_SERIAL], COMPARE_AGREE);
	import_asset("alice", "PF1ABCDE");
	assert_true(method_device_renew(store, &facts, &said));
	assert_int_equal(said.asset.standing, ASSET_OWN);
	assert_false(method_device_renew(NULL, &facts, &said));
	assert_int_equal(store_enrolment_remove(store, "LT-1", NOW), 0);
	assert_false(method_device_renew(store, &facts, &said));
	memset(&said, 0, sizeof(said));
	assert_true(method_device_renew(store, &facts, &said));
}

static void
one_that_does_not_count_yet_is_pending(void **state)
{
	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW + 1);
	passes();
	assert_true(login.attested.pending);
	facts.at_s = NOW + 1;
	passes();
	assert_false(login.attested.pending);
}

static void
a_key_on_two_machines_is_a_clone(void **state)
{
	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	passes();
	show_serial("PF2OTHER");
	passes();
	assert_false(login.attested.clone); /* a new board, perhaps */
	show_serial("PF1ABCDE");
	passes();
	assert_true(login.attested.clone);
	show_serial("PF2OTHER");
	passes();
	assert_true(login.attested.clone);
}

static void
what_the_laptop_has_found_comes_along(void **state)
{
	struct finding_list list = { .count = 0 };
	struct statement said;
	struct fg_token token;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	finding_add(&list, FINDING_REMOTE_TOOL, "active", "anydesk");
	finding_of(&list, FINDING_REMOTE_TOOL, "anydesk");
	finding_add(&list, FINDING_REMOTE_DESKTOP, "running", "x11vnc");
	finding_minor(&list, FINDING_REMOTE_DESKTOP);
	token = ask();
	say(&token, "alice", &said);
	statement_set_findings(&said, &list);
	said.flags |= STATEMENT_REMOTE | STATEMENT_PARTIAL;
	set_text(said.release, sizeof(said.release), "1.2.0");
	said.at_s = UINT64_MAX;
	seal(&said, text);
	assert_int_equal(hear(text, &why), STEPUP_PASSED);
	assert_int_equal(login.attested.count, 2);
	assert_int_equal(login.attested.list[0].code, FINDING_REMOTE_TOOL);
	assert_string_equal(login.attested.list[0].grade, "active");
	assert_string_equal(login.attested.list[0].of, "anydesk");
	assert_false(login.attested.list[0].minor);
	assert_true(login.attested.list[1].minor);
	assert_true(login.attested.remote);
	assert_true(login.attested.partial);
	assert_false(login.attested.blind);
	assert_string_equal(login.attested.release, "1.2.0");
	assert_int_equal(login.attested.said_s, INT64_MAX);
}

/* alice's laptop, and then bob with it and behind the same gateway. */
static void
who_else_was_there_comes_along(void **state)
{
	struct statement said;
	struct fg_token token;
	char text[ANSWER_SIZE];
	const char *why, *user;
	size_t i;

	(void)state;
	enrol("LT-1", NOW);
	login.window_s = 1000;
	for (i = 0; i < 2; i++) {
		user = i == 0 ? "alice" : "bob";
		set_text(facts.login.user, sizeof(facts.login.user), user);
		set_text(facts.person.person.user,
		    sizeof(facts.person.person.user), user);
		token = ask();
		say(&token, user, &said);
		statement_set_gateway(&said, key_file_public(host),
		    (const uint8_t[6]){ 2, 0, 0, 0, 0, 1 });
		seal(&said, text);
		assert_int_equal(hear(text, &why), STEPUP_PASSED);
		assert_int_equal(login.attested.company_state, FACT_KNOWN);
		assert_int_equal(login.attested.site.people, i);
		assert_int_equal(login.attested.device.people, i);
	}
	assert_string_equal(login.attested.device.name[0], "alice");
}

static void
what_a_newer_laptop_has_found_is_something(void **state)
{
	struct statement said;
	struct fg_token token;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	token = ask();
	say(&token, "alice", &said);
	said.nfindings = 2;
	said.finding[0].finding = 200;
	said.finding[1].finding = statement_finding_number(FINDING_REMOTE_TOOL);
	said.finding[1].grade = 100;
	seal(&said, text);
	assert_int_equal(hear(text, &why), STEPUP_PASSED);
	assert_int_equal(login.attested.count, 2);
	assert_int_equal(login.attested.list[0].code, FINDING_NONE);
	assert_int_equal(login.attested.list[1].code, FINDING_NONE);
}

static void
a_virtual_machine_says_that_it_is_one(void **state)
{
	struct statement said;
	struct fg_token token;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	token = ask();
	say(&token, "alice", &said);
	said.flags |= STATEMENT_VIRTUAL;
	seal(&said, text);
	assert_int_equal(hear(text, &why), STEPUP_PASSED);
	assert_true(login.attested.virtual);
}

/* Nor does it where only the inventory of assets knows the account. */
static void
an_account_of_no_persons_has_its_own_laptops(void **state)
{
	(void)state;
	facts.person.state = FACT_UNKNOWN;
	import_two("alice", "bob");
	enrol("LT-1", NOW);
	passes();
	import_two("bob", "alice");
	fails("the laptop was issued to somebody else");
	import_two("bob", "carol"); /* as root is, who has none */
	passes();
}

/* ---- what does not ------------------------------------------------------- */

static void
one_that_nobody_has_enrolled_does_not(void **state)
{
	(void)state;
	import_asset("alice", "PF1ABCDE");
	fails(NOT_ENROLLED);
	enrol("LT-1", NOW);
	crypto_random(laptop,
	    sizeof(laptop)); /* a copy with a key of its own */
	fails(NOT_ENROLLED);
}

static void
one_that_was_revoked_does_not(void **state)
{
	struct store_enrolment_end end = {
		.name = "LT-1", .at_s = NOW, .reason = "lost"
	};

	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW - 10);
	assert_int_equal(store_enrolment_revoke(store, &end), 0);
	fails("the laptop was revoked");
}

static void
one_that_another_has_replaced_does_not(void **state)
{
	uint8_t old[CRYPTO_KEY_SIZE];

	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW - 10);
	memcpy(old, laptop, sizeof(old));
	crypto_random(laptop, sizeof(laptop));
	enrol("LT-1", NOW);
	passes();
	memcpy(laptop, old, sizeof(old));
	fails("the laptop was enrolled anew since, with another key");
}

static void
a_statement_for_somebody_else_does_not(void **state)
{
	const char *why;

	(void)state;
	import_asset("alice", "PF1ABCDE");
	enrol("LT-1", NOW);
	assert_int_equal(answer_as("bob", &why), STEPUP_ERROR);
	assert_int_equal(login.attested.state, FACT_NONE);
}

static void
an_answer_passes_once(void **state)
{
	struct fg_token token;
	struct statement said;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	token = ask();
	say(&token, "alice", &said);
	seal(&said, text);
	assert_int_equal(hear(text, &why), STEPUP_PASSED);
	assert_int_equal(hear(text, &why), STEPUP_ERROR);
	/* nor for the next challenge */
	(void)ask();
	assert_int_equal(hear(text, &why), STEPUP_ERROR);
}

static void
a_wrong_answer_ends_its_challenge(void **state)
{
	struct fg_token token;
	struct statement said;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	token = ask();
	say(&token, "alice", &said);
	seal(&said, text);
	assert_int_equal(hear("password", &why), STEPUP_ERROR);
	assert_int_equal(hear(text, &why), STEPUP_ERROR);
	assert_int_equal(login.attested.state, FACT_NONE);
}

static void
an_answer_that_is_late_does_not(void **state)
{
	struct fg_token token;
	struct statement said;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	token = ask();
	say(&token, "alice", &said);
	seal(&said, text);
	login.issued_ms -= ANSWER_AGE_MAX_MS + 1;
	assert_int_equal(hear(text, &why), STEPUP_ERROR);
}

static void
without_a_key_or_a_store_nobody_passes(void **state)
{
	const struct fg_token none = { .nonce = { 0 } };
	struct fg_token token;
	struct statement said;
	char text[ANSWER_SIZE];
	const char *why;

	(void)state;
	enrol("LT-1", NOW);
	login.store = NULL;
	fails("the store cannot be used");
	login.store = store;
	token = ask();
	say(&token, "alice", &said);
	seal(&said, text);
	login.host = NULL;
	assert_int_equal(hear(text, &why), STEPUP_ERROR);
	token = ask();
	assert_memory_equal(&token, &none, sizeof(token));
}

/* ---- who can be asked ---------------------------------------------------- */

static void
who_has_an_enrolled_laptop_can_be_asked(void **state)
{
	struct store_enrolment_end end = {
		.name = "LT-1", .at_s = NOW, .reason = "stolen"
	};
	struct store_enrolment e;
	bool is = true;

	(void)state;
	assert_int_equal(method_device_enrolled(store, "alice", NOW, &is), 0);
	assert_false(is);
	import_asset("alice", "PF1ABCDE");
	assert_int_equal(method_device_enrolled(store, "alice", NOW, &is), 0);
	assert_false(is);
	enrol("LT-1", NOW);
	assert_int_equal(method_device_enrolled(store, "alice", NOW, &is), 0);
	assert_true(is);
	assert_int_equal(method_device_enrolled(store, "bob", NOW, &is), 0);
	assert_false(is);
	assert_int_equal(method_device_revoked(store, "alice", &e),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_enrolment_revoke(store, &end), 0);
	assert_int_equal(method_device_enrolled(store, "alice", NOW, &is), 0);
	assert_false(is);
	assert_int_equal(method_device_revoked(store, "alice", &e), 0);
	assert_string_equal(e.asset, "LT-1");
	assert_string_equal(e.reason, "stolen");
	assert_int_equal(method_device_revoked(store, "bob", &e),
	    FG_ERR_NOT_FOUND);
}

#define DEVICE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICE_TEST(an_enrolled_laptop_passes),
		DEVICE_TEST(somebody_elses_laptop_says_so),
		DEVICE_TEST(
		    without_an_inventory_the_laptop_is_compared_with_itself),
		DEVICE_TEST(
		    what_the_inventory_lacks_is_compared_with_the_enrolment),
		DEVICE_TEST(one_that_the_inventory_has_not_is_unlisted),
		DEVICE_TEST(
		    one_whose_key_the_inventory_does_not_have_is_refused),
		DEVICE_TEST(what_was_said_counts_as_the_inventory_has_it),
		DEVICE_TEST(one_that_does_not_count_yet_is_pending),
		DEVICE_TEST(a_key_on_two_machines_is_a_clone),
		DEVICE_TEST(what_the_laptop_has_found_comes_along),
		DEVICE_TEST(who_else_was_there_comes_along),
		DEVICE_TEST(what_a_newer_laptop_has_found_is_something),
		DEVICE_TEST(a_virtual_machine_says_that_it_is_one),
		DEVICE_TEST(an_account_of_no_persons_has_its_own_laptops),
		DEVICE_TEST(one_that_nobody_has_enrolled_does_not),
		DEVICE_TEST(one_that_was_revoked_does_not),
		DEVICE_TEST(one_that_another_has_replaced_does_not),
		DEVICE_TEST(a_statement_for_somebody_else_does_not),
		DEVICE_TEST(an_answer_passes_once),
		DEVICE_TEST(a_wrong_answer_ends_its_challenge),
		DEVICE_TEST(an_answer_that_is_late_does_not),
		DEVICE_TEST(without_a_key_or_a_store_nobody_passes),
		DEVICE_TEST(who_has_an_enrolled_laptop_can_be_asked),
	};

	if (crypto_init() != 0)
		return 99;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
