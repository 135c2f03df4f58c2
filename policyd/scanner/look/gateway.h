/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By whom the machine reaches the rest of the world: the MAC address of its
 * default gateway, which is a place's, and no machine's own.
 */
#ifndef FG_GATEWAY_H
#define FG_GATEWAY_H

#include <stdint.h>

#include "policyd/scanner/look/netlink.h"

/*
 * As the kernel routes, and where that is into a tunnel by the default route
 * behind it. Zero: there is none, it is not known now, or it is one that many
 * places have, as virtual routers do.
 */
void	gateway_look(struct netlink *routes, int64_t until_ns,
	    uint8_t ret_mac[6]);

#endif
