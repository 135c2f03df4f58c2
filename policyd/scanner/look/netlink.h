/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to the kernel and its answers: about sockets (sock_diag(7)) and
 * routes (rtnetlink(7)). Anybody may ask; what is in the answers are numbers,
 * but for names of Unix sockets.
 */
#ifndef FG_NETLINK_H
#define FG_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_BUFFER	32768u	/* as much as the kernel gives at once */

struct netlink {
	int		 fd;		/* -1: it could not be had */
	uint32_t	 seq;
	bool		 pending;	/* the last answer is not over */
	_Alignas(8) char buf[NETLINK_BUFFER];
};

/* One thing: the struct of its kind, and attributes behind it. */
typedef void (*netlink_fn)(const void *msg, size_t len, void *arg);

/*
 * Open it, for NETLINK_SOCK_DIAG or NETLINK_ROUTE: a filter may let no new one
 * be made later. Returns 0 or FG_ERR_SYSTEM.
 */
int	netlink_open(struct netlink *netlink, int protocol);
void	netlink_close(struct netlink *netlink);

/* A question of a type, and what it consists of; borrowed. */
struct netlink_request {
	uint16_t	 type;
	const void	*data;
	size_t		 len;
};

/*
 * Ask for all things that request is about, and call fn for each until then
 * (walk_now_ns()'s clock). Returns 0, FG_ERR_TIMEOUT (not all of them),
 * FG_ERR_FORMAT or FG_ERR_SYSTEM.
 */
int	netlink_dump(struct netlink *netlink,
	    const struct netlink_request *request, int64_t until_ns,
	    netlink_fn fn, void *arg);

/* The same for one; FG_ERR_NOT_FOUND if there is none. */
int	netlink_one(struct netlink *netlink,
	    const struct netlink_request *request, int64_t until_ns,
	    netlink_fn fn, void *arg);

/*
 * An attribute behind a struct of skip bytes. NULL: it is not there, or has
 * less than size bytes. ret_len (or NULL): how many.
 */
const void *netlink_attribute(const void *msg, size_t len, size_t skip,
	    uint16_t type, size_t size, size_t *ret_len);

#endif
