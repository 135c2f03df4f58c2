/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * City, AS and anonymous-IP databases in every schema: what is in a record,
 * what is missing in it, and what several databases say together.
 */
#include "policyd/geo/geo.h"

#include "tests/unit/databases.h"

static void
ask_place(const struct opened *o, const char *address, struct fact_place *p)
{
	struct addr a;

	assert_int_equal(addr_parse(address, &a), 0);
	memset(p, 0x55, sizeof(*p));
	geo_place(o->geo, &a, p);
}

static void
ask_asn(const struct opened *o, const char *address, struct fact_asn *asn)
{
	struct addr a;

	assert_int_equal(addr_parse(address, &a), 0);
	memset(asn, 0x55, sizeof(*asn));
	geo_asn(o->geo, &a, asn);
}

static void
ask_anonymous(const struct opened *o, const char *address,
    struct fact_anonymous *anonymous)
{
	struct addr a;

	assert_int_equal(addr_parse(address, &a), 0);
	memset(anonymous, 0x55, sizeof(*anonymous));
	geo_anonymous(o->geo, &a, anonymous);
}

struct point {
	const char *address;
	const char *country;
	const char *city;
	double latitude;
	double longitude;
	double accuracy_km;
};

static void
assert_points(const struct opened *o, const struct point *want, size_t n)
{
	struct fact_place p;
	size_t i;

	for (i = 0; i < n; i++) {
		ask_place(o, want[i].address, &p);
		assert_int_equal(p.state, FACT_KNOWN);
		assert_int_equal(p.source, PLACE_FROM_DATABASE);
		assert_string_equal(p.country, want[i].country);
		assert_string_equal(p.city, want[i].city);
		assert_true(p.has_point);
		assert_true(p.latitude > want[i].latitude - 0.00001 &&
		    p.latitude < want[i].latitude + 0.00001);
		assert_true(p.longitude > want[i].longitude - 0.00001 &&
		    p.longitude < want[i].longitude + 0.00001);
		assert_true(p.accuracy_km == want[i].accuracy_km);
		assert_false(p.country_only);
		assert_true(p.build_s > 0);
	}
}

static void
test_a_city_database_gives_a_point_and_a_country(void **state)
{
	static const char *const nested[] = { "city:city.mmdb", NULL };
	static const char *const flat[] = { "city:cityflat4.mmdb",
		"city:cityflat6.mmdb", NULL };
	static const char *const texts[] = { "city:citytext.mmdb", NULL };
	static const struct point nested_points[] = {
		{ "81.2.69.142", "GB", "London", 51.5142, -0.0931, 10 },
		{ "::ffff:81.2.69.142", "GB", "London", 51.5142, -0.0931, 10 },
		{ "89.160.20.128", "SE", "Link\xc3\xb6ping", 58.4167, 15.6167,
		    76 },
		{ "2a02:2e0::1", "DE", "", 51.2993, 9.491, 200 },
		{ "9.1.0.1", "FR", "Paris", 48.8566, 2.3522, -1 },
		{ "9.11.0.1", "FR", "The corner", -90, 180, 1 },
	};
	static const struct point flat_points[] = {
		{ "81.2.69.142", "GB", "London", 51.5142, -0.0931, -1 },
		{ "2a02:2e0::1", "DE", "Kassel", 51.2993, 9.491, -1 },
		{ "9.1.0.1", "FR", "", 48.8566, 2.3522, -1 },
	};
	static const struct point text_points[] = {
		{ "81.2.69.142", "GB", "London", 51.5142, -0.0931, 20 },
		{ "2a02:2e0::1", "DE", "Kassel", 51.2993, 9.491, -1 },
	};
	struct opened o;

	(void)state;
	open_names(&o, nested);
	assert_int_equal(o.errors.count, 0);
	assert_int_equal(geo_info(o.geo, 0)->kind, CONF_DATABASE_CITY);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_NESTED);
	assert_true(geo_info(o.geo, 0)->len > 1000);
	assert_points(&o, nested_points, N_ELEMENTS(nested_points));
	close_names(&o);
	open_names(&o, flat);
	assert_int_equal(geo_count(o.geo), 2);
	assert_int_equal(geo_info(o.geo, 1)->schema, GEO_SCHEMA_FLAT);
	assert_int_equal(geo_info(o.geo, 1)->index, 1);
	assert_points(&o, flat_points, N_ELEMENTS(flat_points));
	close_names(&o);
	open_names(&o, texts);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_STRINGS);
	assert_points(&o, text_points, N_ELEMENTS(text_points));
	close_names(&o);
}

static void
test_half_a_point_or_an_impossible_one_is_none(void **state)
{
	static const char *const names[][2] = { { "city:city.mmdb" },
		{ "city:cityflat4.mmdb" }, { "city:citytext.mmdb" } };
	static const struct {
		size_t database;
		const char *address;
	} t[] = { { 0, "9.2.0.1" }, { 0, "9.3.0.1" }, { 0, "9.4.0.1" },
		{ 0, "9.5.0.1" }, { 0, "9.6.0.1" }, { 0, "9.7.0.1" },
		{ 0, "9.12.0.1" }, { 1, "9.2.0.1" }, { 2, "9.1.0.1" },
		{ 2, "9.2.0.1" } };
	struct fact_place p;
	struct opened o;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		open_names(&o, names[t[i].database]);
		ask_place(&o, t[i].address, &p);
		assert_int_equal(p.state, FACT_KNOWN);
		assert_string_equal(p.country, "FR");
		assert_false(p.has_point);
		assert_true(p.latitude == 0 && p.longitude == 0);
		assert_true(p.accuracy_km < 0);
		assert_string_equal(p.city, "");
		close_names(&o);
	}
}

static void
test_a_point_without_a_country_is_no_known_place(void **state)
{
	static const char *const nested[] = { "city:city.mmdb", NULL };
	static const char *const texts[] = { "city:citytext.mmdb", NULL };
	struct fact_place p;
	struct opened o;

	(void)state;
	open_names(&o, nested);
	ask_place(&o, "9.10.0.1", &p);
	assert_int_equal(p.state, FACT_UNKNOWN);
	assert_string_equal(p.country, "");
	ask_place(&o, "9.9.0.1", &p);
	assert_int_equal(p.state, FACT_UNKNOWN);
	assert_false(p.has_point);
	close_names(&o);
	open_names(&o, texts);
	ask_place(&o, "9.3.0.1", &p);
	assert_int_equal(p.state, FACT_UNKNOWN);
	assert_true(p.accuracy_km < 0);
	close_names(&o);
}

/* 60 times two bytes do not fit; no half character stays. */
static void
test_long_names_are_cut_at_a_character(void **state)
{
	static const char *const names[] = { "city:city.mmdb", "asn:asn.mmdb",
		NULL };
	struct fact_place p;
	struct fact_asn asn;
	struct opened o;

	(void)state;
	open_names(&o, names);
	ask_place(&o, "9.8.0.1", &p);
	assert_int_equal(strlen(p.city), FACT_CITY_MAX);
	assert_memory_equal(p.city, "\xc3\xa9\xc3\xa9", 4);
	/* a radius larger than the earth is none */
	assert_true(p.has_point && p.accuracy_km < 0);
	ask_asn(&o, "9.3.0.1", &asn);
	assert_int_equal(strlen(asn.org), FACT_ORG_MAX);
	close_names(&o);
}

static void
test_the_country_database_comes_before_the_city_database(void **state)
{
	static const char *const both[] = { "city:city.mmdb", "other.mmdb",
		NULL };
	struct fact_place p;
	struct opened o;

	(void)state;
	open_names(&o, both);
	/* FR and GB: the country of the one, the point of the other */
	ask_place(&o, "81.2.69.142", &p);
	assert_string_equal(p.country, "FR");
	assert_int_equal(p.index, 1);
	assert_true(p.has_point);
	assert_int_equal(p.point_index, 0);
	assert_true(p.point_build_s > 0);
	assert_string_equal(p.city, "London");
	/* only in the country database */
	ask_place(&o, "9.200.0.1", &p);
	assert_string_equal(p.country, "IT");
	assert_false(p.has_point);
	/* only in the city database */
	ask_place(&o, "89.160.20.128", &p);
	assert_string_equal(p.country, "SE");
	assert_int_equal(p.index, 0);
	close_names(&o);
}

static void
test_a_missing_city_database_does_not_hide_a_country(void **state)
{
	static const char *const names[] = { "city:none.mmdb", "flat4.mmdb",
		NULL };
	struct fact_place p;
	struct opened o;

	(void)state;
	open_names(&o, names);
	assert_int_equal(o.errors.count, 1);
	ask_place(&o, "81.2.69.142", &p);
	assert_int_equal(p.state, FACT_KNOWN);
	assert_false(p.has_point);
	ask_place(&o, "8.8.8.8", &p);
	assert_int_equal(p.state, FACT_ERROR);
	close_names(&o);
}

static void
assert_asn(const struct opened *o, const char *address, uint32_t number,
    const char *org)
{
	struct fact_asn asn;

	ask_asn(o, address, &asn);
	assert_int_equal(asn.state, FACT_KNOWN);
	assert_int_equal(asn.number, number);
	assert_string_equal(asn.org, org);
	assert_int_equal(asn.nlists, 0);
}

static void
assert_no_asn(const struct opened *o, const char *address, enum fact_state want)
{
	struct fact_asn asn;

	ask_asn(o, address, &asn);
	assert_int_equal(asn.state, want);
	assert_int_equal(asn.number, 0);
	assert_string_equal(asn.org, "");
}

static void
test_autonomous_systems_are_read_from_every_schema(void **state)
{
	static const char *const nested[] = { "asn:asn.mmdb", NULL };
	static const char *const split[] = { "asn:asn4.mmdb", "asn:asn6.mmdb",
		NULL };
	static const char *const texts[] = { "asn:asntext.mmdb", NULL };
	struct fact_asn asn;
	struct opened o;

	(void)state;
	open_names(&o, nested);
	assert_int_equal(o.errors.count, 0);
	assert_asn(&o, "81.2.69.142", 20712, "Example Networks");
	assert_asn(&o, "2a02:2e0::1", 4294967295u, "");
	assert_no_asn(&o, "9.1.0.1", FACT_UNKNOWN);
	assert_no_asn(&o, "9.2.0.1", FACT_UNKNOWN);
	assert_no_asn(&o, "9.4.0.1", FACT_UNKNOWN);
	assert_no_asn(&o, "8.8.8.8", FACT_UNKNOWN);
	close_names(&o);
	open_names(&o, split);
	assert_asn(&o, "81.2.69.142", 20712, "Example Networks");
	assert_asn(&o, "2a02:2e0::1", 64501, "Example Six");
	ask_asn(&o, "2a02:2e0::1", &asn);
	assert_int_equal(asn.index, 1);
	assert_no_asn(&o, "2a03::1", FACT_UNKNOWN);
	close_names(&o);
	open_names(&o, texts);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_STRINGS);
	assert_asn(&o, "81.2.69.142", 13335, "Example Networks");
	assert_asn(&o, "9.3.0.1", 64500, "");
	assert_asn(&o, "9.5.0.1", 64501, "");
	assert_no_asn(&o, "9.1.0.1", FACT_UNKNOWN);
	assert_no_asn(&o, "9.2.0.1", FACT_UNKNOWN);
	assert_no_asn(&o, "9.4.0.1", FACT_UNKNOWN);
	close_names(&o);
}

static void
test_no_asn_database_is_none_and_a_missing_one_an_error(void **state)
{
	static const char *const without[] = { "flat4.mmdb", NULL };
	static const char *const missing[] = { "asn:none.mmdb", NULL };
	static const char *const half[] = { "asn:asn4.mmdb", "asn:none.mmdb",
		NULL };
	static const char *const v4[] = { "asn:asn4.mmdb", NULL };
	struct opened o;

	(void)state;
	open_names(&o, without);
	assert_no_asn(&o, "81.2.69.142", FACT_NONE);
	close_names(&o);
	open_names(&o, missing);
	assert_no_asn(&o, "81.2.69.142", FACT_ERROR);
	close_names(&o);
	open_names(&o, half);
	assert_asn(&o, "81.2.69.142", 20712, "Example Networks");
	assert_no_asn(&o, "2a02:2e0::1", FACT_ERROR);
	close_names(&o);
	open_names(&o, v4);
	assert_no_asn(&o, "2a02:2e0::1", FACT_UNKNOWN);
	close_names(&o);
}

static void
assert_flags(const struct opened *o, const char *address, uint32_t flags)
{
	struct fact_anonymous a;

	ask_anonymous(o, address, &a);
	if (a.state != FACT_KNOWN || a.flags != flags)
		fail_msg("%s is %s with %#x", address, fact_state_name(a.state),
		    a.flags);
	assert_true(a.build_s > 0);
}

static void
assert_not_anonymous(const struct opened *o, const char *address,
    enum fact_state want)
{
	struct fact_anonymous a;

	ask_anonymous(o, address, &a);
	assert_int_equal(a.state, want);
	assert_int_equal(a.flags, 0);
}

static void
test_flags_are_read_and_an_empty_record_raises_none(void **state)
{
	static const char *const names[] = { "anonymous:anonip.mmdb", NULL };
	struct fact_anonymous a;
	struct opened o;

	(void)state;
	open_names(&o, names);
	assert_int_equal(o.errors.count, 0);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_FLAT);
	assert_flags(&o, "1.124.213.1", FACT_ANON_ANY | FACT_ANON_VPN);
	assert_flags(&o, "81.2.69.142", 2 * FACT_ANON_ANY - 1);
	assert_flags(&o, "2a02:2e0::1", FACT_ANON_ANY | FACT_ANON_TOR);
	assert_flags(&o, "9.3.0.1", FACT_ANON_ANY | FACT_ANON_HOSTING);
	assert_flags(&o, "9.1.0.1", 0);
	assert_flags(&o, "9.2.0.1", 0);
	assert_not_anonymous(&o, "8.8.8.8", FACT_UNKNOWN);
	ask_anonymous(&o, "81.2.69.142", &a);
	assert_string_equal(a.provider, "");
	assert_int_equal(a.confidence, 0);
	assert_int_equal(a.seen_s, 0);
	close_names(&o);
}

static void
test_anonymous_plus_names_provider_confidence_and_day(void **state)
{
	static const char *const names[] = { "anonymous:anonplus.mmdb", NULL };
	struct fact_anonymous a;
	struct opened o;

	(void)state;
	open_names(&o, names);
	ask_anonymous(&o, "1.124.213.1", &a);
	assert_int_equal(a.flags, FACT_ANON_ANY | FACT_ANON_VPN);
	assert_string_equal(a.provider, "Example VPN");
	assert_int_equal(a.confidence, 99);
	assert_int_equal(a.seen_s, 1744588800);
	/* what cannot be is not said */
	ask_anonymous(&o, "9.1.0.1", &a);
	assert_int_equal(a.flags, FACT_ANON_ANY | FACT_ANON_PROXY);
	assert_int_equal(a.confidence, 0);
	assert_int_equal(a.seen_s, 0);
	ask_anonymous(&o, "9.2.0.1", &a);
	assert_int_equal(a.flags, FACT_ANON_ANY | FACT_ANON_RESIDENTIAL);
	assert_int_equal(a.confidence, 0);
	assert_int_equal(a.seen_s, 0);
	assert_string_equal(a.provider, "");
	close_names(&o);
}

static void
test_flags_that_are_texts_are_read(void **state)
{
	static const char *const names[] = { "anonymous:anontext.mmdb", NULL };
	struct fact_anonymous a;
	struct opened o;

	(void)state;
	open_names(&o, names);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_STRINGS);
	assert_flags(&o, "1.124.213.1", FACT_ANON_VPN | FACT_ANON_HOSTING);
	assert_flags(&o, "9.1.0.1",
	    FACT_ANON_PROXY | FACT_ANON_TOR | FACT_ANON_ANY);
	assert_flags(&o, "9.2.0.1", 0);
	assert_flags(&o, "9.3.0.1", 0);
	ask_anonymous(&o, "1.124.213.1", &a);
	assert_string_equal(a.provider, "Example VPN");
	close_names(&o);
}

static void
test_a_flag_in_one_of_several_databases_counts(void **state)
{
	static const char *const both[] = { "anonymous:anonip.mmdb",
		"anonymous:anonplus.mmdb", NULL };
	static const char *const half[] = { "anonymous:anonip.mmdb",
		"anonymous:none.mmdb", NULL };
	static const char *const none[] = { "flat4.mmdb", NULL };
	struct fact_anonymous a;
	struct opened o;

	(void)state;
	open_names(&o, both);
	/* nothing in the first one's record, a proxy in the second's */
	ask_anonymous(&o, "9.1.0.1", &a);
	assert_int_equal(a.flags, FACT_ANON_ANY | FACT_ANON_PROXY);
	assert_int_equal(a.index, 1);
	ask_anonymous(&o, "1.124.213.1", &a);
	assert_int_equal(a.index, 0);
	close_names(&o);
	open_names(&o, half);
	assert_flags(&o, "1.124.213.1", FACT_ANON_ANY | FACT_ANON_VPN);
	assert_not_anonymous(&o, "9.1.0.1", FACT_ERROR);
	assert_not_anonymous(&o, "8.8.8.8", FACT_ERROR);
	close_names(&o);
	open_names(&o, none);
	assert_not_anonymous(&o, "1.124.213.1", FACT_NONE);
	close_names(&o);
}

static void
test_all_kinds_are_open_at_once(void **state)
{
	static const char *const names[] = { "nested24.mmdb", "city:city.mmdb",
		"asn:asntext.mmdb", "anonymous:anonplus.mmdb", NULL };
	struct fact_place p;
	struct opened o;

	(void)state;
	open_names(&o, names);
	assert_int_equal(o.errors.count, 0);
	assert_int_equal(geo_count(o.geo), 4);
	ask_place(&o, "81.2.69.142", &p);
	assert_string_equal(p.country, "GB");
	assert_int_equal(p.index, 0);
	assert_true(p.has_point);
	assert_asn(&o, "81.2.69.142", 13335, "Example Networks");
	assert_flags(&o, "1.124.213.1", FACT_ANON_ANY | FACT_ANON_VPN);
	close_names(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_city_database_gives_a_point_and_a_country),
		cmocka_unit_test(
		    test_half_a_point_or_an_impossible_one_is_none),
		cmocka_unit_test(
		    test_a_point_without_a_country_is_no_known_place),
		cmocka_unit_test(test_long_names_are_cut_at_a_character),
		cmocka_unit_test(
		    test_the_country_database_comes_before_the_city_database),
		cmocka_unit_test(
		    test_a_missing_city_database_does_not_hide_a_country),
		cmocka_unit_test(
		    test_autonomous_systems_are_read_from_every_schema),
		cmocka_unit_test(
		    test_no_asn_database_is_none_and_a_missing_one_an_error),
		cmocka_unit_test(
		    test_flags_are_read_and_an_empty_record_raises_none),
		cmocka_unit_test(
		    test_anonymous_plus_names_provider_confidence_and_day),
		cmocka_unit_test(test_flags_that_are_texts_are_read),
		cmocka_unit_test(
		    test_a_flag_in_one_of_several_databases_counts),
		cmocka_unit_test(test_all_kinds_are_open_at_once),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
