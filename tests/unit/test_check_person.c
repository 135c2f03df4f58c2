/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is compared with the person: countries, home, hours, dates, networks;
 * and exceptions from it. Facts are made by hand, configurations are parsed.
 */
#include "policyd/decide/decide.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

static const char everybody[] = "policy all { countries = {\"DE\"} }";

/* At home in Oslo, known to be so by 20 km. */
static void
set_person(struct facts *f)
{
	struct person *p = &f->person.person;

	set_facts(f);
	set_owner(f, "alice", PERSON_KIND_PERSON);
	p->has_point = true;
	p->latitude = 59.9139;
	p->longitude = 10.7522;
	p->radius_km = 100;
	f->place.has_point = true;
	f->place.latitude = 59.9139;
	f->place.longitude = 10.7522;
	f->place.accuracy_km = 20;
}

static void
add_country(struct person *p, const char *country)
{
	memcpy(p->country[p->ncountries++], country, 3);
}

static void
the_persons_countries_come_before_the_policys(void **state)
{
	struct facts f;

	(void)state;
	set_person(&f);
	assert_found(&f, everybody, "none");
	add_country(&f.person.person, "NO");
	assert_found(&f, everybody, "geo.country");
	add_country(&f.person.person, "DE");
	assert_found(&f, everybody, "none");
	set_place(&f, "NO");
	assert_found(&f, everybody, "none");
	f.person.person.ncountries = 0;
	assert_found(&f, everybody, "geo.country");
	/* nobody's countries, where the inventory could not be read */
	add_country(&f.person.person, "NO");
	f.person.state = FACT_UNKNOWN;
	assert_found(&f, everybody, "person.unknown:account,geo.country");
}

static void
far_is_beyond_the_radius_and_the_databases_doubt(void **state)
{
	struct facts f;

	(void)state;
	set_person(&f);
	/* 417 km away, in Stockholm */
	f.place.latitude = 59.3293;
	f.place.longitude = 18.0686;
	assert_found(&f, everybody, "geo.distance");
	f.place.accuracy_km = 330;
	assert_found(&f, everybody, "none");
	f.place.accuracy_km = -1; /* 200 are assumed */
	assert_found(&f, everybody, "geo.distance");
	f.person.person.radius_km = 230;
	assert_found(&f, everybody, "none");
	f.place.accuracy_km = 20;
	assert_found(&f, everybody, "geo.distance");

	f.place.country_only = true;
	assert_found(&f, everybody, "none");
	f.place.country_only = false;
	f.person.person.radius_km = 0;
	assert_found(&f, everybody, "none");
	f.person.person.radius_km = 100;
	f.person.person.has_point = false;
	assert_found(&f, everybody, "none");
	f.person.person.has_point = true;
	f.place.has_point = false;
	assert_found(&f, everybody, "none");
	f.place.has_point = true;
	f.place.latitude = (double)NAN;
	assert_found(&f, everybody, "geo.distance");
}

static void
an_old_database_is_a_finding_of_its_own(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.place.index = 0;
	f.place.build_s = f.at_s - 61 * 86400;
	f.place.point_build_s = f.at_s;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf->databases[0].max_age_s = 60 * 86400;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.stale");
	assert_string_equal(d.findings.list[0].text,
	    "a.mmdb, which knows the country, is of 2025-11-01, 61 days old, "
	    "and may be 60");
	f.place.build_s = f.at_s - 60 * 86400;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	/* a fresh country does not make an old point fresh */
	f.place.point_build_s = f.at_s - 90 * 86400;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.stale");
	assert_string_equal(d.findings.list[0].text,
	    "a.mmdb, which knows the point, is of 2025-10-03, 90 days old, and "
	    "may be 60");
	f.place.has_point = false;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	/* built tomorrow, where this machine's clock is wrong */
	f.place.build_s = f.at_s + 86400;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf_free(conf);
}

static void
hours_that_are_over_or_cannot_be_judged_are_found(void **state)
{
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.in_hours = false;
	assert_found(&f, everybody, "none"); /* no hours, no rule */
	f.person.person.nspans = 1;
	assert_found(&f, everybody, "time.hours");
	f.person.in_hours = true;
	assert_found(&f, everybody, "none");
	f.person.hours_failed = true;
	assert_found(&f, everybody, "time.hours");
}

static void
who_is_revoked_or_not_valid_is_denied(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.person.valid_from_s = f.at_s;
	f.person.person.valid_until_s = f.at_s + 1;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	f.person.person.valid_from_s = f.at_s + 1;
	decide(&f, conf, &d);
	assert_reason(&d, "person.revoked");
	assert_string_equal(d.findings.list[0].text, "access has not begun");
	f.person.person.valid_from_s = INT64_MIN;
	f.person.person.valid_until_s = f.at_s;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text, "access has ended");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	f.person.person.valid_until_s = INT64_MAX;
	f.person.person.status = PERSON_STATUS_REVOKED;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text, "access is revoked");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	/* also at the machine itself, and inside of a session */
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
whose_access_was_taken_back_is_denied_from_then_on(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.revocation.state = FACT_KNOWN;
	f.revocation.at_s = f.at_s + 1;
	(void)snprintf(f.revocation.reason, sizeof(f.revocation.reason),
	    "left");
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	f.at_s++;
	decide(&f, conf, &d);
	assert_reason(&d, "person.revoked");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_string_equal(d.findings.list[0].text,
	    "access was taken back on 2026-01-01 00:00:01 UTC: left");
	assert_non_null(strstr(decide_next(&d), "farmgatectl unrevoke"));
	f.revocation.reason[0] = '\0';
	f.revocation.at_s = INT64_MIN;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "access was taken back on 1-01-01 00:00:00 UTC");
	f.revocation.state = FACT_UNKNOWN;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf_free(conf);
}

/* Neither of them hides the other, and no exception holds against them. */
static void
the_inventory_and_a_revocation_are_two_reasons(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.person.status = PERSON_STATUS_REVOKED;
	f.revocation.state = FACT_KNOWN;
	f.revocation.at_s = f.at_s;
	add_exception(&f, FINDING_PERSON_REVOKED, "", "");
	decide(&f, conf, &d);
	assert_reason(&d, "person.revoked,person.revoked");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	set_kind(&f, SERVICE_NESTED, "sudo");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
a_service_account_has_networks_instead_of_a_place(void **state)
{
	static const char text[] =
	    "network ci { cidr = {\"198.51.100.0/24\"} label = \"ci\" }\n"
	    "network other { cidr = {\"203.0.113.0/24\"} label = \"o\" }\n"
	    "policy all { countries = {\"NO\"} }";
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.person.kind = PERSON_KIND_SERVICE;
	f.person.person.nspans = 1;
	f.person.in_hours = false;
	f.place.latitude = 0;
	f.person.person.nnetworks = 1;
	(void)snprintf(f.person.person.network[0],
	    sizeof(f.person.person.network[0]), "ci");
	assert_found(&f, text, "person.unknown:elsewhere");
	f.networks.count = 1;
	f.networks.index[0] = 1;
	assert_found(&f, text, "person.unknown:elsewhere,net.listed:o");
	f.networks.index[0] = 0;
	assert_found(&f, text, "net.listed:ci");
	/* whoever becomes it by su comes from where they came */
	set_kind(&f, SERVICE_NESTED, "su");
	f.origin.kind = ORIGIN_ADDRESS;
	f.networks.count = 0;
	assert_found(&f, text, "none");
}

static void
nobody_is_unknown_without_an_inventory(void **state)
{
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.state = FACT_NONE;
	assert_found(&f, everybody, "none");
	f.person.state = FACT_UNKNOWN;
	assert_found(&f, everybody, "person.unknown:account");
}

static void
who_shares_an_account_is_denied_if_nobody_knows_them(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.shared = true;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	f.person.nobody = true;
	decide(&f, conf, &d);
	assert_reason(&d, "person.unknown:shared");
	assert_string_equal(d.findings.list[0].text,
	    "no key says who it is, and the account is shared");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	f.login.key_state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "the key cannot be read, and the account is shared");
	f.login.key_state = FACT_KNOWN;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "the key belongs to nobody who shares the account");
	f.login.keys.n = 2;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "the keys are not all of one who shares the account");
	f.login.key_state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "not every key can be told, and the account is shared");
	/* what is usual for the account holds for a stranger's key, too */
	add_country(&f.person.person, "NO");
	f.place.latitude = 0;
	f.person.person.nspans = 1;
	f.person.in_hours = false;
	decide(&f, conf, &d);
	assert_reason(&d,
	    "person.unknown:shared,geo.country,geo.distance,time.hours");
	conf_free(conf);
}

static void
no_policy_is_that_of_a_shared_accounts_stranger(void **state)
{
	static const char text[] =
	    "policy staff { users = {\"ops\", \"@crew\"} }\n"
	    "policy others { }";
	struct conf *conf = parse(text);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.groups.state = FACT_KNOWN;
	f.person.shared = true;
	(void)snprintf(f.person.person.user, sizeof(f.person.person.user),
	    "ops");
	f.person.person.ngroups = 1;
	(void)snprintf(f.person.person.group[0],
	    sizeof(f.person.person.group[0]), "crew");
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "staff");
	f.person.nobody = true;
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "others");
	/* the account itself may be named all the same */
	(void)snprintf(f.login.user, sizeof(f.login.user), "ops");
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "staff");
	conf_free(conf);
}

static void
a_store_that_cannot_be_read_denies_remotely(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.person.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_reason(&d, "store_unusable");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	set_person(&f);
	f.exceptions.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	set_person(&f);
	f.revocation.state = FACT_ERROR;
	f.revocation.at_s = INT64_MAX;
	decide(&f, conf, &d);
	assert_reason(&d, "store_unusable");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
policies_match_the_person_behind_an_account(void **state)
{
	static const char text[] =
	    "policy staff { users = {\"alice\", \"@crew\"} }\n"
	    "policy others { actions = {\"remote.unknown = deny\"} }";
	struct conf *conf = parse(text);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	(void)snprintf(f.login.user, sizeof(f.login.user), "alice-adm");
	f.groups.state = FACT_KNOWN;
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "staff");
	(void)snprintf(f.person.person.user, sizeof(f.person.person.user),
	    "bob");
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "others");
	/* the inventory's group settles what the system's does not */
	f.person.person.ngroups = 1;
	(void)snprintf(f.person.person.group[0],
	    sizeof(f.person.person.group[0]), "crew");
	f.groups.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_string_equal(d.policy->name, "staff");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	f.person.state = FACT_UNKNOWN;
	decide(&f, conf, &d);
	assert_reason(&d, "groups_unknown"); /* which is all that denies */
	conf_free(conf);
}

static void
an_exception_lets_one_finding_be_logged(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	set_place(&f, "JP");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	add_exception(&f, FINDING_GEO_COUNTRY, "", "JP");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_reason(&d, "geo.country");
	assert_int_equal(d.applied[0].exception, 41);
	assert_int_equal(d.applied[0].action, ACTION_LOG);
	/* in that country, */
	set_place(&f, "CN");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.applied[0].exception, 0);
	f.exceptions.list[0].country[0] = '\0';
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	/* until then, */
	f.exceptions.list[0].until_s = f.at_s;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	/* and for that finding */
	f.exceptions.list[0].until_s = f.at_s + 1;
	f.exceptions.list[0].code = FINDING_GEO_DISTANCE;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
an_exception_holds_for_its_grade_alone(void **state)
{
	static const char text[] =
	    "actions = {\"geo.unknown:no_address = deny\","
	    " \"geo.unknown:not_found = deny\", \"geo.distance = ignore\"}\n"
	    "policy all { countries = {\"DE\"}\n"
	    "on_failure = {\"user_unknown = deny\"} }";
	struct conf *conf = parse(text);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.place.state = FACT_UNKNOWN;
	add_exception(&f, FINDING_GEO_UNKNOWN, "no_address", "");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	(void)snprintf(f.exceptions.list[0].grade,
	    sizeof(f.exceptions.list[0].grade), "not_found");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	/* a country cannot be compared with a place that is not known */
	memcpy(f.exceptions.list[0].country, "DE", 3);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);

	set_person(&f);
	f.place.latitude = 0;
	add_exception(&f, FINDING_GEO_DISTANCE, "", "");
	decide(&f, conf, &d);
	assert_int_equal(d.applied[0].action, ACTION_IGNORE);
	conf_free(conf);
}

static void
what_is_excepted_counts_in_no_combination(void **state)
{
	static const char text[] =
	    "policy all { actions = {\"geo.distance = log\","
	    " \"time.hours = log\"}\n"
	    "combination both { findings = {\"geo.distance\","
	    " \"time.hours\"} action = \"deny\" } }";
	struct conf *conf = parse(text);
	struct decision d;
	struct facts f;

	(void)state;
	set_person(&f);
	f.place.latitude = 0;
	f.person.in_hours = false;
	f.person.person.nspans = 1;
	decide(&f, conf, &d);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	add_exception(&f, FINDING_TIME_HOURS, "", "");
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_persons_countries_come_before_the_policys),
		cmocka_unit_test(
		    far_is_beyond_the_radius_and_the_databases_doubt),
		cmocka_unit_test(an_old_database_is_a_finding_of_its_own),
		cmocka_unit_test(
		    hours_that_are_over_or_cannot_be_judged_are_found),
		cmocka_unit_test(who_is_revoked_or_not_valid_is_denied),
		cmocka_unit_test(
		    whose_access_was_taken_back_is_denied_from_then_on),
		cmocka_unit_test(
		    the_inventory_and_a_revocation_are_two_reasons),
		cmocka_unit_test(
		    a_service_account_has_networks_instead_of_a_place),
		cmocka_unit_test(nobody_is_unknown_without_an_inventory),
		cmocka_unit_test(
		    who_shares_an_account_is_denied_if_nobody_knows_them),
		cmocka_unit_test(
		    no_policy_is_that_of_a_shared_accounts_stranger),
		cmocka_unit_test(a_store_that_cannot_be_read_denies_remotely),
		cmocka_unit_test(policies_match_the_person_behind_an_account),
		cmocka_unit_test(an_exception_lets_one_finding_be_logged),
		cmocka_unit_test(an_exception_holds_for_its_grade_alone),
		cmocka_unit_test(what_is_excepted_counts_in_no_combination),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
