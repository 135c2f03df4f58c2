/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The networks that hold an origin, and its place by networks and by class.
 */
#include "policyd/gather/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/gathering.h"

static void
test_named_networks_come_in_order(void **state)
{
	struct facts f;

	(void)state;
	gather(&f, "sshd", "198.51.100.200", "");
	gather_net(conf, &f.origin, &f.networks);
	assert_int_equal(f.networks.count, 3);
	assert_string_equal(conf->networks[f.networks.index[0]].name, "office");
	assert_string_equal(conf->networks[f.networks.index[1]].name, "lab");
	assert_string_equal(conf->networks[f.networks.index[2]].name, "vpn");
	assert_false(f.networks.overflow);

	gather(&f, "sshd", "name", "");
	gather_net(conf, &f.origin, &f.networks);
	assert_int_equal(f.networks.count, 0);
	gather(&f, "login", "", "");
	gather_net(conf, &f.origin, &f.networks);
	assert_int_equal(f.networks.count, 0);
}

static void
test_too_many_networks_are_told(void **state)
{
	struct conf_errors errors = { 0 };
	struct conf *many;
	struct facts f;
	char text[4096] = "";
	size_t used, i;

	(void)state;
	for (i = 0; i <= FACT_NETWORKS_MAX; i++) {
		used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used,
		    "network n%zu { cidr = {\"198.51.100.0/%zu\"} "
		    "label = \"many\" }\n",
		    i, i + 8 < 24 ? (size_t)24 : i + 8);
	}
	used = strlen(text);
	(void)snprintf(text + used, sizeof(text) - used, "policy all { }\n");
	if (conf_parse("many", text, strlen(text), &many, &errors) != 0) {
		conf_errors_print(&errors, stderr);
		fail();
	}
	set_login(&f, "sshd", "198.51.100.0", "");
	gather_origin(many, NULL, &f);
	gather_net(many, &f.origin, &f.networks);
	assert_int_equal(f.networks.count, FACT_NETWORKS_MAX);
	assert_true(f.networks.overflow);
	conf_free(many);
	conf_errors_done(&errors);
}

/* GEO-08: no address is "abroad" because of its class. */
static void
test_the_class_of_an_address_comes_before_the_databases(void **state)
{
	static const struct {
		const char *rhost;
		enum fact_state state;
		const char *country;
	} t[] = {
		{ "198.51.100.1", FACT_KNOWN, "DE" },
		{ "198.51.100.200", FACT_KNOWN, "DE" },
		{ "::ffff:198.51.100.1", FACT_KNOWN, "DE" },
		{ "2001:db8:1::5", FACT_KNOWN, "DE" },
		{ "10.1.0.5", FACT_KNOWN, "SE" },
		{ "127.0.0.1", FACT_KNOWN, "SE" },
		{ "10.2.0.5", FACT_NONE, "" },
		{ "172.31.255.255", FACT_NONE, "" },
		{ "192.168.1.1", FACT_NONE, "" },
		{ "fd00::1", FACT_NONE, "" },
		{ "::1", FACT_NONE, "" },
		{ "100.64.0.1", FACT_NONE, "" },
		{ "169.254.1.1", FACT_NONE, "" },
		{ "fe80::1%eth0", FACT_NONE, "" },
		{ "64:ff9b::10.2.0.1", FACT_UNKNOWN, "" },
		{ "2002:c0a8:0101::1", FACT_UNKNOWN, "" },
		/* the network of the address inside is not this one's */
		{ "64:ff9b::10.1.0.5", FACT_UNKNOWN, "" },
		{ "64:ff9b::198.51.100.1", FACT_UNKNOWN, "" },
		{ "203.0.113.1", FACT_UNKNOWN, "" },
		{ "2001:db8:2::1", FACT_UNKNOWN, "" },
		{ "224.0.0.1", FACT_UNKNOWN, "" },
		{ "ff02::1", FACT_UNKNOWN, "" },
		{ "240.0.0.1", FACT_UNKNOWN, "" },
		{ "0.0.0.0", FACT_UNKNOWN, "" },
		{ "198.18.0.1", FACT_UNKNOWN, "" },
		{ "2001:0:5102:458e::1", FACT_UNKNOWN, "" },
		{ "64:ff9b::240.0.0.1", FACT_UNKNOWN, "" },
		{ "2002:e000:0001::1", FACT_UNKNOWN, "" },
		/* public ones, and no database here */
		{ "81.2.69.142", FACT_ERROR, "" },
		{ "2a02:2e0::1", FACT_ERROR, "" },
		{ "64:ff9b::81.2.69.142", FACT_ERROR, "" },
		{ "2002:5102:458e::1", FACT_ERROR, "" },
	};
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		gather(&f, "sshd", t[i].rhost, "");
		gather_net(conf, &f.origin, &f.networks);
		gather_place(conf, geo, &f.origin, &f.networks, &f.place);
		if (f.place.state != t[i].state)
			fail_msg("the place of %s is %s", t[i].rhost,
			    fact_state_name(f.place.state));
		assert_string_equal(f.place.country, t[i].country);
		assert_int_equal(f.place.problem != NULL,
		    t[i].state == FACT_UNKNOWN || t[i].state == FACT_ERROR);
	}
}

static void
test_without_an_address_there_is_no_place(void **state)
{
	struct facts f;

	(void)state;
	gather(&f, "sshd", "name", "");
	gather_net(conf, &f.origin, &f.networks);
	gather_place(conf, geo, &f.origin, &f.networks, &f.place);
	assert_int_equal(f.place.state, FACT_NONE);
	gather(&f, "login", "", "");
	gather_place(conf, geo, &f.origin, &f.networks, &f.place);
	assert_int_equal(f.place.state, FACT_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named_networks_come_in_order),
		cmocka_unit_test(test_too_many_networks_are_told),
		cmocka_unit_test(
		    test_the_class_of_an_address_comes_before_the_databases),
		cmocka_unit_test(test_without_an_address_there_is_no_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
