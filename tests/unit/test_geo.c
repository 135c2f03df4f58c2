/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Country databases: both schemas, split files, wrong types, files that are
 * no databases; then every truncation and thousands of mutations of a real
 * file, none of which may crash, hang, or answer with something that is no
 * country. The databases are written by tests/fixtures/mmdb.pl.
 */
#include "policyd/geo/geo.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf/countries.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define PATHS_MAX     4u
#define PATH_SIZE     128u
#define FILE_SIZE_MAX 8192u
#define MUTATIONS     3000u

static char folder[] = "/tmp/farmgate-geo-XXXXXX";

/* Databases opened from a list of names in the folder. */
struct opened {
	char path[PATHS_MAX][PATH_SIZE];
	struct conf_database db[PATHS_MAX];
	struct conf conf;
	struct geo *geo;
	struct conf_errors errors;
};

static void
open_names(struct opened *o, const char *const *names)
{
	size_t i;

	memset(o, 0, sizeof(*o));
	o->conf.databases = o->db;
	for (i = 0; names[i] != NULL; i++) {
		assert_true(i < PATHS_MAX);
		(void)snprintf(o->path[i], PATH_SIZE, "%s/%s", folder,
		    names[i]);
		o->db[i].kind = CONF_DATABASE_COUNTRY;
		o->db[i].path = o->path[i];
		o->conf.ndatabases++;
	}
	assert_int_equal(geo_open(&o->conf, NULL, &o->geo, &o->errors), 0);
	assert_non_null(o->geo);
}

static void
close_names(struct opened *o)
{
	geo_free(o->geo);
	conf_errors_done(&o->errors);
}

static enum fact_state
ask(const struct opened *o, const char *address, struct fact_place *place)
{
	struct addr a;

	assert_int_equal(addr_parse(address, &a), 0);
	memset(place, 0x55, sizeof(*place));
	gather_geo(o->geo, &a, place);
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
		const char *names[2], *says;
	} t[] = {
		{ { "asn.mmdb" }, "\"GeoLite2-ASN\"" },
		{ { "asn_holder.mmdb" }, "\"asn ipv4\"" },
		{ { "anonymous.mmdb" }, "\"GeoIP2-Anonymous-IP\"" },
		{ { "named.mmdb" }, "\"Country-Names\"" },
		{ { "hostile_type.mmdb" }, "its type is" },
	};
	struct opened o;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		open_names(&o, t[i].names);
		assert_int_equal(geo_count(o.geo), 0);
		assert_int_equal(o.errors.count, 1);
		assert_non_null(strstr(o.errors.list[0].text, t[i].says));
		assert_non_null(strstr(o.errors.list[0].text, "; use a "));
		assert_state(&o, "81.2.69.142", FACT_ERROR);
		close_names(&o);
	}
}

static void
put_file(const char *name, const void *data, size_t len)
{
	char path[PATH_SIZE];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

static size_t
get_file(const char *name, uint8_t data[FILE_SIZE_MAX])
{
	char path[PATH_SIZE];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_true((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0);
	n = read(fd, data, FILE_SIZE_MAX);
	assert_true(n > 0 && (size_t)n < FILE_SIZE_MAX);
	assert_int_equal(close(fd), 0);
	return (size_t)n;
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

static const char *const bases[] = { "nested24.mmdb", "nested28.mmdb",
	"nested32.mmdb", "flat4.mmdb", "flat6.mmdb" };

/* Ask all over the address space; the answers are facts or errors. */
static void
ask_everywhere(const struct opened *o)
{
	static const char *const addresses[] = { "0.0.0.0", "1.1.1.1",
		"5.1.80.1", "8.8.8.8", "9.1.0.1", "9.2.0.1", "9.4.0.1",
		"9.5.0.1", "9.7.0.1", "9.9.0.1", "81.2.69.142", "89.160.20.128",
		"127.0.0.1", "223.255.255.255", "255.255.255.255", "::", "::1",
		"2001:4860::1", "2a02:2e0::1", "2002:5102:458e::1",
		"8000::", "fe80::1",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" };
	struct fact_place place;
	enum fact_state got;
	size_t i;

	for (i = 0; i < N_ELEMENTS(addresses); i++) {
		got = ask(o, addresses[i], &place);
		if (geo_count(o->geo) == 0)
			assert_int_equal(got, FACT_ERROR);
		if (got == FACT_KNOWN) {
			assert_true(country_is_known(place.country));
		} else {
			assert_true(got == FACT_UNKNOWN || got == FACT_ERROR);
			assert_string_equal(place.country, "");
		}
	}
}

static void
test_every_truncation_is_refused(void **state)
{
	static const char *const names[] = { "cut.mmdb", NULL };
	uint8_t data[FILE_SIZE_MAX];
	struct opened o;
	size_t len, cut, i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bases); i++) {
		len = get_file(bases[i], data);
		for (cut = 0; cut < len; cut++) {
			put_file("cut.mmdb", data, cut);
			open_names(&o, names);
			assert_int_equal(geo_count(o.geo), 0);
			assert_int_equal(o.errors.count, 1);
			ask_everywhere(&o);
			close_names(&o);
		}
	}
}

static uint32_t seed = 88172645u;

static uint32_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* Change up to eight bytes, in one of four manners. */
static void
mutate(uint8_t *data, size_t len)
{
	uint32_t n = next_random() % 8 + 1, manner = next_random() % 4;
	size_t at = next_random() % len;

	while (n-- > 0) {
		if (manner != 0)
			at = next_random() % len;
		if (manner == 1)
			data[at] ^= (uint8_t)(1u << next_random() % 8);
		else if (manner == 2)
			data[at] = (next_random() & 1) != 0 ? 0xff : 0;
		else
			data[at] = (uint8_t)next_random();
		at = at + 1 < len ? at + 1 : 0;
	}
}

static void
test_no_mutation_crashes_hangs_or_invents_a_country(void **state)
{
	static const char *const names[] = { "mutant.mmdb", NULL };
	uint8_t data[FILE_SIZE_MAX], mutant[FILE_SIZE_MAX];
	size_t i, k, len, accepted = 0, refused = 0;
	struct opened o;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bases); i++) {
		len = get_file(bases[i], data);
		for (k = 0; k < MUTATIONS; k++) {
			memcpy(mutant, data, len);
			mutate(mutant, len);
			put_file("mutant.mmdb", mutant, len);
			open_names(&o, names);
			ask_everywhere(&o);
			accepted += geo_count(o.geo);
			refused += o.errors.count;
			close_names(&o);
		}
	}
	/* the test would be none if either never happened */
	assert_true(accepted > 0 && refused > 0);
	assert_int_equal(accepted + refused, N_ELEMENTS(bases) * MUTATIONS);
}

static int
set_up(void **state)
{
	char command[256];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(command, sizeof(command),
	    "perl tests/fixtures/mmdb.pl %s", folder);
	return system(command) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? 0 : -1;
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
		cmocka_unit_test(test_what_is_no_database_file_is_refused),
		cmocka_unit_test(
		    test_the_file_may_be_overwritten_and_cut_afterwards),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(
		    test_no_mutation_crashes_hangs_or_invents_a_country),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
