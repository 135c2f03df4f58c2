/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Permanent addresses of network cards that are built in. A dock's card cannot
 * be told from a laptop's by its address: what is on USB, or can be unplugged,
 * is left out. What is left may be no ID all the same: cards of virtual
 * machines and virtual functions of a card mostly have addresses that were made
 * up, which hwid_make() tells apart.
 */
#include <sys/socket.h>

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "policyd/device/identity_parts.h"
#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/look/netlink.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ETHERNET  "1" /* ARPHRD_ETHER, which Wi-Fi is as well */
#define PERMANENT "0" /* NET_ADDR_PERM: .address is what the card has */
#define MAC_SIZE  6u

/* What is found of one card. */
struct card {
	bool found;
	char address[IDENTITY_RAW_TEXT];
};

bool
identity_take_address(const void *msg, size_t len, char buf[IDENTITY_RAW_TEXT])
{
	const unsigned char *mac;
	size_t size;

	*buf = '\0';
	mac = netlink_attribute(msg, len, sizeof(struct ifinfomsg),
	    IFLA_PERM_ADDRESS, MAC_SIZE, &size);
	if (mac == NULL || size != MAC_SIZE)
		return false;
	(void)text_format(buf, IDENTITY_RAW_TEXT,
	    "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
	    mac[4], mac[5]);
	return true;
}

static void
take_link(const void *msg, size_t len, void *arg)
{
	struct card *card = arg;

	card->found = identity_take_address(msg, len, card->address);
}

/*
 * One question to the kernel, which has the answer ready. That there is no
 * permanent address, as a virtual machine's card has none, is no failure.
 */
static int
ask_kernel(const struct identity_reader *reader, uint64_t index,
    struct card *card)
{
	struct ifinfomsg link = { .ifi_family = AF_UNSPEC,
		.ifi_index = (int)index };
	const struct netlink_request request = {
		.type = RTM_GETLINK, .data = &link, .len = sizeof(link)
	};
	struct netlink netlink;
	int r;

	if ((r = netlink_open(&netlink, NETLINK_ROUTE)) != 0)
		return r;
	r = netlink_one(&netlink, &request, reader->until_ns, take_link, card);
	netlink_close(&netlink);
	if ((r == 0 && !card->found) || (r == FG_ERR_SYSTEM && errno == ENODEV))
		return FG_ERR_NOT_FOUND;
	return r;
}

/* NetworkManager gives Wi-Fi cards made-up addresses, for one. */
static int
read_address(const struct identity_reader *reader, int folder,
    char buf[IDENTITY_RAW_TEXT])
{
	struct card card = { .found = false };
	uint64_t index;
	int r;

	if (identity_is(folder, "addr_assign_type", PERMANENT))
		return identity_text(folder, "address", buf);
	if ((r = identity_text(folder, "ifindex", buf)) != 0)
		return r;
	if ((r = text_parse_uint(buf, 1, INT32_MAX, &index)) != 0 ||
	    (r = ask_kernel(reader, index, &card)) != 0)
		return r;
	memcpy(buf, card.address, sizeof(card.address));
	return 0;
}

/* Bridges, tunnels and the like have no device. */
static bool
is_built_in(int net, const char *name, int folder)
{
	int device;

	if (!identity_is_inside(net, name) ||
	    !identity_is(folder, "type", ETHERNET) ||
	    (device = sys_open_folder(folder, "device")) == -1)
		return false;
	(void)close(device); /* was only looked for */
	return !identity_is_removable(folder);
}

static void
read_card(const struct identity_reader *reader, int net, const char *name)
{
	int folder = sys_open_folder(net, name), r;
	char text[IDENTITY_RAW_TEXT];

	if (folder == -1)
		return; /* it has gone, or is a file of the bonding driver */
	if (is_built_in(net, name, folder)) {
		r = read_address(reader, folder, text);
		identity_note(reader->bytes, HWID_MAC, r);
		if (r == 0)
			identity_add(reader->bytes, HWID_MAC, name, text);
	}
	(void)close(folder); /* was only read */
}

void
identity_read_nics(struct identity_reader *reader)
{
	struct sys_list list;
	const char *name;

	if (sys_list_open(&list, reader->sys, "class/net", reader->until_ns) !=
	    0) {
		if (errno != ENOENT)
			identity_note(reader->bytes, HWID_MAC, FG_ERR_SYSTEM);
		return;
	}
	while ((name = sys_list_next(&list)) != NULL)
		read_card(reader, list.fd, name);
	if (list.cut)
		identity_note(reader->bytes, HWID_MAC, FG_ERR_TIMEOUT);
	sys_list_close(&list);
}
