/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numeric addresses: what is accepted and in which form, what is refused, and
 * to which class an address belongs, at both edges of every range.
 */
#include "policyd/net/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/result.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static void
test_addresses_get_their_canonical_form(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::FFFF:c000:201", "192.0.2.1" },
		{ "0:0:0:0:0:ffff:c000:0201", "192.0.2.1" },
		{ "::192.0.2.1", "192.0.2.1" },
		{ "::c000:201", "192.0.2.1" },
		{ "::1", "::1" },
		{ "::", "::" },
		{ "0::0.0.0.1", "::1" },
		{ "::0.0.255.255", "::ffff" },
		{ "2001:DB8::1", "2001:db8::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "fe80::1%eth0", "fe80::1%eth0" },
		{ "fe80::1%wlp0s20f3.4_a-b", "fe80::1%wlp0s20f3.4_a-b" },
	};
	char buf[ADDR_TEXT_SIZE];
	struct addr a, again;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		assert_int_equal(addr_parse(t[i].text, &a), 0);
		assert_string_equal(addr_text(&a, buf), t[i].want);
		assert_int_equal(addr_parse(buf, &again), 0);
		assert_memory_equal(&a, &again, sizeof(a));
	}
}

static void
test_lenient_and_hostile_forms_are_refused(void **state)
{
	static const char *const bad[] = { "", " ", "127.1", "127", "0x7f.1",
		"0x7f.0.0.1", "010.0.0.1", "10.0.0.01", "00.0.0.0", "1.2.3.4 ",
		" 1.2.3.4", "1.2.3.4\n", "1.2.3.4.", ".1.2.3.4", "1.2.3",
		"1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "+1.2.3.4", "2130706433",
		"1.2.3.4/32", "1.2.3.4:22", "[::1]", "::1/128",
		":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"12345::", "::g", "::ffff:127.1", "::ffff:010.0.0.1",
		"fe80::1%", "fe80::1%zone;rm", "fe80::1%a b", "fe80::1%a/b",
		"fe80::1%\xc3\xa9", "fe80::1%eth0%eth1", "fe80::1%eth0\n",
		"fe80::1%0123456789012345678901234567890_", "2001:db8::1%eth0",
		"::1%lo", "127.0.0.1%lo", "169.254.1.1%eth0",
		"::ffff:169.254.1.1%eth0", "%eth0", "localhost", "all", "ALL",
		"LOCAL", "console", "tty1", "UNKNOWN", "203.0.113.7.example",
		"1.2.3.4,5.6.7.8", "\xff\xfe", "%s%n", "../etc" };
	struct addr a, zero;
	char text[301];
	size_t i;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		memset(&a, 0x55, sizeof(a));
		if (addr_parse(bad[i], &a) != FG_ERR_FORMAT)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_memory_equal(&a, &zero, sizeof(a));
	}
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(addr_parse(text, &a), FG_ERR_FORMAT);
	memcpy(text, "fe80::1%", 8);
	assert_int_equal(addr_parse(text, &a), FG_ERR_FORMAT);
}

/* Canonical "ADDRESS/BITS" with the family's own bits. */
static const char *
prefix_text(const struct addr_prefix *prefix, char buf[ADDR_TEXT_SIZE])
{
	unsigned int bits = prefix->bits;
	size_t len = strlen(addr_text(&prefix->addr, buf));

	if (addr_is_v4(&prefix->addr) && bits >= 96)
		bits -= 96;
	(void)snprintf(buf + len, ADDR_TEXT_SIZE - len, "/%u", bits);
	return buf;
}

static void
test_prefixes_are_parsed_and_written(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "192.0.2.1", "192.0.2.1/32" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "::ffff:192.0.2.0/120", "192.0.2.0/24" },
		{ "::192.0.2.0/120", "192.0.2.0/24" },
		{ "::/0", "::/0" },
		{ "2001:DB8::/32", "2001:db8::/32" },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "fe80::/10", "fe80::/10" },
	};
	char buf[ADDR_TEXT_SIZE];
	struct addr_prefix p, again;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		assert_int_equal(addr_parse_prefix(t[i].text, &p), 0);
		assert_string_equal(prefix_text(&p, buf), t[i].want);
		assert_int_equal(addr_parse_prefix(buf, &again), 0);
		assert_memory_equal(&p, &again, sizeof(p));
	}
}

static void
test_bad_prefixes_are_refused(void **state)
{
	static const struct {
		const char *text;
		int want;
	} t[] = {
		{ "", FG_ERR_FORMAT },
		{ "/24", FG_ERR_FORMAT },
		{ "192.0.2.0/", FG_ERR_FORMAT },
		{ "192.0.2.0/024", FG_ERR_FORMAT },
		{ "192.0.2.0/+24", FG_ERR_FORMAT },
		{ "192.0.2.0/ 24", FG_ERR_FORMAT },
		{ "192.0.2.0/24 ", FG_ERR_FORMAT },
		{ "192.0.2.0/24/24", FG_ERR_FORMAT },
		{ "192.0.2.0/255.255.255.0", FG_ERR_FORMAT },
		{ "192.0.2/24", FG_ERR_FORMAT },
		{ "fe80::1%eth0/64", FG_ERR_FORMAT },
		{ "fe80::1%eth0", FG_ERR_FORMAT },
		{ "localhost", FG_ERR_FORMAT },
		{ "LOCAL", FG_ERR_FORMAT },
		{ "192.0.2.0/33", FG_ERR_LIMIT },
		{ "192.0.2.0/99999999999999999999", FG_ERR_LIMIT },
		{ "2001:db8::/129", FG_ERR_LIMIT },
		{ "192.0.2.1/24", FG_ERR_LIMIT },
		{ "192.0.2.128/24", FG_ERR_LIMIT },
		{ "2001:db8::1/64", FG_ERR_LIMIT },
		{ "::ffff:192.0.2.0/24", FG_ERR_LIMIT },
		{ "0.0.0.1/0", FG_ERR_LIMIT },
	};
	struct addr_prefix p, zero;
	size_t i;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (i = 0; i < N_ELEMENTS(t); i++) {
		memset(&p, 0x55, sizeof(p));
		if (addr_parse_prefix(t[i].text, &p) != t[i].want)
			fail_msg("\"%s\" is not refused as it should be",
			    t[i].text);
		assert_memory_equal(&p, &zero, sizeof(p));
	}
}

static void
test_every_range_has_its_class(void **state)
{
	static const struct {
		enum addr_class cls;
		const char *first, *last;
	} t[] = {
		{ ADDR_RESERVED, "0.0.0.0", "0.255.255.255" },
		{ ADDR_PUBLIC, "1.0.0.0", "9.255.255.255" },
		{ ADDR_PRIVATE, "10.0.0.0", "10.255.255.255" },
		{ ADDR_PUBLIC, "11.0.0.0", "100.63.255.255" },
		{ ADDR_CGNAT, "100.64.0.0", "100.127.255.255" },
		{ ADDR_PUBLIC, "100.128.0.0", "126.255.255.255" },
		{ ADDR_LOOPBACK, "127.0.0.0", "127.255.255.255" },
		{ ADDR_PUBLIC, "128.0.0.0", "169.253.255.255" },
		{ ADDR_LINK_LOCAL, "169.254.0.0", "169.254.255.255" },
		{ ADDR_PUBLIC, "169.255.0.0", "172.15.255.255" },
		{ ADDR_PRIVATE, "172.16.0.0", "172.31.255.255" },
		{ ADDR_PUBLIC, "172.32.0.0", "191.255.255.255" },
		{ ADDR_RESERVED, "192.0.0.0", "192.0.0.255" },
		{ ADDR_PUBLIC, "192.0.1.0", "192.0.1.255" },
		{ ADDR_DOCUMENTATION, "192.0.2.0", "192.0.2.255" },
		{ ADDR_PUBLIC, "192.0.3.0", "192.88.98.255" },
		{ ADDR_RESERVED, "192.88.99.0", "192.88.99.255" },
		{ ADDR_PUBLIC, "192.88.100.0", "192.167.255.255" },
		{ ADDR_PRIVATE, "192.168.0.0", "192.168.255.255" },
		{ ADDR_PUBLIC, "192.169.0.0", "198.17.255.255" },
		{ ADDR_RESERVED, "198.18.0.0", "198.19.255.255" },
		{ ADDR_PUBLIC, "198.20.0.0", "198.51.99.255" },
		{ ADDR_DOCUMENTATION, "198.51.100.0", "198.51.100.255" },
		{ ADDR_DOCUMENTATION, "203.0.113.0", "203.0.113.255" },
		{ ADDR_PUBLIC, "203.0.114.0", "223.255.255.255" },
		{ ADDR_MULTICAST, "224.0.0.0", "239.255.255.255" },
		{ ADDR_RESERVED, "240.0.0.0", "255.255.255.255" },
		{ ADDR_RESERVED, "::", "::" },
		{ ADDR_LOOPBACK, "::1", "::1" },
		{ ADDR_RESERVED, "::2", "::ffff" },
		{ ADDR_NAT64, "64:ff9b::", "64:ff9b::ffff:ffff" },
		{ ADDR_RESERVED, "64:ff9b::1:0:0",
		    "64:ff9b:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ ADDR_RESERVED, "100::", "100::ffff:ffff:ffff:ffff" },
		{ ADDR_RESERVED, "1fff:ffff::", "1fff:ffff::1" },
		{ ADDR_PUBLIC, "2000::", "2000:ffff::" },
		{ ADDR_TEREDO, "2001::", "2001:0:ffff:ffff::" },
		{ ADDR_RESERVED, "2001:1::", "2001:1ff:ffff::" },
		{ ADDR_PUBLIC, "2001:200::", "2001:db7:ffff::" },
		{ ADDR_DOCUMENTATION, "2001:db8::", "2001:db8:ffff:ffff::" },
		{ ADDR_PUBLIC, "2001:db9::", "2001:ffff::" },
		{ ADDR_6TO4, "2002::", "2002:ffff:ffff::" },
		{ ADDR_PUBLIC, "2003::", "3ffe:ffff::" },
		{ ADDR_DOCUMENTATION, "3fff::", "3fff:fff:ffff::" },
		{ ADDR_PUBLIC, "3fff:1000::", "3fff:ffff::" },
		{ ADDR_RESERVED, "4000::", "fbff:ffff::" },
		{ ADDR_PRIVATE, "fc00::", "fdff:ffff::" },
		{ ADDR_RESERVED, "fe00::", "fe7f:ffff::" },
		{ ADDR_LINK_LOCAL, "fe80::", "febf:ffff::" },
		{ ADDR_RESERVED, "fec0::", "feff:ffff::" },
		{ ADDR_MULTICAST, "ff00::", "ffff:ffff::" },
		{ ADDR_PRIVATE, "::ffff:10.0.0.1", "::10.0.0.1" },
	};
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		assert_int_equal(addr_parse(t[i].first, &a), 0);
		assert_int_equal(addr_is_loopback(&a),
		    t[i].cls == ADDR_LOOPBACK);
		if (addr_classify(&a) != t[i].cls)
			fail_msg("%s is %s", t[i].first,
			    addr_class_name(addr_classify(&a)));
		assert_int_equal(addr_parse(t[i].last, &a), 0);
		assert_int_equal(addr_is_loopback(&a),
		    t[i].cls == ADDR_LOOPBACK);
		if (addr_classify(&a) != t[i].cls)
			fail_msg("%s is %s", t[i].last,
			    addr_class_name(addr_classify(&a)));
	}
}

static void
test_only_nat64_and_6to4_embed_an_address(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "64:ff9b::192.0.2.33", "192.0.2.33" },
		{ "64:ff9b::", "0.0.0.0" },
		{ "2002:c000:0221::1", "192.0.2.33" },
		{ "2002:0a00:0001:ffff::", "10.0.0.1" },
		{ "192.0.2.33", NULL },
		{ "::1", NULL },
		{ "2001:0:c000:0221::", NULL },
		{ "64:ff9b:1::192.0.2.33", NULL },
		{ "2003:c000:0221::1", NULL },
	};
	char buf[ADDR_TEXT_SIZE];
	struct addr a, inner, zero;
	size_t i;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (i = 0; i < N_ELEMENTS(t); i++) {
		assert_int_equal(addr_parse(t[i].text, &a), 0);
		if (t[i].want == NULL) {
			assert_int_equal(addr_embedded(&a, &inner),
			    FG_ERR_NOT_FOUND);
			assert_memory_equal(&inner, &zero, sizeof(inner));
			continue;
		}
		assert_int_equal(addr_embedded(&a, &inner), 0);
		assert_string_equal(addr_text(&inner, buf), t[i].want);
	}
}

static void
test_every_class_has_its_own_name(void **state)
{
	int i, k;

	(void)state;
	assert_string_equal(addr_class_name(ADDR_NONE), "none");
	for (i = ADDR_NONE; i <= ADDR_TEREDO; i++)
		for (k = ADDR_NONE; k < i; k++)
			assert_string_not_equal(
			    addr_class_name((enum addr_class)i),
			    addr_class_name((enum addr_class)k));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_get_their_canonical_form),
		cmocka_unit_test(test_lenient_and_hostile_forms_are_refused),
		cmocka_unit_test(test_prefixes_are_parsed_and_written),
		cmocka_unit_test(test_bad_prefixes_are_refused),
		cmocka_unit_test(test_every_range_has_its_class),
		cmocka_unit_test(test_only_nat64_and_6to4_embed_an_address),
		cmocka_unit_test(test_every_class_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
