/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every truncation and thousands of mutations of databases of every kind and
 * schema. None may crash, hang, or give an answer that is none.
 */
#include "policyd/geo/geo.h"

#include "tests/unit/databases.h"

#include "policyd/conf/countries.h"

#define MUTATIONS 400u
#define CUT_STEP  3u /* bytes; the last 64 are cut one by one */

/* Each with its kind. */
static const char *const bases[] = { "nested24.mmdb", "nested28.mmdb",
	"nested32.mmdb", "flat4.mmdb", "flat6.mmdb", "named.mmdb",
	"city:city.mmdb", "city:cityflat4.mmdb", "city:cityflat6.mmdb",
	"city:citytext.mmdb", "asn:asn.mmdb", "asn:asn4.mmdb",
	"asn:asntext.mmdb", "anonymous:anonip.mmdb", "anonymous:anonplus.mmdb",
	"anonymous:anontext.mmdb" };

static void
check_place(const struct opened *o, const struct fact_place *p)
{
	if (p->state == FACT_KNOWN) {
		assert_true(country_is_known(p->country));
		assert_int_equal(p->source, PLACE_FROM_DATABASE);
		assert_true(p->index < o->conf.ndatabases);
	} else {
		assert_true(p->state == FACT_UNKNOWN || p->state == FACT_ERROR);
		assert_string_equal(p->country, "");
		assert_non_null(p->problem);
	}
	if (p->has_point) {
		assert_true(p->latitude >= -90 && p->latitude <= 90);
		assert_true(p->longitude >= -180 && p->longitude <= 180);
		assert_true(p->accuracy_km == -1 ||
		    (p->accuracy_km > 0 && p->accuracy_km <= 20038));
	} else {
		assert_string_equal(p->city, "");
	}
	assert_true(memchr(p->city, '\0', sizeof(p->city)) != NULL);
}

static void
check_others(const struct fact_asn *asn, const struct fact_anonymous *a)
{
	assert_int_equal(asn->state == FACT_KNOWN, asn->number != 0);
	assert_true(memchr(asn->org, '\0', sizeof(asn->org)) != NULL);
	assert_true(memchr(a->provider, '\0', sizeof(a->provider)) != NULL);
	assert_true(a->confidence >= 0 && a->confidence <= 99);
	assert_true(a->seen_s >= 0);
	assert_true(a->flags < 2 * FACT_ANON_ANY);
	if (a->state != FACT_KNOWN)
		assert_int_equal(a->flags, 0);
}

/* Ask all over the address space; the answers are facts or errors. */
static void
ask_everywhere(const struct opened *o)
{
	static const char *const addresses[] = { "0.0.0.0", "1.1.1.1",
		"1.124.213.1", "5.1.80.1", "8.8.8.8", "9.1.0.1", "9.2.0.1",
		"9.3.0.1", "9.4.0.1", "9.5.0.1", "9.6.0.1", "9.7.0.1",
		"9.8.0.1", "9.9.0.1", "81.2.69.142", "89.160.20.128",
		"127.0.0.1", "223.255.255.255", "255.255.255.255", "::", "::1",
		"2001:4860::1", "2a02:2e0::1", "2002:5102:458e::1",
		"8000::", "fe80::1",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" };
	struct fact_place place;
	struct fact_asn asn;
	struct fact_anonymous anonymous;
	struct addr a;
	size_t i;

	for (i = 0; i < N_ELEMENTS(addresses); i++) {
		assert_int_equal(addr_parse(addresses[i], &a), 0);
		memset(&place, 0x55, sizeof(place));
		memset(&asn, 0x55, sizeof(asn));
		memset(&anonymous, 0x55, sizeof(anonymous));
		geo_place(o->geo, &a, &place);
		geo_asn(o->geo, &a, &asn);
		geo_anonymous(o->geo, &a, &anonymous);
		check_place(o, &place);
		check_others(&asn, &anonymous);
		if (geo_count(o->geo) > 0)
			continue;
		assert_int_equal(place.state, FACT_ERROR);
		assert_true(asn.state == FACT_NONE || asn.state == FACT_ERROR);
		assert_true(anonymous.state == FACT_NONE ||
		    anonymous.state == FACT_ERROR);
	}
}

/* Open data as a database of the kind that base is of. */
static void
open_damaged(struct opened *o, const char *base, const uint8_t *data,
    size_t len)
{
	const char *colon = strchr(base, ':');
	char name[32];
	const char *const names[] = { name, NULL };

	put_file("damaged.mmdb", data, len);
	(void)snprintf(name, sizeof(name), "%.*sdamaged.mmdb",
	    colon != NULL ? (int)(colon + 1 - base) : 0, base);
	open_names(o, names);
}

static size_t
get_base(const char *base, uint8_t data[FILE_SIZE_MAX])
{
	enum conf_database_kind kind;

	return get_file(take_kind(base, &kind), data);
}

static void
test_every_truncation_is_refused(void **state)
{
	uint8_t data[FILE_SIZE_MAX];
	struct opened o;
	size_t len, cut, i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bases); i++) {
		len = get_base(bases[i], data);
		for (cut = 0; cut < len; cut += cut + 64 < len ? CUT_STEP : 1) {
			open_damaged(&o, bases[i], data, cut);
			assert_int_equal(geo_count(o.geo), 0);
			assert_int_equal(o.errors.count, 1);
			if (cut % 16 == 0)
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
test_no_mutation_crashes_hangs_or_invents_an_answer(void **state)
{
	uint8_t data[FILE_SIZE_MAX], mutant[FILE_SIZE_MAX];
	size_t i, k, len, accepted = 0, refused = 0;
	struct opened o;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bases); i++) {
		len = get_base(bases[i], data);
		for (k = 0; k < MUTATIONS; k++) {
			memcpy(mutant, data, len);
			mutate(mutant, len);
			open_damaged(&o, bases[i], mutant, len);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(
		    test_no_mutation_crashes_hangs_or_invents_an_answer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
