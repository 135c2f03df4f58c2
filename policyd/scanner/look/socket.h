/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sockets that a rule's port is about: who listens there, who is connected
 * there, who is connected to such a port elsewhere. Of several that differ in
 * nothing but their addresses and the other side one is kept.
 */
#ifndef FG_SOCKET_H
#define FG_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/net/addr.h"
#include "policyd/scanner/look/calls.h"
#include "policyd/scanner/look/extra.h"
#include "policyd/scanner/look/netlink.h"
#include "policyd/scanner/look/scan.h"

#define SOCKETS_MAX	  2048u
#define SOCKETS_SLOTS	  4096u	/* a power of two */
/* Root and units' own uids may have all of them. */
#define SOCKETS_OF_USER	  128u
#define SOCKETS_OF_SEAT	  512u
#define SOCKETS_OF_PEOPLE 1536u	/* together */

enum socket_role {
	SOCKET_NONE = 0,
	SOCKET_LISTENS,		/* .port is this machine's */
	SOCKET_TAKES,		/* established to .port of this machine, from
				 * elsewhere or by who may count (calls.h) */
	SOCKET_REACHES		/* established to .port of the other side */
};

struct socket_one {
	enum socket_role role;
	bool		 udp;
	uint16_t	 port;
	uint16_t	 peer_port;	/* TAKES: the other side's */
	struct addr	 own;		/* "::" for several */
	struct addr	 peer;		/* not of LISTENS */
	uint32_t	 uid;		/* of who made it, effective */
	uint64_t	 cgroup_id;	/* 0: not known, or the root */
	uint64_t	 net;		/* as of struct tool */
	bool		 claimed;	/* by a tool that is known */
};

struct socket_user {
	uint32_t	 uid;
	uint32_t	 n;		/* 0: the place is free */
};

struct sockets {
	size_t		 n;
	size_t		 people;	/* of neither root nor a unit */
	struct socket_one one[SOCKETS_MAX];
	uint16_t	 slot[SOCKETS_SLOTS];	/* index + 1, by what differs */
	struct socket_user user[SOCKETS_SLOTS];	/* by uid */
	struct calls	 calls;
	struct extra	 extra;
	/* Not all that count for everybody were seen: for time or for room. */
	bool		 missing;
};

/*
 * Look at all sockets until .until_ns of the scan. Sets .sockets of the
 * picture, and PICTURE_SOCKETS of .failed and .cut; what finds no room is told
 * by owner_lose(). connected: there is a tool whose connections matter; without
 * any, and without anybody who listens, they do not, and the kernel need not go
 * through all of them. routes tells the machine's own addresses.
 */
void	socket_look(struct sockets *sockets, struct netlink *diag,
	    struct netlink *routes, const struct scan *scan,
	    struct tools *tools, bool connected);

/* Keep one more, as socket_look() does with what it sees. */
void	socket_add(struct sockets *sockets, const struct socket_one *s,
	    struct picture *picture);

/* That a listener may have taken this connection, by their addresses. */
bool	socket_may_take(const struct socket_one *listens,
	    const struct socket_one *takes);

/*
 * Whose a TCP connection of this machine is, by its two ends as addresses in
 * struct addr's form; nobody has it who has not accepted it. Returns 0,
 * FG_ERR_NOT_FOUND or FG_ERR_SYSTEM.
 */
struct socket_ends {
	const uint8_t	*address;	/* 16 bytes */
	const uint8_t	*peer;
	uint16_t	 port;
	uint16_t	 peer_port;
};
int	socket_find(struct netlink *diag, const struct socket_ends *ends,
	    int64_t until_ns, uint32_t *ret_uid, uint64_t *ret_cgroup_id);

#endif
