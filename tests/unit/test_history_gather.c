/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What earlier logins say of one: of whom it is asked, how long ago the last
 * one was, and where it was by the databases of now. The store is a fake.
 */
#include "policyd/gather/gather.h"

#include "tests/unit/databases.h"

#include "policyd/crypto.h"
#include "policyd/store/store_history.h"
#include "proto/result.h"

#define BOOT  "11111111-1111-1111-1111-111111111111"
#define OTHER "22222222-2222-2222-2222-222222222222"
#define DAY   INT64_C(86400)
#define NOW_S 1795435200
#define UP_S  1000

struct store {
	int fail_last;
	int fail_asn;
	int fail_sharers;
	bool none;
	struct store_login last;
	struct store_login newer[3]; /* than that one, the newest first */
	size_t nnewer;
	uint32_t days;
	size_t nsharers;
	/* what was asked */
	unsigned int asked;
	char person[FG_USER_MAX + 1];
	uint32_t asn;
	uint32_t max;
	int64_t since_s;
	int64_t until_s;
	struct addr addr;
};

static struct store store;
static struct conf *conf;
static struct geo *geo;
static struct facts facts;

static void
asked_for(struct store *s, const char *person)
{
	if (s->asked++ > 0)
		assert_string_equal(s->person, person);
	(void)snprintf(s->person, sizeof(s->person), "%s", person);
}

int
store_history_recent(struct store *s, const char *person,
    struct store_login *ret_list, size_t max, size_t *ret_n)
{
	asked_for(s, person);
	assert_true(max >= 3);
	*ret_n = 0;
	if (s->none || s->fail_last != 0)
		return s->none ? 0 : s->fail_last;
	memcpy(ret_list, s->newer, s->nnewer * sizeof(*ret_list));
	ret_list[s->nnewer] = s->last;
	*ret_n = s->nnewer + 1;
	return 0;
}

int
store_history_days(struct store *s, const char *person, uint32_t asn,
    int64_t until_s, uint32_t max, uint32_t *ret_n)
{
	asked_for(s, person);
	s->asn = asn;
	s->until_s = until_s;
	s->max = max;
	*ret_n = s->fail_asn == 0 ? s->days : 0;
	return s->fail_asn;
}

int
store_history_sharers(struct store *s, const struct addr *addr,
    const char *person, int64_t since_s, char (*ret_people)[FG_USER_MAX + 1],
    size_t max, size_t *ret_n)
{
	size_t i;

	asked_for(s, person);
	assert_int_equal(max, FACT_SHARERS_MAX);
	s->addr = *addr;
	s->since_s = since_s;
	*ret_n = 0;
	if (s->fail_sharers != 0)
		return s->fail_sharers;
	for (i = 0; i < s->nsharers && i < max; i++)
		(void)snprintf(ret_people[i], FG_USER_MAX + 1, "other%zu", i);
	*ret_n = i;
	return 0;
}

/* With the databases of the folder, and the test's own networks. */
static void
open_conf(const char *text)
{
	struct conf_errors errors = { 0 };
	char all[1024];

	(void)snprintf(all, sizeof(all),
	    "database city { files = \"%s/city.mmdb\" }\n"
	    "database asn { files = \"%s/asn.mmdb\" }\n"
	    "network home { cidr = \"198.51.100.0/24\" place = DE }\n"
	    "network exits { cidr = \"81.2.69.0/24\" label = exits }\n%s",
	    folder, folder, text);
	if (conf_parse("t.conf", all, strlen(all), &conf, &errors) != 0)
		conf_errors_print(&errors, stderr);
	assert_non_null(conf);
	assert_int_equal(geo_open(conf, NULL, &geo, &errors), 0);
	conf_errors_print(&errors, stderr);
	assert_int_equal(errors.count, 0);
}

static void
close_conf(void)
{
	geo_free(geo);
	conf_free(conf);
	geo = NULL;
	conf = NULL;
}

static void
set_address(struct fact_origin *origin, const char *text)
{
	memset(origin, 0, sizeof(*origin));
	origin->kind = ORIGIN_ADDRESS;
	assert_int_equal(addr_parse(text, &origin->addr), 0);
	origin->cls = addr_classify(&origin->addr);
}

/* Alice from Sweden, and an hour ago from London. */
static void
set_login(void)
{
	memset(&store, 0, sizeof(store));
	memset(&facts, 0, sizeof(facts));
	facts.kind = SERVICE_REMOTE;
	facts.at_s = NOW_S;
	facts.boot_s = 2 * DAY;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "alice");
	set_address(&facts.origin, "89.160.20.128");
	facts.asn.state = FACT_KNOWN;
	facts.asn.number = 64500;
	(void)snprintf(store.last.ref, sizeof(store.last.ref), "7F3K-Q2MN");
	(void)snprintf(store.last.boot_id, sizeof(store.last.boot_id), BOOT);
	assert_int_equal(addr_parse("81.2.69.142", &store.last.addr), 0);
	store.last.at_s = NOW_S - 3600;
	store.last.boot_s = 2 * DAY - 3600;
	store.days = 2;
	store.nsharers = 3;
}

static void
gather(void)
{
	memset(&facts.history, 0x55, sizeof(facts.history));
	store.asked = 0;
	gather_history(&store, BOOT, conf, geo, &facts);
}

static void
assert_nothing(unsigned int asked)
{
	gather();
	assert_int_equal(store.asked, asked);
	assert_int_equal(facts.history.last.state, FACT_NONE);
	assert_int_equal(facts.history.asn_state, FACT_NONE);
	assert_int_equal(facts.history.asn_days, 0);
	if (asked == 0) {
		assert_int_equal(facts.history.sharers_state, FACT_NONE);
		assert_int_equal(facts.history.nsharers, 0);
	}
}

static void
all_of_it_is_known(void **state)
{
	const struct fact_history *h = &facts.history;

	(void)state;
	open_conf("asn_learning = 5 shared_window = 7d");
	set_login();
	gather();
	assert_int_equal(store.asked, 3);
	assert_string_equal(store.person, "alice");
	assert_int_equal(h->last.state, FACT_KNOWN);
	assert_string_equal(h->last.ref, "7F3K-Q2MN");
	assert_int_equal(h->last.at_s, NOW_S - 3600);
	assert_true(h->last.ago_known);
	assert_int_equal(h->last.ago_s, 3600);
	assert_int_equal(h->last.origin.kind, ORIGIN_ADDRESS);
	assert_int_equal(h->last.origin.cls, ADDR_PUBLIC);
	assert_int_equal(h->last.place.state, FACT_KNOWN);
	assert_string_equal(h->last.place.city, "London");
	assert_true(h->last.place.has_point);
	assert_int_equal(h->last.asn.number, 20712);
	assert_int_equal(h->last.networks.count, 1);
	assert_int_equal(h->last.networks.index[0], 1);

	assert_int_equal(store.asn, 64500);
	assert_int_equal(store.max, 5);
	assert_int_equal(h->asn_state, FACT_KNOWN);
	assert_int_equal(h->asn_days, 2);
	/* Today counts, and no day after it. */
	assert_int_equal(NOW_S % DAY, DAY / 2);
	assert_true(store.until_s == NOW_S + DAY / 2);
	facts.at_s = NOW_S + DAY / 2 - 1;
	gather();
	assert_true(store.until_s == NOW_S + DAY / 2);
	facts.at_s = NOW_S + DAY / 2;
	gather();
	assert_true(store.until_s == NOW_S + DAY / 2 + DAY);
	facts.at_s = 5; /* it was never set: all days are to come by it */
	gather();
	assert_true(store.until_s == INT64_MAX);
	facts.at_s = NOW_S;
	gather();

	assert_memory_equal(&store.addr, &facts.origin.addr,
	    sizeof(store.addr));
	assert_int_equal(store.since_s, NOW_S - 7 * DAY);
	assert_int_equal(h->sharers_state, FACT_KNOWN);
	assert_int_equal(h->nsharers, 3);
	assert_string_equal(h->sharer[2], "other2");
	close_conf();
}

/* Else one from where nobody knows would hide any journey. */
static void
a_login_that_says_nothing_does_not_hide_the_one_before(void **state)
{
	static const char *const nothing[] = { "10.0.0.1", "198.51.100.7",
		"192.0.2.1" };
	size_t i;

	(void)state;
	open_conf("");
	set_login();
	store.nnewer = N_ELEMENTS(nothing);
	for (i = 0; i < N_ELEMENTS(nothing); i++) {
		store.newer[i] = store.last;
		store.newer[i].at_s += 60;
		(void)snprintf(store.newer[i].ref, sizeof(store.newer[i].ref),
		    "NEWER-%zu", i);
		assert_int_equal(addr_parse(nothing[i], &store.newer[i].addr),
		    0);
	}
	gather();
	assert_int_equal(facts.history.last.state, FACT_KNOWN);
	assert_string_equal(facts.history.last.ref, "7F3K-Q2MN");
	assert_string_equal(facts.history.last.place.city, "London");
	/* where none says anything the newest is told */
	assert_int_equal(addr_parse("10.0.0.9", &store.last.addr), 0);
	gather();
	assert_string_equal(facts.history.last.ref, "NEWER-0");
	assert_false(facts.history.last.place.has_point);
	close_conf();
}

static void
only_logins_from_an_address_have_a_history(void **state)
{
	static const enum service_kind kinds[] = { SERVICE_NONE, SERVICE_NESTED,
		SERVICE_CONSOLE, SERVICE_EXEMPT };
	size_t i;

	(void)state;
	open_conf("");
	for (i = 0; i < N_ELEMENTS(kinds); i++) {
		set_login();
		facts.kind = kinds[i];
		assert_nothing(0);
	}
	set_login();
	facts.origin.kind = ORIGIN_NO_ADDRESS;
	assert_nothing(0);
	set_login();
	facts.login.user[0] = '\0';
	assert_nothing(0);
	set_login();
	memset(&facts.history, 0x55, sizeof(facts.history));
	gather_history(NULL, BOOT, conf, geo, &facts);
	assert_int_equal(facts.history.last.state, FACT_NONE);
	close_conf();
}

static void
it_is_the_persons_if_there_is_one(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	facts.person.state = FACT_KNOWN;
	facts.person.person.kind = PERSON_KIND_VENDOR;
	(void)snprintf(facts.person.person.user,
	    sizeof(facts.person.person.user), "mallory");
	gather();
	assert_int_equal(store.asked, 3);
	assert_string_equal(store.person, "mallory");
	facts.person.state = FACT_UNKNOWN;
	gather();
	assert_string_equal(store.person, "alice");
	close_conf();
}

static void
of_a_service_account_only_sharers_are_asked(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	facts.person.state = FACT_KNOWN;
	facts.person.person.kind = PERSON_KIND_SERVICE;
	(void)snprintf(facts.person.person.user,
	    sizeof(facts.person.person.user), "robot");
	assert_nothing(1);
	assert_int_equal(facts.history.sharers_state, FACT_KNOWN);
	assert_int_equal(facts.history.nsharers, 3);
	assert_string_equal(store.person, "robot");
	close_conf();
}

static void
a_system_that_is_not_known_is_not_counted(void **state)
{
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN,
		FACT_ERROR };
	size_t i;

	(void)state;
	open_conf("");
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_login();
		facts.asn.state = states[i];
		gather();
		assert_int_equal(store.asked, 2);
		assert_int_equal(facts.history.asn_state, FACT_NONE);
		assert_int_equal(facts.history.last.state, FACT_KNOWN);
	}
	close_conf();
}

static void
assert_ago(bool known, int64_t ago_s)
{
	gather();
	assert_int_equal(facts.history.last.state, FACT_KNOWN);
	assert_int_equal(facts.history.last.ago_known, known);
	assert_int_equal(facts.history.last.ago_s, known ? ago_s : 0);
}

static void
within_a_boot_no_clock_that_is_set_counts(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	facts.at_s = NOW_S + 400 * DAY;
	assert_ago(true, 3600);
	facts.at_s = NOW_S - 400 * DAY;
	assert_ago(true, 3600);
	/* the machine slept for a day: that clock went on */
	facts.boot_s += DAY;
	assert_ago(true, DAY + 3600);
	facts.boot_s = store.last.boot_s;
	assert_ago(true, 0);
	facts.boot_s--;
	assert_ago(false, 0);
	store.last.boot_s = -1;
	assert_ago(false, 0);
	close_conf();
}

static void
after_a_boot_the_wall_clock_counts(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	(void)snprintf(store.last.boot_id, sizeof(store.last.boot_id), OTHER);
	facts.boot_s = UP_S;
	facts.at_s = NOW_S + 60;
	assert_ago(true, 3660);
	facts.at_s = store.last.at_s;
	assert_ago(true, 0);
	facts.at_s--;
	assert_ago(false, 0);
	facts.at_s = NOW_S;
	store.last.at_s = INT64_MIN;
	assert_ago(false, 0);
	/* whoever does not know the boot has the wall clock alone */
	set_login();
	facts.at_s = NOW_S + 60;
	gather_history(&store, NULL, conf, geo, &facts);
	assert_int_equal(facts.history.last.ago_s, 3660);
	store.last.boot_id[0] = '\0';
	gather_history(&store, "", conf, geo, &facts);
	assert_int_equal(facts.history.last.ago_s, 3660);
	close_conf();
}

/* A name or a list that was given later counts for both ends. */
static void
the_last_address_is_looked_up_by_what_is_known_now(void **state)
{
	const struct fact_last *last = &facts.history.last;

	(void)state;
	open_conf("asn phones { numbers = AS20712 kind = mobile }");
	set_login();
	(void)snprintf(store.last.country, sizeof(store.last.country), "FR");
	store.last.asn = 64999;
	gather();
	assert_string_equal(last->place.country, "GB");
	assert_true(last->place.country_only);
	assert_int_equal(last->asn.number, 20712);
	assert_int_equal(addr_parse("198.51.100.1", &store.last.addr), 0);
	gather();
	assert_string_equal(last->place.country, "DE");
	assert_false(last->place.has_point);
	assert_int_equal(last->asn.state, FACT_NONE);
	assert_int_equal(addr_parse("10.0.0.1", &store.last.addr), 0);
	gather();
	assert_int_equal(last->state, FACT_KNOWN);
	assert_int_equal(last->place.state, FACT_NONE);
	assert_int_equal(last->origin.cls, ADDR_PRIVATE);
	close_conf();
}

static void
the_first_login_has_none_before_it(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	store.none = true;
	store.days = 0;
	store.nsharers = 0;
	gather();
	assert_int_equal(facts.history.last.state, FACT_UNKNOWN);
	assert_int_equal(facts.history.last.origin.kind, ORIGIN_NONE);
	assert_int_equal(facts.history.asn_state, FACT_KNOWN);
	assert_int_equal(facts.history.asn_days, 0);
	assert_int_equal(facts.history.sharers_state, FACT_KNOWN);
	assert_int_equal(facts.history.nsharers, 0);
	close_conf();
}

static void
each_question_fails_by_itself(void **state)
{
	const struct fact_history *h = &facts.history;

	(void)state;
	open_conf("");
	set_login();
	store.fail_last = FG_ERR_BUSY;
	gather();
	assert_int_equal(h->last.state, FACT_ERROR);
	assert_int_equal(h->last.origin.kind, ORIGIN_NONE);
	assert_int_equal(h->asn_state, FACT_KNOWN);
	assert_int_equal(h->sharers_state, FACT_KNOWN);
	set_login();
	store.fail_asn = FG_ERR_SYSTEM;
	gather();
	assert_int_equal(h->last.state, FACT_KNOWN);
	assert_int_equal(h->asn_state, FACT_ERROR);
	assert_int_equal(h->sharers_state, FACT_KNOWN);
	set_login();
	store.fail_sharers = FG_ERR_LIMIT;
	gather();
	assert_int_equal(h->last.state, FACT_KNOWN);
	assert_int_equal(h->asn_state, FACT_KNOWN);
	assert_int_equal(h->sharers_state, FACT_ERROR);
	assert_int_equal(h->nsharers, 0);
	close_conf();
}

static void
whose_it_is_may_not_be_known(void **state)
{
	(void)state;
	open_conf("");
	set_login();
	facts.person.state = FACT_ERROR;
	gather();
	assert_int_equal(store.asked, 0);
	assert_int_equal(facts.history.last.state, FACT_ERROR);
	assert_int_equal(facts.history.asn_state, FACT_ERROR);
	assert_int_equal(facts.history.sharers_state, FACT_ERROR);
	facts.asn.state = FACT_NONE;
	gather();
	assert_int_equal(facts.history.asn_state, FACT_NONE);
	close_conf();
}

static int
set_up_all(void **state)
{
	return crypto_init() != 0 ? -1 : set_up(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_known),
		cmocka_unit_test(
		    a_login_that_says_nothing_does_not_hide_the_one_before),
		cmocka_unit_test(only_logins_from_an_address_have_a_history),
		cmocka_unit_test(it_is_the_persons_if_there_is_one),
		cmocka_unit_test(of_a_service_account_only_sharers_are_asked),
		cmocka_unit_test(a_system_that_is_not_known_is_not_counted),
		cmocka_unit_test(within_a_boot_no_clock_that_is_set_counts),
		cmocka_unit_test(after_a_boot_the_wall_clock_counts),
		cmocka_unit_test(
		    the_last_address_is_looked_up_by_what_is_known_now),
		cmocka_unit_test(the_first_login_has_none_before_it),
		cmocka_unit_test(each_question_fails_by_itself),
		cmocka_unit_test(whose_it_is_may_not_be_known),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down);
}
