/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The default gateway's address, in a network of the test's own: as the kernel
 * routes, behind a tunnel, and none that many places have.
 */
#include "policyd/scanner/look/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/netlink.h>

#include "policyd/scanner/walk.h"
#include "tests/unit/looking.h"

#define LATER (walk_now_ns() + INT64_C(60000000000))

static struct netlink routes;
static bool have; /* root alone makes networks, and not in every container */

static void
run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* One network to be in, and one more. */
static int
begin(void **state)
{
	(void)state;
	have = geteuid() == 0 &&
	    system("ip link add up0 type veth peer name peer0") == 0;
	if (!have)
		return 0;
	run("ip link add up1 type veth peer name peer1 && "
	    "for i in up0 peer0 up1 peer1; do ip link set $i up; done && "
	    "ip address add 198.51.100.2/24 dev up0 && "
	    "ip address add 203.0.113.2/24 dev up1");
	return netlink_open(&routes, NETLINK_ROUTE);
}

static int
end(void **state)
{
	(void)state;
	if (!have)
		return 0;
	netlink_close(&routes);
	run("ip link delete up0 && ip link delete up1");
	return 0;
}

static void
expect(const char *want)
{
	uint8_t mac[6];
	char text[18];

	memset(mac, 0xff, sizeof(mac));
	gateway_look(&routes, LATER, mac);
	(void)snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
	    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	assert_string_equal(text, want);
}

#define NONE  "00:00:00:00:00:00"
#define OWN   "3c:37:12:01:02:03"
#define OTHER "3c:37:12:0a:0b:0c"

static void
need_network(void)
{
	if (!have)
		skip();
}

static void
test_without_a_route_there_is_none(void **state)
{
	(void)state;
	need_network();
	expect(NONE);
	run("ip neighbour add 198.51.100.1 lladdr " OWN
	    " dev up0 nud permanent");
	expect(NONE);
	run("ip route add 192.0.2.0/25 via 198.51.100.1");
	expect(OWN); /* it is asked for the way there */
}

static void
test_it_is_who_the_default_route_leads_by(void **state)
{
	(void)state;
	need_network();
	run("ip route add default via 198.51.100.1");
	expect(NONE); /* who that is nobody has asked yet */
	run("ip neighbour add 198.51.100.1 lladdr " OWN
	    " dev up0 nud reachable");
	expect(OWN);
	run("ip neighbour change 198.51.100.1 lladdr " OTHER
	    " dev up0 nud stale");
	expect(OTHER);
	run("ip neighbour change 198.51.100.1 dev up0 nud failed");
	expect(NONE);
	run("ip neighbour add 198.51.100.9 lladdr " OTHER
	    " dev up0 nud permanent"); /* somebody else */
	expect(NONE);
}

static void
test_it_is_by_ipv6_where_there_is_no_other(void **state)
{
	(void)state;
	need_network();
	run("ip -6 route add default via fe80::1 dev up0 && "
	    "ip neighbour add fe80::1 lladdr " OTHER " dev up0 nud permanent");
	expect(OTHER);
	run("ip route add default via 198.51.100.1 && ip neighbour add "
	    "198.51.100.1 lladdr " OWN " dev up0 nud permanent");
	expect(OWN);
}

/* A tunnel's way has no gateway, or one that has no address. */
static void
test_behind_a_tunnel_it_is_the_network_around(void **state)
{
	(void)state;
	need_network();
	run("ip route add default via 203.0.113.1 metric 600 && "
	    "ip route add default via 198.51.100.1 metric 100 && "
	    "ip neighbour add 198.51.100.1 lladdr " OWN
	    " dev up0 nud permanent && "
	    "ip neighbour add 203.0.113.1 lladdr " OTHER
	    " dev up1 nud permanent");
	expect(OWN);
	run("ip link add tun0 type veth peer name far0 && "
	    "ip link set tun0 arp off up && ip link set far0 up && "
	    "ip route add 0.0.0.0/1 dev tun0 && "
	    "ip route add 128.0.0.0/1 dev tun0");
	expect(OWN);
	run("ip route delete default via 198.51.100.1");
	expect(OTHER);
	run("ip route delete default via 203.0.113.1");
	expect(NONE);
	run("ip link delete tun0");
}

static void
test_what_many_places_have_is_none(void **state)
{
	static const char *const everywhere[] = { "00:00:5e:00:01:01",
		"00:00:5e:00:02:ff", "00:00:0c:07:ac:0a", "00:00:0c:9f:f0:01",
		"00:05:73:a0:00:01", "00:07:b4:00:01:01", "52:54:00:12:35:02",
		"52:55:0a:00:02:02" };
	char command[128];
	size_t i;

	(void)state;
	need_network();
	run("ip route add default via 198.51.100.1");
	for (i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++) {
		(void)snprintf(command, sizeof(command),
		    "ip neighbour replace 198.51.100.1 lladdr %s dev up0 nud "
		    "permanent",
		    everywhere[i]);
		run(command);
		expect(NONE);
	}
	run("ip neighbour replace 198.51.100.1 lladdr " OWN
	    " dev up0 nud permanent");
	expect(OWN);
}

static void
test_without_an_answer_it_is_not_known(void **state)
{
	struct netlink closed = { .fd = -1 };
	uint8_t mac[6];

	(void)state;
	memset(mac, 0xff, sizeof(mac));
	gateway_look(&closed, LATER, mac);
	assert_memory_equal(mac, "\0\0\0\0\0\0", 6);
}

#define IN_NET(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_NET(test_without_a_route_there_is_none),
		IN_NET(test_it_is_who_the_default_route_leads_by),
		IN_NET(test_it_is_by_ipv6_where_there_is_no_other),
		IN_NET(test_behind_a_tunnel_it_is_the_network_around),
		IN_NET(test_what_many_places_have_is_none),
		cmocka_unit_test(test_without_an_answer_it_is_not_known),
	};

	looking_isolate_net();
	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
