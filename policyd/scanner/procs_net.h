/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP sockets of a process's network namespace, as its /proc/PID/net tells
 * them: whoever looks from another one has no other way.
 */
#ifndef FG_PROCS_NET_H
#define FG_PROCS_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCS_PORTS_MAX	   64u
#define PROCS_ESTABLISHED  1u	/* the kernel's states */
#define PROCS_LISTEN	   10u

enum procs_port_role {
	PROCS_PORT_NONE = 0,	/* after the last one */
	PROCS_PORT_OWN,		/* also where the other side has it */
	PROCS_PORT_PEER
};

struct procs_ports {
	uint16_t	 low;
	uint16_t	 high;
	uint16_t	 role;	/* enum procs_port_role */
};

struct procs_socket {
	uint8_t		 own[16];	/* as struct addr's */
	uint8_t		 peer[16];
	uint16_t	 own_port;
	uint16_t	 peer_port;
	uint32_t	 uid;
	uint8_t		 state;
	bool		 taken;	/* a process has it */
};

/*
 * Those at some ports. Returns 0, FG_ERR_SYSTEM, or FG_ERR_LIMIT: there are
 * more, or too many others. folder is the process's.
 */
int	procs_sockets(int folder, const struct procs_ports *ports,
	    struct procs_socket *buf, size_t max, size_t *ret_n);

#endif
