/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-11: at its start the daemon holds its store against the audit log, says
 * what is wrong, and takes it back only when it is over.
 */
#include "policyd/crypto.h"
#include "policyd/daemon.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_enrolment.h"
#include "tests/unit/storing_assets.h"

static struct conf conf;
static struct ruleset rules = { .conf = &conf };
static struct daemon the_daemon;

static void
start_anyhow(void)
{
	memset(&the_daemon, 0, sizeof(the_daemon));
	the_daemon.rules = &rules;
	conf.state = folder;
	assert_int_equal(audit_open(in_folder("audit.jsonl"),
			     &the_daemon.audit),
	    0);
	daemon_open_store(&the_daemon);
	daemon_record_older(&the_daemon);
}

static void
start(void)
{
	start_anyhow();
	assert_non_null(the_daemon.store);
}

static void
stop(void)
{
	audit_free(the_daemon.audit);
	store_close(the_daemon.store);
	free(the_daemon.store_problem);
}

static void
take_back(void)
{
	struct store_revocation r = a_revocation("alice");

	assert_int_equal(store_revocation_put(the_daemon.store, &r), 0);
	daemon_changed(&the_daemon);
}

static uint64_t
records(void)
{
	return audit_sequence(the_daemon.audit);
}

static int
note(void)
{
	return daemon_audit(&the_daemon,
	    audit_record(the_daemon.audit, AUDIT_START, 0), true);
}

static void
test_a_store_that_is_what_it_was_is_no_problem(void **state)
{
	(void)state;
	start();
	assert_null(the_daemon.store_problem);
	assert_int_equal(audit_changes(the_daemon.audit), 0);
	take_back();
	assert_int_equal(audit_changes(the_daemon.audit), 1);
	assert_int_equal(note(), 0);
	stop();
	start();
	assert_null(the_daemon.store_problem);
	assert_int_equal(audit_changes(the_daemon.audit), 1);
	assert_int_equal(records(), 1);
	stop();
}

/* As after a crash in between: the store tells the log. */
static void
test_a_log_that_knows_less_is_told(void **state)
{
	(void)state;
	start();
	take_back();
	stop(); /* without a record */
	start();
	assert_null(the_daemon.store_problem);
	assert_int_equal(audit_changes(the_daemon.audit), 1);
	assert_int_equal(records(), 0);
	stop();
}

static void
test_a_log_that_knows_more_is_believed(void **state)
{
	(void)state;
	start();
	audit_set_changes(the_daemon.audit, 7);
	assert_int_equal(note(), 0);
	stop();
	start();
	assert_non_null(the_daemon.store_problem);
	assert_non_null(strstr(the_daemon.store_problem,
	    "older copy that was put back: of 7 changes that administrators "
	    "made it has had 0;"));
	assert_int_equal(records(), 2);
	/* A change is no end of it, nor is to say that it is over. */
	take_back();
	daemon_store_mended(&the_daemon, "it is over");
	assert_non_null(the_daemon.store_problem);
	assert_int_equal(audit_changes(the_daemon.audit), 8);
	assert_int_equal(store_accept(the_daemon.store), 0);
	daemon_store_mended(&the_daemon, "it is over");
	assert_null(the_daemon.store_problem);
	daemon_changed(&the_daemon);
	assert_int_equal(audit_changes(the_daemon.audit), 9);
	stop();
	start();
	assert_null(the_daemon.store_problem);
	assert_int_equal(records(), 2);
	stop();
}

/* What became of a damaged one is said first, and is settled alike. */
static void
test_a_store_that_was_lost_can_be_accepted(void **state)
{
	(void)state;
	start();
	take_back();
	assert_int_equal(note(), 0);
	stop();
	run_behind("PRAGMA application_id = 99");
	start();
	assert_non_null(strstr(the_daemon.store_problem, "is kept as"));
	assert_int_equal(records(), 1);
	daemon_store_mended(&the_daemon, "it is over");
	assert_non_null(the_daemon.store_problem);
	stop();
	start();
	assert_non_null(strstr(the_daemon.store_problem,
	    "what was known of people is lost"));
	assert_int_equal(store_accept(the_daemon.store), 0);
	daemon_store_mended(&the_daemon, "it is over");
	assert_null(the_daemon.store_problem);
	stop();
}

/* People and assets are lost together, and come back apart. */
static void
test_assets_that_were_lost_are_said_until_they_are_there(void **state)
{
	(void)state;
	start();
	take_back();
	assert_int_equal(import_assets(the_daemon.store, 3, "x"), 0);
	daemon_changed(&the_daemon);
	assert_int_equal(note(), 0);
	stop();
	run_behind("PRAGMA application_id = 99");
	start();
	assert_non_null(strstr(the_daemon.store_problem, "is kept as"));
	assert_int_equal(import_people(the_daemon.store, 3, "x"), 0);
	daemon_store_mended(&the_daemon, "an import is in force");
	assert_non_null(strstr(the_daemon.store_problem,
	    "what was known of assets is lost: import them"));
	daemon_store_mended(&the_daemon, "an import is in force");
	assert_non_null(the_daemon.store_problem);
	stop();
	start();
	assert_non_null(strstr(the_daemon.store_problem,
	    "what was known of assets is lost"));
	assert_int_equal(import_assets(the_daemon.store, 0, "x"), 0);
	daemon_store_mended(&the_daemon, "an import is in force");
	assert_null(the_daemon.store_problem);
	daemon_changed(&the_daemon);
	assert_int_equal(note(), 0);
	stop();
	start();
	assert_null(the_daemon.store_problem);
	stop();
}

/* Assets that come first are no end of what people have lost. */
static void
test_people_that_were_lost_are_not_there_by_assets(void **state)
{
	(void)state;
	start();
	take_back();
	assert_int_equal(import_assets(the_daemon.store, 3, "x"), 0);
	daemon_changed(&the_daemon);
	assert_int_equal(note(), 0);
	stop();
	run_behind("PRAGMA application_id = 99");
	start();
	assert_int_equal(import_assets(the_daemon.store, 3, "x"), 0);
	daemon_store_mended(&the_daemon, "an import is in force");
	assert_non_null(the_daemon.store_problem);
	assert_int_equal(store_accept(the_daemon.store), 0);
	daemon_store_mended(&the_daemon, "it is over");
	assert_null(the_daemon.store_problem);
	stop();
}

static int
enrol_one(void)
{
	struct store_enrolment e;
	uint8_t key[CRYPTO_KEY_SIZE] = { 1 };

	memset(&e, 0, sizeof(e));
	key_text(KEY_DEVICE, key, e.key);
	(void)snprintf(e.asset, sizeof(e.asset), "LT-0042");
	return store_enrolment_add(the_daemon.store, &e);
}

/* Whatever else comes back, who is enrolled is known no more. */
static void
test_enrolments_that_were_lost_are_said(void **state)
{
	(void)state;
	start();
	assert_int_equal(enrol_one(), 0);
	assert_int_equal(import_assets(the_daemon.store, 3, "x"), 0);
	daemon_changed(&the_daemon);
	assert_int_equal(note(), 0);
	stop();
	run_behind("PRAGMA application_id = 99");
	start();
	assert_non_null(strstr(the_daemon.store_problem, "enrol the laptops"));
	daemon_store_mended(&the_daemon, "it is over");
	assert_non_null(strstr(the_daemon.store_problem,
	    "known of assets is lost"));
	assert_int_equal(import_assets(the_daemon.store, 3, "x"), 0);
	daemon_store_mended(&the_daemon, "an import is in force");
	assert_non_null(strstr(the_daemon.store_problem,
	    "known of enrolled laptops is lost"));
	stop();
	start();
	assert_non_null(strstr(the_daemon.store_problem,
	    "known of enrolled laptops is lost"));
	daemon_store_mended(&the_daemon, "nothing has happened");
	assert_non_null(the_daemon.store_problem);
	assert_int_equal(enrol_one(), 0);
	daemon_store_mended(&the_daemon, "a laptop was enrolled");
	assert_null(the_daemon.store_problem);
	stop();
}

/* It goes on without, and the newer one that comes back misses nothing. */
static void
test_a_newer_versions_store_is_not_opened(void **state)
{
	(void)state;
	start();
	take_back();
	assert_int_equal(note(), 0);
	stop();
	run_behind("PRAGMA user_version = 99");
	start_anyhow();
	assert_null(the_daemon.store);
	assert_non_null(strstr(the_daemon.store_problem,
	    "was written by a newer version of Farmgate"));
	daemon_changed(&the_daemon);
	daemon_store_mended(&the_daemon, "it is over");
	assert_non_null(the_daemon.store_problem);
	assert_int_equal(note(), 0);
	assert_int_equal(audit_changes(the_daemon.audit), 1);
	stop();
	run_behind("PRAGMA user_version = 14");
	start();
	assert_null(the_daemon.store_problem);
	assert_int_equal(records(), 2);
	stop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_store_that_is_what_it_was_is_no_problem),
		STORE_TEST(test_a_log_that_knows_less_is_told),
		STORE_TEST(test_a_log_that_knows_more_is_believed),
		STORE_TEST(test_a_store_that_was_lost_can_be_accepted),
		STORE_TEST(
		    test_assets_that_were_lost_are_said_until_they_are_there),
		STORE_TEST(test_people_that_were_lost_are_not_there_by_assets),
		STORE_TEST(test_enrolments_that_were_lost_are_said),
		STORE_TEST(test_a_newer_versions_store_is_not_opened),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests_name("the daemon's store", tests, NULL,
	    NULL);
}
