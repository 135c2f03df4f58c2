/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By addresses it is told whether a connection is one to this machine itself:
 * who makes it chooses any of those that the machine has.
 */
#include "policyd/scanner/look/calls.h"

#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

/* ---- The machine's addresses -------------------------------------------- */

static void
take_address(const void *data, size_t len, void *arg)
{
	const struct ifaddrmsg *msg = data;
	size_t size = ADDR_SIZE, head = sizeof(*msg);
	struct calls *calls = arg;
	const void *bytes;
	uint8_t *address;

	if (len < head || calls->addresses == CALLS_ADDRESSES)
		return;
	if (msg->ifa_family == AF_INET)
		size = 4;
	else if (msg->ifa_family != AF_INET6)
		return;
	/* Of a link between two the other one has the other end's. */
	bytes = netlink_attribute(data, len, head, IFA_LOCAL, size, NULL);
	if (bytes == NULL)
		bytes =
		    netlink_attribute(data, len, head, IFA_ADDRESS, size, NULL);
	if (bytes == NULL)
		return;
	address = calls->address[calls->addresses++];
	memset(address, 0, ADDR_SIZE);
	if (size == 4)
		address[10] = address[11] = 0xff;
	memcpy(address + ADDR_SIZE - size, bytes, size);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, ADDR_SIZE);
}

void
calls_begin(struct calls *calls, struct netlink *routes, int64_t until_ns)
{
	const struct ifaddrmsg msg = { .ifa_family = AF_UNSPEC };
	const struct netlink_request ask = { RTM_GETADDR, &msg, sizeof(msg) };

	calls->n = 0;
	calls->full = false;
	calls->addresses = 0;
	/* Without an answer those of the loopback and equal ones are told. */
	calls->all =
	    netlink_dump(routes, &ask, until_ns, take_address, calls) == 0;
	qsort(calls->address, calls->addresses, ADDR_SIZE, compare);
}

static bool
is_own(const struct calls *calls, const struct addr *addr)
{
	return bsearch(addr->b, calls->address, calls->addresses, ADDR_SIZE,
		   compare) != NULL;
}

bool
calls_is_here(const struct calls *calls, const struct addr *from,
    const struct addr *to)
{
	return addr_is_loopback(from) || addr_is_loopback(to) ||
	    memcmp(from->b, to->b, ADDR_SIZE) == 0 ||
	    (is_own(calls, from) && is_own(calls, to));
}

/* ---- Calls -------------------------------------------------------------- */

static bool
is_same(const struct call *a, const struct call *b)
{
	return a->uid == b->uid && a->port == b->port &&
	    memcmp(a->to.b, b->to.b, ADDR_SIZE) == 0;
}

struct calls_count {
	size_t own; /* of the same uid */
	size_t people; /* of all but root and the seat */
};

/* False: it is there already. */
static bool
count(const struct calls *calls, const struct call *call, uint32_t seat_uid,
    struct calls_count *ret_count)
{
	const struct call *c;
	size_t i;

	*ret_count = (struct calls_count){ 0, 0 };
	for (i = 0; i < calls->n; i++) {
		c = &calls->call[i];
		if (is_same(c, call))
			return false;
		ret_count->own += c->uid == call->uid;
		ret_count->people += c->uid != 0 && c->uid != seat_uid;
	}
	return true;
}

void
calls_add(struct calls *calls, const struct call *call, uint32_t seat_uid)
{
	struct calls_count n;
	bool room;

	if (!count(calls, call, seat_uid, &n))
		return;
	room = calls->n < CALLS_MAX;
	if (call->uid == seat_uid)
		room = room && n.own < CALLS_OF_SEAT;
	else if (call->uid != 0)
		room =
		    room && n.own < CALLS_OF_USER && n.people < CALLS_OF_PEOPLE;
	if (room)
		calls->call[calls->n++] = *call;
	else if (call->uid == 0 || call->uid == seat_uid)
		calls->full = true;
}
