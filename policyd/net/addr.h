/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numeric IP addresses: parsing without leniency, canonical form, class.
 * Nothing here resolves a name, and nothing uses inet_aton(3)'s short forms.
 */
#ifndef FG_ADDR_H
#define FG_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDR_SIZE	16u
#define ADDR_ZONE_MAX	31u
#define ADDR_TEXT_SIZE	80u	/* "1111:...:8888%zone" with the NUL */

/*
 * IPv4 is kept in its mapped form (::ffff:0:0/96), so that one comparison
 * serves both families. The zone of a link-local address is for the record
 * only: it takes no part in any comparison.
 */
struct addr {
	uint8_t	 b[ADDR_SIZE];		/* network order */
	char	 zone[ADDR_ZONE_MAX + 1];
};

/* A prefix: the first bits of addr.b, 0..128 (an IPv4 /24 is 120). */
struct addr_prefix {
	struct addr	 addr;		/* host bits are zero */
	unsigned int	 bits;
};

/* From the IANA special-purpose registries (RFC 6890 and its successors). */
enum addr_class {
	ADDR_NONE = 0,
	ADDR_PUBLIC,
	ADDR_PRIVATE,		/* RFC 1918, fc00::/7 */
	ADDR_LOOPBACK,
	ADDR_CGNAT,		/* 100.64.0.0/10, RFC 6598 */
	ADDR_LINK_LOCAL,
	ADDR_DOCUMENTATION,	/* RFC 5737, 3849, 9637 */
	ADDR_MULTICAST,
	ADDR_RESERVED,		/* unspecified, benchmarking, 240/4, ... */
	ADDR_NAT64,		/* 64:ff9b::/96; addr_embedded() has the IPv4 */
	ADDR_6TO4,		/* 2002::/16; addr_embedded() has the IPv4 */
	ADDR_TEREDO		/* 2001::/32; says nothing about a place */
};

/*
 * Parse a numeric address: dotted quad with four decimal parts and no leading
 * zeros, or RFC 4291 text, with "%zone" (A-Za-z0-9._-) only on link-local
 * ones. ::ffff:a.b.c.d and ::a.b.c.d become IPv4.
 * Returns 0 or FG_ERR_FORMAT; *ret_addr is zeroed on error.
 */
int	addr_parse(const char *text, struct addr *ret_addr);

/*
 * Parse "ADDRESS" or "ADDRESS/BITS". Bits set behind the prefix are an error,
 * because such a line is usually a typing mistake.
 * Returns 0, FG_ERR_FORMAT, or FG_ERR_LIMIT (bits out of range or host bits).
 */
int	addr_parse_prefix(const char *text, struct addr_prefix *ret_prefix);

bool	addr_is_v4(const struct addr *addr);
/* The same as ADDR_LOOPBACK, for who asks of each of very many. */
bool	addr_is_loopback(const struct addr *addr);

/* Canonical RFC 5952 text, with the zone. Returns buf. */
const char	*addr_text(const struct addr *addr, char buf[ADDR_TEXT_SIZE]);

/*
 * The network that counts as one source: "192.0.2.0/24", of IPv6 the /48, as
 * providers give people another address of it from day to day. Returns buf.
 */
const char	*addr_source(const struct addr *addr, char buf[ADDR_TEXT_SIZE]);

enum addr_class	addr_classify(const struct addr *addr);

/* "public", "private", ...; "none" for ADDR_NONE. Static. */
const char	*addr_class_name(enum addr_class cls);

/*
 * The IPv4 address inside a NAT64 or 6to4 address.
 * Returns 0, or FG_ERR_NOT_FOUND for any other class.
 */
int	addr_embedded(const struct addr *addr, struct addr *ret_addr);

#endif
