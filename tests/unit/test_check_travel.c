/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.travel: which journeys are impossible, and above all what looks like one
 * and is none (GEO-09).
 */
#include "policyd/decide/decide.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/geo/distance.h"
#include "tests/unit/deciding.h"

#define OSLO	  59.9139, 10.7522
#define STOCKHOLM 59.3293, 18.0686
#define SYDNEY	  -33.8688, 151.2093

static const char everybody[] =
    "network home { cidr = \"192.0.2.0/24\" label = home }\n"
    "network exits { cidr = \"198.51.100.0/24\" label = exits }\n"
    "network gateway { cidr = \"203.0.113.0/25\" trust = place }\n"
    "network hub { cidr = \"203.0.113.128/25\" trust = bastion }\n"
    "policy all { }\n";

enum {
	HOME,
	EXITS,
	GATEWAY,
	HUB
};

static void
set_point(struct fact_place *place, double latitude, double longitude)
{
	place->has_point = true;
	place->latitude = latitude;
	place->longitude = longitude;
	place->accuracy_km = 20;
}

/* In Oslo, and six hours ago in Sydney: 15,949 km. */
static void
set_journey(struct facts *f)
{
	struct fact_last *last = &f->history.last;

	set_facts(f);
	set_place(f, "NO");
	set_point(&f->place, OSLO);
	f->asn.state = FACT_KNOWN;
	f->asn.number = 64500;
	last->state = FACT_KNOWN;
	(void)snprintf(last->ref, sizeof(last->ref), "7F3K-Q2MN");
	last->ago_known = true;
	last->ago_s = 6 * 3600;
	last->at_s = f->at_s - last->ago_s;
	last->origin = f->origin;
	set_address(&last->origin, "5.1.81.1");
	last->place = f->place;
	set_point(&last->place, SYDNEY);
	memcpy(last->place.country, "AU", 3);
	last->asn = f->asn;
	last->asn.number = 64501;
}

static void
assert_travel(const struct facts *f, const char *text, bool found)
{
	struct conf *conf = parse(text);
	struct decision d;
	char reason[FG_REASON_MAX + 1];
	bool has;

	decide(f, conf, &d);
	has = strstr(decide_reason(&d, reason), "geo.travel") != NULL;
	if (has != found)
		fail_msg("%s", reason);
	conf_free(conf);
}

static void
impossible(const struct facts *f)
{
	assert_travel(f, everybody, true);
}

static void
possible(const struct facts *f)
{
	assert_travel(f, everybody, false);
}

static void
the_evidence_explains_the_numbers(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_journey(&f);
	decide(&f, conf, &d);
	assert_reason(&d, "geo.travel");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_string_equal(d.findings.list[0].text,
	    "15909 km in 6 h, 2652 km/h where 900 is possible (15949 km less "
	    "20 and 20 of doubt): from 5.1.81.1 (AU, AS64501) in 7F3K-Q2MN to "
	    "5.1.80.1 (NO, AS64500)");

	f.history.last.place.accuracy_km = -1;
	f.asn.state = FACT_NONE;
	f.asn.number = 0;
	(void)snprintf(f.place.city, sizeof(f.place.city), "Oslo");
	(void)snprintf(f.history.last.place.city,
	    sizeof(f.history.last.place.city), "Sydney");
	decide(&f, conf, &d);
	assert_string_equal(d.findings.list[0].text,
	    "15729 km in 6 h, 2622 km/h where 900 is possible (15949 km less "
	    "200 (assumed) and 20 of doubt): from 5.1.81.1 (AU, AS64501) in "
	    "7F3K-Q2MN to 5.1.80.1 (NO); Sydney to Oslo");
	conf_free(conf);
}

static void
numbers_come_before_what_is_cut(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_journey(&f);
	set_address(&f.origin, "2a00:1111:2222:3333:4444:5555:6666:7777");
	set_address(&f.history.last.origin,
	    "2a00:8888:2222:3333:4444:5555:6666:7777");
	memset(f.place.city, 'b', sizeof(f.place.city) - 1);
	memset(f.history.last.place.city, 'a',
	    sizeof(f.history.last.place.city) - 1);
	decide(&f, conf, &d);
	assert_reason(&d, "geo.travel");
	assert_non_null(strstr(d.findings.list[0].text,
	    "to 2a00:1111:2222:3333:4444:5555:6666:7777 (NO, AS64500)"));
	conf_free(conf);
}

static void
slow_journeys_are_possible(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	f.history.last.ago_s = 17 * 3600;
	impossible(&f);
	f.history.last.ago_s = 18 * 3600;
	possible(&f);
}

static void
what_is_exactly_at_a_limit_is_possible(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;
	double km;

	(void)state;
	set_journey(&f);
	km = geo_distance_km(SYDNEY, OSLO) - 20 - 20;
	conf->travel_floor_km = km;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf->travel_floor_km = nextafter(km, 0);
	decide(&f, conf, &d);
	assert_reason(&d, "geo.travel");

	conf->max_speed_kmh = km * 3600 / (6 * 3600);
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf->max_speed_kmh = nextafter(conf->max_speed_kmh, 0);
	decide(&f, conf, &d);
	assert_reason(&d, "geo.travel");
	conf_free(conf);
}

static void
the_doubt_about_both_ends_is_taken_off(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	set_point(&f.history.last.place, STOCKHOLM); /* 417 km */
	f.history.last.ago_s = 60;
	impossible(&f);
	/* below the floor of 100 km */
	f.place.accuracy_km = 300;
	possible(&f);
	f.place.accuracy_km = 20;
	f.history.last.place.accuracy_km = 300;
	possible(&f);
	/* radii bigger than the distance */
	f.place.accuracy_km = 1000;
	f.history.last.place.accuracy_km = 1000;
	possible(&f);
	/* 200 km are assumed of each that says nothing */
	f.place.accuracy_km = -1;
	f.history.last.place.accuracy_km = -1;
	possible(&f);
	f.history.last.place.accuracy_km = 0;
	impossible(&f);
	assert_travel(&f, "missing_accuracy = 400km\npolicy all { }", false);
}

static void
one_metropolis_is_no_journey(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	set_point(&f.history.last.place, 59.7389, 10.2017); /* Drammen */
	f.place.accuracy_km = f.history.last.place.accuracy_km = 0;
	f.history.last.ago_s = 1;
	possible(&f);
	assert_travel(&f, "travel_floor = 30km\npolicy all { }", true);
	assert_travel(&f, "travel_floor = 40km\npolicy all { }", false);
}

static void
equal_times_are_a_second_apart(void **state)
{
	struct conf *conf = parse(everybody);
	struct decision d;
	struct facts f;

	(void)state;
	set_journey(&f);
	f.history.last.ago_s = 0;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.travel");
	assert_non_null(strstr(d.findings.list[0].text, "in 1 s, "));
	f.history.last.ago_s = 1;
	impossible(&f);
	/* at one place */
	f.history.last.ago_s = 0;
	set_point(&f.history.last.place, OSLO);
	possible(&f);
	conf_free(conf);
}

static void
a_clock_that_was_set_back_tells_nothing(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	f.history.last.ago_known = false;
	possible(&f);
	f.history.last.ago_known = true;
	f.history.last.ago_s = -1;
	possible(&f);
	f.history.last.ago_s = INT64_MIN;
	possible(&f);
	f.history.last.ago_s = INT64_MAX;
	possible(&f);
}

static void
without_a_last_login_there_is_no_journey(void **state)
{
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN };
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_journey(&f);
		f.history.last.state = states[i];
		possible(&f);
	}
	set_journey(&f);
	set_no_address(&f);
	possible(&f);
}

static void
without_a_point_there_is_no_journey(void **state)
{
	struct fact_place *places[2];
	struct facts f;
	size_t i;

	(void)state;
	places[0] = &f.place;
	places[1] = &f.history.last.place;
	for (i = 0; i < N_ELEMENTS(places); i++) {
		set_journey(&f);
		places[i]->has_point = false;
		possible(&f);
		set_journey(&f);
		places[i]->state = FACT_UNKNOWN;
		possible(&f);
		set_journey(&f);
		places[i]->state = FACT_ERROR;
		possible(&f);
		/* a mobile network's place is that of a gateway */
		set_journey(&f);
		places[i]->country_only = true;
		possible(&f);
	}
	/* what is no number at all is told */
	set_journey(&f);
	f.place.latitude = (double)NAN;
	impossible(&f);
}

static void
the_other_family_of_one_line_is_no_journey(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	f.history.last.ago_s = 240;
	set_address(&f.origin, "2a00:1::1");
	impossible(&f);
	f.history.last.asn.number = 64500;
	possible(&f);
	set_address(&f.origin, "5.1.80.1");
	set_address(&f.history.last.origin, "2a00:1::1");
	possible(&f);
	/* within one family the AS excuses nothing */
	set_address(&f.origin, "2a00:2::1");
	impossible(&f);
	/* nor does one that is not known: 0 is none */
	set_journey(&f);
	set_address(&f.origin, "2a00:1::1");
	f.asn.number = f.history.last.asn.number = 0;
	f.asn.state = f.history.last.asn.state = FACT_UNKNOWN;
	impossible(&f);
}

/* Its place moved, because the database did; zones are no part of it. */
static void
the_same_address_is_no_journey(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	f.history.last.origin = f.origin;
	possible(&f);
	(void)snprintf(f.origin.addr.zone, sizeof(f.origin.addr.zone), "x");
	possible(&f);
	/* addresses of one /64 are two all the same */
	set_address(&f.origin, "2a00:1::1");
	set_address(&f.history.last.origin, "2a00:1::2");
	impossible(&f);
}

static void
set_networks(struct fact_networks *networks, size_t a, size_t b)
{
	networks->count = 2;
	networks->index[0] = a;
	networks->index[1] = b;
}

static void
two_exits_of_one_network_are_no_journey(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	set_networks(&f.networks, HOME, EXITS);
	impossible(&f);
	set_networks(&f.history.last.networks, EXITS, EXITS);
	possible(&f);
	f.networks.count = 1;
	impossible(&f);
	f.history.last.networks.index[1] = HOME;
	possible(&f);
}

static void
trusted_networks_are_no_journey(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	set_networks(&f.networks, HOME, GATEWAY);
	possible(&f);
	set_networks(&f.networks, HUB, HOME);
	possible(&f);
	f.networks.count = 0;
	set_networks(&f.history.last.networks, GATEWAY, HOME);
	possible(&f);
	set_networks(&f.history.last.networks, HOME, HUB);
	possible(&f);
	set_networks(&f.history.last.networks, HOME, HOME);
	impossible(&f);
}

static void
only_people_travel(void **state)
{
	struct facts f;

	(void)state;
	set_journey(&f);
	set_owner(&f, "", PERSON_KIND_PERSON);
	impossible(&f);
	f.person.person.kind = PERSON_KIND_VENDOR;
	impossible(&f);
	f.person.person.kind = PERSON_KIND_SERVICE;
	possible(&f);
}

static void
rules_exceptions_and_combinations_know_it(void **state)
{
	static const char denies[] =
	    "database city { files = \"/nonexistent\" }\n"
	    "policy all { actions = {\"geo.travel = deny\"} }";
	static const char together[] =
	    "database city { files = \"/nonexistent\" }\n"
	    "policy all { combination c {\n"
	    "findings = {\"geo.travel\", \"remote.unknown\"}\n"
	    "action = deny } }";
	struct conf *conf = parse(denies);
	struct decision d;
	struct facts f;

	(void)state;
	set_journey(&f);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_string_equal(decide_next(&d),
	    finding_info(FINDING_GEO_TRAVEL)->next);
	add_exception(&f, FINDING_GEO_TRAVEL, "", "")->id = 7;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_int_equal(d.applied[0].exception, 7);
	conf_free(conf);

	conf = parse(together);
	f.peer.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	f.exceptions.count = 0;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_evidence_explains_the_numbers),
		cmocka_unit_test(numbers_come_before_what_is_cut),
		cmocka_unit_test(slow_journeys_are_possible),
		cmocka_unit_test(what_is_exactly_at_a_limit_is_possible),
		cmocka_unit_test(the_doubt_about_both_ends_is_taken_off),
		cmocka_unit_test(one_metropolis_is_no_journey),
		cmocka_unit_test(equal_times_are_a_second_apart),
		cmocka_unit_test(a_clock_that_was_set_back_tells_nothing),
		cmocka_unit_test(without_a_last_login_there_is_no_journey),
		cmocka_unit_test(without_a_point_there_is_no_journey),
		cmocka_unit_test(the_other_family_of_one_line_is_no_journey),
		cmocka_unit_test(the_same_address_is_no_journey),
		cmocka_unit_test(two_exits_of_one_network_are_no_journey),
		cmocka_unit_test(trusted_networks_are_no_journey),
		cmocka_unit_test(only_people_travel),
		cmocka_unit_test(rules_exceptions_and_combinations_know_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
