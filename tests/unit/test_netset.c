/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address sets by their properties: a prefix holds its own addresses, and one
 * flipped bit before its end leaves it; a merged set answers as its prefixes
 * would one by one.
 */
#include "policyd/net/netset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/net/addr.h"
#include "proto/result.h"

#define RANDOM_PREFIXES	 300u
#define RANDOM_QUESTIONS 20000u

static uint32_t seed = 2463534242u;

static uint32_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static void
add(struct netset *set, const char *text)
{
	struct addr_prefix p;

	assert_int_equal(addr_parse_prefix(text, &p), 0);
	assert_int_equal(netset_add(set, &p), 0);
}

static bool
holds(const struct netset *set, const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return netset_contains(set, &a);
}

static void
clear_host_bits(struct addr_prefix *p)
{
	unsigned int i;

	for (i = p->bits; i < 128; i++)
		p->addr.b[i / 8] &= (uint8_t) ~(0x80u >> (i % 8));
}

static void
test_a_flipped_bit_leaves_the_prefix(void **state)
{
	static const char *const bases[] = { "203.0.113.77", "10.255.0.1",
		"2001:db8:1234:5678:9abc:def0:1357:2468", "fe80::1" };
	struct addr_prefix p;
	struct netset *set;
	struct addr a;
	unsigned int bits, flip;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		for (bits = 0; bits <= 128; bits++) {
			memset(&p, 0, sizeof(p));
			assert_int_equal(addr_parse(bases[i], &a), 0);
			/* an IPv4 prefix does not reach beyond IPv4 */
			if (addr_is_v4(&a) && bits < 96)
				continue;
			p.addr = a;
			p.bits = bits;
			clear_host_bits(&p);
			assert_non_null(set = netset_new());
			assert_int_equal(netset_add(set, &p), 0);
			netset_seal(set);
			assert_true(netset_contains(set, &a));
			for (flip = 0; flip < 128; flip++) {
				a.b[flip / 8] ^= (uint8_t)(0x80u >> flip % 8);
				assert_int_equal(netset_contains(set, &a),
				    flip >= bits &&
					!(addr_is_v4(&a) && bits < 96));
				a.b[flip / 8] ^= (uint8_t)(0x80u >> flip % 8);
			}
			netset_free(set);
		}
}

static bool
prefix_holds(const struct addr_prefix *p, const struct addr *a)
{
	unsigned int i;

	for (i = 0; i < p->bits; i++)
		if (((p->addr.b[i / 8] ^ a->b[i / 8]) & (0x80u >> (i % 8))) !=
		    0)
			return false;
	return true;
}

/* Few different bytes, so that prefixes overlap and touch. */
static void
random_v4(struct addr *a)
{
	static const uint8_t bytes[] = { 0, 1, 2, 127, 128, 254, 255 };
	unsigned int i;

	assert_int_equal(addr_parse("0.0.0.0", a), 0);
	for (i = 12; i < 16; i++)
		a->b[i] = bytes[next_random() % sizeof(bytes)];
}

static void
test_a_merged_set_answers_as_its_prefixes_do(void **state)
{
	static struct addr_prefix list[RANDOM_PREFIXES];
	struct netset *set;
	struct addr a;
	bool want;
	size_t i, k, held = 0;

	(void)state;
	assert_non_null(set = netset_new());
	for (i = 0; i < RANDOM_PREFIXES; i++) {
		random_v4(&list[i].addr);
		list[i].bits = 96 + 10 + next_random() % 23;
		clear_host_bits(&list[i]);
		assert_int_equal(netset_add(set, &list[i]), 0);
	}
	netset_seal(set);
	assert_int_equal(netset_count(set), RANDOM_PREFIXES);
	for (i = 0; i < RANDOM_QUESTIONS; i++) {
		random_v4(&a);
		want = false;
		for (k = 0; k < RANDOM_PREFIXES && !want; k++)
			want = prefix_holds(&list[k], &a);
		assert_int_equal(netset_contains(set, &a), want);
		held += want;
	}
	/* the test would be none if all answers were the same */
	assert_true(held > 0 && held < RANDOM_QUESTIONS);
	netset_free(set);
}

static void
test_neighbours_and_nested_ranges_are_merged(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	add(set, "192.0.2.128/25");
	add(set, "192.0.2.0/25");
	add(set, "192.0.2.64/26");
	add(set, "192.0.2.7");
	add(set, "192.0.2.0/24");
	add(set, "192.0.4.0/24");
	netset_seal(set);
	assert_true(holds(set, "192.0.2.0"));
	assert_true(holds(set, "192.0.2.127"));
	assert_true(holds(set, "192.0.2.255"));
	assert_true(holds(set, "::ffff:192.0.2.255"));
	assert_true(holds(set, "192.0.4.255"));
	assert_false(holds(set, "192.0.1.255"));
	assert_false(holds(set, "192.0.3.0"));
	assert_false(holds(set, "192.0.3.255"));
	assert_false(holds(set, "192.0.5.0"));
	netset_free(set);
}

static void
test_all_of_ipv6_holds_no_ipv4(void **state)
{
	static const char *const wide[] = { "::/0", "::/1", "::/64", "::/80",
		"::8000:0:0/81", "::ff00:0:0/88", "::fffe:0:0/95" };
	struct netset *set;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		assert_non_null(set = netset_new());
		add(set, wide[i]);
		netset_seal(set);
		assert_false(holds(set, "0.0.0.0"));
		assert_false(holds(set, "203.0.113.7"));
		assert_false(holds(set, "255.255.255.255"));
		assert_true(holds(set, "::fffe:ffff:ffff"));
		assert_int_equal(holds(set, "::1:0:0:0"), i <= 2);
		assert_int_equal(netset_count(set), 1);
		netset_free(set);
	}
	assert_non_null(set = netset_new());
	add(set, "::/0");
	add(set, "203.0.113.0/24");
	netset_seal(set);
	assert_true(holds(set, "203.0.113.7"));
	assert_false(holds(set, "203.0.114.0"));
	assert_true(holds(set, "2001:db8::1"));
	netset_free(set);
}

static void
test_all_of_ipv4_holds_no_ipv6(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	add(set, "0.0.0.0/0");
	netset_seal(set);
	assert_true(holds(set, "0.0.0.0"));
	assert_true(holds(set, "255.255.255.255"));
	assert_false(holds(set, "::1"));
	assert_false(holds(set, "::fffe:ffff:ffff"));
	assert_false(holds(set, "::1:0:0:0"));
	assert_false(holds(set, "64:ff9b::1.2.3.4"));
	netset_free(set);
}

static void
test_an_empty_set_holds_nothing(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	netset_seal(set);
	assert_false(holds(set, "0.0.0.0"));
	assert_false(holds(set, "::"));
	assert_int_equal(netset_count(set), 0);
	netset_free(set);
	netset_free(NULL);
}

static void
test_the_zone_takes_no_part(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	add(set, "fe80::1");
	netset_seal(set);
	assert_true(holds(set, "fe80::1%eth0"));
	assert_true(holds(set, "fe80::1%eth1"));
	assert_false(holds(set, "fe80::2%eth0"));
	netset_free(set);
}

static void
test_a_hundred_thousand_prefixes_are_searched(void **state)
{
	struct addr_prefix p;
	struct netset *set;
	uint32_t i;

	(void)state;
	assert_non_null(set = netset_new());
	for (i = 0; i < 100000; i++) {
		uint32_t v = (99999 - i) * 512;

		assert_int_equal(addr_parse_prefix("0.0.0.0/24", &p), 0);
		p.addr.b[12] = (uint8_t)(v >> 24);
		p.addr.b[13] = (uint8_t)(v >> 16);
		p.addr.b[14] = (uint8_t)(v >> 8);
		assert_int_equal(netset_add(set, &p), 0);
	}
	netset_seal(set);
	assert_int_equal(netset_count(set), 100000);
	assert_true(holds(set, "0.0.0.0"));
	assert_false(holds(set, "0.0.1.0"));
	assert_true(holds(set, "3.13.62.255"));
	assert_false(holds(set, "3.13.63.0"));
	assert_false(holds(set, "3.13.64.0"));
	netset_free(set);
}

static int
add_range(struct netset *set, const char *first, const char *last)
{
	struct addr a, b;

	assert_int_equal(addr_parse(first, &a), 0);
	assert_int_equal(addr_parse(last, &b), 0);
	return netset_add_range(set, &a, &b);
}

static void
test_a_range_holds_both_its_ends_and_no_more(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	assert_int_equal(add_range(set, "192.0.2.3", "192.0.3.9"), 0);
	assert_int_equal(add_range(set, "2001:db8::5", "2001:db8::5"), 0);
	assert_int_equal(add_range(set, "0.0.0.0", "0.0.0.0"), 0);
	assert_int_equal(add_range(set, "255.255.255.255", "255.255.255.255"),
	    0);
	netset_seal(set);
	assert_int_equal(netset_count(set), 4);
	assert_true(holds(set, "192.0.2.3"));
	assert_true(holds(set, "192.0.2.255"));
	assert_true(holds(set, "192.0.3.9"));
	assert_false(holds(set, "192.0.2.2"));
	assert_false(holds(set, "192.0.3.10"));
	assert_true(holds(set, "2001:db8::5"));
	assert_false(holds(set, "2001:db8::4"));
	assert_false(holds(set, "2001:db8::6"));
	assert_true(holds(set, "255.255.255.255"));
	assert_false(holds(set, "255.255.255.254"));
	assert_true(holds(set, "0.0.0.0"));
	assert_false(holds(set, "0.0.0.1"));
	assert_false(holds(set, "::fffe:ffff:ffff"));
	assert_false(holds(set, "::1:0:0:0"));
	netset_free(set);
}

static void
test_a_range_goes_up_within_one_family(void **state)
{
	struct netset *set;

	(void)state;
	assert_non_null(set = netset_new());
	assert_int_equal(add_range(set, "192.0.2.2", "192.0.2.1"),
	    FG_ERR_FORMAT);
	assert_int_equal(add_range(set, "::", "192.0.2.1"), FG_ERR_FORMAT);
	assert_int_equal(add_range(set, "192.0.2.1", "2001:db8::"),
	    FG_ERR_FORMAT);
	assert_int_equal(netset_count(set), 0);
	/* All of IPv6, and still no IPv4. */
	assert_int_equal(add_range(set,
			     "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	    0);
	netset_seal(set);
	assert_true(holds(set, "::1"));
	assert_true(holds(set, "2001:db8::"));
	assert_false(holds(set, "0.0.0.0"));
	assert_false(holds(set, "255.255.255.255"));
	assert_int_equal(netset_count(set), 1);
	netset_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_flipped_bit_leaves_the_prefix),
		cmocka_unit_test(test_a_merged_set_answers_as_its_prefixes_do),
		cmocka_unit_test(test_neighbours_and_nested_ranges_are_merged),
		cmocka_unit_test(test_all_of_ipv6_holds_no_ipv4),
		cmocka_unit_test(test_all_of_ipv4_holds_no_ipv6),
		cmocka_unit_test(test_an_empty_set_holds_nothing),
		cmocka_unit_test(test_the_zone_takes_no_part),
		cmocka_unit_test(test_a_hundred_thousand_prefixes_are_searched),
		cmocka_unit_test(test_a_range_holds_both_its_ends_and_no_more),
		cmocka_unit_test(test_a_range_goes_up_within_one_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
