/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numeric addresses. inet_pton(3) does the parsing because it is strict: four
 * decimal parts, no leading zeros, no short forms, nothing behind. This file
 * adds the zone, the folding of mapped addresses, and the classes.
 */
#include "policyd/net/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define SOURCE_V4_BYTES (ADDR_SIZE - 1u) /* of the mapped address */
#define SOURCE_V6_BYTES 6u

#define V4_BITS	 96u /* bits before the IPv4 address */
#define V4_BYTES 12u
#define MAX_BITS 128u

#define V4(a, b, c, d)                                               \
	{                                                            \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d \
	}

static const uint8_t v4_mapped[V4_BYTES] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
	0xff };
static const uint8_t v4_compatible[V4_BYTES];

struct class_entry {
	uint8_t b[ADDR_SIZE];
	unsigned int bits;
	enum addr_class cls;
};

/* The first entry that holds the address is its class. */
static const struct class_entry classes[] = {
	/* IPv4, iana-ipv4-special-registry */
	{ V4(0, 0, 0, 0), 96 + 8, ADDR_RESERVED },
	{ V4(10, 0, 0, 0), 96 + 8, ADDR_PRIVATE },
	{ V4(100, 64, 0, 0), 96 + 10, ADDR_CGNAT },
	{ V4(127, 0, 0, 0), 96 + 8, ADDR_LOOPBACK },
	{ V4(169, 254, 0, 0), 96 + 16, ADDR_LINK_LOCAL },
	{ V4(172, 16, 0, 0), 96 + 12, ADDR_PRIVATE },
	{ V4(192, 0, 0, 0), 96 + 24, ADDR_RESERVED },
	{ V4(192, 0, 2, 0), 96 + 24, ADDR_DOCUMENTATION },
	{ V4(192, 88, 99, 0), 96 + 24, ADDR_RESERVED },
	{ V4(192, 168, 0, 0), 96 + 16, ADDR_PRIVATE },
	{ V4(198, 18, 0, 0), 96 + 15, ADDR_RESERVED },
	{ V4(198, 51, 100, 0), 96 + 24, ADDR_DOCUMENTATION },
	{ V4(203, 0, 113, 0), 96 + 24, ADDR_DOCUMENTATION },
	{ V4(224, 0, 0, 0), 96 + 4, ADDR_MULTICAST },
	{ V4(240, 0, 0, 0), 96 + 4, ADDR_RESERVED },
	{ V4(0, 0, 0, 0), 96, ADDR_PUBLIC },
	/* IPv6, iana-ipv6-special-registry */
	{ { [15] = 1 }, 128, ADDR_LOOPBACK },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, ADDR_NAT64 },
	{ { 0x20, 0x01, 0x00, 0x00 }, 32, ADDR_TEREDO },
	{ { 0x20, 0x01, 0x00, 0x00 }, 23, ADDR_RESERVED },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, ADDR_DOCUMENTATION },
	{ { 0x20, 0x02 }, 16, ADDR_6TO4 },
	{ { 0x3f, 0xff, 0x00 }, 20, ADDR_DOCUMENTATION },
	{ { 0x20 }, 3, ADDR_PUBLIC }, { { 0xfc }, 7, ADDR_PRIVATE },
	{ { 0xfe, 0x80 }, 10, ADDR_LINK_LOCAL },
	{ { 0xff }, 8, ADDR_MULTICAST },
	/* What is not allocated as global unicast has no place. */
	{ { 0 }, 0, ADDR_RESERVED }
};

static bool
bits_equal(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int whole = bits / 8, rest = bits % 8;
	unsigned int mask = 0xff00u >> rest;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & mask & 0xffu) == 0;
}

static void
set_v4(struct addr *addr, const void *four)
{
	memcpy(addr->b, v4_mapped, V4_BYTES);
	memcpy(addr->b + V4_BYTES, four, ADDR_SIZE - V4_BYTES);
}

/*
 * ::a.b.c.d is the old "compatible" form. ::1 and other numbers below 65536
 * are no IPv4 address written so: nobody owns 0.0.0.0/16.
 */
static void
fold_compatible(struct addr *addr)
{
	uint8_t four[ADDR_SIZE - V4_BYTES];

	if (memcmp(addr->b, v4_compatible, V4_BYTES) != 0 ||
	    (addr->b[12] == 0 && addr->b[13] == 0))
		return;
	memcpy(four, addr->b + V4_BYTES, sizeof(four));
	set_v4(addr, four);
}

static int
parse_zone(const char *zone, struct addr *addr)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(zone);

	if (len == 0 || len > ADDR_ZONE_MAX || strspn(zone, good) != len ||
	    addr_classify(addr) != ADDR_LINK_LOCAL || addr_is_v4(addr))
		return FG_ERR_FORMAT;
	memcpy(addr->zone, zone, len);
	return 0;
}

static int
parse_digits(const char *digits, struct addr *addr)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, digits, &v4) == 1) {
		set_v4(addr, &v4);
		return 0;
	}
	if (inet_pton(AF_INET6, digits, addr->b) != 1)
		return FG_ERR_FORMAT;
	fold_compatible(addr);
	return 0;
}

int
addr_parse(const char *text, struct addr *ret_addr)
{
	char digits[INET6_ADDRSTRLEN];
	const char *zone = strchr(text, '%');
	size_t len = zone != NULL ? (size_t)(zone - text) : strlen(text);
	struct addr addr = { 0 };

	memset(ret_addr, 0, sizeof(*ret_addr));
	if (len >= sizeof(digits))
		return FG_ERR_FORMAT;
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (parse_digits(digits, &addr) != 0)
		return FG_ERR_FORMAT;
	if (zone != NULL && parse_zone(zone + 1, &addr) != 0)
		return FG_ERR_FORMAT;
	*ret_addr = addr;
	return 0;
}

static bool
has_host_bits(const struct addr_prefix *prefix)
{
	unsigned int i;

	for (i = prefix->bits; i < MAX_BITS; i++)
		if ((prefix->addr.b[i / 8] & (0x80u >> (i % 8))) != 0)
			return true;
	return false;
}

/* "::ffff:192.0.2.0/120" counts all 128 bits, "192.0.2.0/24" its own 32. */
static int
parse_bits(const char *text, bool dotted, unsigned int *ret_bits)
{
	unsigned int before = dotted ? V4_BITS : 0;
	uint64_t v;
	int r;

	if (text[0] == '0' && text[1] != '\0')
		return FG_ERR_FORMAT;
	if ((r = text_parse_uint(text, 0, MAX_BITS - before, &v)) != 0)
		return r;
	*ret_bits = before + (unsigned int)v;
	return 0;
}

int
addr_parse_prefix(const char *text, struct addr_prefix *ret_prefix)
{
	char digits[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	struct addr_prefix prefix = { .bits = MAX_BITS };
	int r;

	memset(ret_prefix, 0, sizeof(*ret_prefix));
	if (len >= sizeof(digits))
		return FG_ERR_FORMAT;
	memcpy(digits, text, len);
	digits[len] = '\0';
	/* A zone takes no part in comparisons: here it would be a lie. */
	if (strchr(digits, '%') != NULL ||
	    addr_parse(digits, &prefix.addr) != 0)
		return FG_ERR_FORMAT;
	if (slash != NULL &&
	    (r = parse_bits(slash + 1, strchr(digits, ':') == NULL,
		 &prefix.bits)) != 0)
		return r;
	if (has_host_bits(&prefix))
		return FG_ERR_LIMIT;
	*ret_prefix = prefix;
	return 0;
}

bool
addr_is_v4(const struct addr *addr)
{
	return memcmp(addr->b, v4_mapped, V4_BYTES) == 0;
}

bool
addr_is_loopback(const struct addr *addr)
{
	static const uint8_t one[ADDR_SIZE] = { [15] = 1 };

	return addr_is_v4(addr) ? addr->b[12] == 127 :
				  memcmp(addr->b, one, ADDR_SIZE) == 0;
}

const char *
addr_text(const struct addr *addr, char buf[ADDR_TEXT_SIZE])
{
	bool v4 = addr_is_v4(addr);
	size_t len;

	buf[0] = '\0';
	/* glibc's inet_ntop writes RFC 5952's form; a test holds it to that. */
	(void)inet_ntop(v4 ? AF_INET : AF_INET6,
	    v4 ? addr->b + V4_BYTES : addr->b, buf, ADDR_TEXT_SIZE);
	if (addr->zone[0] != '\0') {
		len = strlen(buf);
		(void)text_format(buf + len, ADDR_TEXT_SIZE - len, "%%%s",
		    addr->zone);
	}
	return buf;
}

const char *
addr_source(const struct addr *addr, char buf[ADDR_TEXT_SIZE])
{
	bool v4 = addr_is_v4(addr);
	size_t kept = v4 ? SOURCE_V4_BYTES : SOURCE_V6_BYTES;
	struct addr network = *addr;
	char text[ADDR_TEXT_SIZE];

	memset(network.b + kept, 0, ADDR_SIZE - kept);
	network.zone[0] = '\0';
	(void)text_format(buf, ADDR_TEXT_SIZE, "%s/%d",
	    addr_text(&network, text), v4 ? 24 : 48);
	return buf;
}

enum addr_class
addr_classify(const struct addr *addr)
{
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (bits_equal(addr->b, classes[i].b, classes[i].bits))
			return classes[i].cls;
	return ADDR_RESERVED;
}

const char *
addr_class_name(enum addr_class cls)
{
	switch (cls) {
	case ADDR_NONE:
		break;
	case ADDR_PUBLIC:
		return "public";
	case ADDR_PRIVATE:
		return "private";
	case ADDR_LOOPBACK:
		return "loopback";
	case ADDR_CGNAT:
		return "cgnat";
	case ADDR_LINK_LOCAL:
		return "link_local";
	case ADDR_DOCUMENTATION:
		return "documentation";
	case ADDR_MULTICAST:
		return "multicast";
	case ADDR_RESERVED:
		return "reserved";
	case ADDR_NAT64:
		return "nat64";
	case ADDR_6TO4:
		return "6to4";
	case ADDR_TEREDO:
		return "teredo";
	}
	return "none";
}

int
addr_embedded(const struct addr *addr, struct addr *ret_addr)
{
	enum addr_class cls = addr_classify(addr);

	memset(ret_addr, 0, sizeof(*ret_addr));
	if (cls == ADDR_NAT64)
		set_v4(ret_addr, addr->b + V4_BYTES);
	else if (cls == ADDR_6TO4)
		set_v4(ret_addr, addr->b + 2);
	else
		return FG_ERR_NOT_FOUND;
	return 0;
}
