/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GEO-06: what libmaxminddb is given to look up. It takes every family that
 * is not AF_INET6 for IPv4, and answers for whatever stands there.
 */
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdint.h>

#include <maxminddb.h>

#include "tests/unit/databases.h"

static size_t v4, v6;
static uint16_t ip_version; /* of the database that is open */

/* Instead of the library's, which it calls. */
MMDB_lookup_result_s
MMDB_lookup_sockaddr(const MMDB_s *mmdb, const struct sockaddr *sa, int *e)
{
	MMDB_lookup_result_s (*real)(const MMDB_s *, const struct sockaddr *,
	    int *);
	struct sockaddr_in6 sin6;
	void *symbol = dlsym(RTLD_NEXT, "MMDB_lookup_sockaddr");

	assert_non_null(symbol);
	memcpy(&real, &symbol, sizeof(real));
	ip_version = mmdb->metadata.ip_version;
	if (sa->sa_family == AF_INET) {
		v4++;
	} else {
		assert_int_equal(sa->sa_family, AF_INET6);
		memcpy(&sin6, sa, sizeof(sin6));
		assert_false(IN6_IS_ADDR_V4MAPPED(&sin6.sin6_addr));
		assert_int_equal(ip_version, 6);
		v6++;
	}
	return real(mmdb, sa, e);
}

static void
ask_all(const struct opened *o, const struct addr *a)
{
	struct fact_anonymous anonymous;
	struct fact_place place;
	struct fact_asn asn;

	geo_place(o->geo, a, &place);
	geo_asn(o->geo, a, &asn);
	geo_anonymous(o->geo, a, &anonymous);
}

/* Every first and second byte, with the rest as it comes; IPv4 likewise. */
static void
ask_everything(const char *const *names)
{
	struct opened o;
	struct addr a;
	uint32_t i, rest = 2463534242u;

	v4 = v6 = 0;
	open_names(&o, names);
	for (i = 0; i < 65536; i++) {
		memset(&a, 0, sizeof(a));
		rest = rest * 1664525u + 1013904223u;
		memcpy(a.b + 12, &rest, sizeof(rest));
		a.b[0] = (uint8_t)(i >> 8);
		a.b[1] = (uint8_t)i;
		ask_all(&o, &a);
		memset(a.b, 0, 10);
		memset(a.b + 10, 0xff, 2);
		a.b[12] = (uint8_t)(i >> 8);
		a.b[13] = (uint8_t)i;
		ask_all(&o, &a);
	}
	close_names(&o);
}

static void
test_addresses_are_of_two_families(void **state)
{
	static const char *const names[] = { "nested28.mmdb", "city:city.mmdb",
		"asn:asn.mmdb", "anonymous:anonip.mmdb", NULL };

	(void)state;
	ask_everything(names);
	assert_true(v4 >= 4 * 65536 && v6 >= 4 * 65536);
}

static void
test_a_database_of_IPv4_is_asked_for_nothing_else(void **state)
{
	static const char *const names[] = { "flat4.mmdb", NULL };

	(void)state;
	ask_everything(names);
	assert_int_equal(ip_version, 4);
	assert_true(v4 >= 65536);
	assert_int_equal(v6, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_are_of_two_families),
		cmocka_unit_test(
		    test_a_database_of_IPv4_is_asked_for_nothing_else),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
