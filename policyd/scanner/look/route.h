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

/* The parts of it. The route to an address that is nobody's, of AF_INET or
 * AF_INET6: fn is called for it, or is not. */
void	route_ask(struct netlink *routes, int64_t until_ns, uint8_t family,
	    netlink_fn fn, void *arg);
/* The lines of a file below the scanner's /proc, at most so many bytes of it.
 * Returns 0 or FG_ERR_SYSTEM. */
typedef void (*route_line_fn)(char *line, void *arg);
int	route_lines(const char *name, size_t max, route_line_fn fn, void *arg);
/* The words of a line, which is changed. Returns how many. */
#define ROUTE_WORDS	11u
size_t	route_split(char *line, char *word[ROUTE_WORDS]);

/* An interface, by its name and number, is one of them. */
bool	route_has(const struct route *route, const char *name, uint32_t index);

#endif
