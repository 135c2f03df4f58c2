/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections of this machine to itself. Anybody may connect to anybody's port,
 * so that such a one says nothing yet: it counts for a tool only if it was made
 * by root, by who sits at the machine, or by the tool's own user.
 */
#ifndef FG_CALLS_H
#define FG_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/net/addr.h"
#include "policyd/scanner/look/netlink.h"

#define CALLS_MAX	256u
#define CALLS_OF_SEAT	64u
#define CALLS_OF_USER	16u	/* of one uid, neither root's nor the seat's */
#define CALLS_OF_PEOPLE	128u	/* of all of those */
#define CALLS_ADDRESSES	512u

/* The end that connected. */
struct call {
	uint32_t	 uid;
	uint16_t	 port;		/* which it is connected to */
	uint16_t	 own_port;
	struct addr	 to;
	struct addr	 from;
};

struct calls {
	size_t		 n;
	struct call	 call[CALLS_MAX];
	bool		 full;		/* root's or the seat's found no room */
	bool		 all;		/* addresses are known */
	size_t		 addresses;
	uint8_t		 address[CALLS_ADDRESSES][ADDR_SIZE]; /* sorted */
};

/* None, and the machine's own addresses as they are now. */
void	calls_begin(struct calls *calls, struct netlink *routes,
	    int64_t until_ns);

/* Whether a connection from one to another address is one to itself. */
bool	calls_is_here(const struct calls *calls, const struct addr *from,
	    const struct addr *to);

/*
 * Keep one; of several by one uid to one address and port one is kept, and
 * nobody has the room of others.
 */
void	calls_add(struct calls *calls, const struct call *call,
	    uint32_t seat_uid);

#endif
