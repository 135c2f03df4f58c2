/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through which interfaces the machine reaches the rest of the world.
 */
#ifndef FG_ROUTE_H
#define FG_ROUTE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/look/netlink.h"

#define ROUTE_MAX	16u

struct route {
	size_t		 n;
	char		 name[ROUTE_MAX][IFNAMSIZ];	/* by the files */
	/* As the kernel decides, for IPv4 and IPv6; 0: none, or not told. */
	uint32_t	 index[2];
	bool		 failed;
};

/*
 * The default routes of the host's own network, and what the kernel answers:
 * a VPN client may have its route in a table of its own, by a rule. The two
 * halves of all addresses are a default route as well.
 */
void	route_look(struct netlink *routes, int64_t until_ns,
	    struct route *ret_route);

/* An interface, by its name and number, is one of them. */
bool	route_has(const struct route *route, const char *name, uint32_t index);

#endif
