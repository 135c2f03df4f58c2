/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Place, autonomous system and anonymity of origins of every class, and the
 * lists of the configuration that have the system.
 */
#include "policyd/gather/gather.h"

#include "tests/unit/databases.h"

static const char *const all[] = { "nested24.mmdb", "asn:asn.mmdb",
	"anonymous:anonip.mmdb", NULL };

static void
gather_all(const struct opened *o, const char *address, struct facts *f)
{
	memset(f, 0x55, sizeof(*f));
	memset(&f->origin, 0, sizeof(f->origin));
	memset(&f->networks, 0, sizeof(f->networks));
	f->origin.kind = ORIGIN_NO_ADDRESS;
	if (address != NULL) {
		assert_int_equal(addr_parse(address, &f->origin.addr), 0);
		f->origin.kind = ORIGIN_ADDRESS;
		f->origin.cls = addr_classify(&f->origin.addr);
	}
	gather_place(&o->conf, o->geo, &f->origin, &f->networks, &f->place);
	gather_asn(&o->conf, o->geo, &f->origin, &f->place, &f->asn);
	gather_anonymous(o->geo, f);
}

static void
test_addresses_inside_of_others_are_looked_up(void **state)
{
	static const char *const addresses[] = { "81.2.69.142",
		"::ffff:81.2.69.142", "64:ff9b::81.2.69.142",
		"2002:5102:458e::1" };
	struct opened o;
	struct facts f;
	size_t i;

	(void)state;
	open_names(&o, all);
	for (i = 0; i < N_ELEMENTS(addresses); i++) {
		gather_all(&o, addresses[i], &f);
		assert_int_equal(f.place.state, FACT_KNOWN);
		assert_string_equal(f.place.country, "GB");
		assert_int_equal(f.asn.state, FACT_KNOWN);
		assert_int_equal(f.asn.number, 20712);
		assert_int_equal(f.asn.index, 1);
		assert_int_equal(f.anonymous.state, FACT_KNOWN);
		assert_true((f.anonymous.flags & FACT_ANON_TOR) != 0);
		assert_int_equal(f.anonymous.index, 2);
	}
	close_names(&o);
}

/* GEO-08: databases are not asked for what is no public address. */
static void
test_other_classes_have_no_system_and_are_not_anonymous(void **state)
{
	static const char *const addresses[] = { NULL, "10.1.2.3",
		"192.168.1.1", "127.0.0.1", "::1", "fd00::1", "100.64.0.1",
		"169.254.1.1", "fe80::1%eth0", "203.0.113.1", "2001:db8::1",
		"224.0.0.1", "ff02::1", "240.0.0.1", "0.0.0.0",
		"2001:0:5102:458e::1", "64:ff9b::10.2.0.1", "2002:c0a8:0101::1",
		"64:ff9b::240.0.0.1" };
	struct opened o;
	struct facts f;
	size_t i;

	(void)state;
	open_names(&o, all);
	for (i = 0; i < N_ELEMENTS(addresses); i++) {
		gather_all(&o, addresses[i], &f);
		assert_int_not_equal(f.place.state, FACT_KNOWN);
		assert_false(f.place.has_point);
		assert_int_equal(f.asn.state, FACT_NONE);
		assert_int_equal(f.asn.number, 0);
		assert_int_equal(f.asn.nlists, 0);
		assert_int_equal(f.anonymous.state, FACT_NONE);
		assert_int_equal(f.anonymous.flags, 0);
	}
	close_names(&o);
}

static void
test_lists_that_have_the_system_are_named_in_order(void **state)
{
	uint32_t one[] = { 1, 20712, 64500 }, other[] = { 64500 };
	struct conf_asns lists[] = {
		{ .kind = CONF_NET_HOSTING, .sorted = other, .nsorted = 1 },
		{ .kind = CONF_NET_VPN, .sorted = one, .nsorted = 3 },
		{ .kind = CONF_NET_NONE },
		{ .kind = CONF_NET_HOSTING, .sorted = one, .nsorted = 2 },
	};
	struct opened o;
	struct facts f;

	(void)state;
	open_names(&o, all);
	o.conf.asns = lists;
	o.conf.nasns = N_ELEMENTS(lists);
	gather_all(&o, "81.2.69.142", &f);
	assert_int_equal(f.asn.nlists, 2);
	assert_int_equal(f.asn.list[0], 1);
	assert_int_equal(f.asn.list[1], 3);
	assert_false(f.place.country_only);
	gather_all(&o, "89.160.20.128", &f);
	assert_int_equal(f.asn.state, FACT_UNKNOWN);
	assert_int_equal(f.asn.nlists, 0);
	close_names(&o);
}

static void
assert_country_only(enum conf_net_kind kind, bool country_only)
{
	static const char *const names[] = { "city:city.mmdb", "asn:asn.mmdb",
		NULL };
	uint32_t one[] = { 20712 };
	struct conf_asns lists[] = {
		{ .kind = kind, .sorted = one, .nsorted = 1 },
	};
	struct opened o;
	struct facts f;

	open_names(&o, names);
	o.conf.asns = lists;
	o.conf.nasns = N_ELEMENTS(lists);
	gather_all(&o, "81.2.69.142", &f);
	assert_int_equal(f.place.state, FACT_KNOWN);
	assert_true(f.place.has_point);
	assert_int_equal(f.place.country_only, country_only);
	gather_all(&o, "89.160.20.128", &f);
	assert_true(f.place.has_point);
	assert_false(f.place.country_only);
	close_names(&o);
}

static void
test_a_mobile_system_leaves_only_the_country(void **state)
{
	(void)state;
	assert_country_only(CONF_NET_MOBILE, true);
	assert_country_only(CONF_NET_CGNAT, true);
	assert_country_only(CONF_NET_HOSTING, false);
	assert_country_only(CONF_NET_NONE, false);
}

static void
test_more_lists_than_there_is_room_for_change_nothing_else(void **state)
{
	uint32_t one[] = { 20712 };
	struct conf_asns lists[FACT_NETWORKS_MAX];
	struct opened o;
	struct facts f;
	size_t i;

	(void)state;
	memset(lists, 0, sizeof(lists));
	for (i = 0; i < N_ELEMENTS(lists); i++) {
		lists[i].sorted = one;
		lists[i].nsorted = 1;
		lists[i].kind = CONF_NET_HOSTING;
	}
	lists[N_ELEMENTS(lists) - 1].kind = CONF_NET_MOBILE;
	open_names(&o, all);
	o.conf.asns = lists;
	o.conf.nasns = N_ELEMENTS(lists);
	gather_all(&o, "81.2.69.142", &f);
	assert_int_equal(f.asn.nlists, N_ELEMENTS(f.asn.list));
	for (i = 0; i < N_ELEMENTS(f.asn.list); i++)
		assert_int_equal(f.asn.list[i], i);
	assert_true(f.place.country_only);
	assert_int_equal(f.anonymous.state, FACT_KNOWN);
	close_names(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_inside_of_others_are_looked_up),
		cmocka_unit_test(
		    test_other_classes_have_no_system_and_are_not_anonymous),
		cmocka_unit_test(
		    test_lists_that_have_the_system_are_named_in_order),
		cmocka_unit_test(test_a_mobile_system_leaves_only_the_country),
		cmocka_unit_test(
		    test_more_lists_than_there_is_room_for_change_nothing_else),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
