/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clusters of people who came from the same places: who belongs together, what
 * is counted, and in which order they come.
 */
#include "ctl/farm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PEOPLE	9u
#define SOURCES 12u
#define RANDOMS 500

static struct farm farm;
static enum farm_why why = FARM_ADDRESS; /* of what is added */

static int
empty(void **state)
{
	(void)state;
	farm_done(&farm);
	why = FARM_ADDRESS;
	return 0;
}

/* A login: of whom, from where, on which machine. */
static void
add(const char *person, const char *source, const char *host,
    const char *excused, int64_t last_s)
{
	char p[32], s[32], h[32], e[32], none[] = "";
	const struct farm_login l = { .why = why,
		.source = s,
		.asset = none,
		.person = p,
		.host = h,
		.country = none,
		.excused = e,
		.logins = 2,
		.first_s = last_s - 10,
		.last_s = last_s };

	(void)snprintf(p, sizeof(p), "%s", person);
	(void)snprintf(s, sizeof(s), "%s", source);
	(void)snprintf(h, sizeof(h), "%s", host);
	(void)snprintf(e, sizeof(e), "%s", excused);
	assert_int_equal(farm_add(&farm, &l), 0);
}

static void
came(const char *person, const char *source)
{
	add(person, source, "", "", 1000);
}

/* What a laptop has said of where it was. */
static void
said(enum farm_why what, const char *person, const char *source)
{
	why = what;
	came(person, source);
	why = FARM_ADDRESS;
}

static void
want_clusters(size_t n)
{
	assert_int_equal(farm_cluster(&farm), 0);
	assert_int_equal(farm.nclusters, n);
}

static void
want_counts(size_t k, size_t people, size_t sources, size_t hosts)
{
	assert_int_equal(farm.clusters[k].people, people);
	assert_int_equal(farm.clusters[k].sources, sources);
	assert_int_equal(farm.clusters[k].hosts, hosts);
}

/* Of cluster k, in the order that they have. */
static void
want_people(size_t k, const char *want)
{
	char text[256] = "";
	size_t i, len = 0;

	for (i = 0; i < farm.nlogins; i++)
		if (farm.logins[i].cluster == k)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s%s@%s", len > 0 ? " " : "",
			    farm.logins[i].person, farm.logins[i].source);
	assert_string_equal(text, want);
}

/* ---- who belongs together ---------------------------------------------- */

static void
nobody_is_no_cluster(void **state)
{
	(void)state;
	want_clusters(0);
	came("alice", "192.0.2.1");
	came("alice", "192.0.2.2");
	came("bob", "192.0.2.3");
	want_clusters(0);
	assert_int_equal(farm.nlogins, 0);
}

static void
two_people_at_one_source_are_a_cluster(void **state)
{
	(void)state;
	came("bob", "192.0.2.1");
	came("alice", "192.0.2.1");
	came("alice", "192.0.2.2"); /* alone there */
	want_clusters(1);
	want_counts(0, 2, 1, 1);
	want_people(0, "alice@192.0.2.1 bob@192.0.2.1");
	assert_int_equal(farm.clusters[0].logins, 4);
	assert_null(farm.clusters[0].excuse);
}

static void
a_group_that_moves_stays_one(void **state)
{
	(void)state;
	came("alice", "192.0.2.1");
	came("bob", "192.0.2.1");
	came("bob", "192.0.2.2");
	came("carol", "192.0.2.2");
	came("dave", "192.0.2.3");
	came("carol", "192.0.2.3");
	want_clusters(1);
	want_counts(0, 4, 3, 1);
}

static void
one_person_on_two_machines_is_no_cluster(void **state)
{
	(void)state;
	add("alice", "192.0.2.1", "one", "", 1000);
	add("alice", "192.0.2.1", "two", "", 1000);
	want_clusters(0);
}

static void
people_meet_across_machines(void **state)
{
	(void)state;
	add("alice", "192.0.2.1", "one", "", 1000);
	add("bob", "192.0.2.1", "two", "", 2000);
	want_clusters(1);
	want_counts(0, 2, 1, 2);
	assert_int_equal(farm.clusters[0].first_s, 990);
	assert_int_equal(farm.clusters[0].last_s, 2000);
}

/* The same export twice, or those of two days. */
static void
what_a_machine_says_again_counts_once(void **state)
{
	size_t i;

	(void)state;
	add("alice", "192.0.2.1", "one", "", 2000);
	add("alice", "192.0.2.1", "one", "", 1000);
	add("bob", "192.0.2.1", "one", "", 2000);
	add("bob", "192.0.2.1", "one", "", 2000);
	add("bob", "192.0.2.1", "two", "", 2000);
	for (i = 0; i < farm.nlogins; i++)
		farm.logins[i].logins = farm.logins[i].last_s / 100;
	want_clusters(1);
	want_people(0, "alice@192.0.2.1 bob@192.0.2.1 bob@192.0.2.1");
	want_counts(0, 2, 1, 2);
	assert_int_equal(farm.clusters[0].logins, 60);
	assert_int_equal(farm.clusters[0].first_s, 990);
	assert_int_equal(farm.clusters[0].last_s, 2000);
}

/* ---- what laptops have said -------------------------------------------- */

static void
people_meet_at_sites_and_with_laptops(void **state)
{
	(void)state;
	came("alice", "192.0.2.1");
	came("bob", "192.0.2.1");
	said(FARM_GATEWAY, "bob", "0123456789abcdef");
	said(FARM_GATEWAY, "carol", "0123456789abcdef");
	said(FARM_PERIPHERAL, "carol", "00000000000000aa");
	said(FARM_PERIPHERAL, "dave", "00000000000000aa");
	said(FARM_DEVICE, "dave", "ed25519:x");
	said(FARM_DEVICE, "erin", "ed25519:x");
	want_clusters(1);
	want_counts(0, 5, 4, 1);
	/* addresses, gateways, peripherals, devices */
	want_people(0,
	    "alice@192.0.2.1 bob@192.0.2.1 bob@0123456789abcdef "
	    "carol@0123456789abcdef carol@00000000000000aa "
	    "dave@00000000000000aa dave@ed25519:x erin@ed25519:x");
}

/* One digest of two kinds is of two things. */
static void
what_is_of_two_kinds_is_two_sources(void **state)
{
	(void)state;
	said(FARM_GATEWAY, "alice", "0123456789abcdef");
	said(FARM_PERIPHERAL, "bob", "0123456789abcdef");
	said(FARM_DEVICE, "carol", "0123456789abcdef");
	came("dave", "0123456789abcdef");
	want_clusters(0);
	assert_int_equal(farm.nlogins, 0);
}

static void
a_laptop_is_one_on_every_machine(void **state)
{
	(void)state;
	why = FARM_DEVICE;
	add("alice", "ed25519:x", "one", "", 1000);
	add("bob", "ed25519:x", "two", "", 2000);
	add("bob", "ed25519:x", "two", "", 2000);
	want_clusters(1);
	want_counts(0, 2, 1, 2);
}

static void
an_excused_gateway_ties_nobody(void **state)
{
	(void)state;
	why = FARM_GATEWAY;
	add("alice", "0123456789abcdef", "", "office", 1000);
	add("bob", "0123456789abcdef", "", "office", 1000);
	want_clusters(1);
	assert_string_equal(farm.clusters[0].excuse, "office");
	(void)empty(state);
	why = FARM_GATEWAY; /* one of them from elsewhere */
	add("alice", "0123456789abcdef", "", "office", 1000);
	add("bob", "0123456789abcdef", "", "", 1000);
	want_clusters(1);
	assert_null(farm.clusters[0].excuse);
}

static void
what_it_is_has_a_name(void **state)
{
	static const char *const none[] = { "", "none", "Address", "devices" };
	enum farm_why w;
	size_t i;

	(void)state;
	for (w = FARM_ADDRESS; w <= FARM_DEVICE; w++)
		assert_int_equal(farm_why_by_name(farm_why_name(w)), w);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(farm_why_by_name(none[i]), FARM_NONE);
	assert_string_equal(farm_why_name(FARM_NONE), "none");
}

/* ---- excused sources --------------------------------------------------- */

static void
an_excused_source_ties_nobody(void **state)
{
	(void)state;
	add("alice", "192.0.2.1", "", "office", 1000);
	add("bob", "192.0.2.1", "", "office", 1000);
	add("carol", "192.0.2.1", "", "office", 1000);
	came("alice", "192.0.2.2");
	came("dave", "192.0.2.2");
	want_clusters(2);
	want_people(0, "alice@192.0.2.2 dave@192.0.2.2");
	want_people(1,
	    "alice@192.0.2.1 bob@192.0.2.1 "
	    "carol@192.0.2.1");
	assert_null(farm.clusters[0].excuse);
	assert_string_equal(farm.clusters[1].excuse, "office");
}

static void
excused_sources_are_clusters_of_their_own(void **state)
{
	(void)state;
	add("alice", "192.0.2.1", "", "office", 1000);
	add("bob", "192.0.2.1", "", "office", 1000);
	add("alice", "192.0.2.2", "", "home", 1000);
	add("bob", "192.0.2.2", "", "home", 1000);
	want_clusters(2);
	want_counts(0, 2, 1, 1);
	want_counts(1, 2, 1, 1);
}

/* One machine, or a file that says so, hides nobody from the others. */
static void
a_machine_excuses_for_itself_alone(void **state)
{
	static const char *const excuse[][2] = { { "office", "" },
		{ "", "office" } };
	size_t i;

	for (i = 0; i < 2; i++) {
		add("alice", "192.0.2.1", "one", excuse[i][0], 1000);
		add("bob", "192.0.2.1", "two", excuse[i][1], 1000);
		came("alice", "192.0.2.2");
		came("carol", "192.0.2.2");
		want_clusters(1);
		want_counts(0, 3, 2, 3);
		assert_null(farm.clusters[0].excuse);
		(void)empty(state);
	}
	for (i = 0; i < 2; i++) { /* nor by saying it again */
		add("alice", "192.0.2.1", "one", excuse[i][0], 1000);
		add("alice", "192.0.2.1", "one", excuse[i][1], 2000);
		add("bob", "192.0.2.1", "one", "office", 1000);
		want_clusters(1);
		want_counts(0, 2, 1, 1);
		assert_null(farm.clusters[0].excuse);
		(void)empty(state);
	}
	add("alice", "192.0.2.1", "one", "office", 1000);
	add("bob", "192.0.2.1", "two", "bastion", 1000);
	want_clusters(1);
	assert_non_null(farm.clusters[0].excuse);
}

/* Files may say so. */
static void
counts_have_an_end(void **state)
{
	size_t i;

	(void)state;
	came("alice", "192.0.2.1");
	came("bob", "192.0.2.1");
	for (i = 0; i < farm.nlogins; i++)
		farm.logins[i].logins = INT64_MAX - 1;
	want_clusters(1);
	assert_int_equal(farm.clusters[0].logins, INT64_MAX);
}

/* ---- the order --------------------------------------------------------- */

static void
the_most_suspicious_come_first(void **state)
{
	(void)state;
	add("a", "192.0.2.1", "", "", 1000); /* two people */
	add("b", "192.0.2.1", "", "", 1000);
	add("c", "192.0.2.2", "", "", 2000); /* later */
	add("d", "192.0.2.2", "", "", 2000);
	came("e", "192.0.2.3"); /* at two sources */
	came("f", "192.0.2.3");
	came("e", "192.0.2.4");
	came("f", "192.0.2.4");
	came("g", "192.0.2.5"); /* three people */
	came("h", "192.0.2.5");
	came("i", "192.0.2.5");
	want_clusters(4);
	want_people(0, "g@192.0.2.5 h@192.0.2.5 i@192.0.2.5");
	want_people(1, "e@192.0.2.3 f@192.0.2.3 e@192.0.2.4 f@192.0.2.4");
	want_people(2, "c@192.0.2.2 d@192.0.2.2");
	want_people(3, "a@192.0.2.1 b@192.0.2.1");
}

/* ---- against a closure that is computed naively ------------------------ */

static unsigned int
next(unsigned int *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* Who is tied to whom, by way of others as well. */
static void
close_over(bool tied[PEOPLE][PEOPLE])
{
	size_t i, k, m;

	for (m = 0; m < PEOPLE; m++)
		for (i = 0; i < PEOPLE; i++)
			for (k = 0; k < PEOPLE; k++)
				tied[i][k] |= tied[i][m] && tied[m][k];
}

static void
random_farm(unsigned int *seed, bool tied[PEOPLE][PEOPLE])
{
	bool at[SOURCES][PEOPLE] = { { false } };
	unsigned int n = 2 + next(seed) % 16, p, s, i;
	char person[2] = "?", source[16];

	memset(tied, 0, PEOPLE * sizeof(*tied));
	while (n-- > 0) {
		p = next(seed) % PEOPLE;
		s = next(seed) % SOURCES;
		person[0] = (char)('a' + p);
		(void)snprintf(source, sizeof(source), "192.0.2.%u", s);
		came(person, source);
		for (i = 0; i < PEOPLE; i++)
			if (i != p && at[s][i])
				tied[i][p] = tied[p][i] = true;
		at[s][p] = true;
	}
	close_over(tied);
}

/* The cluster of each person, or -1. */
static void
clusters_of(int cluster[PEOPLE])
{
	size_t i;
	int *c;

	for (i = 0; i < PEOPLE; i++)
		cluster[i] = -1;
	for (i = 0; i < farm.nlogins; i++) {
		c = &cluster[farm.logins[i].person[0] - 'a'];
		assert_true(*c == -1 || *c == (int)farm.logins[i].cluster);
		*c = (int)farm.logins[i].cluster;
	}
}

static void
random_people_are_where_they_belong(void **state)
{
	bool tied[PEOPLE][PEOPLE];
	unsigned int seed = 20261128;
	int cluster[PEOPLE];
	size_t i, k;

	for (int round = 0; round < RANDOMS; round++) {
		random_farm(&seed, tied);
		assert_int_equal(farm_cluster(&farm), 0);
		clusters_of(cluster);
		for (i = 0; i < PEOPLE; i++)
			for (k = 0; k < i; k++)
				assert_true(tied[i][k] ==
				    (cluster[i] >= 0 &&
					cluster[i] == cluster[k]));
		(void)empty(state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nobody_is_no_cluster, empty),
		cmocka_unit_test_teardown(
		    two_people_at_one_source_are_a_cluster, empty),
		cmocka_unit_test_teardown(a_group_that_moves_stays_one, empty),
		cmocka_unit_test_teardown(
		    one_person_on_two_machines_is_no_cluster, empty),
		cmocka_unit_test_teardown(people_meet_across_machines, empty),
		cmocka_unit_test_teardown(what_a_machine_says_again_counts_once,
		    empty),
		cmocka_unit_test_teardown(people_meet_at_sites_and_with_laptops,
		    empty),
		cmocka_unit_test_teardown(what_is_of_two_kinds_is_two_sources,
		    empty),
		cmocka_unit_test_teardown(a_laptop_is_one_on_every_machine,
		    empty),
		cmocka_unit_test_teardown(an_excused_gateway_ties_nobody,
		    empty),
		cmocka_unit_test(what_it_is_has_a_name),
		cmocka_unit_test_teardown(an_excused_source_ties_nobody, empty),
		cmocka_unit_test_teardown(
		    excused_sources_are_clusters_of_their_own, empty),
		cmocka_unit_test_teardown(a_machine_excuses_for_itself_alone,
		    empty),
		cmocka_unit_test_teardown(counts_have_an_end, empty),
		cmocka_unit_test_teardown(the_most_suspicious_come_first,
		    empty),
		cmocka_unit_test_teardown(random_people_are_where_they_belong,
		    empty),
	};

	return cmocka_run_group_tests_name("farm", tests, NULL, NULL);
}
