/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Country databases: the schemas, split files, wrong kinds, files that are no
 * databases. The databases are written by tests/fixtures/mmdb.pl.
 */
#include "policyd/geo/geo.h"

#include <sys/stat.h>

#include "tests/unit/databases.h"

static enum fact_state
ask(const struct opened *o, const char *address, struct fact_place *place)
{
	struct addr a;

	assert_int_equal(addr_parse(address, &a), 0);
	memset(place, 0x55, sizeof(*place));
	geo_place(o->geo, &a, place);
	return place->state;
}

static void
assert_country(const struct opened *o, const char *address, const char *want)
{
	struct fact_place place;

	assert_int_equal(ask(o, address, &place), FACT_KNOWN);
	assert_string_equal(place.country, want);
	assert_int_equal(place.source, PLACE_FROM_DATABASE);
	assert_null(place.problem);
}

static void
assert_state(const struct opened *o, const char *address, enum fact_state want)
{
	struct fact_place place;

	if (ask(o, address, &place) != want)
		fail_msg("%s is %s", address, fact_state_name(place.state));
	assert_string_equal(place.country, "");
	assert_non_null(place.problem);
}

static void
test_the_nested_schema_is_read_in_every_record_size(void **state)
{
	static const char *const names[][2] = { { "nested24.mmdb", NULL },
		{ "nested28.mmdb", NULL }, { "nested32.mmdb", NULL } };
	struct opened o;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(names); i++) {
		open_names(&o, names[i]);
		assert_int_equal(o.errors.count, 0);
		assert_int_equal(geo_count(o.geo), 1);
		assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_NESTED);
		assert_int_equal(geo_info(o.geo, 0)->ip_version, 6);
		assert_string_equal(geo_info(o.geo, 0)->type,
		    "GeoLite2-Country");
		assert_int_equal(strlen(geo_info(o.geo, 0)->hash), 64);
		assert_true(geo_info(o.geo, 0)->build_s > 0);
		assert_null(geo_info(o.geo, 1));
		assert_country(&o, "81.2.69.142", "GB");
		assert_country(&o, "::ffff:81.2.69.142", "GB");
		assert_country(&o, "89.160.20.128", "SE");
		assert_country(&o, "5.1.95.255", "DE");
		assert_country(&o, "2a02:2e0::1", "DE");
		assert_country(&o, "9.1.2.3", "FR");
		close_names(&o);
	}
}

static void
test_a_record_without_a_country_is_unknown(void **state)
{
	static const char *const names[] = { "nested24.mmdb", NULL };
	static const char *const addresses[] = { "9.2.0.1", "9.3.0.1",
		"9.4.0.1", "9.5.0.1", "9.6.0.1", "9.7.0.1", "9.8.0.1",
		"9.9.0.1", "9.10.0.1", "9.11.0.1", "1.0.0.1", "2a02:2e1::1",
		"5.1.96.0", "5.1.79.255" };
	struct opened o;
	size_t i;

	(void)state;
	open_names(&o, names);
	for (i = 0; i < N_ELEMENTS(addresses); i++)
		assert_state(&o, addresses[i], FACT_UNKNOWN);
	close_names(&o);
}

static void
test_the_flat_schema_is_read_from_a_split_database(void **state)
{
	static const char *const names[] = { "flat4.mmdb", "flat6.mmdb", NULL };
	static const char *const half[] = { "flat4.mmdb", NULL };
	struct opened o;
	struct fact_place place;

	(void)state;
	open_names(&o, names);
	assert_int_equal(o.errors.count, 0);
	assert_int_equal(geo_count(o.geo), 2);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_FLAT);
	assert_int_equal(geo_info(o.geo, 0)->ip_version, 4);
	assert_country(&o, "81.2.69.142", "GB");
	assert_country(&o, "9.1.0.1", "FR");
	assert_country(&o, "2001:4860:4860::8888", "US");
	assert_int_equal(ask(&o, "2a02:2e0::1", &place), FACT_KNOWN);
	assert_int_equal(place.index, 1);
	assert_state(&o, "8.8.8.8", FACT_UNKNOWN);
	assert_state(&o, "2a03::1", FACT_UNKNOWN);
	close_names(&o);
	open_names(&o, half);
	assert_state(&o, "2a02:2e0::1", FACT_UNKNOWN);
	close_names(&o);
}

static void
test_databases_are_asked_in_order(void **state)
{
	static const char *const first[] = { "flat4.mmdb", "other.mmdb", NULL };
	static const char *const last[] = { "other.mmdb", "flat4.mmdb", NULL };
	struct opened o;

	(void)state;
	open_names(&o, first);
	assert_country(&o, "81.2.69.142", "GB");
	assert_country(&o, "9.200.0.1", "IT");
	close_names(&o);
	open_names(&o, last);
	assert_country(&o, "81.2.69.142", "FR");
	assert_country(&o, "5.1.80.1", "DE");
	close_names(&o);
}

static void
test_a_missing_database_is_an_error_and_not_an_absence(void **state)
{
	static const char *const alone[] = { "none.mmdb", NULL };
	static const char *const one_of_two[] = { "none.mmdb", "flat4.mmdb",
		NULL };
	static const char *const nothing[] = { NULL };
	struct opened o;

	(void)state;
	open_names(&o, alone);
	assert_int_equal(o.errors.count, 1);
	assert_non_null(strstr(o.errors.list[0].text, "No such file"));
	assert_int_equal(geo_count(o.geo), 0);
	assert_state(&o, "81.2.69.142", FACT_ERROR);
	assert_state(&o, "2a02:2e0::1", FACT_ERROR);
	close_names(&o);

	/* what the other one does not know may be in the missing one */
	open_names(&o, one_of_two);
	assert_int_equal(o.errors.count, 1);
	assert_country(&o, "81.2.69.142", "GB");
	assert_state(&o, "8.8.8.8", FACT_ERROR);
	close_names(&o);

	open_names(&o, nothing);
	assert_int_equal(o.errors.count, 0);
	assert_state(&o, "81.2.69.142", FACT_ERROR);
	close_names(&o);
}

static void
test_other_databases_are_refused_with_what_they_are(void **state)
{
	static const struct {
		const char *names[2], *says, *fix;
	} t[] = {
		{ { "asn.mmdb" },
		    "is no country database: its type is \"GeoLite2-ASN\", its "
		    "records have autonomous_system_",
		    "; name it as database asn, or " },
		{ { "asn_holder.mmdb" },
		    "\"asn ipv4\", its records have autonomous_system_number, "
		    "country_code, its countries are those of the networks' "
		    "holders",
		    "; name it as database asn, or " },
		{ { "anonymous.mmdb" },
		    "\"GeoIP2-Anonymous-IP\", its records have no members and "
		    "not country.iso_code, ",
		    "; use a database that has them" },
		{ { "anonip.mmdb" }, "is_anonymous",
		    "; name it as database anonymous, or " },
		{ { "unknown.mmdb" },
		    "\"Vendor-Places\", its records have place, since, until",
		    "; use a database that has them" },
		{ { "hostile_type.mmdb" }, "its type is", "; use a database" },
		{ { "city:nested24.mmdb" },
		    "is no city database: its type is \"GeoLite2-Country\"",
		    "; name it as database country, or " },
		{ { "city:flat4.mmdb" }, "city", "database country" },
		{ { "asn:city.mmdb" }, "location", "database city" },
		{ { "asn:anonip.mmdb" }, "asn", "database anonymous" },
		{ { "anonymous:asntext.mmdb" }, "as_domain", "database asn" },
		{ { "anonymous:anonymous.mmdb" }, "no members",
		    "; use a database that has them" },
	};
	struct opened o;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		open_names(&o, t[i].names);
		assert_int_equal(geo_count(o.geo), 0);
		assert_int_equal(o.errors.count, 1);
		if (strstr(o.errors.list[0].text, t[i].says) == NULL ||
		    strstr(o.errors.list[0].text, t[i].fix) == NULL)
			fail_msg("%s: %s", t[i].names[0],
			    o.errors.list[0].text);
		if (strchr(t[i].names[0], ':') == NULL)
			assert_state(&o, "81.2.69.142", FACT_ERROR);
		close_names(&o);
	}
}

static void
test_countries_are_known_by_their_names(void **state)
{
	static const char *const names[] = { "named.mmdb", NULL };
	static const char *const addresses[] = { "9.2.0.1", "9.3.0.1",
		"9.4.0.1" };
	struct opened o;
	size_t i;

	(void)state;
	open_names(&o, names);
	assert_int_equal(o.errors.count, 0);
	assert_int_equal(geo_info(o.geo, 0)->schema, GEO_SCHEMA_STRINGS);
	assert_country(&o, "81.2.69.142", "GB");
	assert_country(&o, "89.160.20.128", "SE");
	for (i = 0; i < N_ELEMENTS(addresses); i++)
		assert_state(&o, addresses[i], FACT_UNKNOWN);
	close_names(&o);
}

static void
test_what_is_no_database_file_is_refused(void **state)
{
	static const char *const names[] = { "junk", NULL };
	static const char text[] = "network,country\n81.2.69.0/24,GB\n";
	static uint8_t zeros[FILE_SIZE_MAX];
	char path[PATH_SIZE];
	struct opened o;
	int kind;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/junk", folder);
	for (kind = 0; kind < 7; kind++) {
		if (kind == 0)
			put_file("junk", "", 0);
		else if (kind == 1)
			put_file("junk", text, sizeof(text) - 1);
		else if (kind == 2)
			put_file("junk", zeros, sizeof(zeros));
		else if (kind == 3)
			put_file("junk", "\xab\xcd\xefMaxMind.com", 14);
		else if (kind == 4)
			assert_int_equal(mkdir(path, 0700), 0);
		else if (kind == 5)
			assert_int_equal(mkfifo(path, 0600), 0);
		else
			assert_int_equal(symlink("flat4.mmdb", path), 0);
		open_names(&o, names);
		assert_int_equal(geo_count(o.geo), 0);
		assert_int_equal(o.errors.count, 1);
		assert_string_equal(o.errors.list[0].file, path);
		assert_state(&o, "81.2.69.142", FACT_ERROR);
		close_names(&o);
		assert_int_equal(remove(path), 0);
	}
}

static void
test_the_file_may_be_overwritten_and_cut_afterwards(void **state)
{
	static const char *const names[] = { "copy.mmdb", NULL };
	uint8_t data[FILE_SIZE_MAX];
	struct opened o;
	size_t len;

	(void)state;
	len = get_file("nested24.mmdb", data);
	put_file("copy.mmdb", data, len);
	open_names(&o, names);
	assert_country(&o, "81.2.69.142", "GB");
	memset(data, 0xff, len);
	put_file("copy.mmdb", data, len);
	assert_country(&o, "81.2.69.142", "GB");
	put_file("copy.mmdb", "", 0);
	assert_country(&o, "89.160.20.128", "SE");
	assert_country(&o, "2a02:2e0::1", "DE");
	close_names(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_the_nested_schema_is_read_in_every_record_size),
		cmocka_unit_test(test_a_record_without_a_country_is_unknown),
		cmocka_unit_test(
		    test_the_flat_schema_is_read_from_a_split_database),
		cmocka_unit_test(test_databases_are_asked_in_order),
		cmocka_unit_test(
		    test_a_missing_database_is_an_error_and_not_an_absence),
		cmocka_unit_test(
		    test_other_databases_are_refused_with_what_they_are),
		cmocka_unit_test(test_countries_are_known_by_their_names),
		cmocka_unit_test(test_what_is_no_database_file_is_refused),
		cmocka_unit_test(
		    test_the_file_may_be_overwritten_and_cut_afterwards),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
