/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the store to the decision: earlier logins and revocations count for
 * those who come next, by the same path as in the daemon.
 */
#include "policyd/ruleset.h"

#include "tests/unit/storing.h"

#include "policyd/crypto.h"

#define NOW_S INT64_C(1795435200)
#define BOOT  "11111111-1111-1111-1111-111111111111"

static struct facts facts;
static struct decision decision;

static void
add_login(struct store *store, const char *person, const char *addr,
    int64_t ago_s)
{
	struct store_login l = { .asn = 64500 };

	(void)snprintf(l.person, sizeof(l.person), "%s", person);
	(void)snprintf(l.ref, sizeof(l.ref), "7F3K-Q2MN");
	(void)snprintf(l.service, sizeof(l.service), "sshd");
	(void)snprintf(l.boot_id, sizeof(l.boot_id), BOOT);
	assert_int_equal(addr_parse(addr, &l.addr), 0);
	l.at_s = NOW_S - ago_s;
	l.boot_s = 1000000 - ago_s;
	assert_int_equal(store_history_add(store, &l), 0);
}

static struct conf *
parse_conf(const char *text)
{
	struct conf_errors errors = { 0 };
	struct conf *conf;

	if (conf_parse("t.conf", text, strlen(text), &conf, &errors) != 0)
		conf_errors_print(&errors, stderr);
	assert_non_null(conf);
	return conf;
}

/* user from 203.0.113.7 by ssh. */
static void
decide_login(struct store *store, struct conf *conf, const char *user)
{
	struct ruleset rs = { .conf = conf, .users = 1 };
	const struct ruleset_sources from = { .store = store, .boot_id = BOOT };
	struct conf_errors errors = { 0 };

	assert_int_equal(geo_open(conf, NULL, &rs.geo, &errors), 0);
	memset(&facts, 0, sizeof(facts));
	facts.at_s = NOW_S;
	facts.boot_s = 1000000;
	(void)snprintf(facts.login.user, sizeof(facts.login.user), "%s", user);
	(void)snprintf(facts.login.service, sizeof(facts.login.service),
	    "sshd");
	(void)snprintf(facts.login.rhost, sizeof(facts.login.rhost),
	    "203.0.113.7");
	ruleset_decide(&rs, &from, &facts, &decision);
	geo_free(rs.geo);
	conf_errors_done(&errors);
}

static void
assert_decided(enum fg_verdict verdict, const char *reason)
{
	char buf[FG_REASON_MAX + 1];

	assert_string_equal(decide_reason(&decision, buf), reason);
	assert_int_equal(decision.verdict, verdict);
}

static void
people_behind_one_address_are_counted(void **state)
{
	struct conf *conf = parse_conf(
	    "shared_window = 1h\n"
	    "policy all { actions = {\"session.shared_source = deny\",\n"
	    "\"geo.unknown:not_found = ignore\"} }");
	struct store *store = open_store();

	(void)state;
	add_login(store, "bob", "203.0.113.7", 60);
	add_login(store, "carol", "203.0.113.7", 3601);
	add_login(store, "dave", "203.0.113.8", 60);
	add_login(store, "alice", "203.0.113.7", 60);
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_ALLOW, "none");
	assert_int_equal(facts.history.nsharers, 1);
	assert_string_equal(facts.history.sharer[0], "bob");
	assert_int_equal(facts.history.last.state, FACT_KNOWN);
	assert_int_equal(facts.history.last.ago_s, 60);
	assert_string_equal(facts.history.last.ref, "7F3K-Q2MN");
	add_login(store, "carol", "203.0.113.7", 3600);
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_DENY, "session.shared_source");
	decide_login(store, conf, "bob");
	assert_decided(FG_VERDICT_DENY, "session.shared_source");
	assert_int_equal(facts.history.nsharers, 2);
	store_close(store);
	conf_free(conf);
}

static void
a_revocation_holds_from_its_time_on(void **state)
{
	struct conf *conf = parse_conf(
	    "policy all { actions = \"geo.unknown:not_found = ignore\" }");
	struct store_revocation r = {
		.user = "alice", .at_s = NOW_S + 1, .reason = "left"
	};
	struct store *store = open_store();

	(void)state;
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_ALLOW, "none");
	assert_int_equal(facts.revocation.state, FACT_UNKNOWN);
	assert_int_equal(store_revocation_put(store, &r), 0);
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_ALLOW, "none");
	assert_int_equal(facts.revocation.state, FACT_KNOWN);
	r.at_s = NOW_S;
	assert_int_equal(store_revocation_put(store, &r), 0);
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_DENY, "person.revoked");
	assert_string_equal(facts.revocation.reason, "left");
	decide_login(store, conf, "bob");
	assert_decided(FG_VERDICT_ALLOW, "none");
	assert_int_equal(store_revocation_remove(store, "alice", 1, &r), 0);
	decide_login(store, conf, "alice");
	assert_decided(FG_VERDICT_ALLOW, "none");
	store_close(store);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(people_behind_one_address_are_counted),
		STORE_TEST(a_revocation_holds_from_its_time_on),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
