/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A question for the way to an address that is nobody's, and one for the
 * neighbour that it leads by. Only a tunnel's way is looked up in a file.
 */
#include "policyd/scanner/look/gateway.h"

#include <sys/socket.h>

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policyd/scanner/look/route.h"
#include "policyd/scanner/place.h"
#include "policyd/text.h"

#define MAC_SIZE 6u
#define FILE_MAX 65536u /* the default route comes first */
#define FLAGS	 0x3u /* up, by a gateway */
#define RESOLVED \
	(NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

/* Where a packet goes first. */
struct hop {
	uint32_t index; /* of the interface; 0: there is none */
	uint8_t family;
	uint8_t size;
	uint8_t address[16];
	/* By the file, which has no number. */
	char name[IFNAMSIZ];
	uint64_t metric;
};

/* ---- the way ------------------------------------------------------------ */

static void
take_hop(const void *data, size_t len, void *arg)
{
	const size_t skip = sizeof(struct rtmsg);
	const void *index, *address;
	struct hop *hop = arg;

	index = netlink_attribute(data, len, skip, RTA_OIF, sizeof(hop->index),
	    NULL);
	address =
	    netlink_attribute(data, len, skip, RTA_GATEWAY, hop->size, NULL);
	if (index == NULL || address == NULL)
		return;
	memcpy(&hop->index, index, sizeof(hop->index));
	memcpy(hop->address, address, hop->size);
}

static void
ask_hop(struct netlink *routes, int64_t until_ns, uint8_t family,
    struct hop *ret_hop)
{
	memset(ret_hop, 0, sizeof(*ret_hop));
	ret_hop->family = family;
	ret_hop->size = family == AF_INET ? 4 : 16;
	route_ask(routes, until_ns, family, take_hop, ret_hop);
}

/* The first of the lowest metric that is no tunnel's half of all addresses. */
static void
take_line(char *line, void *arg)
{
	char *word[ROUTE_WORDS];
	struct hop *hop = arg;
	uint32_t flags, address;
	uint64_t metric;

	if (route_split(line, word) < 8 || strcmp(word[1], "00000000") != 0 ||
	    strcmp(word[7], "00000000") != 0 ||
	    place_parse_hex(word[2], &address) != 0 ||
	    place_parse_hex(word[3], &flags) != 0 || (flags & FLAGS) != FLAGS ||
	    text_parse_uint(word[6], 0, UINT32_MAX, &metric) != 0 ||
	    (hop->name[0] != '\0' && metric >= hop->metric) ||
	    text_copy(hop->name, sizeof(hop->name), word[0]) != 0)
		return;
	hop->metric = metric;
	memcpy(hop->address, &address, sizeof(address)); /* in host order */
}

struct link_question {
	struct ifinfomsg msg;
	struct rtattr attribute;
	char name[IFNAMSIZ];
};

static void
take_index(const void *data, size_t len, void *arg)
{
	const struct ifinfomsg *msg = data;
	uint32_t *ret_index = arg;

	if (len >= sizeof(*msg) && msg->ifi_index > 0)
		*ret_index = (uint32_t)msg->ifi_index;
}

static void
ask_index(struct netlink *routes, int64_t until_ns, struct hop *hop)
{
	struct link_question q = { .msg = { .ifi_family = AF_UNSPEC } };
	const struct netlink_request ask = { RTM_GETLINK, &q, sizeof(q) };

	q.attribute.rta_type = IFLA_IFNAME;
	q.attribute.rta_len = (unsigned short)RTA_LENGTH(sizeof(q.name));
	memcpy(q.name, hop->name, sizeof(q.name));
	(void)netlink_one(routes, &ask, until_ns, take_index, &hop->index);
}

static void
read_hop(struct netlink *routes, int64_t until_ns, struct hop *ret_hop)
{
	memset(ret_hop, 0, sizeof(*ret_hop));
	ret_hop->family = AF_INET;
	ret_hop->size = 4;
	/* Without the file there is no such way. */
	(void)route_lines("1/net/route", FILE_MAX, take_line, ret_hop);
	if (ret_hop->name[0] != '\0')
		ask_index(routes, until_ns, ret_hop);
}

/* ---- the neighbour ------------------------------------------------------ */

struct neighbour_question {
	struct ndmsg msg;
	struct rtattr attribute;
	uint8_t address[16];
};

/* What is not resolved now may be somebody else's of before. */
static void
take_mac(const void *data, size_t len, void *arg)
{
	const struct ndmsg *msg = data;
	const void *mac;
	size_t n;

	if (len < sizeof(*msg) || (msg->ndm_state & RESOLVED) == 0)
		return;
	mac = netlink_attribute(data, len, sizeof(*msg), NDA_LLADDR, MAC_SIZE,
	    &n);
	if (mac != NULL && n == MAC_SIZE)
		memcpy(arg, mac, MAC_SIZE);
}

static void
ask_mac(struct netlink *routes, int64_t until_ns, const struct hop *hop,
    uint8_t ret_mac[MAC_SIZE])
{
	struct neighbour_question q = { .msg = { .ndm_family = hop->family,
					    .ndm_ifindex = (int)hop->index } };
	struct netlink_request ask = { RTM_GETNEIGH, &q, 0 };

	q.attribute.rta_type = NDA_DST;
	q.attribute.rta_len = (unsigned short)RTA_LENGTH(hop->size);
	memcpy(q.address, hop->address, hop->size);
	ask.len = offsetof(struct neighbour_question, address) + hop->size;
	/* One that is not known is not there. */
	(void)netlink_one(routes, &ask, until_ns, take_mac, ret_mac);
}

/*
 * Beginnings of addresses that are the same in many places: those of virtual
 * routers (VRRP, RFC 9568 7.3; HSRP and GLBP, Cisco), and what VirtualBox and
 * libslirp show to each of their guests.
 */
static const struct {
	uint8_t n;
	uint8_t bytes[MAC_SIZE];
} everywhere[] = {
	{ 6, { 0, 0, 0, 0, 0, 0 } },
	{ 4, { 0x00, 0x00, 0x5e, 0x00 } },
	{ 5, { 0x00, 0x00, 0x0c, 0x07, 0xac } },
	{ 4, { 0x00, 0x00, 0x0c, 0x9f } },
	{ 4, { 0x00, 0x05, 0x73, 0xa0 } },
	{ 3, { 0x00, 0x07, 0xb4 } },
	{ 5, { 0x52, 0x54, 0x00, 0x12, 0x35 } },
	{ 2, { 0x52, 0x55 } },
};

/* A group's address is no gateway's. */
static bool
is_everywhere(const uint8_t mac[MAC_SIZE])
{
	size_t i;

	for (i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++)
		if (memcmp(mac, everywhere[i].bytes, everywhere[i].n) == 0)
			return true;
	return (mac[0] & 1u) != 0;
}

static bool
look(struct netlink *routes, int64_t until_ns, const struct hop *hop,
    uint8_t ret_mac[MAC_SIZE])
{
	memset(ret_mac, 0, MAC_SIZE);
	if (hop->index == 0)
		return false;
	ask_mac(routes, until_ns, hop, ret_mac);
	if (!is_everywhere(ret_mac))
		return true;
	memset(ret_mac, 0, MAC_SIZE);
	return false;
}

void
gateway_look(struct netlink *routes, int64_t until_ns,
    uint8_t ret_mac[MAC_SIZE])
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct hop hop;
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		ask_hop(routes, until_ns, families[i], &hop);
		if (look(routes, until_ns, &hop, ret_mac))
			return;
	}
	read_hop(routes, until_ns, &hop);
	(void)look(routes, until_ns, &hop, ret_mac); /* zero: not known */
}
