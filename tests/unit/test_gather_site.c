/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who else was where a laptop says that it is: what of a statement is a place,
 * whose it is, and for how long.
 */
#include "policyd/gather/gather.h"
#include "policyd/store/store_site.h"
#include "policyd/witness/statement_fill.h"

#include "tests/unit/storing.h"

#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)

static struct store *store;
static struct facts facts;
static struct statement said;
static struct fact_attested attested;

static int
set_up(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	return 0;
}

static int
tear_down(void **state)
{
	store_close(store);
	return remove_folder(state);
}

#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* A login of somebody without an entry in the inventory, with a laptop that
 * says nothing yet. */
static void
comes(const char *user, const char *key)
{
	memset(&facts, 0, sizeof(facts));
	memset(&said, 0, sizeof(said));
	memset(&attested, 0, sizeof(attested));
	facts.at_s = NOW;
	facts.kind = SERVICE_REMOTE;
	facts.origin.kind = ORIGIN_ADDRESS;
	facts.origin.addr = an_addr("192.0.2.7");
	set_text(facts.login.user, sizeof(facts.login.user), user);
	set_text(attested.key, sizeof(attested.key), key);
}

static void
at_gateway(uint8_t which)
{
	said.gateway[STATEMENT_SITE_SIZE - 1] = which;
}

static void
beside(uint8_t which)
{
	said.peripheral[said.nperipherals++][0] = which;
}

static void
gathers(enum fact_state want)
{
	gather_site(store, &said, &facts, DAY, &attested);
	assert_int_equal(attested.company_state, want);
}

static void
assert_company(size_t site, size_t next_to, size_t device)
{
	gathers(FACT_KNOWN);
	assert_int_equal(attested.site.people, site);
	assert_int_equal(attested.site.beside, next_to);
	assert_int_equal(attested.device.people, device);
}

static void
people_meet_where_their_laptops_are(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	at_gateway(1);
	assert_company(0, 0, 0);
	assert_company(0, 0, 0); /* nobody meets themselves */
	comes("bob", "ed25519:b");
	at_gateway(1);
	beside(7);
	assert_company(1, 0, 0);
	assert_string_equal(attested.site.name[0], "alice");
	comes("carol", "ed25519:c");
	at_gateway(2);
	beside(6);
	beside(7);
	assert_company(1, 1, 0);
	assert_string_equal(attested.site.name[0], "bob");
}

static void
people_meet_at_one_laptop(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	assert_company(0, 0, 0);
	comes("bob", "ed25519:a");
	assert_company(0, 0, 1);
	assert_string_equal(attested.device.name[0], "alice");
	comes("carol", "ed25519:c");
	assert_company(0, 0, 0);
}

/* What a laptop does not know is no place that all of them share. */
static void
what_is_not_known_is_no_place(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	beside(0);
	assert_company(0, 0, 0);
	comes("bob", "ed25519:b");
	beside(0);
	assert_company(0, 0, 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " kind <> 3"),
	    0);
}

static void
it_is_the_person_and_not_the_account(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	at_gateway(1);
	assert_company(0, 0, 0);
	comes("alice-adm", "ed25519:b");
	at_gateway(1);
	facts.person.state = FACT_KNOWN;
	set_text(facts.person.person.user, sizeof(facts.person.person.user),
	    "alice");
	assert_company(0, 0, 0);
	facts.person.state = FACT_UNKNOWN; /* and that has come with it */
	assert_company(1, 0, 1);
}

static void
the_window_is_the_configurations(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	at_gateway(1);
	assert_company(0, 0, 0);
	comes("bob", "ed25519:b");
	at_gateway(1);
	facts.at_s = NOW + DAY;
	assert_company(1, 0, 0);
	comes("carol", "ed25519:c");
	at_gateway(1);
	facts.at_s = NOW + DAY + 1;
	assert_company(1, 0, 0);
	assert_string_equal(attested.site.name[0], "bob");
}

static void
all_that_one_can_say_is_kept(void **state)
{
	size_t i;

	(void)state;
	comes("alice", "ed25519:a");
	at_gateway(1);
	for (i = 0; i < STATEMENT_PERIPHERALS_MAX; i++)
		beside((uint8_t)(i + 1));
	assert_company(0, 0, 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE person ="
				    " 'alice' AND addr = '192.0.2.7' AND"
				    " last_s = 1800000000"),
	    STORE_VISIT_MAX);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE kind = 1"
				    " AND name = '0000000000000001'"),
	    1);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE kind = 3"
				    " AND name = 'ed25519:a'"),
	    1);
}

static void
what_comes_from_no_address_has_none(void **state)
{
	(void)state;
	comes("alice", "ed25519:a");
	facts.origin.kind = ORIGIN_CONSOLE;
	assert_company(0, 0, 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " addr = ''"),
	    1);
}

/* An error is never that nobody was there. */
static void
what_cannot_be_read_or_kept_is_an_error(void **state)
{
	(void)state;
	comes("bob", "ed25519:b");
	at_gateway(1);
	assert_company(0, 0, 0);
	comes("alice", "ed25519:a");
	at_gateway(1);
	facts.person.state = FACT_ERROR; /* whose is it? */
	gathers(FACT_ERROR);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " person = 'alice'"),
	    0);
	facts.person.state = FACT_NONE;
	run_behind("UPDATE site SET person = x'00'");
	gathers(FACT_ERROR);
	assert_int_equal(attested.site.people, 0);
	run_behind("DELETE FROM site;"
		   "CREATE UNIQUE INDEX odd ON site (last_s)");
	beside(1);
	gathers(FACT_ERROR);
	run_behind("DROP INDEX odd");
	assert_company(0, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SITE_TEST(people_meet_where_their_laptops_are),
		SITE_TEST(people_meet_at_one_laptop),
		SITE_TEST(what_is_not_known_is_no_place),
		SITE_TEST(it_is_the_person_and_not_the_account),
		SITE_TEST(the_window_is_the_configurations),
		SITE_TEST(all_that_one_can_say_is_kept),
		SITE_TEST(what_comes_from_no_address_has_none),
		SITE_TEST(what_cannot_be_read_or_kept_is_an_error),
	};

	return cmocka_run_group_tests_name("gather_site", tests, NULL, NULL);
}
